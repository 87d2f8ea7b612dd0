//! `entente send`: publish articles to a running stack.

use std::collections::VecDeque;

use anyhow::Context;
use async_nats::HeaderMap;
use async_nats::jetstream;
use async_nats::jetstream::context::PublishAckFuture;
use entente_messages::{Article, headers, subject};

use super::connection::Server;
use crate::exit::Exit;
use crate::local::input;
use crate::terminal;

/// Publishes that wait for their ack at the same time: enough to fill the link, little enough to hold.
const IN_FLIGHT: usize = 256;

/// Publish articles to a running stack.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    input: input::Args,
}

/// Publishes each article and waits until the stream has it.
pub(crate) async fn run(args: Args) -> anyhow::Result<Exit> {
    let jetstream = args.server.jetstream().await?;
    let bar = terminal::bar(0, "articles");
    let (sender, mut articles) = tokio::sync::mpsc::channel(IN_FLIGHT);
    let reader = tokio::task::spawn_blocking(move || {
        input::each(&args.input, |article| sender.blocking_send(article).context("the sender ended early"))
    });
    let mut waiting = VecDeque::new();
    while let Some(article) = articles.recv().await {
        waiting.push_back(publish(&jetstream, &article).await?);
        bar.inc_length(1);
        if waiting.len() >= IN_FLIGHT {
            acked(&mut waiting, &bar).await?;
        }
    }
    while !waiting.is_empty() {
        acked(&mut waiting, &bar).await?;
    }
    bar.finish_and_clear();
    let counts = reader.await??;
    eprintln!("entente: {} sent to {}", counts, args.server.url());
    Ok(counts.exit())
}

async fn acked(waiting: &mut VecDeque<PublishAckFuture>, bar: &indicatif::ProgressBar) -> anyhow::Result<()> {
    if let Some(ack) = waiting.pop_front() {
        ack.await.context("the stream did not take an article; is ingest running?")?;
        bar.inc(1);
    }
    Ok(())
}

/// Sends one article; the future resolves when the stream has stored it.
pub(crate) async fn publish(
    jetstream: &jetstream::Context,
    article: &Article,
) -> anyhow::Result<PublishAckFuture> {
    let mut message_headers = HeaderMap::new();
    message_headers.insert(headers::CONTENT_TYPE, "application/json");
    let body = serde_json::to_vec(article)?;
    let published = jetstream.publish_with_headers(subject::INGEST, message_headers, body.into());
    published.await.with_context(|| format!("publishing {}", article.id))
}
