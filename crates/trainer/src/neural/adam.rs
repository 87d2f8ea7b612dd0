//! Weights in training and their optimiser (Adam; Kingma and Ba, 2015).

use crate::perceptron::Random;

const FIRST: f32 = 0.9;
const SECOND: f32 = 0.98;
const EPSILON: f32 = 1e-8;

/// Step sizes of one update.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Learning rate.
    pub rate: f32,
    /// Number of the update, from 1.
    pub time: i32,
    /// What gradients are multiplied by, to bound their norm.
    pub clip: f32,
}

/// A tensor with its gradient.
#[derive(Clone, Debug)]
pub struct Weights {
    /// The weights.
    pub value: Vec<f32>,
    /// Their gradient.
    pub gradient: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
}

impl Weights {
    /// Normally distributed weights.
    #[must_use]
    pub fn normal(size: usize, deviation: f32, random: &mut Random) -> Self {
        let value: Vec<f32> = (0..size).map(|_| random.normal() * deviation).collect();
        Self { value, gradient: vec![0.0; size], first: vec![0.0; size], second: vec![0.0; size] }
    }

    /// Sum of the squares of the gradient.
    #[must_use]
    pub fn norm(&self) -> f32 {
        self.gradient.iter().map(|g| g * g).sum()
    }

    /// Moves all weights and clears the gradient.
    #[inline(always)]
    pub fn update(&mut self, rate: Rate) {
        self.update_range(0..self.value.len(), rate);
    }

    /// Moves some weights and clears their gradient.
    #[inline(always)]
    pub fn update_range(&mut self, range: std::ops::Range<usize>, Rate { rate, time, clip }: Rate) {
        let scale = rate * (1.0 - SECOND.powi(time)).sqrt() / (1.0 - FIRST.powi(time));
        let value = &mut self.value[range.clone()];
        let gradient = &mut self.gradient[range.clone()];
        let (first, second) = (&mut self.first[range.clone()], &mut self.second[range]);
        for (((v, g), m), s) in value.iter_mut().zip(gradient).zip(first).zip(second) {
            let clipped = *g * clip;
            *m += (1.0 - FIRST) * (clipped - *m);
            *s += (1.0 - SECOND) * (clipped * clipped - *s);
            *v -= scale * *m / (s.sqrt() + EPSILON);
            *g = 0.0;
        }
    }
}

/// An embedding table, of which an update moves only the rows that were used.
#[derive(Clone, Debug)]
pub struct Embeddings {
    /// The rows.
    pub weights: Weights,
    width: usize,
    used: Vec<u32>,
    is_used: Vec<bool>,
}

impl Embeddings {
    /// Rows of next to nothing, so that the noise of those seldom seen does not drown what others say of a word.
    #[must_use]
    pub fn new(rows: usize, width: usize, random: &mut Random) -> Self {
        let weights = Weights::normal(rows * width, 0.005, random);
        Self { weights, width, used: Vec::new(), is_used: vec![false; rows] }
    }

    /// A row.
    #[must_use]
    pub fn row(&self, row: u32) -> &[f32] {
        &self.weights.value[row as usize * self.width..][..self.width]
    }

    /// Adds to the gradient of a row.
    pub fn add(&mut self, row: u32, gradient: &[f32]) {
        if !std::mem::replace(&mut self.is_used[row as usize], true) {
            self.used.push(row);
        }
        let into = &mut self.weights.gradient[row as usize * self.width..][..self.width];
        for (into, g) in into.iter_mut().zip(gradient) {
            *into += g;
        }
    }

    /// Sum of the squares of the gradient.
    #[must_use]
    pub fn norm(&self) -> f32 {
        let rows =
            self.used.iter().map(|&row| &self.weights.gradient[row as usize * self.width..][..self.width]);
        rows.flatten().map(|g| g * g).sum()
    }

    /// Moves the rows in use.
    #[inline(always)]
    pub fn update(&mut self, rate: Rate) {
        for row in std::mem::take(&mut self.used) {
            self.is_used[row as usize] = false;
            let start = row as usize * self.width;
            self.weights.update_range(start..start + self.width, rate);
        }
    }
}
