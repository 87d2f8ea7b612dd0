//! A sentence and two of its actors to the probabilities of what the first does to the second.
//!
//! [`Classifier::shared`] gives the built-in models; [`Classifier::classify`] never fails. Pure: no I/O, no clock.
//! How the models came about and how well they do: `docs/models/coder-fast.md` and `coder-balanced.md`.

mod balanced;
mod bytes;
mod classifier;
mod fast;
mod features;
mod linear;
mod pair;
mod scores;
pub mod train;
pub mod tree;

pub use balanced::BalancedModel;
pub use bytes::ModelError;
pub use classifier::{Accuracy, Classifier, ParseAccuracyError, Row};
pub use fast::FastModel;
pub use features::{Features, Rarity};
pub use linear::Linear;
pub use pair::{PairInput, locate};
pub use scores::{PairScores, Tier};
