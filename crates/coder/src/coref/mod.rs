//! Who is who inside an article: short names, pronouns, descriptions and groups.
//!
//! One pass over the phrases in the order of the text. A phrase that depends on another one (its possessor, what follows
//! by "of") asks for that one first. Everything that is guessed carries a confidence.

mod country;
mod described;
mod group;
mod home;
mod known;
mod named;
mod place;
mod pronoun;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::collections::HashMap;

use entente_knowledge::Knowledge;
use entente_ontology::{CountryCode, Sector};
use smol_str::SmolStr;

use crate::analysed::Analysed;
use crate::mention::phrase::{Phrase, Pronoun, Shape};
use crate::mention::{Entity, EntityId, EntityKind, MentionKind};

/// An entity while it is put together.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) entity: Entity,
    /// Grammatical gender of a person, as far as known: [`Pronoun::He`] or [`Pronoun::She`].
    gender: Option<Pronoun>,
    /// More than one.
    plural: bool,
    /// What it belongs to or speaks for.
    owner: Option<EntityId>,
    /// The noun that described it last, lower case, singular.
    noun: SmolStr,
    /// Where it was last mentioned: phrase index.
    last: usize,
    /// Mentions so far.
    count: u32,
    /// A name that stands for a place as far as the text tells.
    place: bool,
    /// How many it has, where the text counts them.
    size: Option<u32>,
}

/// What a phrase refers to, and how that was found out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) entities: Vec<EntityId>,
    pub(crate) kind: Option<MentionKind>,
    pub(crate) resolution: &'static str,
    pub(crate) confidence: f32,
}

impl Answer {
    fn one(id: EntityId, kind: MentionKind, resolution: &'static str, confidence: f32) -> Self {
        Self { entities: vec![id], kind: Some(kind), resolution, confidence }
    }
}

/// A country and how surely it is the right one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    country: CountryCode,
    confidence: f32,
}

enum State {
    New,
    Open,
    Done,
}

/// Resolves the phrases of one article.
pub(crate) struct Resolver<'r, 'a> {
    analysed: &'r Analysed<'a>,
    phrases: &'r [Phrase],
    /// First phrase of each sentence; one more entry ends the last.
    first: Vec<usize>,
    /// For a phrase, the phrase that it stands in apposition to.
    leader: Vec<Option<usize>>,
    states: Vec<State>,
    answers: Vec<Answer>,
    drafts: Vec<Draft>,
    /// Countries of the towns that phrases name, as far as asked for.
    towns: Vec<OnceCell<Option<CountryCode>>>,
    by_key: HashMap<SmolStr, EntityId>,
    home: Option<CountryCode>,
    /// Whether home is more than a guess: from the dateline, or named in headline or text more than once.
    home_is_sure: bool,
    /// Countries that the article names, and how often.
    country_counts: Vec<(CountryCode, usize)>,
    /// Of these, those named as such or by demonym, not only by a capital.
    state_names: Vec<CountryCode>,
    /// For each sentence, the phrase of its speaker.
    speakers: Vec<Option<usize>>,
}

/// Resolves all phrases: answers in the order of the phrases, and the entities.
pub(crate) fn resolve(analysed: &Analysed<'_>, phrases: &[Phrase]) -> (Vec<Answer>, Vec<Draft>) {
    let mut first = vec![0; analysed.sentences.len() + 1];
    for phrase in phrases {
        first[phrase.sentence + 1] += 1;
    }
    for s in 0..analysed.sentences.len() {
        first[s + 1] += first[s];
    }
    let mut resolver = Resolver {
        analysed,
        phrases,
        first,
        leader: vec![None; phrases.len()],
        states: phrases.iter().map(|_| State::New).collect(),
        answers: vec![Answer::default(); phrases.len()],
        drafts: Vec::new(),
        towns: vec![OnceCell::new(); phrases.len()],
        by_key: HashMap::new(),
        home: None,
        home_is_sure: false,
        state_names: home::state_names(phrases),
        country_counts: home::country_counts(phrases),
        speakers: Vec::new(),
    };
    resolver.home = home::home_country(analysed, phrases);
    resolver.home_is_sure = analysed.dateline().is_some()
        || resolver.country_counts.iter().any(|(code, count)| Some(*code) == resolver.home && *count > 1);
    resolver.pair_appositions();
    resolver.speakers = pronoun::speakers(&resolver);
    for p in 0..phrases.len() {
        resolver.resolve(p);
    }
    (resolver.answers, resolver.drafts)
}

impl Resolver<'_, '_> {
    /// The phrase whose head word is `head`.
    fn phrase_at(&self, sentence: usize, head: usize) -> Option<usize> {
        let range = self.first[sentence]..self.first[sentence + 1];
        self.phrases[range.clone()].binary_search_by_key(&head, |p| p.head).ok().map(|i| range.start + i)
    }

    /// The phrase that covers a token: with it as head, else the first whose core holds it.
    fn phrase_over(&self, sentence: usize, token: usize) -> Option<usize> {
        self.phrase_at(sentence, token).or_else(|| {
            let range = self.first[sentence]..self.first[sentence + 1];
            range.into_iter().find(|&p| !self.phrases[p].modifier && self.phrases[p].core.contains(&token))
        })
    }

    fn pair_appositions(&mut self) {
        for p in 0..self.phrases.len() {
            for &head in &self.phrases[p].appositions {
                let Some(q) = self.phrase_over(self.phrases[p].sentence, head) else { continue };
                if q != p && self.leader[q].is_none() && self.leader[p].is_none() && self.may_pair(p, q) {
                    self.leader[q] = Some(p);
                }
            }
        }
    }

