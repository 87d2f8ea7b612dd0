//! What a governing word takes: the clause or nominal act below it.

use entente_language::Deprel;

use super::acts::Acts;
use crate::lexicon::{Clause, Operator, PartOfSpeech};
use crate::predicate::args::{Args, Tokens, prepositions};
use crate::predicate::matcher::clause_of;
use crate::predicate::words::lemma;

/// A governing word with what it governs.
#[derive(Clone, Debug)]
pub(crate) struct Governed {
    pub(crate) operator: &'static Operator,
    /// Head of the governed clause or noun.
    pub(crate) complement: usize,
    pub(crate) nominal: bool,
}

/// The operator at a token whose complement is there.
pub(crate) fn governed(acts: &Acts<'_>, pos: PartOfSpeech, token: usize, args: &Args) -> Option<Governed> {
    let view = &acts.view;
    let own = view.lemma(pos, token);
    for operator in view.lexicon().operators_for(pos, &own) {
        if !particle_fits(operator, &own, args) {
            continue;
        }
        for (wanted, kind) in [
            (operator.takes.to, Clause::To),
            (operator.takes.that, Clause::That),
            (operator.takes.ing, Clause::Ing),
        ] {
            if wanted && let Some(complement) = clause_of(view, token, args, kind) {
                return Some(Governed { operator, complement, nominal: false });
            }
        }
        if let Some(complement) = nominal_complement(acts, operator, token, args) {
            return Some(Governed { operator, complement, nominal: true });
        }
    }
    None
}

fn particle_fits(operator: &Operator, own: &str, args: &Args) -> bool {
    operator.heads.iter().filter(|h| h.lemma == own).any(|h| match &h.particle {
        Some(particle) => {
            args.particles.contains(particle)
                || args.obliques.iter().any(|o| o.preps.first() == Some(particle))
        }
        None => !args
            .particles
            .iter()
            .any(|p| matches!(p.as_str(), "off" | "down" | "out" | "up" | "back" | "away" | "over")),
    })
}

fn nominal_complement(acts: &Acts<'_>, operator: &Operator, token: usize, args: &Args) -> Option<usize> {
    let s = acts.view.s();
    let is_act = |&noun: &usize| acts.at[noun].as_ref().is_some_and(|a| a.nominal && a.live());
    if operator.takes.noun
        && let Some(found) =
            args.objects.iter().copied().flat_map(|o| with_parts(acts, o)).find(|o| is_act(o))
    {
        return Some(found);
    }
    let mut phrases: Vec<(usize, bool)> = args
        .obliques
        .iter()
        .filter(|o| o.preps.iter().any(|p| operator.preps.contains(p)))
        .map(|o| (o.noun, o.distant))
        .collect();
    if operator.pos == PartOfSpeech::Noun {
        phrases.extend(
            s.children_by(token, Deprel::Nmod)
                .filter(|&c| prepositions(s, c).iter().any(|p| operator.preps.contains(p)))
                .map(|c| (c, false)),
        );
    }
    phrases.into_iter().flat_map(|(n, _)| with_parts(acts, n)).find(is_act)
}

/// The noun, and what it measures ("a round of talks", "an exchange of fire"), and its conjuncts.
fn with_parts(acts: &Acts<'_>, noun: usize) -> Tokens {
    let s = acts.view.s();
    let mut all = Tokens::from_slice(&[noun]);
    if super::who::is_partitive(lemma(s, noun)) {
        all.extend(
            s.children_by(noun, Deprel::Nmod).filter(|&c| prepositions(s, c).iter().any(|p| p == "of")),
        );
    }
    all.extend(s.children_by(noun, Deprel::Conj));
    all
}
