//! The GDELT 2.0 event table (codebook "GDELT-Event Codebook V2.0"): 61 tab-separated columns without a header,
//! for those who import into existing tools. `docs/exports.md` says what each column holds.

use std::io::Write;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use entente_messages::{Actor, Event, EventPlace};

use super::{EventSink, ExportError};

/// The columns, in order, under GDELT's names.
pub const COLUMNS: [&str; 61] = [
    "GlobalEventID",
    "Day",
    "MonthYear",
    "Year",
    "FractionDate",
    "Actor1Code",
    "Actor1Name",
    "Actor1CountryCode",
    "Actor1KnownGroupCode",
    "Actor1EthnicCode",
    "Actor1Religion1Code",
    "Actor1Religion2Code",
    "Actor1Type1Code",
    "Actor1Type2Code",
    "Actor1Type3Code",
    "Actor2Code",
    "Actor2Name",
    "Actor2CountryCode",
    "Actor2KnownGroupCode",
    "Actor2EthnicCode",
    "Actor2Religion1Code",
    "Actor2Religion2Code",
    "Actor2Type1Code",
    "Actor2Type2Code",
    "Actor2Type3Code",
    "IsRootEvent",
    "EventCode",
    "EventBaseCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "NumSources",
    "NumArticles",
    "AvgTone",
    "Actor1Geo_Type",
    "Actor1Geo_Fullname",
    "Actor1Geo_CountryCode",
    "Actor1Geo_ADM1Code",
    "Actor1Geo_ADM2Code",
    "Actor1Geo_Lat",
    "Actor1Geo_Long",
    "Actor1Geo_FeatureID",
    "Actor2Geo_Type",
    "Actor2Geo_Fullname",
    "Actor2Geo_CountryCode",
    "Actor2Geo_ADM1Code",
    "Actor2Geo_ADM2Code",
    "Actor2Geo_Lat",
    "Actor2Geo_Long",
    "Actor2Geo_FeatureID",
    "ActionGeo_Type",
    "ActionGeo_Fullname",
    "ActionGeo_CountryCode",
    "ActionGeo_ADM1Code",
    "ActionGeo_ADM2Code",
    "ActionGeo_Lat",
    "ActionGeo_Long",
    "ActionGeo_FeatureID",
    "DATEADDED",
    "SOURCEURL",
];

/// Codes that GDELT calls known groups rather than countries.
const KNOWN_GROUPS: [&str; 7] = ["UNO", "NATO", "EUR", "ASN", "AFU", "OPC", "IGO"];

pub(super) struct Gdelt<W: Write>(csv::Writer<W>);

impl<W: Write> Gdelt<W> {
    pub(super) fn new(out: W) -> Self {
        // GDELT quotes nothing; fields are stripped of tabs and line breaks instead.
        let mut writer = csv::WriterBuilder::new();
        writer.delimiter(b'\t').quote_style(csv::QuoteStyle::Never).has_headers(false);
        Self(writer.from_writer(out))
    }
}

impl<W: Write> EventSink for Gdelt<W> {
    fn write(&mut self, event: &Event) -> Result<(), ExportError> {
        Ok(self.0.write_record(record(event))?)
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        Ok(self.0.flush()?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.0.flush()?)
    }
}

/// The 61 fields of one event.
#[must_use]
pub fn record(event: &Event) -> Vec<String> {
    let mut fields = vec![event_number(&event.id)];
    fields.extend(day(event));
    fields.extend(actor(&event.source));
    fields.extend(actor(&event.target));
    let cameo = &event.cameo;
    fields.extend([
        // GDELT's "root event": told in the lead of the article, where importance is highest.
        u8::from(event.sentence.index <= 1).to_string(),
        cameo.clone(),
        cameo.chars().take(3).collect(),
        cameo.chars().take(2).collect(),
        event.quad_class.number().to_string(),
        format!("{:.1}", event.goldstein),
        "1".to_owned(),
        "1".to_owned(),
        "1".to_owned(),
        format!("{:.3}", event.tone),
    ]);
    fields.extend(actor_geo(&event.source));
    fields.extend(actor_geo(&event.target));
    fields.extend(place(event.place.as_ref()));
    fields.push(event.article.published_at.map_or_else(String::new, |time| stamp(time, "%Y%m%d%H%M%S")));
    fields.push(event.article.url.clone().unwrap_or_default());
    for field in &mut fields {
        if field.contains(['\t', '\n', '\r']) {
            *field = field.split_whitespace().collect::<Vec<_>>().join(" ");
        }
    }
    fields
}

