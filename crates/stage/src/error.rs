//! Why a service can not run at all.

use crate::config::ConfigError;

/// Why a service can not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The address for health and metrics can not be bound.
    #[error("http.bind: cannot listen on {address}: {source}; name a free port, or port 0")]
    Bind {
        /// The address.
        address: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The file of feeds is wrong.
    #[error("ingest.feeds_file: {0}")]
    Feeds(String),
    /// NATS refuses the connection, and trying again does not help.
    #[error("nats.url {url}: {detail}")]
    Connect {
        /// Where NATS was looked for; without user and password.
        url: String,
        /// Why not.
        detail: String,
    },
    /// The server has no JetStream.
    #[error(
        "the NATS server at {0} has no JetStream; start it with `jetstream {{}}` in its file, or with -js"
    )]
    NoJetStream(String),
    /// The server's largest message is too small.
    #[error(
        "the NATS server takes messages up to {found} bytes; an article of ingest.max_article_kb = {wanted_kb} with its events needs {needed}: raise max_payload in the server's file, or lower ingest.max_article_kb"
    )]
    MaxPayload {
        /// The server's `max_payload`.
        found: usize,
        /// What is needed.
        needed: usize,
        /// The setting.
        wanted_kb: u64,
    },
    /// A stream or consumer can not be made.
    #[error("{what} {name}: {detail}")]
    Topology {
        /// `stream` or `consumer`.
        what: &'static str,
        /// Its name.
        name: String,
        /// Why not, and what to do.
        detail: String,
        /// Trying again can help: the server only needs time.
        passing: bool,
    },
    /// A request to JetStream failed.
    #[error("{what}: {detail}")]
    Request {
        /// What was asked for.
        what: &'static str,
        /// Why it failed.
        detail: String,
    },
    /// Log lines can not be set up.
    #[error("log.filter: {0}")]
    Log(String),
    /// Traces can not be exported.
    #[error("telemetry.otlp_endpoint: {0}")]
    Otlp(String),
    /// Work in hand did not end in time.
    #[error(
        "{0} messages were still in hand when work.shutdown_deadline_ms passed; they will be delivered again"
    )]
    Deadline(usize),
}

impl Error {
    /// Whether starting the service again can help without anybody changing anything.
    #[must_use]
    pub const fn retry(&self) -> bool {
        matches!(self, Self::Request { .. } | Self::Deadline(_) | Self::Topology { passing: true, .. })
    }

    /// A stable word.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Config(_) => "config",
            Self::Bind { .. } => "bind",
            Self::Feeds(_) => "feeds",
            Self::Connect { .. } => "connect",
            Self::NoJetStream(_) => "no-jetstream",
            Self::MaxPayload { .. } => "max-payload",
            Self::Topology { .. } => "topology",
            Self::Request { .. } => "request",
            Self::Log(_) => "log",
            Self::Otlp(_) => "otlp",
            Self::Deadline(_) => "deadline",
        }
    }

    pub(crate) fn request(what: &'static str, error: &impl std::fmt::Display) -> Self {
        Self::Request { what, detail: error.to_string() }
    }
}
