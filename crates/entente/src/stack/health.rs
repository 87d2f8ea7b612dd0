//! `entente health`: the probe that a container without a shell runs.

use super::front;
use crate::exit::Exit;

/// Ask a service on this machine whether it is ready.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Port of the service's HTTP endpoint.
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

/// Exits 0 where it is ready, else 1 with the reason.
pub(crate) async fn run(args: Args) -> anyhow::Result<Exit> {
    match front::readiness(args.port).await {
        Ok(()) => Ok(Exit::Done),
        Err(reason) => {
            eprintln!("entente: {reason}");
            Ok(Exit::Wrong)
        }
    }
}
