//! How articles end: refusals, dead letters, and the ledger that makes the account add up.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Stage;

/// Why an article was refused; the body of a message on `articles.rejected`.
///
/// The same `code` stands in the header [`crate::headers::REASON`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rejection {
    /// The reason as a stable word: `empty`, `too-large`, `invalid-json`, `duplicate`, ...
    pub code: String,
    /// The reason in a sentence, naming field and value.
    pub message: String,
    /// The field at fault, where there is one.
    #[serde(default)]
    pub field: Option<String>,
    /// The stage that refused.
    pub stage: Stage,
    /// The article's id, where one could be read.
    #[serde(default)]
    pub article_id: Option<String>,
    /// Size of what came in, in bytes.
    pub size: u64,
    /// SHA-256 of what came in, in hex.
    pub sha256: String,
    /// The first characters of what came in; invalid UTF-8 is replaced.
    pub excerpt: String,
    /// Sequence number in the stream it came from.
    pub stream_sequence: u64,
    /// When it came in.
    #[schemars(with = "String")]
    pub received_at: Timestamp,
}

/// What the headers of a dead letter say; its body is the original message's body, byte for byte.
///
/// A message on `dead.<stage>` keeps the original headers too, each under `Entente-Original-<name>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeadLetter {
    /// The stage that gave up.
    pub stage: Stage,
    /// The error as a stable word.
    pub code: String,
    /// The error in a sentence.
    pub error: String,
    /// How often the message was delivered.
    pub deliveries: u64,
    /// The subject it came on, where a replay sends it again.
    pub subject: String,
    /// Sequence number in the stream it came from.
    pub stream_sequence: u64,
    /// The article's id, where it is known.
    #[serde(default)]
    pub article_id: Option<String>,
    /// When the stage gave up.
    #[schemars(with = "String")]
    pub died_at: Timestamp,
}

/// Which message in which stream: survives redelivery, differs between two copies of one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Delivery {
    /// Sequence number in the stage's input stream.
    pub stream_sequence: u64,
    /// When the stream stored it.
    #[schemars(with = "String")]
    pub stored_at: Timestamp,
}

/// The record that an article was accepted: one for each article id, on `ledger.accepted.<article>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Acceptance {
    /// The article's id.
    pub article_id: String,
    /// SHA-256 over title and body, in hex: tells a repeated article from another one under the same id.
    pub fingerprint: String,
    /// The message that brought it.
    pub delivery: Delivery,
    /// Id of the article that it is a near-copy of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
}

/// The record how an article ended: one for each article id, on `ledger.outcome.<article>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OutcomeRecord {
    /// The article's id.
    pub article_id: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The message whose handling ended it.
    pub delivery: Delivery,
}

/// How an article ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Outcome {
    /// Coded; `events` may be 0.
    Coded {
        /// How many events it brought.
        events: u32,
        /// Last sequence of the event stream before the first of them.
        events_after: u64,
        /// Last sequence of the mention stream before the first of them.
        mentions_after: u64,
    },
    /// Refused after it had been accepted.
    Rejected {
        /// The reason as a stable word.
        code: String,
    },
    /// Given up.
    Dead {
        /// The stage that gave up.
        stage: Stage,
        /// The error as a stable word.
        code: String,
    },
}

impl Outcome {
    /// The kind as it stands in the header [`crate::headers::OUTCOME`].
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Coded { .. } => "coded",
            Self::Rejected { .. } => "rejected",
            Self::Dead { .. } => "dead",
        }
    }
}
