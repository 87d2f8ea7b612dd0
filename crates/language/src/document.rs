//! What the analysis of a text looks like.

use std::ops::Range;

use smol_str::SmolStr;

use crate::tags::{Deprel, Upos, Xpos};

/// An analysed text. Spans are byte ranges of [`Document::text`] and always fall on character boundaries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// The text itself.
    pub text: &'a str,
    /// Sentences in order, never empty ones.
    pub sentences: Vec<Sentence>,
}

impl<'a> Document<'a> {
    /// The text of a byte range, e.g. of [`Token::span`] or [`Sentence::span`].
    ///
    /// # Panics
    /// If the range does not belong to this document.
    #[must_use]
    pub fn slice(&self, span: Range<usize>) -> &'a str {
        &self.text[span]
    }

    /// The surface form of a token of this document.
    #[must_use]
    pub fn form(&self, token: &Token) -> &'a str {
        &self.text[token.span.clone()]
    }
}

/// One sentence: a single-rooted dependency tree over its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Byte range in the document's text, from the first to the last token.
    pub span: Range<usize>,
    /// Whether the sentence is the first of a paragraph.
    pub starts_paragraph: bool,
    /// Syntactic words in order ("don't" is two).
    pub tokens: Vec<Token>,
}

/// One syntactic word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Byte range in the document's text.
    pub span: Range<usize>,
    /// Whether the word continues the multi-word token of the word before it ("n't" in "don't").
    pub continues: bool,
    /// Dictionary form.
    pub lemma: SmolStr,
    /// Universal part of speech.
    pub upos: Upos,
    /// Penn Treebank tag.
    pub xpos: Xpos,
    /// UD features, sorted, `|`-separated ("Tense=Past|VerbForm=Fin"), empty where none.
    pub feats: &'static str,
    /// Index of the head in the sentence's tokens; `None` for the root.
    pub head: Option<usize>,
    /// UD relation with subtype; [`Deprel::Root`] exactly where `head` is `None`.
    pub deprel: Deprel,
}

impl Token {
    /// The value of a UD feature, e.g. `feat("Tense") == Some("Past")`.
    #[must_use]
    pub fn feat(&self, name: &str) -> Option<&'static str> {
        self.feats
            .split('|')
            .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
            .map(|(_, v)| v)
    }

    /// A verb or auxiliary.
    #[must_use]
    pub fn is_verbal(&self) -> bool {
        matches!(self.upos, Upos::Verb | Upos::Aux)
    }

    /// A noun, proper noun or pronoun.
    #[must_use]
    pub fn is_nominal(&self) -> bool {
        matches!(self.upos, Upos::Noun | Upos::Propn | Upos::Pron)
    }
}

impl Sentence {
    /// Index of the root word; 0 for a sentence without tokens.
    #[must_use]
    pub fn root(&self) -> usize {
        self.tokens.iter().position(|t| t.head.is_none()).unwrap_or(0)
    }

