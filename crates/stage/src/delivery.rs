//! Carries one message through [`crate::decision`]: handler, publishing, acknowledgement, and what else it takes.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::jetstream::AckKind;
use async_nats::jetstream::context::Context;
use async_nats::jetstream::message::Acker;
use entente_messages::headers::{self, Kind};
use entente_messages::{Outcome, OutcomeRecord, Rejection, Stage, Subject};
use futures::FutureExt;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tracing::Instrument;

use crate::config::Work;
use crate::connect;
use crate::decision::{Decision, Facts, Progress, decide};
use crate::failure::{Failure, panicked};
use crate::input::Input;
use crate::ledger::Ledger;
use crate::outbox::{Outbox, Outgoing, now};
use crate::service::Handler;
use crate::telemetry::{Happening, Telemetry};

/// Characters of the input that a rejection shows.
const EXCERPT: usize = 500;

/// What every message of a service is worked with.
pub(crate) struct Desk<H> {
    pub(crate) stage: Stage,
    pub(crate) work: Work,
    pub(crate) handler: H,
    pub(crate) jetstream: Context,
    pub(crate) outbox: Outbox,
    pub(crate) ledger: Ledger,
    pub(crate) telemetry: Arc<Telemetry>,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl<H: Handler> Desk<H> {
    /// Works one message to its end, or gives it back.
    pub(crate) async fn work_off(&self, message: async_nats::jetstream::Message) {
        let input = match message.info() {
            Ok(info) => Input::new(self.stage, message.message.clone(), &info),
            Err(error) => {
                tracing::error!(%error, "a message without delivery information is left alone");
                return;
            }
        };
        let reply = message.reply.clone();
        let (_, acker) = message.split();
        let span = tracing::info_span!(
            "message",
            stage = self.stage.name(),
            article = input.article_id,
            sequence = input.delivery.stream_sequence,
            trace_id = format!("{:032x}", input.trace.trace_id),
        );
        self.telemetry.in_hand.inc();
        let alive = Arc::new(acker);
        let heart = tokio::spawn(beat(Arc::clone(&alive), self.work.ack_wait() / 3));
        self.run(&input, &alive, reply).instrument(span).await;
        heart.abort();
        self.telemetry.in_hand.dec();
    }

    async fn run(&self, input: &Input, acker: &Acker, reply: Option<async_nats::Subject>) {
        let begun = Instant::now();
        self.telemetry.note(&Happening::Received { deliveries: input.deliveries });
        let mut progress = Progress::Arrived;
        let mut results: Vec<Outgoing> = Vec::new();
        let mut last: Option<Failure> = None;
        let mut attempt = 0;
        loop {
            let facts = Facts {
                deliveries: input.deliveries,
                max_deliveries: self.work.max_deliveries,
                stopping: *self.stopping.borrow(),
                progress,
            };
            let failed = match decide(facts) {
                Decision::Handle => match self.handle(input).await {
                    Ok(output) => {
                        results = output;
                        progress = Progress::Handled;
                        None
                    }
                    Err(failure) => Some(failure),
                },
                Decision::Publish => match self.outbox.send_all(&results, input.lineage()).await {
                    Ok(_) => {
                        progress = Progress::Stored;
                        None
                    }
                    Err(failure) => {
                        Some(failure.of_article(input.article_id.clone(), input.article_id.is_some()))
                    }
                },
                Decision::Acknowledge => {
                    self.acknowledge(reply).await;
                    self.finished(input, begun);
                    return;
                }
                Decision::Hold => {
                    let failure = last.take().unwrap_or_else(|| Failure::unavailable("unknown", "unknown"));
                    self.hold(&failure, attempt).await;
                    attempt += 1;
                    // What the handler has given stays valid; only what failed is repeated.
                    progress = if results.is_empty() { Progress::Arrived } else { Progress::Handled };
                    None
                }
                Decision::RetryLater => {
                    let failure = last.take().unwrap_or_else(|| Failure::failed("unknown", "unknown"));
                    let pause = jittered(self.work.backoff(input.deliveries));
                    self.telemetry.note(&Happening::Retried { failure: &failure, pause });
                    give_back(acker, Some(pause)).await;
                    return;
                }
                Decision::GiveBack => {
                    self.telemetry.note(&Happening::GivenBack);
                    give_back(acker, None).await;
                    return;
                }
                decision @ (Decision::Reject | Decision::Dead) => {
                    let failure = last.take().unwrap_or_else(|| worn_out(input));
                    match self.end(input, decision, &failure).await {
                        Ok(()) => {
                            progress = Progress::Stored;
                            None
                        }
                        Err(failure) => Some(failure),
                    }
                }
            };
            if let Some(failure) = failed {
                progress = Progress::Failed(failure.class());
                last = Some(failure);
            }
        }
    }

    async fn handle(&self, input: &Input) -> Result<Vec<Outgoing>, Failure> {
        match AssertUnwindSafe(self.handler.handle(input)).catch_unwind().await {
            Ok(result) => result,
            Err(panic) => Err(panicked(panic.as_ref())),
        }
        .map_err(|failure| match failure.article_id {
            None => failure.of_article(input.article_id.clone(), input.article_id.is_some()),
            Some(_) => failure,
        })
    }

    async fn hold(&self, failure: &Failure, attempt: usize) {
        let pause = connect::wait(attempt);
        self.telemetry.note(&Happening::Held { failure, pause });
        let mut stopping = self.stopping.clone();
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    }

    /// Publishes the rejection or dead letter and records the end of an accepted article.
    async fn end(&self, input: &Input, decision: Decision, failure: &Failure) -> Result<(), Failure> {
        let rejected = decision == Decision::Reject;
        if rejected {
            self.outbox.send_all(&[self.rejection(input, failure)?], input.lineage()).await?;
        } else {
            crate::dead::bury(&self.jetstream, self.stage, input, failure).await?;
        }
        if let Some(article_id) = failure.article_id.clone().filter(|_| failure.accepted) {
            let code = failure.code().to_owned();
            let outcome =
                if rejected { Outcome::Rejected { code } } else { Outcome::Dead { stage: self.stage, code } };
            let delivery = input.delivery.clone();
            self.ledger.end(&OutcomeRecord { article_id, outcome, delivery }).await?;
        }
        let noted = if rejected { Happening::Rejected(failure) } else { Happening::Dead(failure) };
        self.telemetry.note(&noted);
        Ok(())
    }

    fn rejection(&self, input: &Input, failure: &Failure) -> Result<Outgoing, Failure> {
        let digest = Sha256::digest(&input.payload);
        let start = input.payload.get(..EXCERPT * 4).unwrap_or(&input.payload);
        let body = Rejection {
            code: failure.code().to_owned(),
            message: failure.to_string(),
            field: failure.field.clone(),
            stage: self.stage,
            article_id: failure.article_id.clone(),
            size: input.payload.len() as u64,
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            excerpt: String::from_utf8_lossy(start).chars().take(EXCERPT).collect(),
            stream_sequence: input.delivery.stream_sequence,
            received_at: input.received_at,
        };
        let id = format!("rejected:{}", input.token(self.stage));
        let message = Outgoing::json(Subject::Rejected, Kind::Rejection, id, &body)?;
        let message = message.with_header(headers::REASON, failure.code());
        Ok(match &failure.article_id {
            Some(article_id) => message.about(article_id),
            None => message,
        })
    }

    /// Acknowledges and waits for the server's word. Through the client's shared inbox: the library's own
    /// `double_ack` opens a subscription for each message.
    async fn acknowledge(&self, reply: Option<async_nats::Subject>) {
        let Some(reply) = reply else { return };
        let answer = self.jetstream.client().request(reply, "+ACK".into()).await;
        if let Err(error) = answer {
            self.telemetry.note(&Happening::AckLost { detail: error.to_string() });
        }
    }

    fn finished(&self, input: &Input, begun: Instant) {
        let since_arrival = now().duration_since(input.received_at);
        let since_arrival = Duration::try_from(since_arrival).unwrap_or_default();
        self.telemetry.note(&Happening::Finished { took: begun.elapsed(), since_arrival });
    }
}

fn worn_out(input: &Input) -> Failure {
    let message =
        format!("delivered {} times without an end; handling it seems to kill the process", input.deliveries);
    Failure::hopeless("redelivered-too-often", message)
        .of_article(input.article_id.clone(), input.article_id.is_some())
}

/// Tells the server that the message is being worked on.
async fn beat(acker: Arc<Acker>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        if let Err(error) = acker.ack_with(AckKind::Progress).await {
            tracing::debug!(%error, "no sign of life could be sent");
        }
    }
}

async fn give_back(acker: &Acker, pause: Option<Duration>) {
    if let Err(error) = acker.ack_with(AckKind::Nak(pause)).await {
        tracing::debug!(%error, "not given back; it comes again after ack_wait");
    }
}

/// Half to all of `pause`.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(0.5 + fastrand::f64() / 2.0)
}
