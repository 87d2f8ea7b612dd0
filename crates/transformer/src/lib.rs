//! A small BERT with eight-bit weights: texts with two marked places to the scores of several heads.
//!
//! Pure: no I/O, no clock. Matrix products come from `rten-gemm`, which picks the widest instructions of the
//! machine. Activations are rounded row by row to seven bits, which no instruction set can overflow, so a text's scores do
//! not depend on the others of its batch.

mod dense;
mod model;
mod weights;
mod wordpiece;

pub use model::{Scores, Transformer};
pub use weights::WeightsError;
pub use wordpiece::WordPiece;

/// The weights of the coder's balanced tier (docs/models/coder-balanced.md).
pub static BALANCED: &[u8] = include_bytes!("../model/balanced.safetensors");
