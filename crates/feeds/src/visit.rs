//! One visit to a feed: what it shows, what is new, the pages of that, each article published once.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_nats::HeaderMap;
use async_nats::jetstream::Context;
use async_nats::jetstream::stream::RawMessageErrorKind;
use entente_article::feed::Feed;
use entente_article::{Limits, Rejection as Refusal};
use entente_messages::headers::{self, Attributes, Kind};
use entente_messages::{Article, ArticleKey, Rejection, Stage, Subject, subject};
use jiff::Timestamp;
use tokio::sync::watch;
use url::Url;

use crate::fetch::{Document, FetchError, Fetched, Fetcher, Validators};
use crate::item;
use crate::settings::{FeedSettings, PollSettings};
use crate::state::{FeedState, Pending};
use crate::store::{Store, StoreError, short_hash};

/// What all visits share.
#[derive(Debug)]
pub(crate) struct Office {
    pub(crate) fetcher: Fetcher,
    pub(crate) store: Store,
    pub(crate) jetstream: Context,
    pub(crate) poll: PollSettings,
    pub(crate) limits: Limits,
    /// Becomes true when the poller stops.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// Why a visit was broken off; what was done so far is remembered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VisitError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("publishing: {0}")]
    Publish(String),
}

/// A visit under way.
pub(crate) struct Visit<'a> {
    office: &'a Office,
    feed: &'a FeedSettings,
    state: FeedState,
    revision: u64,
}

pub(crate) fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or_default()
}

impl<'a> Visit<'a> {
    /// Polls the feed if it is due, then fetches the pages that are; gives when there is something to do again.
    pub(crate) async fn make(office: &'a Office, feed: &'a FeedSettings) -> Result<Timestamp, VisitError> {
        let (state, revision) = office.store.load(&feed.url).await?;
        let mut visit = Self { office, feed, state, revision };
        if visit.state.feed_is_due(now()) {
            visit.poll().await?;
        }
        visit.pages().await?;
        Ok(visit.state.due())
    }

    async fn save(&mut self) -> Result<(), VisitError> {
        self.revision = self.office.store.save(&self.feed.url, &self.state, self.revision).await?;
        Ok(())
    }

    async fn poll(&mut self) -> Result<(), VisitError> {
        let address = self.state.moved_to.as_deref().unwrap_or(&self.feed.url);
        let fetched = match Url::parse(address) {
            Ok(url) => self.office.fetcher.get(&url, &self.state.validators()).await,
            Err(error) => Err(FetchError::unreadable(&error.to_string())),
        };
        let interval = self.feed.interval.unwrap_or(self.office.poll.interval);
        match fetched {
            Ok(Fetched::NotModified) => {
                tracing::debug!(feed = self.feed.url, "not modified");
                self.state.answered(now(), interval, None);
            }
            Ok(Fetched::Document(document)) => match self.parse(&document) {
                Ok(parsed) => {
                    self.read(&parsed, &document.validators, interval).await?;
                    self.moved(document.moved_to);
                }
                Err(refusal) => self.failed(&refusal.to_string(), None),
            },
            Err(error) => {
                if self.state.moved_to.is_some() && !error.kind.is_passing() {
                    // The new address is gone: the configured one is asked again.
                    self.state.moved_to = None;
                }
                self.failed(&error.to_string(), error.retry_after);
            }
        }
        self.save().await
    }

    fn parse(&self, document: &Document) -> Result<Feed, Refusal> {
        Feed::parse(
            &document.bytes,
            document.content_type.as_deref(),
            Some(document.url.as_str()),
            &Limits::default(),
        )
    }

    fn moved(&mut self, to: Option<Url>) {
        if let Some(to) = to {
            tracing::info!(feed = self.feed.url, to = to.as_str(), "the feed has moved for good");
            self.state.moved_to = Some(to.into());
        }
    }

    fn failed(&mut self, error: &str, retry_after: Option<Duration>) {
        self.state.failed(now(), error, retry_after, &self.office.poll, fastrand::f64());
        let next_at = self.state.next_at.map(|at| at.to_string());
        tracing::warn!(
            feed = self.feed.url,
            error,
            failures = self.state.failures,
            next_at,
            "the feed failed"
        );
    }

    /// Takes what is new, oldest first as feeds show the newest first.
    async fn read(
        &mut self,
        feed: &Feed,
        validators: &Validators,
        interval: Duration,
    ) -> Result<(), VisitError> {
        let newest = feed.entries.iter().take(self.office.poll.max_items);
        let keyed: Vec<_> = newest.map(|entry| (item::key(entry), entry)).collect();
        let (mut published, mut waiting) = (0_u32, 0_u32);
        for (key, entry) in keyed.iter().rev() {
            if self.state.knows(key) {
                continue;
            }
            if item::is_full_text(entry, self.feed.text) {
                let made = item::from_entry(entry, key, feed, self.feed, now(), &self.office.limits);
                self.deliver(key, entry.url.as_deref().unwrap_or(&self.feed.url), made).await?;
                published += 1;
            } else if let Some(pending) = item::pending(entry, key.clone(), feed) {
                self.state.wait_for(pending);
                waiting += 1;
            }
        }
        let keys: Vec<String> = keyed.into_iter().map(|(key, _)| key).collect();
        self.state.answered(now(), interval.max(ttl(feed)), Some((validators, &keys)));
        tracing::info!(feed = self.feed.url, items = keys.len(), published, waiting, "the feed was read");
        Ok(())
    }

