//! The ledger: for each ordered pair what happened between the two, in rolling windows.

use std::collections::BTreeMap;

use entente_messages::{Event, Modality};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::pair::PairKey;

/// Days of the rolling windows.
pub const WINDOWS: [i64; 3] = [7, 30, 90];

/// One event as the ledger keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    /// Goldstein value in thousandths, so that sums do not depend on their order.
    milli: i32,
    /// Quad class, 1 to 4.
    quad: u8,
}

/// Events of a pair by day, then by event id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    days: BTreeMap<Date, BTreeMap<String, Record>>,
}

/// What happened in the last days of a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Length in days, the last one included.
    pub days: u16,
    /// Number of events.
    pub events: u32,
    /// Sum of their Goldstein values.
    pub goldstein_sum: f64,
    /// Mean of their Goldstein values, 0 without events.
    pub goldstein_mean: f64,
    /// Events by quad class: verbal cooperation, material cooperation, verbal conflict, material conflict.
    pub quads: [u32; 4],
}

/// State of a relationship on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relationship {
    /// The pair.
    pub pair: PairKey,
    /// The day that the windows end on.
    pub as_of: Date,
    /// Windows of 7, 30 and 90 days.
    pub windows: [Window; 3],
    /// Mean of the last 30 days minus mean of the 60 days before; 0 where one of them is empty.
    pub trend: f64,
    /// Ids of the last events, newest first, at most ten.
    pub last_events: Vec<String>,
}

/// All relationships.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    pairs: BTreeMap<PairKey, History>,
}

/// The day of an event: the first one where a month or year is all that is known; `None` without a date.
#[must_use]
pub fn day_of(event: &Event) -> Option<Date> {
    let value = event.date.as_ref()?.value.as_str();
    let first = value.split('/').next()?;
    let full = match first.len() {
        4 => format!("{first}-01-01"),
        7 => format!("{first}-01"),
        _ => first.to_owned(),
    };
    full.parse().ok()
}

impl Ledger {
    /// Enters an event of the public stream. Returns the pairs that changed: none for what is negated, hypothetical or
    /// still ahead, undated, within one country, or known already.
    pub fn apply(&mut self, event: &Event) -> Vec<PairKey> {
        if event.modality != Modality::Actual {
            return Vec::new();
        }
        let Some(day) = day_of(event) else { return Vec::new() };
        let Some(pair) = PairKey::of_countries(event) else { return Vec::new() };
        let mut pairs = vec![pair];
        if event.symmetric {
            pairs.push(pairs[0].swapped());
        }
        let record = Record { milli: milli(event.goldstein), quad: event.quad_class.number() };
        pairs.retain(|pair| {
            let history = self.pairs.entry(pair.clone()).or_default();
            history.days.entry(day).or_default().insert(event.id.clone(), record) != Some(record)
        });
        pairs
    }

    /// State of a pair on a day.
    #[must_use]
    pub fn relationship(&self, pair: &PairKey, as_of: Date) -> Option<Relationship> {
        let history = self.pairs.get(pair)?;
        let mean = |from: i64, to: i64| history.window(as_of, from, to);
        let (recent, before) = (mean(0, 30), mean(30, 90));
        let both = recent.events > 0 && before.events > 0;
        let last_events = history
            .days
            .range(..=as_of)
            .rev()
            .flat_map(|(_, day)| day.keys().rev())
            .take(10)
            .cloned()
            .collect();
        Some(Relationship {
            pair: pair.clone(),
            as_of,
            windows: WINDOWS.map(|days| history.window(as_of, 0, days)),
            trend: if both { recent.goldstein_mean - before.goldstein_mean } else { 0.0 },
            last_events,
        })
    }

    /// Pairs in order.
    pub fn pairs(&self) -> impl Iterator<Item = &PairKey> {
        self.pairs.keys()
    }

    /// The history of a pair.
    #[must_use]
    pub fn history(&self, pair: &PairKey) -> Option<&History> {
        self.pairs.get(pair)
    }

    /// Sets the history of a pair, as read from a store.
    pub fn put(&mut self, pair: PairKey, history: History) {
        self.pairs.insert(pair, history);
    }

    /// Forgets the days before one. Replay with the same bound gives the same state.
    pub fn prune(&mut self, before: Date) {
        for history in self.pairs.values_mut() {
            history.days = history.days.split_off(&before);
        }
        self.pairs.retain(|_, history| !history.days.is_empty());
    }
}

