//! `cargo xtask train`: the models that the repository ships, trained again and the same.

use anyhow::bail;
use clap::ValueEnum;

use crate::run::{cargo, root, shared, step};

/// Which model to train.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The model.
    #[arg(value_enum)]
    what: What,
    /// Handed on to the trainer.
    #[arg(trailing_var_arg = true)]
    rest: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Tokenizer, tagger, lemmatizer and parser, from the treebanks.
    Language,
    /// The pair classifier's tiers, from the corpus and the academic pairs.
    Coder,
}

/// Runs one trainer in a release build.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    match args.what {
        What::Language => {
            let Some(treebank) = shared("treebank") else {
                bail!("training needs the treebanks in ../shared/treebank, which this machine lacks");
            };
            let trainer = ["run", "--release", "--quiet", "--package", "entente-trainer"];
            let mut command = cargo(trainer);
            command.args(["--", "train", "--treebank"]).arg(treebank).args(&args.rest);
            step("training the language model", &mut command)
        }
        What::Coder => {
            let mut command = std::process::Command::new("bash");
            command.current_dir(root()).arg("training/train.sh").args(&args.rest);
            step("training the coder", &mut command)
        }
    }
}
