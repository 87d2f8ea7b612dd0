//! The linear baseline: a greedy tagger and a greedy arc-hybrid parser over hashed features. It does not ship; the model
//! card compares it with the network that does.

use entente_language::Deprel;
use entente_language::hash::{bytes, finish, mix};
use entente_language::linear::Linear;

/// What the features see of a word.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordInfo {
    lower: u64,
    suffix3: u64,
    suffix2: u64,
    prefix: u64,
    shape: u64,
}

/// Stands for the place beyond the edge of the sentence.
const EDGE: WordInfo = WordInfo { lower: 1, suffix3: 1, suffix2: 1, prefix: 1, shape: 1 };

/// Reads a form.
#[must_use]
pub fn word_info(form: &str, lower: &str) -> WordInfo {
    let suffix = |n: usize| {
        let start = lower.char_indices().rev().nth(n - 1).map_or(0, |(i, _)| i);
        bytes(21, &lower.as_bytes()[start..])
    };
    let prefix = lower.char_indices().nth(2).map_or(lower.len(), |(i, _)| i);
    let mut shape = 0;
    let (mut last, mut run) = (0, 0);
    for c in form.chars() {
        let kind = entente_language::segment::chars::kind(c);
        run = if kind == last { run + 1 } else { 0 };
        last = kind;
        if run < 2 {
            shape = mix(shape, u64::from(kind));
        }
    }
    WordInfo {
        lower: bytes(22, lower.as_bytes()),
        suffix3: suffix(3),
        suffix2: suffix(2),
        prefix: bytes(23, &lower.as_bytes()[..prefix]),
        shape,
    }
}

/// Features of one tagging decision.
pub const TAG_FEATURES: usize = 24;

/// The features of word `i` after tags `before` (nearest first).
#[must_use]
pub fn tag_features(words: &[WordInfo], i: usize, before: [u8; 2]) -> [u64; TAG_FEATURES] {
    let at = |offset: isize| i.checked_add_signed(offset).and_then(|i| words.get(i)).unwrap_or(&EDGE);
    let w = words[i];
    let (p, q, n, m) = (at(-1), at(-2), at(1), at(2));
    let [t1, t2] = before.map(u64::from);
    let parts = [
        0,
        w.lower,
        w.suffix3,
        w.suffix2,
        w.prefix,
        w.shape,
        p.lower,
        n.lower,
        q.lower,
        m.lower,
        p.suffix3,
        n.suffix3,
        t1,
        mix(t1, t2),
        mix(t1, w.lower),
        mix(t1, w.suffix3),
        mix(p.lower, w.lower),
        mix(w.lower, n.lower),
        mix(t1, n.suffix2),
        mix(w.shape, u64::from(i == 0)),
        mix(w.suffix3, n.suffix3),
        mix(mix(t1, w.suffix2), n.suffix2),
        n.shape,
        mix(w.suffix2, w.shape),
    ];
    number(parts, 301)
}

fn number<const N: usize>(parts: [u64; N], first: u64) -> [u64; N] {
    let mut features = [0; N];
    for (i, (feature, part)) in features.iter_mut().zip(parts).enumerate() {
        *feature = finish(mix(part, first + i as u64));
    }
    features
}

/// A step of the arc-hybrid system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Push the front of the buffer.
    Shift,
    /// Attach the top of the stack to the front of the buffer and pop it.
    Left(Deprel),
    /// Attach the top of the stack to the word below and pop it.
    Right(Deprel),
}

/// Number of different steps.
pub const STEPS: usize = 1 + 2 * Deprel::ALL.len();

impl Step {
    /// All steps, by number.
    #[must_use]
    pub fn from_index(index: usize) -> Self {
        let relations = Deprel::ALL.len();
        match index {
            0 => Self::Shift,
            i if i <= relations => Self::Left(Deprel::ALL[i - 1]),
            i => Self::Right(Deprel::ALL[i - 1 - relations]),
        }
    }

    /// The number of a step.
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::Shift => 0,
            Self::Left(d) => 1 + d.index(),
            Self::Right(d) => 1 + Deprel::ALL.len() + d.index(),
        }
    }
}

/// The parser's state. Node 0 is the artificial root, node `i` the word `i - 1`.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Nodes waiting for a head or for dependents.
    pub stack: Vec<usize>,
    /// The next node to read.
    pub front: usize,
    /// Number of nodes.
    pub nodes: usize,
    /// Heads and relations given so far.
    pub arcs: Vec<Option<(usize, Deprel)>>,
    /// Leftmost and rightmost dependents and their number on either side.
    pub edges: Vec<[usize; 4]>,
}

