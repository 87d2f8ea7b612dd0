//! The tree between the actors: the words that join them, what governs these, and what else hangs on them.

use entente_language::{Deprel, Upos};

use super::classes;
use super::ngrams::name;
use super::{Features, Group};
use crate::pair::{Role, View};

/// How the actors hang together in the tree.
struct Join {
    /// From the source's head word up to, without, the joining word; the same for the target.
    source_side: Vec<usize>,
    target_side: Vec<usize>,
    /// Where the two ways meet.
    top: usize,
}

/// Returns the words on the way between the actors.
pub(super) fn add(view: &View, out: &mut Features) -> Vec<usize> {
    let join = match (view.source, view.target) {
        (Some(s), Some(t)) => Some(join(view, s, t)),
        (Some(one), None) | (None, Some(one)) => {
            let up = view.upward(one);
            let top = up.get(1).copied().unwrap_or(one);
            Some(Join { source_side: vec![one], target_side: vec![one], top })
        }
        (None, None) => None,
    };
    let Some(join) = join else { return Vec::new() };
    predicates(view, &join, out);
    for (side, actor) in [("s", view.source), ("t", view.target)] {
        if let Some(actor) = actor {
            attachment(view, side, actor, out);
        }
    }
    let heads = governed(view, &join);
    for &head in &heads {
        operators(view, head, out);
        arguments(view, head, out);
    }
    governors(view, join.top, out);
    let arrive = |side: &[usize]| side.last().map_or("self", |&i| view.words[i].deprel.as_str());
    classes::add_top(view, join.top, (arrive(&join.source_side), arrive(&join.target_side)), out);
    let mut way = join.source_side;
    way.push(join.top);
    way.extend(join.target_side);
    way
}

fn join(view: &View, source: usize, target: usize) -> Join {
    let (up_s, up_t) = (view.upward(source), view.upward(target));
    let top = up_s.iter().copied().find(|i| up_t.contains(i)).unwrap_or(up_s[up_s.len() - 1]);
    let side = |up: &[usize]| up.iter().copied().take_while(|&i| i != top).collect();
    Join { source_side: side(&up_s), target_side: side(&up_t), top }
}

/// The joining word and the words on the way to it.
fn predicates(view: &View, join: &Join, out: &mut Features) {
    let top = &view.words[join.top];
    let lemma = name(top);
    let particle = particle(view, join.top);
    let voice = if top.passive { "passive" } else { "active" };
    out.add(Group::Predicate, &["top", lemma]);
    out.add(Group::Predicate, &["top", lemma, particle, voice]);
    let arrive = |side: &[usize]| side.last().map_or("self", |&i| view.words[i].deprel.as_str());
    let (s, t) = (arrive(&join.source_side), arrive(&join.target_side));
    out.add(Group::Predicate, &["ways", s, t, voice]);
    out.add(Group::Predicate, &["top ways", lemma, s, t]);
    out.add(Group::Predicate, &["top source", lemma, s]);
    out.add(Group::Predicate, &["top target", lemma, t]);
    let long = |side: &[usize]| if side.len() > 3 { "long" } else { ["0", "1", "2", "3"][side.len()] };
    out.add(Group::Predicate, &["length", long(&join.source_side), long(&join.target_side)]);
    for (side, path) in [("s", &join.source_side), ("t", &join.target_side)] {
        let mut below = join.top;
        for &i in path.iter().rev() {
            let word = &view.words[i];
            if word.role == Role::Other {
                let lemma = name(word);
                out.add(Group::Predicate, &["way", side, lemma]);
                out.add(Group::Predicate, &["way any", lemma]);
                out.add(
                    Group::Predicate,
                    &["step", side, name(&view.words[below]), word.deprel.as_str(), lemma],
                );
            }
            below = i;
        }
    }
}

/// An actor's head word: its relation, its preposition and the word it hangs on.
fn attachment(view: &View, side: &str, actor: usize, out: &mut Features) {
    let word = &view.words[actor];
    let case = case_of(view, actor);
    let head = word.head.map_or("ROOT", |h| name(&view.words[h]));
    let relation = word.deprel.as_str();
    out.add(Group::Predicate, &["hangs", side, relation, case]);
    out.add(Group::Predicate, &["hangs on", side, relation, case, head]);
    let kind = if word.upos == Upos::Propn { "NAME" } else { &word.lemma };
    out.add(Group::Predicate, &["actor", side, kind]);
    // The nearest verb above, with whether the actor is its subject: coordination and relative clauses kept apart.
    let up = view.upward(actor);
    if let Some(&verb) = up.iter().skip(1).find(|&&i| view.words[i].upos == Upos::Verb) {
        let below = up[up.iter().position(|&i| i == verb).unwrap_or(1) - 1];
        let voice = if view.words[verb].passive { "passive" } else { "active" };
        let relation = view.words[below].deprel.as_str();
        let lemma = name(&view.words[verb]);
        out.add(Group::Predicate, &["verb", side, lemma, relation, voice]);
        out.add(Group::Predicate, &["verb", side, lemma]);
    }
}

