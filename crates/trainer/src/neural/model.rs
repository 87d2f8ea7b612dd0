//! The network in training: losses and gradients of a batch of sentences.

use entente_language::neural::input::{Input, table_rows};
use entente_language::neural::kernel::{Level, vectorized};
use entente_language::neural::math::{View, gemm, softmax};
use entente_language::neural::network::{Config, LABELS, TAGS, rectify};
use entente_language::neural::vectors::{DIMENSIONS, Vectors};
use entente_language::{Deprel, Upos};

use super::adam::{Embeddings, Rate, Weights};
use super::recurrent::{self, Record};
use crate::perceptron::Random;

/// Sentences with what should come out.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Words of all sentences, one after the other.
    pub inputs: Vec<Input>,
    /// Words of each sentence.
    pub lengths: Vec<usize>,
    /// For each word, 0 for a root or one more than the head's index in its sentence.
    pub heads: Vec<usize>,
    /// Indices of relations.
    pub labels: Vec<usize>,
    /// Indices of universal and of Penn tags.
    pub tags: Vec<[usize; 2]>,
}

/// Shares of numbers set to zero in training.
#[derive(Clone, Copy, Debug)]
pub struct Dropout {
    /// Of what enters a recurrent layer.
    pub layer: f32,
    /// Of the projections for arcs and labels and of what enters them.
    pub head: f32,
}

/// Mean losses of a batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Losses {
    /// Of both tags.
    pub tags: f32,
    /// Of heads.
    pub arcs: f32,
    /// Of relations.
    pub labels: f32,
}

/// The weights.
#[derive(Clone, Debug)]
pub struct Model {
    /// Sizes.
    pub config: Config,
    /// Rows of words, affixes and shapes.
    pub table: Embeddings,
    /// In the order of [`Config::shapes`].
    pub dense: Vec<Weights>,
    level: Level,
}

/// A mask for each sentence, the same for all of its words: 0 or what keeps the mean.
struct Mask {
    values: Vec<f32>,
    width: usize,
}

impl Mask {
    fn draw(sentences: usize, width: usize, share: f32, random: &mut Random) -> Self {
        let keep = 1.0 / (1.0 - share);
        let values = (0..sentences * width).map(|_| if random.unit() < share { 0.0 } else { keep }).collect();
        Self { values, width }
    }

    /// Multiplies columns of rows `stride` apart.
    fn apply(&self, data: &mut [f32], stride: usize, first: usize, lengths: &[usize]) {
        let mut row = 0;
        for (sentence, &length) in lengths.iter().enumerate() {
            let mask = &self.values[sentence * self.width..][..self.width];
            for _ in 0..length {
                for (value, m) in data[row * stride + first..][..self.width].iter_mut().zip(mask) {
                    *value *= m;
                }
                row += 1;
            }
        }
    }
}

/// What the way back needs of the way forth.
struct Tape {
    vectors: Vec<f32>,
    /// Inputs of the layers, and the output of the last.
    inputs: Vec<Vec<f32>>,
    dropped: Vec<Vec<f32>>,
    u: Vec<Vec<f32>>,
    records: Vec<Record>,
    masks: Vec<Mask>,
}

fn view(data: &[f32], rows: usize, columns: usize) -> View<'_> {
    View::new(data, rows, columns, columns)
}

fn add_columns(rows: &[f32], into: &mut [f32]) {
    for row in rows.chunks_exact(into.len()) {
        for (into, value) in into.iter_mut().zip(row) {
            *into += value;
        }
    }
}

fn filled(bias: &[f32], rows: usize) -> Vec<f32> {
    bias.iter().copied().cycle().take(bias.len() * rows).collect()
}

impl Model {
    /// Random weights.
    #[must_use]
    pub fn new(config: Config, random: &mut Random) -> Self {
        let table = Embeddings::new(table_rows(config.vocabulary), config.width, random);
        let width = config.width as f32;
        let weights = |(name, size): (String, usize)| {
            let deviation = match name.as_str() {
                "input.vectors" => 0.3 / (DIMENSIONS as f32).sqrt(),
                "tag.weights" | "project.weights" => 1.0 / width.sqrt(),
                "arc.weights" | "arc.root" => 1.0 / config.arc as f32,
                "label.weights" => 1.0 / (config.label as f32).sqrt(),
                name if name.ends_with(".weights") => 1.0 / width.sqrt(),
                _ => 0.0,
            };
            Weights::normal(size, deviation, random)
        };
        Self {
            config,
            table,
            dense: config.shapes().into_iter().map(weights).collect(),
            level: Level::detect(),
        }
    }

