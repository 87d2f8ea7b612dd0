//! An article with its sentences analysed: what mentions, coreference and events are read from.

use std::ops::Range;

use entente_language::{Deprel, Document, Sentence, Token};
use entente_messages::{Article, CharSpan, Part};

/// An article and the analysis of its title and body.
#[derive(Clone, Debug)]
pub struct Analysed<'a> {
    /// The article itself.
    pub article: &'a Article,
    /// The title's sentences first, then those of the body, in order.
    pub sentences: Vec<AnalysedSentence<'a>>,
    /// Bytes of the body before its first sentence: "BAMAKO, Mali, Nov 3 (Agency) - ".
    dateline: usize,
}

/// One sentence with its place in the article.
#[derive(Clone, Debug)]
pub struct AnalysedSentence<'a> {
    /// The field that the sentence stands in.
    pub part: Part,
    /// Number of the paragraph within the field, from 0.
    pub paragraph: usize,
    /// The whole text of the field; byte spans of [`Self::tree`] count in it.
    pub field: &'a str,
    /// Characters of the field before the sentence.
    pub start_char: u32,
    /// Tokens and dependency tree.
    pub tree: Sentence,
    /// For each token, whether it stands between quotation marks.
    pub quoted: Vec<bool>,
    /// For each token, the tokens that its subtree spans (first to one past the last; may enclose foreign tokens
    /// where the tree is not projective).
    subtrees: Vec<Range<usize>>,
    /// Children of token `i`: `children[first_child[i]..first_child[i + 1]]`, in order of the text.
    children: Vec<u32>,
    first_child: Vec<u32>,
}

/// Analyses title and body of an article with the built-in model.
#[must_use]
pub fn analyse(article: &Article) -> Analysed<'_> {
    let analyzer = entente_language::Analyzer::shared();
    let title = analyzer.analyze(&article.title);
    let body = analyzer.analyze(&article.body[dateline_end(&article.body)..]);
    Analysed::new(article, title, body)
}

impl<'a> Analysed<'a> {
    /// Joins an article with the analysis of its title and of its body.
    ///
    /// The documents must have been made from exactly `article.title` and from `article.body` without its dateline
    /// ([`dateline_end`]).
    #[must_use]
    pub fn new(article: &'a Article, title: Document<'_>, body: Document<'_>) -> Self {
        let dateline = dateline_end(&article.body);
        let mut sentences = Vec::with_capacity(title.sentences.len() + body.sentences.len());
        lay(&article.title, 0, Part::Title, title, &mut sentences);
        lay(&article.body, dateline, Part::Body, body, &mut sentences);
        Self { article, sentences, dateline }
    }

    /// The dateline, from the article's own field or from the body.
    #[must_use]
    pub fn dateline(&self) -> Option<&'a str> {
        let in_body = Some(&self.article.body[..self.dateline]).filter(|line| !line.is_empty());
        self.article.dateline.as_deref().or(in_body)
    }
}

/// Where the text of a body begins, in bytes: behind "BAMAKO, Mali, Nov 3 (Agency) - "; 0 without a dateline.
///
/// A dateline opens with a place in capitals and ends at a dash or a colon within its first line.
#[must_use]
pub fn dateline_end(body: &str) -> usize {
    const LONGEST: usize = 100;
    let first_word: String =
        body.chars().take_while(|c| !c.is_whitespace() && !matches!(c, ',' | ':')).collect();
    let letters = || first_word.chars().filter(|c| c.is_alphabetic());
    if letters().count() < 2 || !letters().all(char::is_uppercase) {
        return 0;
    }
    let line = body.lines().next().unwrap_or_default();
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        let next = at + c.len_utf8();
        let spaced = line[next..].starts_with(' ');
        let ends = match c {
            '\u{2014}' | '\u{2013}' => true,
            '-' => spaced && before == ' ' || line[next..].starts_with("- "),
            ':' => spaced && line[..at].chars().all(|c| !c.is_lowercase()),
            _ => false,
        };
        if ends {
            let rest = line[next..].trim_start_matches(['-', ' ']);
            return if rest.is_empty() { 0 } else { line.len() - rest.len() };
        }
        if at > LONGEST || matches!(c, '"' | '\u{201c}' | '?' | '!') {
            break;
        }
        before = c;
    }
    0
}

