//! The network itself: its weights, and the way from words to tags and arcs.

use super::input::{Input, table_rows};
use super::kernel::{Level, Packed, vectorized};
use super::math::sigmoid;
use super::tree::ArcScores;
use super::vectors::{DIMENSIONS, Vectors};
use crate::container::{ModelError, Reader, Writer};
use crate::hash::{finish, mix};
use crate::tags::{Deprel, Upos, Xpos};

/// Outputs of the tag layer: universal tags, then Penn tags.
pub const TAGS: usize = Upos::ALL.len() + Xpos::ALL.len();
/// Labels of arcs.
pub const LABELS: usize = Deprel::ALL.len();
/// Words computed together, so that what the layers pass on stays in the processor's cache.
const BATCH: usize = 256;

/// Words of the largest tree that is searched for: scores of arcs take the square of it.
const LONGEST_TREE: usize = 400;

/// Sizes of the layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Width of a word between layers; a recurrent direction has half of it.
    pub width: usize,
    /// Number of recurrent layers.
    pub layers: usize,
    /// Width of the two projections that arcs are scored with.
    pub arc: usize,
    /// Width of the two projections that labels are scored with.
    pub label: usize,
    /// Trained words, the unknown word included.
    pub vocabulary: usize,
}

impl Config {
    /// Columns of the projection for arcs and labels: dependent and head of an arc, dependent and head for its label.
    #[must_use]
    pub fn projected(&self) -> usize {
        2 * self.arc + 2 * self.label
    }

    /// Names and sizes of the dense weights.
    #[must_use]
    pub fn shapes(&self) -> Vec<(String, usize)> {
        let mut shapes = vec![
            ("input.vectors".to_owned(), DIMENSIONS * self.width),
            ("input.bias".to_owned(), self.width),
        ];
        for layer in 0..self.layers {
            shapes.push((format!("layer{layer}.weights"), self.width * 3 * self.width));
            // Of each direction: recurrent weight and bias of the forget gate, the same of the output gate.
            shapes.push((format!("layer{layer}.gates"), 4 * self.width));
        }
        let rest = [
            ("tag.weights", self.width * TAGS),
            ("tag.bias", TAGS),
            ("project.weights", self.width * self.projected()),
            ("project.bias", self.projected()),
            ("arc.weights", self.arc * self.arc),
            ("arc.bias", self.arc),
            ("arc.root", self.arc),
            ("label.weights", self.label * LABELS),
            ("label.bias", LABELS),
        ];
        shapes.extend(rest.map(|(name, size)| (name.to_owned(), size)));
        shapes
    }
}

/// The weights, ready for use.
#[derive(Clone, Debug)]
pub struct Network {
    config: Config,
    /// Word vectors behind the first projection.
    vectors: Vec<f32>,
    table: Vec<i8>,
    scales: Vec<f32>,
    dense: Vec<Vec<f32>>,
    /// The matrices among them, laid out for products: the layers', then those of tags, projection, arcs and labels.
    packed: Vec<Packed>,
    level: Level,
}

/// The analysis of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// Universal tag.
    pub upos: Upos,
    /// Penn tag.
    pub xpos: Xpos,
    /// Index of the head in the sentence.
    pub head: Option<usize>,
    /// Relation.
    pub deprel: Deprel,
}

/// Writes weights as [`Network::read`] wants them; `table` in rows of the width, `dense` in the order of
/// [`Config::shapes`].
pub fn write(config: &Config, table: &[f32], dense: &[Vec<f32>], writer: &mut Writer) {
    let sizes = [config.width, config.layers, config.arc, config.label, config.vocabulary];
    writer.u32s("network.config", &sizes.map(|size| u32::try_from(size).expect("sizes are small")));
    let (quantized, scales) = super::vectors::quantize(table, config.width);
    writer.i8s("network.table", &quantized);
    writer.f32s("network.scales", &scales);
    for ((name, _), weights) in config.shapes().iter().zip(dense) {
        writer.f32s(&format!("network.{name}"), weights);
    }
}

impl Network {
    /// Reads the weights.
    ///
    /// # Errors
    /// Where sections are missing or of the wrong size.
    pub fn read(reader: &Reader<'_>, vectors: &Vectors<'_>) -> Result<Self, ModelError> {
        let broken = |name: &str| ModelError::Section(format!("network.{name}"));
        let sizes = reader.u32s("network.config")?;
        let [width, layers, arc, label, vocabulary] = sizes[..] else { return Err(broken("config")) };
        let [width, layers, arc, label] = [width, layers, arc, label].map(|size| size as usize);
        let config = Config { width, layers, arc, label, vocabulary: vocabulary as usize };
        if [width, arc, label].iter().any(|&s| s == 0 || s > 1024)
            || width % 2 != 0
            || !(1..=8).contains(&layers)
        {
            return Err(broken("config"));
        }
        let table = reader.i8s("network.table")?;
        let scales = reader.f32s("network.scales")?;
        if scales.len() != table_rows(config.vocabulary) || table.len() != scales.len() * width {
            return Err(broken("table"));
        }
        let mut dense = Vec::new();
        for (name, size) in config.shapes() {
            let weights = reader.f32s(&format!("network.{name}"))?;
            if weights.len() != size {
                return Err(broken(&name));
            }
            dense.push(weights);
        }
        let level = Level::detect();
        let vectors = project(vectors, &dense[0], width, level);
        let packed = pack(&config, &dense);
        Ok(Self { config, vectors, table, scales, dense, packed, level })
    }

