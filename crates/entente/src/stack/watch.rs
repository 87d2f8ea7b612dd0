//! `entente watch`: follow events.

use std::io::Write;

use anyhow::Context;
use clap::ValueEnum;
use futures::StreamExt;
use jiff::Timestamp;

use super::connection::Server;
use super::events::{self, Filter, Start};
use crate::exit::Exit;
use crate::table;

/// Follow events as they are published, or those already there.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    filter: Filter,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Begin with the oldest event that is still there.
    #[arg(long, conflicts_with = "since")]
    all: bool,
    /// Begin with the events published since then (RFC 3339).
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Stop after so many events.
    #[arg(long, value_name = "N")]
    count: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for people.
    Table,
    /// The published event, one a line.
    Json,
}

/// Prints events until it is interrupted, or `--count` are printed.
pub(crate) async fn run(args: Args) -> anyhow::Result<Exit> {
    let jetstream = args.server.jetstream().await?;
    let start = match args.since {
        Some(time) => Start::At(time),
        None if args.all => Start::Beginning,
        None => Start::Now,
    };
    let mut events = std::pin::pin!(events::follow(&jetstream, args.filter, start).await?);
    let mut printed = 0;
    while args.count.is_none_or(|count| printed < count) {
        let event = tokio::select! {
            event = events.next() => event.context("the connection ended")??,
            _ = tokio::signal::ctrl_c() => break,
        };
        let line = match args.format {
            Format::Table => table::line(&event),
            Format::Json => serde_json::to_string(&event)?,
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        out.flush()?;
        printed += 1;
    }
    Ok(Exit::Done)
}