    fn head(&self, index: usize) -> usize {
        2 + 2 * self.config.layers + index
    }

    /// Adds the gradients of a batch.
    pub fn learn(
        &mut self,
        batch: &Batch,
        vectors: &Vectors<'_>,
        dropout: Dropout,
        random: &mut Random,
    ) -> Losses {
        let tape = self.encode(batch, vectors, dropout, random);
        let Config { width, layers, .. } = self.config;
        let tagged = layers.max(2) - 1;
        let mut losses = Losses::default();
        let mut tag_gradient = vec![0.0; tape.inputs[layers].len()];
        let mask = Mask::draw(batch.lengths.len(), width, dropout.layer, random);
        losses.tags = self.learn_tags(batch, &tape.inputs[tagged], &mask, &mut tag_gradient);
        let mut gradient = self.learn_tree(batch, &tape.inputs[layers], dropout, random, &mut losses);
        let add = |gradient: &mut [f32]| gradient.iter_mut().zip(&tag_gradient).for_each(|(g, t)| *g += t);
        let count = batch.inputs.len();
        let mut du = vec![0.0; count * 3 * width];
        let mut through = vec![0.0; count * width];
        for layer in (0..layers).rev() {
            if layer + 1 == tagged {
                add(&mut gradient);
            }
            let (index, gates) = (2 + 2 * layer, 3 + 2 * layer);
            let mut dgates = std::mem::take(&mut self.dense[gates].gradient);
            vectorized(self.level, || {
                recurrent::backward(
                    &tape.u[layer],
                    &self.dense[gates].value,
                    &tape.inputs[layer],
                    width,
                    &batch.lengths,
                    &tape.records[layer],
                    &mut gradient,
                    &mut du,
                    &mut dgates,
                );
            });
            self.dense[gates].gradient = dgates;
            let weights = &mut self.dense[index];
            let x = view(&tape.dropped[layer], count, width).transposed();
            gemm(x, view(&du, count, 3 * width), &mut weights.gradient, 3 * width, true);
            let back = view(&weights.value, width, 3 * width).transposed();
            gemm(view(&du, count, 3 * width), back, &mut through, width, false);
            tape.masks[layer].apply(&mut through, width, 0, &batch.lengths);
            gradient.iter_mut().zip(&through).for_each(|(g, t)| *g += t);
        }
        self.learn_input(batch, &tape, &gradient);
        losses
    }

    fn encode(&self, batch: &Batch, vectors: &Vectors<'_>, dropout: Dropout, random: &mut Random) -> Tape {
        let Config { width, layers, .. } = self.config;
        let count = batch.inputs.len();
        let mut plain = vec![0.0; count * DIMENSIONS];
        let mut x = filled(&self.dense[1].value, count);
        for (i, input) in batch.inputs.iter().enumerate() {
            if let Some(row) = input.vector.map(usize::from) {
                let values = &vectors.rows[row * DIMENSIONS..(row + 1) * DIMENSIONS];
                for (p, &v) in plain[i * DIMENSIONS..].iter_mut().zip(values) {
                    *p = f32::from(v) * vectors.scales[row];
                }
            }
            for &row in &input.rows {
                for (x, v) in x[i * width..].iter_mut().zip(self.table.row(row)) {
                    *x += v;
                }
            }
        }
        gemm(
            view(&plain, count, DIMENSIONS),
            view(&self.dense[0].value, DIMENSIONS, width),
            &mut x,
            width,
            true,
        );
        let mut tape = Tape {
            vectors: plain,
            inputs: vec![],
            dropped: vec![],
            u: vec![],
            records: vec![],
            masks: vec![],
        };
        for layer in 0..layers {
            let mask = Mask::draw(batch.lengths.len(), width, dropout.layer, random);
            let mut dropped = x.clone();
            mask.apply(&mut dropped, width, 0, &batch.lengths);
            let mut u = vec![0.0; count * 3 * width];
            let weights = view(&self.dense[2 + 2 * layer].value, width, 3 * width);
            gemm(view(&dropped, count, width), weights, &mut u, 3 * width, false);
            tape.inputs.push(x.clone());
            let mut record = Record::default();
            recurrent::forward(
                &u,
                &self.dense[3 + 2 * layer].value,
                &mut x,
                width,
                &batch.lengths,
                &mut record,
            );
            tape.dropped.push(dropped);
            tape.u.push(u);
            tape.records.push(record);
            tape.masks.push(mask);
        }
        tape.inputs.push(x);
        tape
    }

