//! The streams and consumers: their names and limits, made or updated at every start.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, Consumer, DeliverPolicy, pull};
use async_nats::jetstream::context::{CreateStreamError, CreateStreamErrorKind};
use async_nats::jetstream::stream::{
    Config as StreamConfig, DiscardPolicy, RetentionPolicy, StorageType, Stream,
};
use async_nats::jetstream::{Context, ErrorCode};
use entente_messages::{Stage, subject};

use crate::Error;
use crate::config::{Config, Storage, Streams};

/// A stream of Entente.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StreamName {
    /// What users publish; a queue.
    Ingest,
    /// Accepted articles; a queue.
    Accepted,
    /// Coded articles; a queue.
    Extracted,
    /// Enriched articles; a queue.
    Enriched,
    /// Refused articles; history.
    Rejected,
    /// Dead letters; history.
    Dead,
    /// Published events; history.
    Events,
    /// Published mentions; history.
    Mentions,
    /// Which articles were accepted and how they ended: the last record of each.
    Ledger,
}

impl StreamName {
    /// All streams, in the order an article meets them.
    pub const ALL: [Self; 9] = [
        Self::Ingest,
        Self::Accepted,
        Self::Extracted,
        Self::Enriched,
        Self::Rejected,
        Self::Dead,
        Self::Events,
        Self::Mentions,
        Self::Ledger,
    ];

    /// The stream that a stage works off.
    #[must_use]
    pub const fn input_of(stage: Stage) -> Self {
        match stage {
            Stage::Ingest => Self::Ingest,
            Stage::Extract => Self::Accepted,
            Stage::Enrich => Self::Extracted,
            Stage::Publish => Self::Enriched,
        }
    }

    /// The name on the server.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ingest => "INGEST",
            Self::Accepted => "ACCEPTED",
            Self::Extracted => "EXTRACTED",
            Self::Enriched => "ENRICHED",
            Self::Rejected => "REJECTED",
            Self::Dead => "DEAD",
            Self::Events => "EVENTS",
            Self::Mentions => "MENTIONS",
            Self::Ledger => "LEDGER",
        }
    }

    fn subjects(self) -> Vec<String> {
        let subjects: &[&str] = match self {
            Self::Ingest => &[subject::INGEST],
            Self::Accepted => &[subject::ACCEPTED_ALL],
            Self::Extracted => &[subject::EXTRACTED],
            Self::Enriched => &[subject::ENRICHED],
            Self::Rejected => &[subject::REJECTED],
            Self::Dead => &[subject::DEAD_ALL],
            Self::Events => &[subject::EVENTS_ALL],
            Self::Mentions => &[subject::MENTIONS_ALL],
            Self::Ledger => &[subject::LEDGER_ACCEPTED_ALL, subject::LEDGER_OUTCOME_ALL],
        };
        subjects.iter().map(ToString::to_string).collect()
    }

    const fn description(self) -> &'static str {
        match self {
            Self::Ingest => "Articles as users publish them, until ingest has judged them",
            Self::Accepted => "Accepted articles, until extract has coded them",
            Self::Extracted => "Coded articles, until enrich has resolved them",
            Self::Enriched => "Enriched articles, until publish has sent their events",
            Self::Rejected => "Refused articles with their reasons",
            Self::Dead => "Messages that a stage gave up, with the error, for replay",
            Self::Events => "Relationship events, each once, at its first report",
            Self::Mentions => "Every report of every event",
            Self::Ledger => "Which articles were accepted and how each ended",
        }
    }

    /// The configuration on the server.
    #[must_use]
    pub fn config(self, settings: &Streams) -> StreamConfig {
        let (kept, days) = match self {
            Self::Ingest | Self::Accepted | Self::Extracted | Self::Enriched => (settings.queue_max_mb, 0),
            Self::Rejected => (settings.records_max_mb, settings.rejected_max_days),
            Self::Dead => (settings.records_max_mb, settings.dead_max_days),
            Self::Ledger => (settings.records_max_mb, settings.ledger_max_days),
            Self::Events => (settings.history_max_mb, settings.events_max_days),
            Self::Mentions => (settings.history_max_mb, settings.mentions_max_days),
        };
        let queue = days == 0;
        StreamConfig {
            name: self.as_str().to_owned(),
            description: Some(self.description().to_owned()),
            subjects: self.subjects(),
            retention: if queue { RetentionPolicy::WorkQueue } else { RetentionPolicy::Limits },
            // A full queue refuses, so that its publisher waits; full history forgets its oldest.
            discard: if queue { DiscardPolicy::New } else { DiscardPolicy::Old },
            max_bytes: i64::try_from(kept.saturating_mul(1024 * 1024)).unwrap_or(i64::MAX),
            max_age: Duration::from_secs(days.saturating_mul(86_400)),
            max_messages_per_subject: if matches!(self, Self::Ledger) { 1 } else { -1 },
            storage: match settings.storage {
                Storage::File => StorageType::File,
                Storage::Memory => StorageType::Memory,
            },
            num_replicas: settings.replicas,
            duplicate_window: Duration::from_secs(settings.duplicate_window_s),
            allow_direct: true,
            ..StreamConfig::default()
        }
    }
}

