//! Trains the fast tier, or measures it by cross-validation.
//!
//!     coder train --corpus pairs.tsv [--pairs pairs_train.tsv] --out model/fast.bin
//!     coder cross-validate --corpus pairs.tsv --pairs pairs_train.tsv --out predictions.ndjson

mod common;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use common::Row;
use entente_classifier::train::{Example, Settings, train};
use entente_classifier::{BalancedModel, FastModel, Features, Linear, PairInput, PairScores, Rarity, locate};

#[derive(Parser)]
#[command(about)]
struct Cli {
    #[command(subcommand)]
    task: Task,
    #[command(flatten)]
    data: Data,
}

#[derive(Subcommand)]
enum Task {
    /// Trains on all rows and writes the model file.
    Train,
    /// Trains without each fold in turn and writes what is predicted for it.
    CrossValidate {
        #[arg(long, default_value_t = 5)]
        folds: u64,
    },
    /// For each fold with a network trained without it, writes what both tiers say of the fold.
    Cascade {
        #[arg(long, default_value_t = 5)]
        folds: u64,
        /// FOLD=FILE, once for each fold.
        #[arg(long)]
        weights: Vec<String>,
    },
    /// Lets a network judge the rows and further pairs of noun phrases, for `--teacher`.
    Teach {
        #[arg(long)]
        weights: PathBuf,
        /// Files of further text: one sentence a line (`# text = ...` in treebanks).
        #[arg(long)]
        text: Vec<PathBuf>,
        /// Further pairs of a sentence at most.
        #[arg(long, default_value_t = 3)]
        most: usize,
    },
}

#[derive(Args)]
struct Data {
    /// Files in the corpus's format.
    #[arg(long, global = true)]
    corpus: Vec<PathBuf>,
    /// The academic pairs, where present.
    #[arg(long, global = true)]
    pairs: Option<PathBuf>,
    /// What `teach` wrote: FILE, or FOLD=FILE for a teacher that has not seen a fold; only those folds are then measured.
    #[arg(long, global = true)]
    teacher: Vec<String>,
    /// How far the teacher is believed where a row has a label of its own.
    #[arg(long, global = true, default_value_t = 0.5)]
    trust: f32,
    /// What a pair without label counts.
    #[arg(long, global = true, default_value_t = 0.3)]
    unlabelled_weight: f32,
    /// Where the model or the predictions go.
    #[arg(long, global = true, default_value = "/dev/null")]
    out: PathBuf,
    /// What a corpus row counts beside an academic one.
    #[arg(long, global = true, default_value_t = 0.6)]
    own_weight: f32,
    #[arg(long, global = true, default_value_t = 0.5)]
    cost: f32,
    #[arg(long, global = true, default_value_t = 18)]
    bits: u32,
    /// Features of fewer rows are left out.
    #[arg(long, global = true, default_value_t = 3)]
    least: usize,
    /// The same for the models of modality, mode and CAMEO code.
    #[arg(long, global = true, default_value_t = 16)]
    least_detail: usize,
    /// Train the models of mode and CAMEO code in cross-validation too.
    #[arg(long, global = true)]
    details: bool,
    #[arg(long, global = true, default_value_t = 40)]
    passes: usize,
    /// Leave the trees out.
    #[arg(long, global = true)]
    without_trees: bool,
}

const LABELS: [&str; 16] = [
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "YIELD",
    "COOPERATE",
    "AID",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
    "NONE",
];
const MODALITIES: [&str; 4] = ["actual", "planned", "hypothetical", "negated"];

/// A row with its features read.
struct Ready {
    row: Row,
    features: Features,
}

