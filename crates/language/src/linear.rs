//! A linear classifier over hashed features, with 8-bit weights.

/// Weights of a classifier. The row of a feature starts wherever its hash points; rows of different features overlap,
/// which costs the same collisions as hashing each weight by itself but keeps a row in one or two cache lines.
#[derive(Clone, Debug)]
pub struct Linear<'m> {
    classes: usize,
    mask: u64,
    weights: &'m [i8],
}

impl<'m> Linear<'m> {
    /// A view of `2^bits + classes` weights; `None` where the length does not fit.
    #[must_use]
    pub fn new(classes: usize, bits: u32, weights: &'m [i8]) -> Option<Self> {
        let size = 1_usize.checked_shl(bits)?;
        (weights.len() == size + classes).then(|| Self { classes, mask: size as u64 - 1, weights })
    }

    /// Adds the weights of every feature to `scores`, one for each class.
    #[inline]
    pub fn score(&self, features: &[u64], scores: &mut [i32]) {
        let scores = &mut scores[..self.classes];
        for &feature in features {
            let start = (feature & self.mask) as usize;
            for (score, &weight) in scores.iter_mut().zip(&self.weights[start..start + self.classes]) {
                *score += i32::from(weight);
            }
        }
    }

    /// The score of a classifier with a single class: positive means yes.
    #[inline]
    #[must_use]
    pub fn score_one(&self, features: &[u64]) -> i32 {
        features.iter().map(|&f| i32::from(self.weights[(f & self.mask) as usize])).sum()
    }
}
