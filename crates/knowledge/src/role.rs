//! Titles and the common nouns of actors: "foreign minister", "spokesman", "army", "rebels".

use entente_ontology::Sector;

use crate::people::Office;

/// What a role phrase denotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoleClass {
    /// One person: "foreign minister", "spokesman", "general".
    Person,
    /// A body that acts: "army", "foreign ministry", "parliament", "court", "police".
    Body,
    /// Several people: "rebels", "protesters", "civilians", "troops".
    People,
    /// A thing that stands for its owner: "warplanes", "navy ship", "missiles".
    Thing,
    /// A modifier that turns the sector of what follows: "former", "opposition", "rebel".
    Modifier,
}

impl RoleClass {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "person" => Some(Self::Person),
            "body" => Some(Self::Body),
            "people" => Some(Self::People),
            "thing" => Some(Self::Thing),
            "modifier" => Some(Self::Modifier),
            _ => None,
        }
    }
}

/// A title or common noun that tells the sector of an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// The phrase in the singular or plural as the table has it.
    pub phrase: &'static str,
    /// One person, a body, people, a thing or a modifier.
    pub class: RoleClass,
    /// The sector.
    pub sector: Sector,
    /// The office of which terms are kept.
    pub office: Option<Office>,
}
