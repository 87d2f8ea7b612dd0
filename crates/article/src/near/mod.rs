//! Near-copies: syndicated and lightly edited texts, found by MinHash of three-word runs.
//!
//! Two articles are copies of each other where the estimated Jaccard similarity of their three-word runs reaches
//! [`THRESHOLD`]. With one word in `n` replaced at random, a run of three survives with probability `(1 - 1/n)^3`; at
//! 15 % of words edited the expected similarity is 0.44, and texts on the same subject by different hands stay below
//! 0.2. `docs/measurements-article.md` has the measured recall and false merges.

mod sketch;
mod window;

pub use sketch::{Fingerprint, ParseFingerprintError};
pub use window::{Config, Verdict, Window};

/// Estimated similarity from which on two articles count as copies.
pub const THRESHOLD: f32 = 0.3;
