//! Not hurrying hosts: one request at a time to each, with a pause between two.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

/// Hosts remembered; those with nothing to wait for are forgotten first.
const REMEMBERED: usize = 4_096;

/// When a host may be asked again.
type Slot = Arc<tokio::sync::Mutex<Option<Instant>>>;

/// All hosts that were asked.
#[derive(Debug, Default)]
pub(crate) struct Hosts(Mutex<HashMap<String, Slot>>);

/// The right to ask a host, given up when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    next: OwnedMutexGuard<Option<Instant>>,
}

impl Hosts {
    /// Waits for its turn at a host.
    pub(crate) async fn turn(&self, host: &str) -> Turn {
        let slot = self.slot(host);
        let next = slot.lock_owned().await;
        if let Some(at) = *next {
            tokio::time::sleep_until(at).await;
        }
        Turn { next }
    }

    fn slot(&self, host: &str) -> Slot {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= REMEMBERED && !hosts.contains_key(host) {
            let now = Instant::now();
            hosts.retain(|_, slot| {
                Arc::strong_count(slot) > 1
                    || slot.try_lock().is_ok_and(|next| next.is_some_and(|at| at > now))
            });
        }
        Arc::clone(hosts.entry(host.to_owned()).or_default())
    }
}

impl Turn {
    /// The request is over; the next one may begin after a pause.
    pub(crate) fn end(mut self, pause: Duration) {
        *self.next = Some(Instant::now() + pause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_host_gets_its_pause_and_others_do_not_wait() {
        let hosts = Hosts::default();
        let begun = Instant::now();
        hosts.turn("a").await.end(Duration::from_secs(2));
        hosts.turn("b").await.end(Duration::from_secs(2));
        assert_eq!(begun.elapsed(), Duration::ZERO);
        hosts.turn("a").await.end(Duration::ZERO);
        assert_eq!(begun.elapsed(), Duration::from_secs(2));
    }
}
