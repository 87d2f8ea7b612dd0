//! The newest events in memory and a channel of those to come: one consumer, however many readers.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_nats::jetstream::consumer::{DeliverPolicy, pull::OrderedConfig};
use async_nats::jetstream::{self, stream::Stream};
use entente_messages::{Event, subject};
use futures::StreamExt;
use tokio::sync::broadcast;

/// Events kept for new readers and for those that come back.
const KEPT: usize = 5_000;
/// Events that a reader may be behind before it is dropped; it comes back with the last id it saw.
const BEHIND: usize = 1_024;
/// Pause before the stream is looked for again.
const RETRY: Duration = Duration::from_secs(1);

/// An event with its place in the stream.
#[derive(Debug)]
pub(crate) struct Published {
    /// Sequence number in the stream of public events: the id of Server-Sent Events.
    pub(crate) sequence: u64,
    pub(crate) event: Event,
}

/// Events that a reader missed, and the channel of those to come.
pub(crate) type Resumed = (Vec<Arc<Published>>, broadcast::Receiver<Arc<Published>>);

/// Why the stream could not be followed.
#[derive(Debug, thiserror::Error)]
#[error("following the public events: {0}")]
pub struct FeedError(Box<dyn std::error::Error + Send + Sync>);

impl FeedError {
    fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

/// The newest events and those to come.
#[derive(Debug)]
pub struct Feed {
    kept: RwLock<VecDeque<Arc<Published>>>,
    live: broadcast::Sender<Arc<Published>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self { kept: RwLock::default(), live: broadcast::channel(BEHIND).0 }
    }
}

impl Feed {
    /// Follows the stream for ever; a lost connection or a stream not yet made is tried again.
    pub async fn follow(&self, jetstream: &jetstream::Context) {
        loop {
            if let Err(error) = self.follow_once(jetstream).await {
                tracing::debug!(%error, "the live feed begins again");
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn follow_once(&self, jetstream: &jetstream::Context) -> Result<(), FeedError> {
        let mut stream = public_events(jetstream).await?;
        let last = stream.info().await.map_err(FeedError::new)?.state.last_sequence;
        let newest_kept = self.newest_sequence();
        // A stream that was deleted and made anew counts from 1 again.
        let begin =
            if newest_kept > last { 1 } else { (newest_kept + 1).max(last.saturating_sub(KEPT as u64)) };
        let config = OrderedConfig {
            filter_subject: subject::EVENTS_ALL.to_owned(),
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: begin.max(1) },
            ..OrderedConfig::default()
        };
        let consumer = stream.create_consumer(config).await.map_err(FeedError::new)?;
        let mut messages = consumer.messages().await.map_err(FeedError::new)?;
        while let Some(message) = messages.next().await {
            let message = message.map_err(FeedError::new)?;
            let sequence = message.info().map_err(FeedError::new)?.stream_sequence;
            match serde_json::from_slice(&message.payload) {
                Ok(event) => self.push(Published { sequence, event }),
                Err(error) => {
                    tracing::warn!(sequence, %error, "a public event of another version is passed over")
                }
            }
        }
        Ok(())
    }

    fn push(&self, published: Published) {
        let published = Arc::new(published);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(Arc::clone(&published));
        // Sent under the lock: a reader that copies the kept ones and subscribes under it misses nothing.
        let _ = self.live.send(published);
    }

    fn newest_sequence(&self) -> u64 {
        self.read().back().map_or(0, |newest| newest.sequence)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, VecDeque<Arc<Published>>> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The kept events from the newest back, as long as `keep` wants more.
    pub(crate) fn newest(&self, limit: usize, wants: impl Fn(&Event) -> bool) -> Vec<Arc<Published>> {
        self.read().iter().rev().filter(|published| wants(&published.event)).take(limit).cloned().collect()
    }

    /// What was kept after `sequence`, and a channel of everything that comes next, without a gap between them.
    ///
    /// `None` where events after `sequence` are no longer kept.
    pub(crate) fn resume(&self, sequence: Option<u64>) -> Option<Resumed> {
        let kept = self.read();
        let Some(sequence) = sequence else { return Some((Vec::new(), self.live.subscribe())) };
        let complete = kept.front().is_none_or(|oldest| oldest.sequence <= sequence + 1 || kept.len() < KEPT);
        let after = kept.iter().filter(|published| published.sequence > sequence).cloned().collect();
        complete.then(|| (after, self.live.subscribe()))
    }
}

async fn public_events(jetstream: &jetstream::Context) -> Result<Stream, FeedError> {
    let name = jetstream.stream_by_subject(subject::EVENTS_ALL).await.map_err(FeedError::new)?;
    jetstream.get_stream(name).await.map_err(FeedError::new)
}