    /// Number of trained words, for [`super::input::input`].
    #[must_use]
    pub fn vocabulary(&self) -> usize {
        self.config.vocabulary
    }

    /// The dense weights behind the layers, by their number there.
    fn head(&self, index: usize) -> &[f32] {
        &self.dense[2 + 2 * self.config.layers + index]
    }

    /// The matrices behind the layers, by their number there.
    fn matrix(&self, index: usize) -> &Packed {
        &self.packed[self.config.layers + index]
    }

    /// Analyses sentences, given as consecutive runs of words with these lengths.
    ///
    /// A sentence longer than the longest that one tree is searched for is parsed in pieces; the roots of all but the
    /// first become parataxis of the first one's.
    #[must_use]
    pub fn analyze(&self, words: &[Input], lengths: &[usize]) -> Vec<Analysis> {
        let pieces: Vec<usize> = lengths.iter().flat_map(|&length| cut(length)).collect();
        let mut analyses = WORK.with_borrow_mut(|work| self.analyze_with(words, &pieces, work));
        let mut start = 0;
        for &length in lengths {
            if length > LONGEST_TREE {
                join_pieces(&mut analyses[start..start + length]);
            }
            start += length;
        }
        analyses
    }

    fn analyze_with(&self, words: &[Input], lengths: &[usize], work: &mut Work) -> Vec<Analysis> {
        let mut analyses = Vec::with_capacity(words.len());
        let (mut word, mut sentence) = (0, 0);
        while sentence < lengths.len() {
            let mut count = lengths[sentence];
            let mut last = sentence + 1;
            while last < lengths.len() && count + lengths[last] <= BATCH {
                count += lengths[last];
                last += 1;
            }
            self.batch(&words[word..word + count], &lengths[sentence..last], work, &mut analyses);
            word += count;
            sentence = last;
        }
        analyses
    }

    fn batch(&self, words: &[Input], lengths: &[usize], work: &mut Work, out: &mut Vec<Analysis>) {
        let Config { width, layers, .. } = self.config;
        let (count, level) = (words.len(), self.level);
        work.tags.resize(count * TAGS, 0.0);
        work.u.resize(count * 3 * width, 0.0);
        self.first_product(words, work);
        for layer in 0..layers {
            if layer > 0 {
                self.packed[layer].multiply(level, &work.x, count, width, &[], &mut work.u, 3 * width);
            }
            let gates = &self.dense[3 + 2 * layer];
            vectorized(level, || recur(&work.u, gates, &mut work.x, width, lengths, &mut work.cell));
            if layer + 2 == layers || layers == 1 {
                self.matrix(0).multiply(level, &work.x, count, width, self.head(1), &mut work.tags, TAGS);
            }
        }
        self.project(count, work);
        let mut start = 0;
        for &length in lengths {
            self.parse(start, length, work, out);
            start += length;
        }
    }

    /// The words' embeddings and the first layer's product with them. Both depend on the word alone, so they are computed
    /// once for each different word of the batch.
    fn first_product(&self, words: &[Input], work: &mut Work) {
        let width = self.config.width;
        find_types(words, &mut work.types, &mut work.kinds);
        let count = work.types.len();
        vectorized(self.level, || self.embed(&work.types, &mut work.type_x));
        work.type_u.resize(count * 3 * width, 0.0);
        self.packed[0].multiply(self.level, &work.type_x, count, width, &[], &mut work.type_u, 3 * width);
        work.x.resize(words.len() * width, 0.0);
        for (i, &kind) in work.kinds.iter().enumerate() {
            let kind = usize::from(kind);
            work.x[i * width..][..width].copy_from_slice(&work.type_x[kind * width..][..width]);
            work.u[i * 3 * width..][..3 * width]
                .copy_from_slice(&work.type_u[kind * 3 * width..][..3 * width]);
        }
    }

