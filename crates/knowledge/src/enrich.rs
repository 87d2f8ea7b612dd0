//! From coded events to published ones: who, when, where, and how friendly. One pure function.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use entente_messages::event::{
    ArticleRef, EventDate, EventPlace, Provenance, SCHEMA_VERSION, SentenceRef, TriggerRef,
};
use entente_messages::{
    Actor, Article, CharSpan, CodedActor, CodedArticle, CodedEvent, Event, Modality, Part,
};
use entente_ontology::{CameoCode, CountryCode, Sector, goldstein};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use crate::actor::Reading;
use crate::dateline::{self, Dateline};
use crate::knowledge::Knowledge;
use crate::memory::Memory;
use crate::place::{Place, PlaceContext, Places, count_countries};
use crate::time::{Context, Direction, Expression, Lead, Resolved, Shift, TimeSpan, find};
use crate::{contexts, setting, tone};

/// Resolves actors, dates and places of a coded article and completes each event. Pure and deterministic: the same input
/// gives the same events with the same ids.
#[must_use]
pub fn enrich(coded: &CodedArticle) -> Vec<Event> {
    enrich_with(coded, &Memory::default())
}

/// [`enrich`] with what earlier articles taught of people.
#[must_use]
pub fn enrich_with(coded: &CodedArticle, memory: &Memory) -> Vec<Event> {
    let article = Enricher::new(coded, memory);
    let mut reference = None;
    coded.events.iter().map(|event| article.event(event, &mut reference)).collect()
}

struct Enricher<'a> {
    article: &'a Article,
    coder: &'a str,
    memory: &'a Memory,
    published: Option<Date>,
    places: PlaceContext,
    tone: f32,
}

impl<'a> Enricher<'a> {
    fn new(coded: &'a CodedArticle, memory: &'a Memory) -> Self {
        let article = &coded.article;
        let published = article.published_at.map(|stamp| TimeZone::UTC.to_datetime(stamp).date());
        let set_apart = article
            .dateline
            .as_deref()
            .map(|line| format!("{} - ", line.trim_end_matches([' ', '-', '–', '—'])));
        let dateline = dateline::read(set_apart.as_deref().unwrap_or(&article.body), published);
        // The dateline is the outlet's own day; the stamp may be that of a syndicate on the other side of midnight.
        let published = dateline.as_ref().and_then(|dateline| dateline.date).or(published);
        let tone = tone::tone(&article.body);
        Self {
            article,
            coder: &coded.coder_version,
            memory,
            published,
            places: place_context(coded, dateline.as_ref()),
            tone,
        }
    }

    fn event(&self, event: &CodedEvent, reference: &mut Option<Resolved>) -> Event {
        let sentence = self.words(event.sentence);
        let date = self.date(event, sentence, reference);
        let mut contexts = event.contexts.clone();
        let code = event.cameo.parse::<CameoCode>();
        if let Ok(code) = &code {
            contexts.extend(code.entry().contexts.iter().map(|context| (*context).to_owned()));
        }
        contexts::add(sentence, &mut contexts);
        contexts.sort();
        contexts.dedup();
        let mode = event.mode.clone().or_else(|| {
            let entry = code.as_ref().ok()?.entry();
            (entry.root == event.root).then_some(entry.mode)?.map(str::to_owned)
        });
        Event {
            id: id(self.article, event),
            schema_version: SCHEMA_VERSION,
            article: article_ref(self.article),
            sentence: SentenceRef {
                text: sentence.to_owned(),
                index: event.sentence_index,
                span: event.sentence,
            },
            source: self.actor(&event.source),
            target: self.actor(&event.target),
            root: event.root,
            goldstein: goldstein(event.root, mode.as_deref()),
            mode,
            contexts,
            cameo: event.cameo.clone(),
            quad_class: event.root.quad_class(),
            modality: event.modality,
            symmetric: event.symmetric,
            attribution: event.attribution.clone(),
            date,
            place: self.place(event, sentence),
            trigger: TriggerRef { text: self.words(event.trigger).to_owned(), span: event.trigger },
            confidence: event.confidence,
            tone: self.tone,
            provenance: Provenance {
                coder: self.coder.to_owned(),
                knowledge: Knowledge::shared().version().to_owned(),
            },
        }
    }

