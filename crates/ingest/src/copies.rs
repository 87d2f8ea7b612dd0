//! Near-copies: a window in memory, and what the replicas tell each other of theirs.
//!
//! Nothing of it lies on an article's way: first articles are told in batches, each second, on a stream that is as long as
//! the window. A replica that starts reads it first. Two copies that reach two replicas within the same second are both
//! taken for first ones.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_nats::jetstream::consumer::{DeliverPolicy, pull::OrderedConfig};
use async_nats::jetstream::stream::{Config as StreamConfig, StorageType, Stream};
use async_nats::jetstream::{Context, Message};
use entente_article::near::{Config, Fingerprint, Verdict, Window};
use entente_messages::subject;
use entente_stage::config::{self, Storage};
use futures::{FutureExt, StreamExt};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

const STREAM: &str = "COPIES";
/// Bytes of the stream.
const MAX_BYTES: i64 = 128 << 20;
/// How often first articles are told.
const EVERY: Duration = Duration::from_secs(1);
/// Articles told in one message.
const BATCH: usize = 500;

/// The window of one replica.
#[derive(Clone)]
pub(crate) struct Copies(Arc<Mutex<Inner>>);

struct Inner {
    window: Window,
    untold: Vec<First>,
}

/// A first article, as replicas tell it.
#[derive(Serialize, Deserialize)]
struct First {
    id: String,
    at: Timestamp,
    /// In hex.
    sketch: String,
}

#[derive(Serialize, Deserialize)]
struct Batch {
    owner: String,
    firsts: Vec<First>,
}

impl Copies {
    pub(crate) fn new(settings: &config::Ingest) -> Self {
        let window = Window::new(Config {
            capacity: usize::try_from(settings.near_copy_capacity).unwrap_or(usize::MAX),
            span: SignedDuration::from_secs(i64::try_from(settings.near_copy_window_s).unwrap_or(i64::MAX)),
            ..Config::default()
        });
        Self(Arc::new(Mutex::new(Inner { window, untold: Vec::new() })))
    }

    /// Id of the article that this one is a copy of. A first article is remembered, and told to the others.
    pub(crate) fn observe(&self, id: &str, fingerprint: &Fingerprint, now: Timestamp) -> Option<String> {
        let mut inner = self.lock();
        match inner.window.observe(id, fingerprint, now) {
            Verdict::CopyOf { id, .. } => Some(id),
            Verdict::New => {
                // The window also says so of an article that is delivered again; only the newest can be a new one.
                let told = inner.untold.last().is_some_and(|last| last.id == id);
                if !told && inner.window.newest() == Some(id) {
                    inner.untold.push(First {
                        id: id.to_owned(),
                        at: now,
                        sketch: hex(&fingerprint.to_bytes()),
                    });
                }
                None
            }
        }
    }

