//! Word forms: multi-word tokens, lemmas and morphological features, by tables learned from the treebanks.

use smol_str::SmolStr;

use crate::hash::{bytes, finish, mix};
use crate::table::Table;
use crate::tags::{Deprel, Upos, Xpos};

/// Longest ending that chooses a lemma rule, in characters.
pub const LONGEST_SUFFIX: usize = 6;

/// Clitics that are words of their own at the end of a token.
const CLITICS: [&str; 7] = ["n't", "'s", "'re", "'ve", "'ll", "'d", "'m"];

/// How a form becomes its lemma.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LemmaRule<'m> {
    /// Whether the form keeps its case.
    pub keeps_case: bool,
    /// Characters to take from the end; all of them where it exceeds the length.
    pub strip: u8,
    /// What to append.
    pub append: &'m str,
}

impl<'m> LemmaRule<'m> {
    /// The rule that turns `form` into `lemma`, with the shortest change at the end. `lower` is the lower-cased form.
    #[must_use]
    pub fn between(form: &str, lower: &str, lemma: &'m str) -> Self {
        let common = |a: &str| a.chars().zip(lemma.chars()).take_while(|(x, y)| x == y).count();
        let keeps_case = common(form) > common(lower);
        let base = if keeps_case { form } else { lower };
        let shared = common(base);
        let length = base.chars().count();
        let bytes = lemma.char_indices().nth(shared).map_or(lemma.len(), |(i, _)| i);
        let strip = if shared == 0 { u8::MAX } else { u8::try_from(length - shared).unwrap_or(u8::MAX) };
        Self { keeps_case, strip, append: &lemma[bytes..] }
    }

    /// The lemma of a form.
    #[must_use]
    pub fn apply(&self, form: &str, lower: &str) -> SmolStr {
        let base = if self.keeps_case { form } else { lower };
        if self.strip == 0 && self.append.is_empty() {
            return SmolStr::new(base);
        }
        let keep = match self.strip {
            u8::MAX => 0,
            0 => base.len(),
            n => base.char_indices().rev().nth(usize::from(n) - 1).map_or(0, |(i, _)| i),
        };
        if keep == 0 && self.append.is_empty() {
            return SmolStr::new(base);
        }
        smol_str::format_smolstr!("{}{}", &base[..keep], self.append)
    }

    /// As a line of the model file.
    #[must_use]
    pub fn to_line(self) -> String {
        format!("{} {} {}", u8::from(self.keeps_case), self.strip, self.append)
    }

    /// From a line of the model file.
    #[must_use]
    pub fn from_line(line: &'m str) -> Option<Self> {
        let mut parts = line.splitn(3, ' ');
        let keeps_case = parts.next()? == "1";
        let strip = parts.next()?.parse().ok()?;
        Some(Self { keeps_case, strip, append: parts.next()? })
    }
}

/// What features a word has, from most to least specific knowledge.
#[derive(Clone, Copy, Debug)]
pub struct FeatsQuery<'a> {
    /// Lower-cased form.
    pub lower: &'a str,
    /// Its tag.
    pub upos: Upos,
    /// Its tag.
    pub xpos: Xpos,
    /// Its relation.
    pub deprel: Deprel,
    /// Whether it has a passive subject or auxiliary, and whether any auxiliary.
    pub auxiliaries: u8,
}

impl FeatsQuery<'_> {
    /// Keys of the table, in the order in which they are asked.
    #[must_use]
    pub fn keys(&self) -> [u64; 4] {
        let word = bytes(31, self.lower.as_bytes());
        let tag = u64::from(self.upos as u8) << 8 | u64::from(self.xpos as u8);
        let context = u64::from(self.deprel as u8) << 8 | u64::from(self.auxiliaries);
        let key = |level: u64, a: u64, b: u64| finish(mix(mix(mix(level, tag), a), b));
        [key(1, word, context), key(2, word, 0), key(3, 0, context), key(4, 0, 0)]
    }
}

/// The tables.
#[derive(Clone, Debug)]
pub struct Lexicon<'m> {
    /// Hash of a lower-cased token to how it is split: lengths of the first and second word, in characters, in four bits
    /// each; 0 for not at all.
    pub splits: Table,
    /// Rules of lemmas.
    pub rules: Vec<LemmaRule<'m>>,
    /// [`lemma_key`] or [`suffix_key`] to the index of a rule.
    pub lemmas: Table,
    /// Every combination of features.
    pub feats: Vec<&'m str>,
    /// [`FeatsQuery::keys`] to the index of a combination.
    pub feats_table: Table,
}

/// Key of a form with its tag.
#[must_use]
pub fn lemma_key(lower: &str, xpos: Xpos) -> u64 {
    finish(mix(bytes(41, lower.as_bytes()), u64::from(xpos as u8)))
}

