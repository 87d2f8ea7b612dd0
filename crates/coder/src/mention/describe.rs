//! Reads the noun phrases of a sentence: which name or describe an actor, and what they say of it.

use std::ops::Range;

use entente_knowledge::SenseKind;
use entente_language::{Deprel, Upos, Xpos};
use entente_ontology::Sector;

use crate::analysed::AnalysedSentence;
use crate::mention::chunk::{Chunk, chunks};
use crate::mention::closed::{honorific, number_or_both, pronoun_of};
use crate::mention::link::drop_parts_of_names;
use crate::mention::nouns::{Noun, NounClass, Nouns, looks_like_people};
use crate::mention::phrase::{Phrase, Pronoun, Several, Shape};
use crate::mention::words::{Words, is_direction, is_time_word};

/// The phrases of a sentence that may refer to actors, in order of their head words, one for each head word.
pub(crate) fn phrases(sentence: &AnalysedSentence<'_>, index: usize, words: &Words) -> Vec<Phrase> {
    let reader = Reader { s: sentence, w: words, index };
    let mut found = Vec::new();
    for chunk in chunks(sentence, words) {
        reader.read(&chunk, &mut found);
    }
    reader.pronouns(&mut found);
    found.sort_by_key(|p| (p.head, p.modifier));
    found.dedup_by_key(|p| p.head);
    drop_parts_of_names(&mut found);
    reader.link(&mut found);
    found
}

mod details;

/// Reads the phrases of one sentence.
pub(crate) struct Reader<'r, 'a> {
    pub(crate) s: &'r AnalysedSentence<'a>,
    pub(crate) w: &'r Words,
    index: usize,
}

/// Where the describing noun and the proper name of a phrase stand.
struct Parts {
    noun: Option<(Noun, Range<usize>)>,
    name: Option<Range<usize>>,
}

impl Reader<'_, '_> {
    fn read(&self, chunk: &Chunk, found: &mut Vec<Phrase>) {
        let core = self.trim(&chunk.core);
        if pronoun_of(&self.w.low[chunk.top]).is_some() && self.s.token(chunk.top).upos == Upos::Pron {
            return;
        }
        // The tail of a known name whose beginning stands in another phrase.
        if self.w.hit(core.start).is_some_and(|h| h.tokens.start < core.start && h.tokens.end >= core.end) {
            return;
        }
        if matches!(
            self.w.low[chunk.core.start].as_str(),
            "which" | "what" | "whatever" | "no" | "any" | "every"
        ) {
            return self.modifiers(&core, true, chunk.top, found);
        }
        let parts = self.parts(&core);
        let mut phrase = match self.shape(chunk, &core, &parts) {
            Some(shape) => Phrase::bare(self.index, chunk.top, chunk.core.clone(), shape),
            None => return self.modifiers(&core, true, chunk.top, found),
        };
        phrase.tokens = chunk.start..chunk.core.end;
        // "His Highness": a title, nobody's possession.
        let title =
            matches!(self.w.base[chunk.top].as_str(), "highness" | "majesty" | "excellency" | "holiness");
        phrase.possessor = chunk.possessor.filter(|_| !title);
        (phrase.article, phrase.count) = self.article(chunk, &core);
        phrase.plural = self.is_plural(chunk, &parts) || phrase.count.is_some_and(|c| c > 1);
        phrase.sides = self.sides(&core, &parts);
        if let Some((noun, at)) = parts.noun {
            phrase.noun = Some(noun);
            phrase.proper_noun = self.w.capital[at.end - 1] && self.s.token(at.end - 1).upos == Upos::Propn;
            phrase.role = self.role(&core, &at, noun);
            phrase.modifier_sector = self.modifier_sector(core.start..at.start, noun);
            phrase.noun_tokens = at;
        }
        phrase.honorific = core.clone().find_map(|i| honorific(&self.w.low[i]));
        phrase.name = parts.name;
        self.extend_name(&mut phrase);
        if !matches!(phrase.shape, Shape::Known(_)) || phrase.noun.is_some() {
            self.modifiers(&core, false, chunk.top, found);
        }
        found.push(phrase);
    }

    /// The core without leading determiners, numbers and adverbs.
    fn trim(&self, core: &Range<usize>) -> Range<usize> {
        let mut start = core.start;
        while start + 1 < core.end {
            let token = self.s.token(start);
            let skip = matches!(
                token.upos,
                Upos::Det | Upos::Adp | Upos::Adv | Upos::Punct | Upos::Part | Upos::Cconj
            ) || matches!(
                self.w.low[start].as_str(),
                "the"
                    | "a"
                    | "an"
                    | "some"
                    | "several"
                    | "about"
                    | "over"
                    | "nearly"
                    | "many"
                    | "most"
                    | "all"
                    | "both"
                    | "such"
            ) || token.upos == Upos::Num && start + 1 < core.end && self.w.hit(start).is_none();
            if !skip || self.w.hit(start).is_some_and(|h| h.tokens.len() > 1) {
                break;
            }
            start += 1;
        }
        start..core.end
    }

