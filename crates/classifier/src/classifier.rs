//! The models behind one door.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use entente_language::Sentence;

use crate::balanced::BalancedModel;
use crate::fast::FastModel;
use crate::features::Features;
use crate::pair::{PairInput, locate};
use crate::scores::PairScores;
use crate::tree;

static FAST: &[u8] = include_bytes!("../model/fast.bin");

/// A pair whose likeliest answer the linear model gives at least this probability does not go to the network; measured in
/// docs/measurements.md.
const SURE: f32 = 0.8;

/// How much time a pair may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Accuracy {
    /// The linear model alone: tens of microseconds a pair.
    Fast,
    /// What the linear model is not sure of goes to the small transformer.
    #[default]
    Balanced,
    /// Every pair goes to the strongest model there is.
    Best,
}

impl Accuracy {
    const NAMES: [(&'static str, Self); 3] =
        [("fast", Self::Fast), ("balanced", Self::Balanced), ("best", Self::Best)];
}

impl fmt::Display for Accuracy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Self::NAMES.iter().find(|(_, a)| a == self).map_or("", |(name, _)| name))
    }
}

/// The text is not the name of an accuracy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no accuracy; known: fast, balanced, best")]
pub struct ParseAccuracyError(pub String);

impl FromStr for Accuracy {
    type Err = ParseAccuracyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::NAMES.iter().find(|(name, _)| *name == text);
        found.map(|(_, a)| *a).ok_or_else(|| ParseAccuracyError(text.to_owned()))
    }
}

/// A row as pair files have it: a sentence and its actors by their words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The sentence.
    pub sentence: &'a str,
    /// The acting actor's words; words that do not occur in the sentence stand for an actor that it does not name.
    pub source: &'a str,
    /// The other actor's words, likewise.
    pub target: &'a str,
}

/// The built-in models, set to one accuracy.
#[derive(Clone, Copy, Debug)]
pub struct Classifier {
    fast: &'static FastModel,
    /// None where the fast tier alone answers.
    network: Option<&'static BalancedModel>,
    accuracy: Accuracy,
}

