//! How fast ingest takes articles, from NATS and by HTTP, and whether its memory stays flat.
//!
//! Everything runs on this machine: nats-server, ingest, and what sends. Build with `--release`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use async_nats::jetstream;
use clap::Parser;
use entente_messages::{Stage, subject};
use entente_stage::topology::{StreamName, stream};
use entente_tests::client::client;
use entente_tests::{Stack, public, until};
use entente_testserver::Options;
use entente_web::{Feed, Submissions};
use tokio::net::TcpListener;

/// Measure ingest.
#[derive(Debug, Parser)]
struct Arguments {
    /// Articles sent over NATS.
    #[arg(long, default_value_t = 200_000)]
    articles: usize,
    /// Articles sent by HTTP, one a request.
    #[arg(long, default_value_t = 10_000)]
    http: usize,
    /// Connections that send by HTTP.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Fail where fewer articles a second go through from NATS.
    #[arg(long, default_value_t = 0.0)]
    at_least: f64,
    /// Fail where fewer go through by HTTP.
    #[arg(long, default_value_t = 0.0)]
    at_least_http: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let settings =
        [("streams.queue_max_mb", "512"), ("streams.records_max_mb", "512"), ("work.ack_wait_ms", "30000")];
    let mut stack = Stack::server_only(Options::default(), &settings)?;
    stack.start_service(Stage::Ingest)?;
    stack.wait_until_ready().await?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load at start: {}", load.trim());
    let from_nats = nats(&mut stack, arguments.articles).await?;
    let by_http = http(&stack, arguments.http, arguments.connections).await?;
    ensure!(from_nats >= arguments.at_least, "{from_nats:.0} articles/s from NATS");
    ensure!(by_http >= arguments.at_least_http, "{by_http:.0} articles/s by HTTP");
    Ok(())
}

/// An article of about 230 words, unlike all others.
fn article(n: usize) -> String {
    const WORDS: [&str; 16] = [
        "ministry", "harbour", "envoy", "copper", "railway", "treaty", "council", "border", "winter",
        "ferry", "market", "bridge", "talks", "island", "charter", "customs",
    ];
    let mut state = n as u64 + 1;
    let mut draw = |of: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % of
    };
    let mut sentence = || {
        let word = |at: usize| WORDS[at];
        let (a, b, c, d) = (draw(16), draw(16), draw(16), draw(16));
        let (number, place) = (draw(100_000), draw(1_000));
        format!(
            "The {} said on Monday that the {} of the {} near Post {place} would open the {} for {number} lorries before the end of the year.",
            word(a),
            word(b),
            word(c),
            word(d)
        )
    };
    let paragraphs: Vec<String> = (0..5).map(|_| format!("{} {}", sentence(), sentence())).collect();
    serde_json::json!({ "id": format!("bench-{n}"), "title": format!("Lorries at post {n}"), "body": paragraphs.join("\n\n"),
        "published_at": "2026-01-05T10:00:00Z", "source": "Bench Wire", "url": format!("https://bench.example/{n}") })
    .to_string()
}

async fn nats(stack: &mut Stack, articles: usize) -> Result<f64> {
    let jetstream = stack.jetstream().await?;
    let accepted = stream(&jetstream, StreamName::Accepted).await?;
    let begun = Instant::now();
    let sending = tokio::spawn(send(jetstream.clone(), articles));
    let (mut purged, mut reported) = (0_u64, 0);
    let mut memory = Vec::new();
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let waiting = public::count(&jetstream, StreamName::Accepted).await?;
        if waiting > 20_000 || purged + waiting >= articles as u64 {
            // Nobody works the queue off here.
            purged += accepted.purge().await?.purged;
        }
        let step = usize::try_from(purged).unwrap_or(0) * 10 / articles.max(1);
        if step > reported {
            reported = step;
            let resident = stack.service(Stage::Ingest)?.resident_bytes() >> 20;
            memory.push(resident);
            println!("{purged:7} articles, {:6.0} a second, {resident} MB resident", rate(purged, begun));
        }
        if purged >= articles as u64 {
            break;
        }
        if !stack.service(Stage::Ingest)?.is_alive() {
            bail!("ingest has ended: {}", stack.logs());
        }
    }
    sending.await??;
    let rate = rate(purged, begun);
    let cpu = stack.service(Stage::Ingest)?.cpu();
    println!(
        "from NATS: {purged} articles, {rate:.0} a second; processor time of ingest {:.1} s; memory {memory:?} MB",
        cpu.as_secs_f64()
    );
    Ok(rate)
}

#[allow(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn rate(articles: u64, begun: Instant) -> f64 {
    articles as f64 / begun.elapsed().as_secs_f64()
}

/// Sends with a bounded number of unacknowledged publishes; a full queue makes it wait.
async fn send(jetstream: jetstream::Context, articles: usize) -> Result<()> {
    let mut waiting = std::collections::VecDeque::new();
    for n in 0..articles {
        if n % 1_000 == 0 {
            // No further ahead of ingest than a real feeder would be.
            while public::count(&jetstream, StreamName::Ingest).await? > 5_000 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        waiting.push_back(jetstream.publish(subject::INGEST, article(n).into()).await?);
        if waiting.len() >= 256
            && let Some(ack) = waiting.pop_front()
        {
            ack.await.context("storing an article")?;
        }
    }
    for ack in waiting {
        ack.await.context("storing an article")?;
    }
    Ok(())
}

async fn http(stack: &Stack, articles: usize, connections: usize) -> Result<f64> {
    let jetstream = stack.jetstream().await?;
    let settings = Submissions { per_second: u32::MAX, burst: u32::MAX, ..Submissions::default() };
    let router = entente_web::router(jetstream.clone(), Arc::new(Feed::default()), settings);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}/articles", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let before = public::count(&jetstream, StreamName::Accepted).await?;
    let next = Arc::new(AtomicUsize::new(0));
    let client = client();
    let begun = Instant::now();
    let senders: Vec<_> = (0..connections)
        .map(|_| {
            let (client, address, next) = (client.clone(), address.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= articles {
                        return Ok::<_, anyhow::Error>(());
                    }
                    let body = article(10_000_000 + n);
                    let answer = client
                        .post(&address)
                        .header("Content-Type", "application/json")
                        .body(body)
                        .send()
                        .await?;
                    ensure!(answer.status().as_u16() == 202, "{}", answer.text().await?);
                }
            })
        })
        .collect();
    for sender in senders {
        sender.await??;
    }
    let through = until(Duration::from_secs(60), async || {
        public::count(&jetstream, StreamName::Accepted)
            .await
            .is_ok_and(|count| count >= before + articles as u64)
    });
    ensure!(through.await, "not all articles came through ingest");
    let rate = rate(articles as u64, begun);
    println!(
        "by HTTP: {articles} articles in as many requests over {connections} connections, {rate:.0} a second to the end of ingest"
    );
    Ok(rate)
}
