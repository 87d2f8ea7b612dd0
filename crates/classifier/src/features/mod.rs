//! What the linear models see of a pair: hashed features in groups, each group of length one.

mod around;
mod classes;
mod ngrams;
mod syntax;

use crate::bytes::{ModelError, Reader, Writer};
use crate::pair::{PairInput, View};

/// Number of feature groups.
pub(crate) const GROUPS: usize = 6;
/// How much each group counts, by measurement on the development pairs.
pub(crate) const WEIGHTS: [f32; GROUPS] = [1.0; GROUPS];

/// Which group a feature belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Group {
    /// Runs of one to three words with the actors masked.
    Ngrams = 0,
    /// Words before, between and behind the actors.
    Around = 1,
    /// The predicates that join the actors, and how the actors hang on them.
    Predicate = 2,
    /// Negation, modals, tense, what governs the predicate.
    Operators = 3,
    /// The predicate's other arguments.
    Arguments = 4,
    /// Groups of meaning.
    Classes = 5,
}

/// How rare each bucket is in the training data: the logarithm of the inverse share of rows that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rarity {
    /// There are `1 << bits` buckets.
    pub bits: u32,
    /// Sixteenths of the logarithm, plus one.
    steps: Vec<u8>,
}

impl Rarity {
    /// Counts the buckets of the training data.
    #[must_use]
    pub fn count<'a>(bits: u32, rows: impl Iterator<Item = &'a Features>) -> Self {
        let mut counts = vec![0_usize; 1 << bits];
        let mut total = 0;
        for row in rows {
            total += 1;
            let mut seen: Vec<u32> = row.hashes.iter().map(|(h, _)| h >> (32 - bits)).collect();
            seen.sort_unstable();
            seen.dedup();
            seen.iter().for_each(|&b| counts[b as usize] += 1);
        }
        Self { bits, steps: counts.into_iter().map(|c| log_step(total, c)).collect() }
    }

    fn of(&self, bucket: u32) -> f32 {
        f32::from(self.steps[bucket as usize]) / 16.0
    }

    /// A row for each bucket whose step is at most `rarest`, in order; `u32::MAX` for the others; and their number.
    pub(crate) fn rows(&self, rarest: u8) -> (Vec<u32>, usize) {
        let mut next = 0;
        let rows = self.steps.iter().map(|&step| {
            if step > rarest {
                return u32::MAX;
            }
            next += 1;
            next - 1
        });
        let rows = rows.collect();
        (rows, next as usize)
    }

    /// The step of buckets that `count` of `total` rows have: what is rarer has a larger one.
    #[must_use]
    pub fn step(total: usize, count: usize) -> u8 {
        log_step(total, count)
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.u32(self.bits);
        out.bytes(&self.steps);
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Result<Self, ModelError> {
        let bits = input.u32()?;
        let steps = input.bytes()?.to_vec();
        if !(1..=24).contains(&bits) || steps.len() != 1 << bits {
            return Err(ModelError("the table of rarity has the wrong size"));
        }
        Ok(Self { bits, steps })
    }
}

/// The features of one pair.
#[derive(Clone, Debug, Default)]
pub struct Features {
    hashes: Vec<(u32, u8)>,
}

impl Features {
    /// Reads the features of a pair.
    #[must_use]
    pub fn of(input: &PairInput<'_>) -> Self {
        let view = View::new(input);
        let mut out = Self { hashes: Vec::with_capacity(512) };
        ngrams::add(&view, &mut out);
        around::add(&view, &mut out);
        let way = if view.has_tree { syntax::add(&view, &mut out) } else { Vec::new() };
        classes::add(&view, &way, &mut out);
        out
    }

    /// Buckets with their values, sorted and each once; rare features count more, and each group has length one.
    #[must_use]
    pub fn buckets(&self, rarity: &Rarity) -> Vec<(u32, f32)> {
        let mut out: Vec<(u32, u8, f32)> = self
            .hashes
            .iter()
            .map(|&(hash, group)| {
                let bucket = hash >> (32 - rarity.bits);
                (bucket, group, rarity.of(bucket))
            })
            .collect();
        out.sort_unstable_by_key(|&(bucket, group, _)| (bucket, group));
        out.dedup_by_key(|e| e.0);
        let mut squares = [0_f32; GROUPS];
        for &(_, group, value) in &out {
            squares[usize::from(group)] += value * value;
        }
        let scale: [f32; GROUPS] =
            std::array::from_fn(|g| WEIGHTS[g] / squares[g].sqrt().max(f32::MIN_POSITIVE));
        out.into_iter().map(|(bucket, group, value)| (bucket, value * scale[usize::from(group)])).collect()
    }

    pub(crate) fn add(&mut self, group: Group, parts: &[&str]) {
        self.hashes.push((hash(group, parts), group as u8));
    }
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small counts; the result is clamped"
)]
fn log_step(total: usize, count: usize) -> u8 {
    let log = ((1.0 + total as f32) / (1.0 + count as f32)).ln() + 1.0;
    (log * 16.0).round().min(255.0) as u8
}

/// FNV-1a over the group and the parts, spread so that the high bits can be used.
fn hash(group: Group, parts: &[&str]) -> u32 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64 ^ (u64::from(group as u8) + 1);
    for part in parts {
        for &b in part.as_bytes() {
            h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
        h = (h ^ 0xff).wrapping_mul(0x0100_0000_01b3);
    }
    (h.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}
