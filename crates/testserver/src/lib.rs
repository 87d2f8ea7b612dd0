//! A real nats-server for tests: a free port, a store of its own, gone when dropped; kill, pause and restart.
#![forbid(unsafe_code)]

use std::fs::{self, File};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// How long a server may take to accept connections; on a busy machine it needs its time.
const PATIENCE: Duration = Duration::from_secs(30);

/// Settings of a server that tests vary.
#[derive(Clone, Debug)]
pub struct Options {
    /// Largest message in bytes.
    pub max_payload: usize,
    /// JetStream's storage in bytes.
    pub max_file_store: u64,
    /// More lines for the server's file.
    pub extra: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_payload: 8 * 1024 * 1024, max_file_store: 16 * 1024 * 1024 * 1024, extra: String::new() }
    }
}

/// A running nats-server with JetStream.
#[derive(Debug)]
pub struct NatsServer {
    binary: PathBuf,
    folder: TempDir,
    options: Options,
    port: u16,
    child: Option<Child>,
}

impl NatsServer {
    /// Starts a server with the usual settings.
    ///
    /// # Errors
    /// Where there is no nats-server, or it does not come up.
    pub fn start() -> Result<Self> {
        Self::start_with(Options::default())
    }

    /// Starts a server.
    ///
    /// # Errors
    /// Where there is no nats-server, or it does not come up.
    pub fn start_with(options: Options) -> Result<Self> {
        let binary = entente_fetch::nats_server(&mut |_| {})?;
        let folder = tempfile::Builder::new().prefix("entente-nats-").tempdir()?;
        let mut server = Self { binary, folder, options, port: 0, child: None };
        server.launch()?;
        Ok(server)
    }

    /// Address for clients; the same after a restart.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// The server's folder: its file, log and store.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sets the largest message for the next start.
    pub const fn set_max_payload(&mut self, bytes: usize) {
        self.options.max_payload = bytes;
    }

    /// Process id while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Kills the server at once (SIGKILL); its store stays.
    ///
    /// # Errors
    /// Where it can not be killed.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().context("killing nats-server")?;
            child.wait()?;
        }
        Ok(())
    }

    /// Kills the server if it runs and starts it again on the same port and store.
    ///
    /// # Errors
    /// Where it does not come up.
    pub fn restart(&mut self) -> Result<()> {
        self.kill()?;
        self.launch()
    }

    fn launch(&mut self) -> Result<()> {
        let at = |name: &str| self.folder.path().join(name);
        fs::create_dir_all(at("ports"))?;
        fs::write(at("server.conf"), self.file())?;
        let log = File::options().create(true).append(true).open(at("server.log"))?;
        let mut command = Command::new(&self.binary);
        command.arg("-c").arg(at("server.conf")).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("starting {}", self.binary.display()))?;
        let ports = at("ports").join(format!("nats-server_{}.ports", child.id()));
        self.child = Some(child);
        self.wait_until_ready(&ports)
    }

    /// Port 0 at the first start lets the server choose; later ones keep what it chose.
    fn file(&self) -> String {
        let Options { max_payload, max_file_store, extra } = &self.options;
        let listen =
            if self.port == 0 { "127.0.0.1:-1".to_owned() } else { format!("127.0.0.1:{}", self.port) };
        let folder = self.folder.path().display();
        format!(
            "listen: \"{listen}\"\nmax_payload: {max_payload}\nports_file_dir: \"{folder}/ports\"\n\
             jetstream {{ store_dir: \"{folder}/store\", max_file_store: {max_file_store} }}\n{extra}\n"
        )
    }

    fn wait_until_ready(&mut self, ports: &Path) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) =
                self.child.as_mut().and_then(|child| child.try_wait().transpose()).transpose()?
            {
                bail!("nats-server ended with {status}: {}", self.log());
            }
            if self.port == 0 {
                self.port = read_port(ports).unwrap_or(0);
            }
            if self.port != 0 && TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("nats-server does not accept connections: {}", self.log())
    }

    /// What the server has logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// The port in the file that the server writes when it listens.
fn read_port(file: &Path) -> Option<u16> {
    let ports: serde_json::Value = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
    let url = ports.get("nats")?.get(0)?.as_str()?;
    url.rsplit(':').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restarted_server_keeps_its_port() {
        let mut server = NatsServer::start().expect("starts");
        let url = server.url();
        server.restart().expect("restarts");
        assert_eq!(server.url(), url);
        server.kill().expect("killed");
        assert_eq!(server.pid(), None);
    }

    #[test]
    fn two_servers_do_not_meet() {
        let (one, other) = (NatsServer::start().expect("starts"), NatsServer::start().expect("starts"));
        assert_ne!(one.url(), other.url());
    }
}
