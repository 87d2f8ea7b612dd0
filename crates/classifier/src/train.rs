//! Training of the linear models: one squared-hinge support vector machine a label, by dual coordinate descent
//! (Hsieh et al., ICML 2008). Deterministic: fixed order of rows from a fixed seed.

use crate::features::Rarity;
use crate::linear::Linear;

/// One row of training data.
#[derive(Clone, Debug)]
pub struct Example {
    /// Buckets and values, each bucket once.
    pub features: Vec<(u32, f32)>,
    /// For each label, how much the row belongs to it: 1 and 0 for a hard label, a teacher's probabilities for a
    /// soft one.
    pub belongs: Vec<f32>,
    /// How much the row counts.
    pub weight: f32,
}

/// What the training may vary.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Buckets rarer than this step are left out.
    pub rarest: u8,
    /// Cost of an error against the size of the weights.
    pub cost: f32,
    /// Passes over the data at most.
    pub passes: usize,
}

/// Trains one model for the labels.
///
/// # Panics
/// If an example's `belongs` has not one value for each label or a bucket lies beyond `bits`.
#[must_use]
pub fn train(labels: Vec<String>, rarity: &Rarity, examples: &[Example], settings: Settings) -> Linear {
    let k = labels.len();
    let (rows, count) = rarity.rows(settings.rarest);
    let mut examples = examples.to_vec();
    for e in &mut examples {
        e.features.retain_mut(|f| {
            f.0 = rows[f.0 as usize];
            f.0 != u32::MAX
        });
    }
    let mut weights = vec![0_f32; k * count];
    let mut biases = vec![0_f32; k];
    for label in 0..k {
        let (column, bias) = one_against_rest(label, (k, count), &examples, settings);
        for (bucket, w) in column.into_iter().enumerate() {
            weights[bucket * k + label] = w;
        }
        biases[label] = bias;
    }
    Linear::quantise(labels, rarity, settings.rarest, &weights, biases)
}

/// A row on one side of a label, with the dual variable that the descent moves.
struct Part {
    row: usize,
    sign: f32,
    /// 1 / (2 C) of the row.
    give: f32,
    alpha: f32,
}

fn one_against_rest(
    label: usize,
    (k, count): (usize, usize),
    examples: &[Example],
    settings: Settings,
) -> (Vec<f32>, f32) {
    let total: f32 = examples.iter().map(|e| e.weight).sum();
    let mine: f32 = examples.iter().map(|e| e.weight * e.belongs[label]).sum();
    #[allow(clippy::cast_precision_loss, reason = "few labels")]
    let balance = if mine > 0.0 { total / (k as f32 * mine) } else { 1.0 };
    let mut parts = Vec::new();
    for (row, e) in examples.iter().enumerate() {
        let p = e.belongs[label];
        for (sign, share) in [(1.0, p * balance), (-1.0, 1.0 - p)] {
            let cost = settings.cost * e.weight * share;
            if cost > 1e-6 {
                parts.push(Part { row, sign, give: 0.5 / cost, alpha: 0.0 });
            }
        }
    }
    let norms: Vec<f32> =
        examples.iter().map(|e| 1.0 + e.features.iter().map(|f| f.1 * f.1).sum::<f32>()).collect();
    let mut w = vec![0_f32; count];
    let mut bias = 0_f32;
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64 ^ label as u64;
    for _ in 0..settings.passes {
        shuffle(&mut order, &mut seed);
        let mut worst = 0_f32;
        for &i in &order {
            let part = &mut parts[i];
            let e = &examples[part.row];
            let margin = bias + e.features.iter().map(|&(b, v)| w[b as usize] * v).sum::<f32>();
            let gradient = part.sign * margin - 1.0 + part.alpha * part.give;
            let projected = if part.alpha == 0.0 { gradient.min(0.0) } else { gradient };
            worst = worst.max(projected.abs());
            if projected.abs() > 1e-6 {
                let next = (part.alpha - gradient / (norms[part.row] + part.give)).max(0.0);
                let step = (next - part.alpha) * part.sign;
                part.alpha = next;
                bias += step;
                for &(b, v) in &e.features {
                    w[b as usize] += step * v;
                }
            }
        }
        if worst < 0.02 {
            break;
        }
    }
    (w, bias)
}

/// Fisher-Yates with a xorshift generator.
fn shuffle(order: &mut [usize], seed: &mut u64) {
    for i in (1..order.len()).rev() {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        #[allow(clippy::cast_possible_truncation, reason = "below the list's length")]
        let j = (*seed % (i as u64 + 1)) as usize;
        order.swap(i, j);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples() -> Vec<Example> {
        let row = |bucket, label: usize| Example {
            features: vec![(bucket, 1.0), (7, 0.5)],
            belongs: (0..2).map(|k| f32::from(u8::from(k == label))).collect(),
            weight: 1.0,
        };
        vec![row(0, 0), row(1, 0), row(2, 1), row(3, 1), row(3, 1)]
    }

    #[test]
    fn learns_what_can_be_told_apart_and_the_same_each_time() {
        let labels = vec!["a".to_owned(), "b".to_owned()];
        let settings = Settings { rarest: 255, cost: 1.0, passes: 50 };
        let rarity = Rarity::count(3, std::iter::empty());
        let model = train(labels.clone(), &rarity, &examples(), settings);
        for e in examples() {
            let scores = model.scores(&e.features);
            assert_eq!(scores[0] > scores[1], e.belongs[0] > 0.5, "{scores:?}");
        }
        assert_eq!(model, train(labels, &rarity, &examples(), settings));
    }
}