    fn learn_input(&mut self, batch: &Batch, tape: &Tape, gradient: &[f32]) {
        let width = self.config.width;
        let count = batch.inputs.len();
        add_columns(gradient, &mut self.dense[1].gradient);
        let vectors = view(&tape.vectors, count, DIMENSIONS).transposed();
        gemm(vectors, view(gradient, count, width), &mut self.dense[0].gradient, width, true);
        for (input, gradient) in batch.inputs.iter().zip(gradient.chunks_exact(width)) {
            for &row in &input.rows {
                self.table.add(row, gradient);
            }
        }
    }

    /// The loss of the tags; `into` becomes the gradient of the layer's output.
    fn learn_tags(&mut self, batch: &Batch, x: &[f32], mask: &Mask, into: &mut [f32]) -> f32 {
        let width = self.config.width;
        let count = batch.inputs.len();
        let (weights, bias) = (self.head(0), self.head(1));
        let mut x = x.to_vec();
        mask.apply(&mut x, width, 0, &batch.lengths);
        let mut scores = filled(&self.dense[bias].value, count);
        gemm(view(&x, count, width), view(&self.dense[weights].value, width, TAGS), &mut scores, TAGS, true);
        let mut loss = 0.0;
        let scale = 1.0 / count as f32;
        for (scores, gold) in scores.chunks_exact_mut(TAGS).zip(&batch.tags) {
            let (upos, xpos) = scores.split_at_mut(Upos::ALL.len());
            loss += cross_entropy(upos, gold[0], scale);
            loss += cross_entropy(xpos, gold[1], scale);
        }
        add_columns(&scores, &mut self.dense[bias].gradient);
        let gradient = &mut self.dense[weights].gradient;
        gemm(view(&x, count, width).transposed(), view(&scores, count, TAGS), gradient, TAGS, true);
        let back = view(&self.dense[weights].value, width, TAGS).transposed();
        gemm(view(&scores, count, TAGS), back, into, width, false);
        mask.apply(into, width, 0, &batch.lengths);
        loss
    }

    /// The losses of arcs and labels; gives the gradient of the last layer's output.
    fn learn_tree(
        &mut self,
        batch: &Batch,
        x: &[f32],
        dropout: Dropout,
        random: &mut Random,
        losses: &mut Losses,
    ) -> Vec<f32> {
        let Config { width, arc, .. } = self.config;
        let count = batch.inputs.len();
        let columns = self.config.projected();
        let entry = Mask::draw(batch.lengths.len(), width, dropout.head, random);
        let exit = Mask::draw(batch.lengths.len(), columns, dropout.head, random);
        let mut x = x.to_vec();
        entry.apply(&mut x, width, 0, &batch.lengths);
        let (weights, bias) = (self.head(2), self.head(3));
        let mut projected = filled(&self.dense[bias].value, count);
        let project = view(&self.dense[weights].value, width, columns);
        gemm(view(&x, count, width), project, &mut projected, columns, true);
        let slopes: Vec<f32> = projected.iter().map(|&v| if v > 0.0 { 1.0 } else { 0.1 }).collect();
        for row in projected.chunks_exact_mut(columns) {
            row[..2 * arc].iter_mut().for_each(|v| *v = rectify(*v));
        }
        exit.apply(&mut projected, columns, 0, &batch.lengths);
        let mut gradient = vec![0.0; projected.len()];
        losses.arcs = self.learn_arcs(batch, &projected, &mut gradient);
        losses.labels = self.learn_labels(batch, &projected, &mut gradient);
        exit.apply(&mut gradient, columns, 0, &batch.lengths);
        for (row, slopes) in gradient.chunks_exact_mut(columns).zip(slopes.chunks_exact(columns)) {
            row[..2 * arc].iter_mut().zip(slopes).for_each(|(g, s)| *g *= s);
        }
        add_columns(&gradient, &mut self.dense[bias].gradient);
        let into = &mut self.dense[weights].gradient;
        gemm(view(&x, count, width).transposed(), view(&gradient, count, columns), into, columns, true);
        let mut back = vec![0.0; count * width];
        let project = view(&self.dense[weights].value, width, columns).transposed();
        gemm(view(&gradient, count, columns), project, &mut back, width, false);
        entry.apply(&mut back, width, 0, &batch.lengths);
        back
    }

