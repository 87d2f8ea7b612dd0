//! The ledger: one record that an article was accepted, one how it ended. The first writer wins.
//!
//! Both are kept by subject (`ledger.accepted.<article>`, `ledger.outcome.<article>`) and written with an
//! expected last sequence, so that the server itself refuses a second one, however much later it comes: the
//! duplicate window of message ids plays no part.

use async_nats::HeaderMap;
use async_nats::header::NATS_EXPECTED_LAST_SUBJECT_SEQUENCE;
use async_nats::jetstream::context::{Context, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{RawMessageErrorKind, Stream};
use entente_messages::headers::{self, Attributes, Kind};
use entente_messages::{Acceptance, ArticleKey, Outcome, OutcomeRecord, Stage, Subject};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::outbox::{chain, now};
use crate::topology::{self, StreamName};

/// The ledger, as one stage writes it.
#[derive(Clone, Debug)]
pub struct Ledger {
    jetstream: Context,
    stream: Stream,
    stage: Stage,
}

/// What became of an attempt to write a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim<T> {
    /// It is written.
    Written,
    /// Another record stands there already.
    Held {
        /// That record.
        record: T,
        /// Its sequence number in the ledger.
        sequence: u64,
    },
}

impl Ledger {
    /// Opens the ledger.
    ///
    /// # Errors
    /// Where its stream does not answer.
    pub async fn open(jetstream: Context, stage: Stage) -> Result<Self, crate::Error> {
        let stream = topology::stream(&jetstream, StreamName::Ledger).await?;
        Ok(Self { jetstream, stream, stage })
    }

    /// Records that an article is accepted. `replacing` names the sequence of an expired record to overwrite.
    ///
    /// # Errors
    /// Where the ledger does not answer.
    pub async fn accept(
        &self,
        record: &Acceptance,
        replacing: Option<u64>,
    ) -> Result<Claim<Acceptance>, Failure> {
        let subject = Subject::LedgerAccepted(ArticleKey::of(&record.article_id));
        self.write(&subject, Kind::Acceptance, &record.article_id, record, &[], replacing.unwrap_or(0)).await
    }

    /// Records how an article ended. A dead end may be overwritten, as a replay does; no other.
    ///
    /// # Errors
    /// Where the ledger does not answer.
    pub async fn end(&self, record: &OutcomeRecord) -> Result<Claim<OutcomeRecord>, Failure> {
        let subject = Subject::LedgerOutcome(ArticleKey::of(&record.article_id));
        let mut extra = vec![(headers::OUTCOME, record.outcome.kind().to_owned())];
        if let Outcome::Coded { events, .. } = record.outcome {
            extra.push((headers::EVENTS, events.to_string()));
        }
        let mut expected = 0;
        loop {
            let claim =
                self.write(&subject, Kind::Outcome, &record.article_id, record, &extra, expected).await?;
            match &claim {
                Claim::Held { record: OutcomeRecord { outcome: Outcome::Dead { .. }, .. }, sequence }
                    if *sequence != expected =>
                {
                    expected = *sequence;
                }
                _ => return Ok(claim),
            }
        }
    }

    async fn write<T: Serialize + DeserializeOwned>(
        &self,
        subject: &Subject,
        kind: Kind,
        article_id: &str,
        record: &T,
        extra: &[(&'static str, String)],
        expected: u64,
    ) -> Result<Claim<T>, Failure> {
        let body = serde_json::to_vec(record)
            .map_err(|error| Failure::hopeless("unserializable", format!("{}: {error}", kind.name())))?;
        let mut map = HeaderMap::new();
        let attributes = Attributes {
            id: format!("{subject}:{expected}"),
            source: self.stage,
            kind,
            subject: Some(article_id.to_owned()),
            time: now(),
        };
        let pairs = attributes.pairs();
        for (name, value) in pairs.iter().chain(extra) {
            map.insert(*name, value.as_str());
        }
        map.insert(NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, expected.to_string());
        let publish = PublishMessage::build().payload(body.into()).headers(map);
        let sent = self.jetstream.send_publish(subject.to_string(), publish).await;
        let stored = match sent {
            Ok(ack) => ack.await,
            Err(error) => Err(error),
        };
        match stored {
            Ok(_) => Ok(Claim::Written),
            Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => self.held(subject).await,
            Err(error) => {
                Err(Failure::unavailable("ledger", format!("writing {subject}: {}", chain(&error))))
            }
        }
    }

    /// The record that stands there. Read through the stream's leader: a copy may lag behind.
    async fn held<T: DeserializeOwned>(&self, subject: &Subject) -> Result<Claim<T>, Failure> {
        let wrong = |detail: String| Failure::unavailable("ledger", format!("reading {subject}: {detail}"));
        match self.stream.raw_message_builder().last_by_subject(subject.to_string()).send().await {
            Ok(message) => {
                let record =
                    serde_json::from_slice(&message.payload).map_err(|error| wrong(error.to_string()))?;
                Ok(Claim::Held { record, sequence: message.sequence })
            }
            // It has aged out between the two requests; the next attempt finds the subject free.
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => {
                Err(wrong("gone".to_owned()))
            }
            Err(error) => Err(wrong(chain(&error))),
        }
    }
}
