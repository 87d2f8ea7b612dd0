//! The flat table: one declaration, from which the CSV header and the Parquet schema both come.

use parquet_derive::ParquetRecordWriter;
use serde::Serialize;

use entente_messages::{Actor, Event};

/// A published event as one row. Columns keep the names of the event's fields, joined by `_`.
#[derive(Clone, Debug, PartialEq, Serialize, ParquetRecordWriter)]
#[allow(missing_docs, reason = "each column is the event's field of that name; see docs/messages")]
pub struct Row {
    pub id: String,
    pub article_id: String,
    pub article_url: Option<String>,
    pub article_source: Option<String>,
    pub article_title: String,
    /// RFC 3339.
    pub article_published_at: Option<String>,
    pub article_language: Option<String>,
    pub sentence_index: i32,
    /// `title` or `body`: the field that the offsets count in.
    pub sentence_part: String,
    pub sentence_start: i32,
    pub sentence_end: i32,
    pub sentence: String,
    pub trigger: String,
    pub source_text: String,
    pub source_name: String,
    pub source_country: Option<String>,
    pub source_sector: Option<String>,
    pub source_role: Option<String>,
    pub source_code: Option<String>,
    pub target_text: String,
    pub target_name: String,
    pub target_country: Option<String>,
    pub target_sector: Option<String>,
    pub target_role: Option<String>,
    pub target_code: Option<String>,
    pub root: String,
    pub mode: Option<String>,
    /// Joined by `;`.
    pub contexts: String,
    pub cameo: String,
    /// 1 to 4, as GDELT numbers them.
    pub quad_class: i32,
    pub goldstein: f32,
    pub modality: String,
    pub symmetric: bool,
    pub attribution: Option<String>,
    pub attribution_country: Option<String>,
    pub date: Option<String>,
    pub date_precision: Option<String>,
    pub date_text: Option<String>,
    pub place_name: Option<String>,
    pub place_country: Option<String>,
    pub place_lat: Option<f64>,
    pub place_lon: Option<f64>,
    pub place_geonames_id: Option<i64>,
    pub place_precision: Option<String>,
    pub confidence: f32,
    pub tone: f32,
}

impl From<&Event> for Row {
    fn from(event: &Event) -> Self {
        let Event { article, sentence, source, target, date, place, .. } = event;
        let Actor { text: source_text, name: source_name, .. } = source.clone();
        let Actor { text: target_text, name: target_name, .. } = target.clone();
        Self {
            id: event.id.clone(),
            article_id: article.id.clone(),
            article_url: article.url.clone(),
            article_source: article.source.clone(),
            article_title: article.title.clone(),
            article_published_at: article.published_at.map(|time| time.to_string()),
            article_language: article.language.clone(),
            sentence_index: number(sentence.index),
            sentence_part: json_name(&sentence.span.part),
            sentence_start: number(sentence.span.start),
            sentence_end: number(sentence.span.end),
            sentence: sentence.text.clone(),
            trigger: event.trigger.text.clone(),
            source_text,
            source_name,
            source_country: source.country.clone(),
            source_sector: source.sector.clone(),
            source_role: source.role.clone(),
            source_code: source.code.clone(),
            target_text,
            target_name,
            target_country: target.country.clone(),
            target_sector: target.sector.clone(),
            target_role: target.role.clone(),
            target_code: target.code.clone(),
            root: event.root.to_string(),
            mode: event.mode.clone(),
            contexts: event.contexts.join(";"),
            cameo: event.cameo.clone(),
            quad_class: event.quad_class.number().into(),
            goldstein: event.goldstein,
            modality: json_name(&event.modality),
            symmetric: event.symmetric,
            attribution: event.attribution.as_ref().map(|by| by.name.clone().unwrap_or(by.text.clone())),
            attribution_country: event.attribution.as_ref().and_then(|by| by.country.clone()),
            date: date.as_ref().map(|date| date.value.clone()),
            date_precision: date.as_ref().map(|date| date.precision.clone()),
            date_text: date.as_ref().and_then(|date| date.text.clone()),
            place_name: place.as_ref().map(|place| place.name.clone()),
            place_country: place.as_ref().and_then(|place| place.country.clone()),
            place_lat: place.as_ref().and_then(|place| place.lat),
            place_lon: place.as_ref().and_then(|place| place.lon),
            place_geonames_id: place.as_ref().and_then(|place| place.geonames_id).map(i64::from),
            place_precision: place.as_ref().map(|place| place.precision.clone()),
            confidence: event.confidence,
            tone: event.tone,
        }
    }
}

/// Parquet and most readers of tables know no unsigned numbers; no article is longer than `i32::MAX`.
fn number(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// The name that an enum has in the published JSON, so that table and stream say the same.
pub(super) fn json_name<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
