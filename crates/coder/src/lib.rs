//! An analysed article to coded events: mentions, coreference, predicates, codes, modality.
//!
//! Pure: no I/O, no clock.

pub mod analysed;
pub mod coref;
mod event;
mod explain;
pub mod lexicon;
pub mod mention;
mod predicate;

use entente_messages::{Article, CodedArticle};

pub use explain::{ExplainedAct, ExplainedSentence, Explanation};

use event::who::Context;

/// Codes articles with the built-in lexicon and models.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coder {}

/// Name and version, for provenance.
#[must_use]
pub fn version() -> String {
    format!("entente-coder {}", env!("CARGO_PKG_VERSION"))
}

/// Codes one article with the default options. Never fails: an article without events gives an empty list.
#[must_use]
pub fn code(article: &Article) -> CodedArticle {
    Coder::default().code(article)
}

impl Coder {
    /// Codes one article. Never fails: an article without events gives an empty list.
    #[must_use]
    pub fn code(&self, article: &Article) -> CodedArticle {
        let analysed = analysed::analyse(article);
        let actors = mention::find_actors(&analysed);
        let context = Context { analysed: &analysed, actors: &actors, lexicon: lexicon::Lexicon::shared() };
        let proposals = event::propose::propose(context);
        let kept = event::fold::fold(context, proposals.events);
        let events = kept.iter().map(|p| event::publish::event(context, p)).collect();
        CodedArticle { article: article.clone(), events, coder_version: version() }
    }

    /// Why each event was coded, and why each sentence without one was not.
    #[must_use]
    pub fn explain(&self, article: &Article) -> Explanation {
        let analysed = analysed::analyse(article);
        let actors = mention::find_actors(&analysed);
        let context = Context { analysed: &analysed, actors: &actors, lexicon: lexicon::Lexicon::shared() };
        explain::explain(context)
    }
}
