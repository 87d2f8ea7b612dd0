//! One recurrent layer, forwards with a record and backwards.

use entente_language::neural::math::sigmoid;

/// What the way back needs of a layer: for each word and unit the cell, both gates.
#[derive(Clone, Debug, Default)]
pub struct Record {
    cell: Vec<f32>,
    forget: Vec<f32>,
    output: Vec<f32>,
}

/// The order of words of a direction.
fn order(start: usize, length: usize, direction: usize) -> impl DoubleEndedIterator<Item = usize> {
    (0..length).map(move |step| start + if direction == 0 { step } else { length - 1 - step })
}

/// Forwards: from `u` (candidate, forget, output of each direction) and the input `x` to the output, in place of `x`.
#[inline(always)]
pub fn forward(
    u: &[f32],
    gates: &[f32],
    x: &mut [f32],
    width: usize,
    lengths: &[usize],
    record: &mut Record,
) {
    let half = width / 2;
    record.cell.resize(x.len(), 0.0);
    record.forget.resize(x.len(), 0.0);
    record.output.resize(x.len(), 0.0);
    let mut cell = vec![0.0; half];
    let mut start = 0;
    for &length in lengths {
        for direction in 0..2 {
            let [fw, fb, ow, ob]: [&[f32]; 4] =
                std::array::from_fn(|i| &gates[(direction * 4 + i) * half..][..half]);
            cell.fill(0.0);
            for word in order(start, length, direction) {
                let u = &u[(word * 2 + direction) * 3 * half..][..3 * half];
                let at = word * width + direction * half;
                for i in 0..half {
                    let before = cell[i];
                    let f = sigmoid(u[half + i] + fw[i] * before + fb[i]);
                    let r = sigmoid(u[2 * half + i] + ow[i] * before + ob[i]);
                    cell[i] = u[i] + f * (before - u[i]);
                    record.cell[at + i] = cell[i];
                    record.forget[at + i] = f;
                    record.output[at + i] = r;
                    x[at + i] += r * (cell[i] - x[at + i]);
                }
            }
        }
        start += length;
    }
}

/// Backwards: `gradient` is that of the output and becomes that of the input's direct share; `du` becomes that of `u`;
/// `dgates` is added to. `x` is the layer's input.
#[inline(always)]
#[allow(clippy::too_many_arguments)] // One call site; the parts have nothing else in common.
pub fn backward(
    u: &[f32],
    gates: &[f32],
    x: &[f32],
    width: usize,
    lengths: &[usize],
    record: &Record,
    gradient: &mut [f32],
    du: &mut [f32],
    dgates: &mut [f32],
) {
    let half = width / 2;
    let mut start = 0;
    let mut carried = vec![0.0; half];
    let zeros = vec![0.0; half];
    for &length in lengths {
        for direction in 0..2 {
            let part = |i: usize| (direction * 4 + i) * half;
            let (fw, ow) = (&gates[part(0)..][..half], &gates[part(2)..][..half]);
            carried.fill(0.0);
            let mut words = order(start, length, direction).rev().peekable();
            while let Some(word) = words.next() {
                let at = word * width + direction * half;
                let before = words
                    .peek()
                    .map_or(&zeros[..], |&w| &record.cell[w * width + direction * half..][..half]);
                let base = (word * 2 + direction) * 3 * half;
                for i in 0..half {
                    let (f, r, now) = (record.forget[at + i], record.output[at + i], record.cell[at + i]);
                    let g = gradient[at + i];
                    let dr = g * (now - x[at + i]) * r * (1.0 - r);
                    gradient[at + i] = g * (1.0 - r);
                    let dc = carried[i] + g * r;
                    let df = dc * (before[i] - u[base + i]) * f * (1.0 - f);
                    du[base + i] = dc * (1.0 - f);
                    du[base + half + i] = df;
                    du[base + 2 * half + i] = dr;
                    carried[i] = dc * f + df * fw[i] + dr * ow[i];
                    dgates[part(0) + i] += df * before[i];
                    dgates[part(1) + i] += df;
                    dgates[part(2) + i] += dr * before[i];
                    dgates[part(3) + i] += dr;
                }
            }
        }
        start += length;
    }
}
