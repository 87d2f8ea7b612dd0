//! `entente up`: everything, with one command.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use async_nats::jetstream;
use entente_web::Submissions;
use tokio::signal::unix::{SignalKind, signal};

use super::connection::connect;
use super::front;
use super::nats::NatsServer;
use super::supervisor::{Plan, Stack};
use crate::exit::Exit;
use crate::terminal::Steps;

/// How long the services may take to say that they are ready.
const PATIENCE: Duration = Duration::from_secs(60);

/// Start nats-server and the four services, and keep them running.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Port of nats-server on the loopback address.
    #[arg(long, value_name = "PORT", default_value_t = 4222)]
    nats_port: u16,
    /// Port of `/readyz`, `/livez` and `/healthz` on the loopback address.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    http_port: u16,
    /// Folder of the streams; kept between runs.
    #[arg(long, value_name = "DIR", default_value = "entente-data")]
    data: PathBuf,
    /// Folder with `default.toml` and `<service>.toml` [default: the built-in configuration].
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// Bearer token that `POST /articles` and `GET /articles/{id}` ask for [default: none is asked for].
    #[arg(long, value_name = "TOKEN", env = "ENTENTE_HTTP_TOKEN", hide_env_values = true)]
    http_token: Option<String>,
}

/// Starts everything, says where it is, and stops it cleanly on Ctrl-C or SIGTERM.
pub(crate) async fn run(args: Args) -> anyhow::Result<Exit> {
    // Before anything is started, so that no signal can orphan a child.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let steps = Steps::new();
    let listener = front::bind(args.http_port).await?;
    let http_port = listener.local_addr().context("the HTTP address")?.port();
    let executable = entente_fetch::nats_server(&mut |progress| steps.fetching(progress))?;
    let data = std::path::absolute(&args.data).context("the data folder")?;
    let nats = NatsServer { executable, port: args.nats_port, data };

    steps.say("starting nats-server and the services");
    let stack = Stack::start(Plan { nats, config: args.config, log: None }).await?;
    let jetstream = jetstream::new(connect(&stack.url, async_nats::ConnectOptions::new()).await?);
    let submissions = Submissions { token: args.http_token, ..Submissions::default() };
    let front = tokio::spawn(front::serve(listener, stack.http.clone(), jetstream, submissions));
    let ready = tokio::select! {
        ready = stack.ready(PATIENCE) => Some(ready),
        _ = terminate.recv() => None,
        _ = interrupt.recv() => None,
    };
    steps.done();
    if let Some(ready) = ready {
        report(&ready, &stack, http_port);
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
    eprintln!("entente: stopping; what is in hand is finished first");
    let stopped = tokio::select! {
        () = stack.stop() => Exit::Done,
        _ = terminate.recv() => Exit::Wrong,
        _ = interrupt.recv() => Exit::Wrong,
    };
    front.abort();
    Ok(stopped)
}

/// A service that is not ready is restarted and may become so: `up` goes on and says what is wrong.
fn report(ready: &anyhow::Result<()>, stack: &Stack, http_port: u16) {
    match ready {
        Ok(()) => println!(
            "Entente is ready. NATS: {}  Page: http://127.0.0.1:{http_port}/\n\
             Send an article:  entente send article.txt --server {0}\n\
             Follow the events: entente watch --server {0}\n\
             Stop with Ctrl-C.",
            stack.url
        ),
        Err(error) => eprintln!("entente: {error:#}; see `entente doctor --server {}`", stack.url),
    }
}
