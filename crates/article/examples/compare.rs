//! Extractors of full text side by side, on the sixty pages of `tests/pages.rs`: F1 of four-word runs.
//!
//!     cargo run --release -p entente-article --example compare

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use entente_article::{Incoming, Limits, accept};
use jiff::Timestamp;
use support::runs::score;
use support::systems::{Page, pages};

type Extract = fn(&Page) -> String;

fn ours(page: &Page) -> String {
    let incoming = Incoming::new(page.html.as_bytes(), Timestamp::UNIX_EPOCH)
        .with_content_type("text/html")
        .with_url(&page.url);
    accept(&incoming, &Limits::default()).map(|accepted| accepted.article.body).unwrap_or_default()
}

fn trafilatura(page: &Page) -> String {
    rs_trafilatura::extract(&page.html).map(|found| found.content_text).unwrap_or_default()
}

fn smoothie(page: &Page) -> String {
    let read = dom_smoothie::Readability::new(page.html.as_str(), Some(&page.url), None);
    read.and_then(|mut read| read.parse()).map(|article| article.text_content.to_string()).unwrap_or_default()
}

fn main() {
    let pages = pages();
    let extractors: [(&str, Extract); 3] = [
        ("entente (rs-trafilatura, tidied)", ours),
        ("rs-trafilatura alone", trafilatura),
        ("dom_smoothie", smoothie),
    ];
    println!("{:34} precision  recall     F1  worst system      ms a page", "");
    for (name, extract) in extractors {
        let begun = Instant::now();
        let bodies: Vec<String> = pages.iter().map(extract).collect();
        let took = begun.elapsed() / u32::try_from(pages.len()).unwrap_or(1);
        report(name, &pages, &bodies, took);
    }
}

fn report(name: &str, pages: &[Page], bodies: &[String], took: Duration) {
    let scores: Vec<_> =
        pages.iter().zip(bodies).map(|(page, body)| score(body, &page.story.body())).collect();
    let count = f64::from(u32::try_from(scores.len()).unwrap_or(1));
    let mean = |part: fn(&(f64, f64, f64)) -> f64| scores.iter().map(part).sum::<f64>() / count;
    let worst = pages.iter().zip(&scores).min_by(|a, b| a.1.2.total_cmp(&b.1.2));
    let worst = worst.map(|(page, score)| format!("{} {:.3}", page.system, score.2)).unwrap_or_default();
    println!(
        "{name:34} {:9.4} {:7.4} {:6.4}  {worst:16} {:5.2}",
        mean(|s| s.0),
        mean(|s| s.1),
        mean(|s| s.2),
        took.as_secs_f64() * 1000.0
    );
}
