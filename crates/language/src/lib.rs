//! Sentences, tokens, tags, lemmas and dependency trees of English news, with the trained model inside.
//!
//! Pure: no I/O, no clock. `Analyzer::shared` gives the built-in model; `Analyzer::analyze` never fails.

pub mod document;
pub mod tags;

pub use document::{Document, Sentence, Token};
pub use tags::{Deprel, Upos, Xpos};
