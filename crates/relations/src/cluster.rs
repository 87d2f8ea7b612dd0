//! Many reports, one event: which mentions speak of the same act.
//!
//! Two mentions are one act when their actors, root and modality agree, their days can be the same, their places do not
//! differ, and, where the day is only that of publication or coarser, their sentences share enough words. Coding
//! conventions: same actors, same root and same day are one event. The report that arrives first becomes the event.

use std::collections::{BTreeMap, BTreeSet};

use entente_messages::{Event, Modality};
use entente_ontology::Root;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ledger::day_of;
use crate::pair::name;

/// Share of common words (Jaccard) from which two sentences of uncertain day tell of one act.
const SIMILAR: f64 = 0.2;
/// Days between two reports of one act when neither names its day.
const REPORT_DAYS: i64 = 2;

/// Actors (in order unless the act is mutual), root and modality: what must agree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ActKey {
    /// Code or name of one actor.
    pub source: String,
    /// Code or name of the other.
    pub target: String,
    /// Root.
    pub root: Root,
    /// Actual, planned, hypothetical or negated.
    pub modality: Modality,
}

/// One real-world act and the reports of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// Id: that of its first report when the cluster was begun.
    pub id: String,
    /// Ids of all mentions.
    pub mentions: BTreeSet<String>,
    /// Distinct sources; near-copies of one article count once.
    pub sources: BTreeSet<String>,
    /// First and last day that the act can have taken place on.
    first: Date,
    last: Date,
    /// Some mention names the day.
    exact: bool,
    place: Option<String>,
    words: BTreeSet<String>,
}

/// What a mention was found to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The cluster.
    pub cluster: String,
    /// The mention begins the cluster.
    pub first: bool,
    /// Mentions so far, this one included.
    pub mentions: u32,
    /// Distinct sources so far.
    pub sources: u32,
}

/// All clusters by what must agree.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Clusters {
    acts: BTreeMap<ActKey, Vec<Cluster>>,
}

impl Clusters {
    /// Assigns a mention. `original` is the id of the article's original where it is a near-copy, else of the article
    /// itself: syndicated copies count once as a source. A mention known already keeps its cluster.
    pub fn assign(&mut self, event: &Event, original: &str) -> Assignment {
        let clusters = self.acts.entry(key(event)).or_default();
        let known = clusters.iter().position(|cluster| cluster.mentions.contains(&event.id));
        let mention = Mention::of(event);
        let at = known.or_else(|| best(clusters, &mention)).unwrap_or_else(|| {
            clusters.push(Cluster {
                id: event.id.clone(),
                mentions: BTreeSet::new(),
                sources: BTreeSet::new(),
                first: mention.first,
                last: mention.last,
                exact: mention.exact,
                place: mention.place.clone(),
                words: mention.words.clone(),
            });
            clusters.len() - 1
        });
        let cluster = &mut clusters[at];
        let first = cluster.mentions.is_empty() || cluster.id == event.id;
        cluster.mentions.insert(event.id.clone());
        cluster.sources.insert(original.to_owned());
        // An exact day narrows a cluster that knew only the publication.
        if mention.exact && !cluster.exact {
            (cluster.first, cluster.last, cluster.exact) = (mention.first, mention.last, true);
        }
        if cluster.place.is_none() {
            cluster.place.clone_from(&mention.place);
        }
        Assignment {
            cluster: cluster.id.clone(),
            first,
            mentions: u32::try_from(cluster.mentions.len()).unwrap_or(u32::MAX),
            sources: u32::try_from(cluster.sources.len()).unwrap_or(u32::MAX),
        }
    }

    /// All clusters, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&ActKey, &Cluster)> {
        self.acts.iter().flat_map(|(key, clusters)| clusters.iter().map(move |cluster| (key, cluster)))
    }

    /// Forgets clusters whose last possible day lies before one.
    pub fn prune(&mut self, before: Date) {
        for clusters in self.acts.values_mut() {
            clusters.retain(|cluster| cluster.last >= before);
        }
        self.acts.retain(|_, clusters| !clusters.is_empty());
    }
}

/// What of a mention decides.
struct Mention {
    first: Date,
    last: Date,
    exact: bool,
    place: Option<String>,
    words: BTreeSet<String>,
}

impl Mention {
    fn of(event: &Event) -> Self {
        let day = day_of(event).unwrap_or(Date::MIN);
        let precision = event.date.as_ref().map_or("", |date| date.precision.as_str());
        let (first, last) = match precision {
            "day" => (day, day),
            "publication" => (day.saturating_sub(REPORT_DAYS.days()), day),
            "month" => (day.first_of_month(), day.last_of_month()),
            "year" => (day.first_of_year(), day.last_of_year()),
            _ => {
                let end = event.date.as_ref().and_then(|date| date.value.split('/').nth(1));
                (day, end.and_then(|end| end.parse().ok()).unwrap_or(day))
            }
        };
        let place = event.place.as_ref().filter(|place| place.precision == "city");
        Self {
            first,
            last,
            exact: precision == "day",
            place: place.map(|place| place.name.to_lowercase()),
            words: content(&event.sentence.text),
        }
    }
}

