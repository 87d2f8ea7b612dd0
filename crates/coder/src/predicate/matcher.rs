//! Does a row of the lexicon fit a predicate, and which tokens fill its slots?

use entente_language::{Deprel, Upos};
use smol_str::SmolStr;

use super::args::{Args, Oblique, Tokens, arguments, prepositions};
use super::words::{has_to, in_set, is_ing, lemma};
use crate::event::who::{View, is_partitive};
use crate::lexicon::{Clause, Entry, Item, PartOfSpeech, WordSet};

/// A row that fits.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    pub(crate) entry: &'static Entry,
    pub(crate) targets: Tokens,
    pub(crate) sources: Tokens,
    /// Tokens of the trigger besides the head: particles, objects, nouns of idioms.
    pub(crate) used: Tokens,
    pub(crate) score: u32,
}

/// The row that fits best, if any.
pub(crate) fn best_match(view: &View<'_>, pos: PartOfSpeech, token: usize, args: &Args) -> Option<Match> {
    let mut best: Option<Match> = None;
    let own = view.lemma(pos, token);
    for entry in view.lexicon().entries_for(pos, &own) {
        if let Some(found) = try_entry(view, entry, token, args)
            && best.as_ref().is_none_or(|b| found.score > b.score)
        {
            best = Some(found);
        }
    }
    best
}

fn try_entry(view: &View<'_>, entry: &'static Entry, token: usize, args: &Args) -> Option<Match> {
    let s = view.s();
    let mut found = Match {
        entry,
        targets: Tokens::new(),
        sources: Tokens::new(),
        used: Tokens::new(),
        score: entry.specificity(),
    };
    fit_head(view, entry, token, args, &mut found)?;
    for item in &entry.items {
        fit_item(view, entry, item, token, args, &mut found)?;
    }
    if entry.subject_is_target {
        found.targets = args.subjects.clone();
    } else if found.sources.is_empty() && entry.pos != PartOfSpeech::Noun {
        found.sources = args.subjects.clone();
    }
    if found.targets.iter().any(|&t| view.has_actor(t)) {
        found.score += 3;
    }
    if entry.names_target() && found.targets.is_empty() && entry.pos != PartOfSpeech::Noun {
        return None;
    }
    let _ = s;
    Some(found)
}

fn fit_head(view: &View<'_>, entry: &Entry, token: usize, args: &Args, found: &mut Match) -> Option<()> {
    let s = view.s();
    let own = view.lemma(entry.pos, token);
    let mut plain = false;
    for head in entry.heads.iter().filter(|h| h.lemma == own) {
        let Some(particle) = &head.particle else {
            plain = true;
            continue;
        };
        if args.particles.contains(particle) || particle_as_preposition(args, particle) {
            found.used.extend(s.children(token).filter(|&c| view.lower(c) == particle.as_str()));
            return Some(());
        }
    }
    if plain {
        // A particle that the row does not mention makes another verb of it.
        let real = s.children_by(token, Deprel::CompoundPrt).any(|_| true);
        found.score = found.score.saturating_sub(if real { 6 } else { 0 });
        if found.entry.specificity() > 9 {
            found.score =
                found.score.saturating_sub(9 * u32::from(entry.heads.iter().any(|h| h.particle.is_some())));
        }
        return Some(());
    }
    None
}

/// "turned Tehran down" parsed with the particle as a bare adverb or as a preposition of the object.
fn particle_as_preposition(args: &Args, particle: &SmolStr) -> bool {
    args.obliques.iter().any(|o| !o.distant && o.preps.first() == Some(particle) && o.preps.len() == 1)
        && args.objects.is_empty()
}

