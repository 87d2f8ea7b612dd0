//! People learned from text: evidence for who somebody is, kept as a pure state machine.
//!
//! Services keep a [`Memory`] in a KV bucket, one [`Entry`] a name; merging evidence does not depend on its order, so
//! replicas agree.

use std::collections::BTreeMap;

use entente_messages::{Actor, Event};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one article says of a named person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Claim {
    /// Country or organisation code.
    pub country: String,
    /// Sector.
    pub sector: Option<String>,
    /// Role or title.
    pub role: Option<String>,
}

/// Evidence for one claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was said.
    pub claim: Claim,
    /// Ids of the articles that say so, sorted; the newest [`Entry::KEPT`] are kept, [`Evidence::count`] counts all.
    pub articles: Vec<String>,
    /// Number of articles.
    pub count: u32,
    /// Publication of the first article.
    pub first_seen: Option<Timestamp>,
    /// Publication of the last article.
    pub last_seen: Option<Timestamp>,
}

/// All evidence for one name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Full name.
    pub name: String,
    /// Claims in their order.
    pub evidence: Vec<Evidence>,
}

impl Entry {
    /// Article ids kept a claim, against counting a redelivered article twice.
    pub const KEPT: usize = 64;

    /// Adds what an article says. The same article twice counts once.
    pub fn learn(&mut self, claim: Claim, article: &str, published: Option<Timestamp>) {
        let at = match self.evidence.binary_search_by(|known| known.claim.cmp(&claim)) {
            Ok(at) => at,
            Err(at) => {
                let new =
                    Evidence { claim, articles: Vec::new(), count: 0, first_seen: None, last_seen: None };
                self.evidence.insert(at, new);
                at
            }
        };
        let known = &mut self.evidence[at];
        let Err(place) = known.articles.binary_search_by(|id| id.as_str().cmp(article)) else { return };
        if known.articles.len() < Self::KEPT {
            known.articles.insert(place, article.to_owned());
        }
        known.count += 1;
        known.first_seen = [known.first_seen, published].into_iter().flatten().min();
        known.last_seen = [known.last_seen, published].into_iter().flatten().max();
    }

    /// The claim with most evidence (of equals the newest, then the first in order) and its confidence: its share of the
    /// evidence, lowered while little is known. Conflicting evidence lowers it.
    #[must_use]
    pub fn best(&self) -> Option<(&Claim, f32)> {
        let best = self.evidence.iter().max_by(|a, b| {
            (a.count, a.last_seen).cmp(&(b.count, b.last_seen)).then_with(|| b.claim.cmp(&a.claim))
        })?;
        let agree: u32 = self
            .evidence
            .iter()
            .filter(|known| known.claim.country == best.claim.country)
            .map(|known| known.count)
            .sum();
        let all: u32 = self.evidence.iter().map(|known| known.count).sum();
        // One article gives 0.6, two 0.75, many approach 1, times the share that agrees on the country.
        let weight = 1.0 - 0.8 / (agree as f32 + 1.0);
        Some((&best.claim, weight * agree as f32 / all.max(1) as f32))
    }
}

/// Entries by name in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    entries: BTreeMap<String, Entry>,
}

impl Memory {
    /// Confidence from which memory fills what the text leaves open.
    pub const ENOUGH: f32 = 0.5;

    /// The key of a name: lower case, single blanks.
    #[must_use]
    pub fn key(name: &str) -> String {
        name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    }

    /// The entry of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(&Self::key(name))
    }

    /// Sets an entry, as read from a store.
    pub fn put(&mut self, entry: Entry) {
        self.entries.insert(Self::key(&entry.name), entry);
    }

    /// Forgets a name; whether it was known.
    pub fn forget(&mut self, name: &str) -> bool {
        self.entries.remove(&Self::key(name)).is_some()
    }

    /// All entries in the order of their keys.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Learns from an event what it says of named persons; returns the keys that changed.
    pub fn learn(&mut self, event: &Event) -> Vec<String> {
        let mut changed = Vec::new();
        for actor in [&event.source, &event.target] {
            let Some(claim) = claim(actor) else { continue };
            let key = Self::key(&actor.name);
            let entry = self.entries.entry(key.clone()).or_default();
            let before = entry.clone();
            entry.name.clone_from(&actor.name);
            entry.learn(claim, &event.article.id, event.article.published_at);
            if *entry != before {
                changed.push(key);
            }
        }
        changed
    }

    /// Fills what an article left open about a named person.
    pub fn fill(&self, actor: &mut Actor) {
        if actor.country.is_some() || self.entries.is_empty() {
            return;
        }
        let Some((claim, confidence)) = self.get(&actor.name).and_then(Entry::best) else { return };
        if confidence < Self::ENOUGH {
            return;
        }
        actor.country = Some(claim.country.clone());
        actor.sector = actor.sector.take().or_else(|| claim.sector.clone());
        actor.role = actor.role.take().or_else(|| claim.role.clone());
        actor.resolution = "memory".to_owned();
        actor.confidence = confidence;
    }
}

/// An event teaches of a person whose name has two words and whose country and role the text gave.
fn claim(actor: &Actor) -> Option<Claim> {
    let words = actor.name.split_whitespace().filter(|word| word.starts_with(char::is_uppercase)).count();
    let known = matches!(actor.resolution.as_str(), "memory" | "person" | "surname");
    let (country, role) = (actor.country.as_ref()?, actor.role.as_ref()?);
    (words >= 2 && !known).then(|| Claim {
        country: country.clone(),
        sector: actor.sector.clone(),
        role: Some(role.clone()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(country: &str) -> Claim {
        Claim { country: country.into(), sector: Some("GOV".into()), role: Some("minister".into()) }
    }

    #[test]
    fn conflicting_evidence_lowers_confidence() {
        let mut entry = Entry { name: "Ada Novak".into(), evidence: Vec::new() };
        for article in ["a", "b", "c"] {
            entry.learn(said("SVN"), article, None);
        }
        let (claim, alone) = entry.best().unwrap();
        assert_eq!(claim.country, "SVN");
        entry.learn(said("HRV"), "d", None);
        let (claim, after) = entry.best().unwrap();
        assert_eq!(claim.country, "SVN");
        assert!(after < alone && alone < 1.0);
    }

    #[test]
    fn the_same_article_counts_once() {
        let mut entry = Entry::default();
        entry.learn(said("SVN"), "a", None);
        entry.learn(said("SVN"), "a", None);
        assert_eq!(entry.evidence[0].count, 1);
    }

    proptest! {
        #[test]
        fn the_order_of_articles_does_not_matter(articles in proptest::collection::vec((0..3_usize, 0..40_u32), 0..40)) {
            let countries = ["SVN", "HRV", "SRB"];
            let build = |items: &[(usize, u32)]| {
                let mut entry = Entry::default();
                for (country, article) in items {
                    entry.learn(said(countries[*country]), &article.to_string(), None);
                }
                entry
            };
            let mut reversed = articles.clone();
            reversed.reverse();
            prop_assert_eq!(build(&articles), build(&reversed));
        }
    }
}
