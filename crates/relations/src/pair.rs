//! Who stands in a relationship: an ordered pair of actors.

use entente_messages::{Actor, Event};
use serde::{Deserialize, Serialize};

/// An ordered pair, source first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PairKey {
    /// Country or organisation code, or a name in lower case.
    pub source: String,
    /// The same of the target.
    pub target: String,
}

impl PairKey {
    /// The pair of countries or organisations; `None` where a side has no code or both are one.
    #[must_use]
    pub fn of_countries(event: &Event) -> Option<Self> {
        let (source, target) = (event.source.country.as_ref()?, event.target.country.as_ref()?);
        (source != target).then(|| Self { source: source.clone(), target: target.clone() })
    }

    /// The pair of named actors; `None` where a side has no name or both are one.
    #[must_use]
    pub fn of_names(event: &Event) -> Option<Self> {
        let (source, target) = (name(&event.source), name(&event.target));
        (!source.is_empty() && !target.is_empty() && source != target).then_some(Self { source, target })
    }

    /// The same pair the other way round.
    #[must_use]
    pub fn swapped(&self) -> Self {
        Self { source: self.target.clone(), target: self.source.clone() }
    }
}

/// A name in lower case, single blanks, without article.
#[must_use]
pub fn name(actor: &Actor) -> String {
    let words: Vec<String> = actor.name.split_whitespace().map(str::to_lowercase).collect();
    let words = match words.split_first() {
        Some((first, rest)) if first == "the" && !rest.is_empty() => rest,
        _ => &words[..],
    };
    words.join(" ")
}
