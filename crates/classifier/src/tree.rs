//! One tree for a text that should be one sentence.

use entente_language::{Analyzer, Deprel, Sentence};

/// Joins the sentences into which a text was split to one tree: the later roots hang on the first as parataxis.
#[must_use]
pub fn joined(sentences: Vec<Sentence>) -> Sentence {
    let mut sentences = sentences.into_iter();
    let mut all = sentences.next().unwrap_or_default();
    let root = all.root();
    for sentence in sentences {
        let shift = all.tokens.len();
        all.span.end = sentence.span.end;
        all.tokens.extend(sentence.tokens.into_iter().map(|mut token| {
            match token.head {
                Some(head) => token.head = Some(head + shift),
                None => (token.head, token.deprel) = (Some(root), Deprel::Parataxis),
            }
            token
        }));
    }
    all
}

/// The tree of a text taken as one sentence, as the built-in analyser sees it.
#[must_use]
pub fn of(text: &str) -> Sentence {
    joined(Analyzer::shared().analyze(text).sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sentences_become_one_tree() {
        let tree = of("Chad protested. Libya did not answer.");
        assert_eq!(tree.tokens.iter().filter(|t| t.head.is_none()).count(), 1);
        assert_eq!(tree.tokens.last().map(|t| t.span.end), Some(37));
        assert!(of("").tokens.is_empty());
    }
}
