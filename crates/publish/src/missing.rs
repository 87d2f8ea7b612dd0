//! Which of an article's messages a public stream does not hold yet.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use async_nats::header::NATS_MESSAGE_ID;
use async_nats::jetstream::stream::{RawMessageErrorKind, Stream};
use entente_messages::headers;
use entente_stage::{Failure, Outgoing};

/// Those of `messages` that `stream` does not hold behind sequence number `after`, told by their ids.
///
/// Asked of the stream's leader, subject by subject: a replica may lag behind.
pub(crate) async fn from(
    stream: &Stream,
    after: u64,
    messages: Vec<Outgoing>,
) -> Result<Vec<Outgoing>, Failure> {
    let mut held: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for message in &messages {
        if let Entry::Vacant(place) = held.entry(message.subject.to_string()) {
            let ids = ids_on(stream, place.key(), after).await?;
            place.insert(ids);
        }
    }
    let is_held = |message: &Outgoing| {
        held.get(&message.subject.to_string()).is_some_and(|ids| ids.contains(&headers::encode(&message.id)))
    };
    Ok(messages.into_iter().filter(|message| !is_held(message)).collect())
}

async fn ids_on(stream: &Stream, subject: &str, after: u64) -> Result<BTreeSet<String>, Failure> {
    let mut ids = BTreeSet::new();
    let mut next = after + 1;
    loop {
        let message = match stream.raw_message_builder().sequence(next).next_by_subject(subject).send().await
        {
            Ok(message) => message,
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => return Ok(ids),
            Err(error) => {
                return Err(Failure::unavailable("history", format!("reading {subject}: {error}")));
            }
        };
        next = message.sequence + 1;
        ids.extend(message.headers.get(NATS_MESSAGE_ID).map(ToString::to_string));
    }
}