    fn learn_arcs(&mut self, batch: &Batch, projected: &[f32], gradient: &mut [f32]) -> f32 {
        let arc = self.config.arc;
        let columns = self.config.projected();
        let count = batch.inputs.len();
        let (weights, bias, root) = (self.head(4), self.head(5), self.head(6));
        let mut queries = filled(&self.dense[bias].value, count);
        let dependents = View::new(projected, count, arc, columns);
        gemm(dependents, view(&self.dense[weights].value, arc, arc), &mut queries, arc, true);
        let mut dqueries = vec![0.0; count * arc];
        let scale = 1.0 / count as f32;
        let (mut loss, mut start) = (0.0, 0);
        for &length in &batch.lengths {
            let stride = length + 1;
            let mut scores = vec![0.0; length * stride];
            let heads = View::new(&projected[start * columns + arc..], length, arc, columns);
            gemm(
                view(&queries[start * arc..], length, arc),
                heads.transposed(),
                &mut scores[1..],
                stride,
                false,
            );
            let root_value = self.dense[root].value.clone();
            for (i, row) in scores.chunks_exact_mut(stride).enumerate() {
                let query = &queries[(start + i) * arc..][..arc];
                row[0] = query.iter().zip(&root_value).map(|(a, b)| a * b).sum();
                row[i + 1] = -1e9;
                loss += cross_entropy(row, batch.heads[start + i], scale);
                row[i + 1] = 0.0;
                for k in 0..arc {
                    dqueries[(start + i) * arc + k] = row[0] * root_value[k];
                    self.dense[root].gradient[k] += row[0] * query[k];
                }
            }
            let dscores = View::new(&scores[1..], length, length, stride);
            gemm(dscores, heads, &mut dqueries[start * arc..], arc, true);
            let query = view(&queries[start * arc..], length, arc);
            gemm(dscores.transposed(), query, &mut gradient[start * columns + arc..], columns, true);
            start += length;
        }
        add_columns(&dqueries, &mut self.dense[bias].gradient);
        gemm(
            dependents.transposed(),
            view(&dqueries, count, arc),
            &mut self.dense[weights].gradient,
            arc,
            true,
        );
        let back = view(&self.dense[weights].value, arc, arc).transposed();
        gemm(view(&dqueries, count, arc), back, gradient, columns, true);
        loss
    }

    fn learn_labels(&mut self, batch: &Batch, projected: &[f32], gradient: &mut [f32]) -> f32 {
        let Config { arc, label, .. } = self.config;
        let columns = self.config.projected();
        let count = batch.inputs.len();
        let mut pairs = Vec::with_capacity(count);
        let mut start = 0;
        for &length in &batch.lengths {
            pairs.extend((start..start + length).map(|i| (i, start + batch.heads[i].saturating_sub(1))));
            start += length;
        }
        let mut hidden = vec![0.0; count * label];
        for (&(i, head), hidden) in pairs.iter().zip(hidden.chunks_exact_mut(label)) {
            let dependent = &projected[i * columns + 2 * arc..][..label];
            let governor = &projected[head * columns + 2 * arc + label..][..label];
            for ((h, a), b) in hidden.iter_mut().zip(dependent).zip(governor) {
                *h = rectify(a + b);
            }
        }
        let (weights, bias) = (self.head(7), self.head(8));
        let mut scores = filled(&self.dense[bias].value, count);
        let out = view(&self.dense[weights].value, label, LABELS);
        gemm(view(&hidden, count, label), out, &mut scores, LABELS, true);
        let root = Deprel::Root.index();
        let scale = 1.0 / count as f32;
        let mut loss = 0.0;
        for (i, scores) in scores.chunks_exact_mut(LABELS).enumerate() {
            if batch.labels[i] == root {
                scores.fill(0.0);
            } else {
                scores[root] = -1e9;
                loss += cross_entropy(scores, batch.labels[i], scale);
            }
        }
        add_columns(&scores, &mut self.dense[bias].gradient);
        let into = &mut self.dense[weights].gradient;
        gemm(view(&hidden, count, label).transposed(), view(&scores, count, LABELS), into, LABELS, true);
        let mut dhidden = vec![0.0; count * label];
        let out = view(&self.dense[weights].value, label, LABELS).transposed();
        gemm(view(&scores, count, LABELS), out, &mut dhidden, label, false);
        for (i, &(word, head)) in pairs.iter().enumerate() {
            for k in 0..label {
                let slope = if hidden[i * label + k] > 0.0 { 1.0 } else { 0.1 };
                let g = dhidden[i * label + k] * slope;
                gradient[word * columns + 2 * arc + k] += g;
                gradient[head * columns + 2 * arc + label + k] += g;
            }
        }
        loss
    }

