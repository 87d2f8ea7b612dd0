//! The whole function: a coded article in, published events out.

use entente_knowledge::{Memory, enrich, enrich_with};
use entente_messages::{Article, CharSpan, CodedActor, CodedArticle, CodedEvent, Modality, Part};
use entente_ontology::Root;

const BODY: &str = "NAIROBI, March 5 (Wire) - Kenya expelled a Ruritanian envoy on Monday, two days after a raid in Mombasa. In 2011 \
    Yoon Suk Yeol praised Kenya.";

fn span(words: &str) -> CharSpan {
    let at = BODY.find(words).unwrap();
    CharSpan {
        part: Part::Body,
        start: u32::try_from(at).unwrap(),
        end: u32::try_from(at + words.len()).unwrap(),
    }
}

fn actor(words: &str, country: Option<&str>) -> CodedActor {
    CodedActor {
        text: words.into(),
        span: span(words),
        name: words.into(),
        country: country.map(str::to_owned),
        resolution: "name".into(),
        confidence: 0.9,
        ..CodedActor::default()
    }
}

fn event(root: Root, cameo: &str, trigger: &str, sentence: &str, actors: [CodedActor; 2]) -> CodedEvent {
    let [source, target] = actors;
    CodedEvent {
        root,
        mode: None,
        contexts: Vec::new(),
        cameo: cameo.into(),
        modality: Modality::Actual,
        confidence: 0.8,
        symmetric: false,
        source,
        target,
        attribution: None,
        sentence_index: 0,
        sentence: span(sentence),
        trigger: span(trigger),
        date_text: None,
        place_text: None,
    }
}

fn coded() -> CodedArticle {
    let (first, second) = BODY.split_once(" In 2011").unwrap();
    let second = format!("In 2011{second}");
    let envoy = || actor("Ruritanian envoy", None);
    let expelled = event(Root::Sanction, "161", "expelled", first, [actor("Kenya", Some("KEN")), envoy()]);
    let mut raid = event(Root::Coerce, "171", "raid", first, [actor("Kenya", Some("KEN")), envoy()]);
    raid.date_text = Some(span("two days after"));
    raid.place_text = Some(span("Mombasa"));
    let praise = event(
        Root::Support,
        "051",
        "praised",
        &second,
        [actor("Yoon Suk Yeol", None), actor("Kenya", Some("KEN"))],
    );
    CodedArticle {
        article: Article {
            id: "a1".into(),
            title: String::new(),
            body: BODY.into(),
            published_at: Some("2026-03-06T02:00:00Z".parse().unwrap()),
            url: None,
            source: None,
            language: None,
            byline: None,
            dateline: None,
            copy_of: None,
        },
        events: vec![expelled, raid, praise],
        coder_version: "test".into(),
    }
}

#[test]
fn dates_places_people_and_scores_are_filled() {
    let events = enrich(&coded());
    let date =
        |at: usize| events[at].date.as_ref().map(|date| (date.value.as_str(), date.precision.as_str()));
    assert_eq!(date(0), Some(("2026-03-02", "day")));
    assert_eq!(date(1), Some(("2026-02-28", "day")));
    assert_eq!(date(2), Some(("2011", "year")));
    let place = events[1].place.as_ref().unwrap();
    assert_eq!((place.name.as_str(), place.country.as_deref()), ("Mombasa", Some("KEN")));
    assert!(place.lat.is_some() && place.geonames_id.is_some());
    let yoon = &events[2].source;
    assert_eq!((yoon.country.as_deref(), yoon.sector.as_deref()), (Some("KOR"), Some("ELI")));
    assert_eq!(yoon.code.as_deref(), Some("KORELI"));
    assert_eq!(events[0].mode.as_deref(), Some("withdraw"));
    assert!(events[0].goldstein < 0.0 && events[2].goldstein > 0.0);
    assert!(events[0].contexts.contains(&"diplomatic".to_owned()));
}

#[test]
fn the_same_input_gives_the_same_events_with_distinct_ids() {
    let (one, two) = (enrich(&coded()), enrich(&coded()));
    assert_eq!(one, two);
    let ids: std::collections::BTreeSet<_> = one.iter().map(|event| &event.id).collect();
    assert_eq!(ids.len(), one.len());
}

#[test]
fn without_a_publication_day_there_is_no_date() {
    let mut coded = coded();
    coded.article.published_at = None;
    assert!(enrich(&coded).iter().all(|event| event.date.is_none()));
}

#[test]
fn memory_fills_what_the_text_leaves_open() {
    let mut memory = Memory::default();
    let mut earlier = enrich(&coded()).remove(0);
    earlier.target.name = "Zenda Strelsau".into();
    earlier.target.country = Some("SVN".into());
    earlier.target.role = Some("envoy".into());
    assert_eq!(memory.learn(&earlier), ["zenda strelsau"]);
    assert_eq!(memory.learn(&earlier), [""; 0]);
    let mut coded = coded();
    coded.events[0].target.name = "Zenda Strelsau".into();
    let event = enrich_with(&coded, &memory).remove(0);
    assert_eq!(event.target.country.as_deref(), Some("SVN"));
    assert_eq!(event.target.resolution, "memory");
}