fn fit_item(
    view: &View<'_>,
    entry: &Entry,
    item: &Item,
    token: usize,
    args: &Args,
    found: &mut Match,
) -> Option<()> {
    let s = view.s();
    match item {
        Item::ObjectTarget => {
            if entry.pos == PartOfSpeech::Noun {
                return None;
            }
            let tokens = object_slot(entry, args, found);
            if tokens.is_empty() {
                // With a particle misread as a preposition the object hangs below it.
                let particle = entry
                    .heads
                    .iter()
                    .find_map(|h| h.particle.clone().filter(|_| h.lemma == view.lemma(entry.pos, token)));
                let oblique =
                    args.obliques.iter().find(|o| particle.as_ref().is_some_and(|p| o.preps.contains(p)))?;
                found.targets.push(oblique.noun);
                return Some(());
            }
            found.targets.extend(tokens);
        }
        Item::Recipient => {
            if args.recipients.is_empty() {
                return None;
            }
            found.targets.extend(args.recipients.iter().copied());
        }
        Item::ObjectSource => {
            let tokens = object_slot(entry, args, found);
            if tokens.is_empty() {
                return None;
            }
            found.sources.extend(tokens);
        }
        Item::Object(set) => {
            let object = args.objects.iter().copied().find_map(|o| noun_in_set(view, o, set))?;
            found.used.push(object);
        }
        Item::Target(preps) => match slot(view, entry, token, args, preps, found) {
            Some(noun) => found.targets.push(noun),
            None if entry.pos == PartOfSpeech::Noun => found.score = found.score.saturating_sub(3),
            None => return None,
        },
        Item::Source(preps) => match slot(view, entry, token, args, preps, found) {
            Some(noun) => found.sources.push(noun),
            None if entry.pos == PartOfSpeech::Noun => {}
            None => return None,
        },
        Item::Oblique(preps, set) => {
            let noun = obliques(view, entry, token, args)
                .iter()
                .filter(|o| o.preps.iter().any(|p| preps.contains(p)))
                .find_map(|o| noun_in_set(view, o.noun, set))?;
            found.used.push(noun);
        }
        Item::Clause(kind, verbs) => {
            let clause = clause_of(view, token, args, *kind)?;
            if let Some(verbs) = verbs {
                if !in_set(s, clause, verbs) {
                    return None;
                }
                found.used.push(clause);
            }
        }
        Item::ClauseTarget => {
            let clause = args
                .clauses
                .iter()
                .copied()
                .find(|&c| s.is_rel(c, Deprel::Ccomp) || s.is_rel(c, Deprel::Xcomp) || has_to(s, c))?;
            let subjects: Tokens = s.children(clause).filter(|&c| s.is_rel(c, Deprel::Nsubj)).collect();
            if subjects.is_empty() {
                return None;
            }
            found.targets.extend(subjects);
        }
    }
    Some(())
}

/// The object that a bare slot stands for: the recipient of a double object, else what is no fixed word.
fn object_slot(entry: &Entry, args: &Args, found: &Match) -> Tokens {
    let fixed = entry.items.iter().any(|i| matches!(i, Item::Object(_)));
    if fixed && !args.recipients.is_empty() {
        return args.recipients.clone();
    }
    let rest: Tokens = args.objects.iter().copied().filter(|o| !found.used.contains(o)).collect();
    if fixed && rest.len() == args.objects.len() && found.used.is_empty() && args.objects.len() > 1 {
        return Tokens::from_slice(&args.objects[..1]);
    }
    if rest.is_empty() { args.recipients.clone() } else { rest }
}

/// The word itself or what it measures ("a round of talks") is in the set; gives the token.
fn noun_in_set(view: &View<'_>, noun: usize, set: &WordSet) -> Option<usize> {
    let s = view.s();
    if in_set(s, noun, set) {
        return Some(noun);
    }
    for conjunct in s.children_by(noun, Deprel::Conj) {
        if in_set(s, conjunct, set) {
            return Some(conjunct);
        }
    }
    if is_partitive(lemma(s, noun)) {
        return s
            .children_by(noun, Deprel::Nmod)
            .find(|&c| prepositions(s, c).iter().any(|p| p == "of") && in_set(s, c, set));
    }
    None
}

fn obliques(view: &View<'_>, entry: &Entry, token: usize, args: &Args) -> Vec<Oblique> {
    if entry.pos != PartOfSpeech::Noun {
        return args.obliques.clone();
    }
    let s = view.s();
    let mut found: Vec<Oblique> = s
        .children(token)
        .filter(|&c| s.is_rel(c, Deprel::Nmod) && !s.is_rel(c, Deprel::NmodPoss) || s.is_rel(c, Deprel::Obl))
        .map(|c| Oblique { preps: prepositions(s, c), noun: c, distant: false })
        .collect();
    // "two days of talks in Geneva between ...": what belongs to the measure belongs to the talks.
    if s.is_rel(token, Deprel::Nmod)
        && let Some(head) = s.head(token)
        && (is_partitive(lemma(s, head)) || super::args::is_time(s, head))
    {
        let more = s.children_by(head, Deprel::Nmod).filter(|&c| c != token);
        found.extend(more.map(|c| Oblique { preps: prepositions(s, c), noun: c, distant: true }));
    }
    // A phrase that the parser hung on another dependent, or on the verb above.
    for child in found.iter().map(|o| o.noun).collect::<Vec<_>>() {
        for deeper in s.children_by(child, Deprel::Nmod).filter(|&c| !s.is_rel(c, Deprel::NmodPoss)) {
            found.push(Oblique { preps: prepositions(s, deeper), noun: deeper, distant: true });
        }
    }
    if let Some(head) = s.head(token)
        && s.token(head).is_verbal()
        && (s.is_rel(token, Deprel::Obj) || s.is_rel(token, Deprel::Obl) || s.is_rel(token, Deprel::Nsubj))
    {
        for sibling in s.children_by(head, Deprel::Obl).filter(|&c| c > token) {
            found.push(Oblique { preps: prepositions(s, sibling), noun: sibling, distant: true });
        }
    }
    found
}

