//! Words by where they stand: before, between and behind the actors, and the actors' own words.

use entente_language::Upos;

use super::ngrams::name;
use super::{Features, Group};
use crate::pair::{Role, View};

pub(super) fn add(view: &View, out: &mut Features) {
    let place = |role| {
        let first = view.words.iter().position(|w| w.role == role)?;
        let last = view.words.iter().rposition(|w| w.role == role)?;
        Some((first, last))
    };
    let (source, target) = (place(Role::Source), place(Role::Target));
    let order = match (source, target) {
        (Some(s), Some(t)) if s.0 <= t.0 => "st",
        (Some(_), Some(_)) => "ts",
        (Some(_), None) => "s",
        (None, Some(_)) => "t",
        (None, None) => "-",
    };
    out.add(Group::Around, &["order", order]);
    own_words(view, out);
    let (first, second) = match order {
        "st" => (source, target),
        "ts" => (target, source),
        "s" => (source, None),
        _ => (target, None),
    };
    let Some((first_start, first_end)) = first else { return };
    let (second_start, second_end) = second.unwrap_or((view.words.len(), view.words.len()));
    let mut bag = |zone: &str, range: std::ops::Range<usize>| {
        for word in view.words.get(range).unwrap_or_default() {
            if word.role == Role::Other && word.upos != Upos::Punct {
                out.add(Group::Around, &[zone, order, name(word)]);
            }
        }
    };
    bag("between", first_end + 1..second_start);
    bag("before", first_start.saturating_sub(5)..first_start);
    if second.is_some() {
        bag("behind", second_end + 1..(second_end + 6).min(view.words.len()));
    }
    let gap = match second_start.saturating_sub(first_end) {
        0..=2 => "near",
        3..=6 => "some",
        7..=14 => "far",
        _ => "very far",
    };
    out.add(Group::Around, &["gap", order, gap]);
}

/// Common nouns inside the actors ("court", "rebels"): who acts says much about how.
fn own_words(view: &View, out: &mut Features) {
    for word in &view.words {
        let side = match word.role {
            Role::Source => "source word",
            Role::Target => "target word",
            Role::Other => continue,
        };
        if matches!(word.upos, Upos::Noun | Upos::X | Upos::Verb | Upos::Pron) {
            out.add(Group::Around, &[side, &word.lemma]);
        }
    }
}