    /// Moves the weights against their gradients.
    pub fn update(&mut self, rate: f32, time: i32) {
        let norm = (self.dense.iter().map(Weights::norm).sum::<f32>() + self.table.norm()).sqrt();
        let clip = if norm > 1.0 { 1.0 / norm } else { 1.0 };
        let rate = Rate { rate, time, clip };
        vectorized(self.level, || {
            for weights in &mut self.dense {
                weights.update(rate);
            }
            self.table.update(rate);
        });
    }
}

/// The scaled loss of scores, which become its gradient.
fn cross_entropy(scores: &mut [f32], gold: usize, scale: f32) -> f32 {
    let score = scores[gold];
    let loss = softmax(scores) - score;
    scores[gold] -= 1.0;
    scores.iter_mut().for_each(|s| *s *= scale);
    loss * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(config: &Config) -> Batch {
        let input = |i: u32| Input {
            vector: (!i.is_multiple_of(3)).then_some((i % 4) as u16),
            rows: std::array::from_fn(|k| (i * 7 + k as u32 * 3) % table_rows(config.vocabulary) as u32),
        };
        Batch {
            inputs: (0..5).map(input).collect(),
            lengths: vec![3, 2],
            heads: vec![2, 0, 2, 0, 1],
            labels: vec![3, Deprel::Root.index(), 5, Deprel::Root.index(), 7],
            tags: vec![[1, 2], [3, 4], [0, 9], [2, 2], [5, 1]],
        }
    }

    #[test]
    fn gradients_match_differences_of_losses() {
        let config = Config { width: 8, layers: 3, arc: 6, label: 4, vocabulary: 3 };
        let rows: Vec<f32> = (0..4 * DIMENSIONS).map(|i| ((i * 37 % 101) as f32 - 50.0) / 50.0).collect();
        let file = Vectors::write(&[], &rows);
        let vectors = Vectors::read(&file).expect("just written");
        let mut random = Random(3);
        let mut model = Model::new(config, &mut random);
        for weights in &mut model.dense {
            weights.value.iter_mut().for_each(|v| *v += 0.2 * random.normal());
        }
        let batch = batch(&config);
        let dropout = Dropout { layer: 0.2, head: 0.3 };
        let loss = |model: &Model| {
            let losses = model.clone().learn(&batch, &vectors, dropout, &mut Random(9));
            losses.tags + losses.arcs + losses.labels
        };
        let mut learned = model.clone();
        learned.learn(&batch, &vectors, dropout, &mut Random(9));
        let names: Vec<String> = config.shapes().into_iter().map(|(name, _)| name).collect();
        for (tensor, name) in names.iter().enumerate() {
            for _ in 0..6 {
                let at = random.below(model.dense[tensor].value.len());
                let step = 5e-3;
                let mut moved = model.clone();
                moved.dense[tensor].value[at] += step;
                let above = loss(&moved);
                moved.dense[tensor].value[at] -= 2.0 * step;
                let difference = (above - loss(&moved)) / (2.0 * step);
                let gradient = learned.dense[tensor].gradient[at];
                assert!(
                    (difference - gradient).abs() < 2e-3 + 0.03 * gradient.abs(),
                    "{name} {difference} {gradient}"
                );
            }
        }
        let row = batch.inputs[1].rows[2] as usize * config.width;
        let mut moved = model.clone();
        moved.table.weights.value[row] += 5e-3;
        let above = loss(&moved);
        moved.table.weights.value[row] -= 1e-2;
        let difference = (above - loss(&moved)) / 1e-2;
        assert!((difference - learned.table.weights.gradient[row]).abs() < 2e-3);
    }
}
