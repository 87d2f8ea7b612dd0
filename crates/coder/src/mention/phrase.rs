//! A noun phrase read as the name or description of an actor.

use std::ops::Range;

use entente_knowledge::Sense;
use entente_ontology::Sector;
use smol_str::SmolStr;

use crate::mention::nouns::Noun;

/// How definite a phrase is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Article {
    /// "the", "this", "that", "these", "those".
    Definite,
    /// "a", "an", "some", "several", a number.
    Indefinite,
    /// A possessor stands in front.
    Possessed,
    /// "both", "neither", "each", "either".
    Both,
    /// Nothing.
    Bare,
}

/// Pronouns by what they can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pronoun {
    /// "he", "him", "his", "himself".
    He,
    /// "she", "her", "hers".
    She,
    /// "it", "its", "itself".
    It,
    /// "they", "them", "their".
    They,
    /// "we", "us", "our".
    We,
    /// "I", "me", "my".
    I,
    /// "who", "which", "that", "whose".
    Who,
}

/// What a phrase consists of.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// A name of the knowledge tables.
    Known(&'static Sense),
    /// A name that no table has.
    Named,
    /// A common noun ("the defence minister of Mali", "the rebels"), perhaps with a name after it.
    Described(Noun),
    /// "hundreds of ...", "two of ...": as many of what follows.
    Quantity,
    /// "the two leaders", "both sides", "the two".
    Several(Several),
    /// A pronoun.
    Pronoun(Pronoun),
}

/// What sort of members a plural phrase has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Several {
    /// "the two countries": states only.
    States,
    /// "both sides": states and parties to a conflict.
    Sides,
    /// "the two leaders".
    People,
    /// "both navies": an organ of each of the states.
    Organs(Noun),
    /// "the two", "both", "neither": of any sort.
    Any,
}

/// Prepositions that tie an actor to what it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tie {
    /// "of", "for", "from", "with", "to": belongs to or speaks for.
    Belongs,
    /// "in", "at", "near": is there.
    Located,
}

/// A noun phrase that may name or describe an actor.
#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    /// Index of the sentence.
    pub(crate) sentence: usize,
    /// Head word in the tree.
    pub(crate) head: usize,
    /// From the possessor or determiner to the last word of the name, with names that follow in "of ...".
    pub(crate) tokens: Range<usize>,
    /// Without possessor.
    pub(crate) core: Range<usize>,
    /// What it consists of.
    pub(crate) shape: Shape,
    /// The noun that says what the actor is, also where a name follows.
    pub(crate) noun: Option<Noun>,
    /// Where that noun stands.
    pub(crate) noun_tokens: Range<usize>,
    /// The words of the role ("foreign minister"), lower case.
    pub(crate) role: Option<SmolStr>,
    /// The proper name in it.
    pub(crate) name: Option<Range<usize>>,
    /// Names of states and organisations among the modifiers.
    pub(crate) sides: Vec<&'static Sense>,
    /// Sector that a modifier tells ("police spokesman", "former minister").
    pub(crate) modifier_sector: Option<Sector>,
    /// The possessor's head word.
    pub(crate) possessor: Option<usize>,
    /// Head words that follow by preposition.
    pub(crate) ties: Vec<(Tie, usize)>,
    /// Head words of appositions, either way.
    pub(crate) appositions: Vec<usize>,
    /// More than one.
    pub(crate) plural: bool,
    /// A number that the phrase gives.
    pub(crate) count: Option<u32>,
    /// Definiteness.
    pub(crate) article: Article,
    /// The noun is written with a capital ("the Front").
    pub(crate) proper_noun: bool,
    /// A title before the name tells that it is a person ("Mr", "Dr").
    pub(crate) honorific: Option<Pronoun>,
    /// Stands by itself before a noun that is no actor ("Russian fuel warning").
    pub(crate) modifier: bool,
    /// An abbreviation in brackets after it ("(NRC)").
    pub(crate) alias: Option<Range<usize>>,
}

impl Phrase {
    /// A phrase of which only place and shape are known.
    pub(crate) fn bare(sentence: usize, head: usize, core: Range<usize>, shape: Shape) -> Self {
        Self {
            sentence,
            head,
            tokens: core.clone(),
            core,
            shape,
            noun: None,
            noun_tokens: head..head,
            role: None,
            name: None,
            sides: Vec::new(),
            modifier_sector: None,
            possessor: None,
            ties: Vec::new(),
            appositions: Vec::new(),
            plural: false,
            count: None,
            article: Article::Bare,
            proper_noun: false,
            honorific: None,
            modifier: false,
            alias: None,
        }
    }
}
