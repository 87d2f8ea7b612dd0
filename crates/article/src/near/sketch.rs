//! The MinHash sketch of one article.

use entente_messages::Article;

/// Minima of a sketch; the standard error of an estimated similarity `s` is near `sqrt(s (1 - s) / HASHES)`.
pub(super) const HASHES: usize = 128;

/// Words of a run.
const RUN: usize = 3;

/// Texts with fewer different runs are too short to tell an edit from another report in the same words.
const MIN_RUNS: usize = 60;

/// Hash functions of the sketch of names and numbers.
const NAME_HASHES: usize = 64;

/// With fewer names and numbers the text is judged by its runs alone.
const MIN_NAMES: usize = 4;

/// What is remembered of an article to know its copies, in 384 bytes: 128 minima of hashed three-word runs, and 64
/// minima of its hashed names and numbers.
///
/// Reports made from one mould (markets, weather, match reports, bulletins) share most of their words and differ in
/// names and numbers; an edited copy keeps those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(Box<[u16; SIZE]>);

/// Minima of both sketches.
const SIZE: usize = HASHES + NAME_HASHES;

/// Where too few names and numbers were found; no minimum of several takes this value often enough to matter.
const NO_NAMES: [u16; NAME_HASHES] = [u16::MAX; NAME_HASHES];

/// Bytes that are no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has {} bytes, not {found}", 2 * SIZE)]
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
        let Hashed { runs, names } = hash(text);
        if runs.len() < MIN_RUNS {
            return None;
        }
        let mut minima = Box::new([0; SIZE]);
        minima[..HASHES].copy_from_slice(&sketch::<HASHES>(&runs));
        let names = if names.len() < MIN_NAMES { NO_NAMES } else { sketch::<NAME_HASHES>(&names) };
        minima[HASHES..].copy_from_slice(&names);
        Some(Self(minima))
    }

    /// Estimated Jaccard similarity of the two texts' three-word runs, 0 to 1.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f32 {
        share_of_equals(self.minima(), other.minima())
    }

    /// Estimated Jaccard similarity of the two texts' names and numbers; `None` where one has too few.
    #[must_use]
    pub fn name_similarity(&self, other: &Self) -> Option<f32> {
        let (own, others) = (self.names(), other.names());
        (*own != NO_NAMES && *others != NO_NAMES).then(|| share_of_equals(own, others))
    }

    /// The sketch as 384 bytes, for stores shared among replicas.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|minimum| minimum.to_le_bytes()).collect()
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// Another number of bytes than a fingerprint has.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ParseFingerprintError> {
        let (pairs, rest) = bytes.as_chunks::<2>();
        if pairs.len() != SIZE || !rest.is_empty() {
            return Err(ParseFingerprintError { found: bytes.len() });
        }
        let mut minima = Box::new([0; SIZE]);
        for (minimum, pair) in minima.iter_mut().zip(pairs) {
            *minimum = u16::from_le_bytes(*pair);
        }
        Ok(Self(minima))
    }

    pub(super) fn minima(&self) -> &[u16; HASHES] {
        self.0.first_chunk().unwrap_or(&[0; HASHES])
    }

    fn names(&self) -> &[u16; NAME_HASHES] {
        self.0.last_chunk().unwrap_or(&NO_NAMES)
    }
}

fn share_of_equals<const N: usize>(a: &[u16; N], b: &[u16; N]) -> f32 {
    let same = a.iter().zip(b).filter(|(a, b)| a == b).count();
    #[expect(clippy::cast_precision_loss, reason = "at most 128")]
    let share = same as f32 / N as f32;
    share
}

/// Hash functions that are computed; each parts the set into bins and gives the minimum of each bin.
const FUNCTIONS: usize = 4;

/// Minima of a set. A hash function for each minimum would cost as many products an element as there are minima; one that
/// parts the set into bins by its high bits gives one minimum a bin ("one permutation hashing"). Four functions with a
/// quarter of the bins each leave few bins empty, and those borrow the minimum of another one.
fn sketch<const N: usize>(set: &[u32]) -> [u16; N] {
    let bins = N / FUNCTIONS;
    let bits = bins.trailing_zeros();
    let mut minima = [EMPTY; N];
    for (function, minima) in minima.chunks_exact_mut(bins).enumerate() {
        let (multiplier, mask) = FAMILY[function];
        for element in set {
            let hash = (element ^ mask).wrapping_mul(multiplier);
            let minimum = &mut minima[(hash >> (32 - bits)) as usize & (bins - 1)];
            *minimum = (*minimum).min(hash << bits);
        }
    }
    fill(&mut minima);
    // The minimum of n hashes is small; mixing spreads it over all values before it is cut to 16 bits.
    minima.map(|minimum| (minimum.wrapping_mul(0x9e37_79b1) >> 16) as u16)
}

/// No hash: its low bits are never all set.
const EMPTY: u32 = u32::MAX;

