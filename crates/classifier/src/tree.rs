//! One tree for a text that should be one sentence.

use entente_language::{Deprel, Sentence};

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
