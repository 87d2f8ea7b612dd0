//! Treebanks as raw texts with the places of gold sentences and words.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};
use entente_language::conllu::{self, ConlluSentence};

/// A document: its raw text and what stands where in it.
#[derive(Clone, Debug, Default)]
pub struct GoldDocument {
    /// Sentences joined by blanks or, between paragraphs, by empty lines.
    pub text: String,
    /// The sentences in order.
    pub sentences: Vec<GoldSentence>,
}

/// A sentence in a [`GoldDocument`].
#[derive(Clone, Debug, Default)]
pub struct GoldSentence {
    /// Byte ranges of the surface tokens.
    pub tokens: Vec<Range<usize>>,
    /// Byte ranges of the words.
    pub words: Vec<Range<usize>>,
    /// Index in the treebank.
    pub index: usize,
}

/// Reads a file.
///
/// # Errors
/// Where it cannot be read or is not CoNLL-U.
pub fn load(path: &Path) -> Result<Vec<ConlluSentence>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    conllu::read(&text).with_context(|| path.display().to_string())
}

/// Cuts a treebank into documents with raw texts. `separator` is what stands between two sentences of a paragraph that a
/// blank would separate; it is asked with the text so far.
pub fn documents(sentences: &[ConlluSentence], mut separator: impl FnMut(&str) -> char) -> Vec<GoldDocument> {
    let mut documents: Vec<GoldDocument> = Vec::new();
    let mut space_after = true;
    for (index, sentence) in sentences.iter().enumerate() {
        if sentence.has_comment("newdoc") || documents.is_empty() {
            documents.push(GoldDocument::default());
        }
        let last = documents.len() - 1;
        let document = &mut documents[last];
        if !document.text.is_empty() {
            if sentence.has_comment("newpar") {
                document.text.push_str("\n\n");
            } else if space_after {
                let separator = separator(&document.text);
                document.text.push(separator);
            }
        }
        space_after = push_sentence(document, sentence, index);
    }
    documents
}

fn push_sentence(document: &mut GoldDocument, sentence: &ConlluSentence, index: usize) -> bool {
    let surface = sentence.surface();
    let mut gold = GoldSentence { index, ..GoldSentence::default() };
    for (i, token) in surface.iter().enumerate() {
        let start = document.text.len();
        document.text.push_str(token.form);
        let end = document.text.len();
        gold.tokens.push(start..end);
        let words = &sentence.words[token.first..token.last];
        let lengths: usize = words.iter().map(|w| w.form.len()).sum();
        let mut at = start;
        for word in words {
            let whole = lengths != token.form.len();
            gold.words.push(if whole { start..end } else { at..at + word.form.len() });
            at += word.form.len();
        }
        if token.space_after && i + 1 < surface.len() {
            document.text.push(' ');
        }
    }
    document.sentences.push(gold);
    surface.last().is_none_or(|t| t.space_after)
}
