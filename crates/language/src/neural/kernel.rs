//! Matrix products with weights that are laid out beforehand, and the choice of vector instructions at run time.
//!
//! Every element of a product is one chain of fused multiply-adds in the order of the summed index, whatever the width of
//! the vectors, so that AVX-512, AVX2 and NEON machines compute the very same numbers.

#![allow(unsafe_code)] // For the kernels alone. Measured need: `multiply` is most of the analysis, see below.

/// Columns in a panel.
const PANEL: usize = 32;

/// The vector instructions in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 512-bit vectors.
    Avx512,
    /// 256-bit vectors with fused multiply-add.
    Avx2,
    /// Whatever the build target has.
    Plain,
}

impl Level {
    /// The best that this machine has.
    #[must_use]
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                return Self::Avx2;
            }
        }
        Self::Plain
    }
}

/// A matrix cut into panels of 32 columns, each stored row by row, the last one filled up with zeros.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    depth: usize,
    columns: usize,
    panels: Vec<f32>,
}

impl Packed {
    /// Packs `depth` rows of `columns` numbers.
    ///
    /// # Panics
    /// If the numbers are not as many.
    #[must_use]
    pub fn new(weights: &[f32], depth: usize, columns: usize) -> Self {
        assert_eq!(weights.len(), depth * columns);
        let mut packed = Self::default();
        packed.reset(depth, columns);
        for (i, row) in weights.chunks_exact(columns.max(1)).enumerate() {
            for (j, &value) in row.iter().enumerate() {
                packed.panels[(j / PANEL * depth + i) * PANEL + j % PANEL] = value;
            }
        }
        packed
    }

    fn reset(&mut self, depth: usize, columns: usize) {
        self.depth = depth;
        self.columns = columns;
        self.panels.clear();
        self.panels.resize(columns.div_ceil(PANEL) * depth * PANEL, 0.0);
    }

    /// Packs the transpose of `columns` rows of `depth` numbers, `stride` apart, into this matrix.
    ///
    /// # Panics
    /// If there are not as many.
    pub fn pack_transposed(&mut self, rows: &[f32], depth: usize, columns: usize, stride: usize) {
        self.reset(depth, columns);
        for (j, row) in rows.chunks(stride).take(columns).enumerate() {
            let start = j / PANEL * depth * PANEL + j % PANEL;
            for (into, &value) in self.panels[start..].iter_mut().step_by(PANEL).zip(&row[..depth]) {
                *into = value;
            }
        }
    }

    /// `c = a * self + bias` for `rows` rows of `a` and `c`, `a_stride` and `c_stride` apart; no bias where it is empty.
    ///
    /// # Panics
    /// If the sizes do not fit.
    #[allow(clippy::too_many_arguments)] // Two matrices with their strides; a struct for each would say no more.
    pub fn multiply(
        &self,
        level: Level,
        a: &[f32],
        rows: usize,
        a_stride: usize,
        bias: &[f32],
        c: &mut [f32],
        c_stride: usize,
    ) {
        if rows == 0 || self.columns == 0 || self.depth == 0 {
            return;
        }
        assert!(self.depth <= a_stride && (rows - 1) * a_stride + self.depth <= a.len());
        assert!(self.columns <= c_stride && (rows - 1) * c_stride + self.columns <= c.len());
        assert!(bias.is_empty() || bias.len() == self.columns);
        for (p, panel) in self.panels.chunks_exact(self.depth * PANEL).enumerate() {
            let first = p * PANEL;
            let width = PANEL.min(self.columns - first);
            let mut start = [0.0; PANEL];
            if !bias.is_empty() {
                start[..width].copy_from_slice(&bias[first..first + width]);
            }
            let tile = Tile { a, a_stride, panel, start: &start, width, c_stride };
            match level {
                #[cfg(target_arch = "x86_64")]
                // SAFETY: the level was detected, or the caller asserts it by constructing it; sizes are checked above.
                Level::Avx512 if is_x86_feature_detected!("avx512f") => unsafe {
                    x86::rows512(&tile, rows, &mut c[first..])
                },
                #[cfg(target_arch = "x86_64")]
                // SAFETY: as above.
                Level::Avx2 if is_x86_feature_detected!("fma") => unsafe {
                    x86::rows256(&tile, rows, &mut c[first..])
                },
                _ => plain(&tile, rows, &mut c[first..]),
            }
        }
    }
}

