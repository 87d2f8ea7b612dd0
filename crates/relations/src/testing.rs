//! Events for tests.

use entente_messages::event::{ArticleRef, EventDate, Provenance, SCHEMA_VERSION, SentenceRef, TriggerRef};
use entente_messages::{Actor, CharSpan, Event, Modality};
use entente_ontology::Root;

pub(crate) fn event(id: &str, source: &str, target: &str, day: &str, goldstein: f32) -> Event {
    let actor = |code: &str| Actor {
        text: code.into(),
        span: CharSpan::default(),
        name: code.into(),
        country: Some(code.into()),
        sector: Some("GOV".into()),
        role: None,
        code: None,
        resolution: "name".into(),
        confidence: 1.0,
    };
    let root = if goldstein < 0.0 { Root::Accuse } else { Root::Consult };
    Event {
        id: id.into(),
        schema_version: SCHEMA_VERSION,
        article: ArticleRef {
            id: format!("article-{id}"),
            url: None,
            source: None,
            title: String::new(),
            published_at: None,
            language: None,
        },
        sentence: SentenceRef { text: String::new(), index: 0, span: CharSpan::default() },
        source: actor(source),
        target: actor(target),
        root,
        mode: None,
        contexts: Vec::new(),
        cameo: "040".into(),
        quad_class: root.quad_class(),
        goldstein,
        modality: Modality::Actual,
        symmetric: false,
        attribution: None,
        date: Some(EventDate { value: day.into(), precision: "day".into(), text: None }),
        place: None,
        trigger: TriggerRef { text: String::new(), span: CharSpan::default() },
        confidence: 1.0,
        tone: 0.0,
        provenance: Provenance { coder: String::new(), knowledge: String::new() },
    }
}
