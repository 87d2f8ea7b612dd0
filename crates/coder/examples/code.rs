//! Codes articles or records from a line-delimited JSON file, for `score.py` and for reading:
//! `cargo run --release -p entente-coder --example code -- FILE [explain|tree|candidates] [fast|balanced|best]`.
//!
//! A line holds an article (`id`, `title`, `body`) or a record (`id`, `text`). Predictions go to standard output.

use std::io::{BufRead, Write};
use std::time::Instant;

use entente_coder::{Coder, Options};
use entente_messages::{Article, CodedEvent};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("give a file of line-delimited JSON")?;
    let tree = arguments.iter().any(|a| a == "tree");
    let candidates = arguments.iter().any(|a| a == "candidates");
    let explain = arguments.iter().any(|a| a == "explain");
    let accuracy = arguments.iter().find_map(|a| a.parse().ok()).unwrap_or_default();
    let coder = Coder::new(Options { accuracy });
    let mut out = std::io::stdout().lock();
    let started = Instant::now();
    let (mut articles, mut events) = (0, 0);
    for line in std::io::BufReader::new(std::fs::File::open(path)?).lines() {
        let value: Value = serde_json::from_str(&line?)?;
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
        let article: Article = serde_json::from_value(json!({
            "id": text("id"),
            "title": text("title"),
            "body": if text("body").is_empty() { text("text") } else { text("body") },
            "published_at": value.get("published_at"),
        }))?;
        if explain {
            writeln!(out, "== {} ==\n{}", article.id, coder.explain(&article))?;
            continue;
        }
        if tree {
            for s in &entente_coder::analysed::analyse(&article).sentences {
                writeln!(out, "# {} {}", article.id, s.text())?;
                for i in 0..s.len() {
                    let (t, head) = (s.token(i), s.head(i).map_or(0, |h| h + 1));
                    writeln!(
                        out,
                        "{}\t{}\t{}\t{}\t{}\t{head}\t{}\t{}",
                        i + 1,
                        s.word(i),
                        t.lemma,
                        t.upos,
                        t.xpos,
                        t.deprel,
                        t.feats
                    )?;
                }
            }
            continue;
        }
        articles += 1;
        let coded: Vec<(CodedEvent, Vec<f32>)> = if candidates {
            coder.candidates(&article)
        } else {
            coder.code(&article).events.into_iter().map(|e| (e, Vec::new())).collect()
        };
        for (event, features) in &coded {
            events += 1;
            let mut row = serde_json::to_value(event)?;
            if candidates {
                row["features"] = json!(features);
            }
            row["article"] = json!(article.id);
            row["sentence_span"] = row["sentence"].take();
            row["sentence"] = json!({ "text": event.sentence.slice(&article.title, &article.body) });
            row["trigger_text"] = json!(event.trigger.slice(&article.title, &article.body));
            writeln!(out, "{row}")?;
        }
    }
    eprintln!("{articles} articles, {events} events, {:.2?}", started.elapsed());
    Ok(())
}
