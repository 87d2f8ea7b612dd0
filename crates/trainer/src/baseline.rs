//! Trains the linear baseline: tagger and arc-hybrid parser with a dynamic oracle.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use entente_language::conllu::ConlluSentence;
use entente_language::linear::Linear;
use entente_language::{Deprel, Upos, Xpos};

use crate::arc_hybrid::{
    Perceptron, STEPS, State, Step, WordInfo, is_allowed, step_features, tag_features, word_info,
};
use crate::perceptron::{Averaged, Random};

struct Example {
    words: Vec<WordInfo>,
    tags: Vec<u8>,
    /// For each node its head and relation; node 0 is the root's place.
    arcs: Vec<(usize, Deprel)>,
}

/// Bits of the tables' sizes.
const TAG_BITS: u32 = 21;
const STEP_BITS: u32 = 24;

/// A trained baseline.
#[derive(Debug)]
pub struct Baseline {
    pairs: BTreeMap<(Upos, Xpos), u8>,
    tagger: Vec<i8>,
    parser: Vec<i8>,
}

/// Shares in percent with gold tokens, and speed.
#[derive(Clone, Copy, Debug)]
pub struct BaselineScores {
    /// Universal tags.
    pub upos: f64,
    /// Heads.
    pub uas: f64,
    /// Heads and relations without subtypes.
    pub las: f64,
    /// The same with the treebank's tags.
    pub las_gold_tags: f64,
    /// Words tagged and parsed in a second.
    pub words_per_second: f64,
}

fn examples(treebank: &[ConlluSentence], pairs: &BTreeMap<(Upos, Xpos), u8>) -> Result<Vec<Example>> {
    let mut examples = Vec::new();
    for sentence in treebank {
        let mut example = Example { words: vec![], tags: vec![], arcs: vec![(0, Deprel::Root)] };
        for word in &sentence.words {
            example.words.push(word_info(&word.form, &word.form.to_lowercase()));
            let pair = (word.upos.parse()?, word.xpos.parse()?);
            // A pair that training never saw has no class; no prediction equals it.
            example.tags.push(pairs.get(&pair).copied().unwrap_or(u8::MAX));
            example.arcs.push((word.head, word.deprel.parse()?));
        }
        examples.push(example);
    }
    Ok(examples)
}

/// Trains on a treebank.
///
/// # Errors
/// Where the treebank has tags of its own.
pub fn train(treebank: &[ConlluSentence], epochs: usize, seed: u64) -> Result<Baseline> {
    let mut pairs: BTreeMap<(Upos, Xpos), u8> = BTreeMap::new();
    for word in treebank.iter().flat_map(|s| &s.words) {
        pairs.entry((word.upos.parse()?, word.xpos.parse()?)).or_insert(0);
    }
    for (i, value) in pairs.values_mut().enumerate() {
        *value = u8::try_from(i)?;
    }
    let examples = examples(treebank, &pairs)?;
    let mut random = Random(seed);
    let mut tagger = Averaged::new(pairs.len(), TAG_BITS);
    let mut parser = Averaged::new(STEPS, STEP_BITS);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for epoch in 0..epochs {
        random.shuffle(&mut order);
        for &i in &order {
            let tags = learn_tags(&mut tagger, &examples[i], pairs.len());
            learn_steps(&mut parser, &examples[i], &tags, epoch > 0, &mut random);
        }
    }
    Ok(Baseline { pairs, tagger: tagger.finish(), parser: parser.finish() })
}

impl Baseline {
    /// Measures with gold tokens.
    ///
    /// # Errors
    /// Where the treebank has tags of its own.
    pub fn evaluate(&self, treebank: &[ConlluSentence]) -> Result<BaselineScores> {
        let tags = self.pairs.len();
        let tagger = Linear::new(tags, TAG_BITS, &self.tagger).context("size of the tagger")?;
        let parser = Linear::new(STEPS, STEP_BITS, &self.parser).context("size of the parser")?;
        let model = Perceptron { tagger, parser, tags };
        let uposes: Vec<Upos> = self.pairs.keys().map(|(upos, _)| *upos).collect();
        let examples = examples(treebank, &self.pairs)?;
        let start = std::time::Instant::now();
        let predict = |example: &Example| {
            let tags = model.tag(&example.words);
            let arcs = model.parse(&example.words, &tags);
            (tags, arcs)
        };
        let predictions: Vec<_> = examples.iter().map(predict).collect();
        let seconds = start.elapsed().as_secs_f64();
        let mut counts = [0_usize; 5];
        for ((example, sentence), (tags, arcs)) in examples.iter().zip(treebank).zip(&predictions) {
            let gold_tags = model.parse(&example.words, &example.tags);
            for i in 0..tags.len() {
                let right = |arc: (Option<usize>, Deprel)| {
                    let (head, deprel) = example.arcs[i + 1];
                    (arc.0.map_or(0, |h| h + 1) == head, arc.1.base() == deprel.base())
                };
                let (head, label) = right(arcs[i]);
                let (other_head, other_label) = right(gold_tags[i]);
                counts[0] += 1;
                counts[1] += usize::from(uposes[usize::from(tags[i])].as_str() == sentence.words[i].upos);
                counts[2] += usize::from(head);
                counts[3] += usize::from(head && label);
                counts[4] += usize::from(other_head && other_label);
            }
        }
        let percent = |i: usize| 100.0 * counts[i] as f64 / counts[0].max(1) as f64;
        Ok(BaselineScores {
            upos: percent(1),
            uas: percent(2),
            las: percent(3),
            las_gold_tags: percent(4),
            words_per_second: counts[0] as f64 / seconds,
        })
    }
}

