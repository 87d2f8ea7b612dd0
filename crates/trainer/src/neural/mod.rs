//! Trains the network of [`entente_language::neural`] with hand-written gradients.

pub mod adam;
pub mod model;
pub mod recurrent;

use std::collections::BTreeMap;

use anyhow::Result;
use entente_language::conllu::ConlluSentence;
use entente_language::container::Writer;
use entente_language::neural::input::{self, Input};
use entente_language::neural::network::{self, Config};
use entente_language::neural::vectors::Vectors;
use entente_language::table::Table;
use entente_language::{Deprel, Upos, Xpos};

use crate::perceptron::Random;
use model::{Batch, Dropout, Losses, Model};

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Width of the layers.
    pub width: usize,
    /// Recurrent layers.
    pub layers: usize,
    /// Width of the arc projections.
    pub arc: usize,
    /// Width of the label projections.
    pub label: usize,
    /// Passes over the treebank.
    pub epochs: usize,
    /// Words in a batch.
    pub batch: usize,
    /// Highest learning rate.
    pub rate: f32,
    /// See [`Dropout`].
    pub dropout: Dropout,
    /// Seed of everything random.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            width: 192,
            layers: 3,
            arc: 128,
            label: 96,
            epochs: 16,
            batch: 800,
            rate: 2.2e-3,
            dropout: Dropout { layer: 0.15, head: 0.3 },
            seed: 1,
        }
    }
}

/// A sentence of the treebank.
struct Example {
    forms: Vec<String>,
    inputs: Vec<Input>,
    counts: Vec<u32>,
    heads: Vec<usize>,
    labels: Vec<usize>,
    tags: Vec<[usize; 2]>,
}

struct Data {
    examples: Vec<Example>,
    words: Table,
    vocabulary: usize,
}

/// Trains a network and writes its sections.
///
/// # Errors
/// Where the treebank has tags of its own.
pub fn train(
    treebank: &[ConlluSentence],
    vectors: &Vectors<'_>,
    options: Options,
    writer: &mut Writer,
) -> Result<()> {
    let mut random = Random(options.seed);
    let data = read(treebank, vectors)?;
    let Options { width, layers, arc, label, .. } = options;
    let config = Config { width, layers, arc, label, vocabulary: data.vocabulary };
    let mut model = Model::new(config, &mut random);
    let total: usize = data.examples.iter().map(|e| e.inputs.len()).sum();
    let steps = options.epochs * (total / options.batch + 1);
    let mut time = 0;
    let mut average = Average::default();
    for epoch in 0..options.epochs {
        let start = std::time::Instant::now();
        let mut order: Vec<usize> = (0..data.examples.len()).collect();
        random.shuffle(&mut order);
        let mut sum = Losses::default();
        let mut batches = 0;
        let mut batch = Batch::default();
        for (i, &index) in order.iter().enumerate() {
            push(&data, &data.examples[index], vectors, &mut batch, &mut random);
            if batch.inputs.len() >= options.batch || i + 1 == order.len() {
                let losses = model.learn(&batch, vectors, options.dropout, &mut random);
                time += 1;
                model.update(options.rate * schedule(time, steps), time as i32);
                if time.is_multiple_of(AVERAGE_EVERY) {
                    average.add(&model, time / AVERAGE_EVERY);
                }
                sum.tags += losses.tags;
                sum.arcs += losses.arcs;
                sum.labels += losses.labels;
                batches += 1;
                batch = Batch::default();
            }
        }
        let mean = |v: f32| v / batches as f32;
        eprintln!(
            "epoch {epoch}: losses tags {:.3} arcs {:.3} labels {:.3}, {:.1} s",
            mean(sum.tags),
            mean(sum.arcs),
            mean(sum.labels),
            start.elapsed().as_secs_f32()
        );
    }
    write(&model.config, &average, &data.words, writer);
    Ok(())
}

/// Share of the learning rate: up for a twentieth of the time, then down to nearly nothing along a cosine.
fn schedule(time: usize, steps: usize) -> f32 {
    let warm = steps / 20 + 1;
    if time < warm {
        return time as f32 / warm as f32;
    }
    let done = (time - warm) as f32 / (steps - warm).max(1) as f32;
    0.01 + 0.99 * 0.5 * (1.0 + (std::f32::consts::PI * done.min(1.0)).cos())
}