    fn words(&self, span: CharSpan) -> &'a str {
        span.slice(&self.article.title, &self.article.body).unwrap_or("")
    }

    /// What the coder left open is filled from the tables, then from memory; who left office is no longer government.
    fn actor(&self, coded: &CodedActor) -> Actor {
        let knowledge = Knowledge::shared();
        let read = |text: &str| knowledge.read_actor(text, self.published);
        let reading =
            read(&coded.name).or_else(|| (coded.name != coded.text).then(|| read(&coded.text)).flatten());
        let mut actor = Actor {
            text: coded.text.clone(),
            span: coded.span,
            name: if coded.name.is_empty() { coded.text.clone() } else { coded.name.clone() },
            country: coded.country.clone(),
            sector: coded.sector.clone(),
            role: coded.role.clone(),
            code: None,
            resolution: coded.resolution.clone(),
            confidence: coded.confidence,
        };
        if let Some(reading) = reading {
            fill(&mut actor, &reading, self.published);
        }
        self.memory.fill(&mut actor);
        actor.code = code(&actor);
        actor
    }

    fn date(
        &self,
        event: &CodedEvent,
        sentence: &str,
        reference: &mut Option<Resolved>,
    ) -> Option<EventDate> {
        let published = self.published?;
        let direction = if event.modality == Modality::Planned { Direction::Future } else { Direction::Past };
        let context = Context { published, reference: *reference, direction };
        let span = match event.date_text {
            Some(words) => self.span_in(event, words, sentence).and_then(|at| time_at(sentence, &at)),
            None => self
                .span_in(event, event.trigger, sentence)
                .and_then(|trigger| setting::time_of(sentence, &trigger)),
        };
        let found = span.and_then(|span| {
            Some((resolve_span(span, sentence, &context)?, sentence.get(span.start..span.end)?.to_owned()))
        });
        if let Some((resolved, words)) = found {
            *reference = Some(resolved);
            return Some(EventDate {
                value: resolved.value(),
                precision: resolved.precision.name().to_owned(),
                text: Some(words),
            });
        }
        Some(EventDate { value: published.to_string(), precision: "publication".to_owned(), text: None })
    }

    /// Where words of the article stand in the sentence, in bytes.
    fn span_in(&self, event: &CodedEvent, words: CharSpan, sentence: &str) -> Option<Range<usize>> {
        let offset = words.start.checked_sub(event.sentence.start)? as usize;
        let start = sentence.char_indices().nth(offset)?.0;
        let end = start + self.words(words).len();
        (words.part == event.sentence.part && end <= sentence.len()).then_some(start..end)
    }

    fn place(&self, event: &CodedEvent, sentence: &str) -> Option<EventPlace> {
        let Some(span) = event.place_text else {
            let trigger = self.span_in(event, event.trigger, sentence)?;
            let (_, place) = setting::place_of(sentence, &trigger, &self.places)?;
            return Some(published_place(&place));
        };
        let words = self.words(span).trim();
        let place = Places::shared().resolve(words, &self.places);
        // A place too small for the tables keeps its name, in the country that the article is about.
        place.map(|place| published_place(&place)).or_else(|| self.unknown_place(words))
    }

    fn unknown_place(&self, name: &str) -> Option<EventPlace> {
        let country = self.places.dateline.or_else(|| self.places.main_country());
        (!name.is_empty()).then(|| EventPlace {
            name: name.to_owned(),
            country: country.map(|code| code.as_str().to_owned()),
            lat: None,
            lon: None,
            geonames_id: None,
            precision: if country.is_some() { "country" } else { "unknown" }.to_owned(),
        })
    }
}

/// "from Monday" looks ahead unless the sentence looks back on it ("had suspended its raids from Monday").
fn direction_of(span: TimeSpan, sentence: &str, direction: Direction) -> Direction {
    let day = matches!(span.expression, Expression::Weekday { shift: Shift::Open, .. });
    let past = sentence.get(..span.start).is_some_and(|before| before.contains(" had "));
    if span.lead == Lead::From && day && !past { Direction::Future } else { direction }
}

fn published_place(place: &Place) -> EventPlace {
    let degrees = |value: f32| value.is_finite().then(|| (f64::from(value) * 1000.0).round() / 1000.0);
    EventPlace {
        name: place.name.to_owned(),
        country: place.country.map(|code| code.as_str().to_owned()),
        lat: degrees(place.lat),
        lon: degrees(place.lon),
        geonames_id: (place.geonames_id > 0).then_some(place.geonames_id),
        precision: place.precision.name().to_owned(),
    }
}

