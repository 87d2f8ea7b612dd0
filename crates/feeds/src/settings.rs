//! `config/feeds.toml`: which feeds are polled, how often, and how the web is treated.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::SignedDuration;
use serde::Deserialize;
use url::Url;

/// What stands in `feeds.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How pages and feeds are fetched.
    pub fetch: FetchSettings,
    /// When feeds are polled.
    pub poll: PollSettings,
    /// The feeds.
    pub feed: Vec<FeedSettings>,
}

/// How pages and feeds are fetched.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FetchSettings {
    /// Who asks; its first word is looked for in robots.txt.
    pub user_agent: String,
    /// One request with all its redirects takes no longer.
    #[serde(deserialize_with = "duration")]
    pub timeout: Duration,
    /// Larger documents are given up, as they come and unpacked.
    pub max_kb: u64,
    /// How many times larger a document may become when it is unpacked.
    pub max_ratio: u64,
    /// Redirects followed.
    pub max_redirects: usize,
    /// Pause between two requests to one host; a longer one in its robots.txt wins.
    #[serde(deserialize_with = "duration")]
    pub host_pause: Duration,
    /// Whether robots.txt is obeyed.
    pub robots: bool,
    /// Lets requests go to loopback, private and link-local addresses. For tests and intranets only.
    pub allow_private_addresses: bool,
    /// Addresses of host names that are not looked up: `"news.example" = "127.0.0.1"`.
    pub resolve: BTreeMap<String, IpAddr>,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            user_agent: concat!("Entente/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeout: Duration::from_secs(30),
            max_kb: 8 * 1024,
            max_ratio: 200,
            max_redirects: 5,
            host_pause: Duration::from_secs(2),
            robots: true,
            allow_private_addresses: false,
            resolve: BTreeMap::new(),
        }
    }
}

/// When feeds are polled.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PollSettings {
    /// Time between two polls of a feed that names none.
    #[serde(deserialize_with = "duration")]
    pub interval: Duration,
    /// The first wait after a failure; it doubles with each further one.
    #[serde(deserialize_with = "duration")]
    pub backoff: Duration,
    /// The longest wait after failures.
    #[serde(deserialize_with = "duration")]
    pub backoff_max: Duration,
    /// A replica that has shown no life for so long loses the feeds it was polling.
    #[serde(deserialize_with = "duration")]
    pub lease: Duration,
    /// Attempts to fetch an article's page before it is given up.
    pub page_attempts: u32,
    /// Articles taken from one answer of a feed; the newest.
    pub max_items: usize,
    /// Feeds polled at the same time by one replica.
    pub concurrency: usize,
}

impl Default for PollSettings {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(15 * 60),
            backoff: Duration::from_secs(60),
            backoff_max: Duration::from_secs(6 * 3600),
            lease: Duration::from_secs(30),
            page_attempts: 4,
            max_items: 200,
            concurrency: 16,
        }
    }
}

/// One feed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedSettings {
    /// Its address.
    pub url: String,
    /// Name of the outlet; the feed's own title where it is missing.
    #[serde(default)]
    pub source: Option<String>,
    /// Language of its articles; detected where it is missing.
    #[serde(default)]
    pub language: Option<String>,
    /// Time between two polls.
    #[serde(default, deserialize_with = "optional_duration")]
    pub interval: Option<Duration>,
    /// Where the text of an article is taken from.
    #[serde(default)]
    pub text: TextFrom,
}

/// Where the text of an article is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextFrom {
    /// From the feed where it gives full text, else from the article's page.
    #[default]
    Auto,
    /// From the feed, however short.
    Feed,
    /// From the page.
    Page,
}

/// `feeds.toml` can not be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It can not be read.
    #[error("{}: {error}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// It is not TOML, or a key or value is wrong.
    #[error("{}: {detail}", file.display())]
    Wrong {
        /// The file.
        file: PathBuf,
        /// What is wrong, with every mistake found.
        detail: String,
    },
}

