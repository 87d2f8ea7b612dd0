//! Whatever comes in, something sensible comes out.

use entente_classifier::{Accuracy, Classifier, PairInput, Row, locate};
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_text_and_any_ranges_give_probabilities(
        text in "\\PC{0,60}",
        source in proptest::option::of((0_usize..80, 0_usize..80)),
        target in proptest::option::of((0_usize..80, 0_usize..80)),
    ) {
        let range = |r: Option<(usize, usize)>| r.map(|(a, b)| a..b);
        let input = PairInput {
            text: &text, tree: None, tree_offset: 0, source: range(source), target: range(target),
        };
        let scores = Classifier::shared(Accuracy::Fast).classify(&[input]).swap_remove(0);
        let sum = scores.roots.iter().sum::<f32>() + scores.none;
        prop_assert!((sum - 1.0).abs() < 1e-3, "{scores:?}");
        prop_assert!(scores.roots.iter().all(|p| (0.0..=1.0).contains(p)));
    }

    #[test]
    fn any_words_can_be_classified(text in "[ A-Za-z.,'é]{0,60}", source in "[A-Za-z ]{0,6}", target in "\\PC{0,6}") {
        let scores = Classifier::shared(Accuracy::Fast).classify_rows(&[Row { sentence: &text, source: &source, target: &target }]).swap_remove(0);
        prop_assert!(scores.none.is_finite());
    }

    #[test]
    fn located_words_stand_where_they_are_said_to(text in "[abc ]{0,30}", source in "[abc]{1,2}", target in "[abc]{1,2}") {
        let (s, t) = locate(&text, &source, &target);
        prop_assert_eq!(s.is_some(), text.contains(&source));
        prop_assert!(s.is_none_or(|r| text[r] == source));
        prop_assert!(t.is_none_or(|r| text[r] == target));
    }
}
