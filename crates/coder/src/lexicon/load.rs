//! Reading and indexing the data files.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use entente_ontology::Root;
use smol_str::SmolStr;

use super::operator::Operator;
use super::pattern::{Entry, PartOfSpeech};

pub(super) const FILES: &[(Root, &str, &str)] = &[
    (Root::Agree, "agree.tsv", include_str!("../../lexicon/agree.tsv")),
    (Root::Consult, "consult.tsv", include_str!("../../lexicon/consult.tsv")),
    (Root::Support, "support.tsv", include_str!("../../lexicon/support.tsv")),
    (Root::Concede, "concede.tsv", include_str!("../../lexicon/concede.tsv")),
    (Root::Cooperate, "cooperate.tsv", include_str!("../../lexicon/cooperate.tsv")),
    (Root::Aid, "aid.tsv", include_str!("../../lexicon/aid.tsv")),
    (Root::Retreat, "retreat.tsv", include_str!("../../lexicon/retreat.tsv")),
    (Root::Request, "request.tsv", include_str!("../../lexicon/request.tsv")),
    (Root::Accuse, "accuse.tsv", include_str!("../../lexicon/accuse.tsv")),
    (Root::Reject, "reject.tsv", include_str!("../../lexicon/reject.tsv")),
    (Root::Threaten, "threaten.tsv", include_str!("../../lexicon/threaten.tsv")),
    (Root::Protest, "protest.tsv", include_str!("../../lexicon/protest.tsv")),
    (Root::Sanction, "sanction.tsv", include_str!("../../lexicon/sanction.tsv")),
    (Root::Mobilize, "mobilize.tsv", include_str!("../../lexicon/mobilize.tsv")),
    (Root::Coerce, "coerce.tsv", include_str!("../../lexicon/coerce.tsv")),
    (Root::Assault, "assault.tsv", include_str!("../../lexicon/assault.tsv")),
];
const CLASSES: &str = include_str!("../../lexicon/classes.tsv");
const OPERATORS: &str = include_str!("../../lexicon/operators.tsv");
const IRREGULAR: &str = include_str!("../../lexicon/irregular.tsv");
const TRANSFORMS: &str = include_str!("../../lexicon/transforms.tsv");

/// A row of the data files is wrong.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{place}: {reason}")]
pub struct LexiconError {
    /// File and line.
    pub place: String,
    /// What is wrong with it.
    pub reason: String,
}

/// All entries, indexed by head lemma.
#[derive(Debug, Default)]
pub struct Lexicon {
    entries: Vec<Entry>,
    operators: Vec<Operator>,
    classes: BTreeMap<SmolStr, Vec<SmolStr>>,
    by_lemma: HashMap<(PartOfSpeech, SmolStr), Vec<u32>>,
    operators_by_lemma: HashMap<(PartOfSpeech, SmolStr), Vec<u32>>,
    transforms: HashMap<SmolStr, Vec<(SmolStr, SmolStr)>>,
    irregular: HashMap<SmolStr, SmolStr>,
}

