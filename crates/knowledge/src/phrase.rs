//! The phrase index: the longest known phrase that starts at a byte of a text.
//!
//! Phrases are split into words (runs of letters and digits); accents, hyphens, apostrophes and full stops do not
//! count. A map from the hash of the words so far to "phrase" and "goes on" is a trie without pointers: a lookup costs one
//! hash a word and ends at the first word that no phrase continues with.

use std::collections::HashMap;

use crate::sense::Sense;

/// A known phrase in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit<'k> {
    /// Length in bytes; the phrase ends on a word boundary, before a possessive ending.
    pub len: usize,
    /// All readings, the most likely first.
    pub senses: &'k [Sense],
}

/// How a phrase must be written to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// Any way.
    Any,
    /// Capital first letter at each word that has one in the table, or capitals throughout.
    Proper,
    /// Capitals throughout (abbreviations), or one capital first for four letters and more ("Nato").
    Upper,
}

#[derive(Clone, Debug)]
struct Entry<T> {
    /// Bit `i`: the word `i` begins with a capital.
    capitals: u32,
    case: Case,
    values: Vec<T>,
}

#[derive(Clone, Debug)]
struct Node<T> {
    goes_on: bool,
    entries: Vec<Entry<T>>,
}

/// A set of phrases with values.
#[derive(Clone, Debug)]
pub struct PhraseMap<T> {
    nodes: HashMap<u64, Node<T>, std::hash::BuildHasherDefault<Identity>>,
}

/// The keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub struct Identity(u64);

impl std::hash::Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

impl<T> Default for PhraseMap<T> {
    fn default() -> Self {
        Self { nodes: HashMap::default() }
    }
}

/// A word of a text while it is scanned.
struct Word {
    hash: u64,
    end: usize,
    first_upper: bool,
    all_upper: bool,
    letters: usize,
    /// One letter followed by a full stop, as in "U.S.".
    initial: bool,
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// One step of avalanche, so that all bits of the map's key depend on all words.
fn finish(hash: u64) -> u64 {
    let folded = hash ^ (hash >> 32);
    folded.wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// Folds a letter to lower case without accent; letters outside Latin stay as they are.
pub(crate) fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let lower = c.to_lowercase().next().unwrap_or(c);
    match lower {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ậ' | 'ắ' | 'ằ' | 'ə' => {
            'a'
        }
        'ç' | 'ć' | 'č' | 'ċ' => 'c',
        'ď' | 'đ' | 'ð' | 'ḍ' | 'ḑ' | 'ḏ' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' | 'ẹ' => 'e',
        'ğ' | 'ġ' | 'ģ' | 'ǧ' => 'g',
        'ḥ' | 'ḩ' | 'ẖ' | 'ħ' => 'h',
        'ì'..='ï' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ị' | 'ỉ' => 'i',
        'ķ' | 'ḳ' | 'ḵ' => 'k',
        'ļ' | 'ľ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ọ' | 'ố' | 'ồ' | 'ộ' | 'ớ' | 'ờ' | 'ợ' => {
            'o'
        }
        'ŕ' | 'ř' => 'r',
        'ś' | 'ş' | 'š' | 'ș' | 'ṣ' => 's',
        'ţ' | 'ť' | 'ț' | 'ṭ' | 'ṯ' => 't',
        'ù'..='ü' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ' | 'ủ' | 'ứ' | 'ừ' | 'ữ' | 'ự' => {
            'u'
        }
        'ý' | 'ÿ' | 'ỳ' | 'ỹ' => 'y',
        'ź' | 'ż' | 'ž' | 'ẓ' | 'ẕ' => 'z',
        other => other,
    }
}

/// Scans the word that starts at byte `at`; `None` where no word starts there.
fn word_at(text: &str, at: usize, hash: u64) -> Option<Word> {
    let mut word = Word { hash, end: at, first_upper: false, all_upper: true, letters: 0, initial: false };
    let bytes = text.as_bytes();
    let mut at = at;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii() {
            if !byte.is_ascii_alphanumeric() {
                break;
            }
            word.first_upper |= word.letters == 0 && byte.is_ascii_uppercase();
            word.all_upper &= !byte.is_ascii_lowercase();
            word.hash = mix(word.hash, u64::from(byte.to_ascii_lowercase()));
            at += 1;
        } else {
            let c = text.get(at..)?.chars().next()?;
            // Marks that some romanisations write inside a word (ʿ, combining accents) are passed over.
            let mark = matches!(c, 'ʻ' | 'ʼ' | 'ʿ' | 'ʾ' | '\u{300}'..='\u{36f}');
            if !c.is_alphanumeric() && !mark {
                break;
            }
            if !mark {
                word.first_upper |= word.letters == 0 && c.is_uppercase();
                word.all_upper &= !c.is_lowercase();
                word.hash = match c {
                    'ß' => mix(mix(word.hash, u64::from(b's')), u64::from(b's')),
                    'æ' | 'Æ' => mix(mix(word.hash, u64::from(b'a')), u64::from(b'e')),
                    _ => mix(word.hash, u64::from(fold(c))),
                };
            }
            at += c.len_utf8();
        }
        word.letters += 1;
    }
    if word.letters == 0 {
        return None;
    }
    word.end = at;
    word.initial = word.letters == 1 && bytes.get(at) == Some(&b'.');
    Some(word)
}

