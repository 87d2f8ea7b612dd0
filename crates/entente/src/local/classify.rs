//! `entente classify`: what one actor of a sentence does to another.

use std::io::{BufRead, Write};

use anyhow::Context;
use entente_classifier::{Accuracy, Classifier, PairScores, Row};
use entente_messages::Modality;
use entente_ontology::{QuadClass, Root};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::exit::Exit;

/// Pairs that are held in memory at the same time.
const BATCH: usize = 256;

/// Tell what one actor of a sentence does to another: NDJSON `{"id","sentence","source","target"}` on stdin.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// `fast`, `balanced` or `best`: how much to think about each pair.
    #[arg(long, default_value = "balanced")]
    accuracy: Accuracy,
}

/// Pairs of one call: the transformer reads several at once, and every core still gets its share of a batch.
const CHUNK: usize = 32;

#[derive(Deserialize)]
struct Pair {
    id: serde_json::Value,
    sentence: String,
    source: String,
    target: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a serde_json::Value,
    root: Root,
    cameo: String,
    mode: Option<String>,
    quad_class: QuadClass,
    modality: Modality,
    confidence: f32,
}

/// Answers every pair in order; a line that is no pair is reported and counted.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    super::say_tier(args.accuracy);
    let classifier = Classifier::shared(args.accuracy);
    let (mut read, mut bad) = (0_u64, 0_u64);
    let mut batch = Vec::with_capacity(BATCH);
    for (number, line) in (1_u64..).zip(std::io::stdin().lock().lines()) {
        let line = line.context("reading stdin")?;
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Pair>(&line) {
            Ok(pair) => batch.push(pair),
            Err(error) => {
                bad += 1;
                eprintln!("entente: stdin, line {number}: not a pair: {error}");
            }
        }
        if batch.len() == BATCH {
            read += answer(classifier, &mut batch)?;
        }
    }
    read += answer(classifier, &mut batch)?;
    if bad > 0 {
        eprintln!("entente: {read} pairs, {bad} bad lines");
    }
    Ok(if read == 0 { Exit::NothingRead } else { Exit::Done })
}

fn answer(classifier: &Classifier, batch: &mut Vec<Pair>) -> anyhow::Result<u64> {
    let scores: Vec<PairScores> = batch
        .par_chunks(CHUNK)
        .flat_map_iter(|pairs| classifier.classify_rows(&pairs.iter().map(row).collect::<Vec<_>>()))
        .collect();
    let mut out = std::io::stdout().lock();
    for (pair, scores) in batch.iter().zip(&scores) {
        serde_json::to_writer(&mut out, &answered(&pair.id, scores))?;
        out.write_all(b"\n")?;
    }
    let answered = batch.len() as u64;
    batch.clear();
    Ok(answered)
}

fn row(pair: &Pair) -> Row<'_> {
    Row { sentence: &pair.sentence, source: &pair.source, target: &pair.target }
}

fn answered<'a>(id: &'a serde_json::Value, scores: &PairScores) -> Answer<'a> {
    let (root, confidence) = scores.best();
    Answer {
        id,
        root,
        cameo: scores.cameo.to_string(),
        mode: scores.mode.as_ref().map(ToString::to_string),
        quad_class: root.quad_class(),
        modality: scores.modality,
        confidence,
    }
}
