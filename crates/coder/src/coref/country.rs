//! Which country an actor belongs to.

use entente_knowledge::{Sense, SenseKind};
use entente_language::Deprel;
use entente_ontology::{CountryCode, Sector};

use crate::coref::{Resolver, Side};
use crate::mention::nouns::{Noun, NounClass};
use crate::mention::phrase::{Phrase, Shape, Tie};
use crate::mention::{EntityId, EntityKind};

/// The country of a name that stands for a state.
pub(crate) fn side_of(sense: &Sense) -> Option<CountryCode> {
    matches!(sense.kind, SenseKind::Country | SenseKind::Demonym | SenseKind::Seat)
        .then_some(sense.country)
        .flatten()
}

/// A phrase that is the name of a state, a capital or a place.
pub(crate) fn is_place_like(phrase: &Phrase) -> bool {
    matches!(phrase.shape, Shape::Known(sense) if matches!(sense.kind, SenseKind::Country | SenseKind::Seat | SenseKind::Place | SenseKind::Demonym))
}

/// Where an actor's country, sector and owner were found.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Belonging {
    pub(crate) side: Option<Side>,
    pub(crate) sector: Option<Sector>,
    pub(crate) owner: Option<EntityId>,
}

impl Belonging {
    fn fill(&mut self, other: Self) {
        self.side = self.side.or(other.side);
        self.sector = self.sector.or(other.sector);
        self.owner = self.owner.or(other.owner);
    }
}

/// Envoys stand in a country that is not theirs.
fn is_envoy(role: &str) -> bool {
    [
        "ambassador",
        "envoy",
        "consul",
        "attaché",
        "attache",
        "embassy",
        "consulate",
        "high commissioner",
        "high commission",
        "correspondent",
        "legation",
        "diplomat",
        "counterpart",
    ]
    .iter()
    .any(|noun| role.ends_with(noun))
}

impl Resolver<'_, '_> {
    /// What the text around phrase `p` and its appositions say about where the actor belongs.
    pub(crate) fn belonging(&mut self, p: usize) -> Belonging {
        let mut found = self.stated(p);
        for q in self.followers(p) {
            found.fill(self.stated(q));
        }
        if found.side.is_none() && found.owner.is_none() {
            found.fill(self.told_by_clause(p));
        }
        found
    }

    /// The phrases in apposition to `p`.
    pub(crate) fn followers(&self, p: usize) -> Vec<usize> {
        let sentence = self.phrases[p].sentence;
        (self.first[sentence]..self.first[sentence + 1]).filter(|&q| self.leader[q] == Some(p)).collect()
    }

    /// Modifiers, possessor and "of ..." of one phrase.
    fn stated(&mut self, p: usize) -> Belonging {
        let phrase = &self.phrases[p];
        let mut found = Belonging { sector: phrase.modifier_sector, ..Belonging::default() };
        for sense in &phrase.sides {
            let of_state = side_of(sense).map(|country| Side { country, confidence: 0.95 });
            if of_state.is_some() {
                found.side = found.side.or(of_state);
            } else if matches!(sense.kind, SenseKind::Person | SenseKind::Surname) {
                // "Bishop", "Deng": titles and names of others.
            } else if sense.kind != SenseKind::Place {
                let country = sense.country.map(|country| Side { country, confidence: 0.9 });
                found.side = found.side.or(country);
                found.sector = found.sector.or(sense.sector);
                found.owner = found.owner.or_else(|| Some(self.sense_entity(sense)));
            } else if let Some(country) = sense.country {
                found.side = found.side.or(Some(Side { country, confidence: 0.7 }));
            }
        }
        if let Some(head) = phrase.possessor {
            let owners = self.entities_at(phrase.sentence, head);
            found.fill(self.inherited(&owners, 0.9));
        }
        let (sentence, ties) = (phrase.sentence, phrase.ties.clone());
        let envoy = phrase.role.as_deref().is_some_and(is_envoy);
        for (tie, head) in ties {
            if tie == Tie::Located {
                if !envoy && found.side.is_none() {
                    found.side = self.place_country(sentence, head);
                }
            } else if !(envoy && self.is_towards(sentence, head)) {
                // "the bishop of Torit"
                let town = self.phrase_over(sentence, head).and_then(|q| self.town_country(q));
                if let Some(country) = town {
                    found.side = found.side.or(Some(Side { country, confidence: 0.7 }));
                    continue;
                }
                let owners = self.entities_at(sentence, head);
                found.fill(self.inherited(&owners, 0.85));
            }
        }
        found
    }

