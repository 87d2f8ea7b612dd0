//! The pair files of the corpus and of the evaluation folder.

pub(crate) mod spans;

use std::path::Path;

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

/// One row: a sentence, two actors, what the first does to the second.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) sentence: String,
    pub(crate) source: String,
    pub(crate) target: String,
    /// Fifteen roots (YIELD for two of them) or NONE.
    pub(crate) root: String,
    pub(crate) mode: String,
    pub(crate) cameo: String,
    /// Empty where the file does not tell.
    pub(crate) modality: String,
    pub(crate) own: bool,
}

pub(crate) fn read(path: &Path, own: bool) -> anyhow::Result<Vec<Row>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or("").split('\t').collect();
    let column = |name: &str| head.iter().position(|h| *h == name);
    let needed = |name: &str| column(name).with_context(|| format!("{}: no column `{name}`", path.display()));
    let (id, sentence, source, target, root) =
        (needed("id")?, needed("sentence")?, needed("source")?, needed("target")?, needed("root")?);
    let mut rows = Vec::new();
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() != head.len() {
            bail!("{}: a row of {} columns instead of {}", path.display(), cells.len(), head.len());
        }
        let maybe = |name| column(name).map_or("", |i| cells[i]).to_owned();
        rows.push(Row {
            id: cells[id].to_owned(),
            sentence: cells[sentence].to_owned(),
            source: cells[source].to_owned(),
            target: cells[target].to_owned(),
            root: match cells[root] {
                "CONCEDE" | "RETREAT" => "YIELD".to_owned(),
                other => other.to_owned(),
            },
            mode: maybe("mode"),
            cameo: maybe("cameo"),
            modality: maybe("modality"),
            own,
        });
    }
    Ok(rows)
}

/// The fold of a sentence, as `training/data.py` has it.
pub(crate) fn fold_of(sentence: &str, folds: u64) -> u64 {
    let digest = Sha256::digest(sentence.as_bytes());
    u64::from_be_bytes(std::array::from_fn(|i| digest[i])) % folds
}
