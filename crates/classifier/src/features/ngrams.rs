//! Runs of one to three words, with the actors masked and names and numbers reduced to their kind.

use entente_language::Upos;

use super::{Features, Group};
use crate::pair::{Role, View, Word};

/// What a word is called in a feature: actors and names by kind, so that no country is learnt.
pub(super) fn name(word: &Word) -> &str {
    match (word.role, word.upos) {
        (Role::Source, _) => "SRC",
        (Role::Target, _) => "TGT",
        (_, Upos::Propn) => "NAME",
        (_, Upos::Num) => "NUM",
        _ => &word.lemma,
    }
}

/// The names of the words, each actor and each run of names once.
pub(super) fn masked(view: &View) -> Vec<&str> {
    let mut out: Vec<&str> = view.words.iter().map(name).collect();
    out.dedup_by(|a, b| a == b && matches!(*a, "SRC" | "TGT" | "NAME" | "NUM"));
    out
}

pub(super) fn add(view: &View, out: &mut Features) {
    let names = masked(view);
    for (i, a) in names.iter().enumerate() {
        out.add(Group::Ngrams, &[a]);
        if let Some(b) = names.get(i + 1) {
            out.add(Group::Ngrams, &[a, b]);
            if let Some(c) = names.get(i + 2) {
                out.add(Group::Ngrams, &[a, b, c]);
            }
        }
    }
}