    /// Finds the last noun of the table and the name after it.
    fn parts(&self, core: &Range<usize>) -> Parts {
        let mut end = core.end;
        while end > core.start {
            if let Some((noun, at)) = self.noun_ending(core.start, end) {
                let covering = self
                    .w
                    .hit(end - 1)
                    .filter(|h| (h.tokens.len() > 1 || h.sense.kind.is_body()) && h.tokens.end >= end);
                let inside_name = covering.is_some_and(|h| h.tokens.end >= core.end);
                if !inside_name {
                    let name = (end < core.end).then_some(end..core.end);
                    return Parts { noun: Some((noun, at)), name };
                }
            }
            if !self.is_name_word(end - 1) {
                break;
            }
            end -= 1;
        }
        let name = (end < core.end && end == core.start || self.all_names(core)).then(|| core.clone());
        Parts { noun: None, name }
    }

    fn all_names(&self, core: &Range<usize>) -> bool {
        core.clone().all(|i| self.is_name_word(i))
    }

    fn is_name_word(&self, i: usize) -> bool {
        let token = self.s.token(i);
        let low = self.w.low[i].as_str();
        self.w.is_name[i]
            || (self.w.capital[i]
                && !matches!(token.upos, Upos::Verb | Upos::Aux | Upos::Adv | Upos::Pron)
                && !is_time_word(low))
            || self.w.hit(i).is_some()
            || matches!(
                low,
                "de" | "del"
                    | "du"
                    | "des"
                    | "della"
                    | "las"
                    | "los"
                    | "bint"
                    | "ben"
                    | "abu"
                    | "van"
                    | "von"
                    | "der"
                    | "al"
                    | "el"
                    | "bin"
                    | "ibn"
                    | "da"
                    | "dos"
                    | "di"
                    | "la"
                    | "le"
                    | "-"
                    | "&"
            )
            || token.upos == Upos::Num && i > 0 && self.w.capital[i - 1]
            || token.upos == Upos::Punct && low == "."
    }

    /// The table's noun that ends before token `end`, and its tokens.
    fn noun_ending(&self, start: usize, end: usize) -> Option<(Noun, Range<usize>)> {
        let last = end - 1;
        let token = self.s.token(last);
        let nominal = matches!(token.upos, Upos::Noun | Upos::Propn | Upos::Adj | Upos::X)
            || self.w.capital[last] && !matches!(token.upos, Upos::Adp | Upos::Det | Upos::Punct);
        if !nominal {
            return None;
        }
        let from = start.max(end.saturating_sub(6));
        let mut keys: Vec<&str> = Vec::with_capacity(6);
        let mut at = Vec::with_capacity(6);
        for i in from..end {
            if self.w.low[i] != "-" {
                keys.push(&self.w.low[i]);
                at.push(i);
            }
        }
        let nouns = Nouns::shared();
        let surface = nouns.longest_ending(&keys);
        if let Some(tail) = keys.last_mut() {
            *tail = &self.w.base[last];
        }
        let best = match (surface, nouns.longest_ending(&keys)) {
            (Some(a), Some(b)) if b.0 > a.0 => Some(b),
            (a, b) => a.or(b),
        };
        let (count, noun) = best.or_else(|| self.people_by_form(last).map(|noun| (1, noun)))?;
        let from = *at.get(at.len().checked_sub(count)?)?;
        Some((noun, from..end))
    }

    fn people_by_form(&self, i: usize) -> Option<Noun> {
        (self.s.token(i).xpos == Xpos::Nns && looks_like_people(&self.w.base[i])).then_some(Noun {
            class: NounClass::Person,
            sector: Some(Sector::Cvl),
            open: true,
        })
    }

