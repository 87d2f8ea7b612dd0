//! Events for taking away: the published events as tables that other tools read.
//!
//! [`export::sink`] gives a writer for a [`export::Format`]; every format is fed the same events.
#![forbid(unsafe_code)]

pub mod export;