impl State {
    /// The start of a sentence.
    pub fn reset(&mut self, words: usize) {
        self.stack.clear();
        self.stack.push(0);
        self.front = 1;
        self.nodes = words + 1;
        self.arcs.clear();
        self.arcs.resize(self.nodes, None);
        self.edges.clear();
        self.edges.resize(self.nodes, [0; 4]);
    }

    /// Whether everything is attached.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.front == self.nodes && self.stack.len() == 1
    }

    /// Whether a kind of step is possible: shift, left, right. Exactly one word attaches to the root.
    #[must_use]
    pub fn allowed(&self) -> [bool; 3] {
        let height = self.stack.len();
        let more = self.front < self.nodes;
        [more, more && height > 1, height > 2 || height == 2 && !more]
    }

    /// Takes a step.
    pub fn apply(&mut self, step: Step) {
        let top = self.stack[self.stack.len() - 1];
        match step {
            Step::Shift => {
                self.stack.push(self.front);
                self.front += 1;
            }
            Step::Left(deprel) => {
                self.attach(top, self.front, deprel);
                self.stack.pop();
            }
            Step::Right(deprel) => {
                let head = self.stack[self.stack.len() - 2];
                self.attach(top, head, if head == 0 { Deprel::Root } else { deprel });
                self.stack.pop();
            }
        }
    }

    fn attach(&mut self, word: usize, head: usize, deprel: Deprel) {
        self.arcs[word] = Some((head, deprel));
        let edges = &mut self.edges[head];
        if word < head {
            edges[0] = word;
            edges[2] += 1;
        } else {
            edges[1] = word;
            edges[3] += 1;
        }
    }

    fn label(&self, node: usize) -> u64 {
        self.arcs[node].map_or(99, |(_, d)| u64::from(d as u8))
    }
}

/// Features of one step.
pub const STEP_FEATURES: usize = 44;

/// The features of a state. `tags` are those of the words.
#[must_use]
pub fn step_features(state: &State, words: &[WordInfo], tags: &[u8]) -> [u64; STEP_FEATURES] {
    let height = state.stack.len();
    let stacked = |depth: usize| (height > depth).then(|| state.stack[height - 1 - depth]);
    let ahead = |offset: usize| Some(state.front + offset).filter(|&i| i < state.nodes);
    let child = |node: Option<usize>, side: usize| node.map(|i| state.edges[i][side]).filter(|&i| i > 0);
    let word = |node: Option<usize>| match node {
        None => 2,
        Some(0) => 3,
        Some(i) => words[i - 1].lower,
    };
    let tag = |node: Option<usize>| match node {
        None => 254,
        Some(0) => 255,
        Some(i) => u64::from(tags[i - 1]),
    };
    let label = |node: Option<usize>| node.map_or(100, |i| state.label(i));
    let count = |node: Option<usize>, side: usize| node.map_or(0, |i| state.edges[i][side].min(4) as u64);
    let (s0, s1, s2) = (stacked(0), stacked(1), stacked(2));
    let (b0, b1, b2) = (ahead(0), ahead(1), ahead(2));
    let (s0w, s1w, b0w, b1w) = (word(s0), word(s1), word(b0), word(b1));
    let (s0t, s1t, s2t, b0t, b1t, b2t) = (tag(s0), tag(s1), tag(s2), tag(b0), tag(b1), tag(b2));
    let (s0l, s0r, s1l, s1r, b0l) = (child(s0, 0), child(s0, 1), child(s1, 0), child(s1, 1), child(b0, 0));
    let gap = |a: Option<usize>, b: Option<usize>| match (a, b) {
        (Some(a), Some(b)) => (b.abs_diff(a)).min(10) as u64,
        _ => 11,
    };
    let m3 = |a, b, c| mix(mix(a, b), c);
    let parts = [
        mix(s0w, s0t),
        s0w,
        s0t,
        mix(s1w, s1t),
        s1w,
        s1t,
        mix(b0w, b0t),
        b0w,
        b0t,
        mix(b1w, b1t),
        b1t,
        mix(b1t, b2t),
        m3(s0w, s0t, mix(b0w, b0t)),
        m3(s0w, s0t, b0t),
        m3(s0t, b0w, b0t),
        m3(s0w, b0w, 0),
        m3(s0t, b0t, 0),
        m3(s0t, b0t, b1t),
        m3(s1w, s0w, 0),
        m3(s1t, s0t, 0),
        m3(s1w, s0t, 0),
        m3(s1t, s0w, 0),
        m3(s1t, s0t, b0t),
        m3(s2t, s1t, s0t),
        m3(s1t, s0t, mix(b0t, b1t)),
        m3(s0t, tag(s0l), b0t),
        m3(s0t, tag(s0r), b0t),
        m3(s1t, s0t, tag(s1r)),
        m3(s1t, s0t, tag(s1l)),
        m3(s1t, s0t, tag(s0l)),
        m3(s0t, b0t, tag(b0l)),
        m3(s0w, label(s0l), count(s0, 2)),
        m3(s0w, label(s0r), count(s0, 3)),
        m3(s1w, label(s1r), count(s1, 3)),
        m3(s1w, label(s1l), count(s1, 2)),
        m3(b0w, label(b0l), count(b0, 2)),
        m3(s0t, b0t, gap(s0, b0)),
        m3(s1t, s0t, gap(s1, s0)),
        m3(s0w, b0w, gap(s0, b0)),
        m3(s0t, label(s0l), label(s0r)),
        m3(s1t, label(s1l), label(s1r)),
        m3(s1w, s0w, b0t),
        m3(word(s0r), s0t, b0w),
        m3(word(s1r), s1w, s0w),
    ];
    number(parts, 401)
}

