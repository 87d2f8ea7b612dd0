//! One service as a child process.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use entente_messages::Stage;

/// Environment variable that names the folder of the services' binaries.
const BIN_DIR: &str = "ENTENTE_BIN_DIR";

/// Gives each process a log file of its own.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// A running service; killed when dropped.
#[derive(Debug)]
pub struct Service {
    /// Which one.
    pub stage: Stage,
    child: Child,
    log: PathBuf,
}

impl Service {
    /// Starts a service against the server at `url`; `settings` are `ENTENTE__...` variables.
    ///
    /// # Errors
    /// Where its binary is not there.
    pub fn start(stage: Stage, url: &str, folder: &Path, settings: &[(String, String)]) -> Result<Self> {
        let binary = binary(stage)?;
        let log = folder.join(format!("{stage}-{}.log", STARTED.fetch_add(1, Ordering::Relaxed)));
        let lines = File::create(&log)?;
        let mut command = Command::new(&binary);
        command.env("ENTENTE__NATS__URL", url).env("ENTENTE__LOG__FORMAT", "json").current_dir(folder);
        command.envs(settings.iter().cloned()).stdin(Stdio::null()).stdout(lines.try_clone()?).stderr(lines);
        let child = command.spawn().with_context(|| format!("starting {}", binary.display()))?;
        Ok(Self { stage, child, log })
    }

    /// Process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it at once (SIGKILL).
    ///
    /// # Errors
    /// Where it can not be killed.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Sends a signal, as in `TERM`.
    ///
    /// # Errors
    /// Where `kill` can not be run.
    pub fn signal(&self, name: &str) -> Result<()> {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.pid().to_string()).status()?;
        if status.success() { Ok(()) } else { bail!("kill -{name} {} failed", self.pid()) }
    }

    /// Waits until it has ended by itself.
    ///
    /// # Errors
    /// Where it has not after `patience`.
    pub fn wait(&mut self, patience: Duration) -> Result<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("{} still runs after {patience:?}: {}", self.stage, self.log())
    }

    /// It has not ended.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The address of its health and metrics pages, once it serves them.
    #[must_use]
    pub fn http(&self) -> Option<String> {
        let log = self.log();
        let line = log.lines().rfind(|line| line.contains("serving /healthz"))?;
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(line.get("address")?.as_str()?.to_owned())
    }

    /// Resident memory now, in bytes.
    #[must_use]
    pub fn resident_bytes(&self) -> u64 {
        self.status_bytes("VmRSS:")
    }

    /// The most resident memory so far, in bytes.
    #[must_use]
    pub fn peak_bytes(&self) -> u64 {
        self.status_bytes("VmHWM:")
    }

    /// Processor time that it has used so far.
    #[must_use]
    pub fn cpu(&self) -> Duration {
        crate::cpu::used(self.pid())
    }

    fn status_bytes(&self, field: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.unwrap_or(0) * 1024
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// The binary of a service: in the folder that the environment names, else beside the running test.
///
/// # Errors
/// Where it has not been built.
pub fn binary(stage: Stage) -> Result<PathBuf> {
    let name = format!("entente-{stage}{}", std::env::consts::EXE_SUFFIX);
    let own = std::env::current_exe()?;
    // target/debug/deps/<test> and target/debug/<bin> are both near target/debug.
    let near = own.ancestors().skip(1).take(2).map(Path::to_path_buf);
    let named = std::env::var_os(BIN_DIR).map(PathBuf::from);
    let mut folders = named.into_iter().chain(near);
    folders.find_map(|folder| Some(folder.join(&name)).filter(|file| file.is_file())).with_context(|| {
        format!("{name} is not built: run `cargo build --bins -p entente-{stage}`, or `cargo xtask test`, which does")
    })
}
