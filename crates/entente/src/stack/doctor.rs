//! `entente doctor`: what is wrong with a set-up, and what to do about it.

use std::path::PathBuf;

use async_nats::jetstream;
use entente_messages::{Stage, subject};
use entente_stage::Config;

use super::connection::Server;
use crate::exit::Exit;

/// What the services need to send an article with its events on; below it large articles become dead letters.
const MAX_PAYLOAD: usize = 4 << 20;

/// Check a set-up and say what is wrong; with `--account`, show that nothing was lost.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    server: Server,
    /// Folder of configuration files [default: the built-in configuration].
    #[arg(long, value_name = "DIR", env = "ENTENTE_CONFIG_DIR")]
    config: Option<PathBuf>,
    /// Check files only; connect to nothing.
    #[arg(long)]
    offline: bool,
    /// Print the balance: accepted = coded + rejected later + dead + in flight.
    #[arg(long, conflicts_with = "offline")]
    account: bool,
}

/// One thing looked at.
struct Finding {
    what: String,
    /// `Err` says what is wrong and what to do.
    result: Result<String, String>,
}

/// Prints every finding; it is wrong where one of them is.
pub(crate) async fn run(args: Args) -> anyhow::Result<Exit> {
    let mut findings = configuration(&args);
    let mut balance = None;
    if !args.offline {
        match args.server.connect().await {
            Ok(client) => {
                findings.push(good("connection", args.server.url()));
                findings.extend(server(&client));
                let jetstream = jetstream::new(client);
                findings.extend(streams(&jetstream).await);
                if args.account {
                    balance = Some(entente_stage::account::balance(&jetstream).await);
                }
            }
            Err(error) => findings.push(bad("connection", format!("{error:#}"))),
        }
    }
    let mut exit = Exit::Done;
    for finding in &findings {
        match &finding.result {
            Ok(said) => println!("ok    {:<24} {said}", finding.what),
            Err(said) => {
                exit = Exit::Wrong;
                println!("WRONG {:<24} {said}", finding.what);
            }
        }
    }
    if let Some(balance) = balance {
        let balance = balance?;
        println!("\n{balance}");
        if !balance.balances() {
            exit = Exit::Wrong;
        }
    }
    Ok(exit)
}

fn good(what: impl Into<String>, said: impl Into<String>) -> Finding {
    Finding { what: what.into(), result: Ok(said.into()) }
}

fn bad(what: impl Into<String>, said: impl Into<String>) -> Finding {
    Finding { what: what.into(), result: Err(said.into()) }
}

fn configuration(args: &Args) -> Vec<Finding> {
    let load = |stage: Stage| match Config::load(stage, args.config.as_deref()) {
        Ok(_) => good(format!("configuration {stage}"), "every key and value is known"),
        Err(error) => bad(format!("configuration {stage}"), error.to_string()),
    };
    Stage::ALL.into_iter().map(load).collect()
}

fn server(client: &async_nats::Client) -> Vec<Finding> {
    let info = client.server_info();
    let jetstream = if info.jetstream {
        good("JetStream", format!("on, nats-server {}", info.version))
    } else {
        bad("JetStream", "off; start nats-server with --jetstream, or `jetstream {}` in its file")
    };
    let payload = if info.max_payload >= MAX_PAYLOAD {
        good("max_payload", format!("{} MiB", info.max_payload >> 20))
    } else {
        let said = "is {} bytes; an article with its events may be larger: set `max_payload: 8MB` in the server's file";
        bad("max_payload", said.replace("{}", &info.max_payload.to_string()))
    };
    vec![jetstream, payload]
}

/// Every subject of the way of an article must have its stream, and every stream should be drained.
async fn streams(jetstream: &jetstream::Context) -> Vec<Finding> {
    let subjects = [
        subject::INGEST,
        subject::ACCEPTED_ALL,
        subject::EXTRACTED,
        subject::ENRICHED,
        subject::EVENTS_ALL,
        subject::MENTIONS_ALL,
        subject::REJECTED,
        subject::DEAD_ALL,
        subject::LEDGER_OUTCOME_ALL,
    ];
    let mut findings = Vec::new();
    for subject in subjects {
        findings.push(match held(jetstream, subject).await {
            Ok(said) => good(subject, said),
            Err(error) => {
                bad(subject, format!("has no stream ({error}); the services make it: are they running?"))
            }
        });
    }
    findings
}

async fn held(jetstream: &jetstream::Context, subject: &str) -> anyhow::Result<String> {
    let name = jetstream.stream_by_subject(subject).await?;
    let mut stream = jetstream.get_stream(name).await?;
    let info = stream.info().await?;
    Ok(format!(
        "{} messages in {}, {} consumers",
        info.state.messages, info.config.name, info.state.consumer_count
    ))
}