impl History {
    /// Events between `from` days (inclusive) and `to` days (exclusive) before a day, that day being 0.
    #[must_use]
    pub fn window(&self, as_of: Date, from: i64, to: i64) -> Window {
        let mut window =
            Window { days: 0, events: 0, goldstein_sum: 0.0, goldstein_mean: 0.0, quads: [0; 4] };
        window.days = u16::try_from(to - from).unwrap_or(0);
        let (Ok(first), Ok(last)) = (as_of.checked_sub((to - 1).days()), as_of.checked_sub(from.days()))
        else {
            return window;
        };
        if first > last {
            return window;
        }
        let mut milli = 0_i64;
        for record in self.days.range(first..=last).flat_map(|(_, day)| day.values()) {
            window.events += 1;
            milli += i64::from(record.milli);
            if let Some(count) = window.quads.get_mut(usize::from(record.quad).wrapping_sub(1)) {
                *count += 1;
            }
        }
        window.goldstein_sum = milli as f64 / 1000.0;
        if window.events > 0 {
            window.goldstein_mean = window.goldstein_sum / f64::from(window.events);
        }
        window
    }

    /// First day with an event.
    #[must_use]
    pub fn first_day(&self) -> Option<Date> {
        self.days.keys().next().copied()
    }
}

fn milli(goldstein: f32) -> i32 {
    // The scale runs from -10 to 10.
    (goldstein * 1000.0).round() as i32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::event;

    fn usa_chn() -> PairKey {
        PairKey { source: "USA".into(), target: "CHN".into() }
    }

    #[test]
    fn windows_hold_what_falls_into_them() {
        let mut ledger = Ledger::default();
        for (number, (day, goldstein)) in
            [("2025-03-30", -2.0), ("2025-03-25", 4.0), ("2025-03-10", -7.0), ("2025-01-20", 5.0)]
                .iter()
                .enumerate()
        {
            assert_eq!(ledger.apply(&event(&number.to_string(), "USA", "CHN", day, *goldstein)), [usa_chn()]);
        }
        let state = ledger.relationship(&usa_chn(), "2025-03-31".parse().unwrap()).unwrap();
        assert_eq!(state.windows.map(|window| window.events), [2, 3, 4]);
        assert!((state.windows[0].goldstein_sum - 2.0).abs() < 1e-12);
        assert!((state.trend - (-5.0 / 3.0 - 5.0)).abs() < 1e-12);
        assert_eq!(state.last_events, ["0", "1", "2", "3"]);
    }

    #[test]
    fn what_did_not_happen_is_kept_out() {
        let mut ledger = Ledger::default();
        for modality in [Modality::Negated, Modality::Hypothetical, Modality::Planned] {
            let mut event = event("1", "USA", "CHN", "2025-03-30", 1.0);
            event.modality = modality;
            assert_eq!(ledger.apply(&event), []);
        }
        assert_eq!(ledger.apply(&event("1", "USA", "USA", "2025-03-30", 1.0)), []);
        assert_eq!(ledger, Ledger::default());
    }

    #[test]
    fn a_mutual_act_counts_both_ways() {
        let mut ledger = Ledger::default();
        let mut event = event("1", "USA", "CHN", "2025-03-30", 4.0);
        event.symmetric = true;
        assert_eq!(ledger.apply(&event).len(), 2);
        assert!(ledger.relationship(&usa_chn().swapped(), "2025-03-30".parse().unwrap()).is_some());
    }

    proptest! {
        #[test]
        fn order_and_repetition_do_not_matter(
            events in proptest::collection::vec((0..50_u8, 0..3_usize, 0..3_usize, 1..29_i8, -100..100_i16), 0..60),
            turn in 0..60_usize,
        ) {
            let codes = ["USA", "CHN", "RUS"];
            let mut seen = std::collections::BTreeSet::new();
            let events: Vec<Event> = events
                .iter()
                .filter(|(id, ..)| seen.insert(*id))
                .map(|(id, source, target, day, score)| {
                    let day = format!("2025-02-{day:02}");
                    event(&id.to_string(), codes[*source], codes[*target], &day, f32::from(*score) / 10.0)
                })
                .collect();
            let replay = |events: &[&Event]| {
                let mut ledger = Ledger::default();
                events.iter().for_each(|event| { ledger.apply(event); });
                let states: Vec<_> = ledger
                    .pairs()
                    .filter_map(|pair| ledger.relationship(pair, "2025-02-28".parse().unwrap()))
                    .map(|state| format!("{state:?}"))
                    .collect();
                (ledger, states)
            };
            let straight: Vec<&Event> = events.iter().collect();
            let mut other = straight.clone();
            other.reverse();
            let at = turn.min(other.len());
            other.rotate_left(at);
            other.extend(straight.iter().take(turn));
            prop_assert_eq!(replay(&straight), replay(&other));
        }
    }
}
