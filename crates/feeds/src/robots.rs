//! What each host's robots.txt allows, remembered for a day (RFC 9309).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use texting_robots::Robot;
use tokio::time::Instant;
use url::Url;

/// How long rules are remembered, and how long that a host could not be asked for them.
const DAY: Duration = Duration::from_secs(24 * 3600);
const AWAY: Duration = Duration::from_secs(10 * 60);
/// Hosts remembered.
const REMEMBERED: usize = 4_096;
/// The longest pause that a host can ask for.
const LONGEST_DELAY: Duration = Duration::from_secs(60);
/// Bytes of a robots.txt that count.
const MAX_BYTES: usize = 500 * 1024;

/// What a host allows.
#[derive(Clone)]
pub(crate) enum Rules {
    /// It has none, or they can not be read.
    Anything,
    /// Its rules.
    Stated(Arc<Robot>),
    /// It could not be asked: nothing is allowed until it answers.
    Away,
}

impl Rules {
    /// The rules of a host that answered with this status.
    pub(crate) fn from_answer(status: u16, body: &[u8], agent: &str) -> Self {
        match status {
            200..=299 => {
                let body = body.get(..MAX_BYTES).unwrap_or(body);
                Robot::new(agent, body).map_or(Self::Anything, |robot| Self::Stated(Arc::new(robot)))
            }
            // Without the file everything is allowed; a host in trouble is left alone.
            500..=599 | 429 => Self::Away,
            _ => Self::Anything,
        }
    }

    /// Whether a page may be fetched.
    pub(crate) fn allow(&self, url: &Url) -> bool {
        match self {
            Self::Anything => true,
            Self::Stated(robot) => robot.allowed(url.as_str()),
            Self::Away => false,
        }
    }

    /// The pause that the host asks for.
    pub(crate) fn delay(&self) -> Duration {
        let Self::Stated(robot) = self else { return Duration::ZERO };
        let seconds = robot.delay.unwrap_or(0.0).clamp(0.0, LONGEST_DELAY.as_secs_f32());
        Duration::from_secs_f32(seconds)
    }
}

/// The rules of all hosts that were asked.
#[derive(Default)]
pub(crate) struct RobotsCache(Mutex<HashMap<String, (Rules, Instant)>>);

impl RobotsCache {
    /// The rules of an origin, where they are known and fresh.
    pub(crate) fn get(&self, origin: &str) -> Option<Rules> {
        let cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cache.get(origin).filter(|(_, until)| *until > Instant::now()).map(|(rules, _)| rules.clone())
    }

    pub(crate) fn put(&self, origin: String, rules: Rules) {
        let life = if matches!(rules, Rules::Away) { AWAY } else { DAY };
        let now = Instant::now();
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= REMEMBERED {
            cache.retain(|_, (_, until)| *until > now);
        }
        if cache.len() < REMEMBERED {
            cache.insert(origin, (rules, now + life));
        }
    }
}

/// The name looked for in robots.txt: the first word of the user agent.
pub(crate) fn agent_name(user_agent: &str) -> String {
    let end = user_agent.find(['/', ' ']).unwrap_or(user_agent.len());
    user_agent[..end].to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://news.example").unwrap().join(path).unwrap()
    }

    #[test]
    fn the_group_of_our_name_counts() {
        let text = b"User-agent: *\nDisallow: /\n\nUser-agent: entente\nDisallow: /private\nAllow: /private/open\nCrawl-delay: 3\n";
        let rules = Rules::from_answer(200, text, &agent_name("Entente/0.1 (+https://x.example)"));
        assert!(rules.allow(&url("/story")) && rules.allow(&url("/private/open/1")));
        assert!(!rules.allow(&url("/private/2")));
        assert_eq!(rules.delay(), Duration::from_secs(3));
        assert!(!Rules::from_answer(200, text, "other").allow(&url("/story")));
    }

    #[test]
    fn no_file_allows_and_a_broken_host_does_not() {
        assert!(Rules::from_answer(404, b"", "entente").allow(&url("/story")));
        assert!(!Rules::from_answer(503, b"", "entente").allow(&url("/story")));
        let greedy = Rules::from_answer(200, b"User-agent: *\nCrawl-delay: 86400\n", "entente");
        assert_eq!(greedy.delay(), LONGEST_DELAY);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(0_u8.., 0..400)) {
            Rules::from_answer(200, &bytes, "entente").allow(&url("/story"));
        }
    }
}