/// A teacher: its probabilities by text and byte ranges, and pairs that only it has judged.
#[derive(Default)]
struct Teacher {
    judged: BTreeMap<String, Vec<f32>>,
    unlabelled: Vec<(String, Features, Vec<f32>)>,
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let start = Instant::now();
    let rows = ready(&cli.data)?;
    eprintln!("{} rows read in {:.1?}", rows.len(), start.elapsed());
    match cli.task {
        Task::Train => {
            let all: Vec<&Ready> = rows.iter().collect();
            let teacher = match cli.data.teacher.first() {
                Some(file) => Teacher::read(file.as_ref(), &rows)?,
                None => Teacher::default(),
            };
            let model = fit(&all, &cli.data, &teacher, &|_| true, false);
            std::fs::write(&cli.data.out, model.write())?;
        }
        Task::CrossValidate { folds } => {
            let mut out = std::io::BufWriter::new(std::fs::File::create(&cli.data.out)?);
            for fold in 0..folds {
                let file = cli.data.teacher.iter().find_map(|t| t.strip_prefix(&format!("{fold}=")));
                if file.is_none() && !cli.data.teacher.is_empty() {
                    continue;
                }
                let teacher = match file {
                    Some(file) => Teacher::read(file.as_ref(), &rows)?,
                    None => Teacher::default(),
                };
                let outside = |sentence: &str| common::fold_of(sentence, folds) != fold;
                let (rest, held): (Vec<&Ready>, Vec<&Ready>) =
                    rows.iter().partition(|r| outside(&r.row.sentence));
                let model = fit(&rest, &cli.data, &teacher, &outside, !cli.data.details);
                for r in held {
                    let scores = model.scores(&r.features);
                    writeln!(out, "{}", line(&r.row, &scores))?;
                }
                eprintln!("fold {fold} after {:.1?}", start.elapsed());
            }
        }
        Task::Teach { weights, text, most } => {
            let network = BalancedModel::read(&std::fs::read(weights)?)?;
            let mut out = std::io::BufWriter::new(std::fs::File::create(&cli.data.out)?);
            teach(&network, &rows, &text, most, &mut out)?;
        }
        Task::Cascade { folds, weights } => {
            let mut out = std::io::BufWriter::new(std::fs::File::create(&cli.data.out)?);
            for entry in weights {
                let (fold, file) = entry.split_once('=').context("weights are given as FOLD=FILE")?;
                cascade(
                    &rows,
                    &cli.data,
                    (fold.parse()?, folds),
                    &BalancedModel::read(&std::fs::read(file)?)?,
                    &mut out,
                )?;
            }
        }
    }
    Ok(())
}

