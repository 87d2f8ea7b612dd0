//! Near-copies, whichever replica meets them, and after a restart of all.

use std::time::Duration;

use anyhow::{Result, ensure};
use entente_messages::{Article, Stage};
use entente_stage::topology::{StreamName, stream};
use entente_tests::{Stack, public, until};
use entente_testserver::Options;

const PATIENCE: Duration = Duration::from_secs(60);

const REPORT: &str = "The harbour council of Narvik voted on Monday to close the northern quay to foreign trawlers until the quarrel over \
    the cod quota is settled. Skippers from Vigo and Murmansk, who had waited outside the fjord since Friday, were told to leave by noon. \
    The Norwegian fisheries minister, Kari Solheim, said that patrol boats would escort any vessel that stayed. In Madrid the government \
    summoned the Norwegian envoy and spoke of a breach of the agreement signed in Bergen in 2019. Traders at the fish market in Tromso \
    expect prices to rise by 12 percent before Easter, while the union of dock workers asked both sides to return to the table in Oslo.";

fn copy(n: usize) -> String {
    let body = REPORT
        .replace("voted on Monday", "decided on Monday")
        .replace("were told to leave", "were asked to go");
    serde_json::json!({ "id": format!("copy-{n}"), "body": format!("{body} Report number {n}."), "language": "en" }).to_string()
}

async fn accepted(jetstream: &async_nats::jetstream::Context) -> Result<Vec<Article>> {
    let queue = stream(jetstream, StreamName::Accepted).await?;
    let state = queue.cached_info().state.clone();
    let mut articles = Vec::new();
    for sequence in state.first_sequence..=state.last_sequence {
        articles.push(serde_json::from_slice(&queue.get_raw_message(sequence).await?.payload)?);
    }
    Ok(articles)
}

async fn wait_for(stack: &Stack, jetstream: &async_nats::jetstream::Context, count: u64) -> Result<()> {
    let came = until(PATIENCE, async || {
        public::count(jetstream, StreamName::Accepted).await.is_ok_and(|n| n >= count)
    });
    ensure!(came.await, "not {count} articles: {}", stack.logs());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_are_linked_to_the_first_by_every_replica_and_after_a_restart() -> Result<()> {
    let mut stack = Stack::server_only(Options::default(), &[])?;
    for _ in 0..2 {
        stack.start_service(Stage::Ingest)?;
    }
    stack.wait_until_ready().await?;
    let jetstream = stack.jetstream().await?;
    let first = serde_json::json!({ "id": "first", "body": REPORT, "language": "en" }).to_string();
    stack.send(&jetstream, first).await?;
    wait_for(&stack, &jetstream, 1).await?;
    let told = until(PATIENCE, async || match jetstream.get_stream("COPIES").await {
        Ok(stream) => stream.cached_info().state.messages >= 1,
        Err(_) => false,
    });
    ensure!(told.await, "the replicas tell each other nothing: {}", stack.logs());
    // The other replica hears it a moment later; until then a copy may count as a first article.
    tokio::time::sleep(Duration::from_secs(2)).await;
    for n in 0..40 {
        stack.send(&jetstream, copy(n)).await?;
    }
    wait_for(&stack, &jetstream, 41).await?;

    for _ in 0..2 {
        let mut old = stack.take(Stage::Ingest)?;
        old.signal("TERM")?;
        old.wait(PATIENCE)?;
    }
    stack.start_service(Stage::Ingest)?;
    stack.send(&jetstream, copy(40)).await?;
    wait_for(&stack, &jetstream, 42).await?;
    for article in accepted(&jetstream).await? {
        let expected = (article.id != "first").then_some("first");
        assert_eq!(article.copy_of.as_deref(), expected, "{}", article.id);
    }
    Ok(())
}
