//! What is remembered of a feed, and how each answer changes it. Pure: time and chance come from the caller.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fetch::Validators;
use crate::settings::PollSettings;

/// Items remembered beyond those that the feed shows now.
const SEEN_EARLIER: usize = 2_000;
/// Articles waiting for their page; a feed that brings more than this at once loses its oldest.
const PENDING: usize = 500;

/// What is remembered of a feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedState {
    /// Where the feed has moved for good.
    pub moved_to: Option<String>,
    /// `ETag` of the last answer.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer.
    pub last_modified: Option<String>,
    /// When it is polled next.
    pub next_at: Option<Timestamp>,
    /// When it was polled last with success.
    pub last_success: Option<Timestamp>,
    /// Failures since then.
    pub failures: u32,
    /// The last failure.
    pub last_error: Option<String>,
    /// Articles published so far.
    pub published: u64,
    /// Items given up so far.
    pub given_up: u64,
    /// Keys of items done with, the newest last.
    pub seen: Vec<String>,
    /// Items whose page is still to be fetched.
    pub pending: Vec<Pending>,
}

/// An item whose page is still to be fetched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pending {
    /// Its identity within the feed.
    pub key: String,
    /// Address of its page.
    pub url: String,
    /// Headline in the feed.
    pub title: String,
    /// Author line in the feed.
    pub byline: Option<String>,
    /// Publication date in the feed.
    pub published_at: Option<Timestamp>,
    /// Name of the feed.
    pub feed_title: Option<String>,
    /// Failed attempts.
    pub attempts: u32,
    /// Not to be fetched before.
    pub not_before: Option<Timestamp>,
}

impl FeedState {
    /// What the server said of the version that was read last.
    #[must_use]
    pub fn validators(&self) -> Validators {
        Validators { etag: self.etag.clone(), last_modified: self.last_modified.clone() }
    }

    /// When there is something to do: the feed is due, or a page.
    #[must_use]
    pub fn due(&self) -> Timestamp {
        let page = self.pending.iter().map(|item| item.not_before.unwrap_or(Timestamp::MIN)).min();
        let feed = self.next_at.unwrap_or(Timestamp::MIN);
        page.map_or(feed, |page| page.min(feed))
    }

    /// Whether the feed itself is to be asked.
    #[must_use]
    pub fn feed_is_due(&self, now: Timestamp) -> bool {
        self.next_at.is_none_or(|at| at <= now)
    }

    /// Whether an item was dealt with, or waits for its page.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.seen.iter().any(|seen| seen == key) || self.pending.iter().any(|item| item.key == key)
    }

    /// Notes that the feed answered; `shown` are the keys of its items now, none where it has not changed.
    pub fn answered(&mut self, now: Timestamp, interval: Duration, shown: Option<(&Validators, &[String])>) {
        self.failures = 0;
        self.last_error = None;
        self.last_success = Some(now);
        self.next_at = Some(later(now, interval));
        if let Some((validators, shown)) = shown {
            self.etag.clone_from(&validators.etag);
            self.last_modified.clone_from(&validators.last_modified);
            // What the feed shows must be remembered, however much that is; of the rest the newest.
            let (current, earlier): (Vec<_>, Vec<_>) =
                self.seen.drain(..).partition(|key| shown.contains(key));
            let surplus = earlier.len().saturating_sub(SEEN_EARLIER);
            self.seen = earlier.into_iter().skip(surplus).chain(current).collect();
        }
    }

    /// Notes that the feed failed: the wait doubles each time, and a server that names a longer one gets it. `chance`
    /// is drawn from 0 to 1. No feed is ever given up.
    pub fn failed(
        &mut self,
        now: Timestamp,
        error: &str,
        retry_after: Option<Duration>,
        poll: &PollSettings,
        chance: f64,
    ) {
        self.failures = self.failures.saturating_add(1);
        self.last_error = Some(error.to_owned());
        let wait = backoff(self.failures, poll, chance);
        // A server may ask for more than our longest wait, not for ever.
        let asked = retry_after.unwrap_or_default().min(poll.backoff_max.saturating_mul(4));
        self.next_at = Some(later(now, wait.max(asked)));
    }

    /// Notes that an item is dealt with.
    pub fn done(&mut self, key: &str) {
        self.pending.retain(|item| item.key != key);
        if !self.seen.iter().any(|seen| seen == key) {
            self.seen.push(key.to_owned());
        }
    }

    /// Lets an item wait for its page.
    pub fn wait_for(&mut self, item: Pending) {
        if self.pending.len() >= PENDING {
            let oldest = self.pending.remove(0);
            self.seen.push(oldest.key);
        }
        self.pending.push(item);
    }

    /// Notes that a page failed; whether it is to be tried again.
    pub fn page_failed(
        &mut self,
        key: &str,
        now: Timestamp,
        retry_after: Option<Duration>,
        poll: &PollSettings,
        chance: f64,
    ) -> bool {
        let Some(item) = self.pending.iter_mut().find(|item| item.key == key) else { return false };
        item.attempts += 1;
        let wait =
            backoff(item.attempts, poll, chance).max(retry_after.unwrap_or_default().min(poll.backoff_max));
        item.not_before = Some(later(now, wait));
        item.attempts < poll.page_attempts
    }
}