/// Tagger and parser.
#[derive(Clone, Debug)]
pub struct Perceptron<'m> {
    /// One class for each pair of tags.
    pub tagger: Linear<'m>,
    /// One class for each [`Step`].
    pub parser: Linear<'m>,
    /// Number of tagger classes.
    pub tags: usize,
}

/// The class with the highest score among those allowed.
pub fn best(scores: &[i32], allowed: impl Fn(usize) -> bool) -> usize {
    let mut best = None;
    for (class, &score) in scores.iter().enumerate() {
        if allowed(class) && best.is_none_or(|(_, s)| score > s) {
            best = Some((class, score));
        }
    }
    best.map_or(0, |(class, _)| class)
}

/// Whether a step, by number, is of an allowed kind.
#[must_use]
pub fn is_allowed(allowed: [bool; 3], step: usize) -> bool {
    match step {
        0 => allowed[0],
        i if i <= Deprel::ALL.len() => allowed[1],
        _ => allowed[2],
    }
}

impl Perceptron<'_> {
    /// Tag classes of a sentence.
    #[must_use]
    pub fn tag(&self, words: &[WordInfo]) -> Vec<u8> {
        let mut tags = Vec::with_capacity(words.len());
        let mut before = [255; 2];
        let mut scores = vec![0; self.tags];
        for i in 0..words.len() {
            scores.fill(0);
            self.tagger.score(&tag_features(words, i, before), &mut scores);
            let tag = best(&scores, |_| true) as u8;
            tags.push(tag);
            before = [tag, before[0]];
        }
        tags
    }

    /// Heads (zero-based, `None` for the root) and relations of a sentence.
    #[must_use]
    pub fn parse(&self, words: &[WordInfo], tags: &[u8]) -> Vec<(Option<usize>, Deprel)> {
        let mut state = State::default();
        state.reset(words.len());
        let mut scores = vec![0; STEPS];
        while !state.is_final() {
            scores.fill(0);
            self.parser.score(&step_features(&state, words, tags), &mut scores);
            let allowed = state.allowed();
            state.apply(Step::from_index(best(&scores, |step| is_allowed(allowed, step))));
        }
        let arcs = state.arcs.iter().skip(1);
        arcs.map(|arc| arc.map_or((None, Deprel::Root), |(head, deprel)| (head.checked_sub(1), deprel)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered() {
        assert!((0..STEPS).all(|i| Step::from_index(i).index() == i));
    }

    #[test]
    fn any_allowed_steps_build_a_single_rooted_tree() {
        for seed in 0..200_u64 {
            let mut state = State::default();
            let words = 1 + (seed % 9) as usize;
            state.reset(words);
            let mut noise = seed;
            while !state.is_final() {
                let allowed = state.allowed();
                noise = finish(noise + 1);
                let step = (0..STEPS).map(|i| (i + noise as usize) % STEPS).find(|&i| is_allowed(allowed, i));
                state.apply(Step::from_index(step.expect("a state that is not final allows a step")));
            }
            assert_eq!(state.arcs.iter().flatten().filter(|(head, _)| *head == 0).count(), 1);
            assert!(state.arcs[1..].iter().all(Option::is_some));
        }
    }
}
