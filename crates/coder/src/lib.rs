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

pub use explain::{ExplainedAct, ExplainedSentence, Explanation, Fate};

pub use event::confidence::FEATURES;

pub use entente_classifier::Accuracy;
use event::domain::Domains;
use event::judge::{Opinions, add_unseen, key, support};
use event::propose::{Proposal, Proposals, propose};
use event::who::Context;

/// How articles are coded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Which models judge the pairs of actors.
    pub accuracy: Accuracy,
}

/// Codes articles with the built-in lexicon and models.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coder {
    options: Options,
}

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
    /// A coder with these options. Cheap: lexicon and models are read once a process.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// Codes one article. Never fails: an article without events gives an empty list.
    #[must_use]
    pub fn code(&self, article: &Article) -> CodedArticle {
        let analysed = analysed::analyse(article);
        let actors = mention::find_actors(&analysed);
        let context = Context { analysed: &analysed, actors: &actors, lexicon: lexicon::Lexicon::shared() };
        let (_, kept) = self.run(context);
        let events = kept.iter().map(|p| event::publish::event(context, p)).collect();
        CodedArticle { article: article.clone(), events, coder_version: version() }
    }

    /// Why each event was coded, and why each sentence without one was not.
    #[must_use]
    pub fn explain(&self, article: &Article) -> Explanation {
        let analysed = analysed::analyse(article);
        let actors = mention::find_actors(&analysed);
        let context = Context { analysed: &analysed, actors: &actors, lexicon: lexicon::Lexicon::shared() };
        let (proposals, kept) = self.run(context);
        explain::explain(context, &proposals, &kept)
    }

    /// Everything proposed, before thresholds and folding, with what its confidence is made of (in the order of
    /// [`FEATURES`]). This is what `training/confidence.py` fits the weights on.
    #[must_use]
    pub fn candidates(&self, article: &Article) -> Vec<(entente_messages::CodedEvent, Vec<f32>)> {
        let analysed = analysed::analyse(article);
        let actors = mention::find_actors(&analysed);
        let context = Context { analysed: &analysed, actors: &actors, lexicon: lexicon::Lexicon::shared() };
        let (proposals, _) = self.run(context);
        let domains = Domains::of(context);
        let with = |p| {
            (event::publish::event(context, p), event::confidence::features(context, &domains, p).to_vec())
        };
        proposals.events.iter().map(with).collect()
    }

    /// All proposals, and those that stand after thresholds and folding.
    fn run(&self, context: Context<'_>) -> (Proposals, Vec<Proposal>) {
        let mut proposals = propose(context);
        let domains = Domains::of(context);
        let opinions = Opinions::of(context, &proposals.events, self.options.accuracy);
        for proposal in &mut proposals.events {
            proposal.opinion = opinions.get(&key(context, proposal)).map(|s| support(s, proposal.root));
            proposal.confidence = event::confidence::of_proposal(context, &domains, proposal);
        }
        let known = proposals.events.len();
        add_unseen(context, &mut proposals, &opinions, event::confidence::LEAST_UNSEEN);
        for proposal in &mut proposals.events[known..] {
            proposal.confidence = event::confidence::of_proposal(context, &domains, proposal);
        }
        let sure = {
            let least = event::confidence::least(&domains, context.analysed.sentences.len());
            proposals.events.iter().filter(|p| p.confidence >= least).cloned().collect()
        };
        let kept = event::fold::fold(context, sure);
        (proposals, kept)
    }
}
