//! Articles per second through all four stages, and in the same run the floor that JetStream itself sets.
//!
//! `cargo xtask bench pipeline` builds the services for release and runs this.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bytes::Bytes;
use clap::Parser;
use entente_messages::subject;
use entente_stage::topology::StreamName;
use entente_tests::{Stack, articles, floor, public, until};
use entente_testserver::{NatsServer, Options};
use futures::{FutureExt, StreamExt};

/// Measures the pipeline against four empty JetStream hops.
#[derive(Parser)]
struct Arguments {
    /// Articles through the pipeline with coding stubbed out, and through the floor.
    #[arg(long, default_value_t = 5000)]
    articles: usize,
    /// Articles through the pipeline with real coding.
    #[arg(long, default_value_t = 1000)]
    real: usize,
    /// Fail where pipeline / floor is below this.
    #[arg(long, default_value_t = 0.5)]
    at_least: f64,
}

struct Row {
    name: &'static str,
    articles: usize,
    took: Duration,
}

impl Row {
    fn rate(&self) -> f64 {
        self.articles as f64 / self.took.as_secs_f64()
    }
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "a command line tool")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let bodies: Vec<Bytes> = (0..arguments.articles).map(|n| articles::json(n).into()).collect();
    let bytes = bodies.iter().map(Bytes::len).sum::<usize>() / bodies.len().max(1);

    let server = NatsServer::start()?;
    let floor = Row {
        name: "floor: four empty hops",
        articles: bodies.len(),
        took: floor::measure(&server.url(), &bodies).await?,
    };
    drop(server);
    let (stubbed, stubbed_memory) = pipeline("pipeline, coding stubbed out", true, &bodies).await?;
    let (real, real_memory) =
        pipeline("pipeline, real coding", false, &bodies[..arguments.real.min(bodies.len())]).await?;

    println!("{} articles of {bytes} bytes, {} CPU cores", bodies.len(), cores());
    for row in [&floor, &stubbed, &real] {
        println!(
            "{:30} {:6} articles {:8.2} s {:9.0} articles/s",
            row.name,
            row.articles,
            row.took.as_secs_f64(),
            row.rate()
        );
    }
    let waits = latencies().await?;
    println!(
        "idle stack, publish to first event: median {:.0} ms, slowest {:.0} ms of {}",
        waits[waits.len() / 2].as_secs_f64() * 1000.0,
        waits[waits.len() - 1].as_secs_f64() * 1000.0,
        waits.len()
    );
    let ratio = stubbed.rate() / floor.rate();
    println!("pipeline (stubbed) / floor = {ratio:.2}");
    println!("peak memory, stubbed: {}", memory(&stubbed_memory));
    println!("peak memory, real:    {}", memory(&real_memory));
    ensure!(ratio >= arguments.at_least, "the ratio is below {}", arguments.at_least);
    Ok(())
}

/// How long single articles take from publish to their first event on an otherwise idle stack, sorted.
async fn latencies() -> Result<Vec<Duration>> {
    let stack = Stack::start().await?;
    let client = stack.client().await?;
    let mut events = client.subscribe(subject::EVENTS_ALL).await?;
    let jetstream = stack.jetstream().await?;
    // The first article loads the models.
    stack.send(&jetstream, articles::json(0)).await?;
    stack.settle(&jetstream, 1).await?;
    let mut waits = Vec::new();
    for n in 1..=20 {
        while events.next().now_or_never().is_some() {}
        let begun = Instant::now();
        client.publish(subject::INGEST, articles::text(n).into()).await?;
        let event = tokio::time::timeout(Duration::from_secs(60), events.next()).await;
        ensure!(event.is_ok(), "no event: {}", stack.logs());
        waits.push(begun.elapsed());
        stack.settle(&jetstream, n as u64 + 1).await?;
    }
    waits.sort();
    Ok(waits)
}

type Memory = Vec<(String, u64)>;

async fn pipeline(name: &'static str, stub: bool, bodies: &[Bytes]) -> Result<(Row, Memory)> {
    let stub = if stub { "true" } else { "false" };
    let settings = [
        ("extract.stub", stub),
        ("work.ack_wait_ms", "30000"),
        ("nats.request_timeout_ms", "5000"),
        ("log.filter", "warn,entente_stage=info"),
        ("streams.queue_max_mb", "512"),
        ("streams.history_max_mb", "1024"),
        ("streams.records_max_mb", "256"),
    ];
    let mut stack = Stack::start_with(Options::default(), &settings).await?;
    let jetstream = stack.jetstream().await?;
    let begun = Instant::now();
    floor::publish_all(&jetstream, subject::INGEST, bodies).await?;
    // Two records for each article: that it was accepted, and how it ended.
    let records = 2 * bodies.len() as u64;
    let done = until(Duration::from_secs(1800), async || {
        public::count(&jetstream, StreamName::Ledger).await.is_ok_and(|count| count >= records)
            && public::count(&jetstream, StreamName::Enriched).await.is_ok_and(|count| count == 0)
    });
    ensure!(done.await, "the pipeline does not end: {}", stack.logs());
    let took = begun.elapsed();
    let account = stack.settle(&jetstream, bodies.len() as u64).await?;
    ensure!(account.balances() && account.coded == bodies.len() as u64, "{account}");
    let memory =
        stack.services().iter().map(|service| (service.stage.to_string(), service.peak_bytes())).collect();
    Ok((Row { name, articles: bodies.len(), took }, memory))
}

fn memory(peaks: &Memory) -> String {
    let megabytes = |bytes: &u64| bytes.div_ceil(1024 * 1024);
    peaks
        .iter()
        .map(|(stage, bytes)| format!("{stage} {} MB", megabytes(bytes)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