    fn learn(&self, batch: &[First]) {
        let mut inner = self.lock();
        for first in batch {
            let sketch = unhex(&first.sketch).and_then(|bytes| Fingerprint::from_bytes(&bytes).ok());
            if let Some(sketch) = sketch {
                inner.window.observe(&first.id, &sketch, first.at);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what was told before, then tells and listens until `stop` completes. Where the stream fails, this replica
    /// knows its own articles alone until it answers again.
    pub(crate) async fn share(
        self,
        jetstream: Context,
        settings: config::Config,
        stop: impl Future<Output = ()>,
    ) {
        let owner = format!("{:016x}", fastrand::u64(..));
        let listening = async {
            loop {
                if let Err(error) = self.listen(&jetstream, &settings, &owner).await {
                    tracing::warn!(error, "near-copies of other replicas are not known now");
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        let telling = async {
            loop {
                tokio::time::sleep(EVERY).await;
                self.tell(&jetstream, &owner).await;
            }
        };
        tokio::select! {
            () = stop => {}
            () = listening => {}
            () = telling => {}
        }
        self.tell(&jetstream, &owner).await;
    }

    async fn tell(&self, jetstream: &Context, owner: &str) {
        let mut firsts = std::mem::take(&mut self.lock().untold);
        while !firsts.is_empty() {
            let rest = firsts.split_off(firsts.len().min(BATCH));
            let batch = Batch { owner: owner.to_owned(), firsts: std::mem::replace(&mut firsts, rest) };
            let Ok(body) = serde_json::to_vec(&batch) else { continue };
            if let Err(error) = jetstream.client().publish(subject::COPIES, body.into()).await {
                tracing::debug!(%error, "first articles could not be told");
            }
        }
    }

    async fn listen(
        &self,
        jetstream: &Context,
        settings: &config::Config,
        owner: &str,
    ) -> Result<(), String> {
        let stream = ensure(jetstream, settings).await?;
        let config = OrderedConfig { deliver_policy: DeliverPolicy::All, ..OrderedConfig::default() };
        let consumer = stream.create_consumer(config).await.map_err(|error| error.to_string())?;
        let mut messages = consumer.messages().await.map_err(|error| error.to_string())?;
        while let Some(message) = messages.next().await {
            self.hear(&message.map_err(|error| error.to_string())?, owner);
        }
        Err("the stream of first articles has ended".to_owned())
    }

    fn hear(&self, message: &Message, owner: &str) {
        match serde_json::from_slice::<Batch>(&message.payload) {
            Ok(batch) if batch.owner != owner => self.learn(&batch.firsts),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "a batch of first articles of another version is passed over")
            }
        }
    }

    /// Learns what was told before this replica started, as far as it is there within the time.
    pub(crate) async fn catch_up(&self, jetstream: &Context, settings: &config::Config) {
        let read = async {
            let mut stream = ensure(jetstream, settings).await?;
            let last = stream.info().await.map_err(|error| error.to_string())?.state.messages;
            let config = OrderedConfig { deliver_policy: DeliverPolicy::All, ..OrderedConfig::default() };
            let consumer = stream.create_consumer(config).await.map_err(|error| error.to_string())?;
            let mut messages = consumer.messages().await.map_err(|error| error.to_string())?;
            for _ in 0..last {
                let Some(message) = messages.next().await else { break };
                self.hear(&message.map_err(|error| error.to_string())?, "");
            }
            Ok::<(), String>(())
        };
        match tokio::time::timeout(Duration::from_secs(20), read.boxed()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(error, "earlier articles are not known; their copies count as first ones")
            }
            Err(_) => tracing::warn!("earlier articles are not all known; some copies count as first ones"),
        }
    }
}

async fn ensure(jetstream: &Context, settings: &config::Config) -> Result<Stream, String> {
    let config = StreamConfig {
        name: STREAM.to_owned(),
        description: Some(
            "Fingerprints of first articles, so that all replicas of ingest know their copies".to_owned(),
        ),
        subjects: vec![subject::COPIES.to_owned()],
        max_age: Duration::from_secs(settings.ingest.near_copy_window_s),
        max_bytes: MAX_BYTES,
        num_replicas: settings.streams.replicas,
        storage: match settings.streams.storage {
            Storage::File => StorageType::File,
            Storage::Memory => StorageType::Memory,
        },
        ..StreamConfig::default()
    };
    jetstream.create_or_update_stream(config).await.map_err(|error| error.to_string())?;
    jetstream.get_stream(STREAM).await.map_err(|error| error.to_string())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copies() -> Copies {
        let config = config::Config::load_with(entente_messages::Stage::Ingest, None, vec![]).unwrap();
        Copies::new(&config.ingest)
    }

    fn sketch(start: u32) -> Fingerprint {
        let text: String = (start..start + 80).map(|n| format!("w{n} ")).collect();
        Fingerprint::of_text(&text).unwrap()
    }

    #[test]
    fn what_one_replica_tells_another_knows() {
        let (one, two) = (copies(), copies());
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(one.observe("a", &sketch(0), now), None);
        assert_eq!(one.observe("a", &sketch(0), now), None, "redelivered");
        let told = std::mem::take(&mut one.lock().untold);
        assert_eq!(told.len(), 1, "told once");
        two.learn(&told);
        assert_eq!(two.observe("b", &sketch(4), now), Some("a".to_owned()));
        assert!(two.lock().untold.is_empty(), "what was learned is not told again");
    }

    #[test]
    fn hex_comes_back() {
        assert_eq!(unhex(&hex(&[0, 127, 255])), Some(vec![0, 127, 255]));
        assert_eq!((unhex("0"), unhex("zz")), (None, None));
    }
}
