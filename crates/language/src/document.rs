//! What the analysis of a text looks like.

use std::ops::Range;

use smol_str::SmolStr;

/// An analysed text. Spans are byte ranges of [`Document::text`] and always fall on character boundaries.
#[derive(Clone, Debug, Default)]
pub struct Document<'a> {
    /// The text itself.
    pub text: &'a str,
    /// Sentences in order.
    pub sentences: Vec<Sentence>,
}

/// One sentence: a single-rooted dependency tree over its words.
#[derive(Clone, Debug, Default)]
pub struct Sentence {
    /// Byte range in the document's text.
    pub span: Range<usize>,
    /// Syntactic words in order ("don't" is two).
    pub tokens: Vec<Token>,
}

/// One syntactic word.
#[derive(Clone, Debug)]
pub struct Token {
    /// Byte range in the document's text.
    pub span: Range<usize>,
    /// Dictionary form.
    pub lemma: SmolStr,
    /// Universal part of speech ("VERB", "PROPN"). To become an enum by the owner of this crate: `Upos`.
    pub upos: &'static str,
    /// Penn Treebank tag ("VBD").
    pub xpos: &'static str,
    /// UD features, sorted, `|`-separated ("Tense=Past|VerbForm=Fin"), empty where none.
    pub feats: &'static str,
    /// Index of the head in the sentence's tokens; `None` for the root.
    pub head: Option<usize>,
    /// UD relation with subtype ("nsubj:pass").
    pub deprel: &'static str,
}
