//! Dense arithmetic: matrix products and the few functions between them.

#![allow(unsafe_code)] // For the matrix product alone; see `gemm`.

/// A view of a matrix: element `(i, j)` is `data[i * rows + j * columns]`.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    data: &'a [f32],
    height: usize,
    width: usize,
    row: usize,
    column: usize,
}

impl<'a> View<'a> {
    /// `height` rows of `width` numbers each, one row every `stride` numbers.
    ///
    /// # Panics
    /// If the numbers do not suffice.
    #[must_use]
    pub fn new(data: &'a [f32], height: usize, width: usize, stride: usize) -> Self {
        assert!(width <= stride && (height == 0 || (height - 1) * stride + width <= data.len()));
        Self { data, height, width, row: stride, column: 1 }
    }

    /// Rows and columns exchanged.
    #[must_use]
    pub fn transposed(self) -> Self {
        Self { height: self.width, width: self.height, row: self.column, column: self.row, ..self }
    }
}

/// `c = a * b`, or `c += a * b` where `add` is set. Rows of `c` stand `stride` numbers apart.
///
/// # Panics
/// If the sizes do not fit.
pub fn gemm(a: View<'_>, b: View<'_>, c: &mut [f32], stride: usize, add: bool) {
    let (m, k, n) = (a.height, a.width, b.width);
    assert_eq!(k, b.height);
    if m == 0 || n == 0 {
        return;
    }
    assert!(n <= stride && (m - 1) * stride + n <= c.len());
    let beta = if add { 1.0 } else { 0.0 };
    let signed = |v: usize| isize::try_from(v).expect("strides are small");
    // SAFETY: `View` guarantees that (height - 1) * row + (width - 1) * column lies inside its data for either
    // orientation, `k` rows of `b` match `k` columns of `a`, and the assertion above covers every element of `c`, which
    // is borrowed mutably and therefore overlaps neither. Measured need: this product is nine tenths of the analysis,
    // and the crate's run-time choice of AVX2 or AVX-512 kernels makes it four to eight times as fast as plain loops.
    unsafe {
        matrixmultiply::sgemm(
            m,
            k,
            n,
            1.0,
            a.data.as_ptr(),
            signed(a.row),
            signed(a.column),
            b.data.as_ptr(),
            signed(b.row),
            signed(b.column),
            beta,
            c.as_mut_ptr(),
            signed(stride),
            1,
        );
    }
}

/// `e^x` to about seven digits, by a polynomial that compilers turn into vector code.
#[inline(always)]
#[must_use]
pub fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0;
    let scaled = x.clamp(-87.0, 87.0) * std::f32::consts::LOG2_E;
    let shifted = scaled + ROUND;
    let fraction = scaled - (shifted - ROUND);
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3f80_0000));
    let mut value = 0.001_339_887_7;
    for coefficient in [0.009_618_437, 0.055_503_327, 0.240_226_5, std::f32::consts::LN_2, 1.0] {
        value = value * fraction + coefficient;
    }
    value * power
}

/// The logistic function.
#[inline(always)]
#[must_use]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// Replaces scores by probabilities; gives the logarithm of what they were divided by.
pub fn softmax(scores: &mut [f32]) -> f32 {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = exp(*score - largest);
        sum += *score;
    }
    for score in scores.iter_mut() {
        *score /= sum;
    }
    largest + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_in_either_orientation() {
        let a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let b = [1.0, 0.0, 2.0, 1.0, 0.0, 1.0];
        let mut c = [0.0; 4];
        gemm(View::new(&a, 2, 3, 3), View::new(&b, 3, 2, 2), &mut c, 2, false);
        assert_eq!(c, [5.0, 5.0, 14.0, 11.0]);
        gemm(View::new(&a, 3, 2, 2).transposed(), View::new(&b, 3, 2, 2), &mut c, 2, true);
        assert_eq!(c, [5.0 + 7.0, 5.0 + 8.0, 14.0 + 10.0, 11.0 + 10.0]);
    }

    #[test]
    fn functions_are_close() {
        for i in -800..800 {
            let x = i as f32 / 10.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-5, "{x}");
            assert!((sigmoid(x) - 1.0 / (1.0 + (-x).exp())).abs() < 1e-6);
        }
        let mut p = [1.0, 2.0, 3.0];
        let log = softmax(&mut p);
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-6 && (log - 3.407_606).abs() < 1e-5);
    }
}
