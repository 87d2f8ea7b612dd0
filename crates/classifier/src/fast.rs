//! The fast tier: linear models over one set of features.

use entente_messages::Modality;
use entente_ontology::Root;
use smol_str::SmolStr;

use crate::bytes::{ModelError, Reader, Writer};
use crate::features::Rarity;
use crate::linear::{Linear, softmax};
use crate::scores::{PairScores, Tier};

/// First number of the file; changes with its layout or the features.
const VERSION: u32 = 0x454e_0001;

/// The labels that the root model tells apart: YIELD stands for CONCEDE and RETREAT together.
pub(crate) const YIELD: &str = "YIELD";
pub(crate) const NONE: &str = "NONE";

/// The linear models of the fast tier.
#[derive(Clone, Debug, PartialEq)]
pub struct FastModel {
    /// How rare each feature is.
    pub rarity: Rarity,
    /// Fifteen roots and NONE.
    pub root: Linear,
    /// CONCEDE against RETREAT, for YIELD.
    pub split: Linear,
    /// The four modalities.
    pub modality: Linear,
    /// `ROOT:mode`, with nothing behind the colon where the act has no mode.
    pub mode: Linear,
    /// `ROOT:code`.
    pub cameo: Linear,
    /// By what the scores of the root model are divided before they become probabilities.
    pub temperature: f32,
}

impl FastModel {
    /// Reads a model file.
    ///
    /// # Errors
    /// If the file is damaged, of another version, or lacks a label.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut input = Reader::new(bytes);
        if input.u32()? != VERSION {
            return Err(ModelError("the file is of another version"));
        }
        let temperature = f32::from_bits(input.u32()?);
        let rarity = Rarity::read(&mut input)?;
        let mut next = || Linear::read(&mut input, &rarity);
        let (root, split, modality) = (next()?, next()?, next()?);
        let (mode, cameo) = (next()?, next()?);
        let model = Self { rarity, root, split, modality, mode, cameo, temperature };
        let known = |l: &String| l == NONE || l == YIELD || l.parse::<Root>().is_ok();
        if temperature.is_nan() || temperature <= 0.0 || !model.root.labels.iter().all(known) {
            return Err(ModelError("a label or the temperature is not what it should be"));
        }
        if model.split.labels != ["CONCEDE", "RETREAT"] || model.modality.labels.len() != 4 {
            return Err(ModelError("a label list is not what it should be"));
        }
        Ok(model)
    }

    /// The model as a file.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.u32(VERSION);
        out.u32(self.temperature.to_bits());
        self.rarity.write(&mut out);
        for part in [&self.root, &self.split, &self.modality, &self.mode, &self.cameo] {
            part.write(&mut out);
        }
        out.finish()
    }

    /// Scores of one pair.
    #[must_use]
    pub fn scores(&self, features: &crate::Features) -> PairScores {
        let buckets = features.buckets(&self.rarity);
        let small = |model: &Linear| model.scores(&buckets);
        let root = softmax(&small(&self.root), self.temperature);
        let split = softmax(&small(&self.split), 1.0);
        let (roots, none) = spread(&self.root.labels, &root, split[0]);
        let mut scores = PairScores {
            roots,
            none,
            modality: Modality::Actual,
            mode: None,
            cameo: SmolStr::default(),
            by: Tier::Fast,
        };
        let best = folded(scores.best().0);
        scores.modality = modality(&small(&self.modality));
        scores.mode = detail(&self.mode.labels, &small(&self.mode), best).filter(|m| !m.is_empty());
        scores.cameo = detail(&self.cameo.labels, &small(&self.cameo), best).unwrap_or_default();
        scores
    }
}

/// Probabilities by label to probabilities by root: YIELD falls into its two roots.
pub(crate) fn spread(labels: &[String], probabilities: &[f32], concede: f32) -> ([f32; 16], f32) {
    let (mut roots, mut none) = ([0.0; 16], 0.0);
    let place = |root: Root| Root::ALL.iter().position(|r| *r == root).unwrap_or(0);
    for (label, &p) in labels.iter().zip(probabilities) {
        match label.as_str() {
            NONE => none = p,
            YIELD => {
                roots[place(Root::Concede)] = p * concede;
                roots[place(Root::Retreat)] = p * (1.0 - concede);
            }
            name => {
                if let Ok(root) = name.parse() {
                    roots[place(root)] = p;
                }
            }
        }
    }
    (roots, none)
}

/// The name under which details of a root are filed.
pub(crate) fn folded(root: Root) -> &'static str {
    if matches!(root, Root::Concede | Root::Retreat) { YIELD } else { root.name() }
}

/// The best-scored of the labels `ROOT:detail` of a root.
pub(crate) fn detail(labels: &[String], scores: &[f32], root: &str) -> Option<SmolStr> {
    let mut best: Option<(f32, &str)> = None;
    for (label, &score) in labels.iter().zip(scores) {
        if let Some((_, rest)) = label.split_once(':').filter(|(r, _)| *r == root)
            && best.is_none_or(|(b, _)| score > b)
        {
            best = Some((score, rest));
        }
    }
    best.map(|(_, rest)| SmolStr::new(rest))
}

/// The best-scored modality; scores come in the order actual, planned, hypothetical, negated.
pub(crate) fn modality(scores: &[f32]) -> Modality {
    let all = [Modality::Actual, Modality::Planned, Modality::Hypothetical, Modality::Negated];
    let mut best = 0;
    for (i, score) in scores.iter().enumerate().take(all.len()) {
        if *score > scores[best] {
            best = i;
        }
    }
    all[best]
}
