//! The service that codes accepted articles: all of coding is `entente_coder::code`, a pure function.
#![forbid(unsafe_code)]

use entente_messages::headers::Kind;
use entente_messages::{Article, CodedArticle, Stage, Subject};
use entente_stage::{Config, Error, Failure, Handler, Input, Outgoing, blocking, run_service};
use tokio::sync::Semaphore;

/// Runs the service until `shutdown` completes.
///
/// # Errors
/// Where it can not run; see [`run_service`].
pub async fn run(config: Config, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
    let code = if config.extract.stub { stub } else { entente_coder::code };
    let cores = Semaphore::new(std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    run_service(Stage::Extract, config, |_| async move { Ok(Extract { code, cores }) }, shutdown).await
}

/// More articles are in hand than there are cores, so that the way to and from NATS costs no coding time.
struct Extract {
    code: fn(&Article) -> CodedArticle,
    cores: Semaphore,
}

impl Handler for Extract {
    async fn handle(&self, input: &Input) -> Result<Vec<Outgoing>, Failure> {
        let article: Article = input.json()?;
        let article_id = article.id.clone();
        let code = if article.copy_of.is_some() { copy } else { self.code };
        let core = self.cores.acquire().await;
        let coded = blocking(move || code(&article)).await?;
        drop(core);
        let message =
            Outgoing::json(Subject::Extracted, Kind::Coded, format!("coded:{}", input.message_id()), &coded)?;
        Ok(vec![message.about(article_id)])
    }
}

/// A near-copy tells nothing that its first article did not: it is linked to it and coded no second time.
fn copy(article: &Article) -> CodedArticle {
    CodedArticle { article: article.clone(), events: Vec::new(), coder_version: "copy".to_owned() }
}

/// What the bench measures the pipeline without coding with.
fn stub(article: &Article) -> CodedArticle {
    CodedArticle { article: article.clone(), events: Vec::new(), coder_version: "stub".to_owned() }
}
