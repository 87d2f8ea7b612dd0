//! A linear model over hashed features: one row of small integers a bucket, one column a label.

use crate::bytes::{ModelError, Reader, Writer};
use crate::features::Rarity;

/// Scores of labels from hashed features.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// What is told apart, in the order of the columns.
    pub labels: Vec<String>,
    /// Buckets rarer than this step have no row.
    rarest: u8,
    /// The row of each bucket, `u32::MAX` for those without.
    rows: Vec<u32>,
    /// What one unit of a label's weights is worth.
    scales: Vec<f32>,
    biases: Vec<f32>,
    /// Row after row.
    weights: Vec<i8>,
}

impl Linear {
    /// Rounds weights (`rows x labels`, row after row) to eight bits, label by label. Rows are those that `rarity`
    /// numbers up to the step `rarest`.
    ///
    /// # Panics
    /// If `weights` has not one value for each row and label or `biases` not one for each label.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, reason = "rounded values lie within -127..=127")]
    pub fn quantise(
        labels: Vec<String>,
        rarity: &Rarity,
        rarest: u8,
        weights: &[f32],
        biases: Vec<f32>,
    ) -> Self {
        let k = labels.len();
        let (rows, count) = rarity.rows(rarest);
        assert_eq!(weights.len(), k * count);
        assert_eq!(biases.len(), k);
        let scales: Vec<f32> = (0..k)
            .map(|c| {
                let largest = weights.iter().skip(c).step_by(k).fold(0_f32, |m, w| m.max(w.abs()));
                if largest > 0.0 { largest / 127.0 } else { 1.0 }
            })
            .collect();
        let weights = weights.iter().enumerate().map(|(i, w)| (w / scales[i % k]).round() as i8).collect();
        Self { labels, rarest, rows, scales, biases, weights }
    }

    /// One score a label for features as [`crate::Features::buckets`] gives them.
    #[must_use]
    pub fn scores(&self, features: &[(u32, f32)]) -> Vec<f32> {
        let k = self.labels.len();
        let mut sums = vec![0_f32; k];
        for &(bucket, value) in features {
            let row = self.rows[bucket as usize];
            if row == u32::MAX {
                continue;
            }
            let at = row as usize * k;
            for (sum, &w) in sums.iter_mut().zip(&self.weights[at..at + k]) {
                *sum += value * f32::from(w);
            }
        }
        for ((sum, scale), bias) in sums.iter_mut().zip(&self.scales).zip(&self.biases) {
            *sum = *sum * scale + bias;
        }
        sums
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.u32(u32::from(self.rarest));
        out.strings(&self.labels);
        out.floats(&self.scales);
        out.floats(&self.biases);
        out.small(&self.weights);
    }

    pub(crate) fn read(input: &mut Reader<'_>, rarity: &Rarity) -> Result<Self, ModelError> {
        let rarest = u8::try_from(input.u32()?).map_err(|_| ModelError("a step of rarity is too large"))?;
        let labels = input.strings()?;
        let (scales, biases, weights) = (input.floats()?, input.floats()?, input.small()?);
        let (rows, count) = rarity.rows(rarest);
        let k = labels.len();
        if k == 0 || scales.len() != k || biases.len() != k || weights.len() != k * count {
            return Err(ModelError("a table's size does not fit its labels"));
        }
        Ok(Self { labels, rarest, rows, scales, biases, weights })
    }
}

/// Scores to probabilities.
pub(crate) fn softmax(scores: &[f32], temperature: f32) -> Vec<f32> {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut out: Vec<f32> = scores.iter().map(|s| ((s - largest) / temperature).exp()).collect();
    let sum: f32 = out.iter().sum();
    out.iter_mut().for_each(|p| *p /= sum);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rarity() -> Rarity {
        Rarity::count(4, std::iter::empty())
    }

    fn model() -> Linear {
        let labels = vec!["a".to_owned(), "b".to_owned()];
        let mut weights = vec![0.0; 32];
        weights[..4].copy_from_slice(&[1.0, -2.0, 0.5, 0.0]);
        Linear::quantise(labels, &rarity(), 255, &weights, vec![0.25, 0.0])
    }

    #[test]
    fn scores_are_the_weighted_sum() {
        let scores = model().scores(&[(0, 2.0), (1, 1.0)]);
        assert!((scores[0] - 2.75).abs() < 0.01 && (scores[1] + 4.0).abs() < 0.01, "{scores:?}");
    }

    #[test]
    fn buckets_that_are_too_rare_have_no_row() {
        let labels = vec!["a".to_owned()];
        let model = Linear::quantise(labels, &rarity(), 0, &[], vec![0.5]);
        assert_eq!(model.scores(&[(3, 1.0)]), [0.5]);
    }

    #[test]
    fn survives_writing_and_refuses_a_torn_file() {
        let mut out = Writer::default();
        model().write(&mut out);
        let bytes = out.finish();
        assert_eq!(Linear::read(&mut Reader::new(&bytes), &rarity()).unwrap(), model());
        for cut in 0..bytes.len() {
            assert!(Linear::read(&mut Reader::new(&bytes[..cut]), &rarity()).is_err());
        }
    }

    #[test]
    fn probabilities_sum_to_one() {
        let p = softmax(&[1.0, 2.0, -80.0], 0.5);
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-6 && p[1] > p[0] && p[2] >= 0.0);
    }
}
