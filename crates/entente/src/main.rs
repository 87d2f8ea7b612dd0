//! The `entente` command line.
//!
//! `local` needs no broker: it calls the same functions that the services call. `stack` talks to NATS, or starts
//! everything itself.
#![forbid(unsafe_code)]

mod exit;
mod local;
mod stack;
mod table;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::Exit;

/// News articles in, relationship events out: who did what to whom, when, where, and who says so.
#[derive(Parser)]
#[command(name = "entente", version, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start everything in a temporary folder, send six sample articles, show their events, stop.
    Demo(stack::demo::Args),
    /// Start nats-server and the four services, and keep them running.
    Up(stack::up::Args),
    /// Publish articles to a running stack.
    Send(stack::send::Args),
    /// Follow events as they are published, or those already there.
    Watch(stack::watch::Args),
    /// Code articles here and now, without a broker.
    Code(local::code::Args),
    /// Tell what one actor of a sentence does to another.
    Classify(local::classify::Args),
    /// Sentences, tags, lemmas and dependency trees, as CoNLL-U.
    Parse(local::parse::Args),
    /// Show what ingest makes of a page, feed, text or archive.
    Read(local::read::Args),
    /// Run dead letters or history through the stack again.
    Replay(stack::replay::Args),
    /// Look at the feeds that ingest polls.
    Feeds(stack::feeds::Args),
    /// Write published events to a file.
    Export(stack::export::Args),
    /// Check a set-up and say what is wrong; with `--account`, show that nothing was lost.
    Doctor(stack::doctor::Args),
    /// Run one service (what `up` starts four of).
    #[command(hide = true)]
    Service(stack::service::Args),
    /// Ask a service on this machine whether it is ready (container health checks).
    #[command(hide = true)]
    Health(stack::health::Args),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Code(args) => local::code::run(&args),
        Command::Classify(args) => local::classify::run(&args),
        Command::Parse(args) => local::parse::run(&args),
        Command::Read(args) => local::read::run(&args),
        Command::Service(args) => return stack::service::run(&args),
        Command::Demo(args) => block_on(stack::demo::run(args)),
        Command::Up(args) => block_on(stack::up::run(args)),
        Command::Send(args) => block_on(stack::send::run(args)),
        Command::Watch(args) => block_on(stack::watch::run(args)),
        Command::Replay(args) => block_on(stack::replay::run(args)),
        Command::Feeds(args) => block_on(stack::feeds::run(args)),
        Command::Export(args) => block_on(stack::export::run(args)),
        Command::Health(args) => block_on(stack::health::run(args)),
        Command::Doctor(args) => block_on(stack::doctor::run(args)),
    };
    exit::code(result)
}

fn block_on(work: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    tokio::runtime::Runtime::new()?.block_on(work)
}
