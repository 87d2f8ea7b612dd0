//! `entente-trainer`: trains the language model.

use std::path::Path;

use anyhow::Result;
use entente_language::Analyzer;
use entente_language::container::Writer;
use entente_trainer::{baseline, lexicon, score, segmenter, treebank};

fn main() -> Result<()> {
    let bank = Path::new("../shared/treebank");
    let mut train = treebank::load(&bank.join("ewt-train.conllu"))?;
    train.extend(treebank::load(&bank.join("gum-train.conllu"))?);
    let mut writer = Writer::default();
    let start = std::time::Instant::now();
    segmenter::train(&train, 1, &mut writer);
    eprintln!("segmenter {:?}", start.elapsed());
    lexicon::train(&train, &mut writer)?;
    eprintln!("lexicon {:?}", start.elapsed());
    let epochs = std::env::args().nth(1).map_or(Ok(8), |e| e.parse())?;
    baseline::train(&train, epochs, 1, &mut writer)?;
    eprintln!("baseline {:?}", start.elapsed());
    let file = writer.finish();
    std::fs::write("/tmp/lang/phase1.model", &file)?;
    let analyzer = Analyzer::from_static(Box::leak(file.into_boxed_slice()))?;
    for name in ["ewt", "gum"] {
        let dev = treebank::load(&bank.join(format!("{name}-dev.conllu")))?;
        println!("{name} raw  | {}", score::raw(&analyzer, &dev));
        println!("{name} gold | {}", score::gold_tokens(&analyzer, &dev));
    }
    Ok(())
}