    fn shape(&self, chunk: &Chunk, core: &Range<usize>, parts: &Parts) -> Option<Shape> {
        let last = core.end - 1;
        if self.is_quantity(last) && self.w.low.get(chunk.core.end).is_some_and(|w| w == "of") {
            return Some(Shape::Quantity);
        }
        if let Some((noun, at)) = &parts.noun {
            if let Some(several) = self.several(chunk, core, *noun, at) {
                return Some(Shape::Several(several));
            }
            if let Some(name) = &parts.name
                && let Some(hit) = self.w.hit(name.start).filter(|h| h.tokens == *name)
                && !matches!(
                    hit.sense.kind,
                    SenseKind::Country | SenseKind::Seat | SenseKind::Place | SenseKind::Demonym
                )
            {
                return Some(Shape::Known(hit.sense));
            }
            if parts.name.is_none() && self.is_proper_name(core, *noun, at) {
                return Some(Shape::Named);
            }
            let sided = chunk.possessor.is_some() || (core.start..at.start).any(|i| self.w.hit(i).is_some());
            if noun.class == NounClass::Side && !(sided && chunk.core.start < at.start) {
                return None;
            }
            if !sided && self.is_mass_use(chunk, *noun, at) {
                return None;
            }
            return Some(Shape::Described(*noun));
        }
        if self.s.token(last).upos == Upos::Num && self.w.hit(last).is_none() || self.w.low[last] == "both" {
            return number_or_both(&self.w.low[last]).map(|_| Shape::Several(Several::Any));
        }
        if matches!(self.w.low[last].as_str(), "neither" | "each" | "both") {
            return Some(Shape::Several(Several::Any));
        }
        if let Some(hit) = self.w.hit(last).filter(|h| h.tokens.end >= core.end) {
            let unknown_before = core.start < hit.tokens.start
                && self.w.capital[hit.tokens.start - 1]
                && self.w.hit(hit.tokens.start - 1).is_none()
                && self.s.token(hit.tokens.start - 1).upos == Upos::Propn
                && !is_direction(&self.w.low[hit.tokens.start - 1]);
            let doubtful = matches!(
                hit.sense.kind,
                SenseKind::Surname | SenseKind::Country | SenseKind::Seat | SenseKind::Demonym
            );
            return Some(if unknown_before && doubtful { Shape::Named } else { Shape::Known(hit.sense) });
        }
        (parts.name.is_some()
            && self.s.token(chunk.top).upos != Upos::Num
            && core.clone().any(|i| self.tells_name(i)))
        .then_some(Shape::Named)
    }

    /// A capital that is not owed to the beginning of the sentence alone: "Hours later" names nobody.
    fn tells_name(&self, i: usize) -> bool {
        self.w.capital[i]
            && self.w.low[i].len() > 1
            && (self.s.token(i).upos == Upos::Propn || i > 0 || self.w.is_name[i])
    }

    /// "dozens of ...", "one of ...".
    fn is_quantity(&self, i: usize) -> bool {
        self.s.token(i).upos == Upos::Num
            || matches!(
                self.w.base[i].as_str(),
                "hundred"
                    | "thousand"
                    | "dozen"
                    | "score"
                    | "million"
                    | "ten"
                    | "number"
                    | "majority"
                    | "some"
                    | "most"
                    | "many"
                    | "handful"
                    | "half"
                    | "third"
                    | "part"
                    | "rest"
                    | "remainder"
                    | "several"
                    | "plenty"
                    | "lot"
                    | "couple"
            )
    }

    /// "by force", "leaving office", "in power": a bare singular that names nobody.
    fn is_mass_use(&self, chunk: &Chunk, noun: Noun, at: &Range<usize>) -> bool {
        let last = at.end - 1;
        matches!(noun.class, NounClass::Organisation | NounClass::State | NounClass::Asset)
            && self.s.part == entente_messages::Part::Body
            && chunk.core.start == last
            && chunk.core.end == at.end
            && !self.w.capital[last]
            && !self.is_plural_word(last)
    }

    /// "Northern Relief Council", "Chamber of Importers": a name of its own, rather than the organ of some state.
    fn is_proper_name(&self, core: &Range<usize>, noun: Noun, at: &Range<usize>) -> bool {
        let capital = self.w.capital[at.end - 1] && self.s.token(at.end - 1).upos == Upos::Propn;
        if !capital || !matches!(noun.class, NounClass::Organisation | NounClass::Organ | NounClass::Asset) {
            return false;
        }
        let own = (core.start..at.end - 1)
            .any(|i| self.w.capital[i] && !(at.start <= i && noun.class == NounClass::Organ));
        let foreign_only = (core.start..at.start).all(|i| self.w.hit(i).is_some());
        let goes_on = self.name_goes_on(at.end).is_some();
        match noun.class {
            NounClass::Organisation => own || goes_on,
            _ => own && !foreign_only && noun.sector != Some(Sector::Gov),
        }
    }

    /// The end of a name that goes on with "of", "for", "on" and capitals.
    fn name_goes_on(&self, from: usize) -> Option<usize> {
        let n = self.s.len();
        let mut at = from;
        let mut end = None;
        while at < n {
            let low = self.w.low[at].as_str();
            if self.w.capital[at] && self.s.token(at).upos != Upos::Pron && !is_time_word(low) {
                end = Some(at + 1);
                at += 1;
            } else if at == from && matches!(low, "of" | "for" | "on" | "against" | "to")
                || at > from && matches!(low, "of" | "for" | "and" | "the" | "in" | "-" | "&")
            {
                at += 1;
            } else {
                break;
            }
        }
        end
    }

