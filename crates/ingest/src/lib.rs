//! The service that turns what users publish into accepted articles.
//!
//! Plain text, HTML or JSON in; `articles.accepted.<lang>` out, or `articles.rejected` with the reason. An article
//! that was accepted before within the configured window is rejected as a duplicate: the ledger, which all
//! replicas share, tells it from a redelivery of the same message.
#![forbid(unsafe_code)]

use std::time::Duration;

use entente_article::{Accepted, Incoming, Limits, Overrides, accept};
use entente_messages::headers::{self, Kind};
use entente_messages::{Acceptance, Article, Stage, Subject};
use entente_stage::{
    Claim, Config, Error, Failure, Handler, Input, Ledger, Outgoing, Tools, compute, run_service,
};

/// Language of an article where nobody knows it (ISO 639-2, "undetermined").
const UNDETERMINED: &str = "und";

/// Runs the service until `shutdown` completes.
///
/// # Errors
/// Where it can not run; see [`run_service`].
pub async fn run(config: Config, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
    run_service(Stage::Ingest, config, |tools| async { Ok(Ingest::new(tools)) }, shutdown).await
}

struct Ingest {
    ledger: Ledger,
    limits: Limits,
    duplicate_window: Duration,
}

impl Ingest {
    fn new(tools: Tools) -> Self {
        let settings = &tools.config.ingest;
        let max_bytes = usize::try_from(settings.max_article_kb.saturating_mul(1024)).unwrap_or(usize::MAX);
        Self {
            ledger: tools.ledger,
            limits: Limits { max_bytes, ..Limits::default() },
            duplicate_window: Duration::from_secs(settings.duplicate_window_s),
        }
    }

    /// Records that this message brings the article; a repeated article is refused.
    async fn claim(&self, input: &Input, article: &Article, fingerprint: &str) -> Result<(), Failure> {
        let record = Acceptance {
            article_id: article.id.clone(),
            fingerprint: fingerprint.to_owned(),
            delivery: input.delivery.clone(),
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
        let (owned, limits) = (input.clone(), self.limits);
        let accepted = compute(input.payload.len(), move || judge(&owned, &limits)).await??;
        let Accepted { article, content_hash, .. } = accepted;
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
