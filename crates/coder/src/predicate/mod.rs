//! Predicates and their arguments in dependency trees.

pub(crate) mod args;
pub(crate) mod matcher;
pub(crate) mod words;
