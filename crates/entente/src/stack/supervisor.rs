//! Keeps the processes of a stack running: starts them, restarts what dies, stops all in order.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use entente_messages::Stage;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::front;
use super::nats::NatsServer;

/// A child that lived this long before it died starts again at once.
const HEALTHY_LIFE: Duration = Duration::from_secs(30);
/// The longest pause between two starts of a child that dies at once.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long a child may drain before it is killed.
const DRAIN: Duration = Duration::from_secs(25);

/// A running stack.
pub(super) struct Stack {
    /// Address of its NATS server.
    pub(super) url: String,
    /// Addresses of the services' HTTP endpoints, in the order of [`Stage::ALL`].
    pub(super) http: Vec<(Stage, u16)>,
    stop_services: watch::Sender<bool>,
    stop_nats: watch::Sender<bool>,
    services: JoinSet<()>,
    nats: JoinSet<()>,
}

/// What a stack needs to start.
pub(super) struct Plan {
    pub(super) nats: NatsServer,
    /// Folder of configuration files, if not the built-in defaults alone.
    pub(super) config: Option<PathBuf>,
    /// What the services log; `None` leaves it to the configuration.
    pub(super) log: Option<&'static str>,
}

impl Stack {
    /// Starts nats-server, waits until it answers, then starts the four services.
    pub(super) async fn start(plan: Plan) -> anyhow::Result<Self> {
        refuse_taken_port(plan.nats.port)?;
        let url = plan.nats.url();
        let log = plan.nats.data.join("nats-server.log");
        let (stop_nats, stopping) = watch::channel(false);
        let mut nats = JoinSet::new();
        plan.nats.command()?;
        let server = plan.nats;
        nats.spawn(keep_running("nats-server".to_owned(), stopping, move || server.command()));
        wait_for_nats(&url, &log).await?;

        let (stop_services, stopping) = watch::channel(false);
        let mut services = JoinSet::new();
        let mut http = Vec::new();
        for stage in Stage::ALL {
            let port = free_port()?;
            http.push((stage, port));
            let (url, config, log) = (url.clone(), plan.config.clone(), plan.log);
            let command = move || service_command(stage, &url, port, config.as_deref(), log);
            services.spawn(keep_running(stage.to_string(), stopping.clone(), command));
        }
        Ok(Self { url, http, stop_services, stop_nats, services, nats })
    }

    /// Returns once every service says that it is ready.
    pub(super) async fn ready(&self, patience: Duration) -> anyhow::Result<()> {
        let begin = Instant::now();
        loop {
            let waiting = front::not_ready(&self.http).await;
            if waiting.is_empty() {
                return Ok(());
            }
            if begin.elapsed() > patience {
                bail!("not ready after {} s: {}", patience.as_secs(), waiting.join("; "));
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Stops the services, which finish what they have in hand, then nats-server.
    pub(super) async fn stop(mut self) {
        let _ = self.stop_services.send(true);
        while self.services.join_next().await.is_some() {}
        let _ = self.stop_nats.send(true);
        while self.nats.join_next().await.is_some() {}
    }
}

/// A service as a process of its own: this very executable, so that one file is a whole stack.
fn service_command(
    stage: Stage,
    url: &str,
    port: u16,
    config: Option<&Path>,
    log: Option<&str>,
) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("where this executable lies")?);
    command.args(["service", &stage.to_string(), "--exit-with-parent"]);
    command.env("ENTENTE__NATS__URL", url).env("ENTENTE__HTTP__BIND", format!("127.0.0.1:{port}"));
    if let Some(filter) = log {
        command.env("ENTENTE__LOG__FILTER", filter);
    }
    if let Some(dir) = config {
        command.env("ENTENTE_CONFIG_DIR", dir);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    Ok(command)
}

/// Starts the child again whenever it dies, with growing pauses while it dies young, until told to stop.
async fn keep_running(
    name: String,
    mut stopping: watch::Receiver<bool>,
    command: impl Fn() -> anyhow::Result<Command>,
) {
    let mut pause = Duration::from_millis(200);
    while !*stopping.borrow() {
        let begin = Instant::now();
        match command().and_then(|mut command| Ok(command.kill_on_drop(true).spawn()?)) {
            Ok(mut child) => {
                // Waiting would close the pipe, which the child takes for the end of this process.
                let _alive = child.stdin.take();
                let ended = tokio::select! {
                    status = child.wait() => Some(status),
                    () = told(&mut stopping) => None,
                };
                match ended {
                    Some(status) => eprintln!("entente: {name} {}", died(status)),
                    None => return terminate(&name, child).await,
                }
            }
            Err(error) => eprintln!("entente: {name} does not start: {error:#}"),
        }
        pause = if begin.elapsed() > HEALTHY_LIFE { Duration::from_millis(200) } else { pause };
        tokio::select! {
            () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            () = told(&mut stopping) => return,
        }
    }
}

/// Returns once the stack is told to stop; a supervisor that is gone counts as told.
async fn told(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

fn died(status: std::io::Result<ExitStatus>) -> String {
    match status {
        Ok(status) => format!("ended ({status}); starting it again"),
        Err(error) => format!("cannot be waited for: {error}"),
    }
}

/// SIGTERM first, so that it drains; SIGKILL where it does not end.
async fn terminate(name: &str, mut child: Child) {
    let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    if let Some(pid) = pid {
        let _ = kill_process(pid, Signal::TERM);
    }
    if timeout(DRAIN, child.wait()).await.is_err() {
        eprintln!("entente: {name} did not end within {} s and is killed", DRAIN.as_secs());
        let _ = child.kill().await;
    }
}

async fn wait_for_nats(url: &str, log: &Path) -> anyhow::Result<()> {
    let begin = Instant::now();
    loop {
        let options = async_nats::ConnectOptions::new().connection_timeout(Duration::from_secs(1));
        match options.connect(url).await {
            Ok(_) => return Ok(()),
            Err(error) if begin.elapsed() > Duration::from_secs(20) => {
                bail!("nats-server does not answer at {url} ({error}); its log is {}", log.display());
            }
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

/// A port that is free now. Another process may take it before the child binds; the child is then started
/// again and says so.
pub(super) fn free_port() -> anyhow::Result<u16> {
    let listener =
        std::net::TcpListener::bind("127.0.0.1:0").context("no free port on the loopback address")?;
    Ok(listener.local_addr()?.port())
}

fn refuse_taken_port(port: u16) -> anyhow::Result<()> {
    match std::net::TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(error) => bail!(
            "port {port} for nats-server is taken ({error}); stop what uses it, or choose another with --nats-port"
        ),
    }
}
