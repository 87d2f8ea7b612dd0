//! How many articles are taken a second: a bucket of tokens that fills evenly.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

#[derive(Debug)]
pub(super) struct Rate {
    per_second: f64,
    burst: f64,
    bucket: Mutex<(f64, Instant)>,
}

impl Rate {
    pub(super) fn new(per_second: u32, burst: u32) -> Self {
        let burst = f64::from(burst.max(1));
        Self { per_second: f64::from(per_second.max(1)), burst, bucket: Mutex::new((burst, Instant::now())) }
    }

    /// Takes `count` articles, or tells how long to wait. A batch is taken as long as anything is left: what it takes
    /// too much the next ones wait for.
    pub(super) fn take(&self, count: usize, now: Instant) -> Result<(), Duration> {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, at) = *bucket;
        let left = (left + now.saturating_duration_since(at).as_secs_f64() * self.per_second).min(self.burst);
        if left < 1.0 {
            *bucket = (left, now);
            return Err(Duration::from_secs_f64((1.0 - left) / self.per_second));
        }
        let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        *bucket = (left - count, now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate() {
        let rate = Rate::new(10, 5);
        let start = Instant::now();
        assert!((0..5).all(|_| rate.take(1, start).is_ok()));
        let wait = rate.take(1, start).unwrap_err();
        assert!(wait <= Duration::from_millis(101), "{wait:?}");
        assert!(rate.take(1, start + Duration::from_millis(150)).is_ok());
        assert!(rate.take(50, start + Duration::from_secs(10)).is_ok(), "a large batch passes");
        assert!(rate.take(1, start + Duration::from_secs(11)).is_err(), "and is paid for");
        assert!(rate.take(1, start + Duration::from_secs(16)).is_ok());
    }
}
