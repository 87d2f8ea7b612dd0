//! Enriches coded events: `cargo run -p entente-knowledge --example enrich_file -- ARTICLES CODED`, both line-delimited JSON; CODED is
//! what `entente-coder`'s example `code` writes (a coded event a line, `article` and `sentence_span` besides).

use std::collections::BTreeMap;

use entente_knowledge::enrich;
use entente_messages::{Article, CodedArticle, CodedEvent};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(articles), Some(coded)) = (arguments.next(), arguments.next()) else {
        return Err("usage: enrich_file ARTICLES CODED".into());
    };
    let mut events: BTreeMap<String, Vec<CodedEvent>> = BTreeMap::new();
    for line in std::fs::read_to_string(coded)?.lines() {
        let mut row: Value = serde_json::from_str(line)?;
        row["sentence"] = row["sentence_span"].take();
        let article = row["article"].as_str().unwrap_or("").to_owned();
        events.entry(article).or_default().push(serde_json::from_value(row)?);
    }
    for line in std::fs::read_to_string(articles)?.lines() {
        let value: Value = serde_json::from_str(line)?;
        let text = |key: &str| value[key].as_str().unwrap_or("").to_owned();
        let body = if text("body").is_empty() { text("text") } else { text("body") };
        let article: Article = serde_json::from_value(json!({
            "id": text("id"), "title": text("title"), "body": body, "published_at": value.get("published_at"),
        }))?;
        let events = events.remove(&article.id).unwrap_or_default();
        let coded = CodedArticle { article, events, coder_version: "example".into() };
        for event in enrich(&coded) {
            println!("{}", serde_json::to_string(&event)?);
        }
    }
    Ok(())
}
