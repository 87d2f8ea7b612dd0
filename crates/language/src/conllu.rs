//! CoNLL-U: reading treebanks and writing analyses.

use std::fmt::Write as _;

use crate::analyzer::{Analyzer, GivenWord};
use crate::document::Document;

/// One sentence of a CoNLL-U file. Empty nodes of the enhanced graph are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConlluSentence {
    /// Comment lines without the leading `#`, trimmed.
    pub comments: Vec<String>,
    /// Syntactic words in order.
    pub words: Vec<ConlluWord>,
    /// Multi-word tokens in order.
    pub ranges: Vec<ConlluRange>,
}

/// A line with a plain number as id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConlluWord {
    /// Column 2.
    pub form: String,
    /// Column 3.
    pub lemma: String,
    /// Column 4.
    pub upos: String,
    /// Column 5.
    pub xpos: String,
    /// Column 6, `_` where empty.
    pub feats: String,
    /// Column 7: 0 for the root, else the one-based id of the head. 0 where the column is `_`.
    pub head: usize,
    /// Column 8.
    pub deprel: String,
    /// Column 9.
    pub deps: String,
    /// Column 10.
    pub misc: String,
}

/// A multi-word token: a line with a range as id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConlluRange {
    /// One-based id of the first word.
    pub first: usize,
    /// One-based id of the last word.
    pub last: usize,
    /// The surface form.
    pub form: String,
    /// Column 10.
    pub misc: String,
}

/// Why a text is not CoNLL-U.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Error {
    /// One-based line of the input.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// A surface token: the words `first..last` (zero-based) of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SurfaceToken<'a> {
    /// The surface form.
    pub form: &'a str,
    /// Zero-based index of the first word.
    pub first: usize,
    /// Zero-based index behind the last word.
    pub last: usize,
    /// Whether white space follows.
    pub space_after: bool,
}

impl ConlluSentence {
    /// The surface tokens in order.
    #[must_use]
    pub fn surface(&self) -> Vec<SurfaceToken<'_>> {
        let mut tokens = Vec::with_capacity(self.words.len());
        let mut ranges = self.ranges.iter().peekable();
        let mut word = 0;
        while word < self.words.len() {
            let range = ranges.next_if(|r| r.first == word + 1);
            let (form, misc, last) = match range {
                Some(r) => (r.form.as_str(), r.misc.as_str(), r.last),
                None => (self.words[word].form.as_str(), self.words[word].misc.as_str(), word + 1),
            };
            let space_after = !misc.split('|').any(|m| m == "SpaceAfter=No");
            tokens.push(SurfaceToken { form, first: word, last, space_after });
            word = last;
        }
        tokens
    }

    /// Whether a comment with this key stands before the sentence (`newpar` for `# newpar id = x`).
    #[must_use]
    pub fn has_comment(&self, key: &str) -> bool {
        self.comments.iter().any(|c| c.split([' ', '=']).next() == Some(key))
    }
}

/// Reads sentences.
///
/// # Errors
/// A line that is not a comment, an empty line or ten tab-separated columns; ids or heads that do not fit.
pub fn read(text: &str) -> Result<Vec<ConlluSentence>, Error> {
    let mut sentences = Vec::new();
    let mut current = ConlluSentence::default();
    let mut number = 0;
    for line in text.lines() {
        number += 1;
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            finish(&mut current, &mut sentences, number)?;
        } else if let Some(comment) = line.strip_prefix('#') {
            if !current.words.is_empty() {
                finish(&mut current, &mut sentences, number)?;
            }
            current.comments.push(comment.trim().to_owned());
        } else {
            read_line(line, &mut current).map_err(|reason| Error { line: number, reason })?;
        }
    }
    finish(&mut current, &mut sentences, number + 1)?;
    Ok(sentences)
}

