//! Builds the file of word vectors from an export of `scripts/export_vectors.py`.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use entente_language::neural::input::word_key;
use entente_language::neural::vectors::{DIMENSIONS, Vectors};

/// Reads `words.tsv` and `vectors.f32` of a folder and gives the content of the file.
///
/// # Errors
/// Where a file cannot be read or the two do not fit.
pub fn build(folder: &Path) -> Result<Vec<u8>> {
    let path = folder.join("words.tsv");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let mut words = Vec::new();
    for line in text.lines() {
        let (word, row) =
            line.split_once('\t').with_context(|| format!("{}: no tab in {line:?}", path.display()))?;
        words.push((word_key(word), row.parse().with_context(|| format!("row of {word:?}"))?));
    }
    let path = folder.join("vectors.f32");
    let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    let (numbers, rest) = bytes.as_chunks::<4>();
    ensure!(rest.is_empty() && numbers.len() % DIMENSIONS == 0, "{} has an odd size", path.display());
    let rows: Vec<f32> = numbers.iter().map(|&b| f32::from_le_bytes(b)).collect();
    ensure!(
        words.iter().all(|&(_, row)| usize::from(row) < rows.len() / DIMENSIONS),
        "a word's row is missing"
    );
    let file = Vectors::write(&words, &rows);
    Vectors::read(&file)?;
    Ok(file)
}
