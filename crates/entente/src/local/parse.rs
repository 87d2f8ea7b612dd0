//! `entente parse`: text in, CoNLL-U out.

use std::io::{Read, Write};
use std::path::PathBuf;

use anyhow::Context;

use crate::exit::Exit;

/// Sentences, tags, lemmas and dependency trees, as CoNLL-U.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files [default: stdin].
    files: Vec<PathBuf>,
    /// The input is CoNLL-U: keep its tokens and sentences.
    #[arg(long)]
    conllu: bool,
}

/// Prints the analysis.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let text = text(&args.files)?;
    let analysed = if args.conllu {
        entente_language::conllu::parse_conllu(&text).context("reading CoNLL-U")?
    } else {
        entente_language::conllu::parse_text(&text)
    };
    std::io::stdout().lock().write_all(analysed.as_bytes())?;
    Ok(Exit::Done)
}

fn text(files: &[PathBuf]) -> anyhow::Result<String> {
    let mut text = String::new();
    if files.is_empty() {
        std::io::stdin().read_to_string(&mut text).context("stdin is not UTF-8 text")?;
    }
    for file in files {
        text += &std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    }
    Ok(text)
}