/// A panel with what it is multiplied with. `panel` holds as many rows of 32 as `a` has columns.
struct Tile<'a> {
    a: &'a [f32],
    a_stride: usize,
    panel: &'a [f32],
    start: &'a [f32; PANEL],
    width: usize,
    c_stride: usize,
}

fn plain(tile: &Tile<'_>, rows: usize, c: &mut [f32]) {
    for row in 0..rows {
        let mut sums = *tile.start;
        let a = &tile.a[row * tile.a_stride..];
        for (b, &x) in tile.panel.chunks_exact(PANEL).zip(a) {
            for (sum, &b) in sums.iter_mut().zip(b) {
                *sum = multiply_add(x, b, *sum);
            }
        }
        c[row * tile.c_stride..][..tile.width].copy_from_slice(&sums[..tile.width]);
    }
}

/// Fused where the target has the instruction; x86-64 without it would call a slow function for each.
#[inline(always)]
fn multiply_add(a: f32, b: f32, c: f32) -> f32 {
    if cfg!(any(target_arch = "aarch64", target_feature = "fma")) { a.mul_add(b, c) } else { a * b + c }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    //! The same for x86-64. On a core of a Zen 5 the plain loop reaches 8 GFLOP/s, these kernels over 100.

    use std::arch::x86_64::{
        _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm256_storeu_ps, _mm512_fmadd_ps, _mm512_loadu_ps,
        _mm512_set1_ps, _mm512_storeu_ps,
    };

    use super::{PANEL, Tile};

    /// # Safety
    /// Needs AVX-512F; `tile.a` has `rows` rows of the panel's depth, `c` as many of the tile's width.
    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn rows512(tile: &Tile<'_>, rows: usize, c: &mut [f32]) {
        let mut row = 0;
        // SAFETY: each call stays within `rows`, as this function's contract allows.
        unsafe {
            while row + 12 <= rows {
                block512::<12>(tile, row, c);
                row += 12;
            }
            while row + 4 <= rows {
                block512::<4>(tile, row, c);
                row += 4;
            }
            while row < rows {
                block512::<1>(tile, row, c);
                row += 1;
            }
        }
    }

    #[target_feature(enable = "avx512f")]
    unsafe fn block512<const ROWS: usize>(tile: &Tile<'_>, row: usize, c: &mut [f32]) {
        // SAFETY: `start` has 32 numbers; the panel has `depth` rows of 32; row `row + r` of `a` has `depth` numbers.
        let sums = unsafe {
            let start = [_mm512_loadu_ps(tile.start.as_ptr()), _mm512_loadu_ps(tile.start.as_ptr().add(16))];
            let mut sums = [start; ROWS];
            let a = tile.a.as_ptr().add(row * tile.a_stride);
            for k in 0..tile.panel.len() / PANEL {
                let b = tile.panel.as_ptr().add(k * PANEL);
                let (low, high) = (_mm512_loadu_ps(b), _mm512_loadu_ps(b.add(16)));
                for (r, sum) in sums.iter_mut().enumerate() {
                    let x = _mm512_set1_ps(*a.add(r * tile.a_stride + k));
                    *sum = [_mm512_fmadd_ps(x, low, sum[0]), _mm512_fmadd_ps(x, high, sum[1])];
                }
            }
            sums
        };
        for (r, sum) in sums.iter().enumerate() {
            let mut out = [0.0; PANEL];
            // SAFETY: `out` has 32 numbers.
            unsafe {
                _mm512_storeu_ps(out.as_mut_ptr(), sum[0]);
                _mm512_storeu_ps(out.as_mut_ptr().add(16), sum[1]);
            }
            c[(row + r) * tile.c_stride..][..tile.width].copy_from_slice(&out[..tile.width]);
        }
    }

    /// # Safety
    /// Needs AVX2 and FMA; otherwise as [`rows512`].
    #[target_feature(enable = "avx2,fma")]
    pub(super) unsafe fn rows256(tile: &Tile<'_>, rows: usize, c: &mut [f32]) {
        let mut row = 0;
        // SAFETY: as in `rows512`.
        unsafe {
            while row + 3 <= rows {
                block256::<3>(tile, row, c);
                row += 3;
            }
            while row < rows {
                block256::<1>(tile, row, c);
                row += 1;
            }
        }
    }

    #[target_feature(enable = "avx2,fma")]
    unsafe fn block256<const ROWS: usize>(tile: &Tile<'_>, row: usize, c: &mut [f32]) {
        // SAFETY: as in `block512`.
        let sums = unsafe {
            let start: [_; 4] = std::array::from_fn(|i| _mm256_loadu_ps(tile.start.as_ptr().add(8 * i)));
            let mut sums = [start; ROWS];
            let a = tile.a.as_ptr().add(row * tile.a_stride);
            for k in 0..tile.panel.len() / PANEL {
                let b = tile.panel.as_ptr().add(k * PANEL);
                for (r, sum) in sums.iter_mut().enumerate() {
                    let x = _mm256_set1_ps(*a.add(r * tile.a_stride + k));
                    for (i, part) in sum.iter_mut().enumerate() {
                        *part = _mm256_fmadd_ps(x, _mm256_loadu_ps(b.add(8 * i)), *part);
                    }
                }
            }
            sums
        };
        for (r, sum) in sums.iter().enumerate() {
            let mut out = [0.0; PANEL];
            for (i, &part) in sum.iter().enumerate() {
                // SAFETY: `out` has 32 numbers.
                unsafe { _mm256_storeu_ps(out.as_mut_ptr().add(8 * i), part) };
            }
            c[(row + r) * tile.c_stride..][..tile.width].copy_from_slice(&out[..tile.width]);
        }
    }
}

