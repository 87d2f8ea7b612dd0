//! `entente code`: articles in, events out, without a broker.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};

use entente_archive::export::{EventSink, Format, sink};
use entente_classifier::Accuracy;
use entente_coder::{Coder, Options};
use entente_messages::{Article, Event};
use rayon::prelude::*;

use super::input;
use crate::exit::Exit;
use crate::stack::export::output;

/// Articles coded at the same time: enough for every core, little enough to hold in memory.
const BATCH: usize = 64;

/// Code articles here and now, without a broker.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    input: input::Args,
    /// `ndjson`, `csv`, `gdelt` or `parquet`.
    #[arg(long, default_value = "ndjson")]
    format: Format,
    /// The file to write [default: stdout].
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// `fast`, `balanced` or `best`: how much to think about each pair of actors.
    #[arg(long, default_value = "balanced")]
    accuracy: Accuracy,
    /// Tell for each event what produced it, and for each silent sentence why it is silent.
    #[arg(long, conflicts_with_all = ["format", "out"])]
    explain: bool,
}

/// Codes what it reads, in the order it came.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    super::say_tier(args.accuracy);
    let coder = Coder::new(Options { accuracy: args.accuracy });
    if args.explain {
        return explain(args, &coder);
    }
    let mut sink = sink(args.format, output(args.out.as_deref())?)?;
    let (sender, receiver) = sync_channel(BATCH);
    let from = args.input.clone();
    let reader = std::thread::spawn(move || input::each(&from, |article| Ok(sender.send(article)?)));
    let written = write_all(&coder, &receiver, sink.as_mut());
    // Where writing failed, the reader must see its channel closed before it can be waited for.
    drop(receiver);
    let read = reader.join().map_err(|_| anyhow::anyhow!("the reader panicked"))?;
    let events = written?;
    sink.finish()?;
    let counts = read?;
    if counts.bad > 0 || counts.read == 0 {
        eprintln!("entente: {counts}, {events} events");
    }
    Ok(counts.exit())
}

fn write_all(coder: &Coder, articles: &Receiver<Article>, sink: &mut dyn EventSink) -> anyhow::Result<u64> {
    let mut written = 0;
    while let Ok(first) = articles.recv() {
        // What else has come meanwhile is coded along; a lone article does not wait for company.
        let batch: Vec<Article> = std::iter::once(first).chain(articles.try_iter()).take(BATCH).collect();
        let coded: Vec<Vec<Event>> = batch.par_iter().map(|article| events(coder, article)).collect();
        for event in coded.iter().flatten() {
            sink.write(event)?;
            written += 1;
        }
        sink.flush()?;
    }
    Ok(written)
}

/// What the services extract and enrich do to an article, as one function.
fn events(coder: &Coder, article: &Article) -> Vec<Event> {
    entente_knowledge::enrich(&coder.code(article))
}

fn explain(args: &Args, coder: &Coder) -> anyhow::Result<Exit> {
    use std::io::Write;
    let counts = input::each(&args.input, |article| {
        Ok(writeln!(std::io::stdout().lock(), "{}", coder.explain(&article))?)
    })?;
    Ok(counts.exit())
}
