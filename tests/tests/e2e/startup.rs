//! Starting: wrong configuration, a server that comes late or is too small.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};
use entente_messages::Stage;
use entente_tests::{Stack, articles, binary, until};
use entente_testserver::Options;

#[test]
fn a_wrong_setting_ends_every_service_with_2_and_its_name() -> Result<()> {
    for stage in Stage::ALL {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join(format!("{stage}.toml"));
        std::fs::write(&file, "[work]\nconcurency = 3\n")?;
        let mut command = Command::new(binary(stage)?);
        let output =
            command.env("ENTENTE_CONFIG_DIR", folder.path()).env("ENTENTE__LOG__FORMAT", "xml").output()?;
        let message = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(2), "{message}");
        let place =
            format!("{stage}.toml: `work.concurency` is not a setting; did you mean `work.concurrency`?");
        assert!(message.contains(&place), "{message}");
        assert!(
            message.contains("environment ENTENTE__LOG__FORMAT: `log.format` must be one of"),
            "{message}"
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn services_wait_for_a_server_that_comes_late() -> Result<()> {
    let mut stack = Stack::server_only(Options::default(), &[])?;
    stack.server.kill()?;
    for stage in Stage::ALL {
        stack.start_service(stage)?;
    }
    let trying = until(Duration::from_secs(30), async || {
        stack.services().iter().all(|service| service.log().contains("no connection to NATS, trying again"))
    });
    ensure!(trying.await, "{}", stack.logs());
    stack.server.restart()?;
    stack.wait_until_ready().await?;
    let jetstream = stack.jetstream().await?;
    stack.send(&jetstream, articles::json(0)).await?;
    assert!(stack.settle(&jetstream, 1).await?.balances());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_too_little_storage_is_named_with_what_to_do() -> Result<()> {
    let options = Options { max_file_store: 64 * 1024 * 1024, ..Options::default() };
    let mut stack = Stack::server_only(options, &[])?;
    let service = stack.start_service(Stage::Ingest)?;
    let status = service.wait(Duration::from_secs(60))?;
    assert_eq!(status.code(), Some(1));
    let log = service.log();
    assert!(log.contains("lower streams.queue_max_mb") && log.contains("max_file_store"), "{log}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_only_small_messages_is_named_with_what_to_do() -> Result<()> {
    let options = Options { max_payload: 4096, ..Options::default() };
    let mut stack = Stack::server_only(options, &[])?;
    let service = stack.start_service(Stage::Ingest)?;
    let status = service.wait(Duration::from_secs(60))?;
    assert_eq!(status.code(), Some(1));
    assert!(service.log().contains("raise max_payload"), "{}", service.log());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_with_other_limits_updates_the_streams() -> Result<()> {
    let mut stack = Stack::start().await?;
    let jetstream = stack.jetstream().await?;
    stack.send(&jetstream, articles::json(0)).await?;
    stack.settle(&jetstream, 1).await?;
    stack.set("streams.events_max_days", "7");
    stack.set("work.ack_wait_ms", "4000");
    stack.kill_and_restart(Stage::Publish)?;
    stack.wait_until_ready().await?;
    let mut events = jetstream.get_stream("EVENTS").await?;
    assert_eq!(events.info().await?.config.max_age, Duration::from_secs(7 * 86_400));
    assert!(events.cached_info().state.messages > 0, "what was there stays");
    let queue = jetstream.get_stream("ENRICHED").await?;
    assert_eq!(queue.consumer_info("publish").await?.config.ack_wait, Duration::from_secs(4));
    Ok(())
}
