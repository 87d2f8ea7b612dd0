//! `entente read`: what ingest makes of a page, feed, text or archive.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use entente_article::read::{self, Record};

use super::input::{Counts, name, options};
use crate::exit::Exit;

/// Show what ingest makes of a page, feed, text or archive.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files; `-` is stdin.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The address that the page came from, where the page does not say it.
    #[arg(long)]
    url: Option<String>,
}

/// Prints one NDJSON article for each document found.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut counts = Counts::default();
    for path in &args.files {
        if path == Path::new("-") {
            print(None, std::io::stdin().lock(), args, &mut counts)?;
            continue;
        }
        match File::open(path).with_context(|| format!("opening {}", path.display())) {
            Ok(file) => print(Some(path), BufReader::new(file), args, &mut counts)?,
            Err(error) => {
                counts.bad += 1;
                eprintln!("entente: {error:#}");
            }
        }
    }
    if counts.bad > 0 {
        eprintln!("entente: {counts}");
    }
    Ok(counts.exit())
}

fn print(path: Option<&Path>, reader: impl BufRead, args: &Args, counts: &mut Counts) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for document in read::articles(reader, options(path, args.url.as_deref())) {
        match document {
            Ok(accepted) => {
                counts.read += 1;
                serde_json::to_writer(&mut out, &Record::from(&accepted))?;
                out.write_all(b"\n")?;
            }
            Err(error) => {
                counts.bad += 1;
                eprintln!("entente: {}: {error}", name(path));
            }
        }
    }
    Ok(())
}
