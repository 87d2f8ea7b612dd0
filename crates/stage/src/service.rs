//! A service: connects, makes its streams and consumer, works messages off, and stops in phases.

use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::AckKind;
use async_nats::jetstream::consumer::{Consumer, pull};
use async_nats::jetstream::context::Context;
use entente_messages::Stage;
use futures::{FutureExt, StreamExt};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::config::Config;
use crate::connect;
use crate::delivery::Desk;
use crate::failure::Failure;
use crate::http::{self, Phase};
use crate::input::Input;
use crate::ledger::Ledger;
use crate::outbox::{Outbox, Outgoing};
use crate::telemetry::Telemetry;
use crate::{Error, topology};

/// What a stage does with one message. Called again for the same message after a crash or a failure, also while
/// an earlier call may still run elsewhere: the results must be the same, with the same ids.
pub trait Handler: Send + Sync + 'static {
    /// Turns a message into the messages that follow from it.
    fn handle(&self, input: &Input) -> impl Future<Output = Result<Vec<Outgoing>, Failure>> + Send;
}

/// What a handler may be built from.
#[derive(Clone, Debug)]
pub struct Tools {
    /// All settings.
    pub config: Config,
    /// JetStream.
    pub jetstream: Context,
    /// The ledger.
    pub ledger: Ledger,
    /// For what must be published in the course of handling.
    pub outbox: Outbox,
}

