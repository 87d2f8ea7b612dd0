//! Trains the language model from Universal Dependencies treebanks and measures it.

pub mod arc_hybrid;
pub mod baseline;
pub mod lexicon;
pub mod neural;
pub mod perceptron;
pub mod score;
pub mod segmenter;
pub mod train;
pub mod treebank;
pub mod vectors;
