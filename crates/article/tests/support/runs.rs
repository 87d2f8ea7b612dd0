//! The measure of the public article-extraction benchmark: F1 of four-word runs, counted with their multiplicity.

use std::collections::HashMap;

fn runs(text: &str) -> HashMap<Vec<String>, usize> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let mut runs = HashMap::new();
    if words.is_empty() {
        return runs;
    }
    let length = words.len().min(4);
    for run in words.windows(length) {
        *runs.entry(run.to_vec()).or_insert(0) += 1;
    }
    runs
}

/// Precision, recall and F1 of a found text against the true one.
pub fn score(found: &str, truth: &str) -> (f64, f64, f64) {
    let (found, truth) = (runs(found), runs(truth));
    let common: usize = truth.iter().map(|(run, count)| *count.min(found.get(run).unwrap_or(&0))).sum();
    let ratio = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let precision = ratio(common, found.values().sum());
    let recall = ratio(common, truth.values().sum());
    let f1 = if common == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
    (precision, recall, f1)
}
