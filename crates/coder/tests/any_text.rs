//! Whatever the text, coding never fails and every span fits the article.

use entente_coder::{Accuracy, Coder, Options};
use entente_messages::Article;
use proptest::prelude::*;

fn article(title: &str, body: &str) -> Article {
    serde_json::from_value(serde_json::json!({ "id": "x", "title": title, "body": body })).unwrap()
}

/// Words that the lexicon and the name tables know, so that random texts hold acts.
const WORDS: &[&str] = &[
    "France",
    "Mali",
    "the",
    "Kremlin",
    "said",
    "accused",
    "of",
    "attacked",
    "agreed",
    "to",
    "release",
    "its",
    "ambassador",
    "from",
    ",",
    ".",
    "\"",
    "\u{201c}",
    "\u{201d}",
    "and",
    "who",
    "which",
    "talks",
    "with",
    "between",
    "will",
    "not",
    "no",
    "visit",
    "imposed",
    "sanctions",
    "on",
    "rejected",
    "demanded",
    "that",
    "withdraw",
    "they",
    "he",
    "two",
    "sides",
    "-",
    ";",
    ":",
    "(",
    ")",
    "\n\n",
    "walked",
    "out",
    "in",
    "2019",
    "Monday",
    "threatened",
    "troops",
    "by",
    "was",
    "were",
    "police",
    "arrested",
    "protesters",
    "M\u{fc}ller",
    "\u{1f600}",
    "must",
    "if",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn coding_never_fails_and_spans_fit(
        title in proptest::collection::vec(0..WORDS.len(), 0..9),
        body in proptest::collection::vec(0..WORDS.len(), 0..60),
    ) {
        let join = |picks: &[usize]| picks.iter().map(|&i| WORDS[i]).collect::<Vec<_>>().join(" ");
        let (title, body) = (join(&title), join(&body));
        let coder = Coder::new(Options { accuracy: Accuracy::Fast });
        let coded = coder.code(&article(&title, &body));
        for event in &coded.events {
            for span in [&event.source.span, &event.target.span, &event.trigger, &event.sentence] {
                prop_assert!(span.slice(&title, &body).is_some_and(|w| !w.is_empty()), "{span:?} in {title:?} {body:?}");
            }
            for span in [&event.date_text, &event.place_text].into_iter().flatten() {
                prop_assert!(span.slice(&title, &body).is_some(), "{span:?}");
            }
            prop_assert!((0.0..=1.0).contains(&event.confidence));
            prop_assert!(event.source.name != event.target.name || event.source.span != event.target.span);
        }
        prop_assert_eq!(&coder.code(&article(&title, &body)).events, &coded.events, "the same text gives the same events");
        let told = coder.explain(&article(&title, &body)).to_string();
        prop_assert!(told.matches("EVENT: ").count() >= coded.events.len(), "every event has its trail");
    }

    #[test]
    fn any_characters_are_taken(body in "\\PC{0,200}") {
        let _ = Coder::new(Options { accuracy: Accuracy::Fast }).code(&article("", &body));
    }
}