fn read_line(line: &str, sentence: &mut ConlluSentence) -> Result<(), String> {
    let columns: Vec<&str> = line.split('\t').collect();
    if columns.len() != 10 {
        return Err(format!("expected 10 tab-separated columns, found {}", columns.len()));
    }
    if columns[1].is_empty() {
        return Err("the form is empty".to_owned());
    }
    let id = columns[0];
    if id.contains('.') {
        return Ok(());
    }
    let expected = sentence.words.len() + 1;
    if let Some((first, last)) = id.split_once('-') {
        let first = parse_id(first)?;
        let last = parse_id(last)?;
        if first != expected || last < first {
            return Err(format!("multi-word token {id} does not start at word {expected}"));
        }
        if sentence.ranges.last().is_some_and(|r| r.last >= first) {
            return Err(format!("multi-word token {id} overlaps the one before"));
        }
        let (form, misc) = (columns[1].to_owned(), columns[9].to_owned());
        sentence.ranges.push(ConlluRange { first, last, form, misc });
        return Ok(());
    }
    if parse_id(id)? != expected {
        return Err(format!("word id {id} where {expected} was expected"));
    }
    let head = if columns[6] == "_" { 0 } else { parse_id(columns[6])? };
    sentence.words.push(ConlluWord {
        form: columns[1].to_owned(),
        lemma: columns[2].to_owned(),
        upos: columns[3].to_owned(),
        xpos: columns[4].to_owned(),
        feats: columns[5].to_owned(),
        head,
        deprel: columns[7].to_owned(),
        deps: columns[8].to_owned(),
        misc: columns[9].to_owned(),
    });
    Ok(())
}

fn parse_id(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("{text:?} is not a word id"))
}

fn finish(current: &mut ConlluSentence, into: &mut Vec<ConlluSentence>, line: usize) -> Result<(), Error> {
    let sentence = std::mem::take(current);
    let error = |reason| Err(Error { line, reason });
    let words = sentence.words.len();
    if words == 0 {
        if let Some(range) = sentence.ranges.first() {
            return error(format!("multi-word token {}-{} has no words", range.first, range.last));
        }
        // Comments between sentences belong to the next one.
        *current = sentence;
        return Ok(());
    }
    if let Some(range) = sentence.ranges.iter().find(|r| r.last > words) {
        return error(format!("multi-word token {}-{} reaches past the sentence", range.first, range.last));
    }
    if let Some(word) = sentence.words.iter().find(|w| w.head > words) {
        return error(format!("head {} of {:?} lies outside the sentence", word.head, word.form));
    }
    into.push(sentence);
    Ok(())
}

/// Writes an analysed text, numbering its sentences.
#[must_use]
pub fn write(document: &Document<'_>) -> String {
    let mut out = String::with_capacity(document.text.len() * 10);
    for (number, sentence) in document.sentences.iter().enumerate() {
        if sentence.starts_paragraph {
            out.push_str("# newpar\n");
        }
        let text = document.slice(sentence.span.clone());
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(out, "# sent_id = {}\n# text = {text}", number + 1);
        write_words(document, number, &mut out);
        out.push('\n');
    }
    out
}

fn write_words(document: &Document<'_>, number: usize, out: &mut String) {
    let sentence = &document.sentences[number];
    let tokens = &sentence.tokens;
    let mut first = 0;
    while first < tokens.len() {
        let mut last = first + 1;
        while last < tokens.len() && tokens[last].continues {
            last += 1;
        }
        let end = tokens[last - 1].span.end;
        let next = tokens.get(last).map(|t| t.span.start);
        let next = next.or_else(|| document.sentences.get(number + 1).map(|s| s.span.start));
        let misc = if next == Some(end) { "SpaceAfter=No" } else { "_" };
        if last > first + 1 {
            let form = document.slice(tokens[first].span.start..end);
            let _ = writeln!(out, "{}-{last}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}", first + 1);
        }
        for (i, token) in tokens[first..last].iter().enumerate() {
            let misc = if last > first + 1 { "_" } else { misc };
            let head = token.head.map_or(0, |h| h + 1);
            let feats = if token.feats.is_empty() { "_" } else { token.feats };
            let (form, id) = (document.form(token), first + i + 1);
            let (lemma, upos, xpos, deprel) = (&token.lemma, token.upos, token.xpos, token.deprel);
            let _ =
                writeln!(out, "{id}\t{form}\t{lemma}\t{upos}\t{xpos}\t{feats}\t{head}\t{deprel}\t_\t{misc}");
        }
        first = last;
    }
}

