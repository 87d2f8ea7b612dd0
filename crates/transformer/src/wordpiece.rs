//! The tokenizer of uncased BERT: words to pieces of a fixed vocabulary.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// A longer word becomes the unknown piece, as in the original.
const LONGEST_WORD: usize = 100;

/// Words to piece numbers.
#[derive(Clone, Debug)]
pub struct WordPiece {
    pieces: HashMap<String, u32>,
    names: Vec<String>,
    unknown: u32,
    start: u32,
    end: u32,
}

impl WordPiece {
    /// A tokenizer of these pieces, numbered in order; `None` where a piece that every text needs is missing.
    #[must_use]
    pub fn new<'a>(vocabulary: impl Iterator<Item = &'a str>) -> Option<Self> {
        let names: Vec<String> = vocabulary.map(str::to_owned).collect();
        let pieces: HashMap<String, u32> = names.iter().cloned().zip(0..).collect();
        let special = |name: &str| pieces.get(name).copied();
        let (unknown, start, end) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Some(Self { pieces, names, unknown, start, end })
    }

    /// The number of a piece.
    #[must_use]
    pub fn piece(&self, piece: &str) -> Option<u32> {
        self.pieces.get(piece).copied()
    }

    /// The piece of a number; empty for a number beyond the vocabulary.
    #[must_use]
    pub fn name(&self, piece: u32) -> &str {
        self.names.get(piece as usize).map_or("", String::as_str)
    }

    /// The pieces of a text between the two that open and close it, `longest` at most.
    #[must_use]
    pub fn encode(&self, text: &str, longest: usize) -> Vec<u32> {
        let mut out = vec![self.start];
        let mut word = String::new();
        for c in normal(text) {
            if c == ' ' {
                self.push(&word, &mut out);
                word.clear();
            } else if is_punctuation(c) {
                self.push(&word, &mut out);
                word.clear();
                self.push(c.encode_utf8(&mut [0; 4]), &mut out);
            } else {
                word.push(c);
            }
        }
        self.push(&word, &mut out);
        out.truncate(longest.saturating_sub(1));
        out.push(self.end);
        out
    }

    /// The longest pieces of a word from left to right.
    fn push(&self, word: &str, out: &mut Vec<u32>) {
        if word.is_empty() {
            return;
        }
        if word.chars().count() > LONGEST_WORD {
            out.push(self.unknown);
            return;
        }
        let before = out.len();
        let mut candidate = String::with_capacity(word.len() + 2);
        let mut start = 0;
        while start < word.len() {
            let ends = word[start..].char_indices().rev().map(|(i, c)| start + i + c.len_utf8());
            let found = ends.map(|end| {
                candidate.clear();
                if start > 0 {
                    candidate.push_str("##");
                }
                candidate.push_str(&word[start..end]);
                self.pieces.get(candidate.as_str()).map(|&piece| (piece, end))
            });
            let Some((piece, end)) = found.flatten().next() else {
                out.truncate(before);
                out.push(self.unknown);
                return;
            };
            out.push(piece);
            start = end;
        }
    }
}

/// Lower case without accents and control characters, every blank a space, ideographs apart.
fn normal(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .filter(|&c| !is_control(c))
        .flat_map(|c| {
            let parts: [Option<char>; 3] = if is_blank(c) {
                [Some(' '), None, None]
            } else if is_ideograph(c) {
                [Some(' '), Some(c), Some(' ')]
            } else {
                [Some(c), None, None]
            };
            parts.into_iter().flatten()
        })
        .nfd()
        .filter(|c| c.general_category() != GeneralCategory::NonspacingMark)
        .flat_map(char::to_lowercase)
}

fn is_control(c: char) -> bool {
    let kept = matches!(c, '\t' | '\n' | '\r');
    c == '\0' || c == '\u{fffd}' || !kept && c.general_category_group() == GeneralCategoryGroup::Other
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() || c.general_category_group() == GeneralCategoryGroup::Punctuation
}

fn is_ideograph(c: char) -> bool {
    matches!(u32::from(c),
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x2_0000..=0x2_A6DF | 0x2_A700..=0x2_B73F | 0x2_B740..=0x2_B81F
        | 0x2_B920..=0x2_CEAF | 0xF900..=0xFAFF | 0x2_F800..=0x2_FA1F)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokenizer() -> WordPiece {
        let pieces =
            ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##able", "##a", "talk", "##s", ",", "cafe", "^"];
        WordPiece::new(pieces.into_iter()).expect("the special pieces are there")
    }

    #[test]
    fn takes_the_longest_pieces() {
        let t = tokenizer();
        assert_eq!(t.encode("Unable talks,", 20), [2, 4, 5, 7, 8, 9, 3]);
        assert_eq!(t.encode("Café^\ttalk", 20), [2, 10, 11, 7, 3]);
        assert_eq!(t.encode("unknown", 20), [2, 1, 3]);
        assert_eq!(t.encode("", 20), [2, 3]);
        assert_eq!(t.encode("talk talk talk", 4), [2, 7, 7, 3]);
    }

    #[test]
    fn needs_the_special_pieces() {
        assert!(WordPiece::new(["talk"].into_iter()).is_none());
    }
}
