//! A message as a handler sees it.

use async_nats::HeaderMap;
use async_nats::jetstream::message::Info;
use bytes::Bytes;
use entente_messages::headers::{self, TraceContext};
use entente_messages::{Delivery, Stage};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::outbox::Lineage;

/// A message delivered to a stage.
#[derive(Clone, Debug)]
pub struct Input {
    /// The subject it came on.
    pub subject: String,
    /// Its body.
    pub payload: Bytes,
    /// Its headers.
    pub headers: HeaderMap,
    /// Which message in which stream.
    pub delivery: Delivery,
    /// How often it has been delivered, this time included.
    pub deliveries: u64,
    /// When its article came in.
    pub received_at: Timestamp,
    /// Its article's id, where a stage before put it into the headers.
    pub article_id: Option<String>,
    /// The span that handles it: a child of the sender's, or a new trace.
    pub trace: TraceContext,
}

impl Input {
    pub(crate) fn new(stage: Stage, message: async_nats::Message, info: &Info<'_>) -> Self {
        let headers = message.headers.unwrap_or_default();
        let header = |name: &str| headers.get(name).map(|value| value.as_str());
        let nanoseconds = info.published.unix_timestamp_nanos();
        let stored_at = Timestamp::from_nanosecond(nanoseconds).unwrap_or(Timestamp::UNIX_EPOCH);
        let delivery = Delivery { stream_sequence: info.stream_sequence, stored_at };
        let seed = format!("{stage}:{}:{stored_at}", info.stream_sequence);
        let sender = header(headers::TRACEPARENT).and_then(|value| value.parse::<TraceContext>().ok());
        // Ingest takes messages of anybody, and trusts no header that only our own stages set.
        let internal = stage != Stage::Ingest;
        let received = header(headers::RECEIVED).filter(|_| internal).and_then(|value| value.parse().ok());
        let article_id = header(headers::CE_SUBJECT).filter(|_| internal).map(headers::decode);
        Self {
            subject: message.subject.to_string(),
            payload: message.payload,
            deliveries: u64::try_from(info.delivered).unwrap_or(1),
            received_at: received.unwrap_or(stored_at),
            article_id,
            trace: sender.map_or_else(|| TraceContext::root(&seed), |sender| sender.child(&seed)),
            delivery,
            headers,
        }
    }

    /// A header's value, names compared without case; the first where there are several.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        // Publishers write `content-type` and `Content-Type`; the client compares exactly.
        let exact = self.headers.get(name).map(|value| value.as_str());
        exact.or_else(|| {
            let mut same: Vec<(&str, &str)> = self
                .headers
                .iter()
                .filter(|(key, _)| AsRef::<str>::as_ref(*key).eq_ignore_ascii_case(name))
                .filter_map(|(key, values)| Some((key.as_ref(), values.first()?.as_str())))
                .collect();
            same.sort_unstable();
            same.first().map(|(_, value)| *value)
        })
    }

    /// What the messages that answer it say about it.
    #[must_use]
    pub const fn lineage(&self) -> Lineage {
        Lineage { trace: self.trace, received_at: self.received_at }
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// Refuses a body of another form; the error names the field that is missing or wrong.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.payload).map_err(|error| {
            Failure::refused(
                "invalid_message",
                format!("the body of the message on {}: {error}", self.subject),
            )
        })
    }

    /// The id that its sender gave it, for the ids of what follows from it; else one of its own.
    #[must_use]
    pub fn message_id(&self) -> String {
        let given = self.headers.get(headers::CE_ID).map(|value| headers::decode(value.as_str()));
        given.unwrap_or_else(|| format!("{}:{}", self.subject, self.delivery.stream_sequence))
    }

    /// A word that names this very message: the same after redelivery, another for a copy.
    #[must_use]
    pub fn token(&self, stage: Stage) -> String {
        format!("{stage}:{}:{}", self.delivery.stream_sequence, self.delivery.stored_at)
    }
}
