//! Health and metrics of every service, and coming back after the server was away.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use entente_messages::Stage;
use entente_tests::{Service, Stack, articles, until};

fn get(service: &Service, path: &str) -> Result<String> {
    let address = service.http().context("no address yet")?;
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_service_shows_health_and_what_it_has_done() -> Result<()> {
    let mut stack = Stack::start().await?;
    let jetstream = stack.jetstream().await?;
    stack.send(&jetstream, articles::json(0)).await?;
    stack.settle(&jetstream, 1).await?;
    for stage in Stage::ALL {
        let service = stack.service(stage)?;
        assert!(get(service, "/healthz")?.starts_with("HTTP/1.1 200"));
        assert!(get(service, "/livez")?.starts_with("HTTP/1.1 200"));
        assert!(get(service, "/readyz")?.contains("200 OK"));
        let lag = until(Duration::from_secs(30), async || {
            get(service, "/metrics")
                .is_ok_and(|page| page.contains(&format!("entente_nats_connected{{stage=\"{stage}\"}} 1")))
        });
        ensure!(lag.await, "{}", get(service, "/metrics")?);
        let page = get(service, "/metrics")?;
        for sample in [
            format!("entente_messages_in_total{{stage=\"{stage}\"}} 1\n"),
            format!("entente_messages_finished_total{{stage=\"{stage}\"}} 1\n"),
            format!("entente_consumer_pending{{stage=\"{stage}\"}} 0\n"),
            format!("entente_article_seconds_count{{stage=\"{stage}\"}} 1\n"),
        ] {
            assert!(page.contains(&sample), "{sample} in {page}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_follows_the_connection() -> Result<()> {
    let mut stack = Stack::start_with(Default::default(), &[("http.lag_interval_ms", "100")]).await?;
    stack.server.kill()?;
    for stage in Stage::ALL {
        let service = stack.service(stage)?;
        let down = until(Duration::from_secs(30), async || {
            get(service, "/readyz").is_ok_and(|page| page.contains("503"))
        });
        ensure!(down.await, "{stage} still ready");
        assert!(get(service, "/healthz")?.contains("200 OK"), "alive all the same");
    }
    stack.server.restart()?;
    for stage in Stage::ALL {
        let service = stack.service(stage)?;
        let up = until(Duration::from_secs(60), async || {
            get(service, "/readyz").is_ok_and(|page| page.contains("200 OK"))
        });
        ensure!(up.await, "{stage} does not come back: {}", service.log());
    }
    let jetstream = stack.jetstream().await?;
    stack.send(&jetstream, articles::json(0)).await?;
    assert!(stack.settle(&jetstream, 1).await?.balances());
    Ok(())
}
