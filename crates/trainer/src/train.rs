//! The whole training: from treebanks to the model file and the scores of the model card.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use entente_language::Analyzer;
use entente_language::conllu::ConlluSentence;
use entente_language::container::{Reader, Writer};
use entente_language::neural::vectors::Vectors;

use crate::{baseline, lexicon, neural, score, segmenter, treebank};

/// What to train from and where to.
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// Folder with `ewt-train.conllu`, `ewt-dev.conllu`, `gum-train.conllu` and `gum-dev.conllu`.
    pub treebank: PathBuf,
    /// File of word vectors.
    pub vectors: PathBuf,
    /// The model file to write.
    pub output: PathBuf,
    /// Model card in which to renew the scores.
    pub card: Option<PathBuf>,
    /// A model whose network to keep: only the rest is trained.
    pub keep_network: Option<PathBuf>,
    /// How to train the network.
    pub network: neural::Options,
}

impl Default for TrainOptions {
    /// Paths as seen from the root of the repository.
    fn default() -> Self {
        Self {
            treebank: "../shared/treebank".into(),
            vectors: "crates/language/model/vectors.model".into(),
            output: "crates/language/model/language.model".into(),
            card: Some("docs/models/language.md".into()),
            keep_network: None,
            network: neural::Options::default(),
        }
    }
}

/// Trains the language model, writes it, measures it on the development sets and renews the model card.
///
/// # Errors
/// Where a file cannot be read or written, or is not what it should be.
pub fn train(options: &TrainOptions) -> Result<()> {
    let load = |name: &str| treebank::load(&options.treebank.join(name));
    let mut bank = load("ewt-train.conllu")?;
    bank.extend(load("gum-train.conllu")?);
    let start = Instant::now();
    let mut writer = Writer::default();
    segmenter::train(&bank, 1, &mut writer);
    lexicon::train(&bank, &mut writer)?;
    eprintln!("segmenter and lexicon: {:.0} s", start.elapsed().as_secs_f32());
    match &options.keep_network {
        Some(path) => {
            copy_network(&std::fs::read(path).with_context(|| path.display().to_string())?, &mut writer)?
        }
        None => {
            let vectors =
                std::fs::read(&options.vectors).with_context(|| options.vectors.display().to_string())?;
            neural::train(&bank, &Vectors::read(&vectors)?, options.network, &mut writer)?;
        }
    }
    eprintln!("trained: {:.0} s", start.elapsed().as_secs_f32());
    let file = writer.finish();
    std::fs::write(&options.output, &file).with_context(|| options.output.display().to_string())?;
    let analyzer = Analyzer::from_static(Box::leak(file.into_boxed_slice()))?;
    let dev = [("EWT dev", load("ewt-dev.conllu")?), ("GUM dev", load("gum-dev.conllu")?)];
    let mut table = scores(&analyzer, &dev);
    println!("{table}");
    if let Some(card) = &options.card {
        table.push('\n');
        table.push_str(&comparison(&bank, &dev)?);
        renew(card, &table)?;
    }
    Ok(())
}

fn copy_network(file: &[u8], writer: &mut Writer) -> Result<()> {
    let reader = Reader::new(file)?;
    for name in reader.names().filter(|n| n.starts_with("network.")) {
        writer.bytes(name, reader.bytes(name)?);
    }
    Ok(())
}

/// The table of scores, in Markdown.
#[must_use]
pub fn scores(analyzer: &Analyzer, banks: &[(&str, Vec<ConlluSentence>)]) -> String {
    let mut table = String::from(
        "| data | mode | tokens | sentences | words | UPOS | XPOS | features | lemmas | UAS | LAS | LAS with subtypes |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (name, bank) in banks {
        let _ = writeln!(table, "| {name} | raw text | {} |", score::raw(analyzer, bank));
        let _ = writeln!(table, "| {name} | gold tokens | {} |", score::gold_tokens(analyzer, bank));
    }
    table
}

/// The table that compares the linear baseline.
fn comparison(bank: &[ConlluSentence], dev: &[(&str, Vec<ConlluSentence>)]) -> Result<String> {
    let baseline = baseline::train(bank, 10, 1)?;
    let mut table = String::from(
        "| linear baseline, gold tokens | UPOS | UAS | LAS | LAS with gold tags | words a second |\n|---|---|---|---|---|---|\n",
    );
    for (name, bank) in dev {
        let s = baseline.evaluate(bank)?;
        let _ = writeln!(
            table,
            "| {name} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} |",
            s.upos, s.uas, s.las, s.las_gold_tags, s.words_per_second
        );
    }
    Ok(table)
}

const BEGIN: &str = "<!-- scores: written by the trainer -->";
const END: &str = "<!-- end of scores -->";

/// Replaces what stands between the marks of a model card.
fn renew(card: &std::path::Path, table: &str) -> Result<()> {
    let text = std::fs::read_to_string(card).with_context(|| card.display().to_string())?;
    let marks = text.find(BEGIN).zip(text.find(END)).filter(|(begin, end)| begin < end);
    let (begin, end) = marks.with_context(|| format!("{}: no marks for the scores", card.display()))?;
    let text = format!("{}{BEGIN}\n\n{table}\n{}", &text[..begin], &text[end..]);
    std::fs::write(card, text).with_context(|| card.display().to_string())
}