impl Settings {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// Names the key or feed at fault and what would be right.
    pub fn load(file: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| SettingsError::Io { file: file.to_owned(), error })?;
        Self::parse(&text).map_err(|detail| SettingsError::Wrong { file: file.to_owned(), detail })
    }

    /// Reads and checks the text of the file.
    ///
    /// # Errors
    /// In words, every mistake.
    pub fn parse(text: &str) -> Result<Self, String> {
        let settings: Self = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        let mistakes = settings.mistakes();
        if mistakes.is_empty() { Ok(settings) } else { Err(mistakes.join("; ")) }
    }

    fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let mut check = |fine: bool, mistake: &str| {
            if !fine {
                mistakes.push(mistake.to_owned());
            }
        };
        check(!self.fetch.user_agent.trim().is_empty(), "`fetch.user_agent` must not be empty");
        check(self.fetch.max_kb >= 1, "`fetch.max_kb` must be at least 1");
        check(self.fetch.max_ratio >= 1, "`fetch.max_ratio` must be at least 1");
        check(self.poll.concurrency >= 1, "`poll.concurrency` must be at least 1");
        check(self.poll.page_attempts >= 1, "`poll.page_attempts` must be at least 1");
        check(self.poll.lease >= Duration::from_secs(1), "`poll.lease` must be at least 1s");
        check(self.poll.interval > Duration::ZERO, "`poll.interval` must be longer than 0s");
        let mut seen = BTreeSet::new();
        for (index, feed) in self.feed.iter().enumerate() {
            let number = index + 1;
            match Url::parse(&feed.url) {
                Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {}
                _ => mistakes
                    .push(format!("feed {number}: `url` is {:?}, which is no http(s) address", feed.url)),
            }
            if feed.interval == Some(Duration::ZERO) {
                mistakes.push(format!("feed {number}: `interval` must be longer than 0s"));
            }
            if !seen.insert(&feed.url) {
                mistakes.push(format!("feed {number}: {} is listed twice", feed.url));
            }
        }
        mistakes
    }
}

impl FeedSettings {
    /// A feed of which only the address is known.
    #[must_use]
    pub fn of_url(url: impl Into<String>) -> Self {
        Self { url: url.into(), source: None, language: None, interval: None, text: TextFrom::Auto }
    }
}

fn duration<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    let wrong = || {
        serde::de::Error::custom(format!(
            "{text:?} is no duration; write it as in \"15m\", \"30s\", \"200ms\""
        ))
    };
    let parsed: SignedDuration = text.parse().map_err(|_| wrong())?;
    Duration::try_from(parsed).map_err(|_| wrong())
}

fn optional_duration<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    duration(from).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_feeds_are_read() {
        let settings = Settings::parse(
            r#"
            [fetch]
            host_pause = "500ms"
            resolve = { "a.example" = "127.0.0.1" }
            [[feed]]
            url = "https://news.example/rss"
            interval = "10m"
            text = "page"
            "#,
        )
        .unwrap();
        assert_eq!(settings.fetch.host_pause, Duration::from_millis(500));
        assert_eq!(settings.feed[0].interval, Some(Duration::from_secs(600)));
        assert_eq!(settings.feed[0].text, TextFrom::Page);
        assert!(!settings.fetch.allow_private_addresses);
    }

    #[test]
    fn every_mistake_is_named() {
        let error = Settings::parse(
            "[poll]\nconcurrency = 0\n[[feed]]\nurl = \"news.example\"\n[[feed]]\nurl = \"news.example\"\n",
        )
        .unwrap_err();
        for part in ["poll.concurrency", "feed 1", "feed 2", "listed twice"] {
            assert!(error.contains(part), "{part} in {error}");
        }
        assert!(Settings::parse("[fetch]\ntimeout = \"soon\"").unwrap_err().contains("soon"));
        assert!(Settings::parse("colour = 1").unwrap_err().contains("colour"));
    }
}