/// Adds the sentences of one field, with paragraph numbers, character offsets and quotation state. `skipped` bytes of the
/// field stand before the document's text.
fn lay<'a>(
    field: &'a str,
    skipped: usize,
    part: Part,
    document: Document<'_>,
    into: &mut Vec<AnalysedSentence<'a>>,
) {
    let (mut byte, mut chars, mut paragraph) = (0, 0u32, 0);
    let mut quote = Quotation::default();
    let mut first = true;
    for mut tree in document.sentences {
        shift(&mut tree, skipped);
        let gap = &field[byte.min(tree.span.start)..tree.span.start];
        if tree.starts_paragraph {
            paragraph += usize::from(!first);
            quote = Quotation::default();
        }
        first = false;
        chars += count_chars(gap);
        let quoted = tree.tokens.iter().map(|t| quote.pass(&field[t.span.clone()])).collect();
        let start_char = chars;
        chars += count_chars(&field[tree.span.clone()]);
        byte = tree.span.end;
        into.push(AnalysedSentence::new(part, paragraph, field, start_char, tree, quoted));
    }
}

fn shift(tree: &mut Sentence, by: usize) {
    if by == 0 {
        return;
    }
    let move_span = |span: &mut Range<usize>| *span = span.start + by..span.end + by;
    move_span(&mut tree.span);
    tree.tokens.iter_mut().for_each(|token| move_span(&mut token.span));
}