    /// Lets the name of an organisation run on: "Fund for Rural Development".
    fn extend_name(&self, phrase: &mut Phrase) {
        let Some(noun) = phrase.noun else { return };
        if !phrase.proper_noun
            || phrase.name.is_some()
            || !matches!(noun.class, NounClass::Organisation | NounClass::Organ)
        {
            if matches!(phrase.shape, Shape::Named) && phrase.name.is_none() {
                phrase.name = Some(phrase.core.clone());
            } else if noun.class == NounClass::Organisation && !phrase.proper_noun && phrase.name.is_none() {
                phrase.name = self.name_before(phrase);
            }
            return;
        }
        let end = phrase.noun_tokens.end;
        let capital_start = (phrase.core.start..phrase.noun_tokens.start)
            .find(|&i| self.w.capital[i])
            .unwrap_or(phrase.noun_tokens.start);
        let mut name = capital_start..phrase.core.end;
        while name.start < phrase.noun_tokens.start && self.is_determiner(name.start) {
            name.start += 1;
        }
        if let Some(owner) = self.possessor_in_name(phrase) {
            name.start = owner;
            phrase.possessor = None;
            phrase.shape = Shape::Named;
        }
        if end == phrase.core.end
            && let Some(to) = self.name_goes_on(end)
            && self.belongs_here(phrase.head, end, to)
        {
            name.end = to;
            phrase.tokens.end = phrase.tokens.end.max(to);
        }
        // "the Front" by itself is short for a name, not one.
        if name.start < phrase.noun_tokens.start || name.end > phrase.noun_tokens.end {
            phrase.name = Some(name);
        }
    }

    /// "the Saba Munnani party": the unknown name right before the noun, with the noun.
    fn name_before(&self, phrase: &Phrase) -> Option<Range<usize>> {
        let unknown = |i: usize| {
            self.w.capital[i] && self.s.token(i).upos == Upos::Propn && self.w.hit(i).is_none() && i > 0
        };
        let mut start = phrase.noun_tokens.start;
        while start > phrase.core.start && unknown(start - 1) && !self.is_determiner(start - 1) {
            start -= 1;
        }
        (start < phrase.noun_tokens.start).then_some(start..phrase.noun_tokens.end)
    }

    fn is_determiner(&self, i: usize) -> bool {
        self.s.token(i).upos == Upos::Det || matches!(self.w.low[i].as_str(), "the" | "a" | "an")
    }

    /// "Coastal Women's League": the possessor is a word of the name, not its owner.
    fn possessor_in_name(&self, phrase: &Phrase) -> Option<usize> {
        phrase.possessor?;
        let mark = phrase.core.start.checked_sub(1).filter(|&m| self.s.token(m).xpos == Xpos::Pos)?;
        let owner = mark.checked_sub(1).filter(|&p| self.w.capital[p] && self.w.hit(p).is_none())?;
        let people =
            matches!(self.noun_ending(owner, owner + 1)?.0.class, NounClass::Person | NounClass::People);
        let mut start = owner;
        while start > phrase.tokens.start
            && self.w.capital[start - 1]
            && self.s.token(start - 1).upos != Upos::Det
        {
            start -= 1;
        }
        people.then_some(start)
    }

    /// Whether the tokens up to `to` hang, by way of "of" or "for", from the phrase.
    fn belongs_here(&self, head: usize, from: usize, to: usize) -> bool {
        (from..to).any(|i| self.s.head(i) == Some(head)) || self.w.low.get(from).is_some_and(|w| w == "of")
    }

    /// The token of a range that governs the others.
    fn head_in(&self, range: &Range<usize>) -> usize {
        range.clone().find(|&i| self.s.head(i).is_none_or(|h| !range.contains(&h))).unwrap_or(range.end - 1)
    }

    fn pronouns(&self, found: &mut Vec<Phrase>) {
        for i in 0..self.s.len() {
            let token = self.s.token(i);
            let pronoun = match pronoun_of(&self.w.low[i]) {
                Some(Pronoun::Who) => {
                    let relative = token.feat("PronType") == Some("Rel")
                        || matches!(token.xpos, Xpos::Wp | Xpos::Wdt | Xpos::WpPoss);
                    relative.then_some(Pronoun::Who)
                }
                other if token.upos == Upos::Pron || token.upos == Upos::Det => other,
                _ => None,
            };
            if let Some(pronoun) = pronoun {
                let mut phrase = Phrase::bare(self.index, i, i..i + 1, Shape::Pronoun(pronoun));
                phrase.plural = matches!(pronoun, Pronoun::They | Pronoun::We);
                phrase.modifier = self.s.is_rel(i, Deprel::NmodPoss);
                found.push(phrase);
            }
        }
    }
}
