//! What a noun phrase says beside who: how many, which article, role, sector, sides and modifiers.

use std::ops::Range;

use entente_knowledge::SenseKind;
use entente_language::{Upos, Xpos};
use entente_ontology::Sector;
use smol_str::SmolStr;

use super::{Parts, Reader};
use crate::mention::chunk::Chunk;
use crate::mention::closed::number_or_both;
use crate::mention::nouns::{Noun, NounClass};
use crate::mention::phrase::{Article, Phrase, Several, Shape};
use crate::mention::words::NameHit;

impl Reader<'_, '_> {
    pub(super) fn several(
        &self,
        chunk: &Chunk,
        core: &Range<usize>,
        noun: Noun,
        at: &Range<usize>,
    ) -> Option<Several> {
        let (article, count) = self.article(chunk, core);
        let plural = self.is_plural_word(at.end - 1);
        let paired = article == Article::Both
            || article == Article::Definite && plural && count.is_some_and(|c| c < 6);
        let base = self.w.base[at.end - 1].as_str();
        let first_two = (core.start..at.start).all(|i| {
            matches!(
                self.w.low[i].as_str(),
                "two"
                    | "three"
                    | "four"
                    | "other"
                    | "warring"
                    | "rival"
                    | "opposing"
                    | "neighbouring"
                    | "neighboring"
                    | "feuding"
            )
        });
        if chunk.possessor.is_some() || !first_two {
            return None;
        }
        match base {
            "side" | "party" | "camp" | "rival" | "foe" | "enemy" | "adversary" | "belligerent"
                if plural || paired =>
            {
                (paired || article == Article::Definite && !self.w.capital[at.end - 1])
                    .then_some(Several::Sides)
            }
            "country" | "nation" | "state" | "government" | "capital" | "neighbour" | "neighbor"
            | "power" | "ally" | "republic" | "delegation" | "partner"
                if paired =>
            {
                Some(Several::States)
            }
            "neighbour" | "neighbor" | "delegation" if plural && article == Article::Definite => {
                Some(Several::States)
            }
            _ if !paired => None,
            _ => match noun.class {
                NounClass::Person => Some(Several::People),
                NounClass::Organ => Some(Several::Organs(noun)),
                NounClass::State => Some(Several::States),
                _ => None,
            },
        }
    }

    pub(super) fn article(&self, chunk: &Chunk, core: &Range<usize>) -> (Article, Option<u32>) {
        let mut article = Article::Bare;
        let mut count = None;
        for i in chunk.core.start..core.end {
            if i >= core.start
                && !matches!(self.s.token(i).upos, Upos::Num | Upos::Det)
                && i > chunk.core.start
            {
                break;
            }
            match self.w.low[i].as_str() {
                "the" | "this" | "that" | "these" | "those" => article = Article::Definite,
                "both" | "neither" | "either" | "each" => (article, count) = (Article::Both, Some(2)),
                "a" | "an" | "another" | "some" | "several" | "many" if article == Article::Bare => {
                    article = Article::Indefinite
                }
                word => {
                    if let Some(number) = number_or_both(word) {
                        count = Some(number);
                        if article == Article::Bare {
                            article = Article::Indefinite;
                        }
                    }
                }
            }
        }
        if count.is_none()
            && article == Article::Bare
            && let Some(before) = chunk.core.start.checked_sub(1)
            && self.s.token(before).upos == Upos::Num
        {
            count = number_or_both(&self.w.low[before]);
            if article == Article::Bare {
                article = Article::Indefinite;
            }
        }
        if let Some(before) = chunk.core.start.checked_sub(1)
            && matches!(self.w.low[before].as_str(), "both" | "neither" | "either" | "each")
        {
            (article, count) = (Article::Both, Some(2));
        }
        if chunk.possessor.is_some() {
            article = Article::Possessed;
        }
        (article, count)
    }

    pub(super) fn is_plural_word(&self, i: usize) -> bool {
        matches!(self.s.token(i).xpos, Xpos::Nns | Xpos::Nnps) || self.w.low[i] != self.w.base[i]
    }

    pub(super) fn is_plural(&self, chunk: &Chunk, parts: &Parts) -> bool {
        let at = parts.noun.as_ref().map_or(chunk.top, |(_, at)| at.end - 1);
        self.is_plural_word(at)
            || parts.noun.as_ref().is_some_and(|(noun, _)| noun.class == NounClass::People)
            || matches!(self.w.low[at].as_str(), "police" | "people" | "troops" | "authorities")
    }

