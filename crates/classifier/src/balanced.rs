//! The balanced tier: a small fine-tuned transformer over the sentence with its two actors marked.

use std::ops::Range;

use entente_transformer::Transformer;
use smol_str::SmolStr;

use crate::bytes::ModelError;
use crate::fast::{FastModel, folded, modality, spread};
use crate::linear::softmax;
use crate::pair::PairInput;
use crate::scores::{PairScores, Tier};

/// By what the network's scores are divided before they become probabilities, fitted on rows held out of its training
/// (docs/measurements.md).
const TEMPERATURE: f32 = 0.94;

/// The network and where its heads stand.
#[derive(Debug)]
pub struct BalancedModel {
    network: Transformer,
    root: usize,
    modality: usize,
    mode: usize,
    cameo: usize,
    labels: Vec<Vec<String>>,
}

impl BalancedModel {
    /// Reads the network's weights.
    ///
    /// # Errors
    /// If the file is damaged or a head is missing.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let network =
            Transformer::read(bytes).map_err(|_| ModelError("the transformer's weights cannot be read"))?;
        let names: Vec<String> = network.heads().map(|(name, _)| name.to_owned()).collect();
        let labels = network.heads().map(|(_, labels)| labels.to_vec()).collect();
        let find = |name: &str| {
            names.iter().position(|n| n == name).ok_or(ModelError("the transformer lacks a head"))
        };
        Ok(Self {
            root: find("root")?,
            modality: find("modality")?,
            mode: find("mode")?,
            cameo: find("cameo")?,
            network,
            labels,
        })
    }

    /// Scores of each pair; `details` tells which codes and modes belong to a root.
    #[must_use]
    pub fn scores(&self, details: &FastModel, pairs: &[&PairInput<'_>]) -> Vec<PairScores> {
        let texts: Vec<String> =
            pairs.iter().map(|p| marked(p.text, p.checked_source(), p.checked_target())).collect();
        self.network.scores(&texts).into_iter().map(|heads| self.read_out(details, &heads)).collect()
    }

    /// Probability of each label of the root head, for each pair.
    #[must_use]
    pub fn probabilities(&self, pairs: &[&PairInput<'_>]) -> Vec<Vec<(&str, f32)>> {
        let texts: Vec<String> =
            pairs.iter().map(|p| marked(p.text, p.checked_source(), p.checked_target())).collect();
        let read = |heads: Vec<Vec<f32>>| {
            let p = softmax(&heads[self.root], TEMPERATURE);
            self.labels[self.root].iter().map(String::as_str).zip(p).collect()
        };
        self.network.scores(&texts).into_iter().map(read).collect()
    }

    fn read_out(&self, details: &FastModel, heads: &[Vec<f32>]) -> PairScores {
        let root = softmax(&heads[self.root], TEMPERATURE);
        let cameo = softmax(&heads[self.cameo], 1.0);
        let yields = |wanted: bool| -> f32 {
            let of = self.labels[self.cameo].iter().zip(&cameo);
            of.filter(|(code, _)| code.starts_with("08") && concedes(code) == wanted).map(|(_, p)| p).sum()
        };
        let (concede, retreat) = (yields(true) + 1e-6, yields(false) + 1e-6);
        let (roots, none) = spread(&self.labels[self.root], &root, concede / (concede + retreat));
        let mut scores = PairScores {
            roots,
            none,
            modality: modality(&heads[self.modality]),
            mode: None,
            cameo: SmolStr::default(),
            by: Tier::Balanced,
        };
        let root = scores.best().0;
        let best = |head: usize, of_root: &[String]| {
            let mut found: Option<(f32, &str)> = None;
            for (label, &score) in self.labels[head].iter().zip(&heads[head]) {
                let fits = of_root.iter().any(|l| l.split_once(':') == Some((folded(root), label)));
                if fits && found.is_none_or(|(s, _)| score > s) {
                    found = Some((score, label));
                }
            }
            found.map(|(_, label)| label)
        };
        scores.cameo = best(self.cameo, &details.cameo.labels).unwrap_or("").into();
        scores.mode = best(self.mode, &details.mode.labels).filter(|m| !m.is_empty()).map(SmolStr::new);
        scores
    }
}

/// Whether a CAMEO code of yielding means words (CONCEDE) rather than deeds (RETREAT).
fn concedes(code: &str) -> bool {
    code < "084" && !matches!(code, "0813" | "0814")
}

/// The sentence with its two actors marked, as the network was trained on it; `training/data.py` repeats this rule.
fn marked(text: &str, source: Option<Range<usize>>, target: Option<Range<usize>>) -> String {
    let mut cuts = Vec::new();
    let mut add = |span: &Option<Range<usize>>, opener, closer| {
        if let Some(span) = span {
            // At one place closers come before openers; of two openers the longer span's comes first.
            cuts.push((span.start, 1, std::cmp::Reverse(span.end), opener));
            cuts.push((span.end, 0, std::cmp::Reverse(span.start), closer));
        }
    };
    add(&source, "^ source : ", " ^");
    add(&target, "~ target : ", " ~");
    cuts.sort_unstable();
    let mut out = String::with_capacity(text.len() + 48);
    if source.is_none() {
        out.push_str("^ source : an actor ^ ");
    }
    let mut at = 0;
    for (place, _, _, words) in cuts {
        out.push_str(&text[at..place]);
        out.push_str(words);
        at = place;
    }
    out.push_str(&text[at..]);
    if target.is_none() {
        out.push_str(" ~ target : a recipient ~");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_actors_apart_inside_each_other_and_absent() {
        let text = "Mali's army fled";
        assert_eq!(marked(text, Some(0..4), Some(7..11)), "^ source : Mali ^'s ~ target : army ~ fled");
        assert_eq!(marked(text, Some(0..11), Some(0..4)), "^ source : ~ target : Mali ~'s army ^ fled");
        assert_eq!(
            marked(text, None, None),
            "^ source : an actor ^ Mali's army fled ~ target : a recipient ~"
        );
    }
}