    /// "ambassador to Norway": the country is the other side.
    fn is_towards(&self, sentence: usize, head: usize) -> bool {
        let s = &self.analysed.sentences[sentence];
        s.children_by(head, Deprel::Case).any(|c| matches!(s.word(c), "to" | "with"))
    }

    fn inherited(&self, owners: &[EntityId], confidence: f32) -> Belonging {
        let [owner] = owners else { return Belonging::default() };
        let entity = &self.draft(*owner).entity;
        let side = entity.country.map(|country| Side { country, confidence: confidence * entity.confidence });
        Belonging { side, sector: entity.sector, owner: Some(*owner) }
    }

    /// The country of a place at a head word.
    fn place_country(&mut self, sentence: usize, head: usize) -> Option<Side> {
        let p = self.phrase_over(sentence, head)?;
        if let Some(country) = self.town_country(p) {
            return Some(Side { country, confidence: 0.6 });
        }
        if let Shape::Known(sense) = self.phrases[p].shape
            && sense.kind != SenseKind::Place
        {
            return sense
                .country
                .filter(|c| !c.is_organisation())
                .map(|country| Side { country, confidence: 0.7 });
        }
        if let Some(country) = self.locale(p) {
            return Some(Side { country, confidence: 0.65 });
        }
        self.resolve(p);
        let [id] = self.answers[p].entities[..] else { return None };
        let entity = &self.draft(id).entity;
        entity.country.map(|country| Side { country, confidence: 0.6 })
    }

    /// "..., who teaches law at the University of Oslo": names in the clause that tells about the actor.
    fn told_by_clause(&mut self, p: usize) -> Belonging {
        let phrase = &self.phrases[p];
        let s = &self.analysed.sentences[phrase.sentence];
        let clauses: Vec<_> =
            phrase.core.clone().flat_map(|i| s.children_by(i, Deprel::Acl).collect::<Vec<_>>()).collect();
        let mut found = Belonging::default();
        let end = phrase.tokens.end;
        let told =
            end + 1 < s.len() && s.word(end) == "," && matches!(s.word(end + 1), "who" | "whose" | "which");
        let mut spans: Vec<_> =
            clauses.iter().map(|&clause| (s.subtree(clause), s.token(clause).lemma == "teach")).collect();
        if spans.is_empty() && told {
            let teaches = (end + 2..s.len()).take(2).any(|i| s.token(i).lemma == "teach");
            spans.push((end + 1..s.len(), teaches));
        }
        for (span, teaches) in spans {
            for q in self.first[phrase.sentence]..self.first[phrase.sentence + 1] {
                let inner = &self.phrases[q];
                if !span.contains(&inner.head) || inner.head <= phrase.head {
                    continue;
                }
                if let Some(Noun { class: NounClass::Organ, sector: Some(Sector::Edu), .. }) = inner.noun {
                    found.sector = found.sector.or(Some(Sector::Edu));
                }
                let governed = s
                    .children_by(inner.head, Deprel::Case)
                    .any(|c| matches!(s.word(c), "at" | "in" | "of" | "for" | "from"));
                let country =
                    if governed { self.locale(q).or_else(|| self.country_in_name(q)) } else { None };
                if found.side.is_none()
                    && let Some(country) = country
                {
                    found.side = Some(Side { country, confidence: 0.55 });
                }
            }
            if teaches {
                found.sector = found.sector.or(Some(Sector::Edu));
            }
        }
        found
    }

