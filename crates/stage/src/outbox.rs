//! Messages on their way out: published, and waited for until their streams have stored them.

use std::sync::Arc;
use std::time::SystemTime;

use async_nats::HeaderMap;
use async_nats::jetstream::context::{Context, PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::publish::PublishAck;
use bytes::Bytes;
use entente_messages::headers::{self, Attributes, Kind, TraceContext};
use entente_messages::{Stage, Subject};
use jiff::Timestamp;
use serde::Serialize;

use crate::failure::Failure;
use crate::telemetry::{Happening, Telemetry};

/// A message to publish.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Where to.
    pub subject: Subject,
    /// Its `Nats-Msg-Id` and CloudEvents id: the same content has the same id, whoever makes it and when.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// The article it is about.
    pub article_id: Option<String>,
    /// Headers beside those that every message has.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Bytes,
}

impl Outgoing {
    /// A message with a JSON body.
    ///
    /// # Errors
    /// Where the body has no JSON form, which only a defect causes.
    pub fn json<T: Serialize>(subject: Subject, kind: Kind, id: String, body: &T) -> Result<Self, Failure> {
        let body = serde_json::to_vec(body)
            .map_err(|error| Failure::hopeless("unserializable", format!("{}: {error}", kind.name())))?;
        Ok(Self { subject, id, kind, article_id: None, headers: Vec::new(), body: body.into() })
    }

    /// Names the article it is about.
    #[must_use]
    pub fn about(mut self, article_id: impl Into<String>) -> Self {
        self.article_id = Some(article_id.into());
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What each message says about the one it answers.
#[derive(Clone, Copy, Debug)]
pub struct Lineage {
    /// The span that sends it.
    pub trace: TraceContext,
    /// When its article came in.
    pub received_at: Timestamp,
}

/// Publishes for one service.
#[derive(Clone, Debug)]
pub struct Outbox {
    jetstream: Context,
    stage: Stage,
    telemetry: Arc<Telemetry>,
}

impl Outbox {
    pub(crate) fn new(jetstream: Context, stage: Stage, telemetry: Arc<Telemetry>) -> Self {
        Self { jetstream, stage, telemetry }
    }

    /// Publishes all messages in order and waits until each is stored.
    ///
    /// # Errors
    /// The first failure; those before it are stored. Publishing all again is absorbed by their ids.
    pub async fn send_all(
        &self,
        messages: &[Outgoing],
        lineage: Lineage,
    ) -> Result<Vec<PublishAck>, Failure> {
        let mut sent = Vec::with_capacity(messages.len());
        for message in messages {
            let publish =
                PublishMessage::build().payload(message.body.clone()).headers(self.headers(message, lineage));
            let subject = message.subject.to_string();
            sent.push(self.jetstream.send_publish(subject, publish).await.map_err(|e| failure(&e, message))?);
        }
        let mut acks = Vec::with_capacity(messages.len());
        for (message, ack) in messages.iter().zip(sent) {
            let ack = ack.await.map_err(|error| failure(&error, message))?;
            self.telemetry.note(&Happening::Sent { kind: message.kind, duplicate: ack.duplicate });
            acks.push(ack);
        }
        Ok(acks)
    }

    fn headers(&self, message: &Outgoing, lineage: Lineage) -> HeaderMap {
        let attributes = Attributes {
            id: message.id.clone(),
            source: self.stage,
            kind: message.kind,
            subject: message.article_id.clone(),
            time: now(),
        };
        let mut map = HeaderMap::new();
        for (name, value) in attributes.pairs() {
            map.insert(name, value);
        }
        map.insert(async_nats::header::NATS_MESSAGE_ID, headers::encode(&message.id));
        map.insert(headers::TRACEPARENT, lineage.trace.to_string());
        map.insert(headers::RECEIVED, lineage.received_at.to_string());
        for (name, value) in &message.headers {
            map.insert(*name, value.as_str());
        }
        map
    }
}

/// The time, from the system's clock.
pub(crate) fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Tells what can be tried again from what can not.
fn failure(error: &PublishError, message: &Outgoing) -> Failure {
    let detail = format!("publishing {} ({} bytes): {}", message.subject, message.body.len(), chain(error));
    match error.kind() {
        PublishErrorKind::MaxPayloadExceeded => Failure::hopeless("too-large-to-send", detail),
        PublishErrorKind::Other if chain(error).contains("10054") => {
            Failure::hopeless("too-large-to-store", detail)
        }
        PublishErrorKind::StreamNotFound => Failure::unavailable("no-stream", detail),
        _ => Failure::unavailable("publish", detail),
    }
}

/// An error with its sources, which hold the server's own words.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = error.source();
    }
    text
}
