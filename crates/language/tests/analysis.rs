//! What holds for the analysis of any text.

use entente_language::{Analyzer, Deprel, Document, conllu};
use proptest::prelude::*;

/// Offsets slice back, follow each other and leave out only white space; every tree has one root and no circle.
fn check(document: &Document<'_>) {
    let mut end = 0;
    for sentence in &document.sentences {
        let tokens = &sentence.tokens;
        assert!(!tokens.is_empty());
        assert_eq!(sentence.span, tokens[0].span.start..tokens[tokens.len() - 1].span.end);
        for (i, token) in tokens.iter().enumerate() {
            let skipped = &document.text[end..token.span.start];
            assert!(
                skipped.chars().all(entente_language::segment::chars::is_space),
                "{skipped:?} is in no token"
            );
            assert!(!document.form(token).is_empty());
            assert!(!token.continues || (i > 0 && token.span.start == end));
            end = token.span.end;
            assert_eq!(token.head.is_none(), token.deprel == Deprel::Root);
            let steps = sentence.ancestors(i).take(tokens.len()).count();
            assert!(steps < tokens.len(), "a circle");
        }
        assert_eq!(tokens.iter().filter(|t| t.head.is_none()).count(), 1);
    }
    assert!(document.text[end..].chars().all(entente_language::segment::chars::is_space));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_string_is_analysed(text in any::<String>()) {
        check(&Analyzer::shared().analyze(&text));
    }

    #[test]
    fn anything_like_text_is_analysed(text in "([A-Za-z0-9.,'’“”\"()$%&/@:;!?\n –—-]|U\\.S\\. |don't |\n\n){0,300}") {
        let document = Analyzer::shared().analyze(&text);
        check(&document);
        let written = conllu::write(&document);
        let read = conllu::read(&written).expect("what was written can be read");
        prop_assert_eq!(read.len(), document.sentences.len());
        for (sentence, read) in document.sentences.iter().zip(&read) {
            prop_assert_eq!(sentence.tokens.len(), read.words.len());
        }
    }

    #[test]
    fn anything_like_conllu_is_read_or_refused(text in "(([0-9]{1,2}|1-2|[a-z_]{1,3}|\t){1,12}\n|# text = x\n|\n){0,12}") {
        let _ = conllu::parse_conllu(&text);
    }
}

#[test]
fn white_space_alone_has_no_sentences() {
    for text in ["", " ", "\n\n\n", "\u{feff}", "\r\n\t\u{a0}"] {
        assert!(Analyzer::shared().analyze(text).sentences.is_empty(), "{text:?}");
    }
}

#[test]
fn endless_sentences_and_words_are_cut() {
    let text = format!("{} {}", "word ".repeat(3000), "x-".repeat(4000));
    let document = Analyzer::shared().analyze(&text);
    check(&document);
    assert!(document.sentences.iter().all(|s| s.tokens.len() <= 2 * entente_language::segment::MAX_SENTENCE));
}

#[test]
fn endless_given_sentences_have_one_tree() {
    let words = 1003;
    let text = "a ".repeat(words);
    let given: Vec<_> = (0..words).map(|i| (2 * i..2 * i + 1, false)).collect();
    let document = Analyzer::shared().analyze_tokens(&text, &[given]);
    check(&document);
    assert_eq!(document.sentences[0].tokens.len(), words);
}

#[test]
fn newswire_is_cut_where_it_should_be() {
    let text = "BELGRADE, March 3 (Agency) - The E.U. envoy met Gen. A. B. Petrov at 10:30 a.m. on Monday.\n\n\
        \"We will not wait,\" he said. Exports fell 3.5 percent to $1.2 billion.\n\n\
        • Talks resume in Vienna\n• Border reopens\n\nThe Serbia–Kosovo talks ended.";
    let document = Analyzer::shared().analyze(text);
    check(&document);
    let sentences: Vec<&str> = document.sentences.iter().map(|s| document.slice(s.span.clone())).collect();
    let expected = [
        "BELGRADE, March 3 (Agency) - The E.U. envoy met Gen. A. B. Petrov at 10:30 a.m. on Monday.",
        "\"We will not wait,\" he said.",
        "Exports fell 3.5 percent to $1.2 billion.",
        "• Talks resume in Vienna",
        "• Border reopens",
        "The Serbia–Kosovo talks ended.",
    ];
    assert_eq!(sentences, expected);
    let last = &document.sentences[5];
    let forms: Vec<&str> = last.tokens.iter().map(|t| document.form(t)).collect();
    assert_eq!(forms, ["The", "Serbia", "–", "Kosovo", "talks", "ended", "."]);
    let starts: Vec<bool> = document.sentences.iter().map(|s| s.starts_paragraph).collect();
    assert_eq!(starts, [true, true, false, true, true, true]);
}

#[test]
fn gold_words_are_kept() {
    let text = "1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n1\tdo\t_\t_\t_\t_\t_\t_\t_\t_\n2\tn't\t_\t_\t_\t_\t_\t_\t_\t_\n\
        3\tNew York\t_\t_\t_\t_\t_\t_\t_\t_\n\n";
    let parsed = conllu::parse_conllu(text).expect("valid");
    let lines: Vec<&str> = parsed.lines().filter(|l| !l.is_empty()).collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].starts_with("1-2\tdon't\t_") && lines[3].starts_with("3\tNew York\t"));
    assert_eq!(lines.iter().filter(|l| l.split('\t').nth(7) == Some("root")).count(), 1);
}