    /// "deputy foreign minister" of "the new Norwegian deputy foreign minister".
    pub(super) fn role(&self, core: &Range<usize>, at: &Range<usize>, noun: Noun) -> Option<SmolStr> {
        if !matches!(noun.class, NounClass::Person | NounClass::Organ | NounClass::State) {
            return None;
        }
        let mut start = at.start;
        while start > core.start && !self.breaks_role(start - 1) {
            start -= 1;
        }
        let mut role = String::new();
        for i in start..at.end {
            if !role.is_empty() && self.w.low[i] != "-" && !role.ends_with('-') {
                role.push(' ');
            }
            role.push_str(if i + 1 == at.end { &self.w.base[i] } else { &self.w.low[i] });
        }
        (!role.is_empty()).then(|| SmolStr::new(role))
    }

    pub(super) fn breaks_role(&self, i: usize) -> bool {
        self.w.hit(i).is_some()
            || matches!(self.s.token(i).upos, Upos::Det | Upos::Num | Upos::Punct | Upos::Pron | Upos::Cconj)
            || matches!(
                self.w.low[i].as_str(),
                "new" | "old" | "own" | "retired" | "chief's" | "top" | "visiting" | "jailed" | "late"
            )
    }

    /// Sector told by modifiers: "police spokesman", "opposition lawmaker", "former minister".
    pub(super) fn modifier_sector(&self, before: Range<usize>, noun: Noun) -> Option<Sector> {
        let mut found = None;
        for i in before {
            let low = self.w.low[i].as_str();
            let strong = match low {
                "former" | "ex" | "ousted" | "deposed" | "exiled" | "late"
                    if noun.sector == Some(Sector::Gov) =>
                {
                    Some(Sector::Eli)
                }
                "opposition" | "dissident" => Some(Sector::Opp),
                "rebel" | "guerrilla" | "insurgent" | "separatist" | "militant" | "jihadist"
                | "secessionist" => Some(Sector::Reb),
                _ => None,
            };
            if strong.is_some() {
                return strong;
            }
            if !noun.open && !matches!(noun.class, NounClass::Organisation | NounClass::People) {
                continue;
            }
            found = match low {
                "military" | "naval" | "army" | "navy" => Some(Sector::Mil),
                "presidential" | "ministerial" | "diplomatic" | "governmental" | "government" | "cabinet"
                | "state" | "consular" => Some(Sector::Gov),
                "parliamentary" | "congressional" | "legislative" => Some(Sector::Leg),
                "judicial" => Some(Sector::Jud),
                "trade" | "labour" | "labor" | "union" => {
                    Some(Sector::Lab).filter(|_| noun.class == NounClass::Person)
                }
                "student" => Some(Sector::Edu),
                "religious" | "church" => Some(Sector::Rel),
                _ => self.noun_ending(i, i + 1).and_then(|(n, _)| n.sector),
            }
            .or(found);
        }
        found
    }

    /// States and organisations named among the modifiers of the noun, or inside a proper name.
    pub(super) fn sides(&self, core: &Range<usize>, parts: &Parts) -> Vec<&'static entente_knowledge::Sense> {
        let end = parts.noun.as_ref().map_or(core.end, |(_, at)| at.end);
        let mut sides = Vec::new();
        let mut last: Option<&NameHit> = None;
        for i in core.start..end {
            let Some(hit) = self.w.hit(i) else { continue };
            if last.is_some_and(|l| l.tokens == hit.tokens) {
                continue;
            }
            last = Some(hit);
            // Inside a bare name only an adjective of nationality tells a side: "Deng", "Chad" may be anybody's names.
            if parts.noun.is_none() && hit.sense.kind != SenseKind::Demonym {
                continue;
            }
            if hit.tokens.end <= end
                && (hit.tokens.start > core.start || hit.tokens.end < core.end || parts.noun.is_some())
            {
                sides.push(hit.sense);
            }
        }
        sides
    }

    /// Names that modify: by themselves where the noun is no actor, else as parts of its phrase.
    pub(super) fn modifiers(&self, core: &Range<usize>, alone: bool, top: usize, found: &mut Vec<Phrase>) {
        let mut i = core.start;
        while i < core.end {
            let Some(hit) = self.w.hit(i) else {
                i += 1;
                continue;
            };
            i = hit.tokens.end.max(i + 1);
            let head = self.head_in(&hit.tokens);
            let head = if head == top && !alone { hit.tokens.end - 1 } else { head };
            if head == top && !alone {
                continue;
            }
            let mut phrase = Phrase::bare(self.index, head, hit.tokens.clone(), Shape::Known(hit.sense));
            phrase.modifier = true;
            found.push(phrase);
        }
    }
}
