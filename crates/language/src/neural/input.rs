//! What the network sees of a word by itself: rows of embedding tables.

use crate::hash::{bytes, finish};
use crate::segment::chars;
use crate::table::Table;

/// Rows looked up for a word, apart from the word vector: the word, four affixes, and its shape.
pub const ROWS: usize = 7;
/// Rows for endings and beginnings of words.
pub const AFFIXES: usize = 8192;
/// Rows for shapes.
pub const SHAPES: usize = 1024;

/// The rows of a word. The same form always has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Input {
    /// Row of the word vectors, if there is one.
    pub vector: Option<u16>,
    /// Rows of the trained table: first the word's own, 0 for a word that training did not see often enough.
    pub rows: [u32; ROWS],
}

/// Key of a lower-cased word in the tables of words.
#[must_use]
pub fn word_key(lower: &str) -> u64 {
    finish(bytes(51, lower.as_bytes()))
}

/// Rows of the trained table for a vocabulary of this size, row 0 included.
#[must_use]
pub fn table_rows(vocabulary: usize) -> usize {
    vocabulary + AFFIXES + SHAPES
}

/// Looks a word up. `words` gives the rows of trained words, `vectors` those of word vectors.
#[must_use]
pub fn input(form: &str, lower: &str, words: &Table, vectors: &Table, vocabulary: usize) -> Input {
    let key = word_key(lower);
    let affix =
        |text: &str, seed: u64| (finish(bytes(seed, text.as_bytes())) as usize % AFFIXES + vocabulary) as u32;
    let mut ends = [0; 4];
    for (end, (i, _)) in ends.iter_mut().zip(lower.char_indices().rev()) {
        *end = i;
    }
    let count = lower.chars().take(4).count();
    let suffix = |n: usize| affix(&lower[if n > count { 0 } else { ends[n - 1] }..], 60 + n as u64);
    let prefix = |n: usize| lower.char_indices().nth(n).map_or(lower.len(), |(i, _)| i);
    let shape = (shape(form) as usize % SHAPES + vocabulary + AFFIXES) as u32;
    let rows = [
        u32::from(words.get(key).unwrap_or(0)),
        suffix(2),
        suffix(3),
        suffix(4),
        affix(&lower[..prefix(2)], 71),
        affix(&lower[..prefix(4)], 72),
        shape,
    ];
    Input { vector: vectors.get(key), rows }
}

/// Hash of the kinds of characters, runs cut to two.
fn shape(form: &str) -> u64 {
    let (mut shape, mut last, mut run) = (7, 0, 0);
    for c in form.chars().take(24) {
        let kind = chars::kind(c);
        run = if kind == last { run + 1 } else { 0 };
        last = kind;
        if run < 2 {
            shape = crate::hash::mix(shape, u64::from(kind));
        }
    }
    finish(shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_foreign_words_have_rows_too() {
        let none = Table::build(&[]);
        for form in ["a", "é", "", "日本語", "It's", "ABC"] {
            let input = input(form, &form.to_lowercase(), &none, &none, 10);
            assert!(input.rows.iter().all(|&row| (row as usize) < table_rows(10)), "{form}");
            assert_eq!((input.vector, input.rows[0]), (None, 0));
        }
    }
}