/// The cluster that fits best: the most similar one, of equals the oldest.
fn best(clusters: &[Cluster], mention: &Mention) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for (at, cluster) in clusters.iter().enumerate() {
        let overlap = cluster.first <= mention.last && mention.first <= cluster.last;
        let elsewhere = matches!((&cluster.place, &mention.place), (Some(a), Some(b)) if a != b);
        if !overlap || elsewhere {
            continue;
        }
        let similar = jaccard(&cluster.words, &mention.words);
        let sure = cluster.exact && mention.exact;
        if (sure || similar >= SIMILAR) && best.is_none_or(|(known, _)| similar > known) {
            best = Some((similar, at));
        }
    }
    best.map(|(_, at)| at)
}

fn key(event: &Event) -> ActKey {
    let side = |actor: &entente_messages::Actor| actor.country.clone().unwrap_or_else(|| name(actor));
    let (mut source, mut target) = (side(&event.source), side(&event.target));
    if source == target {
        // Within one country the names tell who acts.
        (source, target) = (name(&event.source), name(&event.target));
    }
    if event.symmetric && source > target {
        std::mem::swap(&mut source, &mut target);
    }
    ActKey { source, target, root: event.root, modality: event.modality }
}

/// Words of four letters and more in lower case, cut to five letters so that "attacked" and "attack" meet.
fn content(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= 4)
        .map(|word| word.to_lowercase().chars().take(5).collect())
        .collect()
}

fn jaccard(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let common = a.intersection(b).count() as f64;
    let all = a.union(b).count() as f64;
    if all > 0.0 { common / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use entente_messages::EventPlace;

    use super::*;
    use crate::testing::event;

    fn told(id: &str, day: &str, precision: &str, sentence: &str) -> Event {
        let mut event = event(id, "COL", "VEN", day, -3.0);
        sentence.clone_into(&mut event.sentence.text);
        if let Some(date) = &mut event.date {
            precision.clone_into(&mut date.precision);
        }
        event
    }

    #[test]
    fn the_same_day_is_the_same_act_whatever_the_words() {
        let mut clusters = Clusters::default();
        let first = clusters.assign(&told("1", "2025-05-06", "day", "Bogota condemned the raid."), "a");
        let second =
            clusters.assign(&told("2", "2025-05-06", "day", "The foreign ministry spoke of piracy."), "b");
        assert!(first.first && !second.first);
        assert_eq!((second.cluster.as_str(), second.mentions, second.sources), ("1", 2, 2));
    }

    #[test]
    fn another_day_or_place_is_another_act() {
        let mut clusters = Clusters::default();
        clusters.assign(&told("1", "2025-05-06", "day", "Bogota condemned the raid."), "a");
        assert!(clusters.assign(&told("2", "2025-05-08", "day", "Bogota condemned the raid."), "b").first);
        let place = |name: &str| EventPlace {
            name: name.into(),
            country: None,
            lat: None,
            lon: None,
            geonames_id: None,
            precision: "city".into(),
        };
        let mut here = told("3", "2025-06-06", "day", "Shots were fired.");
        here.place = Some(place("Cucuta"));
        let mut there = told("4", "2025-06-06", "day", "Shots were fired.");
        there.place = Some(place("Arauca"));
        assert!(clusters.assign(&here, "c").first && clusters.assign(&there, "d").first);
    }

    #[test]
    fn reports_without_a_day_need_common_words() {
        let mut clusters = Clusters::default();
        clusters.assign(
            &told("1", "2025-05-06", "publication", "Colombia accused Venezuela of arming the rebels."),
            "a",
        );
        let again =
            told("2", "2025-05-07", "publication", "Venezuela was accused by Colombia of arming rebels.");
        assert!(!clusters.assign(&again, "b").first);
        let other =
            told("3", "2025-05-07", "publication", "Bogota denounced new tariffs on flowers and coffee.");
        assert!(clusters.assign(&other, "c").first);
    }

    #[test]
    fn copies_count_once_as_a_source_and_redelivery_changes_nothing() {
        let mut clusters = Clusters::default();
        clusters.assign(&told("1", "2025-05-06", "day", "A raid."), "a");
        let copy = clusters.assign(&told("2", "2025-05-06", "day", "A raid."), "a");
        assert_eq!((copy.mentions, copy.sources), (2, 1));
        let before = clusters.clone();
        let again = clusters.assign(&told("1", "2025-05-06", "day", "A raid."), "a");
        assert!(again.first);
        assert_eq!(clusters, before);
    }

    #[test]
    fn exact_mentions_cluster_alike_in_any_order() {
        let days = ["2025-05-06", "2025-05-07", "2025-05-06", "2025-05-09", "2025-05-07"];
        let events: Vec<Event> = days
            .iter()
            .enumerate()
            .map(|(number, day)| told(&number.to_string(), day, "day", "Bogota condemned it."))
            .collect();
        let groups = |events: &[&Event]| {
            let mut clusters = Clusters::default();
            for event in events {
                clusters.assign(event, &event.id);
            }
            clusters.iter().map(|(_, cluster)| cluster.mentions.clone()).collect::<BTreeSet<_>>()
        };
        let straight: Vec<&Event> = events.iter().collect();
        let reversed: Vec<&Event> = events.iter().rev().collect();
        assert_eq!(groups(&straight), groups(&reversed));
    }
}
