//! The nats-server that `up` and `demo` bring along.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context;
use tokio::process::Command;

/// Above NATS's default of 1 MiB: an article travels with all its events.
const MAX_PAYLOAD: &str = "8MB";

/// How to start a server: executable, port on the loopback address, and the folder of its store.
pub(super) struct NatsServer {
    pub(super) executable: PathBuf,
    pub(super) port: u16,
    pub(super) data: PathBuf,
}

impl NatsServer {
    /// Writes the server's configuration and gives the command that runs it, its log in the data folder.
    pub(super) fn command(&self) -> anyhow::Result<Command> {
        fs::create_dir_all(&self.data).with_context(|| format!("data folder {}", self.data.display()))?;
        let file = self.data.join("nats-server.conf");
        let store = quoted(&self.data.join("jetstream"));
        let config = format!(
            "# Written by `entente up` at each start.\nlisten: \"127.0.0.1:{}\"\nmax_payload: {MAX_PAYLOAD}\n\
             jetstream {{ store_dir: {store} }}\n",
            self.port
        );
        fs::write(&file, config).with_context(|| format!("writing {}", file.display()))?;
        let mut command = Command::new(&self.executable);
        command.arg("--config").arg(&file).arg("--log").arg(self.data.join("nats-server.log"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(command)
    }

    /// The address that clients use.
    pub(super) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }
}

fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.display().to_string().replace('\\', "\\\\").replace('"', "\\\""))
}
