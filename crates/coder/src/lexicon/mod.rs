//! The lexicon: what words name which act, and where its two actors stand in the sentence.
//!
//! The data lies in `crates/coder/lexicon/`, one file a PLOVER root, to be read and extended without Rust
//! (`lexicon/README.md` is the guide). This module reads, checks and indexes it.

mod codes;
#[cfg(test)]
mod lint;
mod load;
mod operator;
mod pattern;

pub use codes::{known_code, root_of_code};
pub use load::{Lexicon, LexiconError};
pub use operator::{Operator, OperatorKind, Takes};
pub use pattern::{Clause, Entry, Flags, Head, Item, PartOfSpeech, WordSet};