/// Runs a service until `shutdown` completes, then finishes what is in hand.
///
/// Phases: bind the HTTP address; connect, however long that takes; make or update streams and consumer; work;
/// on shutdown stop pulling, finish what is in hand within the deadline, flush, close.
///
/// # Errors
/// Where the service can not run, or work in hand did not end within the deadline.
pub async fn run_service<H, B>(
    stage: Stage,
    config: Config,
    build: impl FnOnce(Tools) -> B,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error>
where
    H: Handler,
    B: Future<Output = Result<H, Error>>,
{
    let telemetry = Arc::new(Telemetry::new(stage));
    let (phase, phases) = watch::channel(Phase::Connecting);
    let mut background = JoinSet::new();
    if let Some(listener) = http::bind(&config.http.bind).await? {
        background.spawn(http::serve(listener, Arc::clone(&telemetry), phases));
    }
    let (stop, stopping) = watch::channel(false);
    background.spawn(async move {
        shutdown.await;
        stop.send_replace(true);
        std::future::pending::<()>().await;
    });

    let name = format!("entente-{stage}");
    let Some(client) = connect::connect_patiently(&config, &name, stopped(stopping.clone())).await? else {
        return Ok(());
    };
    connect::check_server(&client, &config)?;
    phase.send_replace(Phase::Preparing);
    let jetstream = async_nats::jetstream::context::ContextBuilder::new()
        .timeout(config.nats.request_timeout())
        .ack_timeout(config.nats.request_timeout())
        .build(client.clone());
    let Some(consumer) = prepare(&jetstream, &config, stage, stopping.clone()).await? else { return Ok(()) };
    let ledger = Ledger::open(jetstream.clone(), stage).await?;
    let outbox = Outbox::new(jetstream.clone(), stage, Arc::clone(&telemetry));
    let tools = Tools {
        config: config.clone(),
        jetstream: jetstream.clone(),
        ledger: ledger.clone(),
        outbox: outbox.clone(),
    };
    let handler = build(tools).await?;
    background.spawn(watch_over(
        client.clone(),
        consumer.clone(),
        config.clone(),
        Arc::clone(&telemetry),
        phase.clone(),
    ));

    let desk =
        Desk { stage, work: config.work.clone(), handler, jetstream, outbox, ledger, telemetry, stopping };
    phase.send_replace(Phase::Working);
    tracing::info!(%stage, version = env!("CARGO_PKG_VERSION"), "working");
    let left = work(Arc::new(desk), consumer, &config, &phase).await?;
    // Acknowledgements on their way out must not die with the process.
    let _ = tokio::time::timeout(Duration::from_secs(2), client.drain()).await;
    tracing::info!(%stage, left, "stopped");
    if left == 0 { Ok(()) } else { Err(Error::Deadline(left)) }
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Makes streams and consumer; waits while the server only needs time; `None` where a stop comes first.
async fn prepare(
    jetstream: &Context,
    config: &Config,
    stage: Stage,
    stopping: watch::Receiver<bool>,
) -> Result<Option<Consumer<pull::Config>>, Error> {
    let mut attempt = 0;
    loop {
        let made = match topology::ensure_streams(jetstream, config).await {
            Ok(()) => topology::ensure_consumer(jetstream, config, stage).await,
            Err(error) => Err(error),
        };
        let error = match made {
            Ok(consumer) => return Ok(Some(consumer)),
            Err(error) if !error.retry() => return Err(error),
            Err(error) => error,
        };
        tracing::warn!(%error, attempt, "streams or consumer not made, trying again");
        tokio::select! {
            () = tokio::time::sleep(connect::wait(attempt)) => attempt += 1,
            () = stopped(stopping.clone()) => return Ok(None),
        }
    }
}

/// Works messages off until a stop; returns how many were still in hand at the deadline.
async fn work<H: Handler>(
    desk: Arc<Desk<H>>,
    mut consumer: Consumer<pull::Config>,
    config: &Config,
    phase: &watch::Sender<Phase>,
) -> Result<usize, Error> {
    let mut hands = JoinSet::new();
    let permits = Arc::new(Semaphore::new(config.work.permits()));
    let mut attempt = 0;
    while !*desk.stopping.borrow() {
        if let Err(detail) =
            pull_until_broken(&desk, &consumer, config, &permits, &mut hands, &mut attempt).await
        {
            let pause = connect::wait(attempt);
            tracing::warn!(detail, ?pause, "the consumer is gone or does not answer, looking for it again");
            tokio::select! {
                () = tokio::time::sleep(pause) => attempt += 1,
                () = stopped(desk.stopping.clone()) => break,
            }
            if let Some(made) = prepare(&desk.jetstream, config, desk.stage, desk.stopping.clone()).await? {
                consumer = made;
            }
        }
    }
    phase.send_replace(Phase::Draining);
    let deadline = tokio::time::sleep(config.work.shutdown_deadline());
    tokio::pin!(deadline);
    while !hands.is_empty() {
        tokio::select! {
            _ = hands.join_next() => {}
            () = &mut deadline => break,
        }
    }
    let left = hands.len();
    hands.shutdown().await;
    Ok(left)
}

/// Pulls and hands out messages until a stop (`Ok`) or until pulling does not work any more.
async fn pull_until_broken<H: Handler>(
    desk: &Arc<Desk<H>>,
    consumer: &Consumer<pull::Config>,
    config: &Config,
    permits: &Arc<Semaphore>,
    hands: &mut JoinSet<()>,
    attempt: &mut usize,
) -> Result<(), String> {
    // Never more ahead than one round of handlers takes: what waits here has no heartbeat.
    let batch = config.work.permits();
    let stream = consumer.stream().max_messages_per_batch(batch).expires(EXPIRES).heartbeat(HEARTBEAT);
    let mut messages = stream.messages().await.map_err(|error| error.to_string())?;
    loop {
        while hands.try_join_next().is_some() {}
        let permit = tokio::select! {
            permit = Arc::clone(permits).acquire_owned() => permit.map_err(|error| error.to_string())?,
            () = stopped(desk.stopping.clone()) => break,
        };
        let message = tokio::select! {
            message = messages.next() => message,
            () = stopped(desk.stopping.clone()) => break,
        };
        match message {
            Some(Ok(message)) => {
                *attempt = 0;
                let desk = Arc::clone(desk);
                hands.spawn(async move {
                    desk.work_off(message).await;
                    std::mem::drop(permit);
                });
            }
            Some(Err(error)) => return Err(error.to_string()),
            None => return Err("the stream of messages has ended".to_owned()),
        }
    }
    give_back_unstarted(&mut messages).await;
    Ok(())
}

/// How long a pull waits on the server, and how often the server must show life meanwhile.
const EXPIRES: Duration = Duration::from_secs(30);
const HEARTBEAT: Duration = Duration::from_secs(2);

/// Messages pulled and not begun go back at once, so that another replica need not wait for `ack_wait`.
async fn give_back_unstarted(messages: &mut pull::Stream) {
    while let Some(Some(Ok(message))) = messages.next().now_or_never() {
        let _ = message.ack_with(AckKind::Nak(None)).await;
    }
}

/// Keeps the gauges and the phase up to date.
async fn watch_over(
    client: async_nats::Client,
    mut consumer: Consumer<pull::Config>,
    config: Config,
    telemetry: Arc<Telemetry>,
    phase: watch::Sender<Phase>,
) {
    let mut every = tokio::time::interval(Duration::from_millis(config.http.lag_interval_ms));
    loop {
        every.tick().await;
        let connected = client.connection_state() == State::Connected;
        telemetry.connected.set(i64::from(connected));
        phase.send_if_modified(|phase| {
            let next = match (*phase, connected) {
                (Phase::Working, false) => Phase::Disconnected,
                (Phase::Disconnected, true) => Phase::Working,
                (other, _) => other,
            };
            std::mem::replace(phase, next) != next
        });
        if connected && let Ok(info) = consumer.info().await {
            telemetry.pending.set(i64::try_from(info.num_pending).unwrap_or(i64::MAX));
            telemetry.ack_pending.set(i64::try_from(info.num_ack_pending).unwrap_or(i64::MAX));
        }
    }
}
