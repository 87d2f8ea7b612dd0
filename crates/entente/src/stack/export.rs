//! `entente export`: published events to a file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use entente_archive::export::{Format, sink};
use entente_messages::Event;
use jiff::Timestamp;

use super::connection::Server;
use super::events::{self, Filter, Start};
use crate::exit::Exit;

/// Write published events to a file.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    filter: Filter,
    /// `ndjson`, `csv`, `gdelt` or `parquet`.
    #[arg(long, default_value = "ndjson")]
    format: Format,
    /// The file to write [default: stdout].
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Only events published since then (RFC 3339).
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Only events whose article was published before then (RFC 3339).
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
}

/// Writes what the stream holds now, and ends.
pub(crate) async fn run(args: Args) -> anyhow::Result<Exit> {
    let jetstream = args.server.jetstream().await?;
    let mut sink = sink(args.format, output(args.out.as_deref())?)?;
    let start = args.since.map_or(Start::Beginning, Start::At);
    let in_time = |event: &Event| match (args.until, event.article.published_at) {
        (Some(until), Some(published)) => published < until,
        _ => true,
    };
    let mut written = 0_u64;
    events::history(&jetstream, args.filter, start, |event| {
        if in_time(&event) {
            sink.write(&event)?;
            written += 1;
        }
        Ok(())
    })
    .await?;
    sink.finish()?;
    eprintln!("entente: {written} events written");
    Ok(Exit::Done)
}

/// The file, or stdout.
pub(crate) fn output(path: Option<&Path>) -> anyhow::Result<Box<dyn Write + Send>> {
    Ok(match path {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("writing {}", path.display()))?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(BufWriter::new(std::io::stdout())),
    })
}