/// Key of an ending with its tag.
#[must_use]
pub fn suffix_key(suffix: &str, xpos: Xpos) -> u64 {
    finish(mix(bytes(42, suffix.as_bytes()), u64::from(xpos as u8)))
}

/// Key of a surface token.
#[must_use]
pub fn split_key(lower: &str) -> u64 {
    finish(bytes(43, lower.as_bytes()))
}

/// Length of the clitic that ends a token, in bytes, by rule.
#[must_use]
pub fn clitic(lower: &str) -> Option<usize> {
    CLITICS.iter().find_map(|clitic| {
        let mut form = lower.chars();
        let matches =
            clitic.chars().rev().all(|c| form.next_back().is_some_and(|f| f == c || c == '\'' && f == '’'));
        let stem = form.as_str();
        (matches && stem.chars().next_back().is_some_and(char::is_alphanumeric))
            .then(|| lower.len() - stem.len())
    })
}

impl Lexicon<'_> {
    /// Where the words of a surface token begin, as byte offsets behind the first word; at most two.
    #[must_use]
    pub fn split(&self, form: &str, lower: &str) -> [Option<usize>; 2] {
        if form.len() > 24 || form.len() < 3 {
            return [None, None];
        }
        if let Some(lengths) = self.splits.get(split_key(lower)) {
            let first = usize::from(lengths & 15);
            let second = usize::from(lengths >> 4 & 15);
            let offset = |chars: usize| form.char_indices().nth(chars).map(|(i, _)| i).filter(|_| chars > 0);
            return [offset(first), offset(if second > 0 { first + second } else { 0 })];
        }
        if lower.len() != form.len() {
            return [None, None];
        }
        [clitic(lower).map(|length| form.len() - length), None]
    }

    /// The dictionary form of a word.
    #[must_use]
    pub fn lemma(&self, form: &str, lower: &str, xpos: Xpos) -> SmolStr {
        let known = self.lemmas.get(lemma_key(lower, xpos));
        let rule =
            known.or_else(|| suffixes(lower).find_map(|suffix| self.lemmas.get(suffix_key(suffix, xpos))));
        match rule.and_then(|index| self.rules.get(usize::from(index))) {
            Some(rule) => rule.apply(form, lower),
            None => SmolStr::new(form),
        }
    }

    /// The features of a word.
    #[must_use]
    pub fn feats(&self, query: &FeatsQuery<'_>) -> usize {
        let found = query.keys().into_iter().find_map(|key| self.feats_table.get(key));
        found.map_or(0, usize::from)
    }
}

/// Endings of a word, longest first, the empty one last. None is the whole word.
pub fn suffixes(lower: &str) -> impl Iterator<Item = &str> {
    let starts: smallest::Starts = smallest::starts(lower);
    starts.into_iter().map(move |i| &lower[i..])
}

mod smallest {
    //! Byte offsets of the last few characters, without allocation.

    use super::LONGEST_SUFFIX;

    pub(super) type Starts = std::iter::Take<std::array::IntoIter<usize, { LONGEST_SUFFIX + 1 }>>;

    pub(super) fn starts(lower: &str) -> Starts {
        let mut starts = [lower.len(); LONGEST_SUFFIX + 1];
        let mut count = 1;
        for (i, _) in lower.char_indices().rev().take(LONGEST_SUFFIX) {
            if i == 0 {
                break;
            }
            starts[count] = i;
            count += 1;
        }
        starts[..count].reverse();
        starts.into_iter().take(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_turn_forms_into_lemmas() {
        for (form, lemma) in [
            ("Ran", "run"),
            ("talks", "talk"),
            ("'m", "be"),
            ("Kyiv", "Kyiv"),
            ("better", "good"),
            ("a", "a"),
        ] {
            let lower = form.to_lowercase();
            let rule = LemmaRule::between(form, &lower, lemma);
            assert_eq!(rule.apply(form, &lower), lemma);
            assert_eq!(LemmaRule::from_line(&rule.to_line()), Some(rule));
        }
        let rule = LemmaRule::between("carries", "carries", "carry");
        assert_eq!(rule.apply("Ferries", "ferries"), "ferry");
        assert_eq!(rule.apply("s", "s"), "y");
    }

    #[test]
    fn clitics_are_found_with_either_apostrophe() {
        assert_eq!(clitic("don't"), Some(3));
        assert_eq!(clitic("won’t"), Some(5));
        assert_eq!(clitic("seoul's"), Some(2));
        assert_eq!(clitic("'s"), None);
        assert_eq!(clitic("states'"), None);
    }

    #[test]
    fn suffixes_are_proper() {
        assert_eq!(suffixes("été").collect::<Vec<_>>(), ["té", "é", ""]);
        assert_eq!(suffixes("").collect::<Vec<_>>(), [""]);
        assert_eq!(suffixes("abcdefgh").next(), Some("cdefgh"));
    }
}