impl Lexicon {
    /// The built-in lexicon.
    ///
    /// # Panics
    /// Never in a released build: a test reads all files.
    #[must_use]
    pub fn shared() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self::built_in().expect("the built-in lexicon is checked by a test"))
    }

    /// Reads the built-in files.
    ///
    /// # Errors
    /// The first row that is wrong.
    pub fn built_in() -> Result<Self, LexiconError> {
        let mut lexicon = Self { classes: read_classes(CLASSES)?, ..Self::default() };
        for (root, file, text) in FILES {
            for (place, row) in rows(file, text) {
                let entry = Entry::parse(row, place.clone(), *root, &lexicon.classes)
                    .map_err(|reason| LexiconError { place, reason })?;
                lexicon.entries.push(entry);
            }
        }
        for (place, row) in rows("operators.tsv", OPERATORS) {
            let operator = Operator::parse(row, place.clone(), &lexicon.classes)
                .map_err(|reason| LexiconError { place, reason })?;
            lexicon.operators.push(operator);
        }
        for (place, row) in rows("transforms.tsv", TRANSFORMS) {
            let columns: Vec<&str> = row.split('\t').collect();
            let [kind, from, to] = columns[..] else {
                return Err(LexiconError { place, reason: "a row has three columns: kind, from, to".into() });
            };
            lexicon.transforms.entry(kind.into()).or_default().push((from.into(), to.into()));
        }
        for (place, row) in rows("irregular.tsv", IRREGULAR) {
            let Some((form, lemma)) = row.split_once('\t') else {
                return Err(LexiconError { place, reason: "a row has two columns: form, lemma".into() });
            };
            lexicon.irregular.insert(form.into(), lemma.into());
        }
        lexicon.index();
        Ok(lexicon)
    }

    fn index(&mut self) {
        for (number, entry) in (0u32..).zip(&self.entries) {
            for head in &entry.heads {
                let list = self.by_lemma.entry((entry.pos, head.lemma.clone())).or_default();
                if list.last() != Some(&number) {
                    list.push(number);
                }
            }
        }
        for (number, operator) in (0u32..).zip(&self.operators) {
            for head in &operator.heads {
                let list = self.operators_by_lemma.entry((operator.pos, head.lemma.clone())).or_default();
                if list.last() != Some(&number) {
                    list.push(number);
                }
            }
        }
    }

    /// Every code that some governing word makes.
    #[cfg(test)]
    pub(super) fn transform_results(&self) -> impl Iterator<Item = &str> {
        let mut kinds: Vec<_> = self.transforms.iter().collect();
        kinds.sort();
        kinds.into_iter().flat_map(|(_, rows)| rows.iter().map(|(_, to)| to.as_str()))
    }

    /// All rows, in order of the files.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Rows whose head may be this lemma.
    pub fn entries_for(&self, pos: PartOfSpeech, lemma: &str) -> impl Iterator<Item = &Entry> {
        let list = self.by_lemma.get(&(pos, SmolStr::new(lemma))).map_or(&[][..], Vec::as_slice);
        list.iter().map(|&i| &self.entries[i as usize])
    }

    /// Governing words with this lemma.
    pub fn operators_for(&self, pos: PartOfSpeech, lemma: &str) -> impl Iterator<Item = &Operator> {
        let list = self.operators_by_lemma.get(&(pos, SmolStr::new(lemma))).map_or(&[][..], Vec::as_slice);
        list.iter().map(|&i| &self.operators[i as usize])
    }

    /// The lemma under which the lexicon knows a verb: the given one, or one made from the form where a tagger's
    /// lemma is none of ours ("shelled" as "shel", "initialled").
    #[must_use]
    pub fn verb_lemma(&self, lemma: &str, form: &str) -> SmolStr {
        let known = |l: &str| {
            let key = (PartOfSpeech::Verb, SmolStr::new(l));
            self.by_lemma.contains_key(&key) || self.operators_by_lemma.contains_key(&key)
        };
        if known(lemma) {
            return lemma.into();
        }
        let lower = form.to_lowercase();
        if let Some(lemma) = self.irregular.get(lower.as_str()) {
            return lemma.clone();
        }
        for ending in ["ed", "d", "ing", "es", "s", "ied", "ies"] {
            let Some(stem) = lower.strip_suffix(ending).filter(|s| s.len() > 2) else { continue };
            let undoubled = {
                let mut chars: Vec<char> = stem.chars().collect();
                let last = chars.pop();
                (last == chars.last().copied()).then(|| chars.into_iter().collect::<String>())
            };
            for candidate in
                [Some(stem.to_owned()), undoubled, Some(format!("{stem}e")), Some(format!("{stem}y"))]
                    .into_iter()
                    .flatten()
            {
                if known(&candidate) {
                    return candidate.into();
                }
            }
        }
        lemma.into()
    }

    /// Whether the word belongs to the class.
    #[must_use]
    pub fn in_class(&self, class: &str, word: &str) -> bool {
        self.classes.get(class).is_some_and(|words| words.binary_search_by(|w| w.as_str().cmp(word)).is_ok())
    }

    /// The code that an act with code `from` takes under an operator (`promise`, `request`, `refuse`, `threaten`,
    /// `end`, `future`): the row with the longest matching prefix.
    #[must_use]
    pub fn transform(&self, kind: &str, from: &str) -> Option<&str> {
        let rows = self.transforms.get(kind)?;
        rows.iter()
            .filter(|(prefix, _)| from.starts_with(prefix.as_str()))
            .max_by_key(|(prefix, _)| prefix.len())
            .map(|(_, to)| to.as_str())
    }
}

/// Rows that are neither empty nor comments, with file and line.
fn rows<'a>(file: &'a str, text: &'a str) -> impl Iterator<Item = (String, &'a str)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(move |(number, line)| (format!("{file}:{}", number + 1), line))
}

/// `name<TAB>word word word`; a class may name an earlier one as `@name`.
fn read_classes(text: &str) -> Result<BTreeMap<SmolStr, Vec<SmolStr>>, LexiconError> {
    let mut classes: BTreeMap<SmolStr, Vec<SmolStr>> = BTreeMap::new();
    for (place, row) in rows("classes.tsv", text) {
        let Some((name, words)) = row.split_once('\t') else {
            return Err(LexiconError { place, reason: "a row has two columns: name, words".into() });
        };
        let mut list = Vec::new();
        for word in words.split_whitespace() {
            match word.strip_prefix('@') {
                Some(other) => list.extend(classes.get(other).cloned().ok_or_else(|| LexiconError {
                    place: place.clone(),
                    reason: format!("class `@{other}` stands further down or nowhere"),
                })?),
                None => list.push(word.into()),
            }
        }
        list.sort();
        list.dedup();
        if classes.insert(name.into(), list).is_some() {
            return Err(LexiconError { place, reason: format!("class `{name}` stands twice") });
        }
    }
    Ok(classes)
}
