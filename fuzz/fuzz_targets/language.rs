//! Any text: the analysis never panics, its offsets slice, and its trees have one root and no circle.
#![no_main]

use entente_language::Analyzer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let document = Analyzer::shared().analyze(text);
    let mut end = 0;
    for sentence in &document.sentences {
        assert_eq!(sentence.tokens.iter().filter(|t| t.head.is_none()).count(), 1);
        for (i, token) in sentence.tokens.iter().enumerate() {
            assert!(token.span.start >= end && !document.form(token).is_empty());
            end = token.span.end;
            assert!(sentence.ancestors(i).take(sentence.tokens.len()).last().unwrap_or(i) == sentence.root());
        }
    }
    let _ = entente_language::conllu::parse_conllu(text);
});