/// Start of the next word, if nothing but a joint of a phrase lies between, and whether the joint has a comma.
fn joint(text: &str, at: usize) -> Option<(usize, bool)> {
    let bytes = text.as_bytes();
    let mut end = at;
    let mut newlines = 0;
    let mut comma = false;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b' ' | b'-' | b'\'' | b'.' | b'&' | b'/' | b'\t' => end += 1,
            b',' if !comma => {
                comma = true;
                end += 1;
            }
            b'\n' => {
                newlines += 1;
                end += 1;
            }
            0xc2 if bytes.get(end + 1) == Some(&0xa0) => end += 2,
            0xe2 if bytes.get(end + 1) == Some(&0x80)
                && matches!(bytes.get(end + 2), Some(0x90 | 0x91 | 0x93 | 0x98 | 0x99)) =>
            {
                end += 3;
            }
            _ => break,
        }
        if end - at > 6 || newlines > 1 {
            return None;
        }
    }
    // A full stop before a blank ends a sentence unless an abbreviation of up to three letters precedes it.
    if end > at + 1 && bytes.get(at) == Some(&b'.') {
        let before = text.get(..at)?.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
        if before > 3 {
            return None;
        }
    }
    (end > at).then_some((end, comma))
}

/// Runs over the words of a phrase in a text and calls `visit` with the hash, the word and its number.
fn walk(text: &str, at: usize, mut visit: impl FnMut(u64, &Word, usize) -> bool) {
    let mut hash = SEED;
    let mut at = at;
    let mut run_of_initials = false;
    let mut count = 0;
    while let Some(mut word) = word_at(text, at, hash) {
        // "U.S." and "US", "J.F. Kennedy" and "JF Kennedy": initials written together are one word.
        while word.initial && text.as_bytes().get(word.end + 1).is_some_and(u8::is_ascii_alphabetic) {
            let Some(next) = word_at(text, word.end + 1, word.hash) else { break };
            if next.letters > 1 {
                break;
            }
            word = Word {
                hash: next.hash,
                end: next.end,
                first_upper: word.first_upper,
                all_upper: word.all_upper && next.all_upper,
                letters: word.letters + 1,
                initial: true,
            };
            run_of_initials = true;
            if text.as_bytes().get(word.end) != Some(&b'.') {
                break;
            }
        }
        if run_of_initials && text.as_bytes().get(word.end) == Some(&b'.') {
            word.end += 1;
        }
        run_of_initials = false;
        let end = word.end;
        hash = mix(word.hash, 0x20);
        let goes_on = visit(finish(hash), &word, count);
        count += 1;
        if !goes_on || count >= 12 {
            break;
        }
        let Some((next, comma)) = joint(text, end) else { break };
        // Only phrases that have a comma in the table go on over one.
        if comma {
            hash = mix(hash, 0x2c);
        }
        at = next;
    }
}

impl<T> PhraseMap<T> {
    /// Adds a value for a phrase. Values of equal phrases are kept in the order of insertion.
    pub(crate) fn insert(&mut self, phrase: &str, case: Case, value: T) {
        let mut keys = Vec::new();
        let mut capitals = 0;
        walk(phrase, 0, |key, word, number| {
            keys.push(key);
            if word.first_upper {
                capitals |= 1 << number;
            }
            true
        });
        let Some((&last, before)) = keys.split_last() else { return };
        for &key in before {
            self.nodes.entry(key).or_insert_with(Node::empty).goes_on = true;
        }
        let node = self.nodes.entry(last).or_insert_with(Node::empty);
        match node.entries.iter_mut().find(|entry| entry.case == case && entry.capitals == capitals) {
            Some(entry) => entry.values.push(value),
            None => node.entries.push(Entry { capitals, case, values: vec![value] }),
        }
    }

    /// The longest phrase that starts at byte `at` (which must be the start of a word).
    pub(crate) fn longest_at(&self, text: &str, at: usize) -> Option<(usize, &[T])> {
        let mut best = None;
        let mut capitals = 0;
        let mut all_upper = true;
        let mut letters = 0;
        walk(text, at, |key, word, number| {
            if word.first_upper {
                capitals |= 1 << number;
            }
            all_upper &= word.all_upper;
            letters += word.letters;
            let Some(node) = self.nodes.get(&key) else { return false };
            if let Some(entry) = node.entries.iter().find(|entry| entry.fits(capitals, all_upper, letters)) {
                best = Some((word.end - at, entry.values.as_slice()));
            }
            node.goes_on
        });
        best
    }

