//! The whole analysis: text to document.

use std::ops::Range;
use std::sync::LazyLock;

use crate::container::{ModelError, Reader};
use crate::document::{Document, Sentence, Token};
use crate::lexicon::{FeatsQuery, LemmaRule, Lexicon};
use crate::linear::Linear;
use crate::neural::input;
use crate::neural::network::{Analysis, Network};
use crate::neural::vectors::Vectors;
use crate::segment::Segmenter;
use crate::table::Table;
use crate::tags::Deprel;

/// The word vectors in the binary.
static VECTORS: &[u8] = include_bytes!("../model/vectors.model");

/// The model in the binary.
static MODEL: &[u8] = include_bytes!("../model/language.model");

static SHARED: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::from_static(MODEL).expect("the built-in model is tested to load"));

/// Segments, tags, lemmatizes and parses English text. Immutable; share one between threads.
#[derive(Debug)]
pub struct Analyzer {
    segmenter: Segmenter<'static>,
    lexicon: Lexicon<'static>,
    network: Network,
    /// Rows of trained words.
    words: Table,
    /// Rows of word vectors.
    vectors: Table,
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
        let vectors = Vectors::read(VECTORS)?;
        let network = Network::read(&reader, &vectors)?;
        let words = load_table(&reader, "network.words")?;
        if words.parts().1.iter().any(|&row| usize::from(row) >= network.vocabulary()) {
            return Err(ModelError::Section("network.words".to_owned()));
        }
        Ok(Self {
            segmenter: Segmenter {
                tokens: linear("segment.tokens", 1)?,
                sentences: linear("segment.sentences", 1)?,
            },
            lexicon: load_lexicon(&reader)?,
            network,
            words,
            vectors: vectors.words,
        })
    }

    /// Analyses a text. Total: takes any string, of any length.
    #[must_use]
    pub fn analyze<'a>(&self, text: &'a str) -> Document<'a> {
        let segments = self.segmenter.segment(text);
        let mut words = Vec::with_capacity(segments.tokens.len() + segments.tokens.len() / 8);
        let mut spans = Vec::with_capacity(segments.sentences.len());
        for span in &segments.sentences {
            let first = words.len();
            for token in &segments.tokens[span.tokens.clone()] {
                self.push_words(&text[token.clone()], token.start, &mut words);
            }
            spans.push((words.len() - first, span.starts_paragraph));
        }
        self.finish(text, &words, &spans)
    }

    /// Analyses sentences whose words are given: for each word its byte range in the text and whether it continues the
    /// token before. Sentences without words are left out.
    ///
    /// # Panics
    /// If a range does not slice the text.
    #[must_use]
    pub fn analyze_tokens<'a>(&self, text: &'a str, sentences: &[Vec<GivenWord>]) -> Document<'a> {
        let mut words = Vec::new();
        let mut spans = Vec::new();
        for given in sentences.iter().filter(|s| !s.is_empty()) {
            for (range, continues) in given {
                let form = &text[range.clone()];
                words.push(Word {
                    form,
                    lower: form.to_lowercase(),
                    start: range.start,
                    continues: *continues,
                });
            }
            spans.push((given.len(), false));
        }
        self.finish(text, &words, &spans)
    }

    /// Tags and parses words in sentences of given lengths.
    fn finish<'a>(&self, text: &'a str, words: &[Word<'a>], spans: &[(usize, bool)]) -> Document<'a> {
        let lengths: Vec<usize> = spans.iter().map(|&(length, _)| length).collect();
        let vocabulary = self.network.vocabulary();
        let input = |w: &Word<'_>| input::input(w.form, &w.lower, &self.words, &self.vectors, vocabulary);
        let inputs: Vec<_> = words.iter().map(input).collect();
        let analyses = self.network.analyze(&inputs, &lengths);
        let mut sentences = Vec::with_capacity(spans.len());
        let mut first = 0;
        for &(length, starts_paragraph) in spans {
            let range = first..first + length;
            first += length;
            sentences.push(self.sentence(&words[range.clone()], &analyses[range], starts_paragraph));
        }
        Document { text, sentences }
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

    fn sentence(&self, words: &[Word<'_>], analyses: &[Analysis], starts_paragraph: bool) -> Sentence {
        let auxiliaries = auxiliaries(analyses.iter().map(|a| (a.head, a.deprel)));
        let mut tokens = Vec::with_capacity(words.len());
        for ((word, analysis), auxiliaries) in words.iter().zip(analyses).zip(auxiliaries) {
            let Analysis { upos, xpos, head, deprel } = *analysis;
            let query = FeatsQuery { lower: &word.lower, upos, xpos, deprel, auxiliaries };
            tokens.push(Token {
                span: word.start..word.start + word.form.len(),
                continues: word.continues,
                lemma: self.lexicon.lemma(word.form, &word.lower, xpos),
                upos,
                xpos,
                feats: self.lexicon.feats[self.lexicon.feats(&query)],
                head,
                deprel,
            });
        }
        let span = tokens[0].span.start..tokens[tokens.len() - 1].span.end;
        Sentence { span, starts_paragraph, tokens }
    }
}

/// For each word, whether it has a passive subject or auxiliary (2) and whether any auxiliary (1).
#[must_use]
pub fn auxiliaries(arcs: impl ExactSizeIterator<Item = (Option<usize>, Deprel)>) -> Vec<u8> {
    let mut found = vec![0; arcs.len()];
    for (head, deprel) in arcs {
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

fn load_table(reader: &Reader<'_>, name: &str) -> Result<Table, ModelError> {
    let fingerprints = reader.u32s(&format!("{name}.keys"))?;
    let values = reader.u16s(&format!("{name}.values"))?;
    Table::from_parts(fingerprints, values).ok_or_else(|| ModelError::Section(name.to_owned()))
}

fn load_lexicon(reader: &Reader<'static>) -> Result<Lexicon<'static>, ModelError> {
    let table = |name: &str| load_table(reader, name);
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
    use crate::tags::Upos;

    #[test]
    fn the_built_in_model_loads_and_parses() {
        let text = "The ministers won't visit Gen. Park on Monday. They signed the agreement.";
        let document = Analyzer::shared().analyze(text);
        let forms = |s: &Sentence| s.tokens.iter().map(|t| document.form(t)).collect::<Vec<_>>();
        assert_eq!(document.sentences.len(), 2);
        let visit = ["The", "ministers", "wo", "n't", "visit", "Gen.", "Park", "on", "Monday", "."];
        assert_eq!(forms(&document.sentences[0]), visit);
        let sentence = &document.sentences[1];
        let root = &sentence.tokens[sentence.root()];
        assert_eq!((document.form(root), root.lemma.as_str(), root.upos), ("signed", "sign", Upos::Verb));
    }
}
