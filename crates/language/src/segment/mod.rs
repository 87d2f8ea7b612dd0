//! From text to sentences of surface tokens with exact byte offsets.
//!
//! White space always separates tokens and an empty line always separates sentences. Inside a run of other characters a
//! linear classifier decides at every place where a token could end, and a second one decides after every token that
//! could end a sentence. Both are trained on the treebanks; what they look at stands in [`boundaries`] and [`sentences`].

pub mod boundaries;
pub mod chars;
pub mod sentences;

use std::ops::Range;

use crate::linear::Linear;
use boundaries::Chunk;
use sentences::Surface;

/// Longest sentence in surface tokens; a longer run is cut, so that the cost of parsing stays bounded.
pub const MAX_SENTENCE: usize = 160;

/// Longest run without white space that is looked at as a whole, in characters; longer ones are cut.
pub const MAX_CHUNK: usize = 256;

/// The two classifiers.
#[derive(Clone, Debug)]
pub struct Segmenter<'m> {
    /// Whether a token ends at a place.
    pub tokens: Linear<'m>,
    /// Whether a sentence ends behind a token.
    pub sentences: Linear<'m>,
}

/// A sentence as a range of [`Segments::tokens`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Indices of its tokens.
    pub tokens: Range<usize>,
    /// Whether it opens a paragraph.
    pub starts_paragraph: bool,
}

/// A segmented text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segments {
    /// Byte ranges of the surface tokens.
    pub tokens: Vec<Range<usize>>,
    /// The sentences, in order, covering all tokens.
    pub sentences: Vec<Span>,
}

impl Segmenter<'_> {
    /// Segments a text. Total: takes any string.
    #[must_use]
    pub fn segment(&self, text: &str) -> Segments {
        let mut segments = Segments::default();
        let mut chunk = Chunk::default();
        let mut surface = Vec::new();
        for paragraph in paragraphs(text) {
            let first = segments.tokens.len();
            for range in chunks(text, paragraph) {
                self.split_chunk(text, range, &mut chunk, &mut segments.tokens);
            }
            self.split_sentences(text, first, &mut surface, &mut segments);
        }
        segments
    }

    fn split_chunk(
        &self,
        text: &str,
        range: Range<usize>,
        chunk: &mut Chunk,
        tokens: &mut Vec<Range<usize>>,
    ) {
        if boundaries::is_plain_word(&text.as_bytes()[range.clone()]) {
            tokens.push(range);
            return;
        }
        chunk.read(text, range.clone());
        let mut start = range.start;
        for place in 1..chunk.len() {
            if !chunk.is_candidate(place) {
                continue;
            }
            let ends = chunk.is_certain(place) || self.tokens.score_one(&chunk.features(place)) > 0;
            if ends {
                tokens.push(start..chunk.offset(place));
                start = chunk.offset(place);
            }
        }
        tokens.push(start..range.end);
    }

    fn split_sentences(&self, text: &str, first: usize, surface: &mut Vec<Surface>, segments: &mut Segments) {
        sentences::read(text, &segments.tokens[first..], surface);
        let mut state = sentences::State::default();
        let mut start = 0;
        let mut push = |start: usize, end: usize| {
            if end > start {
                segments
                    .sentences
                    .push(Span { tokens: first + start..first + end, starts_paragraph: start == 0 });
            }
        };
        for next in 1..surface.len() {
            state.pass(&surface[next - 1]);
            let ends = next - start >= MAX_SENTENCE
                || sentences::is_candidate(surface, next)
                    && self.sentences.score_one(&sentences::features(surface, start, next, &state)) > 0;
            if ends {
                push(start, next);
                start = next;
                state = sentences::State::default();
            }
        }
        push(start, surface.len());
    }
}

/// Byte ranges between empty lines.
pub fn paragraphs(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let start = at;
        let bytes = text.as_bytes();
        let mut end = start;
        while let Some(newline) = bytes[end..].iter().position(|&b| b == b'\n') {
            let after = end + newline + 1;
            let rest = &text[after..];
            let blank = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
            if rest[..blank].contains('\n') || blank == rest.len() {
                at = after + blank;
                return Some(start..after - 1);
            }
            end = after + blank;
        }
        at = text.len();
        Some(start..text.len())
    })
}

/// Byte ranges without white space, cut where they are too long.
fn chunks(text: &str, within: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = within.start;
    std::iter::from_fn(move || {
        let rest = &text[at..within.end];
        let skipped = rest.find(|c: char| !chars::is_space(c))?;
        let start = at + skipped;
        let mut end = start;
        for (count, (offset, c)) in text[start..within.end].char_indices().enumerate() {
            if count == MAX_CHUNK || chars::is_space(c) {
                break;
            }
            end = start + offset + c.len_utf8();
        }
        at = end;
        Some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_end_paragraphs() {
        let text = "One.\nStill one.\n \nTwo.\r\n\r\n\n Three";
        let found: Vec<_> = paragraphs(text).map(|r| text[r].trim()).collect();
        assert_eq!(found, ["One.\nStill one.", "Two.", "Three"]);
        assert_eq!(paragraphs("").count(), 0);
        assert_eq!(paragraphs("\n\n").map(|r| text[r].trim().len()).sum::<usize>(), 0);
    }

    #[test]
    fn chunks_are_cut_at_white_space_and_length() {
        let text = format!(" a\u{a0}b {} ", "é".repeat(MAX_CHUNK + 3));
        let found: Vec<_> = chunks(&text, 0..text.len()).map(|r| text[r].chars().count()).collect();
        assert_eq!(found, [1, 1, MAX_CHUNK, 3]);
    }
}
