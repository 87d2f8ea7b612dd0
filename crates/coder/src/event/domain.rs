//! Is a text about politics at all, or about sport, culture, science, markets?

use std::collections::HashMap;
use std::sync::OnceLock;

use super::who::Context;
use crate::analysed::AnalysedSentence;

const WORDS: &str = include_str!("../../lexicon/domains.tsv");

/// Domains, politics last.
const DOMAINS: [&str; 5] = ["culture", "markets", "science", "sport", "politics"];

/// How many words of each domain a text holds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Domain {
    counts: [u16; DOMAINS.len()],
    words: u16,
}

impl Domain {
    fn of(s: &AnalysedSentence<'_>) -> Self {
        let mut found = Self::default();
        let table = table();
        for i in 0..s.len() {
            let lemma = s.token(i).lemma.to_lowercase();
            if let Some(bits) = table.get(lemma.as_str()) {
                for (d, count) in found.counts.iter_mut().enumerate() {
                    *count += u16::from(bits >> d & 1 == 1);
                }
            }
            let word = s.word(i);
            let score = word
                .split(['-', '\u{2013}'])
                .all(|p| !p.is_empty() && p.len() <= 3 && p.chars().all(|c| c.is_ascii_digit()));
            if score && word.contains(['-', '\u{2013}']) {
                found.counts[3] += 2;
            }
            found.words += u16::from(word.chars().any(char::is_alphanumeric));
        }
        found
    }

    /// Words of the strongest domain besides politics, less those of politics.
    pub(crate) fn other(&self) -> f32 {
        let most = self.counts[..4].iter().copied().max().unwrap_or(0);
        f32::from(most) - f32::from(self.counts[4])
    }

    fn add(&mut self, other: &Self) {
        for (a, b) in self.counts.iter_mut().zip(other.counts) {
            *a = a.saturating_add(b);
        }
        self.words = self.words.saturating_add(other.words);
    }
}

fn table() -> &'static HashMap<&'static str, u8> {
    static TABLE: OnceLock<HashMap<&'static str, u8>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = HashMap::new();
        for (domain, words) in
            WORDS.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'))
        {
            let Some(bit) = DOMAINS.iter().position(|d| *d == domain) else { continue };
            for word in words.split_whitespace() {
                *table.entry(word).or_insert(0) |= 1 << bit;
            }
        }
        table
    })
}

/// Domains of the sentences and of the whole article.
#[derive(Clone, Debug)]
pub(crate) struct Domains {
    sentences: Vec<Domain>,
    article: Domain,
}

impl Domains {
    pub(crate) fn of(context: Context<'_>) -> Self {
        let sentences: Vec<Domain> = context.analysed.sentences.iter().map(Domain::of).collect();
        let mut article = Domain::default();
        for s in &sentences {
            article.add(s);
        }
        Self { sentences, article }
    }

    /// How far a sentence is from politics: positive where another domain prevails.
    pub(crate) fn sentence(&self, index: usize) -> f32 {
        self.sentences[index].other().clamp(-3.0, 3.0)
    }

    /// The same for the article, per hundred words.
    pub(crate) fn article(&self) -> f32 {
        (100.0 * self.article.other() / f32::from(self.article.words.max(20))).clamp(-8.0, 8.0)
    }
}
