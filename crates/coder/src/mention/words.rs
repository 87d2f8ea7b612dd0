//! What single words and known names of a sentence say, before phrases are put together.

use std::collections::HashSet;
use std::ops::Range;

use entente_knowledge::{Knowledge, Sense, SenseKind};
use entente_language::{Upos, Xpos};
use smol_str::{SmolStr, StrExt as _};

use crate::analysed::AnalysedSentence;

/// A known name in a sentence.
#[derive(Clone, Debug)]
pub(crate) struct NameHit {
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// Its likeliest reading.
    pub(crate) sense: &'static Sense,
}

/// The words of a sentence in the forms that the tables ask for.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// Lower case.
    pub(crate) low: Vec<SmolStr>,
    /// Lower case, nouns in the singular.
    pub(crate) base: Vec<SmolStr>,
    /// Whether the word begins with a capital letter.
    pub(crate) capital: Vec<bool>,
    /// Whether the word is a name although its tag says otherwise: it opens the sentence, and the article uses it as a
    /// name elsewhere.
    pub(crate) is_name: Vec<bool>,
    /// Known names, in order, without overlap.
    pub(crate) hits: Vec<NameHit>,
    /// For each token, the hit that covers it.
    hit_of: Vec<Option<u16>>,
}

impl Words {
    pub(crate) fn read(sentence: &AnalysedSentence<'_>) -> Self {
        let n = sentence.len();
        let mut words = Self {
            low: Vec::with_capacity(n),
            base: Vec::with_capacity(n),
            capital: Vec::with_capacity(n),
            is_name: vec![false; n],
            hits: Vec::new(),
            hit_of: vec![None; n],
        };
        for i in 0..n {
            let word = sentence.word(i);
            // "Gen." like "gen"; "U.S." stays.
            let bare = word.strip_suffix('.').filter(|w| w.len() > 1 && !w.contains('.')).unwrap_or(word);
            // A possessive ending that the tokenizer left on.
            let bare = ["'s", "\u{2019}s"]
                .iter()
                .find_map(|end| bare.strip_suffix(end))
                .filter(|w| !w.is_empty())
                .unwrap_or(bare);
            let low = bare.to_lowercase_smolstr();
            let token = sentence.token(i);
            let base = match token.upos {
                Upos::Noun | Upos::Propn => singular(&low, &token.lemma),
                _ => low.clone(),
            };
            words.capital.push(word.chars().next().is_some_and(char::is_uppercase));
            words.low.push(low);
            words.base.push(base);
        }
        words.find_names(sentence);
        words
    }

