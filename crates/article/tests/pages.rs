//! Sixty pages in the markup of twelve news systems: full text by the measure of the public benchmark, and metadata.

mod support;

use std::collections::BTreeMap;

use entente_article::{Accepted, Incoming, Limits, accept};
use jiff::Timestamp;
use support::runs::score;
use support::systems::{self, Page};

fn read(page: &Page) -> Accepted {
    let now: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
    let incoming =
        Incoming::new(page.html.as_bytes(), now).with_content_type("text/html").with_url(&page.url);
    accept(&incoming, &Limits::default())
        .unwrap_or_else(|error| panic!("{} {}: {error}", page.system, page.url))
}

#[test]
fn bodies_are_found_without_what_surrounds_them() {
    let mut by_system: BTreeMap<&str, Vec<(f64, f64, f64)>> = BTreeMap::new();
    for page in systems::pages() {
        let accepted = read(&page);
        let scored = score(&accepted.article.body, &page.story.body());
        if std::env::var_os("SHOW").is_some_and(|system| system == page.system) {
            println!("--- found\n{}\n--- true\n{}\n{scored:.3?}\n", accepted.article.body, page.story.body());
        }
        by_system.entry(page.system).or_default().push(scored);
    }
    let mean = |scores: &[(f64, f64, f64)], part: fn(&(f64, f64, f64)) -> f64| {
        scores.iter().map(part).sum::<f64>() / scores.len() as f64
    };
    let mut all = Vec::new();
    for (system, scores) in &by_system {
        println!(
            "{system:14} precision {:.3} recall {:.3} F1 {:.3}",
            mean(scores, |s| s.0),
            mean(scores, |s| s.1),
            mean(scores, |s| s.2)
        );
        all.extend_from_slice(scores);
    }
    let f1 = mean(&all, |s| s.2);
    println!("{} pages: mean F1 {f1:.4}", all.len());
    assert_eq!(all.len(), 60);
    assert!(f1 >= 0.95, "mean F1 {f1:.4}");
}

#[test]
fn titles_bylines_dates_addresses_and_languages_are_found() {
    let mut wrong = Vec::new();
    for page in systems::pages() {
        let article = read(&page).article;
        let day = article.published_at.map(|at| at.to_string()[..10].to_owned()).unwrap_or_default();
        for (field, found, expected) in [
            ("title", article.title, page.story.title.clone()),
            ("byline", article.byline.unwrap_or_default(), page.story.byline.clone()),
            ("day", day, page.story.published_at()[..10].to_owned()),
            ("url", article.url.unwrap_or_default(), page.url.clone()),
            ("source", article.source.unwrap_or_default(), page.site.to_owned()),
            ("language", article.language.unwrap_or_default(), "en".to_owned()),
        ] {
            if found != expected {
                wrong.push(format!("{} {field}: {found:?}, not {expected:?}", page.system));
            }
        }
    }
    println!("{} of 360 fields differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(wrong.is_empty());
}
