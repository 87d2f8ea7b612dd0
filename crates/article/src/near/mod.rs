//! Near-copies: syndicated and lightly edited texts, found by MinHash of three-word runs.
//!
//! Two articles are copies of each other where the estimated Jaccard similarity of their three-word runs reaches
//! [`THRESHOLD`] and that of their names and numbers reaches [`NAME_THRESHOLD`]. With one word in `n` replaced at random,
//! a run of three survives with probability `(1 - 1/n)^3`; at 15 % of words edited the expected similarity is 0.44, and
//! that of names and numbers above 0.7. `docs/measurements.md` has the measured recall and false merges.

mod sketch;
mod window;

pub use sketch::{Fingerprint, ParseFingerprintError};
pub use window::{Config, Verdict, Window};

/// Estimated similarity from which on two articles count as copies.
pub const THRESHOLD: f32 = 0.3;

/// Estimated similarity of names and numbers that copies have, where both have enough of them.
pub const NAME_THRESHOLD: f32 = 0.5;
