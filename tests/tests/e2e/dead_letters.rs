//! Dead letters keep the original, and a replay after the fault is gone gives the events once.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Result, ensure};
use entente_messages::{Article, Stage};
use entente_stage::dead;
use entente_stage::topology::StreamName;
use entente_tests::{Stack, articles, public, until};
use entente_testserver::Options;

/// So many events that together they pass a small server's largest message, while the article does not.
fn dense_article() -> String {
    let body: String = (0..60).map(articles::text).collect::<Vec<_>>().join("\n\n");
    serde_json::json!({"id": "dense", "body": body, "language": "en", "published_at": "2026-03-04"})
        .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_replayed_after_the_fault_is_gone_gives_its_events_once() -> Result<()> {
    let small = Options { max_payload: 48 * 1024, ..Options::default() };
    let mut stack = Stack::start_with(small, &[("ingest.max_article_kb", "40")]).await?;
    let jetstream = stack.jetstream().await?;
    stack.send(&jetstream, dense_article()).await?;
    let died = until(Duration::from_secs(60), async || {
        public::count(&jetstream, StreamName::Dead).await.is_ok_and(|count| count == 1)
    });
    ensure!(died.await, "{}", stack.logs());
    let account = stack.settle(&jetstream, 1).await?;
    assert_eq!((account.accepted, account.dead, account.coded), (1, 1, 0), "{account}");

    let letters = dead::list(&jetstream, Some(Stage::Extract)).await?;
    let [kept] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!((kept.letter.code.as_str(), kept.letter.deliveries), ("too-large-to-send", 1));
    assert_eq!(kept.letter.article_id.as_deref(), Some("dense"));
    assert_eq!(kept.letter.subject, "articles.accepted.en");
    let (_, original) = dead::show(&jetstream, kept.sequence).await?;
    assert_eq!(serde_json::from_slice::<Article>(&original)?.id, "dense", "the original bytes");

    stack.server.set_max_payload(8 * 1024 * 1024);
    stack.server.restart()?;
    let replayed =
        until(Duration::from_secs(60), async || dead::replay(&jetstream, kept.sequence).await.is_ok());
    ensure!(replayed.await, "{}", stack.logs());
    let coded = until(Duration::from_secs(60), async || {
        entente_stage::account::balance(&jetstream).await.is_ok_and(|account| account.coded == 1)
    });
    ensure!(coded.await, "{}", stack.logs());
    let account = stack.settle(&jetstream, 1).await?;
    assert!(account.balances() && account.dead == 0, "{account}");
    assert!(dead::list(&jetstream, None).await?.is_empty());
    assert!(dead::replay(&jetstream, kept.sequence).await.is_err(), "a letter is replayed once");

    let events = public::events(&jetstream).await?;
    let ids: BTreeSet<&str> = events.iter().map(|event| event.id.as_str()).collect();
    assert!(events.len() > 40, "{} events", events.len());
    assert_eq!((ids.len(), account.events), (events.len(), events.len() as u64));
    Ok(())
}
