//! The articles of the last days, asked for copies. A pure state machine in bounded memory.
//!
//! Locality-sensitive hashing: each of 64 bands hashes three of the 128 minima to a bucket; articles that share a
//! bucket are compared. Entries live in a ring; buckets are chains through it, newest first, so that dropping the
//! oldest entry needs no search: a chain ends where it leaves the ring.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::sketch::{Fingerprint, HASHES, mix};

const BANDS: usize = 64;
/// Minima of a band.
const ROWS: usize = 3;
/// Entries compared at most in one bucket; the newest come first.
const MAX_CHAIN: usize = 8;

/// How much a [`Window`] remembers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Articles remembered at most; about 1,000 bytes each.
    pub capacity: usize,
    /// How long an article is remembered after it was first seen.
    pub span: SignedDuration,
    /// Estimated similarity from which on two articles are copies.
    pub threshold: f32,
    /// The same of their names and numbers.
    pub name_threshold: f32,
}

impl Config {
    /// Whether two articles are copies, and how similar their runs are.
    #[must_use]
    pub fn compare(&self, a: &Fingerprint, b: &Fingerprint) -> Option<f32> {
        let similarity = a.similarity(b);
        let alike = similarity >= self.threshold
            && a.name_similarity(b).is_none_or(|names| names >= self.name_threshold);
        alike.then_some(similarity)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            capacity: 65_536,
            span: SignedDuration::from_hours(72),
            threshold: super::THRESHOLD,
            name_threshold: super::NAME_THRESHOLD,
        }
    }
}

/// What an article is to those seen before it.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Unlike all of them.
    New,
    /// A copy of an earlier one.
    CopyOf {
        /// Id of the first article of its kind.
        id: String,
        /// Estimated similarity, 0 to 1.
        similarity: f32,
    },
}

#[derive(Clone, Debug)]
struct Entry {
    id: String,
    at: Timestamp,
    fingerprint: Fingerprint,
    /// Sequence number of the next older entry in the bucket of each band.
    older: Box<[u32; BANDS]>,
    /// The last look-up that compared this entry.
    looked_up: u32,
}

/// Remembers first articles and tells copies of them.
#[derive(Clone, Debug)]
pub struct Window {
    config: Config,
    entries: VecDeque<Entry>,
    /// Sequence number of the oldest entry; wraps around.
    first: u32,
    /// Newest entry of each bucket, `bands × buckets`.
    newest: Vec<u32>,
    buckets: usize,
    lookups: u32,
    latest: Option<Timestamp>,
}

impl Window {
    /// An empty window.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let buckets = config.capacity.clamp(16, 1 << 24).next_power_of_two();
        // A sequence number outside the ring ends a chain; the ring starts at 1, so 0 lies outside.
        Self {
            config,
            entries: VecDeque::new(),
            first: 1,
            newest: vec![0; BANDS * buckets],
            buckets,
            lookups: 0,
            latest: None,
        }
    }

    /// Tells whether the article is a copy of one in the window; if not, remembers it as a first one.
    ///
    /// The same id again gets the same verdict as at first, so that a redelivered article is no copy of itself.
    /// `now` is the time of arrival; the window never goes back in time.
    pub fn observe(&mut self, id: &str, fingerprint: &Fingerprint, now: Timestamp) -> Verdict {
        let now = self.latest.map_or(now, |latest| latest.max(now));
        self.latest = Some(now);
        self.expire(now);
        let slots = self.slots(fingerprint);
        match self.best(fingerprint, &slots, id) {
            Some(place) if self.entries[place].id == id => Verdict::New,
            Some(place) => {
                let entry = &self.entries[place];
                Verdict::CopyOf {
                    id: entry.id.clone(),
                    similarity: entry.fingerprint.similarity(fingerprint),
                }
            }
            None => {
                self.remember(id, fingerprint, &slots, now);
                Verdict::New
            }
        }
    }

    /// Articles remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Id of the article remembered last.
    #[must_use]
    pub fn newest(&self) -> Option<&str> {
        self.entries.back().map(|entry| entry.id.as_str())
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is remembered, oldest first, to be stored or handed to a replica; [`Self::observe`] takes it back.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Fingerprint, Timestamp)> {
        self.entries.iter().map(|entry| (entry.id.as_str(), &entry.fingerprint, entry.at))
    }

    fn expire(&mut self, now: Timestamp) {
        while self.entries.front().is_some_and(|entry| now.duration_since(entry.at) > self.config.span) {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        if self.entries.pop_front().is_some() {
            self.first = self.first.wrapping_add(1);
        }
    }

    /// Where in `newest` the bucket of each band stands.
    fn slots(&self, fingerprint: &Fingerprint) -> [usize; BANDS] {
        let minima = fingerprint.minima();
        std::array::from_fn(|band| {
            let key =
                TRIPLES[band].iter().fold(band as u64, |key, row| (key << 16) | u64::from(minima[*row]));
            #[expect(clippy::cast_possible_truncation, reason = "masked to the number of buckets")]
            let bucket = mix(key) as usize & (self.buckets - 1);
            band * self.buckets + bucket
        })
    }

    /// The place of a sequence number in the ring, `None` where it has left it.
    fn place(&self, sequence: u32) -> Option<usize> {
        let place = sequence.wrapping_sub(self.first) as usize;
        (place < self.entries.len()).then_some(place)
    }

    /// The entry of this id, else the most similar one at or above the threshold, the older one on a tie.
    fn best(&mut self, fingerprint: &Fingerprint, slots: &[usize; BANDS], id: &str) -> Option<usize> {
        self.lookups = self.lookups.wrapping_add(1).max(1);
        let mut best: Option<(usize, f32)> = None;
        for (band, slot) in slots.iter().enumerate() {
            let mut sequence = self.newest[*slot];
            for _ in 0..MAX_CHAIN {
                let Some(place) = self.place(sequence) else { break };
                let entry = &mut self.entries[place];
                sequence = entry.older[band];
                if std::mem::replace(&mut entry.looked_up, self.lookups) == self.lookups {
                    continue;
                }
                if entry.id == id {
                    return Some(place);
                }
                let Some(similarity) = self.config.compare(&entry.fingerprint, fingerprint) else { continue };
                if best.is_none_or(|(at, most)| similarity > most || (similarity >= most && place < at)) {
                    best = Some((place, similarity));
                }
            }
        }
        best.map(|(place, _)| place)
    }

    fn remember(&mut self, id: &str, fingerprint: &Fingerprint, slots: &[usize; BANDS], at: Timestamp) {
        if self.config.capacity == 0 {
            return;
        }
        while self.entries.len() >= self.config.capacity {
            self.drop_oldest();
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the capacity is below 2^32; sequence numbers wrap"
        )]
        let sequence = self.first.wrapping_add(self.entries.len() as u32);
        let older =
            Box::new(std::array::from_fn(|band| std::mem::replace(&mut self.newest[slots[band]], sequence)));
        let fingerprint = fingerprint.clone();
        self.entries.push_back(Entry { id: id.to_owned(), at, fingerprint, older, looked_up: 0 });
    }
}

