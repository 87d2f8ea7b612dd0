//! Nothing lost, nothing twice: services and the server die while 500 articles flow.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Result, ensure};
use async_nats::HeaderMap;
use async_nats::jetstream::Context;
use entente_messages::{Stage, subject};
use entente_stage::account::{self, Account};
use entente_tests::{Stack, articles, public, until};
use tokio::sync::OnceCell;

const ARTICLES: usize = 500;
/// Articles on their way at the same time, so that each kill hits work in hand.
const AHEAD: u64 = 120;

/// Events of a run in which nothing dies.
static QUIET: OnceCell<BTreeSet<String>> = OnceCell::const_new();

async fn quiet_run() -> Result<&'static BTreeSet<String>> {
    QUIET
        .get_or_try_init(|| async {
            let stack = Stack::start().await?;
            let jetstream = stack.jetstream().await?;
            feed(&jetstream).await?;
            let account = stack.settle(&jetstream, ARTICLES as u64).await?;
            let ids = check(&jetstream, account).await?;
            ensure!(ids.len() > ARTICLES / 2, "only {} events: the test would prove little", ids.len());
            Ok(ids)
        })
        .await
}

/// Every article has one end, every event id stands once, and the mentions agree.
async fn check(jetstream: &Context, account: Account) -> Result<BTreeSet<String>> {
    ensure!(account.balances() && account.coded == ARTICLES as u64, "{account}");
    let events = public::events(jetstream).await?;
    let ids: BTreeSet<String> = events.iter().map(|event| event.id.clone()).collect();
    ensure!(ids.len() == events.len(), "{} events, {} ids", events.len(), ids.len());
    let mentions = public::mentions(jetstream).await?;
    let reported: BTreeSet<String> = mentions.iter().map(|mention| mention.id.clone()).collect();
    ensure!(reported == ids && mentions.len() == events.len(), "mentions and events differ");
    ensure!(account.events == ids.len() as u64, "{account}");
    Ok(ids)
}

async fn ended(jetstream: &Context) -> u64 {
    account::balance(jetstream).await.map_or(0, |account| account.coded + account.rejected + account.dead)
}

/// Publishes all articles, never more than [`AHEAD`] before the ended ones; a lost ack is sent again.
async fn feed(jetstream: &Context) -> Result<()> {
    for n in 0..ARTICLES {
        if n % 20 == 0 {
            let room = until(Duration::from_secs(120), async || ended(jetstream).await + AHEAD >= n as u64);
            ensure!(room.await, "the stack stands still at article {n}");
        }
        let stored = until(Duration::from_secs(60), async || {
            let mut headers = HeaderMap::new();
            headers.insert("Nats-Msg-Id", format!("article-{n}"));
            let sent =
                jetstream.publish_with_headers(subject::INGEST, headers, articles::json(n).into()).await;
            match sent {
                Ok(ack) => ack.await.is_ok(),
                Err(_) => false,
            }
        });
        ensure!(stored.await, "article {n} can not be published");
    }
    Ok(())
}

async fn reached(jetstream: &Context, articles: u64) -> Result<()> {
    let reached = until(Duration::from_secs(120), async || ended(jetstream).await >= articles);
    ensure!(reached.await, "no {articles} articles ended");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_service_is_killed_in_turn() -> Result<()> {
    let mut stack = Stack::start().await?;
    let jetstream = stack.jetstream().await?;
    let killing = async {
        for (round, stage) in Stage::ALL.into_iter().chain(Stage::ALL).enumerate() {
            reached(&jetstream, 40 * (round as u64 + 1)).await?;
            stack.kill_and_restart(stage)?;
        }
        anyhow::Ok(())
    };
    tokio::try_join!(feed(&jetstream), killing)?;
    let account = stack.settle(&jetstream, ARTICLES as u64).await?;
    let ids = check(&jetstream, account).await?;
    assert_eq!(&ids, quiet_run().await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_killed_and_restarted() -> Result<()> {
    let mut stack = Stack::start().await?;
    let jetstream = stack.jetstream().await?;
    let killing = async {
        for articles in [60, 180, 300] {
            reached(&jetstream, articles).await?;
            stack.server.restart()?;
        }
        anyhow::Ok(())
    };
    tokio::try_join!(feed(&jetstream), killing)?;
    let account = stack.settle(&jetstream, ARTICLES as u64).await?;
    let ids = check(&jetstream, account).await?;
    assert_eq!(&ids, quiet_run().await?);
    Ok(())
}
