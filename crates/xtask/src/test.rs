//! `cargo xtask test`: everything that must hold before a change lands.

use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;
use entente_fetch::{Progress, ensure, tools};

use crate::run::{cargo, root, step};

/// Which parts to run; all without an argument.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these parts.
    #[arg(value_enum)]
    parts: Vec<Part>,
}

/// A part of the whole check.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// rustfmt.
    Fmt,
    /// Clippy, no warning allowed.
    Clippy,
    /// Documentation, no warning allowed.
    Doc,
    /// Licences, sources and bans of all dependencies.
    Deny,
    /// Unit, property and end-to-end tests.
    Tests,
}

/// Runs the parts, the quick ones first.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let wanted = |part| args.parts.is_empty() || args.parts.contains(&part);
    if wanted(Part::Fmt) {
        step("format", &mut cargo(["fmt", "--all", "--check"]))?;
    }
    if wanted(Part::Deny) {
        deny()?;
    }
    if wanted(Part::Clippy) {
        let clippy =
            ["clippy", "--quiet", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
        step("lints", &mut cargo(clippy))?;
    }
    if wanted(Part::Doc) {
        let doc = ["doc", "--quiet", "--workspace", "--no-deps", "--locked", "--document-private-items"];
        step("documentation", cargo(doc).env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    if wanted(Part::Tests) {
        tests()?;
    }
    Ok(())
}

/// Advisories are not checked here: their database is not in a package registry. See CONTRIBUTING.
fn deny() -> anyhow::Result<()> {
    let cargo_deny = ensure(&tools::CARGO_DENY, &mut say)?;
    let mut command = std::process::Command::new(cargo_deny);
    command.current_dir(root()).args([
        "--locked",
        "check",
        "--hide-inclusion-graph",
        "licenses",
        "bans",
        "sources",
    ]);
    step("supply chain", &mut command)
}

fn tests() -> anyhow::Result<()> {
    let nats_server = entente_fetch::nats_server(&mut say)?;
    step("binaries", &mut cargo(["build", "--quiet", "--workspace", "--bins", "--locked"]))?;
    let mut command = cargo(["test", "--workspace", "--locked"]);
    command.env("ENTENTE_NATS_SERVER", nats_server).env("ENTENTE_BIN_DIR", binaries()?);
    step("tests", &mut command)
}

/// Where `cargo build` puts the binaries: this one runs from there.
fn binaries() -> anyhow::Result<PathBuf> {
    let me = std::env::current_exe().context("where xtask itself lies")?;
    Ok(me.parent().context("xtask lies in no folder")?.to_owned())
}

/// Shows what the fetcher does.
pub(crate) fn say(progress: Progress<'_>) {
    match progress {
        Progress::Downloading { tool, version } => eprintln!("xtask: downloading {tool} {version}"),
        Progress::Verifying => eprintln!("xtask: verifying its hash"),
        Progress::Ready(path) => eprintln!("xtask: ready at {}", path.display()),
    }
}
