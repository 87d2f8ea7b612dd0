//! The user's journey: plain text in with a stock client, events out.

use std::time::Duration;

use anyhow::{Context, Result};
use entente_messages::{Event, Subject, subject};
use entente_tests::{Stack, public};
use futures::StreamExt;

const ARTICLE: &str = "OSLO, 3 March 2026\n\nNorway imposed sanctions on Belarus on Monday.\n\n\
    The foreign minister of Portugal met the foreign minister of Ghana in Lisbon on Tuesday.\n";

#[tokio::test(flavor = "multi_thread")]
async fn plain_text_without_headers_becomes_events() -> Result<()> {
    let stack = Stack::start().await?;
    let client = stack.client().await?;
    let mut events = client.subscribe("events.public.>").await?;
    client.flush().await?;

    // Fire and forget, as `nats pub articles.ingest "..."` does.
    client.publish(subject::INGEST, ARTICLE.into()).await?;

    let message = tokio::time::timeout(Duration::from_secs(60), events.next()).await;
    let message = message.with_context(|| stack.logs())?.context("a message")?;
    let event: Event = serde_json::from_slice(&message.payload)?;
    let Subject::Event(relation) = message.subject.parse()? else { panic!("{}", message.subject) };
    assert_eq!((relation.source, relation.root), (event.source.country, event.root));
    assert!(
        ARTICLE.contains(&event.sentence.text) && !event.sentence.text.is_empty(),
        "{:?}",
        event.sentence
    );

    let headers = message.headers.context("headers")?;
    for name in ["ce-id", "ce-source", "ce-type", "ce-specversion", "ce-time", "traceparent", "Nats-Msg-Id"] {
        assert!(headers.get(name).is_some(), "{name} in {headers:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_has_one_mention_and_the_account_balances() -> Result<()> {
    let stack = Stack::start_with(Default::default(), &[]).await?;
    let jetstream = stack.jetstream().await?;
    stack.send(&jetstream, ARTICLE).await?;
    stack.send(&jetstream, "Nothing of note happened in the garden today.").await?;
    let account = stack.settle(&jetstream, 2).await?;
    assert!(account.balances(), "{account}");
    assert_eq!((account.accepted, account.coded, account.rejected, account.dead), (2, 2, 0, 0));

    let events = public::events(&jetstream).await?;
    let mentions = public::mentions(&jetstream).await?;
    assert!(!events.is_empty());
    assert_eq!(account.events, events.len() as u64);
    let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, mentions.iter().map(|mention| mention.event_id.as_str()).collect::<Vec<_>>());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_runs_from_the_publisher_to_the_event() -> Result<()> {
    let stack = Stack::start().await?;
    let client = stack.client().await?;
    let mut events = client.subscribe("events.public.>").await?;
    let mut headers = async_nats::HeaderMap::new();
    headers.insert("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    client.publish_with_headers(subject::INGEST, headers, ARTICLE.into()).await?;
    let message = tokio::time::timeout(Duration::from_secs(60), events.next()).await;
    let message = message.with_context(|| stack.logs())?.context("a message")?;
    let trace = message.headers.context("headers")?.get("traceparent").context("a trace")?.to_string();
    assert!(trace.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"), "{trace}");
    assert!(!trace.contains("00f067aa0ba902b7"), "a span of its own: {trace}");
    Ok(())
}