    #[inline(always)]
    fn embed(&self, words: &[Input], x: &mut Vec<f32>) {
        let width = self.config.width;
        x.clear();
        x.resize(words.len() * width, 0.0);
        for (word, x) in words.iter().zip(x.chunks_exact_mut(width)) {
            x.copy_from_slice(&self.dense[1]);
            if let Some(vector) = word.vector {
                let start = usize::from(vector) * width;
                for (x, v) in x.iter_mut().zip(&self.vectors[start..start + width]) {
                    *x += v;
                }
            }
            for &row in &word.rows {
                let scale = self.scales[row as usize];
                let start = row as usize * width;
                for (x, &v) in x.iter_mut().zip(&self.table[start..start + width]) {
                    *x += f32::from(v) * scale;
                }
            }
        }
    }

    fn project(&self, count: usize, work: &mut Work) {
        let Config { width, arc, .. } = self.config;
        let columns = self.config.projected();
        work.projected.resize(count * columns, 0.0);
        let projected = &mut work.projected[..count * columns];
        self.matrix(1).multiply(self.level, &work.x, count, width, self.head(3), projected, columns);
        for row in projected.chunks_exact_mut(columns) {
            for value in &mut row[..2 * arc] {
                *value = rectify(*value);
            }
        }
        work.queries.resize(count * arc, 0.0);
        self.matrix(2).multiply(self.level, projected, count, columns, self.head(5), &mut work.queries, arc);
    }

    /// Arcs, labels and tags of one sentence of a batch.
    fn parse(&self, start: usize, length: usize, work: &mut Work, out: &mut Vec<Analysis>) {
        let Config { arc, label, .. } = self.config;
        let columns = self.config.projected();
        let stride = length + 1;
        work.scores.clear();
        work.scores.resize(length * stride, 0.0);
        work.heads.pack_transposed(&work.projected[start * columns + arc..], arc, length, columns);
        let queries = &work.queries[start * arc..];
        work.heads.multiply(self.level, queries, length, arc, &[], &mut work.scores[1..], stride);
        let root = self.head(6);
        for (i, row) in work.scores.chunks_exact_mut(stride).enumerate() {
            let query = &work.queries[(start + i) * arc..(start + i + 1) * arc];
            row[0] = query.iter().zip(root).map(|(a, b)| a * b).sum();
        }
        let heads = ArcScores { scores: &work.scores, stride, words: length }.decode();
        work.hidden.resize(length * label, 0.0);
        for (i, &head) in heads.iter().enumerate() {
            let dependent = &work.projected[(start + i) * columns + 2 * arc..][..label];
            let head = start + head.saturating_sub(1);
            let governor = &work.projected[head * columns + 2 * arc + label..][..label];
            for ((h, a), b) in work.hidden[i * label..].iter_mut().zip(dependent).zip(governor) {
                *h = rectify(a + b);
            }
        }
        work.labels.resize(length * LABELS, 0.0);
        self.matrix(3).multiply(
            self.level,
            &work.hidden,
            length,
            label,
            self.head(8),
            &mut work.labels,
            LABELS,
        );
        for (i, &head) in heads.iter().enumerate() {
            let tags = &work.tags[(start + i) * TAGS..(start + i + 1) * TAGS];
            let labels = &work.labels[i * LABELS..(i + 1) * LABELS];
            let root = Deprel::Root.index();
            let deprel = if head == 0 { root } else { best(labels, Some(root)) };
            out.push(Analysis {
                upos: Upos::ALL[best(&tags[..Upos::ALL.len()], None)],
                xpos: Xpos::ALL[best(&tags[Upos::ALL.len()..], None)],
                head: head.checked_sub(1),
                deprel: Deprel::ALL[deprel],
            });
        }
    }
}

thread_local! {
    /// The buffers of this thread. They stay, because getting them anew would cost more than a short sentence; their size
    /// is bounded by that of a batch.
    static WORK: std::cell::RefCell<Work> = std::cell::RefCell::default();
}

/// Buffers of one batch.
#[derive(Debug, Default)]
struct Work {
    /// The different words, and for each word which of them it is.
    types: Vec<Input>,
    kinds: Vec<u16>,
    type_x: Vec<f32>,
    type_u: Vec<f32>,
    x: Vec<f32>,
    u: Vec<f32>,
    cell: Vec<f32>,
    tags: Vec<f32>,
    projected: Vec<f32>,
    queries: Vec<f32>,
    heads: Packed,
    scores: Vec<f32>,
    hidden: Vec<f32>,
    labels: Vec<f32>,
}

/// Finds the different words among those of a batch, of which there are fewer than half the slots.
fn find_types(words: &[Input], types: &mut Vec<Input>, kinds: &mut Vec<u16>) {
    const SLOTS: usize = 1024;
    const FREE: u16 = u16::MAX;
    const { assert!(2 * LONGEST_TREE <= SLOTS && 2 * BATCH <= SLOTS) };
    let mut slots = [FREE; SLOTS];
    types.clear();
    kinds.clear();
    for word in words {
        let hash = word
            .rows
            .iter()
            .fold(u64::from(word.vector.unwrap_or(0)), |hash, &row| mix(hash, u64::from(row)));
        let mut slot = finish(hash) as usize % SLOTS;
        while slots[slot] != FREE && types[usize::from(slots[slot])] != *word {
            slot = (slot + 1) % SLOTS;
        }
        if slots[slot] == FREE {
            slots[slot] = types.len() as u16;
            types.push(*word);
        }
        kinds.push(slots[slot]);
    }
}

