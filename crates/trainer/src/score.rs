//! Evaluation as in the CoNLL 2018 shared task: words are matched by the characters they cover.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use entente_language::conllu::ConlluSentence;
use entente_language::{Analyzer, Document};

use crate::treebank;

/// Counts of one measure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// In the treebank.
    pub gold: usize,
    /// Predicted.
    pub system: usize,
    /// Both.
    pub correct: usize,
}

impl Count {
    /// The harmonic mean of precision and recall, in percent.
    #[must_use]
    pub fn f1(&self) -> f64 {
        200.0 * self.correct as f64 / (self.gold + self.system).max(1) as f64
    }
}

/// All measures, in percent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scores {
    /// Surface tokens.
    pub tokens: f64,
    /// Sentences.
    pub sentences: f64,
    /// Syntactic words.
    pub words: f64,
    /// Universal tags.
    pub upos: f64,
    /// Penn tags.
    pub xpos: f64,
    /// All features together.
    pub feats: f64,
    /// Lemmas.
    pub lemmas: f64,
    /// Heads.
    pub uas: f64,
    /// Heads and relations without subtypes, the measure of the shared task.
    pub las: f64,
    /// Heads and relations with subtypes.
    pub las_full: f64,
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2}",
            self.tokens,
            self.sentences,
            self.words,
            self.upos,
            self.xpos,
            self.feats,
            self.lemmas,
            self.uas,
            self.las,
            self.las_full
        )
    }
}

struct Side<'a> {
    tokens: Vec<Range<usize>>,
    sentences: Vec<Range<usize>>,
    words: Vec<Word<'a>>,
}

struct Word<'a> {
    span: Range<usize>,
    upos: &'a str,
    xpos: &'a str,
    feats: &'a str,
    lemma: &'a str,
    head: Option<Range<usize>>,
    deprel: &'a str,
}

/// Evaluates a predicted document against one gold document of the treebank.
fn sides<'a>(
    gold: &treebank::GoldDocument,
    bank: &'a [ConlluSentence],
    system: &'a Document<'a>,
) -> (Side<'a>, Side<'a>) {
    let mut left = Side { tokens: vec![], sentences: vec![], words: vec![] };
    for sentence in &gold.sentences {
        left.tokens.extend(sentence.tokens.iter().cloned());
        left.sentences.push(sentence.words[0].start..sentence.words[sentence.words.len() - 1].end);
        for (word, span) in bank[sentence.index].words.iter().zip(&sentence.words) {
            left.words.push(Word {
                span: span.clone(),
                upos: &word.upos,
                xpos: &word.xpos,
                feats: &word.feats,
                lemma: &word.lemma,
                head: word.head.checked_sub(1).map(|h| sentence.words[h].clone()),
                deprel: &word.deprel,
            });
        }
    }
    let mut right = Side { tokens: vec![], sentences: vec![], words: vec![] };
    for sentence in &system.sentences {
        right.sentences.push(sentence.span.clone());
        for token in &sentence.tokens {
            match right.tokens.last_mut() {
                Some(last) if token.continues => last.end = token.span.end,
                _ => right.tokens.push(token.span.clone()),
            }
            right.words.push(Word {
                span: token.span.clone(),
                upos: token.upos.as_str(),
                xpos: token.xpos.as_str(),
                feats: if token.feats.is_empty() { "_" } else { token.feats },
                lemma: &token.lemma,
                head: token.head.map(|h| sentence.tokens[h].span.clone()),
                deprel: token.deprel.as_str(),
            });
        }
    }
    (left, right)
}

fn base(deprel: &str) -> &str {
    deprel.split(':').next().unwrap_or(deprel)
}

fn matching(left: &[Range<usize>], right: &[Range<usize>]) -> Count {
    let set: std::collections::HashSet<_> = left.iter().collect();
    let correct = right.iter().filter(|r| set.contains(r)).count();
    Count { gold: left.len(), system: right.len(), correct }
}

#[derive(Default)]
struct Totals([Count; 10]);

impl Totals {
    fn add(&mut self, left: &Side<'_>, right: &Side<'_>) {
        let mut add = |at: usize, count: Count| {
            let total = &mut self.0[at];
            total.gold += count.gold;
            total.system += count.system;
            total.correct += count.correct;
        };
        add(0, matching(&left.tokens, &right.tokens));
        add(1, matching(&left.sentences, &right.sentences));
        let gold: HashMap<&Range<usize>, &Word<'_>> = left.words.iter().map(|w| (&w.span, w)).collect();
        let pairs: Vec<(&Word<'_>, &Word<'_>)> =
            right.words.iter().filter_map(|w| gold.get(&w.span).map(|g| (*g, w))).collect();
        let mut words = |at: usize, same: &dyn Fn(&Word<'_>, &Word<'_>) -> bool| {
            let correct = pairs.iter().filter(|(g, s)| same(g, s)).count();
            add(at, Count { gold: left.words.len(), system: right.words.len(), correct });
        };
        words(2, &|_, _| true);
        words(3, &|g, s| g.upos == s.upos);
        words(4, &|g, s| g.xpos == s.xpos);
        words(5, &|g, s| g.feats == s.feats);
        words(6, &|g, s| g.lemma == s.lemma || g.lemma == "_");
        words(7, &|g, s| g.head == s.head);
        words(8, &|g, s| g.head == s.head && base(g.deprel) == base(s.deprel));
        words(9, &|g, s| g.head == s.head && g.deprel == s.deprel);
    }

    fn scores(&self) -> Scores {
        let f1: Vec<f64> = self.0.iter().map(Count::f1).collect();
        Scores {
            tokens: f1[0],
            sentences: f1[1],
            words: f1[2],
            upos: f1[3],
            xpos: f1[4],
            feats: f1[5],
            lemmas: f1[6],
            uas: f1[7],
            las: f1[8],
            las_full: f1[9],
        }
    }
}

/// Scores from raw text.
#[must_use]
pub fn raw(analyzer: &Analyzer, bank: &[ConlluSentence]) -> Scores {
    let mut totals = Totals::default();
    for gold in treebank::documents(bank, |_| ' ') {
        let system = analyzer.analyze(&gold.text);
        let (left, right) = sides(&gold, bank, &system);
        totals.add(&left, &right);
    }
    totals.scores()
}

/// Scores with the treebank's tokens and sentences.
#[must_use]
pub fn gold_tokens(analyzer: &Analyzer, bank: &[ConlluSentence]) -> Scores {
    let mut totals = Totals::default();
    for gold in treebank::documents(bank, |_| ' ') {
        let given: Vec<Vec<(Range<usize>, bool)>> = gold.sentences.iter().map(words).collect();
        let system = analyzer.analyze_tokens(&gold.text, &given);
        let (left, right) = sides(&gold, bank, &system);
        totals.add(&left, &right);
    }
    totals.scores()
}

fn words(sentence: &treebank::GoldSentence) -> Vec<(Range<usize>, bool)> {
    let starts: std::collections::HashSet<usize> = sentence.tokens.iter().map(|t| t.start).collect();
    sentence.words.iter().map(|w| (w.clone(), !starts.contains(&w.start))).collect()
}
