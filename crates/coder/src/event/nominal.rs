//! Who stands behind a nominal act: "Russia's raid", "the raid by Russian jets", "held talks with".

use entente_language::Deprel;

use super::who::{View, Whos};
use crate::lexicon::Item;
use crate::predicate::args::{arguments, is_passive, premodifiers, prepositions, surface_subjects};
use crate::predicate::matcher::Match;
use crate::predicate::words::is_verb;

/// The doer of a nominal act: owner, agent, nationality in front, or the subject of the clause it stands in.
pub(crate) fn noun_sources(view: &View<'_>, noun: usize, found: &Match) -> Whos {
    let s = view.s();
    let target_uses_of = found
        .entry
        .items
        .iter()
        .any(|i| matches!(i, Item::Target(p) | Item::Oblique(p, _) if p.contains("of")));
    let owners: Vec<usize> = s.children_by(noun, Deprel::NmodPoss).collect();
    let whos = doers(view, &owners, found);
    if !whos.is_empty() {
        return whos;
    }
    for prep in ["by", "from", "of"] {
        if prep == "of" && target_uses_of {
            continue;
        }
        let nouns: Vec<usize> = s
            .children(noun)
            .filter(|&c| s.is_rel(c, Deprel::Nmod) || s.is_rel(c, Deprel::Obl))
            .filter(|&c| !found.targets.contains(&c) && prepositions(s, c).iter().any(|p| p == prep))
            .collect();
        let whos = doers(view, &nouns, found);
        if !whos.is_empty() {
            return whos;
        }
    }
    let front: Vec<usize> =
        premodifiers(s, noun).into_iter().filter(|&c| !s.is_rel(c, Deprel::NmodPoss)).collect();
    let whos = doers(view, &front, found);
    if !whos.is_empty() {
        return whos;
    }
    if found.entry.flags.controlled { clause_subject(view, noun) } else { Whos::new() }
}

fn doers(view: &View<'_>, tokens: &[usize], found: &Match) -> Whos {
    let mut whos = Whos::new();
    for &token in tokens {
        if found.targets.contains(&token) {
            continue;
        }
        for who in view.resolve(token) {
            if view.may_act(&who) && !whos.iter().any(|w: &super::who::Who| w.entity == who.entity) {
                whos.push(who);
            }
        }
    }
    whos
}

/// The subject of the clause that a noun stands in.
pub(crate) fn clause_subject(view: &View<'_>, noun: usize) -> Whos {
    let s = view.s();
    let mut at = noun;
    for _ in 0..6 {
        let Some(head) = s.head(at) else { return Whos::new() };
        if is_verb(s, head) {
            let passive = is_passive(s, head);
            let subjects = if passive {
                arguments(s, head).subjects
            } else {
                surface_subjects(s, head, 0).unwrap_or_default()
            };
            if subjects.contains(&at) {
                return if at == noun { Whos::new() } else { view.resolve(at) };
            }
            let mut whos = view.resolve_all(&subjects);
            whos.retain(|w| view.may_act(w));
            return whos;
        }
        at = head;
    }
    Whos::new()
}
