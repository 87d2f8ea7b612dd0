//! The service that codes accepted articles: all of coding is `entente_coder::code`, a pure function.
#![forbid(unsafe_code)]

use entente_messages::headers::Kind;
use entente_messages::{Article, CodedArticle, Stage, Subject};
use entente_stage::{Config, Error, Failure, Handler, Input, Outgoing, blocking, run_service};

/// Runs the service until `shutdown` completes.
///
/// # Errors
/// Where it can not run; see [`run_service`].
pub async fn run(config: Config, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
    let code = if config.extract.stub { stub } else { entente_coder::code };
    run_service(Stage::Extract, config, |_| async move { Ok(Extract { code }) }, shutdown).await
}

struct Extract {
    code: fn(&Article) -> CodedArticle,
}

impl Handler for Extract {
    async fn handle(&self, input: &Input) -> Result<Vec<Outgoing>, Failure> {
        let article: Article = input.json()?;
        let article_id = article.id.clone();
        let code = self.code;
        let coded = blocking(move || code(&article)).await?;
        let message =
            Outgoing::json(Subject::Extracted, Kind::Coded, format!("coded:{}", input.message_id()), &coded)?;
        Ok(vec![message.about(article_id)])
    }
}

/// What the bench measures the pipeline without coding with.
fn stub(article: &Article) -> CodedArticle {
    CodedArticle { article: article.clone(), events: Vec::new(), coder_version: "stub".to_owned() }
}
