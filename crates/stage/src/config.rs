//! The settings of a service: types, layers, checks. Loading does no network I/O and reports every mistake.

mod layers;

use std::path::{Path, PathBuf};
use std::time::Duration;

use entente_messages::Stage;
use serde::{Deserialize, Serialize};

pub use layers::{ConfigError, Mistake};

/// All settings of a service; `config/default.toml` says what each one means.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in config/default.toml, which users read")]
pub struct Config {
    pub nats: Nats,
    pub http: Http,
    pub log: Log,
    pub telemetry: Telemetry,
    pub work: Work,
    pub streams: Streams,
    pub ingest: Ingest,
    pub extract: Extract,
}

/// Connection to NATS.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in config/default.toml, which users read")]
pub struct Nats {
    pub url: String,
    pub credentials_file: PathBuf,
    pub ca_file: PathBuf,
    pub request_timeout_ms: u64,
}

/// Health and metrics.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in config/default.toml, which users read")]
pub struct Http {
    pub bind: String,
    pub lag_interval_ms: u64,
}

/// Log lines.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in config/default.toml, which users read")]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Traces.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in config/default.toml, which users read")]
pub struct Telemetry {
    pub otlp_endpoint: String,
}

/// How messages are worked off.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in config/default.toml, which users read")]
pub struct Work {
    pub concurrency: usize,
    pub max_ack_pending: i64,
    pub ack_wait_ms: u64,
    pub max_deliveries: u64,
    pub backoff_ms: Vec<u64>,
    pub shutdown_deadline_ms: u64,
}

/// Limits of the streams.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in config/default.toml, which users read")]
pub struct Streams {
    pub replicas: usize,
    pub storage: Storage,
    pub duplicate_window_s: u64,
    pub queue_max_mb: u64,
    pub events_max_days: u64,
    pub mentions_max_days: u64,
    pub rejected_max_days: u64,
    pub dead_max_days: u64,
    pub ledger_max_days: u64,
    pub history_max_mb: u64,
    pub records_max_mb: u64,
}

/// Where streams are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    /// On disk.
    File,
    /// In the server's memory; lost when it stops.
    Memory,
}

/// Ingest alone.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in config/default.toml, which users read")]
pub struct Ingest {
    pub max_article_kb: u64,
    pub duplicate_window_s: u64,
    pub near_copies: bool,
    pub near_copy_window_s: u64,
    pub near_copy_capacity: u64,
    pub feeds_file: PathBuf,
}

/// Extract alone.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in config/default.toml, which users read")]
pub struct Extract {
    pub stub: bool,
}

impl Config {
    /// The settings of `stage`: compiled defaults, then the files of `folder`, then the environment.
    ///
    /// # Errors
    /// Names every unknown key and wrong value with the file or variable it stands in.
    pub fn load(stage: Stage, folder: Option<&Path>) -> Result<Self, ConfigError> {
        layers::load(stage, folder, std::env::vars().collect())
    }

    /// As [`Config::load`], with an environment of the caller's choice.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_with(
        stage: Stage,
        folder: Option<&Path>,
        environment: Vec<(String, String)>,
    ) -> Result<Self, ConfigError> {
        layers::load(stage, folder, environment)
    }

    /// Keys whose values are out of range, each with what is allowed.
    fn out_of_range(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let mut check = |fine: bool, key: &'static str, allowed: &str| {
            if !fine {
                wrong.push((key, allowed.to_owned()));
            }
        };
        check(
            !self.nats.url.trim().is_empty(),
            "nats.url",
            "must name a server, as in nats://127.0.0.1:4222",
        );
        check(self.nats.request_timeout_ms >= 100, "nats.request_timeout_ms", "must be at least 100");
        check(self.http.lag_interval_ms >= 100, "http.lag_interval_ms", "must be at least 100");
        check(
            self.http.bind.is_empty() || self.http.bind.parse::<std::net::SocketAddr>().is_ok(),
            "http.bind",
            "must be address:port, as in 127.0.0.1:8080, or empty",
        );
        check(self.work.concurrency <= 4096, "work.concurrency", "must be at most 4096");
        check(self.work.max_ack_pending >= 1, "work.max_ack_pending", "must be at least 1");
        check(self.work.ack_wait_ms >= 1000, "work.ack_wait_ms", "must be at least 1000");
        check(self.work.max_deliveries >= 1, "work.max_deliveries", "must be at least 1");
        check(!self.work.backoff_ms.is_empty(), "work.backoff_ms", "must hold at least one value");
        check(matches!(self.streams.replicas, 1 | 3 | 5), "streams.replicas", "must be 1, 3 or 5");
        check(
            self.streams.duplicate_window_s * 1000 > self.longest_life_ms(),
            "streams.duplicate_window_s",
            &format!(
                "must be longer than work.max_deliveries x work.ack_wait_ms with all back-off, here {} s",
                self.longest_life_ms().div_ceil(1000)
            ),
        );
        check(
            self.ingest.duplicate_window_s <= self.streams.ledger_max_days * 86_400,
            "ingest.duplicate_window_s",
            "must not be longer than streams.ledger_max_days",
        );
        check(self.ingest.max_article_kb >= 1, "ingest.max_article_kb", "must be at least 1");
        wrong
    }

    /// How long a message that fails every time can live, in milliseconds.
    fn longest_life_ms(&self) -> u64 {
        let wait = |attempt: u64| u64::try_from(self.work.backoff(attempt).as_millis()).unwrap_or(u64::MAX);
        (1..=self.work.max_deliveries.min(1000)).map(|n| self.work.ack_wait_ms + wait(n)).sum()
    }
}

impl Work {
    /// Messages handled at the same time by one process.
    #[must_use]
    pub fn permits(&self) -> usize {
        if self.concurrency > 0 {
            return self.concurrency;
        }
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
    }

    /// How long the server waits for a sign of life.
    #[must_use]
    pub const fn ack_wait(&self) -> Duration {
        Duration::from_millis(self.ack_wait_ms)
    }

    /// How long a stop waits for work in hand.
    #[must_use]
    pub const fn shutdown_deadline(&self) -> Duration {
        Duration::from_millis(self.shutdown_deadline_ms)
    }

    /// How long to wait after the `attempt`-th attempt (from 1) failed.
    #[must_use]
    pub fn backoff(&self, attempt: u64) -> Duration {
        let at = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
        let wait = self.backoff_ms.get(at).or(self.backoff_ms.last());
        Duration::from_millis(wait.copied().unwrap_or(1000))
    }
}

impl Nats {
    /// How long a request or a publish waits for its answer.
    #[must_use]
    pub const fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }
}
