//! Trains the linear baseline: tagger and arc-hybrid parser with a dynamic oracle.

use std::collections::BTreeMap;

use anyhow::Result;
use entente_language::conllu::ConlluSentence;
use entente_language::container::Writer;
use entente_language::perceptron::{
    STEPS, State, Step, WordInfo, is_allowed, step_features, tag_features, word_info,
};
use entente_language::{Deprel, Upos, Xpos};

use crate::perceptron::{Averaged, Random};

struct Example {
    words: Vec<WordInfo>,
    tags: Vec<u8>,
    /// For each node its head and relation; node 0 is the root's place.
    arcs: Vec<(usize, Deprel)>,
}

/// Trains and writes the sections.
///
/// # Errors
/// Where the treebank has tags of its own.
pub fn train(treebank: &[ConlluSentence], epochs: usize, seed: u64, writer: &mut Writer) -> Result<()> {
    let mut pairs: BTreeMap<(Upos, Xpos), u8> = BTreeMap::new();
    for word in treebank.iter().flat_map(|s| &s.words) {
        pairs.entry((word.upos.parse()?, word.xpos.parse()?)).or_insert(0);
    }
    for (i, value) in pairs.values_mut().enumerate() {
        *value = u8::try_from(i)?;
    }
    let names: Vec<String> = pairs.keys().map(|(u, x)| format!("{u} {x}")).collect();
    writer.strings("tags", &names);
    let mut examples = Vec::new();
    for sentence in treebank {
        let mut example = Example { words: vec![], tags: vec![], arcs: vec![(0, Deprel::Root)] };
        for word in &sentence.words {
            example.words.push(word_info(&word.form, &word.form.to_lowercase()));
            example.tags.push(pairs[&(word.upos.parse()?, word.xpos.parse()?)]);
            example.arcs.push((word.head, word.deprel.parse()?));
        }
        examples.push(example);
    }
    let mut random = Random(seed);
    let mut tagger = Averaged::new(names.len(), 21);
    let mut parser = Averaged::new(STEPS, 22);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for epoch in 0..epochs {
        random.shuffle(&mut order);
        let (mut wrong_tags, mut wrong_steps, mut words) = (0, 0, 0);
        for &i in &order {
            let example = &examples[i];
            let (tags, wrong) = learn_tags(&mut tagger, example);
            wrong_tags += wrong;
            words += tags.len();
            wrong_steps += learn_steps(&mut parser, example, &tags, epoch > 0, &mut random);
        }
        let percent = |n: usize, of: usize| 100.0 * n as f64 / of as f64;
        eprintln!(
            "baseline epoch {epoch}: {:.2} % tags wrong, {:.2} % steps wrong",
            percent(wrong_tags, words),
            percent(wrong_steps, 2 * words)
        );
    }
    writer.i8s("perceptron.tagger", &tagger.finish());
    writer.i8s("perceptron.parser", &parser.finish());
    Ok(())
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
fn learn_tags(model: &mut Averaged, example: &Example) -> (Vec<u8>, usize) {
    let mut before = [255; 2];
    let mut tags = Vec::with_capacity(example.words.len());
    let mut wrong = 0;
    for (i, &gold) in example.tags.iter().enumerate() {
        let features = tag_features(&example.words, i, before);
        let mut scores = vec![0.0; 128];
        model.score(&features, &mut scores);
        let guess = argmax(&scores, |_| true).unwrap_or(0) as u8;
        if guess != gold {
            wrong += 1;
            model.update(&features, usize::from(gold), 1.0);
            model.update(&features, usize::from(guess), -1.0);
        }
        model.tick();
        tags.push(guess);
        before = [guess, before[0]];
    }
    (tags, wrong)
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

fn learn_steps(
    model: &mut Averaged,
    example: &Example,
    tags: &[u8],
    explore: bool,
    random: &mut Random,
) -> usize {
    let mut state = State::default();
    state.reset(example.words.len());
    let mut wrong = 0;
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
            wrong += 1;
            model.update(&features, gold, 1.0);
            model.update(&features, guess, -1.0);
            if explore && random.unit() < 0.9 {
                taken = guess;
            }
        }
        model.tick();
        state.apply(Step::from_index(taken));
    }
    wrong
}
