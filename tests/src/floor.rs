//! The floor that the pipeline's speed is held against: the same messages through four JetStream hops whose
//! handlers do nothing, with the same guarantees (publish ack before a confirmed ack) and the same concurrency.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use async_nats::HeaderMap;
use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::context::Context;
use async_nats::jetstream::stream::{Config, RetentionPolicy};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Hops of the pipeline: ingest, extract, enrich, publish.
const HOPS: usize = 4;
/// Messages in work at the same time, each hop; the services' default.
const CONCURRENCY: usize = 64;
/// Publishes without their ack yet.
const UNACKED: usize = 256;

/// Publishes all bodies, many acks outstanding at the same time.
///
/// # Errors
/// Where one is not stored.
pub async fn publish_all(jetstream: &Context, subject: &str, bodies: &[Bytes]) -> Result<()> {
    let mut waiting = FuturesUnordered::new();
    for body in bodies {
        if waiting.len() >= UNACKED {
            let stored: Result<_, _> = waiting.next().await.context("one waits")?;
            stored?;
        }
        let ack = jetstream.publish(subject.to_owned(), body.clone()).await?;
        waiting.push(ack.into_future());
    }
    while let Some(stored) = waiting.next().await {
        stored?;
    }
    Ok(())
}

/// How long the bodies take through all hops, from the first publish until the last is in the sink.
///
/// # Errors
/// Where the server does not do its part.
pub async fn measure(url: &str, bodies: &[Bytes]) -> Result<Duration> {
    let jetstream = async_nats::jetstream::new(async_nats::connect(url).await?);
    for hop in 0..=HOPS {
        jetstream.create_stream(stream(hop)).await?;
    }
    let mut hops = JoinSet::new();
    for hop in 0..HOPS {
        let url = url.to_owned();
        let count = bodies.len();
        hops.spawn(async move { pass_on(&url, hop, count).await });
    }
    let begun = Instant::now();
    publish_all(&jetstream, "floor.0", bodies).await?;
    while let Some(ended) = hops.join_next().await {
        ended??;
    }
    let took = begun.elapsed();
    for hop in 0..=HOPS {
        jetstream.delete_stream(format!("FLOOR{hop}")).await?;
    }
    Ok(took)
}

fn stream(hop: usize) -> Config {
    let retention = if hop == HOPS { RetentionPolicy::Limits } else { RetentionPolicy::WorkQueue };
    let window = Duration::from_secs(3600);
    Config {
        name: format!("FLOOR{hop}"),
        subjects: vec![format!("floor.{hop}")],
        retention,
        duplicate_window: window,
        ..Config::default()
    }
}

/// One hop, with a connection of its own as a service has.
async fn pass_on(url: &str, hop: usize, count: usize) -> Result<()> {
    let client = async_nats::connect(url).await?;
    let jetstream = async_nats::jetstream::new(client.clone());
    let config = pull::Config {
        durable_name: Some("hop".to_owned()),
        ack_policy: AckPolicy::Explicit,
        max_ack_pending: 1024,
        ..pull::Config::default()
    };
    let consumer = jetstream.get_stream(format!("FLOOR{hop}")).await?.create_consumer(config).await?;
    let mut messages = consumer.stream().max_messages_per_batch(CONCURRENCY).messages().await?;
    let permits = Arc::new(Semaphore::new(CONCURRENCY));
    let mut hands = JoinSet::new();
    for _ in 0..count {
        let permit = Arc::clone(&permits).acquire_owned().await?;
        let message = messages.next().await.context("the stream goes on")??;
        let (jetstream, client) = (jetstream.clone(), client.clone());
        hands.spawn(async move {
            let mut headers = HeaderMap::new();
            headers.insert(
                "Nats-Msg-Id",
                format!("{hop}:{}", message.info().map_or(0, |info| info.stream_sequence)),
            );
            let next = format!("floor.{}", hop + 1);
            jetstream.publish_with_headers(next, headers, message.payload.clone()).await?.await?;
            client.request(message.reply.clone().context("a reply subject")?, "+ACK".into()).await?;
            drop(permit);
            anyhow::Ok(())
        });
    }
    while let Some(done) = hands.join_next().await {
        done??;
    }
    Ok(())
}
