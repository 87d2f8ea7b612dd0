//! Dead letters: kept with the original bytes and the error, listed, and replayed once the fault is gone.

use async_nats::HeaderMap;
use async_nats::header::NATS_MESSAGE_ID;
use async_nats::jetstream::context::{Context, PublishErrorKind};
use async_nats::jetstream::message::{PublishMessage, StreamMessage};
use async_nats::jetstream::stream::RawMessageErrorKind;
use entente_messages::headers::{self, ORIGINAL_PREFIX};
use entente_messages::{DeadLetter, Stage, Subject, subject};

use crate::Error;
use crate::failure::Failure;
use crate::input::Input;
use crate::outbox::{chain, now};
use crate::topology::{self, StreamName};

/// Publishes the dead letter of `input` and waits until it is stored.
pub(crate) async fn bury(
    jetstream: &Context,
    stage: Stage,
    input: &Input,
    failure: &Failure,
) -> Result<(), Failure> {
    let letter = DeadLetter {
        stage,
        code: failure.code().to_owned(),
        error: failure.to_string(),
        deliveries: input.deliveries,
        subject: input.subject.clone(),
        stream_sequence: input.delivery.stream_sequence,
        article_id: failure.article_id.clone().or_else(|| input.article_id.clone()),
        died_at: now(),
    };
    let mut map = to_headers(&letter);
    for (name, values) in &sorted(&input.headers) {
        for value in values {
            map.append(format!("{ORIGINAL_PREFIX}{name}").as_str(), value.as_str());
        }
    }
    map.insert(NATS_MESSAGE_ID, format!("dead:{}", headers::encode(&input.token(stage))));
    let subject = Subject::Dead(stage).to_string();
    let whole = PublishMessage::build().payload(input.payload.clone()).headers(map);
    match publish(jetstream, &subject, whole).await {
        // With its new headers the message is too large: the error is kept, the bytes can not be.
        Err(error) if error.class() == crate::Class::Hopeless => {
            let map = to_headers(&letter);
            publish(jetstream, &subject, PublishMessage::build().headers(map)).await
        }
        stored => stored,
    }
}

async fn publish(jetstream: &Context, subject: &str, message: PublishMessage) -> Result<(), Failure> {
    let stored = match jetstream.send_publish(subject.to_owned(), message).await {
        Ok(ack) => ack.await.map(|_| ()),
        Err(error) => Err(error),
    };
    stored.map_err(|error| {
        let detail = format!("keeping a dead letter: {}", chain(&error));
        match error.kind() {
            PublishErrorKind::MaxPayloadExceeded => Failure::hopeless("too-large-to-send", detail),
            _ => Failure::unavailable("publish", detail),
        }
    })
}

fn sorted(headers: &HeaderMap) -> Vec<(String, Vec<String>)> {
    let texts = |values: &Vec<async_nats::HeaderValue>| values.iter().map(ToString::to_string).collect();
    let mut all: Vec<(String, Vec<String>)> =
        headers.iter().map(|(name, values)| (name.to_string(), texts(values))).collect();
    all.sort_unstable();
    all
}

fn to_headers(letter: &DeadLetter) -> HeaderMap {
    let mut map = HeaderMap::new();
    map.insert(headers::DEAD_STAGE, letter.stage.name());
    map.insert(headers::DEAD_CODE, letter.code.as_str());
    map.insert(headers::DEAD_ERROR, headers::encode(&letter.error));
    map.insert(headers::DEAD_DELIVERIES, letter.deliveries.to_string());
    map.insert(headers::DEAD_SUBJECT, letter.subject.as_str());
    map.insert(headers::DEAD_SEQUENCE, letter.stream_sequence.to_string());
    map.insert(headers::CE_TIME, letter.died_at.to_string());
    if let Some(id) = &letter.article_id {
        map.insert(headers::DEAD_ARTICLE, headers::encode(id));
    }
    map
}

/// Reads a dead letter's headers; `None` where they are not those of one.
#[must_use]
pub fn from_headers(map: &HeaderMap) -> Option<DeadLetter> {
    let header = |name: &str| map.get(name).map(|value| value.as_str());
    Some(DeadLetter {
        stage: header(headers::DEAD_STAGE)?.parse().ok()?,
        code: header(headers::DEAD_CODE)?.to_owned(),
        error: headers::decode(header(headers::DEAD_ERROR)?),
        deliveries: header(headers::DEAD_DELIVERIES)?.parse().ok()?,
        subject: header(headers::DEAD_SUBJECT)?.to_owned(),
        stream_sequence: header(headers::DEAD_SEQUENCE)?.parse().ok()?,
        article_id: header(headers::DEAD_ARTICLE).map(headers::decode),
        died_at: header(headers::CE_TIME)?.parse().ok()?,
    })
}

