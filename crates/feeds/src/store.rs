//! What is known of the feeds, in a key-value bucket that all replicas share, and who polls which feed now.
//!
//! Each feed has two keys: `state.<feed>`, written with the revision it was read at, and `lease.<feed>`, held by the
//! replica that polls it. A lease is taken and renewed with compare-and-set; one that was not renewed in time can be taken
//! over. A replica that lost its lease can not write the state any more, as its revision is no longer the newest.

use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::kv::{self, Operation};
use async_nats::jetstream::stream::StorageType;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::state::{FeedState, later};

/// The bucket's name.
pub const BUCKET: &str = "FEEDS";
/// Bytes of the bucket.
const MAX_BYTES: i64 = 64 << 20;

/// The bucket does not answer, or holds what can not be read.
#[derive(Debug, thiserror::Error)]
#[error("the bucket {BUCKET}: {0}")]
pub struct StoreError(String);

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError(error.to_string())
}

/// The bucket.
#[derive(Clone, Debug)]
pub struct Store(kv::Store);

#[derive(Debug, Serialize, Deserialize)]
struct LeaseRecord {
    owner: String,
    until: Timestamp,
}

/// What came of an attempt to take a feed.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once a visit")]
pub enum Taken {
    /// It is ours until the lease is dropped or lost.
    Ours(Lease),
    /// Another replica has it, until then unless renewed.
    Theirs(Timestamp),
}

/// The right to poll a feed.
#[derive(Debug)]
pub struct Lease {
    store: Store,
    key: String,
    owner: String,
    revision: u64,
}

impl Store {
    /// Opens the bucket, making it where it is not there.
    ///
    /// # Errors
    /// Where JetStream does not answer or refuses.
    pub async fn open(jetstream: &Context, replicas: usize, in_memory: bool) -> Result<Self, StoreError> {
        if let Ok(store) = jetstream.get_key_value(BUCKET).await {
            return Ok(Self(store));
        }
        let config = kv::Config {
            bucket: BUCKET.to_owned(),
            description: "What is known of each feed, and which replica polls it".to_owned(),
            history: 1,
            max_bytes: MAX_BYTES,
            num_replicas: replicas,
            storage: if in_memory { StorageType::Memory } else { StorageType::File },
            ..kv::Config::default()
        };
        match jetstream.create_key_value(config).await {
            Ok(store) => Ok(Self(store)),
            // Another replica was faster.
            Err(error) => jetstream.get_key_value(BUCKET).await.map(Self).map_err(|_| failed(error)),
        }
    }

    /// Opens the bucket where it is there.
    ///
    /// # Errors
    /// Where it is not, or JetStream does not answer.
    pub async fn open_existing(jetstream: &Context) -> Result<Self, StoreError> {
        jetstream.get_key_value(BUCKET).await.map(Self).map_err(failed)
    }

    /// What is known of a feed, with its revision; the default and 0 where nothing is.
    ///
    /// # Errors
    /// Where the bucket does not answer.
    pub async fn load(&self, url: &str) -> Result<(FeedState, u64), StoreError> {
        let Some(entry) = self.0.entry(state_key(url)).await.map_err(failed)? else {
            return Ok((FeedState::default(), 0));
        };
        if entry.operation != Operation::Put {
            return Ok((FeedState::default(), entry.revision));
        }
        // A state that a later version wrote must not stop the feed: it starts afresh, and articles are told by their ids.
        Ok((serde_json::from_slice(&entry.value).unwrap_or_default(), entry.revision))
    }

    /// Writes the state over the revision that was read; gives the new one.
    ///
    /// # Errors
    /// Where another replica has written meanwhile, or the bucket does not answer.
    pub async fn save(&self, url: &str, state: &FeedState, revision: u64) -> Result<u64, StoreError> {
        let value = serde_json::to_vec(state).map_err(failed)?;
        self.0.update(state_key(url), value.into(), revision).await.map_err(failed)
    }

    /// Takes the feed for `owner`, where nobody holds it.
    ///
    /// # Errors
    /// Where the bucket does not answer.
    pub async fn take(
        &self,
        url: &str,
        owner: &str,
        now: Timestamp,
        span: Duration,
    ) -> Result<Taken, StoreError> {
        let key = lease_key(url);
        let entry = self.0.entry(&key).await.map_err(failed)?;
        let revision = entry.as_ref().map_or(0, |entry| entry.revision);
        let held: Option<LeaseRecord> = entry
            .filter(|entry| entry.operation == Operation::Put)
            .and_then(|entry| serde_json::from_slice(&entry.value).ok());
        if let Some(held) = held.filter(|held| held.until > now && held.owner != owner) {
            return Ok(Taken::Theirs(held.until));
        }
        let value = record(owner, later(now, span))?;
        match self.0.update(&key, value, revision).await {
            Ok(revision) => {
                Ok(Taken::Ours(Lease { store: self.clone(), key, owner: owner.to_owned(), revision }))
            }
            // Another replica was faster.
            Err(error) if error.kind() == kv::UpdateErrorKind::WrongLastRevision => {
                Ok(Taken::Theirs(later(now, span)))
            }
            Err(error) => Err(failed(error)),
        }
    }
}

impl Lease {
    /// Holds the lease for another span.
    ///
    /// # Errors
    /// Where it is lost: the caller must stop.
    pub async fn renew(&mut self, now: Timestamp, span: Duration) -> Result<(), StoreError> {
        let value = record(&self.owner, later(now, span))?;
        self.revision = self.store.0.update(&self.key, value, self.revision).await.map_err(failed)?;
        Ok(())
    }

    /// Lets others take the feed at once.
    pub async fn release(self) {
        // Where this fails the lease runs out by itself.
        if let Ok(value) = record(&self.owner, Timestamp::UNIX_EPOCH) {
            let _ = self.store.0.update(&self.key, value, self.revision).await;
        }
    }
}

fn record(owner: &str, until: Timestamp) -> Result<bytes::Bytes, StoreError> {
    serde_json::to_vec(&LeaseRecord { owner: owner.to_owned(), until }).map(Into::into).map_err(failed)
}

/// Feeds are known by their configured address; keys hold its hash, as addresses may hold any letters.
fn state_key(url: &str) -> String {
    format!("state.{}", short_hash(url))
}

fn lease_key(url: &str) -> String {
    format!("lease.{}", short_hash(url))
}

pub(crate) fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
