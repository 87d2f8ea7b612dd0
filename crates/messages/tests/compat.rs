//! Messages of released versions stay readable. A file under `compat/` is never changed, only added to.

use entente_messages::{Article, CodedArticle, EnrichedArticle, Event, Mention, OutcomeRecord, Rejection};
use serde::de::DeserializeOwned;
use serde_json::Value;

fn read<T: DeserializeOwned>(text: &str) -> T {
    let mut value: Value = serde_json::from_str(text).expect("JSON");
    value["a field of the future"] = Value::from(1);
    serde_json::from_value(value).expect("readable, the unknown field ignored")
}

#[test]
fn version_1_is_readable() {
    let event: Event = read(include_str!("compat/v1/event.json"));
    assert_eq!(event.source.country.as_deref(), Some("NOR"));
    let mention: Mention = read(include_str!("compat/v1/mention.json"));
    assert_eq!(mention.event_id, event.id);
    let article: Article = read(include_str!("compat/v1/article.json"));
    let coded: CodedArticle = read(include_str!("compat/v1/coded.json"));
    assert_eq!(coded.article, article);
    let enriched: EnrichedArticle = read(include_str!("compat/v1/enriched.json"));
    assert_eq!(enriched.events, [event]);
    let _: Rejection = read(include_str!("compat/v1/rejection.json"));
    let _: OutcomeRecord = read(include_str!("compat/v1/outcome.json"));
}

#[test]
fn the_published_event_has_the_fields_of_the_contract() {
    let event: Value = serde_json::from_str(include_str!("compat/v1/event.json")).expect("JSON");
    let again = serde_json::to_value(read::<Event>(&event.to_string())).expect("JSON");
    for path in [
        "/id",
        "/article/id",
        "/sentence/text",
        "/sentence/index",
        "/sentence/start",
        "/sentence/end",
        "/source/text",
        "/source/name",
        "/source/country",
        "/source/sector",
        "/source/role",
        "/target/text",
        "/target/name",
        "/target/country",
        "/root",
        "/mode",
        "/contexts",
        "/cameo",
        "/quad_class",
        "/goldstein",
        "/modality",
        "/attribution",
        "/date/value",
        "/date/precision",
        "/date/text",
        "/place/name",
        "/place/country",
        "/place/lat",
        "/place/lon",
        "/place/geonames_id",
        "/confidence",
    ] {
        assert_eq!(event.pointer(path), again.pointer(path), "{path}");
        assert!(again.pointer(path).is_some(), "{path}");
    }
}

#[test]
fn a_missing_field_is_named() {
    let mut event: Value = serde_json::from_str(include_str!("compat/v1/event.json")).expect("JSON");
    event.as_object_mut().expect("an object").remove("root");
    let error = serde_json::from_value::<Event>(event).expect_err("root is required").to_string();
    assert!(error.contains("missing field `root`"), "{error}");
    let error = serde_json::from_str::<Article>("{\"id\": \"x\"}").expect_err("body is required").to_string();
    assert!(error.contains("missing field `body`"), "{error}");
}
