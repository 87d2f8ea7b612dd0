//! The loop that visits each feed when it is due, as long as no other replica does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::Context;
use entente_article::Limits;
use jiff::Timestamp;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::fetch::{FetchError, Fetcher};
use crate::settings::{FeedSettings, Settings};
use crate::state::later;
use crate::store::{Lease, Store, Taken};
use crate::visit::{Office, SharedOffice, Visit, now};

/// Wait after JetStream did not answer.
const RETRY: Duration = Duration::from_secs(2);

/// Polls the feeds of `feeds.toml`.
#[derive(Debug)]
pub struct Poller {
    office: SharedOffice,
    feeds: Vec<Arc<FeedSettings>>,
    owner: String,
    stop: watch::Sender<bool>,
}

impl Poller {
    /// A poller over an open bucket; articles larger than `limits` are refused.
    ///
    /// # Errors
    /// Where no HTTP client can be made.
    pub fn new(
        settings: Settings,
        jetstream: Context,
        store: Store,
        limits: Limits,
    ) -> Result<Self, FetchError> {
        let (stop, stopping) = watch::channel(false);
        let fetcher = Fetcher::new(settings.fetch)?;
        let office = Office { fetcher, store, jetstream, poll: settings.poll, limits, stopping };
        // Any word that no other replica has.
        let owner = format!("{:016x}", fastrand::u64(..));
        let feeds = settings.feed.into_iter().map(Arc::new).collect();
        Ok(Self { office: Arc::new(office), feeds, owner, stop })
    }

    /// Polls until `shutdown` completes; visits under way then end with the page in hand.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let places = Arc::new(Semaphore::new(self.office.poll.concurrency));
        let mut visits: JoinSet<(usize, Timestamp)> = JoinSet::new();
        // Feeds that nobody visits now, by the time of their next visit; a start spreads nothing, as hosts are not hurried.
        let mut due: BTreeMap<(Timestamp, usize), ()> =
            (0..self.feeds.len()).map(|n| ((Timestamp::MIN, n), ())).collect();
        tokio::pin!(shutdown);
        loop {
            while let Some(entry) = due.first_entry() {
                let (at, n) = *entry.key();
                if at > now() {
                    break;
                }
                entry.remove();
                let visit = visit(
                    Arc::clone(&self.office),
                    Arc::clone(&self.feeds[n]),
                    self.owner.clone(),
                    Arc::clone(&places),
                );
                visits.spawn(async move { (n, visit.await) });
            }
            let next = due.first_key_value().map(|((at, _), ())| *at);
            let wait = next.map_or(Duration::from_secs(3600), |at| {
                Duration::try_from(at.duration_since(now())).unwrap_or_default()
            });
            tokio::select! {
                () = &mut shutdown => break,
                () = tokio::time::sleep(wait) => {}
                Some(ended) = visits.join_next() => match ended {
                    Ok((n, at)) => { due.insert((at, n), ()); }
                    Err(error) => tracing::error!(%error, "a visit to a feed has panicked; the feed rests until the next start"),
                },
            }
        }
        self.stop.send_replace(true);
        while visits.join_next().await.is_some() {}
    }
}

/// One visit, where the feed is free; gives when to look again.
async fn visit(
    office: SharedOffice,
    feed: Arc<FeedSettings>,
    owner: String,
    places: Arc<Semaphore>,
) -> Timestamp {
    let Ok(_place) = places.acquire().await else { return Timestamp::MAX };
    let visited = async {
        // Without the lease first: most looks find that another replica has done the work.
        let (state, _) = office.store.load(&feed.url).await.map_err(|error| error.to_string())?;
        if state.due() > now() || *office.stopping.borrow() {
            return Ok(state.due());
        }
        match office
            .store
            .take(&feed.url, &owner, now(), office.poll.lease)
            .await
            .map_err(|error| error.to_string())?
        {
            Taken::Theirs(until) => Ok(until),
            Taken::Ours(lease) => under_lease(&office, &feed, lease).await,
        }
    };
    let result: Result<Timestamp, String> = visited.await;
    result.unwrap_or_else(|error| {
        tracing::warn!(feed = feed.url, error, "the visit was broken off and is made again");
        later(now(), RETRY)
    })
}

/// Visits the feed while the lease is renewed; a lost lease ends the visit at once.
async fn under_lease(office: &Office, feed: &FeedSettings, mut lease: Lease) -> Result<Timestamp, String> {
    let span = office.poll.lease;
    let visit = Visit::make(office, feed);
    tokio::pin!(visit);
    loop {
        tokio::select! {
            visited = &mut visit => {
                lease.release().await;
                return visited.map_err(|error| error.to_string());
            }
            () = tokio::time::sleep(span / 3) => lease.renew(now(), span).await.map_err(|error| format!("the lease is lost: {error}"))?,
        }
    }
}
