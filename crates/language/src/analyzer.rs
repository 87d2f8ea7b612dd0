//! The whole analysis: text to document.

use std::ops::Range;
use std::sync::LazyLock;

use crate::container::{ModelError, Reader};
use crate::document::{Document, Sentence, Token};
use crate::lexicon::{FeatsQuery, LemmaRule, Lexicon};
use crate::linear::Linear;
use crate::perceptron::{self, Perceptron, STEPS};
use crate::segment::Segmenter;
use crate::table::Table;
use crate::tags::{Deprel, Upos, Xpos};

/// The model in the binary.
static MODEL: &[u8] = include_bytes!("../model/language.model");

static SHARED: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::from_static(MODEL).expect("the built-in model is tested to load"));

/// Segments, tags, lemmatizes and parses English text. Immutable; share one between threads.
#[derive(Debug)]
pub struct Analyzer {
    segmenter: Segmenter<'static>,
    lexicon: Lexicon<'static>,
    tags: Vec<(Upos, Xpos)>,
    perceptron: Perceptron<'static>,
}

/// A word of a text whose words are known: its byte range, and whether it continues the token before.
pub type GivenWord = (Range<usize>, bool);

/// A word to analyse: where it stands, and whether it continues the token before.
#[derive(Clone, Debug)]
struct Word<'a> {
    form: &'a str,
    lower: String,
    start: usize,
    continues: bool,
}

impl Analyzer {
    /// The built-in model, loaded at the first call.
    #[must_use]
    pub fn shared() -> &'static Self {
        &SHARED
    }

    /// Loads a model from memory that is never freed, as the built-in one is.
    ///
    /// # Errors
    /// Where the bytes are not a model of this version, or damaged.
    pub fn from_static(file: &'static [u8]) -> Result<Self, ModelError> {
        let reader = Reader::new(file)?;
        let linear = |name: &str, classes: usize| {
            let bytes: &'static [u8] = reader.bytes(name)?;
            let bits = bytes.len().saturating_sub(classes).checked_ilog2();
            let weights = bytemuck::cast_slice(bytes);
            let linear = bits.and_then(|bits| Linear::new(classes, bits, weights));
            linear.ok_or_else(|| ModelError::Section(name.to_owned()))
        };
        let tags = reader.strings("tags")?;
        let tags: Option<Vec<_>> = tags.iter().map(|line| parse_tags(line)).collect();
        let tags = tags.filter(|t| !t.is_empty()).ok_or_else(|| ModelError::Section("tags".to_owned()))?;
        Ok(Self {
            segmenter: Segmenter {
                tokens: linear("segment.tokens", 1)?,
                sentences: linear("segment.sentences", 1)?,
            },
            lexicon: load_lexicon(&reader)?,
            perceptron: Perceptron {
                tagger: linear("perceptron.tagger", tags.len())?,
                parser: linear("perceptron.parser", STEPS)?,
                tags: tags.len(),
            },
            tags,
        })
    }

    /// Analyses a text. Total: takes any string, of any length.
    #[must_use]
    pub fn analyze<'a>(&self, text: &'a str) -> Document<'a> {
        let segments = self.segmenter.segment(text);
        let mut sentences = Vec::with_capacity(segments.sentences.len());
        for span in &segments.sentences {
            let mut words = Vec::new();
            for token in &segments.tokens[span.tokens.clone()] {
                self.push_words(&text[token.clone()], token.start, &mut words);
            }
            sentences.push(self.analyze_words(&words, span.starts_paragraph));
        }
        Document { text, sentences }
    }

    /// Analyses sentences whose words are given: for each word its byte range in the text and whether it continues the
    /// token before. Sentences without words are left out.
    ///
    /// # Panics
    /// If a range does not slice the text.
    #[must_use]
    pub fn analyze_tokens<'a>(&self, text: &'a str, sentences: &[Vec<GivenWord>]) -> Document<'a> {
        let mut analysed = Vec::with_capacity(sentences.len());
        for given in sentences.iter().filter(|s| !s.is_empty()) {
            let word = |(range, continues): &GivenWord| {
                let form = &text[range.clone()];
                Word { form, lower: form.to_lowercase(), start: range.start, continues: *continues }
            };
            let words: Vec<_> = given.iter().map(word).collect();
            analysed.push(self.analyze_words(&words, false));
        }
        Document { text, sentences: analysed }
    }

    fn push_words<'a>(&self, form: &'a str, start: usize, words: &mut Vec<Word<'a>>) {
        let lower = form.to_lowercase();
        let cuts = self.lexicon.split(form, &lower);
        let mut from = 0;
        for cut in cuts.into_iter().flatten().chain([form.len()]) {
            let part = &form[from..cut];
            let lower = if part.len() == form.len() { lower.clone() } else { part.to_lowercase() };
            words.push(Word { form: part, lower, start: start + from, continues: from > 0 });
            from = cut;
        }
    }

    fn analyze_words(&self, words: &[Word<'_>], starts_paragraph: bool) -> Sentence {
        let infos: Vec<_> = words.iter().map(|w| perceptron::word_info(w.form, &w.lower)).collect();
        let tags = self.perceptron.tag(&infos);
        let arcs = self.perceptron.parse(&infos, &tags);
        let auxiliaries = auxiliaries(&arcs);
        let tokens = words.iter().enumerate().map(|(i, word)| {
            let (upos, xpos) = self.tags[usize::from(tags[i])];
            let (head, deprel) = arcs[i];
            let query = FeatsQuery { lower: &word.lower, upos, xpos, deprel, auxiliaries: auxiliaries[i] };
            Token {
                span: word.start..word.start + word.form.len(),
                continues: word.continues,
                lemma: self.lexicon.lemma(word.form, &word.lower, xpos),
                upos,
                xpos,
                feats: self.lexicon.feats[self.lexicon.feats(&query)],
                head,
                deprel,
            }
        });
        let tokens: Vec<_> = tokens.collect();
        let span = tokens[0].span.start..tokens[tokens.len() - 1].span.end;
        Sentence { span, starts_paragraph, tokens }
    }
}

