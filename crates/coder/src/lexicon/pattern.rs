//! One row of the lexicon: a pattern over a predicate and its dependents.

use std::collections::BTreeMap;

use entente_ontology::Root;
use smol_str::SmolStr;

use super::codes::known_code;

/// What kind of word carries the predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartOfSpeech {
    /// "attack"
    Verb,
    /// "the attack on"
    Noun,
    /// "is critical of"
    Adjective,
}

/// A head word, with its particle where it has one ("turn" + "down").
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Head {
    /// Lemma.
    pub lemma: SmolStr,
    /// Particle.
    pub particle: Option<SmolStr>,
}

/// A sorted list of words, any of which fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordSet(Vec<SmolStr>);

impl WordSet {
    pub(crate) fn new(mut words: Vec<SmolStr>) -> Self {
        words.sort();
        words.dedup();
        Self(words)
    }

    /// Whether the word is one of them.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.0.binary_search_by(|w| w.as_str().cmp(word)).is_ok()
    }

    /// How many words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What a dependent must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// The object is the target.
    ObjectTarget,
    /// The recipient of a double object is the target ("gave T trams").
    Recipient,
    /// The object is the source (rare: "please S").
    ObjectSource,
    /// The object is one of these words.
    Object(WordSet),
    /// A prepositional dependent is the target.
    Target(WordSet),
    /// A prepositional dependent is the source.
    Source(WordSet),
    /// A prepositional dependent is one of these words.
    Oblique(WordSet, WordSet),
    /// A clause must depend on the predicate; its verb is one of the words, where some are given.
    Clause(Clause, Option<WordSet>),
    /// A clause must depend on it and its subject is the target.
    ClauseTarget,
}

/// The form of a dependent clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clause {
    /// "to leave"
    To,
    /// "that it left", "it left"
    That,
    /// "leaving"
    Ing,
}

/// What else is known about an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `s`: mutual; with a plural subject and no target the act is between its members.
    pub symmetric: bool,
    /// `r`: an answer; without a target of its own it goes to whoever last asked, offered or accused.
    pub responsive: bool,
    /// `i`: without a target of its own it goes to the other actor of the sentence or of the one before.
    pub implicit: bool,
    /// `c`: a noun whose source may be the subject of the clause it stands in ("after talks with ...").
    pub controlled: bool,
    /// `a`: a noun whose target is that subject ("came at the invitation of ...").
    pub at: bool,
    /// `x`: nothing is coded here; the row keeps more general ones from firing.
    pub none: bool,
}

/// A row of the lexicon.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The file and line it stands in: `assault.tsv:17`.
    pub place: String,
    /// The pattern as written.
    pub text: String,
    /// Kind of predicate.
    pub pos: PartOfSpeech,
    /// Head words, any of which fits.
    pub heads: Vec<Head>,
    /// The grammatical subject is the target, not the source ("receive aid from S").
    pub subject_is_target: bool,
    /// Dependents that must be there.
    pub items: Vec<Item>,
    /// PLOVER root.
    pub root: Root,
    /// CAMEO code.
    pub cameo: SmolStr,
    /// PLOVER mode.
    pub mode: Option<SmolStr>,
    /// Flags.
    pub flags: Flags,
}

impl Entry {
    /// How much a match demands; the most demanding match wins.
    #[must_use]
    pub fn specificity(&self) -> u32 {
        let items: u32 = self
            .items
            .iter()
            .map(|item| match item {
                Item::ObjectTarget | Item::Target(_) | Item::ObjectSource | Item::Source(_) => 4,
                Item::Recipient => 6,
                Item::ClauseTarget | Item::Clause(_, None) => 5,
                Item::Clause(_, Some(_)) => 9,
                Item::Object(_) => 7,
                Item::Oblique(..) => 8,
            })
            .sum();
        let particle = if self.heads.iter().any(|h| h.particle.is_some()) { 9 } else { 0 };
        items + particle + u32::from(self.subject_is_target)
    }

    /// Whether some item gives the target.
    #[must_use]
    pub fn names_target(&self) -> bool {
        self.subject_is_target
            || self.items.iter().any(|i| {
                matches!(i, Item::ObjectTarget | Item::Recipient | Item::Target(_) | Item::ClauseTarget)
            })
    }

    /// Number of single patterns the row stands for.
    #[must_use]
    pub fn expanded(&self) -> usize {
        let words = |set: &WordSet| set.len().max(1);
        self.items.iter().fold(self.heads.len(), |n, item| {
            n * match item {
                Item::Object(set) | Item::Oblique(_, set) => words(set),
                _ => 1,
            }
        })
    }

