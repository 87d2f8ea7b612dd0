//! The eight-bit network against the float network it was made from (`training/golden.py`).

use entente_transformer::{BALANCED, Transformer};

const GOLDEN: &str = include_str!("golden.json");

#[test]
fn agrees_with_the_float_network() {
    let model = Transformer::read(BALANCED).expect("the shipped weights are whole");
    let cases: Vec<serde_json::Value> = serde_json::from_str(GOLDEN).expect("golden.json is JSON");
    for case in cases {
        let text = case["text"].as_str().expect("a text");
        let pieces: Vec<&str> =
            case["pieces"].as_array().expect("pieces").iter().filter_map(|p| p.as_str()).collect();
        assert_eq!(model.pieces(text), pieces);
        let expected: Vec<f32> = serde_json::from_value(case["root"].clone()).expect("scores");
        let scores = model.scores(&[text]).swap_remove(0).swap_remove(0);
        let far = expected.iter().zip(&scores).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(far < 0.35, "{text}: off by {far}: {expected:?} {scores:?}");
        let best = |list: &[f32]| (0..list.len()).max_by(|&a, &b| list[a].total_cmp(&list[b]));
        // Where the float network itself is torn between two roots, rounding may choose.
        let mut sorted = expected.clone();
        sorted.sort_by(|a, b| b.total_cmp(a));
        if sorted[0] - sorted[1] > 0.5 {
            assert_eq!(best(&expected), best(&scores), "{text}");
        }
    }
}

#[test]
fn a_text_is_scored_the_same_alone_and_among_others() {
    let model = Transformer::read(BALANCED).expect("the shipped weights are whole");
    let long = "^ source : Oslo ^ met ~ target : Rabat ~ again, ".repeat(6);
    let texts = ["^ source : Oslo ^ praised ~ target : Rabat ~", long.as_str(), "", "~ ^ ^"];
    let together = model.scores(&texts);
    for (text, scores) in texts.iter().zip(together) {
        assert_eq!(model.scores(&[text]), [scores]);
    }
}

#[test]
fn refuses_a_torn_file() {
    for cut in [0, 7, 100, 5000, BALANCED.len() / 2, BALANCED.len() - 1] {
        assert!(Transformer::read(&BALANCED[..cut]).is_err(), "{cut} bytes were accepted");
    }
}