    /// Adds the words that the sentence uses as names within it, where a capital tells a name.
    pub(crate) fn collect_names<'a>(sentence: &AnalysedSentence<'a>, names: &mut HashSet<&'a str>) {
        for i in 1..sentence.len() {
            let word = sentence.word(i);
            if sentence.token(i).upos == Upos::Propn && word.len() > 3 && word.starts_with(char::is_uppercase)
            {
                names.insert(word);
            }
        }
    }

    /// Marks the opening words of a sentence that the article uses as names elsewhere.
    pub(crate) fn mark_names(&mut self, sentence: &AnalysedSentence<'_>, names: &HashSet<&str>) {
        for i in 0..sentence.len().min(3) {
            let wrong = matches!(
                sentence.token(i).upos,
                Upos::Adv | Upos::Verb | Upos::Adj | Upos::Intj | Upos::X | Upos::Noun
            );
            self.is_name[i] =
                wrong && self.capital[i] && names.contains(sentence.word(i)) && self.hit(i).is_none();
        }
    }

    /// The known name that covers token `i`.
    pub(crate) fn hit(&self, i: usize) -> Option<&NameHit> {
        self.hit_of.get(i).copied().flatten().map(|h| &self.hits[h as usize])
    }

    /// Whether a single word is used as the name of a place: "in Adre", not "the North", "Unity Party", "Lucia Paredes".
    fn is_place_use(&self, sentence: &AnalysedSentence<'_>, i: usize, sense: &Sense) -> bool {
        if is_direction(&self.low[i]) {
            return false;
        }
        let proper = |at: Option<usize>| {
            at.is_some_and(|at| {
                at < sentence.len() && self.capital[at] && sentence.token(at).upos == Upos::Propn
            })
        };
        let inside_name = proper(i.checked_sub(1)) || proper(Some(i + 1)) && sentence.word(i) != ",";
        let governed = i > 0 && sentence.token(i - 1).upos == Upos::Adp;
        !inside_name && (governed || !sense.weak)
    }

    fn find_names(&mut self, sentence: &AnalysedSentence<'_>) {
        let knowledge = Knowledge::shared();
        let mut i = 0;
        while i < sentence.len() {
            let next = self.name_at(sentence, knowledge, i);
            i = next.unwrap_or(i + 1);
        }
    }

    /// Notes the longest known name that starts at token `i`; tells the token after it.
    fn name_at(
        &mut self,
        sentence: &AnalysedSentence<'_>,
        knowledge: &'static Knowledge,
        i: usize,
    ) -> Option<usize> {
        let token = sentence.token(i);
        let nameable = self.capital[i] || matches!(token.upos, Upos::Noun | Upos::Propn | Upos::Adj);
        if !nameable || token.continues {
            return None;
        }
        let from = token.span.start;
        let hit = knowledge.longest_at(sentence.field, from)?;
        let to = (from + hit.len).min(sentence.tree.span.end);
        let mut end = i + 1;
        while end < sentence.len() && sentence.token(end).span.end <= to {
            end += 1;
        }
        // A hit that ends inside a token ("Mali-based" as one token) counts for that token.
        let sense = hit.senses.iter().find(|s| self.fits(sentence, i, end, s))?;
        let number = u16::try_from(self.hits.len()).ok()?;
        self.hits.push(NameHit { tokens: i..end, sense });
        self.hit_of[i..end].fill(Some(number));
        Some(end)
    }

    /// Whether a reading may stand here: doubtful ones need support.
    fn fits(&self, sentence: &AnalysedSentence<'_>, start: usize, end: usize, sense: &Sense) -> bool {
        let single = end == start + 1;
        // "Foreign Ministry", "House": an organ that many states have; the context says whose it is.
        if sense.weak && sense.kind == SenseKind::StateOrgan {
            return false;
        }
        if sense.kind == SenseKind::Place && single && !self.is_place_use(sentence, start, sense) {
            return false;
        }
        if single
            && sense.weak
            && matches!(sentence.token(start).xpos, Xpos::Nn | Xpos::Nns | Xpos::Jj | Xpos::Md)
        {
            // "turkey", "orange": tagged as a common word and doubtful.
            let inside = self.capital[start] && start > 0;
            if sense.kind != SenseKind::Demonym && !inside {
                return false;
            }
        }
        if sense.kind != SenseKind::Surname && single && sense.weak {
            // Part of a longer unknown name: "Chad Mills", "Paris Holt".
            let next_is_name = end < sentence.len()
                && sentence.token(end).upos == Upos::Propn
                && self.capital.get(end).is_some_and(|&c| c)
                && sentence.rel(end) == entente_language::Deprel::Flat;
            return !next_is_name;
        }
        true
    }
}

/// Words of direction, which are also the names of provinces somewhere.
pub(crate) fn is_direction(low: &str) -> bool {
    matches!(
        low,
        "north"
            | "south"
            | "east"
            | "west"
            | "northern"
            | "southern"
            | "eastern"
            | "western"
            | "central"
            | "upper"
            | "lower"
            | "new"
    )
}

/// The singular of a noun in lower case, from its lemma where that is one.
fn singular(low: &SmolStr, lemma: &SmolStr) -> SmolStr {
    let lemma = lemma.to_lowercase_smolstr();
    if lemma != *low {
        return lemma;
    }
    if let Some(stem) = low.strip_suffix("men").filter(|s| s.len() > 1) {
        return smol_str::format_smolstr!("{stem}man");
    }
    if let Some(stem) = low.strip_suffix("ies").filter(|s| s.len() > 2) {
        return smol_str::format_smolstr!("{stem}y");
    }
    match low.strip_suffix('s') {
        Some(stem) if stem.len() > 3 && !stem.ends_with(['s', 'u', 'i']) => SmolStr::new(stem),
        _ => lemma,
    }
}

/// The names of the days of the week and of the months, in lower case.
pub(crate) fn is_day_or_month(low: &str) -> bool {
    matches!(
        low,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "january"
            | "february"
            | "march"
            | "april"
            | "may"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
    )
}

/// Days, months and other words of time that news write with capitals.
pub(crate) fn is_time_word(low: &str) -> bool {
    is_day_or_month(low)
        || matches!(
            low,
            "jan"
                | "feb"
                | "mar"
                | "apr"
                | "jun"
                | "jul"
                | "aug"
                | "sep"
                | "sept"
                | "oct"
                | "nov"
                | "dec"
                | "jan."
                | "feb."
                | "aug."
                | "sept."
                | "oct."
                | "nov."
                | "dec."
                | "christmas"
                | "easter"
                | "ramadan"
                | "today"
                | "yesterday"
                | "tomorrow"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singulars() {
        let of = |word: &str| singular(&SmolStr::new(word), &SmolStr::new(word)).to_string();
        assert_eq!(of("ministers"), "minister");
        assert_eq!(of("policemen"), "policeman");
        assert_eq!(of("embassies"), "embassy");
        assert_eq!(of("congress"), "congress");
        assert_eq!(singular(&SmolStr::new("wives"), &SmolStr::new("wife")), "wife");
    }
}
