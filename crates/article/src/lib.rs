//! Bytes to article: formats, character sets, full text, normalising, language, fingerprints.
//!
//! [`accept()`] is what `ingest` runs on each message and what the command line runs on each document:
//! bytes in, one [`Accepted`] article or one [`Rejection`] out. Pure: no clock, no files, no network.
#![forbid(unsafe_code)]

mod accept;
mod charset;
mod date;
mod dateline;
pub mod feed;
mod html;
mod identity;
mod incoming;
mod json;
mod language;
pub mod near;
pub mod read;
mod reject;
mod sniff;
mod text;
mod warning;

pub use accept::{Accepted, accept};
pub use identity::{canonical_url, content_hash};
pub use incoming::{Incoming, Limits, Overrides};
pub use reject::{RejectCode, Rejection};
pub use sniff::Kind;
pub use warning::{Warning, WarningCode};