    /// Values of a whole phrase.
    pub(crate) fn get(&self, phrase: &str) -> Option<&[T]> {
        let trimmed = phrase.trim();
        let (len, values) = self.longest_at(trimmed, 0)?;
        let rest = trimmed.get(len..)?;
        rest.chars().all(|c| c == '.').then_some(values)
    }

    /// Number of nodes, for the memory estimate.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

impl<T> Node<T> {
    const fn empty() -> Self {
        Self { goes_on: false, entries: Vec::new() }
    }
}

impl<T> Entry<T> {
    fn fits(&self, capitals: u32, all_upper: bool, letters: usize) -> bool {
        match self.case {
            Case::Any => true,
            Case::Proper => capitals & self.capitals == self.capitals,
            Case::Upper => all_upper || letters >= 4 && capitals & 1 == 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(phrases: &[(&str, Case)]) -> PhraseMap<usize> {
        let mut map = PhraseMap::default();
        for (number, (phrase, case)) in phrases.iter().enumerate() {
            map.insert(phrase, *case, number);
        }
        map
    }

    fn found<'t>(map: &PhraseMap<usize>, text: &'t str, at: usize) -> Option<(&'t str, Vec<usize>)> {
        map.longest_at(text, at).map(|(len, values)| (&text[at..at + len], values.to_vec()))
    }

    #[test]
    fn the_longest_phrase_wins_and_ends_before_a_possessive() {
        let map =
            map(&[("South Korea", Case::Proper), ("South Korean", Case::Proper), ("Korea", Case::Proper)]);
        assert_eq!(found(&map, "South Korea's army", 0), Some(("South Korea", vec![0])));
        assert_eq!(found(&map, "South Korean army", 0), Some(("South Korean", vec![1])));
        assert_eq!(found(&map, "South Koreas", 0), None);
        assert_eq!(found(&map, "a Korea-wide", 2), Some(("Korea", vec![2])));
    }

    #[test]
    fn initials_hyphens_and_accents_do_not_matter() {
        let map = map(&[("US", Case::Upper), ("al-Qaeda", Case::Proper), ("Côte d'Ivoire", Case::Proper)]);
        assert_eq!(found(&map, "U.S. troops", 0), Some(("U.S.", vec![0])));
        assert_eq!(found(&map, "U.S.-led", 0), Some(("U.S.", vec![0])));
        assert_eq!(found(&map, "US", 0), Some(("US", vec![0])));
        assert_eq!(found(&map, "us", 0), None);
        assert_eq!(found(&map, "Us", 0), None);
        assert_eq!(found(&map, "al Qaeda", 0), Some(("al Qaeda", vec![1])));
        assert_eq!(found(&map, "Al-Qaeda", 0), Some(("Al-Qaeda", vec![1])));
        assert_eq!(found(&map, "Cote d’Ivoire", 0), Some(("Cote d’Ivoire", vec![2])));
    }

    #[test]
    fn a_sentence_end_is_no_joint() {
        let map = map(&[("St. Lucia", Case::Proper), ("Peru Chile", Case::Proper)]);
        assert_eq!(found(&map, "St Lucia", 0), Some(("St Lucia", vec![0])));
        assert_eq!(found(&map, "St. Lucia", 0), Some(("St. Lucia", vec![0])));
        assert_eq!(found(&map, "Peru. Chile", 0), None);
    }

    #[test]
    fn a_comma_counts() {
        let map = map(&[("Home, Farm and Sea Office", Case::Proper), ("Peru Chile", Case::Proper)]);
        assert_eq!(found(&map, "Home, Farm and Sea Office", 0).map(|hit| hit.0.len()), Some(25));
        assert_eq!(found(&map, "Home Farm and Sea Office", 0), None);
        assert_eq!(found(&map, "Home affairs", 0), None);
        assert_eq!(found(&map, "Peru, Chile", 0), None);
    }

    #[test]
    fn capitals_are_asked_for_where_the_table_has_them() {
        let map = map(&[("Turkey", Case::Proper), ("NATO", Case::Upper), ("army", Case::Any)]);
        assert_eq!(found(&map, "turkey", 0), None);
        assert_eq!(found(&map, "TURKEY", 0), Some(("TURKEY", vec![0])));
        assert_eq!(found(&map, "Nato", 0), Some(("Nato", vec![1])));
        assert_eq!(found(&map, "Army", 0), Some(("Army", vec![2])));
    }
}
