//! Actors as the text names them: mentions, and the entities that they refer to.

mod chunk;
mod closed;
mod describe;
mod link;
pub(crate) mod nouns;
pub(crate) mod phrase;
pub(crate) mod words;

use std::collections::HashSet;
use std::ops::Range;

use entente_messages::Part;
use entente_ontology::{CountryCode, Sector};
use smol_str::SmolStr;

use crate::analysed::Analysed;
use crate::coref;

/// Index of an entity in [`Actors::entities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(pub u32);

/// Everybody whom an article names or refers to.
#[derive(Clone, Debug, Default)]
pub struct Actors {
    /// In order of sentence, then of head word; at most one for each head word.
    pub mentions: Vec<Mention>,
    /// In order of first mention.
    pub entities: Vec<Entity>,
    /// For each sentence, its first mention; one more entry ends the last.
    first_of_sentence: Vec<u32>,
}

/// How a mention names its actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MentionKind {
    /// A proper name ("Norway", "the Northern Relief Council", "Ana Duarte").
    Name,
    /// An adjective of nationality by itself ("Norwegian" in "the Norwegian proposal").
    Demonym,
    /// A capital or seat of power that stands for its government ("Oslo", "the Kremlin").
    Seat,
    /// A place as a place ("in Oslo"): usually not an actor, but what is done there may be done to its state.
    Place,
    /// A common noun for a role, organ, group or thing of an actor ("the defence minister of Mali", "French jets").
    Role,
    /// A noun for several known actors at once ("the two leaders", "both sides").
    Group,
    /// A personal pronoun ("he", "they").
    Pronoun,
    /// A possessive pronoun ("its", "his").
    Possessive,
    /// A relative pronoun ("who", "which").
    Relative,
}

/// One place of the text that refers to an actor.
#[derive(Clone, Debug)]
pub struct Mention {
    /// Index into [`Analysed::sentences`].
    pub sentence: usize,
    /// The tokens of the mention, without long relative clauses.
    pub tokens: Range<usize>,
    /// The head word.
    pub head: usize,
    /// How the actor is named.
    pub kind: MentionKind,
    /// Whom it refers to: one; several for groups ("the two leaders"); none where nobody could be found.
    pub entities: Vec<EntityId>,
    /// The mention that this one modifies, as index into [`Actors::mentions`] ("Norway" in "Norway's parliament"):
    /// then the outer one acts.
    pub within: Option<usize>,
    /// How it was resolved: `name`, `demonym`, `seat`, `role`, `coreference`, ...
    pub resolution: &'static str,
    /// How surely, 0 to 1.
    pub confidence: f32,
}

/// What sort of actor an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// A state; its government.
    Country,
    /// An organ or service of a state: ministry, parliament, army, police, embassy.
    Organ,
    /// An organisation of states or any other organisation with a name of its own.
    Organisation,
    /// One person, named or known by role.
    Person,
    /// Several people, or an unnamed force ("protesters", "Kenyan millers").
    Group,
    /// A ship, aircraft or other thing that acts for its owner.
    Asset,
    /// A name of which the text says nothing more.
    Unknown,
}

/// An actor of the article.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Canonical name: the fullest one known.
    pub name: SmolStr,
    /// ISO 3166 alpha-3 or an organisation code (UNO, NATO, EUR, ...); `None` where open.
    pub country: Option<CountryCode>,
    /// PLOVER sector (GOV, MIL, REB, ...).
    pub sector: Option<Sector>,
    /// Role or title in the text ("foreign minister").
    pub role: Option<SmolStr>,
    /// What it is.
    pub kind: EntityKind,
    /// Its mentions, as indices into [`Actors::mentions`], in order; groups count for each member.
    pub mentions: Vec<usize>,
    /// How surely country and kind are known, 0 to 1.
    pub confidence: f32,
}

impl Actors {
    /// The entity with this id.
    #[must_use]
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.entities[id.0 as usize]
    }

    /// The mentions of a sentence, in order of their head words, with the index of the first.
    #[must_use]
    pub fn in_sentence(&self, sentence: usize) -> (usize, &[Mention]) {
        match self.first_of_sentence.get(sentence..sentence + 2) {
            Some(&[from, to]) => (from as usize, &self.mentions[from as usize..to as usize]),
            _ => (0, &[]),
        }
    }

    /// The mention whose head word is `head`.
    #[must_use]
    pub fn at_head(&self, sentence: usize, head: usize) -> Option<usize> {
        let (from, mentions) = self.in_sentence(sentence);
        mentions.binary_search_by_key(&head, |m| m.head).ok().map(|i| from + i)
    }
}

/// Finds the actors of an article and who is who.
#[must_use]
pub fn find_actors(analysed: &Analysed<'_>) -> Actors {
    let mut phrases = Vec::new();
    let mut names = HashSet::new();
    for sentence in analysed.sentences.iter().filter(|s| s.part == Part::Body) {
        words::Words::collect_names(sentence, &mut names);
    }
    for (index, sentence) in analysed.sentences.iter().enumerate() {
        let mut words = words::Words::read(sentence);
        words.mark_names(sentence, &names);
        phrases.extend(describe::phrases(sentence, index, &words));
    }
    let (answers, drafts) = coref::resolve(analysed, &phrases);
    let mut actors = Actors {
        mentions: Vec::with_capacity(phrases.len()),
        entities: drafts.into_iter().map(|d| d.entity).collect(),
        first_of_sentence: vec![0; analysed.sentences.len() + 1],
    };
    for (phrase, answer) in phrases.iter().zip(answers) {
        let Some(kind) = answer.kind else { continue };
        actors.first_of_sentence[phrase.sentence + 1] += 1;
        actors.mentions.push(Mention {
            sentence: phrase.sentence,
            tokens: phrase.tokens.clone(),
            head: phrase.head,
            kind,
            entities: answer.entities,
            within: None,
            resolution: answer.resolution,
            confidence: answer.confidence,
        });
    }
    for s in 0..analysed.sentences.len() {
        actors.first_of_sentence[s + 1] += actors.first_of_sentence[s];
    }
    actors.nest();
    for (m, mention) in actors.mentions.iter().enumerate() {
        for id in &mention.entities {
            actors.entities[id.0 as usize].mentions.push(m);
        }
    }
    actors
}

impl Actors {
    /// Notes for each mention the smallest other one of its sentence that it lies in.
    fn nest(&mut self) {
        for s in 0..self.first_of_sentence.len() - 1 {
            let (from, to) = (self.first_of_sentence[s] as usize, self.first_of_sentence[s + 1] as usize);
            for m in from..to {
                let inner = &self.mentions[m];
                let around = (from..to)
                    .filter(|&o| {
                        let outer = &self.mentions[o];
                        o != m
                            && outer.tokens.contains(&inner.head)
                            && outer.tokens.len() > inner.tokens.len()
                    })
                    .min_by_key(|&o| self.mentions[o].tokens.len());
                self.mentions[m].within = around;
            }
        }
    }
}
