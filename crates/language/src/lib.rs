//! Sentences, tokens, tags, lemmas and dependency trees of English news, with the trained model inside.
//!
//! Pure: no I/O, no clock. [`Analyzer::shared`] gives the built-in model; [`Analyzer::analyze`] never fails.

pub mod analyzer;
pub mod conllu;
pub mod container;
pub mod document;
pub mod hash;
pub mod lexicon;
pub mod linear;
pub mod neural;
pub mod segment;
pub mod table;
pub mod tags;

pub use analyzer::Analyzer;
pub use container::ModelError;
pub use document::{Document, Sentence, Token};
pub use tags::{Deprel, Upos, Xpos};
