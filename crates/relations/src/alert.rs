//! Alerts: a pair that departs sharply from its own past.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ledger::Ledger;
use crate::pair::PairKey;

/// Weeks of the baseline, before the week that is judged.
const BASELINE_WEEKS: i64 = 26;
/// Fewest weeks that a pair must be known for.
const KNOWN_WEEKS: i64 = 8;
/// Robust z-score from which a week stands out; 3.5 is the cut of Iglewicz and Hoaglin (1993) for the modified z-score.
pub const THRESHOLD: f64 = 3.5;
/// Least spread of weekly sums: below it one strong event (about 10 points) would always alarm a quiet pair.
const LEAST_SPREAD: f64 = 3.0;

/// A week of a pair that stands out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// The pair.
    pub pair: PairKey,
    /// Last day of the week that is judged.
    pub as_of: Date,
    /// Modified z-score: 0.6745 * (sum of the week - median) / MAD of the weeks before. Negative is hostile.
    pub score: f64,
    /// Sum of Goldstein values in the week.
    pub week: f64,
    /// Median of the weekly sums before.
    pub median: f64,
    /// Median absolute deviation of the weekly sums before, at least 3.
    pub spread: f64,
    /// Events in the week.
    pub events: u32,
}

/// Judges the week that ends on a day against the half year before; `None` where it does not stand out, where fewer than two
/// events fall into it, or where the pair is known for less than eight weeks.
#[must_use]
pub fn alert(ledger: &Ledger, pair: &PairKey, as_of: Date) -> Option<Alert> {
    let history = ledger.history(pair)?;
    let known_days = i64::from(history.first_day()?.until(as_of).ok()?.get_days());
    let weeks = (known_days / 7).min(BASELINE_WEEKS);
    let week = history.window(as_of, 0, 7);
    if weeks < KNOWN_WEEKS || week.events < 2 {
        return None;
    }
    let mut sums: Vec<f64> =
        (1..=weeks).map(|week| history.window(as_of, week * 7, week * 7 + 7).goldstein_sum).collect();
    let center = median(&mut sums);
    let mut deviations: Vec<f64> = sums.iter().map(|sum| (sum - center).abs()).collect();
    let spread = median(&mut deviations).max(LEAST_SPREAD);
    let score = 0.6745 * (week.goldstein_sum - center) / spread;
    (score.abs() >= THRESHOLD).then(|| Alert {
        pair: pair.clone(),
        as_of,
        score,
        week: week.goldstein_sum,
        median: center,
        spread,
        events: week.events,
    })
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        even if even % 2 == 0 => f64::midpoint(values[middle - 1], values[middle]),
        _ => values[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::event;

    fn quiet_year() -> (Ledger, PairKey) {
        let mut ledger = Ledger::default();
        for month in 1..=6 {
            for day in [3, 10, 17, 24] {
                let date = format!("2025-{month:02}-{day:02}");
                let goldstein = if day % 2 == 0 { 2.5 } else { 1.0 };
                ledger.apply(&event(&date, "IND", "PAK", &date, goldstein));
            }
        }
        (ledger, PairKey { source: "IND".into(), target: "PAK".into() })
    }

    #[test]
    fn an_ordinary_week_is_quiet() {
        let (mut ledger, pair) = quiet_year();
        ledger.apply(&event("a", "IND", "PAK", "2025-06-27", 2.5));
        ledger.apply(&event("b", "IND", "PAK", "2025-06-28", -2.0));
        assert_eq!(alert(&ledger, &pair, "2025-06-30".parse().unwrap()), None);
    }

    #[test]
    fn a_war_week_alarms() {
        let (mut ledger, pair) = quiet_year();
        for (id, day) in [("a", 27), ("b", 28), ("c", 29)] {
            ledger.apply(&event(id, "IND", "PAK", &format!("2025-06-{day}"), -9.5));
        }
        let alert = alert(&ledger, &pair, "2025-06-30".parse().unwrap()).unwrap();
        assert!(alert.score < -THRESHOLD);
        assert_eq!(alert.events, 4);
    }

    #[test]
    fn a_new_pair_has_no_baseline() {
        let mut ledger = Ledger::default();
        for id in ["a", "b", "c"] {
            ledger.apply(&event(id, "IND", "PAK", "2025-06-28", -9.5));
        }
        let pair = PairKey { source: "IND".into(), target: "PAK".into() };
        assert_eq!(alert(&ledger, &pair, "2025-06-30".parse().unwrap()), None);
    }
}