/// The words whose operators and arguments matter: the top and the verbs and event nouns on the ways, at most four.
fn governed(view: &View, join: &Join) -> Vec<usize> {
    let mut heads = vec![join.top];
    for side in [&join.target_side, &join.source_side] {
        heads.extend(side.iter().rev().copied().filter(|&i| {
            view.words[i].role == Role::Other
                && matches!(view.words[i].upos, Upos::Verb | Upos::Noun | Upos::Adj)
        }));
    }
    heads.truncate(4);
    heads
}

fn operators(view: &View, head: usize, out: &mut Features) {
    let word = &view.words[head];
    let lemma = name(word);
    out.add(
        Group::Operators,
        &["form", word.tense, word.verb_form, if word.passive { "passive" } else { "" }],
    );
    for child in view.children(head) {
        let c = &view.words[child];
        match c.deprel.base() {
            Deprel::Aux | Deprel::Mark | Deprel::Cop => {
                out.add(Group::Operators, &["aux", &c.lemma]);
                out.add(Group::Operators, &["aux of", &c.lemma, lemma]);
            }
            Deprel::Advmod | Deprel::Det if c.role == Role::Other => {
                out.add(Group::Operators, &["modifier", &c.lemma]);
                if matches!(c.lemma.as_str(), "not" | "no" | "never" | "neither") {
                    out.add(Group::Operators, &["negated", lemma]);
                }
            }
            _ => {}
        }
    }
}

fn arguments(view: &View, head: usize, out: &mut Features) {
    let lemma = name(&view.words[head]);
    for child in view.children(head) {
        let c = &view.words[child];
        let base = c.deprel.base();
        if !matches!(
            base,
            Deprel::Nsubj
                | Deprel::Obj
                | Deprel::Iobj
                | Deprel::Obl
                | Deprel::Nmod
                | Deprel::Xcomp
                | Deprel::Ccomp
                | Deprel::Advcl
                | Deprel::Acl
                | Deprel::Compound
                | Deprel::Amod
                | Deprel::Conj
        ) {
            continue;
        }
        let (relation, case, arg) = (base.as_str(), case_of(view, child), name(c));
        out.add(Group::Arguments, &["argument", relation, case, arg]);
        out.add(Group::Arguments, &["argument of", lemma, relation, case, arg]);
        out.add(Group::Arguments, &["frame", lemma, relation, case]);
        if matches!(base, Deprel::Obj | Deprel::Xcomp | Deprel::Ccomp | Deprel::Obl) && c.role == Role::Other
        {
            for grandchild in view.children(child) {
                let g = &view.words[grandchild];
                if matches!(
                    g.deprel.base(),
                    Deprel::Amod | Deprel::Compound | Deprel::Nmod | Deprel::Obj | Deprel::Acl
                ) {
                    out.add(Group::Arguments, &["below", arg, g.deprel.base().as_str(), name(g)]);
                    out.add(Group::Arguments, &["below any", name(g)]);
                }
            }
        }
    }
}

/// What the joining word hangs on: "agreed to", "threatened that", "said".
fn governors(view: &View, top: usize, out: &mut Features) {
    let mut below = top;
    for &above in view.upward(top).iter().skip(1).take(2) {
        let relation = view.words[below].deprel.base().as_str();
        let lemma = name(&view.words[above]);
        out.add(Group::Operators, &["governor", lemma, relation]);
        out.add(Group::Operators, &["governor of", lemma, relation, name(&view.words[top])]);
        for child in view.children(above) {
            let c = &view.words[child];
            if c.deprel.base() == Deprel::Aux || matches!(c.lemma.as_str(), "not" | "never") {
                out.add(Group::Operators, &["governor's", &c.lemma]);
            }
        }
        below = above;
    }
}

/// The preposition or case marker of a word.
fn case_of(view: &View, word: usize) -> &str {
    view.children(word)
        .find(|&i| view.words[i].deprel == Deprel::Case)
        .map_or("", |i| view.words[i].lemma.as_str())
}

/// The verb's particle ("carry out").
fn particle(view: &View, verb: usize) -> &str {
    view.children(verb)
        .find(|&i| view.words[i].deprel == Deprel::CompoundPrt)
        .map_or("", |i| view.words[i].lemma.as_str())
}
