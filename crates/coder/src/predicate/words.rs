//! Small closed classes of function words, and how tokens are read.

use std::borrow::Cow;

use entente_language::{Deprel, Upos};

use crate::analysed::AnalysedSentence;
use crate::lexicon::WordSet;

/// Lower-case form.
pub(crate) fn lower<'a>(s: &AnalysedSentence<'a>, i: usize) -> Cow<'a, str> {
    let word = s.word(i);
    if word.chars().any(char::is_uppercase) { Cow::Owned(word.to_lowercase()) } else { Cow::Borrowed(word) }
}

/// Whether lemma or form of token `i` is in the set.
pub(crate) fn in_set(s: &AnalysedSentence<'_>, i: usize, set: &WordSet) -> bool {
    set.contains(&s.token(i).lemma) || set.contains(&lower(s, i))
}

pub(crate) fn lemma<'s>(s: &'s AnalysedSentence<'_>, i: usize) -> &'s str {
    &s.token(i).lemma
}

pub(crate) fn is_noun(s: &AnalysedSentence<'_>, i: usize) -> bool {
    matches!(s.token(i).upos, Upos::Noun | Upos::Propn)
}

pub(crate) fn is_pronoun(s: &AnalysedSentence<'_>, i: usize) -> bool {
    s.token(i).upos == Upos::Pron
}

/// A verb, or a word that heads a clause.
pub(crate) fn is_verb(s: &AnalysedSentence<'_>, i: usize) -> bool {
    s.token(i).upos == Upos::Verb
}

/// "who", "which", "that" as a relative pronoun.
pub(crate) fn is_relative(s: &AnalysedSentence<'_>, i: usize) -> bool {
    matches!(lower(s, i).as_ref(), "who" | "which" | "that" | "whom")
        && !s.is_rel(i, Deprel::Det)
        && !s.is_rel(i, Deprel::Mark)
}

/// Whether the token has a child "to" that marks an infinitive.
pub(crate) fn has_to(s: &AnalysedSentence<'_>, i: usize) -> bool {
    s.children_by(i, Deprel::Mark).any(|c| lemma(s, c) == "to")
        || s.children_by(i, Deprel::Aux).any(|c| lemma(s, c) == "to")
}

/// Whether the token is a gerund or present participle.
pub(crate) fn is_ing(s: &AnalysedSentence<'_>, i: usize) -> bool {
    s.token(i).feat("VerbForm") == Some("Ger")
        || (lower(s, i).ends_with("ing") && !s.children_by(i, Deprel::Aux).any(|_| true))
}

/// Whether a negating word hangs on the token.
pub(crate) fn negated(s: &AnalysedSentence<'_>, i: usize) -> bool {
    s.children(i).any(|c| {
        matches!(lower(s, c).as_ref(), "not" | "n't" | "n’t" | "never" | "no" | "neither" | "nor" | "without")
            && !s.is_rel(c, Deprel::Conj)
            && !(s.is_rel(c, Deprel::Discourse))
    })
}

/// Words for saying: what hangs below them is somebody's report.
pub(crate) fn is_saying(lemma: &str) -> bool {
    matches!(
        lemma,
        "say"
            | "tell"
            | "add"
            | "announce"
            | "state"
            | "declare"
            | "report"
            | "note"
            | "explain"
            | "write"
            | "confirm"
            | "claim"
            | "insist"
            | "argue"
            | "maintain"
            | "assert"
            | "stress"
            | "reiterate"
            | "reveal"
            | "disclose"
            | "indicate"
            | "acknowledge"
            | "admit"
            | "recall"
            | "remark"
            | "comment"
            | "observe"
            | "concede"
            | "reply"
            | "respond"
            | "inform"
            | "allege"
            | "repeat"
            | "emphasize"
            | "emphasise"
            | "testify"
            | "relate"
            | "tweet"
            | "post"
            | "warn"
            | "believe"
            | "think"
            | "according"
            | "quote"
            | "describe"
            | "continue"
    )
}