    /// Fetches the pages that are due, remembering each at once, so that a restart fetches none of them again.
    async fn pages(&mut self) -> Result<(), VisitError> {
        let due: Vec<Pending> = self
            .state
            .pending
            .iter()
            .filter(|item| item.not_before.is_none_or(|at| at <= now()))
            .cloned()
            .collect();
        for item in due {
            if *self.office.stopping.borrow() {
                break;
            }
            self.page(&item).await?;
            self.save().await?;
        }
        Ok(())
    }

    async fn page(&mut self, item: &Pending) -> Result<(), VisitError> {
        if self.office.is_accepted(&item::id_of_address(&item.url)).await? {
            // Another feed has shown it.
            self.state.done(&item.key);
            return Ok(());
        }
        let fetched = match Url::parse(&item.url) {
            Ok(url) => self.office.fetcher.get(&url, &Validators::default()).await,
            Err(error) => Err(FetchError::unreadable(&error.to_string())),
        };
        match fetched {
            Ok(Fetched::Document(page)) => {
                let (waiting, feed, limits) = (item.clone(), self.feed.clone(), self.office.limits);
                let made = tokio::task::spawn_blocking(move || {
                    item::from_page(&waiting, &page, &feed, now(), &limits)
                })
                .await;
                match made {
                    Ok(made) => self.deliver(&item.key, &item.url, made).await,
                    Err(error) => {
                        self.give_up(&item.key, &item.url, "page_reader_failed", &error.to_string()).await
                    }
                }
            }
            Ok(Fetched::NotModified) => {
                self.give_up(&item.key, &item.url, "fetch_gone", "304 without a condition").await
            }
            Err(error) => {
                let again = error.kind.is_passing()
                    && self.state.page_failed(
                        &item.key,
                        now(),
                        error.retry_after,
                        &self.office.poll,
                        fastrand::f64(),
                    );
                if again {
                    tracing::warn!(page = item.url, %error, "the page failed and is tried again");
                    return Ok(());
                }
                self.give_up(&item.key, &item.url, error.kind.as_str(), &error.to_string()).await
            }
        }
    }

    async fn deliver(
        &mut self,
        key: &str,
        url: &str,
        made: Result<Article, Refusal>,
    ) -> Result<(), VisitError> {
        match made {
            Ok(article) => {
                self.office.publish(&article).await?;
                self.state.published += 1;
                self.state.done(key);
                Ok(())
            }
            Err(refusal) => self.give_up(key, url, refusal.code.as_str(), &refusal.reason).await,
        }
    }

    /// Reports an item that gives no article where all refusals are reported.
    async fn give_up(&mut self, key: &str, url: &str, code: &str, reason: &str) -> Result<(), VisitError> {
        tracing::warn!(feed = self.feed.url, page = url, code, reason, "no article");
        self.office.reject(url, code, reason).await?;
        self.state.given_up += 1;
        self.state.done(key);
        Ok(())
    }
}

/// How long the publisher asks to wait, within reason.
fn ttl(feed: &Feed) -> Duration {
    Duration::from_secs(u64::from(feed.ttl_minutes.unwrap_or(0)).min(24 * 60) * 60)
}

impl Office {
    /// Whether an article of this id was accepted before.
    async fn is_accepted(&self, id: &str) -> Result<bool, VisitError> {
        let failed = |error: String| VisitError::Publish(error);
        let subject = Subject::LedgerAccepted(ArticleKey::of(id)).to_string();
        let ledger =
            self.jetstream.get_stream_no_info("LEDGER").await.map_err(|error| failed(error.to_string()))?;
        match ledger.get_last_raw_message_by_subject(&subject).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Ok(false),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    async fn publish(&self, article: &Article) -> Result<(), VisitError> {
        let mut map = HeaderMap::new();
        map.insert(headers::CONTENT_TYPE, "application/json");
        let id = format!("feed:{}", article.id);
        map.insert(async_nats::header::NATS_MESSAGE_ID, headers::encode(&id));
        let body = serde_json::to_vec(article).map_err(|error| VisitError::Publish(error.to_string()))?;
        self.send(subject::INGEST, map, body).await
    }

    async fn reject(&self, url: &str, code: &str, reason: &str) -> Result<(), VisitError> {
        let rejection = Rejection {
            code: code.to_owned(),
            message: reason.to_owned(),
            field: Some("url".to_owned()),
            stage: Stage::Ingest,
            article_id: None,
            size: 0,
            sha256: String::new(),
            excerpt: url.chars().take(500).collect(),
            stream_sequence: 0,
            received_at: now(),
        };
        let id = format!("rejected:feed:{}:{code}", short_hash(url));
        let attributes = Attributes {
            id: id.clone(),
            source: Stage::Ingest,
            kind: Kind::Rejection,
            subject: None,
            time: now(),
        };
        let mut map = HeaderMap::new();
        for (name, value) in attributes.pairs() {
            map.insert(name, value);
        }
        map.insert(async_nats::header::NATS_MESSAGE_ID, id);
        map.insert(headers::REASON, code);
        let body = serde_json::to_vec(&rejection).map_err(|error| VisitError::Publish(error.to_string()))?;
        self.send(subject::REJECTED, map, body).await
    }

    async fn send(&self, subject: &'static str, map: HeaderMap, body: Vec<u8>) -> Result<(), VisitError> {
        let failed = |error: &dyn std::fmt::Display| VisitError::Publish(error.to_string());
        let ack = self
            .jetstream
            .publish_with_headers(subject, map, body.into())
            .await
            .map_err(|error| failed(&error))?;
        ack.await.map_err(|error| failed(&error))?;
        Ok(())
    }
}

/// A poller's office behind an [`Arc`], as tasks share it.
pub(crate) type SharedOffice = Arc<Office>;
