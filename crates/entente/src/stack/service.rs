//! `entente service NAME`: one service in this process. The thin binaries do the same.

use std::io::Read;
use std::process::ExitCode;

use entente_messages::Stage;
use rustix::process::{Signal, getpid, kill_process};

/// Run one service.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// `ingest`, `extract`, `enrich` or `publish`.
    name: Stage,
    /// Drain and end when stdin is closed, that is when the process that started this one is gone.
    #[arg(long)]
    exit_with_parent: bool,
}

/// Runs the service until it is told to stop.
pub(crate) fn run(args: &Args) -> ExitCode {
    if args.exit_with_parent {
        std::thread::spawn(terminate_when_stdin_closes);
    }
    match args.name {
        Stage::Ingest => entente_stage::process::main(args.name, entente_ingest::run),
        Stage::Extract => entente_stage::process::main(args.name, entente_extract::run),
        Stage::Enrich => entente_stage::process::main(args.name, entente_enrich::run),
        Stage::Publish => entente_stage::process::main(args.name, entente_publish::run),
    }
}

/// The same way out as a SIGTERM from outside, so that there is only one.
fn terminate_when_stdin_closes() {
    let mut stdin = std::io::stdin();
    let mut buffer = [0; 64];
    while stdin.read(&mut buffer).is_ok_and(|n| n > 0) {}
    let _ = kill_process(getpid(), Signal::TERM);
}
