//! Articles from files or stdin, in any form that ingest takes.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context;
use entente_article::read::{self, Columns, Options};
use entente_messages::Article;
use jiff::Timestamp;

use crate::exit::Exit;

/// Where articles come from.
#[derive(clap::Args, Clone)]
pub(crate) struct Args {
    /// NDJSON, plain text, HTML, feeds, CSV, WARC or mbox files [default: stdin].
    files: Vec<PathBuf>,
    /// What the columns of a CSV file hold, for example `body=Story,title=Headline`.
    #[arg(long, value_name = "MAP")]
    columns: Option<Columns>,
}

/// How many articles there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Articles read.
    pub(crate) read: u64,
    /// Inputs that are no article; each was reported.
    pub(crate) bad: u64,
}

impl Counts {
    /// Bad inputs among good ones are reported, not fatal; nothing at all is.
    pub(crate) fn exit(self) -> Exit {
        if self.read == 0 { Exit::NothingRead } else { Exit::Done }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} articles, {} bad inputs", self.read, self.bad)
    }
}

/// Hands every article to `each` and reports every bad input on stderr, with its place and reason.
///
/// # Errors
/// Only what `each` returns: a file that cannot be opened counts as a bad input.
pub(crate) fn each(
    args: &Args,
    mut each: impl FnMut(Article) -> anyhow::Result<()>,
) -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    if args.files.is_empty() {
        from(None, std::io::stdin().lock(), args, &mut counts, &mut each)?;
    }
    for path in &args.files {
        match File::open(path).with_context(|| format!("opening {}", path.display())) {
            Ok(file) => {
                let reader = BufReader::with_capacity(1 << 16, file);
                from(Some(path), reader, args, &mut counts, &mut each)?;
            }
            Err(error) => {
                counts.bad += 1;
                eprintln!("entente: {error:#}");
            }
        }
    }
    Ok(counts)
}

fn from(
    path: Option<&Path>,
    reader: impl BufRead,
    args: &Args,
    counts: &mut Counts,
    each: &mut impl FnMut(Article) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut options = options(path, None);
    if let Some(columns) = &args.columns {
        options.columns = columns.clone();
    }
    for document in read::articles(reader, options) {
        match document {
            Ok(accepted) => {
                counts.read += 1;
                each(accepted.article)?;
            }
            Err(error) => {
                counts.bad += 1;
                eprintln!("entente: {}: {error}", name(path));
            }
        }
    }
    Ok(())
}

/// What the reader should know of a file beside its bytes.
pub(crate) fn options(path: Option<&Path>, url: Option<&str>) -> Options {
    let mut options = Options::new(Timestamp::now());
    options.name = path.map(|path| path.display().to_string());
    options.url = url.map(str::to_owned);
    options
}

/// The file, or `stdin`.
pub(crate) fn name(path: Option<&Path>) -> String {
    path.map_or_else(|| "stdin".to_owned(), |path| path.display().to_string())
}
