//! A layer of weights in eight bits, applied to rows of floats.

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::SimdOp;
use rten_tensor::NdTensorView;
use rten_vecmath::MinMax;

use crate::weights::{Weights, WeightsError};

/// The largest value of a rounded activation: seven bits, since the sum of two products of eight-bit values overflows the
/// sixteen bits of an AVX2 lane.
const LARGEST: f32 = 127.0;

/// The executor of whole-number products.
pub(crate) type IntegerGemm = GemmExecutor<u8, i8, i32>;

/// `x W + b` with W in eight bits, one scale for each output.
pub(crate) struct Dense {
    packed: PackedBMatrix<i8>,
    scales: Vec<f32>,
    biases: Vec<f32>,
    /// Sum of the weights of each output, by which the zero of a row shifts its product.
    totals: Vec<i32>,
    inputs: usize,
}

/// Memory that is used again from layer to layer.
#[derive(Default)]
pub(crate) struct Scratch {
    rounded: Vec<u8>,
    zeros: Vec<u8>,
    steps: Vec<f32>,
    sums: Vec<i32>,
}

impl Dense {
    pub(crate) fn read(
        weights: &Weights<'_>,
        gemm: &IntegerGemm,
        name: &str,
        (inputs, outputs): (usize, usize),
    ) -> Result<Self, WeightsError> {
        let rows = weights.small(&format!("{name}.rounded"), &[outputs, inputs])?;
        let scales = weights.floats(&format!("{name}.scale"), &[outputs])?;
        let biases = weights.floats(&format!("{name}.bias"), &[outputs])?;
        Ok(Self::new(gemm, &rows, scales, biases))
    }

    /// A layer of weights given output by output.
    fn new(gemm: &IntegerGemm, rows: &[i8], scales: Vec<f32>, biases: Vec<f32>) -> Self {
        let (outputs, inputs) = (scales.len(), rows.len() / scales.len());
        let by_output = NdTensorView::from_data([outputs, inputs], rows);
        Self {
            packed: gemm.prepack_b(by_output.transposed()),
            totals: rows.chunks_exact(inputs).map(|row| row.iter().map(|&w| i32::from(w)).sum()).collect(),
            scales,
            biases,
            inputs,
        }
    }

    /// Applies the layer to each row of `x`; `out` is overwritten.
    pub(crate) fn apply(&self, gemm: &IntegerGemm, x: &[f32], out: &mut Vec<f32>, scratch: &mut Scratch) {
        let (rows, outputs) = (x.len() / self.inputs, self.scales.len());
        scratch.round(x, self.inputs);
        scratch.sums.clear();
        scratch.sums.resize(rows * outputs, 0);
        let a = NdTensorView::from_data([rows, self.inputs], scratch.rounded.as_slice());
        // rten-gemm 0.27 takes zero points only where all rows have the same, so they are brought in below.
        let options = GemmOptions::default();
        gemm.gemm(&mut scratch.sums, GemmInputA::Unpacked(a), GemmInputB::Packed(&self.packed), options)
            .expect("the shapes were checked when the weights were read");
        out.clear();
        out.reserve(rows * outputs);
        let rows = scratch.sums.chunks_exact(outputs).zip(&scratch.steps).zip(&scratch.zeros);
        for ((sums, step), &zero) in rows {
            let columns = sums.iter().zip(&self.totals).zip(self.scales.iter().zip(&self.biases));
            let zero = i32::from(zero);
            #[allow(clippy::cast_precision_loss, reason = "a score need not be exact to the last bit")]
            out.extend(
                columns
                    .map(|((sum, total), (scale, bias))| (sum - zero * total) as f32 * (step * scale) + bias),
            );
        }
    }
}

impl Scratch {
    /// Rounds each row to 0..=127 with its own step and zero.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "values lie within 0..=127")]
    fn round(&mut self, x: &[f32], width: usize) {
        self.rounded.clear();
        self.zeros.clear();
        self.steps.clear();
        for row in x.chunks_exact(width) {
            let (low, high) = MinMax::new(row).dispatch();
            let (low, high) = (low.min(0.0), high.max(0.0));
            let step = ((high - low) / LARGEST).max(f32::MIN_POSITIVE);
            let zero = (-low / step).round();
            let inverse = 1.0 / step;
            // Adding a half and cutting off rounds, since nothing is below zero here.
            self.rounded.extend(row.iter().map(|v| (v * inverse + zero + 0.5).clamp(0.0, LARGEST) as u8));
            self.zeros.push(zero as u8);
            self.steps.push(step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    fn products_are_those_of_the_definition() {
        for (rows, inputs, outputs) in [(1, 5, 3), (2, 384, 40), (23, 384, 1152), (50, 1536, 384)] {
            let w: Vec<i8> = (0..inputs * outputs).map(|i| ((i * 37 + i / 11) % 255) as i8).collect();
            let x: Vec<f32> = (0..rows * inputs).map(|i| ((i * 7919) % 1000) as f32 / 500.0 - 0.7).collect();
            let gemm = IntegerGemm::new();
            let dense = Dense::new(&gemm, &w, vec![0.01; outputs], vec![0.5; outputs]);
            let (mut out, mut scratch) = (Vec::new(), Scratch::default());
            dense.apply(&gemm, &x, &mut out, &mut scratch);
            for r in 0..rows {
                for o in 0..outputs {
                    let zero = i32::from(scratch.zeros[r]);
                    let sum: i32 = (0..inputs)
                        .map(|i| {
                            (i32::from(scratch.rounded[r * inputs + i]) - zero) * i32::from(w[o * inputs + i])
                        })
                        .sum();
                    let expected = sum as f32 * (scratch.steps[r] * 0.01) + 0.5;
                    let got = out[r * outputs + o];
                    assert!(
                        (got - expected).abs() < 1e-3 * expected.abs().max(1.0),
                        "{rows} {inputs} {outputs} at {r} {o}: {got} for {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn rounding_keeps_values_within_half_a_step() {
        let x = [-1.0_f32, 0.0, 0.3, 2.5, 0.0, 0.0, 0.0, 0.0];
        let mut scratch = Scratch::default();
        scratch.round(&x, 4);
        for (row, chunk) in x.chunks(4).enumerate() {
            for (i, v) in chunk.iter().enumerate() {
                let back = (f32::from(scratch.rounded[row * 4 + i]) - f32::from(scratch.zeros[row]))
                    * scratch.steps[row];
                assert!((back - v).abs() <= 0.51 * scratch.steps[row], "{v} came back as {back}");
            }
        }
    }
}