/// For each word, whether it has a passive subject or auxiliary (2) and whether any auxiliary (1).
#[must_use]
pub fn auxiliaries(arcs: &[(Option<usize>, Deprel)]) -> Vec<u8> {
    let mut found = vec![0; arcs.len()];
    for &(head, deprel) in arcs {
        if let Some(head) = head {
            found[head] |= match deprel {
                Deprel::NsubjPass | Deprel::AuxPass | Deprel::CsubjPass => 2,
                Deprel::Aux => 1,
                _ => 0,
            };
        }
    }
    found
}

fn parse_tags(line: &str) -> Option<(Upos, Xpos)> {
    let (upos, xpos) = line.split_once(' ')?;
    Some((upos.parse().ok()?, xpos.parse().ok()?))
}

fn load_lexicon(reader: &Reader<'static>) -> Result<Lexicon<'static>, ModelError> {
    let table = |name: &str| {
        let fingerprints = reader.u32s(&format!("{name}.keys"))?;
        let values = reader.u16s(&format!("{name}.values"))?;
        Table::from_parts(fingerprints, values).ok_or_else(|| ModelError::Section(name.to_owned()))
    };
    let section = |name: &str| ModelError::Section(name.to_owned());
    let rules = reader.strings("lexicon.rules")?;
    let rules: Option<Vec<_>> = rules.into_iter().map(LemmaRule::from_line).collect();
    let lexicon = Lexicon {
        splits: table("lexicon.splits")?,
        rules: rules.ok_or_else(|| section("lexicon.rules"))?,
        lemmas: table("lexicon.lemmas")?,
        feats: reader.strings("lexicon.feats")?,
        feats_table: table("lexicon.feats")?,
    };
    let inside = lexicon.feats_table.parts().1.iter().all(|&i| usize::from(i) < lexicon.feats.len());
    if lexicon.feats.is_empty() || !inside {
        return Err(section("lexicon.feats"));
    }
    Ok(lexicon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_model_loads_and_parses() {
        let text = "The minister, who won't resign, praised Gen. Park.";
        let document = Analyzer::shared().analyze(text);
        assert_eq!(document.sentences.len(), 1);
        let sentence = &document.sentences[0];
        let forms: Vec<_> = sentence.tokens.iter().map(|t| document.form(t)).collect();
        assert_eq!(
            forms,
            ["The", "minister", ",", "who", "wo", "n't", "resign", ",", "praised", "Gen.", "Park", "."]
        );
        let root = &sentence.tokens[sentence.root()];
        assert_eq!((document.form(root), root.lemma.as_str(), root.upos), ("praised", "praise", Upos::Verb));
    }
}