/// Writes the network's probabilities of the rows, of pairs of noun phrases in their sentences, and in further text.
fn teach(
    network: &BalancedModel,
    rows: &[Ready],
    files: &[PathBuf],
    most: usize,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mut pairs: Vec<(&str, Place, Place, bool)> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for r in rows {
        let (source, target) = locate(&r.row.sentence, &r.row.source, &r.row.target);
        pairs.push((&r.row.sentence, source, target, true));
    }
    let mut further: Vec<String> = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file)?;
        let lines = text.lines().map(|l| l.strip_prefix("# text = ").unwrap_or(l));
        further.extend(
            lines
                .filter(|l| l.len() > 60 && l.len() < 400 && !l.contains('\t') && !l.starts_with('#'))
                .map(str::to_owned),
        );
    }
    let sentences = rows.iter().map(|r| r.row.sentence.as_str()).chain(further.iter().map(String::as_str));
    for sentence in sentences.filter(|s| seen.insert(*s)) {
        for (source, target) in common::spans::pairs(sentence, most) {
            pairs.push((sentence, Some(source), Some(target), false));
        }
    }
    eprintln!("{} pairs to judge", pairs.len());
    for part in pairs.chunks(512) {
        let inputs: Vec<PairInput<'_>> = part
            .iter()
            .map(|(text, source, target, _)| PairInput {
                text,
                tree: None,
                tree_offset: 0,
                source: source.clone(),
                target: target.clone(),
            })
            .collect();
        let judged = network.probabilities(&inputs.iter().collect::<Vec<_>>());
        for ((text, source, target, labelled), p) in part.iter().zip(judged) {
            let p: Vec<f32> =
                LABELS.iter().map(|l| p.iter().find(|(k, _)| k == l).map_or(0.0, |(_, p)| *p)).collect();
            let range = |r: &Place| r.as_ref().map(|r| [r.start, r.end]);
            let line = serde_json::json!({
                "text": text, "source": range(source), "target": range(target), "labelled": labelled, "p": p,
            });
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

type Place = Option<std::ops::Range<usize>>;

fn key(text: &str, source: &Place, target: &Place) -> String {
    format!("{source:?} {target:?} {text}")
}

impl Teacher {
    fn read(path: &std::path::Path, rows: &[Ready]) -> anyhow::Result<Self> {
        let mut teacher = Self::default();
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut tree = (String::new(), entente_language::Sentence::default());
        for line in text.lines() {
            let v: serde_json::Value = serde_json::from_str(line)?;
            let text = v["text"].as_str().context("a judged pair without text")?.to_owned();
            let place = |name: &str| -> Option<std::ops::Range<usize>> {
                let [a, b]: [usize; 2] = serde_json::from_value(v[name].clone()).ok()?;
                Some(a..b)
            };
            let (source, target) = (place("source"), place("target"));
            let p: Vec<f32> = serde_json::from_value(v["p"].clone())?;
            if v["labelled"] == true {
                teacher.judged.insert(key(&text, &source, &target), p);
                continue;
            }
            if tree.0 != text {
                tree = (text.clone(), entente_classifier::tree::of(&text));
            }
            let input = PairInput { text: &text, tree: Some(&tree.1), tree_offset: 0, source, target };
            let features = Features::of(&input);
            teacher.unlabelled.push((text, features, p));
        }
        eprintln!(
            "{} rows judged of {}, {} further pairs",
            teacher.judged.len(),
            rows.len(),
            teacher.unlabelled.len()
        );
        Ok(teacher)
    }

    /// The teacher's probabilities of a row, weighed against its label.
    fn of(&self, row: &Row, label: usize, trust: f32) -> Vec<f32> {
        let (source, target) = locate(&row.sentence, &row.source, &row.target);
        let judged = self.judged.get(&key(&row.sentence, &source, &target));
        let hard = |k| f32::from(u8::from(k == label));
        (0..LABELS.len())
            .map(|k| judged.map_or(hard(k), |p| trust * p[k] + (1.0 - trust) * hard(k)))
            .collect()
    }
}

/// Both tiers on a fold, and how long they took.
fn cascade(
    rows: &[Ready],
    data: &Data,
    (fold, folds): (u64, u64),
    network: &BalancedModel,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let (held, rest): (Vec<&Ready>, Vec<&Ready>) =
        rows.iter().partition(|r| common::fold_of(&r.row.sentence, folds) == fold);
    let outside = |sentence: &str| common::fold_of(sentence, folds) != fold;
    let file = data.teacher.iter().find_map(|t| t.strip_prefix(&format!("{fold}=")));
    let teacher = file.map(|f| Teacher::read(f.as_ref(), rows)).transpose()?.unwrap_or_default();
    let fast = fit(&rest, data, &teacher, &outside, false);
    let inputs: Vec<PairInput<'_>> = held
        .iter()
        .map(|r| {
            let (source, target) = locate(&r.row.sentence, &r.row.source, &r.row.target);
            PairInput { text: &r.row.sentence, tree: None, tree_offset: 0, source, target }
        })
        .collect();
    let start = Instant::now();
    let slow = network.scores(&fast, &inputs.iter().collect::<Vec<_>>());
    let slow_time = start.elapsed();
    let start = Instant::now();
    let quick: Vec<PairScores> = held.iter().map(|r| fast.scores(&r.features)).collect();
    eprintln!("fold {fold}: {} pairs, network {slow_time:.1?}, linear {:.1?}", held.len(), start.elapsed());
    for ((r, slow), quick) in held.iter().zip(slow).zip(quick) {
        let mut both = line(&r.row, &slow);
        both["fast"] = line(&r.row, &quick);
        writeln!(out, "{both}")?;
    }
    Ok(())
}

fn line(row: &Row, scores: &PairScores) -> serde_json::Value {
    let (root, p) = scores.best();
    serde_json::json!({
        "id": row.id, "own": row.own, "gold": row.root, "root": root, "p": p, "none": scores.none,
        "roots": scores.roots, "cameo": scores.cameo, "gold_cameo": row.cameo, "mode": scores.mode,
        "gold_mode": row.mode, "modality": scores.modality, "gold_modality": row.modality,
    })
}

fn ready(data: &Data) -> anyhow::Result<Vec<Ready>> {
    let mut rows = Vec::new();
    for path in &data.corpus {
        rows.extend(common::read(path, true)?);
    }
    if let Some(path) = &data.pairs {
        rows.extend(common::read(path, false)?);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let (source, target) = locate(&row.sentence, &row.source, &row.target);
            let tree = (!data.without_trees).then(|| entente_classifier::tree::of(&row.sentence));
            let input =
                PairInput { text: &row.sentence, tree: tree.as_ref(), tree_offset: 0, source, target };
            let features = Features::of(&input);
            Ready { features, row }
        })
        .collect())
}

