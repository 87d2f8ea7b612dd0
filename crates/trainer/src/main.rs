//! `entente-trainer`: trains and measures the language model.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use entente_language::Analyzer;
use entente_trainer::train::{self, TrainOptions};
use entente_trainer::{treebank, vectors};

const USAGE: &str = "usage:
  entente-trainer train [--treebank DIR] [--output FILE] [--keep-network MODEL] [--no-card]
  entente-trainer score [--model FILE] CONLLU...
  entente-trainer vectors EXPORT_DIR OUTPUT";

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().context(USAGE)?;
    let rest: Vec<String> = arguments.collect();
    match command.as_str() {
        "train" => train::train(&train_options(&rest)?),
        "score" => score(&rest),
        "vectors" => {
            let [folder, output] = &rest[..] else { bail!(USAGE) };
            let file = vectors::build(Path::new(folder))?;
            std::fs::write(output, file).with_context(|| format!("writing {output}"))
        }
        _ => bail!(USAGE),
    }
}

fn train_options(arguments: &[String]) -> Result<TrainOptions> {
    let mut options = TrainOptions::default();
    let mut arguments = arguments.iter();
    while let Some(name) = arguments.next() {
        let mut value =
            || arguments.next().map(PathBuf::from).with_context(|| format!("{name} needs a value"));
        match name.as_str() {
            "--treebank" => options.treebank = value()?,
            "--output" => options.output = value()?,
            "--keep-network" => options.keep_network = Some(value()?),
            "--no-card" => options.card = None,
            other => bail!("unknown option {other}\n{USAGE}"),
        }
    }
    Ok(options)
}

fn score(arguments: &[String]) -> Result<()> {
    let (model, paths) = match arguments {
        [flag, model, paths @ ..] if flag == "--model" => (Some(model), paths),
        paths => (None, paths),
    };
    let owned;
    let analyzer = match model {
        Some(path) => {
            let file = std::fs::read(path).with_context(|| format!("reading {path}"))?;
            owned = Analyzer::from_static(Box::leak(file.into_boxed_slice()))?;
            &owned
        }
        None => Analyzer::shared(),
    };
    let banks: Vec<_> = paths
        .iter()
        .map(|path| Ok((path.as_str(), treebank::load(Path::new(path))?)))
        .collect::<Result<_>>()?;
    print!("{}", train::scores(analyzer, &banks));
    Ok(())
}
