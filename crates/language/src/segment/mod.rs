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

/// Byte ranges of the blocks that no sentence crosses: what stands between empty lines, cut further at line breaks that
/// were set on purpose.
pub fn paragraphs(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    between_empty_lines(text).flat_map(move |range| hard_lines(text, range))
}

fn between_empty_lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
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

/// Columns at which programs break lines of running text, in characters.
const WRAPS: std::ops::RangeInclusive<usize> = 40..=120;

/// Cuts a block at its hard line breaks. A break is soft, made by a program that wraps lines, where the first word of the
/// next line would not have fitted into the widest line of the block and no bullet stands there; anything else is a heading,
/// an item of a list or a paragraph of its own.
fn hard_lines(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let block = &text[range.clone()];
    if !block.contains('\n') {
        return vec![range];
    }
    let length = |line: &str| line.trim_end().chars().count();
    let widest = block.lines().map(length).max().unwrap_or(0);
    let mut blocks = Vec::new();
    let (mut start, mut at) = (range.start, range.start);
    let mut lines = block.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        at += line.len();
        let word = lines.peek().and_then(|next| next.split_whitespace().next());
        let fits = word.is_some_and(|word| length(line) + 1 + word.chars().count() <= widest);
        let bullet = word.is_some_and(|word| matches!(word, "-" | "*" | "•" | "–" | "—" | "·" | "‣" | "▪"));
        if fits || bullet || word.is_none() || !WRAPS.contains(&widest) {
            blocks.push(start..at);
            start = at;
        }
    }
    blocks
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
        let found: Vec<_> = between_empty_lines(text).map(|r| text[r].trim()).collect();
        assert_eq!(found, ["One.\nStill one.", "Two.", "Three"]);
        assert_eq!(paragraphs("").count(), 0);
        assert_eq!(paragraphs("\n\n").map(|r| text[r].trim().len()).sum::<usize>(), 0);
    }

    #[test]
    fn wrapped_lines_stay_together_and_others_do_not() {
        let blocks = |text: &'static str| paragraphs(text).map(|r| text[r].trim()).collect::<Vec<_>>();
        let wrapped = "The foreign ministers of both countries said that\nthey would meet again in the capital long before\nthe end.";
        assert_eq!(blocks(wrapped), [wrapped]);
        assert_eq!(
            blocks("Talks resume\nThe ministers met on Monday.\n"),
            ["Talks resume", "The ministers met on Monday."]
        );
        assert_eq!(blocks("- one item\n- two\n- three"), ["- one item", "- two", "- three"]);
    }

    #[test]
    fn chunks_are_cut_at_white_space_and_length() {
        let text = format!(" a\u{a0}b {} ", "é".repeat(MAX_CHUNK + 3));
        let found: Vec<_> = chunks(&text, 0..text.len()).map(|r| text[r].chars().count()).collect();
        assert_eq!(found, [1, 1, MAX_CHUNK, 3]);
    }
}
