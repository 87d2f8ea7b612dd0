//! Entente's own tasks. `cargo xtask help` lists them.

mod bench;
mod eval;
mod run;
mod test;
mod train;

use clap::{Parser, Subcommand};

/// Tasks for those who work on Entente.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything that must hold: format, lints, documentation, supply chain, all tests. What CI runs.
    Test(test::Args),
    /// Coding quality on the development data, all scorers, a table.
    Eval(eval::Args),
    /// Speed, printed as ratios to a floor measured in the same run.
    Bench(bench::Args),
    /// Trains the models that the repository ships, again and the same.
    Train(train::Args),
    /// Writes the generated files (schemas, references) again.
    Generate {
        /// Write nothing; fail where a generated file is stale.
        #[arg(long)]
        check: bool,
    },
    /// Checks the data files: sorted, unique, known codes, sources named.
    LintData,
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().task {
        Task::Test(args) => test::run(&args),
        Task::Eval(args) => eval::run(&args),
        Task::Bench(args) => bench::run(&args),
        Task::Train(args) => train::run(&args),
        Task::Generate { check } => generate(check),
        Task::LintData => lint_data(),
    }
}

/// The drift tests of the generated files write them when `UPDATE` is set.
fn generate(check: bool) -> anyhow::Result<()> {
    let mut command = run::cargo(["test", "--quiet", "--package", "entente-messages", "--test", "reference"]);
    if !check {
        command.env("UPDATE", "1");
    }
    run::step("generated files", &mut command)
}

/// The linters of the data files are tests named `lint_data` beside the loaders.
fn lint_data() -> anyhow::Result<()> {
    run::step(
        "data files",
        &mut run::cargo([
            "test",
            "--quiet",
            "--package",
            "entente-knowledge",
            "--package",
            "entente-coder",
            "--package",
            "entente-ontology",
            "lint",
        ]),
    )
}
