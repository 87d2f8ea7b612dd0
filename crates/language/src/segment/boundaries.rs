//! Where tokens end inside a run of characters without white space.

use std::ops::Range;

use super::chars::{self, DIGIT, EDGE, Kind, LOWER, UPPER};
use crate::hash::{bytes, finish, mix};

/// Features at one place.
pub const FEATURES: usize = 18;

/// A run of characters without white space, with what follows it.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// Byte offsets of the characters, and the end.
    offsets: Vec<usize>,
    kinds: Vec<Kind>,
    /// Lower-cased characters.
    lower: Vec<char>,
    /// For each character, the start of the run of letters or digits it stands in, or itself.
    run_start: Vec<usize>,
    /// Hashes of `lower[..i]`.
    prefix: Vec<u64>,
    /// Hashes of `lower[i..]`, read backwards.
    suffix: Vec<u64>,
    /// Kind of the first character of the next chunk of the paragraph, and of the one after.
    next: [Kind; 2],
    /// Shape of the whole chunk: address, number, ...
    flags: u64,
}

/// Whether a chunk is a single word without a doubt, which most are: ASCII letters only.
#[inline]
#[must_use]
pub fn is_plain_word(chunk: &[u8]) -> bool {
    chunk.iter().all(u8::is_ascii_alphabetic)
}

impl Chunk {
    /// Reads the characters of a range of a text.
    pub fn read(&mut self, text: &str, range: Range<usize>) {
        self.offsets.clear();
        self.kinds.clear();
        self.lower.clear();
        self.run_start.clear();
        for (offset, c) in text[range.clone()].char_indices() {
            let kind = chars::kind(c);
            let at = self.kinds.len();
            let continues =
                at > 0 && chars::is_alphanumeric(kind) && chars::is_alphanumeric(self.kinds[at - 1]);
            self.run_start.push(if continues { self.run_start[at - 1] } else { at });
            self.offsets.push(range.start + offset);
            self.kinds.push(kind);
            self.lower.push(if c.is_ascii() {
                c.to_ascii_lowercase()
            } else {
                c.to_lowercase().next().unwrap_or(c)
            });
        }
        self.offsets.push(range.end);
        self.hash_ends();
        self.next = next_kinds(&text[range.end..]);
        self.flags = self.shape();
    }

    fn hash_ends(&mut self) {
        let step = |hash, &c: &char| mix(hash, u64::from(u32::from(c)));
        self.prefix.clear();
        self.prefix.push(1);
        for c in &self.lower {
            self.prefix.push(step(self.prefix[self.prefix.len() - 1], c));
        }
        self.suffix.clear();
        self.suffix.resize(self.lower.len() + 1, 2);
        for (i, c) in self.lower.iter().enumerate().rev() {
            self.suffix[i] = step(self.suffix[i + 1], c);
        }
    }

    fn shape(&self) -> u64 {
        let has = |wanted: Kind| self.kinds.contains(&wanted);
        let starts =
            |prefix: &str| prefix.chars().zip(&self.lower).filter(|(a, b)| a == *b).count() == prefix.len();
        let letters = has(UPPER) || has(LOWER);
        let dots = self.kinds.iter().filter(|&&k| k == b'.').count().min(3) as u64;
        let bits = [
            has(b'@') && has(b'.'),
            starts("http") || starts("www.") || starts("ftp:"),
            has(b'/') && letters,
            has(DIGIT),
            letters,
            has(b'_'),
            has(b'-'),
            !letters && !has(DIGIT),
        ];
        bits.iter().fold(dots, |flags, &bit| flags << 1 | u64::from(bit))
    }

    /// Number of characters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Byte offset of the character at `place` in the text, or of the end.
    #[must_use]
    pub fn offset(&self, place: usize) -> usize {
        self.offsets[place]
    }

    /// Whether a token may end before the character at `place`: anywhere but between letters or between digits.
    #[inline]
    #[must_use]
    pub fn is_candidate(&self, place: usize) -> bool {
        let (before, after) = (self.kinds[place - 1], self.kinds[place]);
        let letter = |k| k == UPPER || k == LOWER;
        !(letter(before) && letter(after) || before == DIGIT && after == DIGIT)
    }

    /// Whether a token ends at `place` without asking the classifier: before a pictograph behind something else.
    #[must_use]
    pub fn is_certain(&self, place: usize) -> bool {
        self.kinds[place] == chars::PICTURE && self.kinds[place - 1] != chars::PICTURE
    }