fn fit(
    rows: &[&Ready],
    data: &Data,
    teacher: &Teacher,
    may_use: &dyn Fn(&str) -> bool,
    root_only: bool,
) -> FastModel {
    let weight = |r: &Ready| if r.row.own { data.own_weight } else { 1.0 };
    let rarest = |count| Rarity::step(rows.len(), count);
    let settings = Settings { rarest: rarest(data.least), cost: data.cost, passes: data.passes };
    let small = Settings { rarest: rarest(data.least_detail), cost: data.cost, passes: data.passes };
    let rarity = Rarity::count(data.bits, rows.iter().map(|r| &r.features));
    let wide: Vec<Vec<(u32, f32)>> = rows.iter().map(|r| r.features.buckets(&rarity)).collect();
    let unlabelled = |labels: &[String]| -> Vec<Example> {
        if labels.len() != LABELS.len() || labels[0] != LABELS[0] {
            return Vec::new();
        }
        let usable = teacher.unlabelled.iter().filter(|(text, _, _)| may_use(text));
        usable
            .map(|(_, features, p)| Example {
                features: features.buckets(&rarity),
                belongs: p.clone(),
                weight: data.unlabelled_weight,
            })
            .collect()
    };
    let hard = |labels: &[String], of: &dyn Fn(&Row) -> String, settings: Settings| -> Linear {
        let examples: Vec<Example> = rows
            .iter()
            .zip(&wide)
            .filter_map(|(r, buckets)| {
                let label = labels.iter().position(|l| *l == of(&r.row))?;
                let belongs = if labels.len() == LABELS.len() && labels[0] == LABELS[0] {
                    teacher.of(&r.row, label, data.trust)
                } else {
                    (0..labels.len()).map(|k| f32::from(u8::from(k == label))).collect()
                };
                Some(Example { features: buckets.clone(), belongs, weight: weight(r) })
            })
            .chain(unlabelled(labels))
            .collect();
        train(labels.to_vec(), &rarity, &examples, settings)
    };
    let names = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let root = hard(&names(&LABELS), &|r| r.root.clone(), settings);
    let acts: Vec<&Row> = rows.iter().map(|r| &r.row).filter(|r| r.own && r.root != "NONE").collect();
    let (mode, cameo) = if root_only {
        (vec!["-".to_owned()], vec!["-".to_owned()])
    } else {
        (frequent(&acts, &|r| r.mode.clone()), frequent(&acts, &|r| r.cameo.clone()))
    };
    let own_act = |r: &Row| r.own && r.root != "NONE";
    FastModel {
        rarity: rarity.clone(),
        root,
        split: hard(&names(&["CONCEDE", "RETREAT"]), &|r| split(r).to_owned(), small),
        modality: hard(
            &names(&MODALITIES),
            &|r| if own_act(r) { r.modality.clone() } else { String::new() },
            small,
        ),
        mode: hard(
            &mode,
            &|r| if own_act(r) { format!("{}:{}", r.root, r.mode) } else { String::new() },
            small,
        ),
        cameo: hard(
            &cameo,
            &|r| {
                if !own_act(r) {
                    return String::new();
                }
                let known = |code: &str| cameo.contains(&format!("{}:{code}", r.root));
                let code = (2..=r.cameo.len()).rev().map(|n| &r.cameo[..n]).find(|c| known(c));
                code.map_or(String::new(), |c| format!("{}:{c}", r.root))
            },
            small,
        ),
        temperature: 0.24,
    }
}

/// CONCEDE or RETREAT of a YIELD row, as the corpus tells them apart; nothing for other rows.
fn split(row: &Row) -> &'static str {
    let code = row.cameo.as_str();
    if row.root != "YIELD" || code.is_empty() {
        ""
    } else if code < "084" && !matches!(code, "0813" | "0814") && row.mode != "resign" {
        "CONCEDE"
    } else {
        "RETREAT"
    }
}

/// `ROOT:detail` labels of at least five rows; a root's labels always hold the shortest form of the detail.
fn frequent(rows: &[&Row], detail: &dyn Fn(&Row) -> String) -> Vec<String> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        let d = detail(row);
        *count.entry(format!("{}:{d}", row.root)).or_default() += 1;
        if d.starts_with(|c: char| c.is_ascii_digit()) {
            for n in 2..d.len() {
                *count.entry(format!("{}:{}", row.root, &d[..n])).or_default() += 1;
            }
        }
    }
    count.into_iter().filter(|(_, n)| *n >= 5).map(|(label, _)| label).collect()
}
