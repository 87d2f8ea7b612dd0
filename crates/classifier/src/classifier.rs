//! The models behind one door.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use entente_language::Analyzer;

use crate::fast::FastModel;
use crate::features::Features;
use crate::pair::{PairInput, locate};
use crate::scores::PairScores;
use crate::tree;

static FAST: &[u8] = include_bytes!("../model/fast.bin");

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

/// The built-in models, set to one accuracy.
#[derive(Clone, Copy, Debug)]
pub struct Classifier {
    fast: &'static FastModel,
    accuracy: Accuracy,
}

impl Classifier {
    /// The built-in classifier. The first call of the process reads the models.
    ///
    /// # Panics
    /// If the model file built into the program is damaged, which a test rules out.
    #[must_use]
    pub fn shared(accuracy: Accuracy) -> &'static Self {
        static SHARED: OnceLock<[Classifier; 3]> = OnceLock::new();
        static MODEL: OnceLock<FastModel> = OnceLock::new();
        let all = SHARED.get_or_init(|| {
            let fast = MODEL.get_or_init(|| FastModel::read(FAST).expect("the built-in model is whole"));
            Accuracy::NAMES.map(|(_, accuracy)| Self { fast, accuracy })
        });
        &all[Accuracy::NAMES.iter().position(|(_, a)| *a == accuracy).unwrap_or(0)]
    }

    /// The accuracy that this classifier is set to.
    #[must_use]
    pub fn accuracy(&self) -> Accuracy {
        self.accuracy
    }

    /// Scores two actors given by their words, where nothing is analysed yet: finds them in the text as [`locate`]
    /// does and analyses the text as one sentence. An actor that the text does not name may be any words.
    #[must_use]
    pub fn classify_words(&self, text: &str, source: &str, target: &str) -> PairScores {
        let (source, target) = locate(text, source, target);
        let tree = tree::joined(Analyzer::shared().analyze(text).sentences);
        let input = PairInput { text, tree: Some(&tree), tree_offset: 0, source, target };
        self.classify(&[input]).swap_remove(0)
    }

    /// Scores each pair. A pair's scores do not depend on the others of the call; many pairs in one call are
    /// quicker than one at a time.
    #[must_use]
    pub fn classify(&self, pairs: &[PairInput<'_>]) -> Vec<PairScores> {
        pairs.iter().map(|pair| self.fast.scores(&Features::of(pair))).collect()
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
            let scores = fast.classify_words(text, source, target);
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
