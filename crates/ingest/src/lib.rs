//! The service that turns what users publish into accepted articles.
//!
//! Plain text, HTML or JSON in; `articles.accepted.<lang>` out, or `articles.rejected` with the reason. An article
//! that was accepted before within the configured window is rejected as a duplicate: the ledger, which all
//! replicas share, tells it from a redelivery of the same message.
//!
//! Beside that it polls feeds ([`entente_feeds`]) and tells near-copies, which travel on with `copy_of`.
#![forbid(unsafe_code)]

mod copies;

use std::time::Duration;

use entente_article::near::Fingerprint;
use entente_article::{Accepted, Incoming, Limits, Overrides, accept};
use entente_feeds::{Poller, Settings, store::Store};
use entente_messages::headers::{self, Kind};
use entente_messages::{Acceptance, Article, Stage, Subject};
use entente_stage::{
    Claim, Config, Error, Failure, Handler, Input, Ledger, Outgoing, Tools, compute, run_service,
};
use tokio::sync::watch;
use tokio::task::JoinSet;

use copies::Copies;

/// Language of an article where nobody knows it (ISO 639-2, "undetermined").
const UNDETERMINED: &str = "und";

/// Runs the service until `shutdown` completes.
///
/// # Errors
/// Where it can not run; see [`run_service`].
pub async fn run(config: Config, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
    let feeds = feeds(&config)?;
    let (stop, stopping) = watch::channel(false);
    let (began, mut begun) = tokio::sync::mpsc::channel::<JoinSet<()>>(1);
    let build = |tools: Tools| async move {
        let mut beside = JoinSet::new();
        if let Some(feeds) = feeds {
            beside.spawn(poll(feeds, tools.clone(), limits(&tools.config), stopping.clone()));
        }
        let copies = tools.config.ingest.near_copies.then(|| Copies::new(&tools.config.ingest));
        if let Some(copies) = &copies {
            copies.catch_up(&tools.jetstream, &tools.config).await;
            let sharing =
                copies.clone().share(tools.jetstream.clone(), tools.config.clone(), stopped(stopping));
            beside.spawn(sharing);
        }
        let _ = began.send(beside).await;
        Ok(Ingest::new(tools, copies))
    };
    let shutdown = async move {
        shutdown.await;
        stop.send_replace(true);
        // What runs beside must end before the connection is closed.
        if let Ok(beside) = begun.try_recv() {
            beside.join_all().await;
        }
    };
    run_service(Stage::Ingest, config, build, shutdown).await
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// The feeds to poll; `None` where there is no file of them.
fn feeds(config: &Config) -> Result<Option<Settings>, Error> {
    let file = &config.ingest.feeds_file;
    if file.as_os_str().is_empty() || !file.exists() {
        return Ok(None);
    }
    let settings = Settings::load(file).map_err(|error| Error::Feeds(error.to_string()))?;
    Ok((!settings.feed.is_empty()).then_some(settings))
}

async fn poll(settings: Settings, tools: Tools, limits: Limits, stopping: watch::Receiver<bool>) {
    let count = settings.feed.len();
    let in_memory = tools.config.streams.storage == entente_stage::config::Storage::Memory;
    let store = loop {
        match Store::open(&tools.jetstream, tools.config.streams.replicas, in_memory).await {
            Ok(store) => break store,
            Err(error) => tracing::warn!(%error, "feeds wait for their bucket"),
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
            () = stopped(stopping.clone()) => return,
        }
    };
    match Poller::new(settings, tools.jetstream, store, limits) {
        Ok(poller) => {
            tracing::info!(count, "polling feeds");
            poller.run(stopped(stopping)).await;
        }
        Err(error) => tracing::error!(%error, "no feed is polled"),
    }
}

/// How large an article may be.
fn limits(config: &Config) -> Limits {
    let max_bytes = config.ingest.max_article_kb.saturating_mul(1024);
    Limits { max_bytes: usize::try_from(max_bytes).unwrap_or(usize::MAX), ..Limits::default() }
}

struct Ingest {
    ledger: Ledger,
    limits: Limits,
    duplicate_window: Duration,
    copies: Option<Copies>,
}

impl Ingest {
    fn new(tools: Tools, copies: Option<Copies>) -> Self {
        Self {
            limits: limits(&tools.config),
            duplicate_window: Duration::from_secs(tools.config.ingest.duplicate_window_s),
            ledger: tools.ledger,
            copies,
        }
    }

    /// Records that this message brings the article; a repeated article is refused.
    async fn claim(&self, input: &Input, article: &Article, fingerprint: &str) -> Result<(), Failure> {
        let record = Acceptance {
            article_id: article.id.clone(),
            fingerprint: fingerprint.to_owned(),
            delivery: input.delivery.clone(),
            copy_of: article.copy_of.clone(),
        };
        let mut replacing = None;
        loop {
            let (held, sequence) = match self.ledger.accept(&record, replacing).await? {
                Claim::Written => return Ok(()),
                Claim::Held { record, sequence } => (record, sequence),
            };
            if held.delivery == input.delivery {
                return Ok(());
            }
            let age = input.delivery.stored_at.duration_since(held.delivery.stored_at);
            let expired = Duration::try_from(age).is_ok_and(|age| age > self.duplicate_window);
            if !expired || replacing == Some(sequence) {
                return Err(repeated(&record, &held));
            }
            replacing = Some(sequence);
        }
    }
}

fn repeated(new: &Acceptance, held: &Acceptance) -> Failure {
    let (id, when) = (&new.article_id, held.delivery.stored_at);
    let failure = if new.fingerprint == held.fingerprint {
        Failure::refused("duplicate", format!("the article `{id}` was accepted before; it came in at {when}"))
    } else {
        let message = format!(
            "the id `{id}` was accepted before, at {when}, with another text; give each article its own id"
        );
        Failure::refused("id_reused", message)
    };
    failure.at(Some("id")).of_article(Some(id.clone()), false)
}

impl Handler for Ingest {
    async fn handle(&self, input: &Input) -> Result<Vec<Outgoing>, Failure> {
        let (owned, limits, wanted) = (input.clone(), self.limits, self.copies.is_some());
        let judged = compute(input.payload.len(), move || {
            let accepted = judge(&owned, &limits)?;
            let fingerprint = wanted.then(|| Fingerprint::of(&accepted.article)).flatten();
            Ok::<_, Failure>((accepted, fingerprint))
        });
        let (Accepted { mut article, content_hash, .. }, fingerprint) = judged.await??;
        if let (Some(copies), Some(fingerprint)) = (&self.copies, &fingerprint) {
            article.copy_of = copies.observe(&article.id, fingerprint, input.received_at);
        }
        self.claim(input, &article, &content_hash).await?;
        let language = article.language.clone().unwrap_or_else(|| UNDETERMINED.to_owned());
        let id = format!("accepted:{}:{}", article.id, input.token(Stage::Ingest));
        let message = Outgoing::json(Subject::Accepted { language }, Kind::Article, id, &article)
            .map_err(|failure| failure.of_article(Some(article.id.clone()), true))?;
        Ok(vec![message.about(article.id)])
    }
}

fn judge(input: &Input, limits: &Limits) -> Result<Accepted, Failure> {
    let header = |name: &str| input.header(name).map(headers::decode);
    let id = header(headers::ARTICLE_ID);
    let source = header(headers::ARTICLE_SOURCE);
    let title = header(headers::ARTICLE_TITLE);
    let language = header(headers::ARTICLE_LANGUAGE);
    let published_at = header(headers::ARTICLE_PUBLISHED_AT);
    let byline = header(headers::ARTICLE_BYLINE);
    let url = header(headers::ARTICLE_URL);
    let incoming = Incoming {
        bytes: &input.payload,
        content_type: input
            .header(headers::CONTENT_TYPE)
            .or_else(|| input.header(headers::CE_DATACONTENTTYPE)),
        url: url.as_deref(),
        received_at: input.received_at,
        overrides: Overrides {
            id: id.as_deref(),
            source: source.as_deref(),
            title: title.as_deref(),
            language: language.as_deref(),
            published_at: published_at.as_deref(),
            byline: byline.as_deref(),
        },
    };
    accept(&incoming, limits)
        .map_err(|rejection| Failure::refused(rejection.code.as_str(), rejection.reason).at(rejection.field))
}