/// The three minima of each band.
const TRIPLES: [[usize; ROWS]; BANDS] = {
    let mut triples = [[0; ROWS]; BANDS];
    let mut band = 0;
    while band < BANDS {
        // Strides that have no factor with 128 visit all minima; three of them give different triples.
        triples[band] = [(2 * band) % HASHES, (2 * band + 1) % HASHES, (37 * band + 64) % HASHES];
        if triples[band][2] == triples[band][0] || triples[band][2] == triples[band][1] {
            triples[band][2] = (triples[band][2] + 5) % HASHES;
        }
        band += 1;
    }
    triples
};

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(start: u32) -> Fingerprint {
        let text: String = (start..start + 80).map(|n| format!("w{n} ")).collect();
        Fingerprint::of_text(&text).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn copies_are_linked_to_the_first_and_redelivery_is_no_copy() {
        let mut window = Window::new(Config::default());
        assert_eq!(window.observe("a", &fingerprint(0), at(0)), Verdict::New);
        assert_eq!(window.observe("a", &fingerprint(0), at(1)), Verdict::New);
        assert!(
            matches!(window.observe("b", &fingerprint(8), at(2)), Verdict::CopyOf { id, .. } if id == "a")
        );
        assert!(
            matches!(window.observe("b", &fingerprint(8), at(3)), Verdict::CopyOf { id, .. } if id == "a")
        );
        assert_eq!(window.observe("c", &fingerprint(500), at(4)), Verdict::New);
        assert_eq!(window.len(), 2);
    }

    #[test]
    fn the_span_ends_a_memory() {
        let mut window = Window::new(Config { span: SignedDuration::from_secs(10), ..Config::default() });
        window.observe("a", &fingerprint(0), at(0));
        assert!(matches!(window.observe("b", &fingerprint(0), at(10)), Verdict::CopyOf { .. }));
        assert_eq!(window.observe("c", &fingerprint(0), at(11)), Verdict::New);
        // The window does not go back in time for a late article.
        assert!(
            matches!(window.observe("d", &fingerprint(0), at(3)), Verdict::CopyOf { id, .. } if id == "c")
        );
    }

    #[test]
    fn the_capacity_bounds_the_memory_and_the_newest_stay() {
        let mut window = Window::new(Config { capacity: 20, ..Config::default() });
        for n in 0..1000 {
            assert_eq!(window.observe(&n.to_string(), &fingerprint(n * 100), at(i64::from(n))), Verdict::New);
            assert!(window.len() <= 20);
        }
        let copy = window.observe("x", &fingerprint(985 * 100), at(1000));
        assert!(matches!(copy, Verdict::CopyOf { id, .. } if id == "985"));
        assert_eq!(window.observe("y", &fingerprint(900 * 100), at(1000)), Verdict::New);
    }

    #[test]
    fn sequence_numbers_may_wrap() {
        let mut window = Window::new(Config { capacity: 8, ..Config::default() });
        window.first = u32::MAX - 3;
        for n in 0..40 {
            assert_eq!(window.observe(&n.to_string(), &fingerprint(n * 100), at(0)), Verdict::New, "{n}");
            let copy = window.observe("copy", &fingerprint(n * 100), at(0));
            assert!(matches!(copy, Verdict::CopyOf { id, .. } if id == n.to_string()), "{n}");
        }
    }

    #[test]
    fn what_is_remembered_can_be_handed_on() {
        let mut window = Window::new(Config::default());
        for n in 0..5 {
            window.observe(&n.to_string(), &fingerprint(n * 100), at(i64::from(n)));
        }
        let mut replica = Window::new(Config::default());
        for (id, fingerprint, seen) in window.iter() {
            replica.observe(id, fingerprint, seen);
        }
        assert!(
            matches!(replica.observe("x", &fingerprint(300), at(9)), Verdict::CopyOf { id, .. } if id == "3")
        );
    }
}