/// GDELT wants a number: the first 63 bits of the SHA-256 of the event's id, stable over re-runs.
fn event_number(id: &str) -> String {
    let digest = Sha256::digest(id.as_bytes());
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    (number >> 1).to_string()
}

fn stamp(time: Timestamp, format: &str) -> String {
    time.strftime(format).to_string()
}

/// Day, month, year and fraction of the year. A month or year without a day is its first day, as in GDELT.
fn day(event: &Event) -> [String; 4] {
    let resolved = event.date.as_ref().map(|date| date.value.clone());
    let published = || event.article.published_at.map(|time| stamp(time, "%Y-%m-%d"));
    let Some(value) = resolved.or_else(published) else { return [const { String::new() }; 4] };
    let mut parts = value.split('-').map(|part| part.parse::<i16>().unwrap_or(1));
    let mut next = || parts.next().unwrap_or(1);
    let (year, month, day) = (next(), next(), next());
    let Ok(date) = jiff::civil::Date::new(year, month.try_into().unwrap_or(1), day.try_into().unwrap_or(1))
    else {
        return [const { String::new() }; 4];
    };
    // The codebook's own formula: (MONTH * 30 + DAY) / 365.
    let fraction = f64::from(year) + (f64::from(date.month()) * 30.0 + f64::from(date.day())) / 365.0;
    [
        date.strftime("%Y%m%d").to_string(),
        date.strftime("%Y%m").to_string(),
        year.to_string(),
        format!("{fraction:.4}"),
    ]
}

fn actor(actor: &Actor) -> [String; 10] {
    let country = actor.country.clone().unwrap_or_default();
    let is_group = KNOWN_GROUPS.contains(&country.as_str());
    let empty = String::new;
    [
        actor.code.clone().unwrap_or_default(),
        actor.name.to_uppercase(),
        if is_group { empty() } else { country.clone() },
        if is_group { country } else { empty() },
        empty(),
        empty(),
        empty(),
        actor.sector.clone().unwrap_or_default(),
        empty(),
        empty(),
    ]
}

/// Actors carry a country, no point on the map: GDELT's type 1 (country) without coordinates.
fn actor_geo(actor: &Actor) -> [String; 8] {
    let mut fields = [const { String::new() }; 8];
    "0".clone_into(&mut fields[0]);
    if let Some(country) = actor.country.as_ref().filter(|code| !KNOWN_GROUPS.contains(&code.as_str())) {
        "1".clone_into(&mut fields[0]);
        fields[2].clone_from(country);
    }
    fields
}

/// Types of the codebook: 1 country, 4 city of the world, 5 state or province of the world, 0 nowhere.
fn place(place: Option<&EventPlace>) -> [String; 8] {
    let mut fields = [const { String::new() }; 8];
    let Some(place) = place else {
        "0".clone_into(&mut fields[0]);
        return fields;
    };
    fields[0] = match place.precision.as_str() {
        "city" => "4",
        "admin" => "5",
        _ => "1",
    }
    .to_owned();
    fields[1].clone_from(&place.name);
    fields[2] = place.country.clone().unwrap_or_default();
    fields[5] = place.lat.map_or_else(String::new, |degrees| degrees.to_string());
    fields[6] = place.lon.map_or_else(String::new, |degrees| degrees.to_string());
    fields[7] = place.geonames_id.map_or_else(String::new, |id| id.to_string());
    fields
}
