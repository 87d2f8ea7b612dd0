//! The MinHash sketch of one article.

use entente_messages::Article;

/// Hash functions of a sketch; the standard error of an estimated similarity `s` is `sqrt(s (1 - s) / HASHES)`.
pub(super) const HASHES: usize = 128;

/// Words of a run.
const RUN: usize = 3;

/// Texts with fewer different runs are too short to tell an edit from another text.
const MIN_RUNS: usize = 24;

/// What is remembered of an article to know its copies: 128 minima of hashed three-word runs, 256 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    minima: Box<[u16; HASHES]>,
}

/// Bytes that are no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has {} bytes, not {found}", 2 * HASHES)]
pub struct ParseFingerprintError {
    found: usize,
}

impl Fingerprint {
    /// The fingerprint of an article's body; `None` where the text is too short to be told from others.
    #[must_use]
    pub fn of(article: &Article) -> Option<Self> {
        Self::of_text(&article.body)
    }

    /// The fingerprint of a text.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let runs = runs(text);
        if runs.len() < MIN_RUNS {
            return None;
        }
        let mut minima = [u32::MAX; HASHES];
        for run in runs {
            for (minimum, (multiplier, mask)) in minima.iter_mut().zip(&FAMILY) {
                *minimum = (*minimum).min((run ^ mask).wrapping_mul(*multiplier));
            }
        }
        // The minimum of n hashes is small; mixing spreads it over all values before it is cut to 16 bits.
        let cut = minima.map(|minimum| (minimum.wrapping_mul(0x9e37_79b1) >> 16) as u16);
        Some(Self { minima: Box::new(cut) })
    }

    /// Estimated Jaccard similarity of the two texts' three-word runs, 0 to 1.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f32 {
        let same = self.minima.iter().zip(other.minima.iter()).filter(|(a, b)| a == b).count();
        #[expect(clippy::cast_precision_loss, reason = "at most 128")]
        let similarity = same as f32 / HASHES as f32;
        similarity
    }

    /// The sketch as 256 bytes, for stores shared among replicas.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.minima.iter().flat_map(|minimum| minimum.to_le_bytes()).collect()
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// Another number of bytes than a fingerprint has.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ParseFingerprintError> {
        let (pairs, rest) = bytes.as_chunks::<2>();
        if pairs.len() != HASHES || !rest.is_empty() {
            return Err(ParseFingerprintError { found: bytes.len() });
        }
        let mut minima = Box::new([0; HASHES]);
        for (minimum, pair) in minima.iter_mut().zip(pairs) {
            *minimum = u16::from_le_bytes(*pair);
        }
        Ok(Self { minima })
    }

    pub(super) fn minima(&self) -> &[u16; HASHES] {
        &self.minima
    }
}

/// Multipliers (odd, so that each function is a permutation) and masks, from a fixed seed: stored sketches stay valid.
const FAMILY: [(u32, u32); HASHES] = {
    let mut family = [(1, 0); HASHES];
    let mut state = 0x005e_ed0f_e27e_27e5_u64;
    let mut index = 0;
    while index < HASHES {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = mix(state);
        #[expect(clippy::cast_possible_truncation, reason = "the two halves of 64 random bits")]
        let pair = ((mixed >> 32) as u32 | 1, mixed as u32);
        family[index] = pair;
        index += 1;
    }
    family
};

/// Finaliser of SplitMix64.
pub(super) const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Hashes of all different three-word runs.
fn runs(text: &str) -> Vec<u32> {
    let mut last = [0_u64; RUN];
    let mut count = 0;
    let mut runs = Vec::with_capacity(text.len() / 6);
    for_each_word(text, |word| {
        last = [last[1], last[2], word];
        count += 1;
        if count >= RUN {
            let run = mix(last[0].rotate_left(14) ^ last[1].rotate_left(7) ^ last[2]);
            #[expect(clippy::cast_possible_truncation, reason = "32 of 64 well mixed bits")]
            runs.push((run >> 32) as u32);
        }
    });
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// Hashes of words: runs of letters and digits in lower case; scripts written without blanks give one word a character.
fn for_each_word(text: &str, mut each: impl FnMut(u64)) {
    let mut hash = SEED;
    for c in text.chars() {
        if is_unspaced(c) {
            if hash != SEED {
                each(mix(hash));
                hash = SEED;
            }
            each(mix(step(SEED, c)));
        } else if c.is_alphanumeric() {
            if c.is_ascii() {
                hash = step(hash, c.to_ascii_lowercase());
            } else {
                hash = c.to_lowercase().fold(hash, step);
            }
        } else if hash != SEED && !matches!(c, '\'' | '’') {
            each(mix(hash));
            hash = SEED;
        }
    }
    if hash != SEED {
        each(mix(hash));
    }
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn step(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(c)).wrapping_mul(0x0000_0100_0000_01b3)
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{e00}'..='\u{e7f}' | '\u{1780}'..='\u{17ff}' | '\u{20000}'..='\u{2ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(range: std::ops::Range<u32>) -> String {
        range.map(|n| format!("word{n} ")).collect()
    }

    #[test]
    fn setting_does_not_count_and_words_do() {
        let text = numbered(0..100);
        let a = Fingerprint::of_text(&text).unwrap();
        let b = Fingerprint::of_text(&text.to_uppercase().replace(' ', ",\n")).unwrap();
        assert!((a.similarity(&b) - 1.0).abs() < f32::EPSILON);
        let other = Fingerprint::of_text(&numbered(500..600)).unwrap();
        assert!(a.similarity(&other) < 0.05);
    }

    #[test]
    fn the_estimate_is_near_the_true_similarity() {
        // 98 runs each, 48 in common: 48 / 148 = 0.324.
        let a = Fingerprint::of_text(&numbered(0..100)).unwrap();
        let b = Fingerprint::of_text(&numbered(50..150)).unwrap();
        assert!((a.similarity(&b) - 0.324).abs() < 0.13, "{}", a.similarity(&b));
    }

    #[test]
    fn short_texts_have_none_and_unspaced_scripts_have_one() {
        assert_eq!(Fingerprint::of_text("Ministers met on Monday."), None);
        assert!(
            Fingerprint::of_text(
                "外務省は月曜日に声明を発表し、両国の首脳が来月会談することで合意したと述べた。"
            )
            .is_some()
        );
    }

    #[test]
    fn bytes_round_trip_and_wrong_lengths_are_told() {
        let a = Fingerprint::of_text(&numbered(0..100)).unwrap();
        assert_eq!(Fingerprint::from_bytes(&a.to_bytes()), Ok(a.clone()));
        let error = Fingerprint::from_bytes(&a.to_bytes()[1..]).unwrap_err();
        assert_eq!(error.to_string(), "a fingerprint has 256 bytes, not 255");
    }
}
