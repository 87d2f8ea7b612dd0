//! Metrics and log lines as types: each thing that happens to a message is one [`Happening`], which writes its
//! counters and its log line together. No other file names a metric.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use entente_messages::Stage;
use entente_messages::headers::Kind;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::failure::Failure;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CodeLabel {
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KindLabel {
    kind: &'static str,
}

/// Something that happened to a message.
#[derive(Debug)]
pub enum Happening<'a> {
    /// It was delivered to this service.
    Received {
        /// How often so far.
        deliveries: u64,
    },
    /// A message of ours was stored in its stream.
    Sent {
        /// What it is.
        kind: Kind,
        /// The stream already had it.
        duplicate: bool,
    },
    /// It was done: acknowledged after its results were stored.
    Finished {
        /// From delivery to acknowledgement.
        took: Duration,
        /// From the article's arrival to now.
        since_arrival: Duration,
    },
    /// It was rejected.
    Rejected(&'a Failure),
    /// It became a dead letter.
    Dead(&'a Failure),
    /// It goes back to the queue for another attempt.
    Retried {
        /// Why.
        failure: &'a Failure,
        /// How long it waits.
        pause: Duration,
    },
    /// It is held until something around us is back.
    Held {
        /// Why.
        failure: &'a Failure,
        /// How long until the next attempt.
        pause: Duration,
    },
    /// It goes back to the queue because this service stops.
    GivenBack,
    /// Its acknowledgement was not confirmed; it will come again and be absorbed.
    AckLost {
        /// Why.
        detail: String,
    },
}

/// The metrics of one service.
#[derive(Debug)]
pub struct Telemetry {
    registry: Registry,
    received: Counter,
    redelivered: Counter,
    sent: Family<KindLabel, Counter>,
    duplicates: Family<KindLabel, Counter>,
    finished: Counter,
    rejected: Family<CodeLabel, Counter>,
    dead: Family<CodeLabel, Counter>,
    retried: Family<CodeLabel, Counter>,
    held: Family<CodeLabel, Counter>,
    given_back: Counter,
    acks_lost: Counter,
    stage_seconds: Histogram,
    article_seconds: Histogram,
    /// Messages in hand.
    pub in_hand: Gauge,
    /// Messages in the queue not yet delivered to any replica.
    pub pending: Gauge,
    /// Messages delivered to some replica and not yet acknowledged.
    pub ack_pending: Gauge,
    /// 1 while connected to NATS.
    pub connected: Gauge,
    resident_bytes: Gauge<u64, AtomicU64>,
}

/// 1 ms to 30 s: a stage's share of an article.
const STAGE_BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0];
/// 5 ms to an hour: an article's whole way, queues included.
const ARTICLE_BUCKETS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0, 3600.0];

impl Telemetry {
    /// Fresh metrics; every sample carries the stage as a label.
    #[must_use]
    pub fn new(stage: Stage) -> Self {
        let label = [("stage".into(), stage.name().into())].into_iter();
        let metrics = Self {
            registry: Registry::with_prefix_and_labels("entente", label),
            received: Counter::default(),
            redelivered: Counter::default(),
            sent: Family::default(),
            duplicates: Family::default(),
            finished: Counter::default(),
            rejected: Family::default(),
            dead: Family::default(),
            retried: Family::default(),
            held: Family::default(),
            given_back: Counter::default(),
            acks_lost: Counter::default(),
            stage_seconds: Histogram::new(STAGE_BUCKETS),
            article_seconds: Histogram::new(ARTICLE_BUCKETS),
            in_hand: Gauge::default(),
            pending: Gauge::default(),
            ack_pending: Gauge::default(),
            connected: Gauge::default(),
            resident_bytes: Gauge::default(),
        };
        metrics.registered()
    }

    #[rustfmt::skip]
    fn registered(mut self) -> Self {
        let r = &mut self.registry;
        r.register("messages_in", "Messages delivered to this service", self.received.clone());
        r.register("messages_redelivered", "Messages delivered not for the first time", self.redelivered.clone());
        r.register("messages_out", "Messages stored in their streams, by kind", self.sent.clone());
        r.register("messages_duplicate", "Messages that their stream already had, by kind", self.duplicates.clone());
        r.register("messages_finished", "Messages acknowledged after their results were stored", self.finished.clone());
        r.register("messages_rejected", "Messages rejected, by reason", self.rejected.clone());
        r.register("messages_dead", "Messages given up, by error", self.dead.clone());
        r.register("messages_retried", "Messages given back for another attempt, by error", self.retried.clone());
        r.register("messages_held", "Waits for something that is away, by error", self.held.clone());
        r.register("messages_given_back", "Messages given back because of a stop", self.given_back.clone());
        r.register("acks_lost", "Acknowledgements that the server did not confirm", self.acks_lost.clone());
        r.register_with_unit("stage", "From delivery to acknowledgement", Unit::Seconds, self.stage_seconds.clone());
        r.register_with_unit("article", "From an article's arrival to the end of this stage", Unit::Seconds, self.article_seconds.clone());
        r.register("messages_in_hand", "Messages this process is working on", self.in_hand.clone());
        r.register("consumer_pending", "Messages queued for this stage", self.pending.clone());
        r.register("consumer_ack_pending", "Messages delivered and not yet acknowledged, all replicas", self.ack_pending.clone());
        r.register("nats_connected", "1 while connected to NATS", self.connected.clone());
        r.register_with_unit("process_resident_memory", "Resident memory", Unit::Bytes, self.resident_bytes.clone());
        self
    }

