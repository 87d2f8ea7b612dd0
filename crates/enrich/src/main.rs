//! The `enrich` service as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    entente_stage::process::command(entente_messages::Stage::Enrich, entente_enrich::run)
}