/// Writes sentences as they were read, with whatever their words now hold.
#[must_use]
pub fn write_sentences(sentences: &[ConlluSentence]) -> String {
    let mut out = String::new();
    for sentence in sentences {
        for comment in &sentence.comments {
            let _ = writeln!(out, "# {comment}");
        }
        let mut ranges = sentence.ranges.iter().peekable();
        for (i, w) in sentence.words.iter().enumerate() {
            if let Some(r) = ranges.next_if(|r| r.first == i + 1) {
                let _ = writeln!(out, "{}-{}\t{}\t_\t_\t_\t_\t_\t_\t_\t{}", r.first, r.last, r.form, r.misc);
            }
            let _ = writeln!(
                out,
                "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
                i + 1,
                w.form,
                w.lemma,
                w.upos,
                w.xpos,
                w.feats,
                w.head,
                w.deprel,
                w.deps,
                w.misc
            );
        }
        out.push('\n');
    }
    out
}

/// Analyses a raw text with the built-in model and writes CoNLL-U.
#[must_use]
pub fn parse_text(text: &str) -> String {
    write(&Analyzer::shared().analyze(text))
}

/// Reads CoNLL-U, keeps its sentences and words, and predicts tags, lemmas, features and trees with the built-in model.
///
/// # Errors
/// As [`read`].
pub fn parse_conllu(text: &str) -> Result<String, Error> {
    let mut sentences = read(text)?;
    predict(Analyzer::shared(), &mut sentences);
    Ok(write_sentences(&sentences))
}

/// Replaces tags, lemmas, features, heads and relations of the words by predictions.
pub fn predict(analyzer: &Analyzer, sentences: &mut [ConlluSentence]) {
    let (text, words) = join_words(sentences);
    let document = analyzer.analyze_tokens(&text, &words);
    for (sentence, analysed) in sentences.iter_mut().zip(&document.sentences) {
        for (word, token) in sentence.words.iter_mut().zip(&analysed.tokens) {
            word.lemma = token.lemma.to_string();
            word.upos = token.upos.to_string();
            word.xpos = token.xpos.to_string();
            word.feats = if token.feats.is_empty() { "_".to_owned() } else { token.feats.to_owned() };
            word.head = token.head.map_or(0, |h| h + 1);
            word.deprel = token.deprel.to_string();
            word.deps = "_".to_owned();
        }
    }
}

/// A text of all words, and their places in it, as [`Analyzer::analyze_tokens`] wants them.
fn join_words(sentences: &[ConlluSentence]) -> (String, Vec<Vec<GivenWord>>) {
    let mut text = String::new();
    let mut places = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let mut words = Vec::with_capacity(sentence.words.len());
        for token in sentence.surface() {
            for (i, word) in sentence.words[token.first..token.last].iter().enumerate() {
                let start = text.len();
                text.push_str(&word.form);
                words.push((start..text.len(), i > 0));
            }
            if token.space_after {
                text.push(' ');
            }
        }
        places.push(words);
    }
    (text, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "# newpar id = p1\n# text = They don't.\n\
        1\tThey\tthey\tPRON\tPRP\t_\t2\tnsubj\t_\t_\n\
        2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n\
        2\tdo\tdo\tVERB\tVBP\t_\t0\troot\t_\t_\n\
        3\tn't\tnot\tPART\tRB\t_\t2\tadvmod\t_\t_\n\
        3.1\tgo\tgo\tVERB\tVB\t_\t_\t_\t2:xcomp\t_\n\
        4\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_\n\n";

    #[test]
    fn reads_ranges_and_skips_empty_nodes() {
        let sentences = read(SAMPLE).expect("valid");
        assert_eq!(sentences.len(), 1);
        let surface = sentences[0].surface();
        assert_eq!(surface.iter().map(|t| t.form).collect::<Vec<_>>(), ["They", "don't", "."]);
        assert!(surface[0].space_after && !surface[1].space_after);
        assert!(sentences[0].has_comment("newpar") && !sentences[0].has_comment("new"));
        assert_eq!(read(&write_sentences(&sentences)).as_ref(), Ok(&sentences));
    }

    #[test]
    fn names_line_and_reason() {
        let error = read("1\tA\ta\n").expect_err("three columns");
        assert_eq!(error.to_string(), "line 1: expected 10 tab-separated columns, found 3");
        let error = read("1\tA\t_\t_\t_\t_\t4\t_\t_\t_\n").expect_err("head outside");
        assert_eq!(error.to_string(), "line 2: head 4 of \"A\" lies outside the sentence");
        assert!(read("1-2\tA\t_\t_\t_\t_\t_\t_\t_\t_\n").is_err());
    }
}
