//! `GET /articles/{id}`: how far an article is, how long each step took, and its events.

use std::time::Duration;

use async_nats::jetstream::consumer::{DeliverPolicy, pull::OrderedConfig};
use async_nats::jetstream::stream::{RawMessageErrorKind, Stream};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use entente_messages::{
    Acceptance, ArticleKey, Event, Mention, Outcome, OutcomeRecord, Subject, headers, subject,
};
use futures::StreamExt;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Desk;

/// How long an article's events are looked for.
const PATIENCE: Duration = Duration::from_secs(3);

/// How far an article is.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Status {
    /// Its id.
    pub(crate) id: String,
    /// How far it is.
    pub(crate) state: Stand,
    /// The article that it is a near-copy of; it was not coded a second time.
    pub(crate) copy_of: Option<String>,
    /// Why it was rejected or given up, as a stable word.
    pub(crate) code: Option<String>,
    /// The stage that gave up.
    pub(crate) stage: Option<String>,
    /// How long each step took, waiting included.
    pub(crate) timings: Timings,
    /// What was coded from it; `null` while it is on its way.
    pub(crate) events: Option<Vec<Event>>,
}

/// How far an article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stand {
    /// Stored, and not judged yet.
    Queued,
    /// Accepted, and on its way through the stages.
    Accepted,
    /// Its events are published.
    Coded,
    /// Refused after it was accepted.
    Rejected,
    /// Given up.
    Dead,
}

/// Milliseconds of each step, waiting included; absent where it is not over.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Timings {
    /// When it came in.
    #[schemars(with = "Option<String>")]
    pub(crate) received_at: Option<Timestamp>,
    /// From its arrival to its acceptance.
    pub(crate) ingest_ms: Option<f64>,
    /// From there to its enriched events.
    pub(crate) extract_and_enrich_ms: Option<f64>,
    /// From there to the end.
    pub(crate) publish_ms: Option<f64>,
    /// From its arrival to the end.
    pub(crate) total_ms: Option<f64>,
}

/// The status, or 404 where nothing is known of the article.
pub(crate) async fn status(State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    match look(&desk, &id).await {
        Ok(Some(status)) => Json(status).into_response(),
        Ok(None) => {
            let said = format!(
                "no article `{id}` was accepted; one sent by another way may still wait, and a refused one stands on {}\n",
                subject::REJECTED
            );
            (StatusCode::NOT_FOUND, said).into_response()
        }
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
    }
}

async fn look(desk: &Desk, id: &str) -> Result<Option<Status>, String> {
    let key = ArticleKey::of(id);
    let ledger = desk
        .jetstream
        .get_stream_no_info(stream_of(desk, subject::LEDGER_OUTCOME_ALL).await?)
        .await
        .map_err(|e| e.to_string())?;
    let accepted = record::<Acceptance>(&ledger, &Subject::LedgerAccepted(key.clone())).await?;
    let Some((acceptance, accepted_at)) = accepted else {
        let queued = || Status::new(id, Stand::Queued);
        return Ok(desk.recent.has(&key).then(queued));
    };
    let mut status = Status::new(id, Stand::Accepted);
    let received_at = acceptance.delivery.stored_at;
    status.copy_of = acceptance.copy_of;
    status.timings.received_at = Some(received_at);
    status.timings.ingest_ms = Some(milliseconds(received_at, accepted_at));
    if let Some((ended, ended_at)) = record::<OutcomeRecord>(&ledger, &Subject::LedgerOutcome(key)).await? {
        status.timings.total_ms = Some(milliseconds(received_at, ended_at));
        match ended.outcome {
            Outcome::Coded { events, mentions_after, .. } => {
                let enriched_at = ended.delivery.stored_at;
                status.state = Stand::Coded;
                status.timings.extract_and_enrich_ms = Some(milliseconds(accepted_at, enriched_at));
                status.timings.publish_ms = Some(milliseconds(enriched_at, ended_at));
                status.events = Some(coded(desk, id, events, mentions_after).await?);
            }
            Outcome::Rejected { code } => (status.state, status.code) = (Stand::Rejected, Some(code)),
            Outcome::Dead { stage, code } => {
                (status.state, status.code) = (Stand::Dead, Some(code));
                status.stage = Some(stage.to_string());
            }
        }
    }
    Ok(Some(status))
}

impl Status {
    fn new(id: &str, state: Stand) -> Self {
        Self {
            id: id.to_owned(),
            state,
            copy_of: None,
            code: None,
            stage: None,
            timings: Timings::default(),
            events: None,
        }
    }
}

async fn stream_of(desk: &Desk, subject: &str) -> Result<String, String> {
    let said = |error: String| format!("the services have not made their streams yet: {error}");
    desk.jetstream.stream_by_subject(subject).await.map_err(|error| said(error.to_string()))
}

/// A record of the ledger and when it was written.
async fn record<T: serde::de::DeserializeOwned>(
    ledger: &Stream<()>,
    subject: &Subject,
) -> Result<Option<(T, Timestamp)>, String> {
    match ledger.get_last_raw_message_by_subject(&subject.to_string()).await {
        Ok(message) => {
            let record =
                serde_json::from_slice(&message.payload).map_err(|error| format!("{subject}: {error}"))?;
            let at = Timestamp::from_nanosecond(message.time.unix_timestamp_nanos()).unwrap_or_default();
            Ok(Some((record, at)))
        }
        Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// The article's events: its reports lie among those of others, from a known place on.
async fn coded(desk: &Desk, id: &str, events: u32, after: u64) -> Result<Vec<Event>, String> {
    let wanted = usize::try_from(events).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    if wanted == 0 {
        return Ok(found);
    }
    let read = async {
        let name = stream_of(desk, subject::MENTIONS_ALL).await?;
        let stream = desk.jetstream.get_stream(name).await.map_err(|error| error.to_string())?;
        let deliver_policy = DeliverPolicy::ByStartSequence { start_sequence: after + 1 };
        let consumer =
            stream.create_consumer(OrderedConfig { deliver_policy, ..OrderedConfig::default() }).await;
        let mut messages = consumer
            .map_err(|error| error.to_string())?
            .messages()
            .await
            .map_err(|error| error.to_string())?;
        while found.len() < wanted {
            let Some(message) = messages.next().await else { break };
            let message = message.map_err(|error| error.to_string())?;
            let of = message
                .headers
                .as_ref()
                .and_then(|map| map.get(headers::CE_SUBJECT))
                .map(|value| headers::decode(value.as_str()));
            if of.is_some_and(|of| of != id) {
                continue;
            }
            match serde_json::from_slice::<Mention>(&message.payload) {
                Ok(mention) if mention.event.article.id == id => found.push(mention.event),
                _ => {}
            }
        }
        Ok(())
    };
    // Where history has forgotten some of them, those that are left are told.
    match tokio::time::timeout(PATIENCE, read).await {
        Ok(Err(error)) => Err(error),
        _ => Ok(found),
    }
}

fn milliseconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() * 1000.0
}