fn fill(actor: &mut Actor, reading: &Reading, on: Option<Date>) {
    if actor.country.is_none() && reading.confidence >= 0.7 {
        actor.country = reading.country.map(|code| code.as_str().to_owned());
        if actor.country.is_some() {
            reading.resolution.clone_into(&mut actor.resolution);
            actor.confidence = actor.confidence.max(reading.confidence);
        }
    }
    if let Some(id) = reading.person
        && on.is_some()
        && actor.country.as_deref() == reading.country.as_ref().map(CountryCode::as_str)
    {
        let holder = Knowledge::shared().holder(id, on);
        // Somebody out of office that day stands where the codebook puts former officials, whatever the title.
        if holder.sector == Sector::Eli || actor.sector.is_none() {
            actor.sector = Some(holder.sector.name().to_owned());
        }
        holder.person.name.clone_into(&mut actor.name);
    }
    if actor.sector.is_none() {
        actor.sector = reading.sector.map(|sector| sector.name().to_owned());
    }
    if actor.role.is_none() {
        actor.role = reading.role.map(|role| role.phrase.to_owned());
    }
}

/// The composed code of CAMEO tools: country, then sector under CAMEO's names (`MED` media, `HLH` health).
fn code(actor: &Actor) -> Option<String> {
    let country = actor.country.as_deref()?;
    let sector = match actor.sector.as_deref() {
        Some("JRN") => "MED",
        Some("MED") => "HLH",
        Some("SOC") => "CVL",
        Some("PRM") => "MIL",
        Some(other) => other,
        None => "",
    };
    Some(format!("{country}{sector}"))
}

/// The time expression at a place of the sentence: its neighbours ("in 2012") tell that the words are one.
fn time_at(sentence: &str, at: &Range<usize>) -> Option<TimeSpan> {
    let inside = |span: &TimeSpan| span.start < at.end && span.end > at.start;
    find(sentence).into_iter().find(inside)
}

/// Resolves an expression in its sentence; one that counts from another date of the sentence ("on Friday, two days after
/// a raid") is set against that one.
fn resolve_span(span: TimeSpan, sentence: &str, context: &Context) -> Option<Resolved> {
    let Expression::Offset { unit, by, forward } = span.expression else {
        return span
            .resolve(&Context { direction: direction_of(span, sentence, context.direction), ..*context });
    };
    // The date that stands nearest before the words counts; one that follows only where none goes before.
    let others = find(sentence);
    let main = others
        .iter()
        .filter(|other| !matches!(other.expression, Expression::Offset { .. } | Expression::Same(_)))
        .min_by_key(|other| (other.start > span.start, other.start.abs_diff(span.start)))
        .and_then(|other| other.resolve(context));
    let reference = main.or(context.reference).unwrap_or(Resolved::day(context.published));
    // "X happened on Friday, two days after Y": Y lies two days before Friday.
    let by = if forward && main.is_some() { -by } else { by };
    let counted = TimeSpan { expression: Expression::Offset { unit, by, forward }, ..span };
    counted.resolve(&Context { reference: Some(reference), ..*context })
}

/// Which countries the article speaks of: actors of its events first, then every name in the text.
fn place_context(coded: &CodedArticle, dateline: Option<&Dateline>) -> PlaceContext {
    let mut counts: BTreeMap<CountryCode, f32> = BTreeMap::new();
    for event in &coded.events {
        for actor in [&event.source, &event.target] {
            if let Some(code) = actor.country.as_deref().and_then(|code| code.parse::<CountryCode>().ok())
                && !code.is_organisation()
            {
                *counts.entry(code).or_default() += 1.0;
            }
        }
    }
    count_countries(&coded.article.title, &mut counts);
    count_countries(&coded.article.body, &mut counts);
    PlaceContext {
        dateline: dateline.and_then(|dateline| dateline.country),
        dateline_area: dateline.and_then(|dateline| dateline.area),
        ..PlaceContext::from_counts(counts)
    }
}

fn article_ref(article: &Article) -> ArticleRef {
    ArticleRef {
        id: article.id.clone(),
        url: article.url.clone(),
        source: article.source.clone(),
        title: article.title.clone(),
        published_at: article.published_at,
        language: article.language.clone(),
    }
}

/// First 16 bytes of SHA-256 over article id, place in the text and coding, in hexadecimal.
fn id(article: &Article, event: &CodedEvent) -> String {
    let mut hash = Sha256::new();
    hash.update(article.id.as_bytes());
    hash.update([0]);
    for span in [event.sentence, event.trigger, event.source.span, event.target.span] {
        hash.update([u8::from(span.part == Part::Title)]);
        hash.update(span.start.to_le_bytes());
        hash.update(span.end.to_le_bytes());
    }
    for text in [event.root.name(), &event.cameo, &event.source.name, &event.target.name] {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.update([event.modality as u8]);
    hash.finalize().iter().take(16).fold(String::with_capacity(32), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
