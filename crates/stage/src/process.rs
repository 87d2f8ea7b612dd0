//! A service as a process: arguments, log, signals, exit codes.
//!
//! Exit codes: 0 stopped as asked; 1 can not run, or work in hand did not end within the deadline; 2 wrong
//! arguments or configuration; 130 stopped at once by a second signal.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use entente_messages::Stage;

use crate::config::Config;
use crate::{Error, logging};

/// Environment variable that names the folder of configuration files.
pub const CONFIG_DIR: &str = "ENTENTE_CONFIG_DIR";

/// A service of Entente. All settings stand in config/default.toml; ENTENTE__SECTION__KEY overrides one.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Folder with `default.toml` and `<service>.toml`; the built-in defaults fill what is missing.
    #[arg(long, env = CONFIG_DIR)]
    config: Option<PathBuf>,
    /// Check the configuration and exit.
    #[arg(long)]
    check: bool,
}

/// The whole `main` of a service's own binary: reads the arguments, then as [`main`].
///
/// Without `--config` the folder `config` is read where the working directory has one with a default.toml.
pub fn command<R>(stage: Stage, run: impl FnOnce(Config, Shutdown) -> R) -> ExitCode
where
    R: Future<Output = Result<(), Error>>,
{
    let arguments = Arguments::parse();
    let near = || Some(PathBuf::from("config")).filter(|folder| folder.join("default.toml").is_file());
    let folder = arguments.config.or_else(near);
    match Config::load(stage, folder.as_deref()) {
        Ok(_) if arguments.check => ExitCode::SUCCESS,
        Ok(config) => serve(stage, config, run),
        Err(error) => failed(&error.into()),
    }
}

/// A service inside another program, which has read its own arguments: settings come from the folder that
/// [`CONFIG_DIR`] names and from the environment.
pub fn main<R>(stage: Stage, run: impl FnOnce(Config, Shutdown) -> R) -> ExitCode
where
    R: Future<Output = Result<(), Error>>,
{
    let folder = std::env::var_os(CONFIG_DIR).map(PathBuf::from);
    match Config::load(stage, folder.as_deref()) {
        Ok(config) => serve(stage, config, run),
        Err(error) => failed(&error.into()),
    }
}

/// Runs a service under this process's signals.
pub fn serve<R>(stage: Stage, config: Config, run: impl FnOnce(Config, Shutdown) -> R) -> ExitCode
where
    R: Future<Output = Result<(), Error>>,
{
    if let Err(error) = logging::init(&config) {
        return failed(&error);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&Error::request("starting threads", &error)),
    };
    let ended = runtime.block_on(async { run(config, Shutdown::on_signals()).await });
    // Blocking work that outlived the deadline must not hold the process.
    runtime.shutdown_background();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%stage, %error, code = error.code(), "the service has ended");
            failed(&error)
        }
    }
}

#[allow(clippy::print_stderr, reason = "the log may not be set up")]
fn failed(error: &Error) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::from(if matches!(error, Error::Config(_) | Error::Log(_) | Error::Otlp(_)) { 2 } else { 1 })
}

/// Completes when the process should stop.
pub type Shutdown = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

trait OnSignals {
    fn on_signals() -> Shutdown;
}

impl OnSignals for Shutdown {
    /// Completes at the first SIGTERM or interrupt; a second one ends the process at once with 130.
    fn on_signals() -> Self {
        let mut signals = Signals::new();
        Box::pin(async move {
            signals.next().await;
            tracing::info!("stopping; a second signal ends at once");
            tokio::spawn(async move {
                signals.next().await;
                tracing::warn!("second signal, ending at once");
                std::process::exit(130);
            });
        })
    }
}

#[cfg(unix)]
struct Signals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::terminate(), SignalKind::interrupt()];
        Self(kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect())
    }

    async fn next(&mut self) {
        use futures::FutureExt;
        let any = self.0.iter_mut().map(|signal| signal.recv().boxed());
        futures::future::select_all(any).await;
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Self {
        Self
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