    /// Whether two phrases can be names and descriptions of the same.
    fn may_pair(&self, p: usize, q: usize) -> bool {
        let (a, b) = (&self.phrases[p], &self.phrases[q]);
        let describes = |x: &Phrase| matches!(x.shape, Shape::Described(_));
        let names =
            |x: &Phrase| matches!(x.shape, Shape::Named | Shape::Known(_)) && !country::is_place_like(x);
        !a.modifier && !b.modifier && (describes(a) && (names(b) || describes(b)) || names(a) && describes(b))
    }

    /// Finds out whom phrase `p` refers to. A phrase that is being resolved already (a circle) stays open.
    fn resolve(&mut self, p: usize) {
        if !matches!(self.states[p], State::New) {
            return;
        }
        self.states[p] = State::Open;
        let answer = match self.leader[p] {
            Some(leader) => {
                self.resolve(leader);
                let kind = if self.phrases[p].name.is_some() { MentionKind::Name } else { MentionKind::Role };
                Answer { kind: Some(kind), resolution: "apposition", ..self.answers[leader].clone() }
            }
            None => self.answer(p),
        };
        for &id in &answer.entities {
            let draft = &mut self.drafts[id.0 as usize];
            draft.last = draft.last.max(p);
            draft.count += 1;
        }
        self.answers[p] = answer;
        self.states[p] = State::Done;
    }

    fn answer(&mut self, p: usize) -> Answer {
        match &self.phrases[p].shape {
            Shape::Known(sense) => self.known(p, sense),
            Shape::Named => self.named(p),
            Shape::Described(noun) => self.described(p, *noun),
            Shape::Quantity => self.quantity(p),
            Shape::Several(several) => self.several(p, *several),
            Shape::Pronoun(pronoun) => self.pronoun(p, *pronoun),
        }
    }

    /// "hundreds of students": the students.
    fn quantity(&mut self, p: usize) -> Answer {
        let phrase = &self.phrases[p];
        let end = phrase.core.end + 1;
        let of = (self.first[phrase.sentence]..self.first[phrase.sentence + 1])
            .find(|&q| self.phrases[q].tokens.start == end && !self.phrases[q].modifier);
        let Some(q) = of else { return Answer::default() };
        self.resolve(q);
        let pronoun = matches!(self.phrases[q].shape, Shape::Pronoun(_));
        let kind = if pronoun { MentionKind::Pronoun } else { MentionKind::Role };
        let confidence = self.answers[q].confidence * 0.9;
        Answer { kind: Some(kind), resolution: "role", confidence, ..self.answers[q].clone() }
    }

    /// The entities that the phrase at a head word refers to, resolved now if need be.
    fn entities_at(&mut self, sentence: usize, head: usize) -> Vec<EntityId> {
        let Some(p) = self.phrase_over(sentence, head) else { return Vec::new() };
        self.resolve(p);
        self.answers[p].entities.clone()
    }

    fn draft(&self, id: EntityId) -> &Draft {
        &self.drafts[id.0 as usize]
    }

    /// The entity of a state, made on first use.
    fn country_entity(&mut self, code: CountryCode) -> EntityId {
        let name = Knowledge::shared().country(code.as_str()).map_or(code.as_str(), |c| c.name).to_owned();
        let key = SmolStr::new(format!("country {code}"));
        self.keyed(key, || Entity {
            name: name.into(),
            country: Some(code),
            sector: Some(Sector::Gov).filter(|_| !code.is_organisation()),
            role: None,
            kind: EntityKind::Country,
            mentions: Vec::new(),
            confidence: 0.95,
        })
    }

    /// The entity with a key, made on first use.
    fn keyed(&mut self, key: SmolStr, make: impl FnOnce() -> Entity) -> EntityId {
        if let Some(&id) = self.by_key.get(&key) {
            return id;
        }
        let id = self.add(make());
        self.by_key.insert(key, id);
        id
    }

    fn add(&mut self, entity: Entity) -> EntityId {
        let id = EntityId(u32::try_from(self.drafts.len()).unwrap_or(u32::MAX));
        self.drafts.push(Draft {
            entity,
            gender: None,
            plural: false,
            owner: None,
            noun: SmolStr::default(),
            last: 0,
            count: 0,
            place: false,
            size: None,
        });
        id
    }

    /// The letters of a phrase's tokens, with blanks for line breaks.
    fn letters(&self, p: usize, tokens: std::ops::Range<usize>) -> SmolStr {
        let words = self.analysed.sentences[self.phrases[p].sentence].words(tokens);
        if words.contains(['\n', '\t']) {
            words.split_whitespace().collect::<Vec<_>>().join(" ").into()
        } else {
            words.into()
        }
    }

    /// Whether the article names a country.
    fn names_country(&self, code: CountryCode) -> bool {
        self.country_counts.iter().any(|(known, _)| *known == code)
    }

    /// The country of the town or province that a phrase names, if no table of actors knows the name. Looked up once.
    fn town_country(&self, p: usize) -> Option<CountryCode> {
        *self.towns[p].get_or_init(|| self.look_up_town(p))
    }

    fn look_up_town(&self, p: usize) -> Option<CountryCode> {
        let phrase = &self.phrases[p];
        if !matches!(phrase.shape, Shape::Named) || phrase.noun.is_some() {
            return None;
        }
        place::country_of_place(&self.letters(p, phrase.core.clone()), &self.country_counts)
    }

    /// Sentences between a phrase and an earlier one.
    fn distance(&self, from: usize, to: usize) -> usize {
        self.phrases[from].sentence.abs_diff(self.phrases[to].sentence)
    }
}
