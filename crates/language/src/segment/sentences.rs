//! Where sentences end.

use std::ops::Range;

use super::chars::{self, Kind};
use crate::hash::{bytes, finish, mix};

/// Features at one place.
pub const FEATURES: usize = 26;

/// A surface token, as the sentence features see it.
#[derive(Clone, Copy, Debug)]
pub struct Surface {
    /// Hash of the lower-cased form.
    lower: u64,
    /// Kinds of the characters, runs shortened, as an integer.
    shape: u64,
    first: Kind,
    last: Kind,
    length: usize,
    /// Whether white space stands in front: 0 or 1.
    space: u64,
}

/// What has been open since the sentence began.
#[derive(Clone, Copy, Debug, Default)]
pub struct State {
    quotes: u32,
    brackets: i32,
}

impl State {
    /// Takes note of a token of the sentence.
    pub fn pass(&mut self, token: &Surface) {
        if token.length > 2 {
            return;
        }
        match token.first {
            b'"' | b'\x03' | b'\x04' | b'`' => self.quotes += 1,
            b'(' | b'[' => self.brackets += 1,
            b')' | b']' => self.brackets -= 1,
            _ => {}
        }
    }
}

/// Reads the tokens of one paragraph.
pub fn read(text: &str, tokens: &[Range<usize>], into: &mut Vec<Surface>) {
    into.clear();
    let mut end = tokens.first().map_or(0, |t| t.start);
    let mut lower = String::new();
    for token in tokens {
        let form = &text[token.clone()];
        lower.clear();
        lower.extend(form.chars().take(32).flat_map(char::to_lowercase));
        let mut shape = 0;
        let mut last = chars::EDGE;
        let mut run = 0;
        for c in form.chars().take(32) {
            let kind = chars::kind(c);
            run = if kind == last { run + 1 } else { 0 };
            if run < 2 {
                shape = mix(shape, u64::from(kind));
            }
            last = kind;
        }
        into.push(Surface {
            lower: bytes(5, lower.as_bytes()),
            shape,
            first: form.chars().next().map_or(chars::EDGE, chars::kind),
            last: form.chars().next_back().map_or(chars::EDGE, chars::kind),
            length: form.len(),
            space: u64::from(token.start > end),
        });
        end = token.end;
    }
}

/// Whether a sentence may end before token `next`: there is white space and the token does not begin in lower case, or
/// the token before is a closing mark.
#[inline]
#[must_use]
pub fn is_candidate(surface: &[Surface], next: usize) -> bool {
    let (before, after) = (&surface[next - 1], &surface[next]);
    let closing = !chars::is_alphanumeric(before.last) && !matches!(before.last, b',' | b'-' | b'$' | b'\'');
    closing || after.space > 0 && after.first != chars::LOWER
}

/// The hashed features of the place before token `next` of a sentence that began at `start`.
#[must_use]
pub fn features(surface: &[Surface], start: usize, next: usize, state: &State) -> [u64; FEATURES] {
    let at = |offset: isize| next.checked_add_signed(offset).and_then(|i| surface.get(i));
    let lower = |offset| at(offset).map_or(1, |t| t.lower);
    let shape = |offset| at(offset).map_or(2, |t| t.shape);
    let space = |offset| at(offset).map_or(3, |t| t.space);
    let last = u64::from(surface[next - 1].last);
    let first = u64::from(surface[next].first);
    let gap = space(0);
    let length = (next - start) as u64;
    let bucket = match length {
        0..=4 => length,
        5..=8 => 5,
        9..=16 => 6,
        17..=40 => 7,
        _ => 8,
    };
    let open = u64::from(state.quotes % 2) << 1 | u64::from(state.brackets > 0);
    let parts = [
        mix(last, first),
        mix(mix(last, first), gap),
        mix(lower(-1), gap),
        mix(lower(0), gap),
        mix(mix(lower(-1), first), gap),
        mix(mix(last, lower(0)), gap),
        mix(mix(lower(-1), lower(0)), gap),
        mix(shape(-1), shape(0)),
        mix(mix(shape(-1), shape(0)), mix(shape(1), gap)),
        mix(mix(shape(-2), shape(-1)), mix(shape(0), gap)),
        mix(mix(shape(-2), shape(-1)), mix(shape(0), shape(1))),
        mix(lower(-2), lower(-1)),
        mix(mix(lower(-2), lower(-1)), shape(0)),
        mix(lower(0), lower(1)),
        mix(mix(shape(-1), lower(0)), lower(1)),
        mix(mix(last, first), mix(bucket, gap)),
        mix(mix(lower(-1), first), bucket),
        mix(mix(last, first), mix(open, gap)),
        mix(mix(lower(-1), shape(0)), mix(open, gap)),
        mix(mix(gap, space(1)), mix(lower(-1), shape(0))),
        mix(mix(space(-1), gap), mix(shape(-1), shape(0))),
        mix(mix(shape(-3), shape(-2)), mix(shape(-1), shape(0))),
        mix(mix(shape(0), shape(1)), mix(shape(2), last)),
        mix(mix(length, lower(-2)), mix(lower(-1), first)),
        mix(mix(gap, last), mix(surface[start].shape, first)),
        mix(bucket, mix(shape(0), gap)),
    ];
    let mut features = [0; FEATURES];
    for (i, (feature, part)) in features.iter_mut().zip(parts).enumerate() {
        *feature = finish(mix(part, i as u64 + 201));
    }
    features
}