/// Runs `work` compiled for a level, so that loops inside it, if inlined, use its vectors.
#[inline(always)]
pub fn vectorized<T>(level: Level, work: impl FnOnce() -> T) -> T {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f")]
        fn avx512<T>(work: impl FnOnce() -> T) -> T {
            work()
        }
        #[target_feature(enable = "avx2")]
        fn avx2<T>(work: impl FnOnce() -> T) -> T {
            work()
        }
        match level {
            // SAFETY: the feature was just detected.
            Level::Avx512 if is_x86_feature_detected!("avx512f") => return unsafe { avx512(work) },
            // SAFETY: likewise.
            Level::Avx2 if is_x86_feature_detected!("avx2") => return unsafe { avx2(work) },
            _ => {}
        }
    }
    work()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, factor: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * factor % 23) as f32 - 11.0) / 7.0).collect()
    }

    #[test]
    fn every_level_computes_the_same() {
        for (rows, depth, columns) in [(1, 1, 1), (5, 7, 33), (29, 16, 64), (13, 40, 31)] {
            let (a, b) = (numbers(rows * (depth + 1), 7), numbers(depth * columns, 5));
            let bias = numbers(columns, 3);
            let packed = Packed::new(&b, depth, columns);
            let product = |level| {
                let mut c = vec![0.0; rows * columns];
                packed.multiply(level, &a, rows, depth + 1, &bias, &mut c, columns);
                c
            };
            let plain = product(Level::Plain);
            for i in 0..rows {
                for j in 0..columns {
                    let exact: f32 = (0..depth).map(|k| a[i * (depth + 1) + k] * b[k * columns + j]).sum();
                    assert!((plain[i * columns + j] - exact - bias[j]).abs() < 1e-3);
                }
            }
            let near = |other: Vec<f32>| other.iter().zip(&plain).all(|(x, y)| (x - y).abs() < 1e-4);
            assert!(near(product(Level::Avx2)) && near(product(Level::Avx512)));
            if Level::detect() == Level::Avx512 {
                assert_eq!(product(Level::Avx2), product(Level::Avx512));
            }
        }
    }

    #[test]
    fn transposes_are_packed_alike() {
        let rows = numbers(40 * 9, 4);
        let mut packed = Packed::default();
        packed.pack_transposed(&rows, 6, 40, 9);
        let plain: Vec<f32> = (0..6 * 40).map(|i| rows[i % 40 * 9 + i / 40]).collect();
        assert_eq!(packed.panels, Packed::new(&plain, 6, 40).panels);
    }
}