    /// Parses one row: `pos, pattern, cameo, mode, flags` (tab-separated, the last two may be missing).
    ///
    /// # Errors
    /// A sentence that names the field and what is wrong with it.
    pub fn parse(
        row: &str,
        place: String,
        root: Root,
        classes: &BTreeMap<SmolStr, Vec<SmolStr>>,
    ) -> Result<Self, String> {
        let mut columns = row.split('\t');
        let pos = match columns.next() {
            Some("v") => PartOfSpeech::Verb,
            Some("n") => PartOfSpeech::Noun,
            Some("a") => PartOfSpeech::Adjective,
            other => return Err(format!("part of speech `{}` is not v, n or a", other.unwrap_or(""))),
        };
        let text = columns.next().filter(|t| !t.trim().is_empty()).ok_or("the pattern is missing")?;
        let cameo = columns.next().unwrap_or("").trim();
        let mode = columns.next().map(str::trim).filter(|m| !m.is_empty() && *m != "-").map(SmolStr::new);
        let flags = parse_flags(columns.next().unwrap_or("").trim())?;
        if !flags.none && !known_code(cameo) {
            return Err(format!("`{cameo}` is not a CAMEO code"));
        }
        let mut words = text.split_whitespace().peekable();
        let subject_is_target = words.peek() == Some(&"T");
        if subject_is_target {
            words.next();
        }
        let heads = parse_heads(words.next().ok_or("the pattern has no head word")?, classes)?;
        let items = parse_items(words, classes)?;
        let text = text.to_owned();
        Ok(Self { place, text, pos, heads, subject_is_target, items, root, cameo: cameo.into(), mode, flags })
    }
}

fn parse_flags(text: &str) -> Result<Flags, String> {
    let mut flags = Flags::default();
    for letter in text.chars().filter(|c| *c != '-') {
        match letter {
            's' => flags.symmetric = true,
            'r' => flags.responsive = true,
            'i' => flags.implicit = true,
            'c' => flags.controlled = true,
            'a' => flags.at = true,
            'x' => flags.none = true,
            other => return Err(format!("flag `{other}` is none of s, r, i, c, a, x")),
        }
    }
    Ok(flags)
}

/// `a|b|@class` to the words it stands for.
pub(super) fn parse_words(
    text: &str,
    classes: &BTreeMap<SmolStr, Vec<SmolStr>>,
) -> Result<Vec<SmolStr>, String> {
    let mut words = Vec::new();
    for part in text.split('|') {
        if let Some(name) = part.strip_prefix('@') {
            words.extend(
                classes
                    .get(name)
                    .ok_or_else(|| format!("class `@{name}` is not in classes.tsv"))?
                    .iter()
                    .cloned(),
            );
        } else if part.is_empty() || part.chars().any(char::is_uppercase) {
            return Err(format!("`{part}` in `{text}` is not a lower-case word"));
        } else {
            words.push(part.into());
        }
    }
    Ok(words)
}

pub(super) fn parse_heads(
    text: &str,
    classes: &BTreeMap<SmolStr, Vec<SmolStr>>,
) -> Result<Vec<Head>, String> {
    let head = |word: SmolStr| match word.split_once('_') {
        Some((lemma, particle)) => Head { lemma: lemma.into(), particle: Some(particle.into()) },
        None => Head { lemma: word, particle: None },
    };
    Ok(parse_words(text, classes)?.into_iter().map(head).collect())
}

fn parse_items<'a>(
    words: impl Iterator<Item = &'a str>,
    classes: &BTreeMap<SmolStr, Vec<SmolStr>>,
) -> Result<Vec<Item>, String> {
    let mut items = Vec::new();
    for word in words {
        let item = match word {
            "T" => Item::ObjectTarget,
            "S" => Item::ObjectSource,
            "TT" => Item::Recipient,
            "+T" => Item::ClauseTarget,
            _ if word.starts_with('+') => parse_clause(word, classes)?,
            _ => {
                // A preposition is marked by what follows it: a slot, or a word after `:`.
                if let Some((prep, noun)) = word.split_once(':') {
                    let preps = WordSet::new(parse_words(prep, classes)?);
                    match noun {
                        "T" => Item::Target(preps),
                        "S" => Item::Source(preps),
                        _ => Item::Oblique(preps, WordSet::new(parse_words(noun, classes)?)),
                    }
                } else {
                    Item::Object(WordSet::new(parse_words(word, classes)?))
                }
            }
        };
        items.push(item);
    }
    Ok(items)
}

/// `+to`, `+that`, `+ing`, or with the verbs that fit: `+to:leave|quit`.
fn parse_clause(word: &str, classes: &BTreeMap<SmolStr, Vec<SmolStr>>) -> Result<Item, String> {
    let (form, verbs) = word.split_once(':').map_or((word, None), |(f, v)| (f, Some(v)));
    let form = match form {
        "+to" => Clause::To,
        "+that" => Clause::That,
        "+ing" => Clause::Ing,
        other => return Err(format!("`{other}` is none of +to, +that, +ing, +T")),
    };
    let verbs = verbs.map(|v| parse_words(v, classes).map(WordSet::new)).transpose()?;
    Ok(Item::Clause(form, verbs))
}