    /// The country that the context suggests for a local actor: where the sentence or paragraph is set, else home.
    pub(crate) fn context_country(&self, p: usize, envoy: bool) -> Option<Side> {
        let side = |country, confidence| Side { country, confidence };
        let not_home = |c: &CountryCode| !envoy || Some(*c) != self.home;
        if !envoy && let Some(country) = self.setting(p, true) {
            return Some(side(country, 0.65));
        }
        if envoy {
            return self.paragraph_country(p).filter(not_home).map(|c| side(c, 0.45));
        }
        if let Some(country) = self.told_in(p) {
            return Some(side(country, 0.55));
        }
        if let Some(country) = self.organ_before(p) {
            return Some(side(country, 0.55));
        }
        if let Some(country) = self.setting(p, false) {
            return Some(side(country, 0.5));
        }
        self.home.map(|c| side(c, 0.45))
    }

    /// Whether a role is that of an envoy.
    pub(crate) fn is_envoy_phrase(&self, p: usize) -> bool {
        self.phrases[p].role.as_deref().is_some_and(is_envoy)
    }

    /// The country of the place that the sentence (or, failing that, its paragraph so far) names as its setting: "In Oslo, ...".
    pub(crate) fn setting(&self, p: usize, same_sentence: bool) -> Option<CountryCode> {
        let here = self.phrases[p].sentence;
        let sentences = &self.analysed.sentences;
        let range = if same_sentence {
            self.first[here]..p
        } else {
            self.first[self.paragraph_start(here)]..self.first[here]
        };
        range.rev().find_map(|q| {
            let phrase = &self.phrases[q];
            let s = &sentences[phrase.sentence];
            if let Some(country) = self.side_as_setting(q) {
                return Some(country);
            }
            let opens = phrase.head <= 4 && phrase.tokens.start <= 3;
            let placed =
                s.children_by(phrase.head, Deprel::Case).any(|c| s.word(c).eq_ignore_ascii_case("in"));
            (opens && placed).then(|| self.locale(q)).flatten()
        })
    }

    /// The country of a phrase that names a state, a capital, a town or another place.
    pub(crate) fn locale(&self, p: usize) -> Option<CountryCode> {
        match self.phrases[p].shape {
            // Of the places of one name the one in a country that the article names, before the largest.
            Shape::Known(sense) if sense.kind == SenseKind::Place => {
                let words = self.letters(p, self.phrases[p].core.clone());
                let near = crate::coref::place::in_named_country(&words, &self.country_counts);
                near.or(sense.country).filter(|c| !c.is_organisation())
            }
            Shape::Known(sense) if is_place_like(&self.phrases[p]) => {
                sense.country.filter(|c| !c.is_organisation())
            }
            Shape::Known(sense) if sense.kind != SenseKind::Surname => {
                sense.country.filter(|c| !c.is_organisation())
            }
            _ => self.town_country(p),
        }
    }

    /// "University of Oslo", "Oslo University": the country of a town in a body's name.
    pub(crate) fn country_in_name(&self, p: usize) -> Option<CountryCode> {
        let phrase = &self.phrases[p];
        let Some(Noun { class: NounClass::Organ | NounClass::Organisation, .. }) = phrase.noun else {
            return None;
        };
        let name = phrase.name.clone()?;
        let words = self.letters(p, name);
        let town = |text: &str| {
            let text = text.trim_start_matches("the ");
            crate::coref::place::country_of_place(text, &self.country_counts)
        };
        let after =
            [" of ", " in "].iter().find_map(|mark| words.split_once(mark)).and_then(|(_, rest)| town(rest));
        let institution = matches!(phrase.noun, Some(noun) if noun.class == NounClass::Organ);
        after.or_else(|| words.split(' ').next().filter(|w| institution && w.len() > 3).and_then(town))
    }

