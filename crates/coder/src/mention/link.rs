//! Ties a phrase to what follows it: prepositions, appositions, abbreviations in brackets.

use std::ops::Range;

use entente_knowledge::SenseKind;
use entente_language::Deprel;

use crate::mention::describe::Reader;
use crate::mention::nouns::NounClass;
use crate::mention::phrase::{Article, Phrase, Shape, Tie};

impl Reader<'_, '_> {
    /// Ties phrases to what follows by preposition, to appositions, and to abbreviations in brackets.
    pub(crate) fn link(&self, found: &mut [Phrase]) {
        for p in 0..found.len() {
            let (head, core) = (found[p].head, found[p].core.clone());
            if found[p].modifier {
                continue;
            }
            for i in core.clone() {
                for child in self.s.children(i) {
                    let rel = self.s.rel(child);
                    if rel == Deprel::Appos && child != head {
                        found[p].appositions.push(child);
                    } else if rel == Deprel::Nmod
                        && child >= core.end
                        && let Some(tie) = self.tie(&found[p], child)
                    {
                        found[p].ties.push((tie, child));
                        if tie == Tie::Belongs && child <= core.end + 8 {
                            found[p].tokens.end = found[p].tokens.end.max(child + 1);
                        }
                    }
                }
            }
            self.tie_by_place(found, p);
            found[p].alias = self.bracketed(found[p].tokens.end);
            self.neighbour_apposition(found, p);
        }
    }

    fn tie(&self, phrase: &Phrase, child: usize) -> Option<Tie> {
        let case = self.s.children_by(child, Deprel::Case).next()?;
        let speaks_for =
            phrase.noun.is_some_and(|n| n.open && n.class == NounClass::Person) && !phrase.plural;
        match self.w.low[case].as_str() {
            "of" => Some(Tie::Belongs),
            "for" if speaks_for => Some(Tie::Belongs),
            "from" if phrase.noun.is_some_and(|n| n.open) => Some(Tie::Belongs),
            "in" | "at" | "near" | "on" | "across" | "inside" | "from" => Some(Tie::Located),
            _ => None,
        }
    }

    /// "members of the council", "a spokesman for the army": what follows at once, however the tree ties it.
    fn tie_by_place(&self, found: &mut [Phrase], p: usize) {
        let phrase = &found[p];
        let end = phrase.core.end;
        let has = phrase.ties.iter().any(|(tie, _)| *tie == Tie::Belongs);
        let speaks_for =
            phrase.noun.is_some_and(|n| n.open && n.class == NounClass::Person) && !phrase.plural;
        let ties = match self.w.low.get(end).map(smol_str::SmolStr::as_str) {
            Some("of") => phrase.noun.is_some(),
            Some("for") => speaks_for,
            _ => false,
        };
        if has || !ties || phrase.tokens.end > end + 1 {
            return;
        }
        if let Some(q) = found.iter().position(|q| q.tokens.start == end + 1 && !q.modifier) {
            let (head, to) = (found[q].head, found[q].core.end);
            found[p].ties.push((Tie::Belongs, head));
            found[p].tokens.end = found[p].tokens.end.max(to);
        }
    }

    /// "(NRC)" right after a phrase.
    fn bracketed(&self, end: usize) -> Option<Range<usize>> {
        let inside = end + 1..end + 2;
        let is = |i: usize, mark: &str| i < self.s.len() && self.s.word(i) == mark;
        let capitals = || {
            let word = self.s.word(end + 1);
            word.len() > 1 && word.chars().filter(|c| c.is_uppercase()).count() * 2 > word.chars().count()
        };
        (is(end, "(") && is(end + 2, ")") && capitals()).then_some(inside)
    }

    /// A description, a comma and a name (or the other way round) that the parser did not tie together.
    fn neighbour_apposition(&self, found: &mut [Phrase], p: usize) {
        let end = found[p].tokens.end;
        if !found[p].appositions.is_empty() || end >= self.s.len() {
            return;
        }
        let adjoining = self.s.word(end) != ",";
        let from = if adjoining { end } else { end + 1 };
        let Some(q) = found.iter().position(|q| q.tokens.start == from && !q.modifier) else { return };
        if adjoining {
            let (a, b) = (&found[p], &found[q]);
            let unnamed = a.name.is_none();
            let person = matches!(a.noun, Some(n) if n.class == NounClass::Person);
            // "Minister of Labour Ana Duarte"
            let titled =
                a.proper_noun && unnamed && person && end > a.core.end && matches!(b.shape, Shape::Named);
            // "the rebel United Front", "the tracker TicketScope"
            let linked = self.s.head(b.head) == Some(a.head) || self.s.head(a.head) == Some(b.head);
            let body = matches!(b.shape, Shape::Named | Shape::Known(_)) && !is_place_name(&b.shape);
            let lettered = matches!(a.noun, Some(n) if n.class == NounClass::Organisation)
                && a.article == Article::Definite
                && matches!(b.shape, Shape::Named);
            let labelled = unnamed
                && (linked || lettered)
                && body
                && matches!(a.shape, Shape::Described(_))
                && !a.plural;
            if titled || labelled {
                let head = b.head;
                found[p].appositions.push(head);
            }
            return;
        }
        let describes = |x: &Phrase| {
            matches!(x.shape, Shape::Described(noun) if noun.class != NounClass::State)
                && x.name.is_none()
                && !x.plural
        };
        let names = |x: &Phrase| matches!(x.shape, Shape::Named);
        let (a, b) = (&found[p], &found[q]);
        let after = b.tokens.end;
        // "Dunai, a track builder ...": an indefinite description right after a name is about the name.
        let told = names(a) && b.article == Article::Indefinite;
        let closed = told
            || after >= self.s.len()
            || matches!(
                self.s.word(after),
                "," | "."
                    | ":"
                    | ";"
                    | "-"
                    | "\u{2014}"
                    | "\u{2013}"
                    | "who"
                    | "whose"
                    | "which"
                    | "that"
                    | "in"
                    | "of"
                    | "at"
                    | "for"
            );
        let fits = describes(a)
            && names(b)
            && matches!(a.article, Article::Possessed | Article::Definite | Article::Indefinite)
            || names(a)
                && describes(b)
                && matches!(b.article, Article::Possessed | Article::Definite | Article::Indefinite);
        let listed =
            self.s.is_rel(b.head, Deprel::Conj) && self.s.children_by(b.head, Deprel::Cc).next().is_some();
        if fits && closed && !listed {
            let head = b.head;
            found[p].appositions.push(head);
        }
    }
}

/// "Importers" in "Chamber of Food Importers" names nobody by itself; a state in a name does.
pub(crate) fn drop_parts_of_names(found: &mut Vec<Phrase>) {
    let names: Vec<(usize, Range<usize>)> =
        found.iter().filter_map(|p| Some((p.head, p.name.clone()?))).collect();
    found.retain(|p| {
        let known = matches!(p.shape, Shape::Known(_) | Shape::Pronoun(_));
        known
            || !names.iter().any(|(head, name)| {
                *head != p.head
                    && name.len() > p.core.len()
                    && name.start <= p.core.start
                    && p.core.end <= name.end
            })
    });
}

fn is_place_name(shape: &Shape) -> bool {
    matches!(shape, Shape::Known(sense) if matches!(
        sense.kind,
        SenseKind::Country | SenseKind::Seat | SenseKind::Place | SenseKind::Demonym
    ))
}
