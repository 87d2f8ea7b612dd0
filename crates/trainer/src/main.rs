//! `entente-trainer`: trains the language model.

use std::path::Path;

use anyhow::Result;
use entente_language::Analyzer;
use entente_language::container::Writer;
use entente_language::neural::vectors::Vectors;
use entente_trainer::neural::{self, Options};
use entente_trainer::{baseline, lexicon, score, segmenter, treebank, vectors};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let bank = Path::new("../shared/treebank");
    if arguments[0] == "vectors" {
        std::fs::write(&arguments[2], vectors::build(Path::new(&arguments[1]))?)?;
        return Ok(());
    }
    let mut train = treebank::load(&bank.join("ewt-train.conllu"))?;
    train.extend(treebank::load(&bank.join("gum-train.conllu"))?);
    let dev: Vec<_> = ["ewt", "gum"]
        .iter()
        .map(|name| Ok((*name, treebank::load(&bank.join(format!("{name}-dev.conllu")))?)))
        .collect::<Result<_>>()?;
    let number = |i: usize, or: f32| arguments.get(i).and_then(|a| a.parse().ok()).unwrap_or(or);
    let common = |writer: &mut Writer| {
        segmenter::train(&train, 1, writer);
        lexicon::train(&train, writer)
    };
    let report = |writer: Writer, name: &str| -> Result<()> {
        let file = writer.finish();
        std::fs::write(format!("/tmp/lang/{name}.model"), &file)?;
        let analyzer = Analyzer::from_static(Box::leak(file.into_boxed_slice()))?;
        for (name, dev) in &dev {
            println!("{name} raw  | {}", score::raw(&analyzer, dev));
            println!("{name} gold | {}", score::gold_tokens(&analyzer, dev));
        }
        Ok(())
    };
    if arguments[0] == "baseline" {
        let mut writer = Writer::default();
        common(&mut writer)?;
        baseline::train(&train, number(1, 8.0) as usize, 1, &mut writer)?;
        return report(writer, "baseline");
    }
    let options = Options {
        width: number(1, 192.0) as usize,
        layers: number(2, 3.0) as usize,
        arc: number(3, 64.0) as usize,
        label: number(3, 64.0) as usize,
        epochs: number(4, 20.0) as usize,
        batch: number(5, 1000.0) as usize,
        rate: number(6, 2.5e-3),
        dropout: neural::model::Dropout { layer: number(9, 0.33), head: number(10, 0.4) },
        seed: number(11, 1.0) as u64,
    };
    let every = number(7, 5.0) as usize;
    let subset = number(8, 1.0);
    let train: Vec<_> = train[..(train.len() as f32 * subset) as usize].to_vec();
    let vectors_file = std::fs::read("crates/language/model/vectors.model")?;
    let vectors = Vectors::read(&vectors_file)?;
    let name = arguments[0].clone();
    neural::train(&train, &vectors, options, |epoch, write| {
        if (epoch + 1) % every == 0 || epoch + 1 == options.epochs {
            let mut writer = Writer::default();
            common(&mut writer)?;
            write(&mut writer);
            report(writer, &name)?;
        }
        Ok(())
    })
}