    /// Counts and logs what happened.
    pub fn note(&self, happening: &Happening<'_>) {
        match happening {
            Happening::Received { deliveries } => {
                self.received.inc();
                if *deliveries > 1 {
                    self.redelivered.inc();
                    tracing::info!(deliveries, "redelivered");
                }
            }
            Happening::Sent { kind, duplicate } => self.sent_one(*kind, *duplicate),
            Happening::Finished { took, since_arrival } => {
                self.finished.inc();
                self.stage_seconds.observe(took.as_secs_f64());
                self.article_seconds.observe(since_arrival.as_secs_f64());
                tracing::debug!(?took, ?since_arrival, "finished");
            }
            Happening::GivenBack => {
                self.given_back.inc();
                tracing::debug!("given back");
            }
            Happening::AckLost { detail } => {
                self.acks_lost.inc();
                tracing::warn!(detail, "acknowledgement not confirmed; the message will come again");
            }
            Happening::Rejected(failure)
            | Happening::Dead(failure)
            | Happening::Retried { failure, .. }
            | Happening::Held { failure, .. } => self.failed_one(happening, failure),
        }
    }

    fn sent_one(&self, kind: Kind, duplicate: bool) {
        let label = KindLabel { kind: kind.name() };
        self.sent.get_or_create(&label).inc();
        if duplicate {
            self.duplicates.get_or_create(&label).inc();
            tracing::debug!(kind = kind.name(), "the stream already had it");
        }
    }

    fn failed_one(&self, happening: &Happening<'_>, failure: &Failure) {
        let label = CodeLabel { code: failure.code() };
        let (code, reason) = (failure.code(), failure.to_string());
        match happening {
            Happening::Rejected(_) => {
                self.rejected.get_or_create(&label).inc();
                tracing::info!(code, reason, field = failure.field, "rejected");
            }
            Happening::Dead(_) => {
                self.dead.get_or_create(&label).inc();
                tracing::error!(code, reason, "dead letter");
            }
            Happening::Held { pause, .. } => {
                self.held.get_or_create(&label).inc();
                tracing::warn!(code, reason, ?pause, "held");
            }
            Happening::Retried { pause, .. } => {
                self.retried.get_or_create(&label).inc();
                tracing::warn!(code, reason, ?pause, "to be tried again");
            }
            _ => {}
        }
    }

    /// All metrics in the text format of Prometheus.
    ///
    /// # Errors
    /// Where a metric can not be written, which only a defect causes.
    pub fn encode(&self) -> Result<String, std::fmt::Error> {
        self.resident_bytes.set(resident_bytes());
        let mut page = String::new();
        text::encode(&mut page, &self.registry)?;
        Ok(page)
    }
}

/// Resident memory of this process, 0 where the system does not say.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_is_counted_under_prometheus_names() {
        let telemetry = Telemetry::new(Stage::Extract);
        telemetry.note(&Happening::Received { deliveries: 2 });
        telemetry.note(&Happening::Sent { kind: Kind::Coded, duplicate: true });
        telemetry.note(&Happening::Rejected(&Failure::refused("empty", "nothing in it")));
        telemetry.note(&Happening::Finished {
            took: Duration::from_millis(2),
            since_arrival: Duration::from_millis(20),
        });
        let page = telemetry.encode().expect("encodes");
        for line in [
            r#"entente_messages_in_total{stage="extract"} 1"#,
            r#"entente_messages_redelivered_total{stage="extract"} 1"#,
            r#"entente_messages_out_total{stage="extract",kind="org.entente.coded.v1"} 1"#,
            r#"entente_messages_duplicate_total{stage="extract",kind="org.entente.coded.v1"} 1"#,
            r#"entente_messages_rejected_total{stage="extract",code="empty"} 1"#,
            r#"entente_stage_seconds_count{stage="extract"} 1"#,
            r#"entente_article_seconds_bucket{stage="extract",le="0.025"} 1"#,
        ] {
            assert!(page.contains(line), "{line} in\n{page}");
        }
    }
}
