//! `entente demo`: the whole stack on sample articles, from nothing to a table of events.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use async_nats::jetstream;
use entente_messages::subject::{ArticleKey, LEDGER_OUTCOME_ALL, Subject};
use entente_messages::{Article, Event, Outcome, OutcomeRecord};
use tokio::signal::unix::{SignalKind, signal};

use super::events::{self, Filter, Start};
use super::nats::NatsServer;
use super::send;
use super::supervisor::{Plan, Stack, free_port};
use crate::exit::Exit;
use crate::table;
use crate::terminal::{self, Steps};

/// Written for Entente; what happens in them is invented.
const SAMPLES: [&str; 6] = [
    include_str!("../../samples/sample-americas.json"),
    include_str!("../../samples/sample-east-asia.json"),
    include_str!("../../samples/sample-europe.json"),
    include_str!("../../samples/sample-middle-east.json"),
    include_str!("../../samples/sample-sahel.json"),
    include_str!("../../samples/sample-south-asia.json"),
];

/// How long the services may take to start, and the articles to come out.
const PATIENCE: Duration = Duration::from_secs(90);

/// Start everything in a temporary folder, send six sample articles, show their events, stop.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Runs the demo; it is wrong where a sample article brought no event.
pub(crate) async fn run(_: Args) -> anyhow::Result<Exit> {
    let mut terminate = signal(SignalKind::terminate())?;
    let steps = Steps::new();
    let executable = entente_fetch::nats_server(&mut |progress| steps.fetching(progress))?;
    let folder = tempfile::tempdir().context("a temporary folder")?;
    let nats = NatsServer { executable, port: free_port()?, data: folder.path().to_owned() };
    steps.say("starting nats-server and the four services on free ports");
    let stack = Stack::start(Plan { nats, config: None, log: Some("error") }).await?;
    let result = tokio::select! {
        result = show(&stack, &steps) => result,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
        _ = terminate.recv() => Err(anyhow::anyhow!("terminated")),
    };
    steps.done();
    stack.stop().await;
    result
}

async fn show(stack: &Stack, steps: &Steps) -> anyhow::Result<Exit> {
    stack.ready(PATIENCE).await?;
    steps.done();
    let jetstream = jetstream::new(async_nats::connect(&stack.url).await?);
    let articles = samples()?;
    let begin = Instant::now();
    send_and_wait(&jetstream, &articles).await?;
    let took = begin.elapsed();

    let mut of_article: BTreeMap<String, Vec<Event>> =
        articles.iter().map(|article| (article.id.clone(), Vec::new())).collect();
    events::history(&jetstream, Filter::default(), Start::Beginning, |event| {
        of_article.entry(event.article.id.clone()).or_default().push(event);
        Ok(())
    })
    .await?;
    Ok(print(&articles, &of_article, took))
}

fn samples() -> anyhow::Result<Vec<Article>> {
    SAMPLES.iter().map(|text| serde_json::from_str(text).context("a sample article")).collect()
}

async fn send_and_wait(jetstream: &jetstream::Context, articles: &[Article]) -> anyhow::Result<()> {
    let bar = terminal::bar(articles.len() as u64, "articles coded");
    for article in articles {
        send::publish(jetstream, article).await?.await.context("the stream did not take an article")?;
    }
    let name = jetstream.stream_by_subject(LEDGER_OUTCOME_ALL).await.context("the ledger")?;
    let ledger = jetstream.get_stream(name).await.context("the ledger")?;
    let deadline = Instant::now() + PATIENCE;
    for article in articles {
        let subject = Subject::LedgerOutcome(ArticleKey::of(&article.id)).to_string();
        let record = loop {
            match ledger.get_last_raw_message_by_subject(&subject).await {
                Ok(message) => break serde_json::from_slice::<OutcomeRecord>(&message.payload)?,
                Err(_) if Instant::now() < deadline => tokio::time::sleep(Duration::from_millis(20)).await,
                Err(error) => bail!("{} has no outcome after {} s ({error})", article.id, PATIENCE.as_secs()),
            }
        };
        if !matches!(record.outcome, Outcome::Coded { .. }) {
            bail!("{} was not coded: {:?}", article.id, record.outcome);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

fn print(articles: &[Article], of_article: &BTreeMap<String, Vec<Event>>, took: Duration) -> Exit {
    let mut exit = Exit::Done;
    for article in articles {
        println!("\n{} ({})", article.title, article.source.as_deref().unwrap_or("-"));
        match of_article.get(&article.id).map(Vec::as_slice) {
            None | Some([]) => {
                println!("  no event was found in this article");
                exit = Exit::Wrong;
            }
            Some(events) => println!("{}", table::events(events)),
        }
    }
    let total: usize = of_article.values().map(Vec::len).sum();
    println!(
        "\n{} articles, {total} events, {:.2} s from the first article to the last event.",
        articles.len(),
        took.as_secs_f64()
    );
    println!("Next: `entente up`, then `entente send FILE` and `entente watch`.");
    exit
}