/// Lengths of the pieces of a sentence.
fn cut(length: usize) -> impl Iterator<Item = usize> {
    (0..length).step_by(LONGEST_TREE).map(move |start| LONGEST_TREE.min(length - start))
}

/// Makes one tree of those of a sentence's pieces.
fn join_pieces(words: &mut [Analysis]) {
    let root = words.iter().position(|w| w.head.is_none());
    for (piece, words) in words.chunks_mut(LONGEST_TREE).enumerate().skip(1) {
        for word in words {
            match word.head {
                Some(head) => word.head = Some(head + piece * LONGEST_TREE),
                None => (word.head, word.deprel) = (root, Deprel::Parataxis),
            }
        }
    }
}

/// The rectifier with a small slope for negative numbers.
#[inline(always)]
#[must_use]
pub fn rectify(x: f32) -> f32 {
    if x > 0.0 { x } else { 0.1 * x }
}

fn best(scores: &[f32], except: Option<usize>) -> usize {
    let mut best = usize::from(except == Some(0));
    for (i, &score) in scores.iter().enumerate() {
        if score > scores[best] && Some(i) != except {
            best = i;
        }
    }
    best
}

fn project(vectors: &Vectors<'_>, weights: &[f32], width: usize, level: Level) -> Vec<f32> {
    let rows = vectors.scales.len();
    let mut plain = vec![0.0; rows * DIMENSIONS];
    for ((plain, row), &scale) in
        plain.chunks_exact_mut(DIMENSIONS).zip(vectors.rows.chunks_exact(DIMENSIONS)).zip(&vectors.scales)
    {
        for (p, &r) in plain.iter_mut().zip(row) {
            *p = f32::from(r) * scale;
        }
    }
    let mut projected = vec![0.0; rows * width];
    let weights = Packed::new(weights, DIMENSIONS, width);
    weights.multiply(level, &plain, rows, DIMENSIONS, &[], &mut projected, width);
    projected
}

fn pack(config: &Config, dense: &[Vec<f32>]) -> Vec<Packed> {
    let Config { width, layers, arc, label, .. } = *config;
    let mut packed: Vec<_> = (0..layers).map(|l| Packed::new(&dense[2 + 2 * l], width, 3 * width)).collect();
    let heads = [(0, width, TAGS), (2, width, config.projected()), (4, arc, arc), (7, label, LABELS)];
    packed.extend(
        heads.map(|(index, rows, columns)| Packed::new(&dense[2 + 2 * layers + index], rows, columns)),
    );
    packed
}

/// One recurrent layer over sentences, in place. `u` holds for each word and direction candidate, forget gate and output
/// gate before their biases; `gates` for each direction the weights on the cell and the biases of both gates.
#[inline(always)]
fn recur(u: &[f32], gates: &[f32], x: &mut [f32], width: usize, lengths: &[usize], cell: &mut Vec<f32>) {
    let half = width / 2;
    let mut start = 0;
    for &length in lengths {
        for direction in 0..2 {
            let gates: [&[f32]; 4] = std::array::from_fn(|i| &gates[(direction * 4 + i) * half..][..half]);
            cell.clear();
            cell.resize(half, 0.0);
            for step in 0..length {
                let word = start + if direction == 0 { step } else { length - 1 - step };
                let u = &u[(word * 2 + direction) * 3 * half..][..3 * half];
                let x = &mut x[word * width + direction * half..][..half];
                recur_step(u, gates, x, cell);
            }
        }
        start += length;
    }
}

#[inline(always)]
fn recur_step(u: &[f32], gates: [&[f32]; 4], x: &mut [f32], cell: &mut [f32]) {
    let half = cell.len();
    let (candidate, rest) = u.split_at(half);
    let (forget, output) = rest.split_at(half);
    let [forget_weight, forget_bias, output_weight, output_bias] = gates.map(|g| &g[..half]);
    let (forget, output, x) = (&forget[..half], &output[..half], &mut x[..half]);
    for i in 0..half {
        let before = cell[i];
        let f = sigmoid(forget[i] + forget_weight[i] * before + forget_bias[i]);
        let r = sigmoid(output[i] + output_weight[i] * before + output_bias[i]);
        let now = candidate[i] + f * (before - candidate[i]);
        cell[i] = now;
        x[i] += r * (now - x[i]);
    }
}
