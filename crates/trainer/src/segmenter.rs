//! Trains the classifiers of token and sentence boundaries.

use std::collections::HashSet;

use entente_language::conllu::ConlluSentence;
use entente_language::container::Writer;
use entente_language::segment::boundaries::{self, Chunk};
use entente_language::segment::{chars, paragraphs, sentences};

use crate::perceptron::{Averaged, Random};
use crate::treebank::{self, GoldDocument, GoldSentence};

const BITS: u32 = 18;
const EPOCHS: usize = 10;

/// Trains both classifiers and writes their sections.
pub fn train(treebank: &[ConlluSentence], seed: u64, writer: &mut Writer) {
    let mut random = Random(seed);
    let plain = treebank::documents(treebank, |_| ' ');
    let mut documents: Vec<GoldDocument> = plain.iter().map(|d| typeset(d, &mut random)).collect();
    documents.extend(plain);
    writer.i8s("segment.tokens", &train_tokens(&mut documents, &mut random));
    writer.i8s("segment.sentences", &train_sentences(&mut documents, &mut random));
}

/// The document as a newspaper sets it: curly quotes and apostrophes, dashes for hyphens now and then. The treebanks' web
/// texts rarely have them.
fn typeset(document: &GoldDocument, random: &mut Random) -> GoldDocument {
    let mut result = GoldDocument::default();
    let mut end = 0;
    let mut open = false;
    for sentence in &document.sentences {
        let mut moved = GoldSentence { index: sentence.index, ..GoldSentence::default() };
        for token in &sentence.tokens {
            result.text.push_str(&document.text[end..token.start]);
            end = token.end;
            let start = result.text.len();
            match &document.text[token.clone()] {
                "\"" => {
                    result.text.push(if open { '”' } else { '“' });
                    open = !open;
                }
                "-" if random.unit() < 0.3 => result.text.push('–'),
                "--" if random.unit() < 0.5 => result.text.push('—'),
                form => result.text.extend(form.chars().map(|c| if c == '\'' { '’' } else { c })),
            }
            moved.tokens.push(start..result.text.len());
        }
        result.sentences.push(moved);
    }
    result
}

fn train_tokens(documents: &mut [GoldDocument], random: &mut Random) -> Vec<i8> {
    let mut model = Averaged::new(1, BITS);
    let mut chunk = Chunk::default();
    for _ in 0..EPOCHS {
        random.shuffle(documents);
        for document in documents.iter() {
            let gold: HashSet<usize> =
                document.sentences.iter().flat_map(|s| &s.tokens).map(|t| t.end).collect();
            let mut at = 0;
            for piece in document.text.split_inclusive(chars::is_space) {
                let range = at..at + piece.trim_end_matches(chars::is_space).len();
                at += piece.len();
                if range.is_empty() || boundaries::is_plain_word(&document.text.as_bytes()[range.clone()]) {
                    continue;
                }
                chunk.read(&document.text, range);
                for place in 1..chunk.len() {
                    if chunk.is_candidate(place) && !chunk.is_certain(place) {
                        learn(&mut model, &chunk.features(place), gold.contains(&chunk.offset(place)));
                    }
                }
            }
        }
    }
    model.finish()
}

/// A perceptron step with a margin.
fn learn(model: &mut Averaged, features: &[u64], yes: bool) {
    let mut score = [0.0];
    model.score(features, &mut score);
    let sign = if yes { 1.0 } else { -1.0 };
    if score[0] * sign <= 2.0 {
        model.update(features, 0, sign);
    }
    model.tick();
}

fn train_sentences(documents: &mut [GoldDocument], random: &mut Random) -> Vec<i8> {
    let mut model = Averaged::new(1, BITS);
    let mut surface = Vec::new();
    for _ in 0..EPOCHS {
        random.shuffle(documents);
        for document in documents.iter() {
            let ends: HashSet<usize> =
                document.sentences.iter().filter_map(|s| s.tokens.last()).map(|t| t.end).collect();
            let mut tokens = document.sentences.iter().flat_map(|s| &s.tokens).peekable();
            for paragraph in paragraphs(&document.text) {
                let mut inside = Vec::new();
                while let Some(token) = tokens.next_if(|t| t.start < paragraph.end) {
                    inside.push(token.clone());
                }
                sentences::read(&document.text, &inside, &mut surface);
                let (mut start, mut state) = (0, sentences::State::default());
                for next in 1..surface.len() {
                    state.pass(&surface[next - 1]);
                    let yes = ends.contains(&inside[next - 1].end);
                    if sentences::is_candidate(&surface, next) {
                        learn(&mut model, &sentences::features(&surface, start, next, &state), yes);
                    }
                    if yes {
                        (start, state) = (next, sentences::State::default());
                    }
                }
            }
        }
    }
    model.finish()
}