fn slot(
    view: &View<'_>,
    entry: &Entry,
    token: usize,
    args: &Args,
    preps: &WordSet,
    found: &Match,
) -> Option<usize> {
    let all = obliques(view, entry, token, args);
    let fits = |o: &&Oblique| {
        o.preps.iter().any(|p| preps.contains(p)) && !found.used.contains(&o.noun) && o.noun != token
    };
    let near = all.iter().filter(fits).find(|o| !o.distant && view.has_actor(o.noun));
    let far = || all.iter().filter(fits).find(|o| o.distant && view.has_actor(o.noun));
    let any = || all.iter().filter(fits).find(|o| !o.distant && !super::args::is_time(view.s(), o.noun));
    near.or_else(far)
        .map(|o| o.noun)
        .or_else(|| to_the_right(view, token, preps, found))
        .or_else(|| any().map(|o| o.noun))
}

/// An actor behind one of the prepositions in the rest of the clause, however the parser attached it.
fn to_the_right(view: &View<'_>, token: usize, preps: &WordSet, found: &Match) -> Option<usize> {
    let s = view.s();
    for at in token + 1..s.len().min(token + 16) {
        if matches!(s.word(at), ";" | ":" | "." | "\u{201c}")
            || s.token(at).upos == Upos::Verb && super::args::is_finite(s, at)
        {
            return None;
        }
        let fits = s.token(at).is_nominal()
            && prepositions(s, at).iter().any(|p| preps.contains(p))
            && !found.used.contains(&at)
            && !found.targets.contains(&at)
            && !found.sources.contains(&at);
        if fits && view.has_actor(at) {
            return Some(at);
        }
    }
    None
}

/// The dependent clause of this form.
pub(crate) fn clause_of(view: &View<'_>, token: usize, args: &Args, kind: Clause) -> Option<usize> {
    let s = view.s();
    let more = s.children(token).filter(|&c| {
        s.is_rel(c, Deprel::Acl) && !s.is_rel(c, Deprel::AclRelcl)
            || s.is_rel(c, Deprel::Parataxis)
            || s.is_rel(c, Deprel::Csubj)
    });
    let objects = args
        .objects
        .iter()
        .flat_map(|&o| s.children(o).filter(|&c| s.is_rel(c, Deprel::Acl) && !s.is_rel(c, Deprel::AclRelcl)));
    let found = args.clauses.iter().copied().chain(more).chain(objects).find(|&c| match kind {
        Clause::To => has_to(s, c),
        Clause::That if s.token(token).upos == Upos::Noun => {
            !has_to(s, c) && s.children_by(c, Deprel::Mark).any(|m| lemma(s, m) == "that")
        }
        Clause::That => {
            (s.is_rel(c, Deprel::Ccomp) || s.is_rel(c, Deprel::Acl) || s.is_rel(c, Deprel::Parataxis))
                && !has_to(s, c)
                && !is_ing(s, c)
        }
        Clause::Ing => is_ing(s, c) && !has_to(s, c),
    });
    found.or_else(|| if kind == Clause::To { infinitive_to_the_right(view, token) } else { None })
}

/// "agreed on Saturday to provide": an infinitive that the parser hung on a noun in between.
fn infinitive_to_the_right(view: &View<'_>, token: usize) -> Option<usize> {
    let s = view.s();
    for at in token + 1..s.len().min(token + 14) {
        if matches!(s.word(at), ";" | ":" | ".") {
            return None;
        }
        if s.token(at).upos != Upos::Verb {
            continue;
        }
        let nominal_path = || {
            let mut up = s.head(at);
            while let Some(h) = up {
                if h == token {
                    return true;
                }
                if s.token(h).upos == Upos::Verb || h < token {
                    return false;
                }
                up = s.head(h);
            }
            false
        };
        return (has_to(s, at) && nominal_path()).then_some(at);
    }
    None
}

/// Arguments of the predicate at `token`.
pub(crate) fn args_of(view: &View<'_>, token: usize) -> Args {
    arguments(view.s(), token)
}