    fn kind(&self, at: isize) -> u64 {
        let kind = usize::try_from(at).ok().and_then(|at| self.kinds.get(at));
        u64::from(kind.copied().unwrap_or(EDGE))
    }

    /// The hashed features of a place.
    #[must_use]
    pub fn features(&self, place: usize) -> [u64; FEATURES] {
        let at = place as isize;
        let window = |from: isize, to: isize| (from..to).fold(0, |hash, i| hash << 8 | self.kind(at + i));
        let (before, after) =
            (u64::from(u32::from(self.lower[place - 1])), u64::from(u32::from(self.lower[place])));
        let pair = window(-1, 1);
        let left = self.run_before(place);
        let right = self.run_after(place);
        let rest = (self.len() - place).min(4) as u64;
        let next = u64::from(self.next[0]) << 8 | u64::from(self.next[1]);
        let punctuation = self.kinds[place..].iter().all(|&k| !chars::is_alphanumeric(k));
        let follow = if punctuation { next } else { 1 };
        let parts = [
            pair,
            window(-2, 1),
            window(-1, 2),
            window(-2, 2),
            window(-3, 3),
            window(-4, 1),
            window(-1, 4),
            mix(mix(left, pair), before),
            mix(mix(right, pair), after),
            mix(mix(left, right), pair),
            mix(self.prefix[place], after),
            mix(self.suffix[place], before),
            mix(mix(self.prefix[self.len()], place as u64), self.len() as u64),
            mix(self.flags, window(-1, 1)),
            mix(self.flags, window(-2, 2)),
            mix(mix(follow, rest), window(-2, 1)),
            mix(mix(follow, self.prefix[place]), after),
            mix(mix(before, after), mix(self.flags & 0b111, rest)),
        ];
        let mut features = [0; FEATURES];
        for (i, (feature, part)) in features.iter_mut().zip(parts).enumerate() {
            *feature = finish(mix(part, i as u64 + 101));
        }
        features
    }

    /// Hash of the run of letters and digits that ends at `place`, or before the sign that stands there.
    fn run_before(&self, place: usize) -> u64 {
        let mut end = place;
        if !chars::is_alphanumeric(self.kinds[end - 1]) && end > 1 {
            end -= 1;
        }
        self.hash(self.run_start[end - 1]..end)
    }

    /// Hash of the run of letters and digits that starts at `place`, or behind the sign that stands there.
    fn run_after(&self, place: usize) -> u64 {
        let mut start = place;
        if !chars::is_alphanumeric(self.kinds[start]) && start + 1 < self.len() {
            start += 1;
        }
        let length = self.kinds[start..].iter().take_while(|&&k| chars::is_alphanumeric(k)).count();
        self.hash(start..start + length.max(1))
    }

    fn hash(&self, range: Range<usize>) -> u64 {
        self.lower[range].iter().fold(3, |hash, &c| mix(hash, u64::from(u32::from(c))))
    }
}

/// Kinds of the first two characters of what follows in the same paragraph; a blank line is an edge.
fn next_kinds(rest: &str) -> [Kind; 2] {
    let mut newlines = 0;
    let mut chars =
        rest.chars().inspect(|&c| newlines += usize::from(c == '\n')).skip_while(|&c| chars::is_space(c));
    let first = chars.next();
    let second = chars.next();
    drop(chars);
    match first {
        Some(c) if newlines < 2 => [chars::kind(c), second.map_or(EDGE, chars::kind)],
        _ => [EDGE; 2],
    }
}

/// Hash of a lower-cased word, for lists of words.
#[must_use]
pub fn word_hash(word: &str) -> u64 {
    finish(bytes(11, word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(text: &str) -> Chunk {
        let mut chunk = Chunk::default();
        chunk.read(text, 0..text.split(' ').next().map_or(0, str::len));
        chunk
    }

    #[test]
    fn words_and_numbers_stay_whole() {
        let chunk = chunk("It’s5pm, no");
        let places: Vec<_> =
            (1..chunk.len()).filter(|&i| chunk.is_candidate(i)).map(|i| chunk.offset(i)).collect();
        assert_eq!(places, [2, 5, 6, 7, 9]);
    }

    #[test]
    fn features_see_what_follows() {
        let (a, b) = (chunk("Jan. 5"), chunk("Jan. The"));
        assert_ne!(a.features(3), b.features(3));
        assert_eq!(a.features(3)[0], b.features(3)[0]);
    }
}