    /// "... told parliament in Oslo": where the actor says it.
    fn told_in(&self, p: usize) -> Option<CountryCode> {
        let phrase = &self.phrases[p];
        let s = &self.analysed.sentences[phrase.sentence];
        let verb = s.head(phrase.head).filter(|&v| {
            s.is_rel(phrase.head, Deprel::Nsubj) && crate::coref::pronoun::is_speech(&s.token(v).lemma)
        })?;
        (p + 1..self.first[phrase.sentence + 1]).find_map(|q| {
            let place = &self.phrases[q];
            let Shape::Known(sense) = place.shape else { return None };
            let placed = sense.kind == SenseKind::Seat
                && place.head > verb
                && place.head < verb + 8
                && s.children_by(place.head, Deprel::Case).any(|c| s.word(c) == "in");
            placed.then_some(sense.country).flatten().filter(|c| !c.is_organisation())
        })
    }

    /// "On the Kenyan side, ...": a part of a state as the setting.
    fn side_as_setting(&self, q: usize) -> Option<CountryCode> {
        let phrase = &self.phrases[q];
        let Shape::Described(Noun { class: NounClass::Side | NounClass::State, .. }) = phrase.shape else {
            return None;
        };
        let s = &self.analysed.sentences[phrase.sentence];
        let placed =
            s.children_by(phrase.head, Deprel::Case).any(|c| matches!(s.word(c), "on" | "On" | "in" | "In"));
        let [sense] = phrase.sides[..] else { return None };
        (placed && phrase.head < 10).then(|| side_of(sense)).flatten()
    }

    /// The country that an envoy is posted in: "the ambassador in Oslo".
    pub(crate) fn host_of(&self, p: usize) -> Option<CountryCode> {
        std::iter::once(p).chain(self.followers(p)).find_map(|q| {
            let phrase = &self.phrases[q];
            phrase.ties.iter().find_map(|&(tie, head)| {
                let place = self.phrase_over(phrase.sentence, head).filter(|_| tie == Tie::Located)?;
                let Shape::Known(sense) = self.phrases[place].shape else { return None };
                sense.country.filter(|c| !c.is_organisation())
            })
        })
    }

    /// The country of an organ spoken of just before, in this or the last sentence of the paragraph.
    fn organ_before(&self, p: usize) -> Option<CountryCode> {
        let here = self.phrases[p].sentence;
        let from = self.first[self.paragraph_start(here).max(here.saturating_sub(1))];
        (from..p).rev().find_map(|q| {
            let [id] = self.answers[q].entities[..] else { return None };
            let draft = self.draft(id);
            let civil = matches!(draft.entity.sector, Some(Sector::Gov | Sector::Leg | Sector::Jud));
            let governing = draft.entity.kind == EntityKind::Organ
                && civil
                && !self.is_envoy_phrase(q)
                && self.answers[q].confidence > 0.6;
            governing.then_some(draft.entity.country).flatten().filter(|c| !c.is_organisation())
        })
    }

    fn paragraph_start(&self, sentence: usize) -> usize {
        let sentences = &self.analysed.sentences;
        let (part, paragraph) = (sentences[sentence].part, sentences[sentence].paragraph);
        (0..=sentence)
            .rev()
            .take_while(|&s| sentences[s].part == part && sentences[s].paragraph == paragraph)
            .last()
            .unwrap_or(sentence)
    }

    /// The state named first in the paragraph so far.
    fn paragraph_country(&self, p: usize) -> Option<CountryCode> {
        let from = self.first[self.paragraph_start(self.phrases[p].sentence)];
        (from..p).find_map(|q| {
            let [id] = self.answers[q].entities[..] else { return None };
            let entity = &self.draft(id).entity;
            (entity.kind == EntityKind::Country)
                .then_some(entity.country)
                .flatten()
                .filter(|c| Some(*c) != self.home)
        })
    }
}