impl Classifier {
    /// The built-in classifier. The first call for an accuracy reads its models. `Best` has no model of its own yet: it
    /// sends every pair to the balanced tier's network.
    ///
    /// # Panics
    /// If a model file built into the program is damaged, which a test rules out.
    #[must_use]
    pub fn shared(accuracy: Accuracy) -> &'static Self {
        static FAST_MODEL: LazyLock<FastModel> =
            LazyLock::new(|| FastModel::read(FAST).expect("the built-in model is whole"));
        static NETWORK: LazyLock<BalancedModel> = LazyLock::new(|| {
            BalancedModel::read(entente_transformer::BALANCED).expect("the built-in network is whole")
        });
        static SHARED: [LazyLock<Classifier>; 3] = [
            LazyLock::new(|| Classifier { fast: &FAST_MODEL, network: None, accuracy: Accuracy::Fast }),
            LazyLock::new(|| Classifier {
                fast: &FAST_MODEL,
                network: Some(&NETWORK),
                accuracy: Accuracy::Balanced,
            }),
            LazyLock::new(|| Classifier {
                fast: &FAST_MODEL,
                network: Some(&NETWORK),
                accuracy: Accuracy::Best,
            }),
        ];
        match accuracy {
            Accuracy::Fast => &SHARED[0],
            Accuracy::Balanced => &SHARED[1],
            Accuracy::Best => &SHARED[2],
        }
    }

    /// The accuracy that this classifier is set to.
    #[must_use]
    pub fn accuracy(&self) -> Accuracy {
        self.accuracy
    }

    /// Scores rows of pair files, where nothing is analysed yet: finds the actors as [`locate`] does and analyses each
    /// sentence as one unit.
    #[must_use]
    pub fn classify_rows(&self, rows: &[Row<'_>]) -> Vec<PairScores> {
        let trees: Vec<Sentence> = rows.iter().map(|row| tree::of(row.sentence)).collect();
        let inputs: Vec<PairInput<'_>> = rows
            .iter()
            .zip(&trees)
            .map(|(row, tree)| {
                let (source, target) = locate(row.sentence, row.source, row.target);
                PairInput { text: row.sentence, tree: Some(tree), tree_offset: 0, source, target }
            })
            .collect();
        self.classify(&inputs)
    }

    /// Scores one row given by its words.
    #[must_use]
    pub fn classify_words(&self, sentence: &str, source: &str, target: &str) -> PairScores {
        self.classify_rows(&[Row { sentence, source, target }]).swap_remove(0)
    }

    /// Scores each pair. A pair's scores do not depend on the others of the call; many pairs in one call are
    /// quicker than one at a time.
    #[must_use]
    pub fn classify(&self, pairs: &[PairInput<'_>]) -> Vec<PairScores> {
        let mut scores: Vec<PairScores> =
            pairs.iter().map(|pair| self.fast.scores(&Features::of(pair))).collect();
        let Some(network) = self.network else { return scores };
        let handed_on: Vec<usize> = (0..pairs.len()).filter(|&i| self.hands_on(&scores[i])).collect();
        let inputs: Vec<&PairInput<'_>> = handed_on.iter().map(|&i| &pairs[i]).collect();
        for (i, better) in handed_on.into_iter().zip(network.scores(self.fast, &inputs)) {
            scores[i] = better;
        }
        scores
    }

    /// Whether the linear model is too unsure to have the last word.
    fn hands_on(&self, scores: &PairScores) -> bool {
        self.accuracy == Accuracy::Best || scores.certainty() < SURE
    }
}

#[cfg(test)]
mod tests {
    use entente_ontology::Root;

    use super::*;

    /// Own sentences, each with one plain act.
    const PLAIN: [(&str, &str, &str, Root); 6] = [
        (
            "Ministers from Chad accused Libya of arming rebels near the border.",
            "Ministers from Chad",
            "Libya",
            Root::Accuse,
        ),
        (
            "Police in Lima arrested two union leaders on Friday.",
            "Police in Lima",
            "two union leaders",
            Root::Coerce,
        ),
        ("Envoys of Peru held talks with Chile in Geneva.", "Envoys of Peru", "Chile", Root::Consult),
        (
            "Rebel fighters killed nine soldiers in an ambush.",
            "Rebel fighters",
            "nine soldiers",
            Root::Assault,
        ),
        ("Norway sent blankets and food to Malawi after the floods.", "Norway", "Malawi", Root::Aid),
        ("The union urged the government to raise wages.", "The union", "the government", Root::Request),
    ];

    #[test]
    fn plain_acts_are_recognised() {
        let fast = Classifier::shared(Accuracy::Fast);
        for (text, source, target, root) in PLAIN {
            let scores = fast.classify_rows(&[Row { sentence: text, source, target }]).swap_remove(0);
            assert_eq!(scores.best().0, root, "{text}: {scores:?}");
            assert!((scores.roots.iter().sum::<f32>() + scores.none - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn a_pair_is_scored_the_same_alone_and_among_others() {
        let inputs: Vec<PairInput<'_>> = PLAIN
            .iter()
            .map(|(text, source, target, _)| {
                let (source, target) = locate(text, source, target);
                PairInput { text, tree: None, tree_offset: 0, source, target }
            })
            .collect();
        let classifier = Classifier::shared(Accuracy::default());
        let together = classifier.classify(&inputs);
        for (input, scores) in inputs.iter().zip(together) {
            assert_eq!(classifier.classify(std::slice::from_ref(input)), [scores]);
        }
    }

    #[test]
    fn accuracies_have_names() {
        for (name, accuracy) in Accuracy::NAMES {
            assert_eq!(name.parse(), Ok(accuracy));
            assert_eq!(accuracy.to_string(), name);
        }
        assert!("good".parse::<Accuracy>().is_err());
    }
}
