//! Stopping in phases: SIGTERM finishes what is in hand and exits 0; a second signal ends at once.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use entente_messages::Stage;
use entente_tests::{Stack, articles, public, until};

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_under_load_exits_0_and_loses_nothing() -> Result<()> {
    let mut stack = Stack::start().await?;
    let jetstream = stack.jetstream().await?;
    for n in 0..150 {
        stack.send(&jetstream, articles::json(n)).await?;
    }
    for stage in Stage::ALL {
        let mut stopped = stack.take(stage)?;
        stopped.signal("TERM")?;
        let status = stopped.wait(Duration::from_secs(60))?;
        assert_eq!(status.code(), Some(0), "{stage}: {}", stopped.log());
        stack.start_service(stage)?;
    }
    let account = stack.settle(&jetstream, 150).await?;
    assert!(account.balances() && account.coded == 150, "{account}");
    let events = public::events(&jetstream).await?;
    let ids: std::collections::BTreeSet<&str> = events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids.len(), events.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_at_once_with_130() -> Result<()> {
    let mut stack = Stack::server_only(Default::default(), &[("nats.request_timeout_ms", "20000")])?;
    stack.start_service(Stage::Ingest)?;
    stack.wait_until_ready().await?;
    let jetstream = stack.jetstream().await?;
    // The server stands still with the message in the service's hand, so that it can not be finished.
    let pid = stack.server.pid().context("running")?.to_string();
    let halt = |signal: &str| Command::new("kill").args([&format!("-{signal}"), &pid]).status();
    let mut service = stack.take(Stage::Ingest)?;
    for n in 0..300 {
        jetstream.publish("articles.ingest", articles::json(n).into()).await?;
    }
    let begun = until(Duration::from_secs(60), async || {
        public::count(&jetstream, entente_stage::topology::StreamName::Accepted)
            .await
            .is_ok_and(|count| count > 0)
    });
    ensure!(begun.await, "{}", service.log());
    halt("STOP")?;
    service.signal("TERM")?;
    let stopping =
        until(Duration::from_secs(30), async || service.log().contains("stopping; a second signal"));
    ensure!(stopping.await, "{}", service.log());
    service.signal("TERM")?;
    let status = service.wait(Duration::from_secs(10));
    halt("CONT")?;
    assert_eq!(status?.code(), Some(130), "{}", service.log());
    Ok(())
}
