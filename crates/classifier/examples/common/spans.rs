//! Pairs of noun phrases for the teacher to judge: more text to distil from than there are coded rows.

use std::ops::Range;

use entente_classifier::tree;
use entente_language::{Deprel, Sentence, Upos};

/// Noun phrases of a sentence that could be actors, by the byte range of their head with what belongs to the name.
fn phrases(sentence: &Sentence) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for (i, token) in sentence.tokens.iter().enumerate() {
        let place = matches!(
            token.deprel.base(),
            Deprel::Nsubj | Deprel::Obj | Deprel::Iobj | Deprel::Obl | Deprel::Nmod | Deprel::Conj
        );
        if !place || !matches!(token.upos, Upos::Propn | Upos::Noun) {
            continue;
        }
        let inner = |j: usize| {
            let t = &sentence.tokens[j];
            t.head == Some(i)
                && matches!(t.deprel.base(), Deprel::Compound | Deprel::Flat | Deprel::Amod | Deprel::Det)
        };
        let first = (0..i).rev().take_while(|&j| inner(j)).last().unwrap_or(i);
        let last = (i + 1..sentence.tokens.len()).take_while(|&j| inner(j)).last().unwrap_or(i);
        out.push(sentence.tokens[first].span.start..sentence.tokens[last].span.end);
    }
    out
}

/// Up to `most` ordered pairs of a sentence, spread evenly over all that there are.
pub(crate) fn pairs(text: &str, most: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let found = phrases(&tree::of(text));
    let mut all = Vec::new();
    for a in &found {
        for b in &found {
            if a.end <= b.start || b.end <= a.start {
                all.push((a.clone(), b.clone()));
            }
        }
    }
    let step = all.len().div_ceil(most.max(1)).max(1);
    // Coprime to most list lengths, so that sources vary and not only targets.
    (0..all.len().min(most)).map(|k| all[(k * step * 7 + k) % all.len()].clone()).collect()
}
