//! What comes out: probabilities of the sixteen roots and of no act, and the details of the best root.

use entente_messages::Modality;
use entente_ontology::Root;
use smol_str::SmolStr;

/// Which model had the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// The linear model.
    Fast,
    /// The small transformer.
    Balanced,
}

/// What the first actor does to the second, by probability.
#[derive(Clone, Debug, PartialEq)]
pub struct PairScores {
    /// Probability of each root, in the order of [`Root::ALL`]; with [`Self::none`] they sum to 1.
    pub roots: [f32; 16],
    /// Probability that the sentence tells of no act from the first to the second.
    pub none: f32,
    /// Whether the act of the best root took place.
    pub modality: Modality,
    /// PLOVER mode of the best root; `None` where it has none.
    pub mode: Option<SmolStr>,
    /// CAMEO code of the best root, two to four digits.
    pub cameo: SmolStr,
    /// The model that these come from.
    pub by: Tier,
}

impl PairScores {
    /// The best root and its probability among the roots, leaving the possibility of no act aside.
    #[must_use]
    pub fn best(&self) -> (Root, f32) {
        let mut best = 0;
        for i in 1..self.roots.len() {
            if self.roots[i] > self.roots[best] {
                best = i;
            }
        }
        (Root::ALL[best], self.roots[best] / (1.0 - self.none).max(f32::MIN_POSITIVE))
    }

    /// Probability of the likeliest answer, that of no act included; CONCEDE and RETREAT count as one.
    #[must_use]
    pub fn certainty(&self) -> f32 {
        let yields = [Root::Concede, Root::Retreat];
        let of = |root: &Root| self.roots[Root::ALL.iter().position(|r| r == root).unwrap_or(0)];
        let others = Root::ALL.iter().filter(|r| !yields.contains(r)).map(of);
        others.fold(self.none.max(yields.iter().map(of).sum()), f32::max)
    }

    /// The best root and its probability, or `None` where no act is likelier than any root.
    #[must_use]
    pub fn best_or_none(&self) -> Option<(Root, f32)> {
        let (root, share) = self.best();
        let probability = share * (1.0 - self.none);
        (probability >= self.none).then_some((root, probability))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_leaves_none_aside_and_best_or_none_does_not() {
        let mut roots = [0.0; 16];
        roots[7] = 0.3;
        roots[15] = 0.1;
        let mut scores = PairScores {
            roots,
            none: 0.6,
            modality: Modality::Actual,
            mode: None,
            cameo: "10".into(),
            by: Tier::Fast,
        };
        let (root, p) = scores.best();
        assert_eq!(root, Root::Request);
        assert!((p - 0.75).abs() < 1e-6);
        assert_eq!(scores.best_or_none(), None);
        assert!((scores.certainty() - 0.6).abs() < 1e-6);
        scores.none = 0.2;
        assert_eq!(scores.best_or_none().map(|b| b.0), Some(Root::Request));
    }
}
