//! What the public streams hold.

use anyhow::Result;
use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use async_nats::jetstream::context::Context;
use async_nats::jetstream::stream::Stream;
use entente_messages::{Event, Mention, Rejection};
use entente_stage::topology::{StreamName, stream};
use futures::StreamExt;

/// All events, in order.
///
/// # Errors
/// Where the stream can not be read.
pub async fn events(jetstream: &Context) -> Result<Vec<Event>> {
    bodies(jetstream, StreamName::Events).await
}

/// All mentions, in order.
///
/// # Errors
/// Where the stream can not be read.
pub async fn mentions(jetstream: &Context) -> Result<Vec<Mention>> {
    bodies(jetstream, StreamName::Mentions).await
}

/// All rejections, in order.
///
/// # Errors
/// Where the stream can not be read.
pub async fn rejections(jetstream: &Context) -> Result<Vec<Rejection>> {
    bodies(jetstream, StreamName::Rejected).await
}

/// How many messages a stream holds.
///
/// # Errors
/// Where the stream does not answer.
pub async fn count(jetstream: &Context, name: StreamName) -> Result<u64> {
    Ok(stream(jetstream, name).await?.cached_info().state.messages)
}

async fn bodies<T: serde::de::DeserializeOwned>(jetstream: &Context, name: StreamName) -> Result<Vec<T>> {
    let stream = stream(jetstream, name).await?;
    let messages = read(&stream).await?;
    messages.iter().map(|message| Ok(serde_json::from_slice(&message.payload)?)).collect()
}

/// All messages of a stream, in order.
///
/// # Errors
/// Where the stream can not be read.
pub async fn read(stream: &Stream) -> Result<Vec<async_nats::Message>> {
    let mut left = stream.cached_info().state.messages;
    let mut all = Vec::new();
    if left == 0 {
        return Ok(all);
    }
    let config = pull::OrderedConfig { deliver_policy: DeliverPolicy::All, ..Default::default() };
    let mut messages = stream.create_consumer(config).await?.messages().await?;
    while left > 0 {
        let Some(message) = messages.next().await else { break };
        let message = message?;
        left = message.info().map_or(0, |info| info.pending);
        all.push(message.message);
    }
    Ok(all)
}