/// Makes or updates every stream.
///
/// # Errors
/// Names the stream and what stands in the way.
pub async fn ensure_streams(jetstream: &Context, config: &Config) -> Result<(), Error> {
    for name in StreamName::ALL {
        let wanted = name.config(&config.streams);
        jetstream.create_or_update_stream(wanted).await.map_err(|error| Error::Topology {
            what: "stream",
            name: name.as_str().to_owned(),
            detail: explain(&error, &config.streams),
            passing: is_passing(&error),
        })?;
    }
    Ok(())
}

/// A server that answers with an error of configuration or storage gives the same answer again.
fn is_passing(error: &CreateStreamError) -> bool {
    let CreateStreamErrorKind::JetStream(answer) = error.kind() else { return true };
    let code = answer.error_code();
    ![
        ErrorCode::STORAGE_RESOURCES_EXCEEDED,
        ErrorCode::MEMORY_RESOURCES_EXCEEDED,
        ErrorCode::STREAM_INVALID_CONFIG,
        ErrorCode::STREAM_SUBJECT_OVERLAP,
    ]
    .contains(&code)
}

fn explain(error: &CreateStreamError, settings: &Streams) -> String {
    match error.kind() {
        CreateStreamErrorKind::JetStream(answer)
            if answer.error_code() == ErrorCode::STORAGE_RESOURCES_EXCEEDED =>
        {
            let needed = StreamName::ALL
                .iter()
                .map(|name| name.config(settings).max_bytes / (1024 * 1024))
                .sum::<i64>();
            format!(
                "the server has too little storage: all streams together reserve {needed} MB; lower streams.queue_max_mb, streams.history_max_mb or streams.records_max_mb, or raise max_file_store in the server's file"
            )
        }
        _ => error.to_string(),
    }
}

/// Makes or updates the consumer that all replicas of a stage share.
///
/// # Errors
/// Names the consumer and what stands in the way.
pub async fn ensure_consumer(
    jetstream: &Context,
    config: &Config,
    stage: Stage,
) -> Result<Consumer<pull::Config>, Error> {
    let stream = stream(jetstream, StreamName::input_of(stage)).await?;
    let wanted = pull::Config {
        durable_name: Some(stage.name().to_owned()),
        description: Some(format!("All replicas of {stage}")),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: config.work.ack_wait(),
        // The stage itself counts deliveries and gives up; the server would only fall silent.
        max_deliver: -1,
        max_ack_pending: config.work.max_ack_pending,
        num_replicas: config.streams.replicas,
        ..pull::Config::default()
    };
    stream.create_consumer(wanted).await.map_err(|error| Error::Topology {
        what: "consumer",
        name: stage.name().to_owned(),
        detail: error.to_string(),
        passing: true,
    })
}

/// A handle to a stream.
///
/// # Errors
/// Where it is not there or does not answer.
pub async fn stream(jetstream: &Context, name: StreamName) -> Result<Stream, Error> {
    jetstream.get_stream(name.as_str()).await.map_err(|error| Error::Topology {
        what: "stream",
        name: name.as_str().to_owned(),
        detail: error.to_string(),
        passing: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_streams_together_fit_a_laptop() {
        let config = Config::load_with(Stage::Ingest, None, vec![]).expect("valid defaults");
        let bytes: i64 = StreamName::ALL.iter().map(|name| name.config(&config.streams).max_bytes).sum();
        assert!(bytes <= 8 * 1024 * 1024 * 1024, "{bytes}");
    }

    #[test]
    fn queues_refuse_when_full_and_histories_forget() {
        let config = Config::load_with(Stage::Ingest, None, vec![]).expect("valid defaults");
        for stage in Stage::ALL {
            let queue = StreamName::input_of(stage).config(&config.streams);
            assert_eq!((queue.retention, queue.discard), (RetentionPolicy::WorkQueue, DiscardPolicy::New));
        }
        let events = StreamName::Events.config(&config.streams);
        assert_eq!((events.retention, events.discard), (RetentionPolicy::Limits, DiscardPolicy::Old));
    }
}