/// Each empty bin takes the minimum of the first bin with one that a chain of its own leads to: two alike sets are led to
/// the same one.
fn fill<const N: usize>(minima: &mut [u32; N]) {
    let known = *minima;
    if known.iter().all(|minimum| *minimum == EMPTY) {
        return;
    }
    for (bin, minimum) in minima.iter_mut().enumerate() {
        let mut step = bin as u64 + 1;
        while *minimum == EMPTY {
            step = mix(step.wrapping_add(0x9e37_79b9_7f4a_7c15));
            #[expect(clippy::cast_possible_truncation, reason = "below N")]
            let from = (step % N as u64) as usize;
            *minimum = known[from];
        }
    }
}

/// Multipliers (odd, so that each function is a permutation) and masks, from a fixed seed: stored sketches stay valid.
const FAMILY: [(u32, u32); FUNCTIONS] = {
    let mut family = [(1, 0); FUNCTIONS];
    let mut state = 0x005e_ed0f_e27e_27e5_u64;
    let mut index = 0;
    while index < FUNCTIONS {
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

/// The two sets of a text, each hash once.
struct Hashed {
    runs: Vec<u32>,
    names: Vec<u32>,
}

fn hash(text: &str) -> Hashed {
    let mut last = [0_u64; RUN];
    let mut count = 0;
    let mut runs = Vec::with_capacity(text.len() / 6);
    let mut names = Vec::with_capacity(text.len() / 40);
    for_each_word(text, |word, is_name| {
        last = [last[1], last[2], word];
        count += 1;
        if count >= RUN {
            runs.push(high(mix(last[0].rotate_left(14) ^ last[1].rotate_left(7) ^ last[2])));
        }
        if is_name {
            names.push(high(word));
        }
    });
    for set in [&mut runs, &mut names] {
        set.sort_unstable();
        set.dedup();
    }
    Hashed { runs, names }
}

fn high(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Hashes of words, runs of letters and digits in lower case, and whether each is a number or has a capital inside a
/// sentence. Scripts written without blanks give one word a character.
fn for_each_word(text: &str, mut each: impl FnMut(u64, bool)) {
    let mut hash = SEED;
    let mut is_name = false;
    let mut sentence_starts = true;
    for c in text.chars() {
        if is_unspaced(c) {
            if hash != SEED {
                each(mix(hash), is_name);
                hash = SEED;
            }
            each(mix(step(SEED, c)), false);
        } else if c.is_alphanumeric() {
            if hash == SEED {
                is_name = c.is_numeric() || (c.is_uppercase() && !sentence_starts);
                sentence_starts = false;
            }
            if c.is_ascii() {
                hash = step(hash, c.to_ascii_lowercase());
            } else {
                hash = c.to_lowercase().fold(hash, step);
            }
        } else if !matches!(c, '\'' | '’') {
            if hash != SEED {
                each(mix(hash), is_name);
                hash = SEED;
            }
            sentence_starts |= matches!(c, '.' | '!' | '?' | ':' | '"' | '“' | '„' | '«' | '\n');
        }
    }
    if hash != SEED {
        each(mix(hash), is_name);
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
    fn reports_from_one_mould_differ_in_names_and_numbers() {
        let report = |town: &str, number: u32| {
            format!(
                "Shares on the exchange of {town} closed {number} points higher on the day, led by {town} Shipping and the bank of \
                 {town}, while the price of copper fell by {} percent. Traders said that the {town} index of {} shares had \
                 been supported by {} buyers from abroad, {} of them in {town}, and by a report of the {town} Chamber. The chamber had written \
                 that orders from the mines of {town} would grow again next year, as new ships were being built for the trade.",
                number + 1,
                number + 2,
                number + 3,
                number + 4
            )
        };
        let (a, b) = (report("Harstad", 10), report("Arequipa", 70));
        let copy = a.replace("on the day", "yesterday").replace("Traders", "Dealers");
        let [a, b, copy] = [a, b, copy].map(|text| Fingerprint::of_text(&text).unwrap());
        assert!(a.name_similarity(&copy).unwrap_or(1.0) > 0.9);
        assert!(
            a.name_similarity(&b).is_none_or(|similarity| similarity < 0.4),
            "{:?}",
            a.name_similarity(&b)
        );
    }

    #[test]
    fn short_texts_have_none_and_unspaced_scripts_have_one() {
        assert_eq!(Fingerprint::of_text("Ministers met on Monday."), None);
        assert!(
            Fingerprint::of_text(
                "外務省は月曜日に声明を発表し、両国の首脳が来月会談することで合意したと述べた。会談では国境の検問所と漁業の問題が話し合われる予定で、日程は来週までに決まるという。"
            )
            .is_some()
        );
    }

    #[test]
    fn bytes_round_trip_and_wrong_lengths_are_told() {
        let a = Fingerprint::of_text(&numbered(0..100)).unwrap();
        assert_eq!(Fingerprint::from_bytes(&a.to_bytes()), Ok(a.clone()));
        let error = Fingerprint::from_bytes(&a.to_bytes()[1..]).unwrap_err();
        assert_eq!(error.to_string(), "a fingerprint has 384 bytes, not 383");
    }
}
