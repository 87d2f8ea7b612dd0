//! Articles a second through `accept` and the near-copy window on one core:
//! `cargo run --release -p entente-article --example throughput [-- FILE.ndjson]`.

use std::error::Error;
use std::time::Instant;

use entente_article::near::{Config, Fingerprint, Window};
use entente_article::{Incoming, Limits, accept};
use jiff::{SignedDuration, Timestamp};

const ROUNDS: usize = 20_000;

fn main() -> Result<(), Box<dyn Error>> {
    let lines = match std::env::args().nth(1) {
        Some(name) => std::fs::read_to_string(name)?.lines().map(str::to_owned).collect(),
        None => made_up(),
    };
    let texts: Vec<String> = lines
        .iter()
        .map(|line| {
            Ok(serde_json::from_str::<serde_json::Value>(line)?["body"]
                .as_str()
                .unwrap_or_default()
                .to_owned())
        })
        .collect::<Result<_, serde_json::Error>>()?;
    let pages: Vec<String> = texts.iter().map(|text| page(text)).collect();
    let mean = texts.iter().map(String::len).sum::<usize>() / texts.len().max(1);
    println!("{} documents, {mean} bytes of body on average", texts.len());
    run("JSON article", &lines, "application/json", ROUNDS, false)?;
    run("plain text", &texts, "text/plain", ROUNDS, false)?;
    run("JSON, near-copy window", &lines, "application/json", ROUNDS, true)?;
    run("web page", &pages, "text/html", ROUNDS / 20, false)
}

fn run(
    name: &str,
    documents: &[String],
    content_type: &str,
    rounds: usize,
    near: bool,
) -> Result<(), Box<dyn Error>> {
    let mut window = Window::new(Config { span: SignedDuration::from_hours(72), ..Config::default() });
    let limits = Limits::default();
    let started = Instant::now();
    for round in 0..rounds {
        let now = Timestamp::from_second(1_767_000_000 + i64::try_from(round)?)?;
        let document = &documents[round % documents.len()];
        let accepted =
            accept(&Incoming::new(document.as_bytes(), now).with_content_type(content_type), &limits)?;
        if near {
            // Each round is another article to the window.
            let text: String =
                accepted.article.body.split(' ').flat_map(|word| [word, " "]).chain(["x"; 1]).collect();
            if let Some(fingerprint) = Fingerprint::of_text(&text) {
                window.observe(&round.to_string(), &fingerprint, now);
            }
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{name:24} {:9.0} a second", f64::from(u32::try_from(rounds)?) / seconds);
    Ok(())
}

/// Articles of 3,000 characters, each of other words.
fn made_up() -> Vec<String> {
    let article = |n: usize| {
        let sentence = |s: usize| {
            format!(
                "The ministry of province {} said on Monday that {} lorries would cross the river at post {}. ",
                n * 7 + s,
                s * n + 3,
                s + n
            )
        };
        let body: Vec<String> = (0..10).map(|p| (0..3).map(|s| sentence(p * 3 + s)).collect()).collect();
        serde_json::json!({ "title": format!("Lorries cross at post {n}"), "body": body.join("\n\n"), "published_at": "2026-01-05T10:00:00Z",
            "url": format!("https://news.example/{n}"), "source": "Made up" })
        .to_string()
    };
    (0..500).map(article).collect()
}

fn page(text: &str) -> String {
    let body: String = text.split("\n\n").map(|paragraph| format!("<p>{paragraph}</p>\n")).collect();
    let menu: String = (0..40).map(|n| format!("<li><a href='/{n}'>Section {n}</a></li>")).collect();
    format!(
        "<!DOCTYPE html><html lang=en><head><title>Page</title></head><body><nav><ul>{menu}</ul></nav><article><h1>Page</h1>\
         <div class=entry-content>{body}</div></article><footer><ul>{menu}</ul></footer></body></html>"
    )
}