/// Steps between two additions to the average.
const AVERAGE_EVERY: usize = 5;

/// Weights averaged over the last steps, which generalise better than the last ones.
#[derive(Debug, Default)]
struct Average {
    table: Vec<f32>,
    dense: Vec<Vec<f32>>,
}

impl Average {
    fn add(&mut self, model: &Model, count: usize) {
        if self.dense.is_empty() {
            self.table = model.table.weights.value.clone();
            self.dense = model.dense.iter().map(|w| w.value.clone()).collect();
        }
        let share = (1.0 / count as f32).max(0.015);
        let mix = |average: &mut [f32], value: &[f32]| {
            average.iter_mut().zip(value).for_each(|(a, v)| *a += share * (v - *a));
        };
        mix(&mut self.table, &model.table.weights.value);
        for (average, weights) in self.dense.iter_mut().zip(&model.dense) {
            mix(average, &weights.value);
        }
    }
}

fn write(config: &Config, average: &Average, words: &Table, writer: &mut Writer) {
    writer.u32s("network.words.keys", words.parts().0);
    writer.u16s("network.words.values", words.parts().1);
    network::write(config, &average.table, &average.dense, writer);
}

fn read(treebank: &[ConlluSentence], vectors: &Vectors<'_>) -> Result<Data> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for word in treebank.iter().flat_map(|s| &s.words) {
        *counts.entry(word.form.to_lowercase()).or_default() += 1;
    }
    let known: Vec<&String> = counts.iter().filter(|(_, n)| **n >= 2).map(|(w, _)| w).collect();
    let entries: Vec<(u64, u16)> =
        known.iter().zip(1..).map(|(word, row)| (input::word_key(word), row)).collect();
    let vocabulary = entries.len() + 1;
    let words = Table::build(&entries);
    let mut examples = Vec::new();
    for sentence in treebank {
        let mut example = Example {
            forms: vec![],
            inputs: vec![],
            counts: vec![],
            heads: vec![],
            labels: vec![],
            tags: vec![],
        };
        for word in &sentence.words {
            let lower = word.form.to_lowercase();
            example.inputs.push(input::input(&word.form, &lower, &words, &vectors.words, vocabulary));
            example.counts.push(counts[&lower]);
            example.forms.push(word.form.clone());
            example.heads.push(word.head);
            example.labels.push(word.deprel.parse::<Deprel>()?.index());
            example.tags.push([word.upos.parse::<Upos>()?.index(), word.xpos.parse::<Xpos>()?.index()]);
        }
        examples.push(example);
    }
    Ok(Data { examples, words, vocabulary })
}

/// Adds a sentence to a batch, with some of its words made unknown, and now and then in other case or without its stop.
fn push(data: &Data, example: &Example, vectors: &Vectors<'_>, batch: &mut Batch, random: &mut Random) {
    let draw = random.unit();
    let mut length = example.inputs.len();
    let changed = (draw < 0.06).then(|| recase(data, example, vectors, draw));
    let inputs = changed.as_ref().unwrap_or(&example.inputs);
    let last = example.forms.last().map(String::as_str);
    let is_leaf = example.heads.iter().all(|&h| h != length);
    if (0.06..0.10).contains(&draw) && length > 2 && last == Some(".") && is_leaf {
        length -= 1;
    }
    for (i, &input) in inputs[..length].iter().enumerate() {
        let mut input = input;
        if random.unit() < 0.6 / (0.6 + example.counts[i] as f32) {
            input.rows[0] = 0;
        }
        if random.unit() < 0.04 {
            input.vector = None;
        }
        batch.inputs.push(input);
        batch.heads.push(example.heads[i]);
        batch.labels.push(example.labels[i]);
        batch.tags.push(example.tags[i]);
    }
    batch.lengths.push(length);
}

/// All capitals, all lower case, or capitals at the start of each longer word, as in headlines.
fn recase(data: &Data, example: &Example, vectors: &Vectors<'_>, draw: f32) -> Vec<Input> {
    let change = |form: &String| {
        let form = if draw < 0.015 {
            form.to_uppercase()
        } else if draw < 0.03 {
            form.to_lowercase()
        } else if form.chars().count() > 3 {
            let mut chars = form.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
        } else {
            form.clone()
        };
        input::input(&form, &form.to_lowercase(), &data.words, &vectors.words, data.vocabulary)
    };
    example.forms.iter().map(change).collect()
}