    /// Dependents of a word, from left to right.
    pub fn children(&self, head: usize) -> impl DoubleEndedIterator<Item = usize> + Clone + '_ {
        self.tokens.iter().enumerate().filter(move |(_, t)| t.head == Some(head)).map(|(i, _)| i)
    }

    /// Dependents of a word with this very relation (subtype included), from left to right.
    pub fn children_by(
        &self,
        head: usize,
        deprel: Deprel,
    ) -> impl DoubleEndedIterator<Item = usize> + Clone + '_ {
        self.children(head).filter(move |&i| self.tokens[i].deprel == deprel)
    }

    /// The first dependent whose relation without subtype is `base` ([`Deprel::Nsubj`] finds `nsubj:pass` too).
    #[must_use]
    pub fn child_base(&self, head: usize, base: Deprel) -> Option<usize> {
        self.children(head).find(|&i| self.tokens[i].deprel.base() == base)
    }

    /// The heads of a word up to the root, nearest first, without the word itself.
    pub fn ancestors(&self, word: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.tokens[word].head, |&i| self.tokens[i].head)
    }

    /// Whether `ancestor` is `word` itself or lies on its way to the root.
    #[must_use]
    pub fn dominates(&self, ancestor: usize, word: usize) -> bool {
        ancestor == word || self.ancestors(word).any(|i| i == ancestor)
    }

    /// Every word of the subtree of `word`, itself included, in the order of the text.
    #[must_use]
    pub fn subtree(&self, word: usize) -> Vec<usize> {
        let mut inside = vec![false; self.tokens.len()];
        let mut pending = vec![word];
        while let Some(i) = pending.pop() {
            inside[i] = true;
            pending.extend(self.children(i));
        }
        (0..inside.len()).filter(|&i| inside[i]).collect()
    }

    /// Token indices from the leftmost to behind the rightmost word of the subtree.
    #[must_use]
    pub fn subtree_range(&self, word: usize) -> Range<usize> {
        let subtree = self.subtree(word);
        subtree[0]..subtree[subtree.len() - 1] + 1
    }

    /// Byte range in the document's text from the first to the last word of a range of token indices.
    ///
    /// # Panics
    /// If the range is empty or reaches past the sentence.
    #[must_use]
    pub fn bytes(&self, words: Range<usize>) -> Range<usize> {
        self.tokens[words.start].span.start..self.tokens[words.end - 1].span.end
    }

    /// Byte range of the whole subtree of a word.
    #[must_use]
    pub fn subtree_span(&self, word: usize) -> Range<usize> {
        self.bytes(self.subtree_range(word))
    }

    /// Whether a word heads a passive clause or is a passive participle: it has a passive subject or auxiliary, or
    /// the feature `Voice=Pass` ("the man arrested on Monday").
    #[must_use]
    pub fn is_passive(&self, word: usize) -> bool {
        self.tokens[word].feat("Voice") == Some("Pass")
            || self.children(word).any(|i| {
                matches!(self.tokens[i].deprel, Deprel::NsubjPass | Deprel::AuxPass | Deprel::CsubjPass)
            })
    }

    /// Whether a negating word depends on this word ("not", "never", "no").
    #[must_use]
    pub fn is_negated(&self, word: usize) -> bool {
        self.children(word).any(|i| {
            let token = &self.tokens[i];
            matches!(token.deprel, Deprel::Advmod | Deprel::Det | Deprel::Cc | Deprel::CcPreconj)
                && matches!(token.lemma.as_str(), "not" | "never" | "no" | "neither" | "nor")
        })
    }

    /// The first conjunct followed by every other of the same coordination; only `word` where it is not coordinated.
    #[must_use]
    pub fn conjuncts(&self, word: usize) -> Vec<usize> {
        let mut first = word;
        while self.tokens[first].deprel == Deprel::Conj
            && let Some(head) = self.tokens[first].head
        {
            first = head;
        }
        let mut found = vec![first];
        let mut next = 0;
        while next < found.len() {
            found.extend(self.children_by(found[next], Deprel::Conj));
            next += 1;
        }
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(head: Option<usize>, deprel: Deprel, upos: Upos) -> Token {
        Token {
            span: 0..0,
            continues: false,
            lemma: SmolStr::default(),
            upos,
            xpos: Xpos::Nn,
            feats: "",
            head,
            deprel,
        }
    }

    /// "Aid to towns and camps was blocked".
    fn sentence() -> Sentence {
        let mut tokens = vec![
            word(Some(6), Deprel::NsubjPass, Upos::Noun),
            word(Some(2), Deprel::Case, Upos::Adp),
            word(Some(0), Deprel::Nmod, Upos::Noun),
            word(Some(4), Deprel::Cc, Upos::Cconj),
            word(Some(2), Deprel::Conj, Upos::Noun),
            word(Some(6), Deprel::AuxPass, Upos::Aux),
            word(None, Deprel::Root, Upos::Verb),
        ];
        let mut at = 0;
        for (token, length) in tokens.iter_mut().zip([3, 2, 5, 3, 5, 3, 7]) {
            token.span = at..at + length;
            at += length + 1;
        }
        tokens[6].feats = "Tense=Past|VerbForm=Part|Voice=Pass";
        Sentence { span: 0..at - 1, starts_paragraph: true, tokens }
    }

    #[test]
    fn walks_the_tree() {
        let s = sentence();
        assert_eq!(s.root(), 6);
        assert_eq!(s.children(2).collect::<Vec<_>>(), [1, 4]);
        assert_eq!(s.subtree(0), [0, 1, 2, 3, 4]);
        assert_eq!(s.subtree_span(0), 0..22);
        assert_eq!(s.ancestors(3).collect::<Vec<_>>(), [4, 2, 0, 6]);
        assert!(s.dominates(0, 3) && !s.dominates(5, 3));
        assert_eq!(s.conjuncts(4), [2, 4]);
        assert_eq!(s.child_base(6, Deprel::Nsubj), Some(0));
        assert!(s.is_passive(6) && !s.is_passive(0));
    }

    #[test]
    fn reads_features() {
        let s = sentence();
        assert_eq!(s.tokens[6].feat("VerbForm"), Some("Part"));
        assert_eq!(s.tokens[6].feat("Verb"), None);
        assert_eq!(s.tokens[0].feat("Voice"), None);
    }
}
