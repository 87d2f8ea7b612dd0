//! An analysed article to coded events: mentions, coreference, predicates, codes, modality.
//!
//! Pure: no I/O, no clock.

pub mod analysed;
pub mod coref;
pub mod mention;

use entente_messages::{Article, CodedArticle};

/// Codes one article. Never fails: an article without events gives an empty list.
#[must_use]
pub fn code(article: &Article) -> CodedArticle {
    CodedArticle { article: article.clone(), events: Vec::new(), coder_version: String::new() }
}