/// Half to all of a wait that doubles with each failure.
fn backoff(failures: u32, poll: &PollSettings, chance: f64) -> Duration {
    let doubled = poll
        .backoff
        .saturating_mul(1_u32.checked_shl(failures.saturating_sub(1).min(20)).unwrap_or(u32::MAX));
    doubled.min(poll.backoff_max).mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

pub(crate) fn later(now: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_hours(24 * 365));
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn waits_double_are_bounded_and_end_with_success() {
        let poll = PollSettings {
            backoff: Duration::from_secs(60),
            backoff_max: Duration::from_secs(600),
            ..PollSettings::default()
        };
        let mut state = FeedState::default();
        let mut waits = Vec::new();
        for _ in 0..40 {
            state.failed(at(0), "503", None, &poll, 1.0);
            waits.push(state.next_at.unwrap().as_second());
        }
        assert_eq!(&waits[..5], [60, 120, 240, 480, 600]);
        assert_eq!(waits[39], 600, "a feed is never given up");
        state.failed(at(0), "503", None, &poll, 0.0);
        assert_eq!(state.next_at.unwrap().as_second(), 300, "jitter takes up to half away");
        state.answered(at(0), Duration::from_secs(900), None);
        assert_eq!((state.failures, state.next_at.unwrap().as_second()), (0, 900));
    }

    #[test]
    fn a_longer_wait_that_the_server_names_wins() {
        let poll = PollSettings::default();
        let mut state = FeedState::default();
        state.failed(at(0), "429", Some(Duration::from_secs(7200)), &poll, 1.0);
        assert_eq!(state.next_at.unwrap().as_second(), 7200);
        state.failed(at(0), "429", Some(Duration::from_secs(u64::MAX)), &poll, 1.0);
        assert!(state.next_at.unwrap() <= at(4 * 6 * 3600), "not for ever");
    }

    #[test]
    fn what_the_feed_shows_is_never_forgotten() {
        let mut state = FeedState::default();
        let keys: Vec<String> = (0..5_000).map(|n| n.to_string()).collect();
        keys.iter().for_each(|key| state.done(key));
        let shown = &keys[..10];
        state.answered(at(0), Duration::from_secs(1), Some((&Validators::default(), shown)));
        assert!(shown.iter().all(|key| state.knows(key)));
        assert!(state.knows("4999") && !state.knows("20"));
        assert_eq!(state.seen.len(), SEEN_EARLIER + 10);
    }

    #[test]
    fn a_page_is_tried_a_few_times() {
        let poll = PollSettings { page_attempts: 2, ..PollSettings::default() };
        let mut state = FeedState::default();
        state.answered(at(0), Duration::from_secs(900), None);
        state.wait_for(Pending { key: "a".into(), ..Pending::default() });
        assert!(state.due() < at(0), "its page is due at once");
        assert!(state.page_failed("a", at(0), None, &poll, 1.0));
        assert_eq!(state.due(), at(60));
        assert!(!state.page_failed("a", at(60), None, &poll, 1.0));
        state.done("a");
        assert_eq!(state.due(), at(900));
        assert!(state.knows("a"));
    }
}