/// A dead letter in its stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Sequence number in the stream of dead letters; what [`replay`] and [`drop`] take.
    pub sequence: u64,
    /// What its headers say.
    pub letter: DeadLetter,
    /// Size of the original body in bytes.
    pub size: usize,
}

/// All dead letters, oldest first, of one stage or of all.
///
/// # Errors
/// Where JetStream does not answer.
pub async fn list(jetstream: &Context, stage: Option<Stage>) -> Result<Vec<Kept>, Error> {
    let stream = topology::stream(jetstream, StreamName::Dead).await?;
    let filter = stage.map_or_else(|| subject::DEAD_ALL.to_owned(), |stage| Subject::Dead(stage).to_string());
    let mut kept = Vec::new();
    let mut next = 1;
    loop {
        let request = stream.raw_message_builder().sequence(next).next_by_subject(filter.clone());
        let message = match request.send().await {
            Ok(message) => message,
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => return Ok(kept),
            Err(error) => return Err(Error::request("listing dead letters", &chain(&error))),
        };
        next = message.sequence + 1;
        let size = message.payload.len();
        if let Some(letter) = from_headers(&message.headers) {
            kept.push(Kept { sequence: message.sequence, letter, size });
        }
    }
}

/// Sends the original message again, on its subject and with its headers, and removes the dead letter.
///
/// Done twice, or interrupted and done again, it yields the article's events once: the message id is the same
/// each time, and the ledger lets an article end only once as coded.
///
/// # Errors
/// Where there is no such dead letter, or JetStream does not answer.
pub async fn replay(jetstream: &Context, sequence: u64) -> Result<DeadLetter, Error> {
    let (stream, message, letter) = fetch(jetstream, sequence).await?;
    let mut map = HeaderMap::new();
    for (name, values) in sorted(&message.headers) {
        for value in values {
            if let Some(name) = name.strip_prefix(ORIGINAL_PREFIX) {
                map.append(name, value.as_str());
            }
        }
    }
    // The original's id would be swallowed as a duplicate; this one is new, and the same for each replay.
    map.insert(NATS_MESSAGE_ID, format!("replay:{sequence}:{}", letter.died_at));
    let publish = PublishMessage::build().payload(message.payload).headers(map);
    let failed = |error: &dyn std::error::Error| Error::request("replaying a dead letter", &chain(error));
    let ack =
        jetstream.send_publish(letter.subject.clone(), publish).await.map_err(|error| failed(&error))?;
    ack.await.map_err(|error| failed(&error))?;
    stream.delete_message(sequence).await.map_err(|error| failed(&error))?;
    Ok(letter)
}

/// Removes a dead letter for good.
///
/// # Errors
/// Where there is no such dead letter, or JetStream does not answer.
pub async fn drop(jetstream: &Context, sequence: u64) -> Result<DeadLetter, Error> {
    let (stream, _, letter) = fetch(jetstream, sequence).await?;
    let failed = |error: &dyn std::error::Error| Error::request("dropping a dead letter", &chain(error));
    stream.delete_message(sequence).await.map_err(|error| failed(&error))?;
    Ok(letter)
}

/// The dead letter with this sequence number and its original body.
///
/// # Errors
/// Where there is no such dead letter, or JetStream does not answer.
pub async fn show(jetstream: &Context, sequence: u64) -> Result<(DeadLetter, bytes::Bytes), Error> {
    let (_, message, letter) = fetch(jetstream, sequence).await?;
    Ok((letter, message.payload))
}

async fn fetch(
    jetstream: &Context,
    sequence: u64,
) -> Result<(async_nats::jetstream::stream::Stream, StreamMessage, DeadLetter), Error> {
    let stream = topology::stream(jetstream, StreamName::Dead).await?;
    let message = stream.get_raw_message(sequence).await;
    let message = message.map_err(|error| Error::request("reading a dead letter", &chain(&error)))?;
    let letter = from_headers(&message.headers).ok_or_else(|| {
        Error::request("reading a dead letter", &format!("{sequence} has no headers of one"))
    })?;
    Ok((stream, message, letter))
}
