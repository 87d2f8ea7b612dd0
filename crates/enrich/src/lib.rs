//! The service that resolves actors, places and dates of coded articles: pure functions do the work.
#![forbid(unsafe_code)]

use entente_knowledge::enrich;
use entente_messages::headers::Kind;
use entente_messages::{CodedArticle, EnrichedArticle, Stage, Subject};
use entente_stage::{Config, Error, Failure, Handler, Input, Outgoing, compute, run_service};

/// Runs the service until `shutdown` completes.
///
/// # Errors
/// Where it can not run; see [`run_service`].
pub async fn run(config: Config, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
    run_service(Stage::Enrich, config, |_| async { Ok(Enrich) }, shutdown).await
}

struct Enrich;

impl Handler for Enrich {
    async fn handle(&self, input: &Input) -> Result<Vec<Outgoing>, Failure> {
        let coded: CodedArticle = input.json()?;
        let enriched = compute(input.payload.len(), move || {
            let events = enrich(&coded);
            EnrichedArticle { article: coded.article, events }
        })
        .await?;
        let id = format!("enriched:{}", input.message_id());
        let message = Outgoing::json(Subject::Enriched, Kind::Enriched, id, &enriched)?;
        Ok(vec![message.about(enriched.article.id)])
    }
}
