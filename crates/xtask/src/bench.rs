//! `cargo xtask bench`: speed, as ratios to a floor measured in the same run.

use clap::ValueEnum;

use crate::run::{cargo, step};
use crate::test::say;

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The measurement.
    #[arg(value_enum)]
    what: What,
    /// Handed on to the measurement.
    #[arg(trailing_var_arg = true)]
    rest: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Articles a second through all four stages, against empty handlers.
    Pipeline,
    /// Sentences a second from raw text to coded events, by tier.
    Code,
}

/// Runs one measurement in a release build.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    match args.what {
        What::Pipeline => {
            let nats_server = entente_fetch::nats_server(&mut say)?;
            step("release build", &mut cargo(["build", "--release", "--quiet", "--workspace", "--bins"]))?;
            let mut command = cargo([
                "run",
                "--release",
                "--quiet",
                "--package",
                "entente-tests",
                "--bin",
                "bench-pipeline",
                "--",
            ]);
            command.args(&args.rest).env("ENTENTE_NATS_SERVER", nats_server);
            step("pipeline", &mut command)
        }
        What::Code => {
            let mut command = cargo([
                "run",
                "--release",
                "--quiet",
                "--package",
                "entente-coder",
                "--example",
                "bench",
                "--",
            ]);
            step("coding", command.args(&args.rest))
        }
    }
}
