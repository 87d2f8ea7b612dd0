//! How sure an event is: what the lexicon saw and what the classifier thinks, weighed together.
//!
//! The weights are those of a logistic regression; `training/confidence.py` fits them.

use entente_language::{Deprel, Upos};
use entente_messages::{Modality, Part};
use entente_ontology::Root;

use super::domain::Domains;
use super::propose::{Proposal, same_side};
use super::weights::WEIGHTS;
use super::who::Context;
use crate::mention::{EntityKind, MentionKind};
use crate::predicate::words::is_saying;

/// Events below this are not coded. Where F1 over the corpus articles is best; `docs/measurements.md` has the curve.
pub(crate) const LEAST: f32 = 0.4;
/// The same in a text of a sentence or two: nothing around it says who the actors are or repeats the act, so
/// everything is less sure, while a sentence sent alone was mostly chosen because something happens in it.
const LEAST_ALONE: f32 = 0.2;
/// A text of so many sentences counts as such.
const ALONE: usize = 2;
/// The same in an article about sport, culture, science or markets.
const LEAST_ELSEWHERE: f32 = 0.75;

/// What an event of a text of so many sentences needs.
pub(crate) fn least(domains: &Domains, sentences: usize) -> f32 {
    match domains.article() > 0.5 {
        true => LEAST_ELSEWHERE,
        false if sentences <= ALONE => LEAST_ALONE,
        false => LEAST,
    }
}

/// Pairs that the lexicon says nothing about are weighed only from this opinion of the classifier on.
pub(crate) const LEAST_UNSEEN: f32 = 0.2;

/// What the confidence of a proposal is made of, in the order of the features.
pub const FEATURES: [&str; 34 + 16] = [
    "bias",
    "lexicon",
    "root",
    "root-odds",
    "none",
    "lexicon-root",
    "answers",
    "context",
    "source-modifier",
    "target-modifier",
    "nominal",
    "specific",
    "very-specific",
    "source-open",
    "target-open",
    "source-vague",
    "target-vague",
    "domestic",
    "title",
    "reported",
    "not-actual",
    "source-sure",
    "target-sure",
    "quoted",
    "unseen-subject",
    "unseen-argument",
    "unseen-saying",
    "unseen-coordinated",
    "unseen-order",
    "unseen-crowd",
    "unseen-verb",
    "sentence-domain",
    "article-domain",
    "sentence-off",
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
];

/// The values of [`FEATURES`] for a proposal.
pub(crate) fn features(context: Context<'_>, domains: &Domains, p: &Proposal) -> [f32; FEATURES.len()] {
    let yes = |b: bool| f32::from(u8::from(b));
    let lexicon = !p.rules.is_empty();
    let (root, none) = p.opinion.unwrap_or((0.3, 0.3));
    let (source, target) = (context.actors.entity(p.source.entity), context.actors.entity(p.target.entity));
    let (from, to) = (&context.actors.mentions[p.source.mention], &context.actors.mentions[p.target.mention]);
    let vague =
        |kind: EntityKind| matches!(kind, EntityKind::Group | EntityKind::Unknown | EntityKind::Asset);
    let s = &context.analysed.sentences[p.sentence];
    let mut f = [0.0; FEATURES.len()];
    let values = [
        1.0,
        yes(lexicon),
        root,
        ((root + 0.02) / (1.02 - root)).ln(),
        none,
        yes(lexicon) * root,
        yes(p.filled.is_some_and(|w| w.starts_with("answers"))),
        yes(p.filled.is_some_and(|w| !w.starts_with("answers"))),
        yes(p.source.modifier),
        yes(p.target.modifier),
        yes(p.nominal),
        yes(p.score >= 8),
        yes(p.score >= 14),
        yes(source.country.is_none()),
        yes(target.country.is_none()),
        yes(vague(source.kind)),
        yes(vague(target.kind) || to.kind == MentionKind::Place),
        yes(same_side(context, p.source.entity, p.target.entity)),
        yes(s.part == Part::Title),
        yes(p.speaker.is_some()),
        yes(p.modality != Modality::Actual),
        from.confidence.min(source.confidence),
        to.confidence.min(target.confidence),
        yes(s.quoted.get(p.token).copied().unwrap_or(false)),
        yes(!lexicon && s.is_rel(from.head, Deprel::Nsubj) && s.head(from.head) == Some(p.token)),
        yes(!lexicon && s.head(to.head) == Some(p.token)),
        yes(!lexicon && is_saying(&s.token(p.token).lemma)),
        yes(!lexicon
            && (s.is_rel(to.head, Deprel::Conj) && s.head(to.head) == Some(from.head)
                || s.is_rel(from.head, Deprel::Conj) && s.head(from.head) == Some(to.head))),
        yes(!lexicon && from.head < to.head),
        yes(!lexicon && context.actors.in_sentence(p.sentence).1.len() > 5),
        yes(!lexicon && s.token(p.token).upos == Upos::Verb),
        domains.sentence(p.sentence),
        domains.article(),
        yes(domains.sentence(p.sentence) >= 2.0),
    ];
    f[..values.len()].copy_from_slice(&values);
    if let Some(i) = Root::ALL.iter().position(|r| *r == p.root) {
        f[values.len() + i] = 1.0;
    }
    f
}

/// Probability that root and actors are right.
pub(crate) fn of_proposal(context: Context<'_>, domains: &Domains, p: &Proposal) -> f32 {
    let z: f32 = features(context, domains, p).iter().zip(WEIGHTS).map(|(x, w)| x * w).sum();
    1.0 / (1.0 + (-z).exp())
}