fn argmax(scores: &[f32], allowed: impl Fn(usize) -> bool) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (class, &score) in scores.iter().enumerate() {
        if allowed(class) && best.is_none_or(|(_, s)| score > s) {
            best = Some((class, score));
        }
    }
    best.map(|(class, _)| class)
}

/// Learns from one sentence; gives the tags that were predicted on the way, which the parser sees as it will later.
fn learn_tags(model: &mut Averaged, example: &Example, classes: usize) -> Vec<u8> {
    let mut before = [255; 2];
    let mut tags = Vec::with_capacity(example.words.len());
    for (i, &gold) in example.tags.iter().enumerate() {
        let features = tag_features(&example.words, i, before);
        let mut scores = vec![0.0; classes];
        model.score(&features, &mut scores);
        let guess = argmax(&scores, |_| true).unwrap_or(0) as u8;
        if guess != gold {
            model.update(&features, usize::from(gold), 1.0);
            model.update(&features, usize::from(guess), -1.0);
        }
        model.tick();
        tags.push(guess);
        before = [guess, before[0]];
    }
    tags
}

/// Arcs of the gold tree that each kind of step makes impossible: shift, left, right.
fn costs(state: &State, arcs: &[(usize, Deprel)]) -> [usize; 3] {
    let height = state.stack.len();
    let top = state.stack[height - 1];
    let below = height.checked_sub(2).map(|i| state.stack[i]);
    let front = state.front;
    let in_buffer = |node: usize| node >= front;
    let head = arcs[top].0;
    let lost_children = (front..state.nodes).filter(|&node| arcs[node].0 == top).count();
    let head_in_buffer = head > 0 && in_buffer(head);
    let left = lost_children + usize::from(head != front && (head_in_buffer || below == Some(head)));
    let right = lost_children + usize::from(head_in_buffer);
    let mut shift = 0;
    if front < state.nodes {
        shift += state.stack[..height - 1].iter().filter(|&&node| arcs[front].0 == node).count();
        shift += state.stack.iter().filter(|&&node| node > 0 && arcs[node].0 == front).count();
    }
    [shift, left, right]
}

fn learn_steps(model: &mut Averaged, example: &Example, tags: &[u8], explore: bool, random: &mut Random) {
    let mut state = State::default();
    state.reset(example.words.len());
    while !state.is_final() {
        let features = step_features(&state, &example.words, tags);
        let mut scores = vec![0.0; STEPS];
        model.score(&features, &mut scores);
        let allowed = state.allowed();
        let costs = costs(&state, &example.arcs);
        let least = (0..3).filter(|&k| allowed[k]).map(|k| costs[k]).min().unwrap_or(0);
        let top = state.stack[state.stack.len() - 1];
        let right = |step: usize| {
            is_allowed(allowed, step)
                && match Step::from_index(step) {
                    Step::Shift => costs[0] == least,
                    Step::Left(d) => {
                        costs[1] == least && (example.arcs[top].0 != state.front || example.arcs[top].1 == d)
                    }
                    Step::Right(d) => {
                        let head = state.stack[state.stack.len() - 2];
                        costs[2] == least && (example.arcs[top].0 != head || example.arcs[top].1 == d)
                    }
                }
        };
        let guess = argmax(&scores, |step| is_allowed(allowed, step)).unwrap_or(0);
        let gold = argmax(&scores, right).unwrap_or(guess);
        let mut taken = gold;
        if !right(guess) {
            model.update(&features, gold, 1.0);
            model.update(&features, guess, -1.0);
            if explore && random.unit() < 0.9 {
                taken = guess;
            }
        }
        model.tick();
        state.apply(Step::from_index(taken));
    }
}
