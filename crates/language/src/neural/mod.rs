//! The neural tagger and parser: a small recurrent network over words and a graph-based decoder.
//!
//! Each word starts as the sum of a word vector and of embeddings of its form, affixes and shape. Layers of simple
//! recurrent units (Lei et al., 2018) run over the sentence in both directions; from them come tags, scores of all arcs
//! (biaffine attention, Dozat and Manning, 2017) and labels of the arcs that the maximum spanning tree selects.

pub mod input;
pub mod kernel;
pub mod math;
pub mod network;
pub mod tree;
pub mod vectors;