fn count_chars(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// Whether the text read so far stands inside a quotation. A paragraph break closes it.
#[derive(Clone, Copy, Debug, Default)]
struct Quotation {
    open: bool,
}

impl Quotation {
    /// Reads one token; tells whether it is quoted (the marks themselves are not).
    fn pass(&mut self, word: &str) -> bool {
        match word {
            "\u{201c}" | "``" | "\u{201e}" | "\u{ab}" => {
                self.open = true;
                false
            }
            "\u{201d}" | "''" | "\u{bb}" => {
                self.open = false;
                false
            }
            "\"" => {
                self.open = !self.open;
                false
            }
            _ => self.open,
        }
    }
}

impl<'a> AnalysedSentence<'a> {
    fn new(
        part: Part,
        paragraph: usize,
        field: &'a str,
        start_char: u32,
        tree: Sentence,
        quoted: Vec<bool>,
    ) -> Self {
        let n = tree.tokens.len();
        let head = |i: usize| tree.tokens[i].head.filter(|&h| h < n && h != i);
        let mut first_child = vec![0u32; n + 1];
        for h in (0..n).filter_map(head) {
            first_child[h + 1] += 1;
        }
        for i in 0..n {
            first_child[i + 1] += first_child[i];
        }
        let mut fill = first_child.clone();
        let mut children = vec![0u32; first_child[n] as usize];
        for i in 0..n {
            if let Some(h) = head(i) {
                children[fill[h] as usize] = i as u32;
                fill[h] += 1;
            }
        }
        let mut subtrees: Vec<Range<usize>> = (0..n).map(|i| i..i + 1).collect();
        for i in 0..n {
            let (mut at, mut steps) = (i, 0);
            while let Some(h) = head(at) {
                if subtrees[h].start <= i && i < subtrees[h].end || steps > n {
                    break;
                }
                subtrees[h] = subtrees[h].start.min(i)..subtrees[h].end.max(i + 1);
                (at, steps) = (h, steps + 1);
            }
        }
        Self { part, paragraph, field, start_char, tree, quoted, subtrees, children, first_child }
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tree.tokens.len()
    }

    /// Whether the sentence holds no token.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tree.tokens.is_empty()
    }

    /// Token `i`.
    #[must_use]
    pub fn token(&self, i: usize) -> &Token {
        &self.tree.tokens[i]
    }

    /// The letters of token `i`.
    #[must_use]
    pub fn word(&self, i: usize) -> &'a str {
        &self.field[self.tree.tokens[i].span.clone()]
    }

    /// The letters from the first to the last token of a non-empty range, with what stands between.
    #[must_use]
    pub fn words(&self, tokens: Range<usize>) -> &'a str {
        if tokens.is_empty() {
            return "";
        }
        &self.field[self.bytes(tokens)]
    }

    /// The letters of the sentence.
    #[must_use]
    pub fn text(&self) -> &'a str {
        &self.field[self.tree.span.clone()]
    }

    /// Bytes of the field that a non-empty range of tokens covers.
    #[must_use]
    pub fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        self.tree.tokens[tokens.start].span.start..self.tree.tokens[tokens.end - 1].span.end
    }

    /// Where a non-empty range of tokens stands, in characters of the field.
    #[must_use]
    pub fn char_span(&self, tokens: Range<usize>) -> CharSpan {
        let bytes = self.bytes(tokens);
        let start =
            self.start_char + count_chars(&self.field[self.tree.span.start.min(bytes.start)..bytes.start]);
        let end = start + count_chars(&self.field[bytes]);
        CharSpan { part: self.part, start, end }
    }

    /// Where the sentence stands, in characters of the field.
    #[must_use]
    pub fn sentence_span(&self) -> CharSpan {
        let end = self.start_char + count_chars(self.text());
        CharSpan { part: self.part, start: self.start_char, end }
    }

    /// The head of token `i`; `None` for the root.
    #[must_use]
    pub fn head(&self, i: usize) -> Option<usize> {
        self.tree.tokens[i].head.filter(|&h| h < self.len() && h != i)
    }

    /// The children of token `i`, in order of the text.
    pub fn children(&self, i: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.children[self.first_child[i] as usize..self.first_child[i + 1] as usize]
            .iter()
            .map(|&c| c as usize)
    }

    /// The children of token `i` whose relation is `relation`; a relation without subtype accepts every subtype.
    pub fn children_by(&self, i: usize, relation: Deprel) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.children(i).filter(move |&c| self.is_rel(c, relation))
    }

    /// Whether token `i` hangs by `relation`; a relation without subtype accepts every subtype.
    #[must_use]
    pub fn is_rel(&self, i: usize, relation: Deprel) -> bool {
        let have = self.rel(i);
        have == relation || have.base() == relation
    }

    /// UD relation of token `i`, with subtype.
    #[must_use]
    pub fn rel(&self, i: usize) -> Deprel {
        self.tree.tokens[i].deprel
    }

    /// The tokens from the first to the last of the subtree of `i`.
    #[must_use]
    pub fn subtree(&self, i: usize) -> Range<usize> {
        self.subtrees[i].clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_end_at_their_dash() {
        let text = |body: &'static str| &body[dateline_end(body)..];
        assert_eq!(text("BAMAKO, Mali, Nov 3 (Sahel Wire) - The army left."), "The army left.");
        assert_eq!(text("LA PAZ \u{2014} Miners marched."), "Miners marched.");
        assert_eq!(text("LOME: Two ships came."), "Two ships came.");
        assert_eq!(text("NATO and Mali agreed - at last."), "at last.");
        assert_eq!(text("The army left - at last."), "The army left - at last.");
        assert_eq!(text("A day."), "A day.");
        assert_eq!(text(""), "");
    }

    #[test]
    fn offsets_count_characters_and_paragraphs() {
        let article: Article = serde_json::from_value(serde_json::json!({
            "id": "t", "title": "Ñandú é", "body": "ACCRA, May 3 - São Tomé agreed.\n\n“It is over,” Zoë said. She left.",
        }))
        .expect("an article");
        let analysed = analyse(&article);
        for sentence in &analysed.sentences {
            let span = sentence.sentence_span();
            assert_eq!(span.slice(&article.title, &article.body), Some(sentence.text()));
            for i in 0..sentence.len() {
                let span = sentence.char_span(i..i + 1);
                assert_eq!(span.slice(&article.title, &article.body), Some(sentence.word(i)));
            }
        }
        let paragraphs: Vec<_> = analysed.sentences.iter().map(|s| (s.part, s.paragraph)).collect();
        assert_eq!(paragraphs, [(Part::Title, 0), (Part::Body, 0), (Part::Body, 1), (Part::Body, 1)]);
        let quoted = &analysed.sentences[2];
        let said = (0..quoted.len()).find(|&i| quoted.word(i) == "said").expect("said");
        let over = (0..quoted.len()).find(|&i| quoted.word(i) == "over").expect("over");
        assert!(quoted.quoted[over] && !quoted.quoted[said]);
    }
}
