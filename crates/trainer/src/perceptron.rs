//! The averaged perceptron over hashed features.

/// Weights in training, laid out as [`entente_language::linear::Linear`] reads them.
#[derive(Clone, Debug)]
pub struct Averaged {
    classes: usize,
    mask: u64,
    weights: Vec<f32>,
    /// Sum of updates times the time at which they happened.
    timed: Vec<f64>,
    time: f64,
}

impl Averaged {
    /// All weights zero.
    #[must_use]
    pub fn new(classes: usize, bits: u32) -> Self {
        let size = (1_usize << bits) + classes;
        Self { classes, mask: (1 << bits) - 1, weights: vec![0.0; size], timed: vec![0.0; size], time: 1.0 }
    }

    /// Adds the current weights to `scores`.
    pub fn score(&self, features: &[u64], scores: &mut [f32]) {
        for &feature in features {
            let start = (feature & self.mask) as usize;
            for (score, &weight) in scores.iter_mut().zip(&self.weights[start..start + self.classes]) {
                *score += weight;
            }
        }
    }

    /// Moves the weights of one class.
    pub fn update(&mut self, features: &[u64], class: usize, by: f32) {
        for &feature in features {
            let at = (feature & self.mask) as usize + class;
            self.weights[at] += by;
            self.timed[at] += f64::from(by) * self.time;
        }
    }

    /// Ends one decision.
    pub fn tick(&mut self) {
        self.time += 1.0;
    }

    /// The averaged weights in 8 bits. Weights beyond the range are clipped; the range holds all but one in 20,000.
    #[must_use]
    pub fn finish(&self) -> Vec<i8> {
        let averaged: Vec<f32> = self
            .weights
            .iter()
            .zip(&self.timed)
            .map(|(w, t)| (f64::from(*w) - t / self.time) as f32)
            .collect();
        let mut sizes: Vec<f32> = averaged.iter().map(|w| w.abs()).filter(|&w| w > 0.0).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        let largest = sizes.get(sizes.len().saturating_sub(1 + sizes.len() / 20_000)).copied().unwrap_or(1.0);
        averaged.iter().map(|w| (w / largest * 127.0).round().clamp(-127.0, 127.0) as i8).collect()
    }
}

/// A small generator for shuffles and draws: SplitMix64.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.draw() % bound.max(1) as u64) as usize
    }

    /// A number in `[0, 1)`.
    pub fn unit(&mut self) -> f32 {
        (self.draw() >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// A number of the standard normal distribution.
    pub fn normal(&mut self) -> f32 {
        let u = (1.0 - self.unit()).max(1e-9);
        (-2.0 * u.ln()).sqrt() * (std::f32::consts::TAU * self.unit()).cos()
    }

    /// Puts a list into random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}
