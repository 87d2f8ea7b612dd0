//! Every subject that Entente uses: built, parsed and escaped here and nowhere else.
//!
//! A token that comes from outside (a language, an actor's code, an article's id) is escaped reversibly, so
//! that a name with dots, blanks, `*`, `>` or letters beyond ASCII never breaks a subject.

use std::fmt;
use std::str::FromStr;

use entente_ontology::Root;
use sha2::{Digest, Sha256};

use crate::Stage;

/// Where users publish articles: plain text, HTML or JSON.
pub const INGEST: &str = "articles.ingest";
/// Where refused articles go, with the reason.
pub const REJECTED: &str = "articles.rejected";
/// Coded articles on their way to enrich.
pub const EXTRACTED: &str = "events.extracted";
/// Enriched articles on their way to publish.
pub const ENRICHED: &str = "events.enriched";
/// What ingest's replicas tell each other of first articles, so that each knows copies of all; in batches.
pub const COPIES: &str = "ingest.copies";
/// Every accepted article, whatever its language.
pub const ACCEPTED_ALL: &str = "articles.accepted.*";
/// Every dead letter.
pub const DEAD_ALL: &str = "dead.*";
/// Every published event.
pub const EVENTS_ALL: &str = "events.public.*.*.*";
/// Every published mention.
pub const MENTIONS_ALL: &str = "mentions.public.*.*.*";
/// One record for each accepted article.
pub const LEDGER_ACCEPTED_ALL: &str = "ledger.accepted.*";
/// One record for each article that reached its end.
pub const LEDGER_OUTCOME_ALL: &str = "ledger.outcome.*";

/// Stands in `events.public` and `mentions.public` where an actor has no country or organisation code.
pub const NO_COUNTRY: &str = "---";

/// A subject, taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// `articles.ingest`
    Ingest,
    /// `articles.rejected`
    Rejected,
    /// `articles.accepted.<lang>`
    Accepted {
        /// ISO 639-1 code, or `und` where nobody knows.
        language: String,
    },
    /// `events.extracted`
    Extracted,
    /// `events.enriched`
    Enriched,
    /// `dead.<stage>`
    Dead(Stage),
    /// `events.public.<SRC>.<ROOT>.<TGT>`
    Event(Relation),
    /// `mentions.public.<SRC>.<ROOT>.<TGT>`
    Mention(Relation),
    /// `ledger.accepted.<article>`
    LedgerAccepted(ArticleKey),
    /// `ledger.outcome.<article>`
    LedgerOutcome(ArticleKey),
}

/// The three tokens that people filter events on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Relation {
    /// Country or organisation code of the source; `None` becomes [`NO_COUNTRY`].
    pub source: Option<String>,
    /// PLOVER root.
    pub root: Root,
    /// Country or organisation code of the target; `None` becomes [`NO_COUNTRY`].
    pub target: Option<String>,
}

/// A fixed-length name of an article for ledger subjects: the first 16 bytes of the SHA-256 of its id, in hex.
///
/// Ids may be as long as a URL; subjects should not. The records carry the id itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleKey(String);

impl ArticleKey {
    /// The key of the article with this id.
    #[must_use]
    pub fn of(article_id: &str) -> Self {
        let digest = Sha256::digest(article_id.as_bytes());
        Self(digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
    }

    /// The key as it stands in subjects.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ArticleKey {
    type Err = SubjectError;

    fn from_str(text: &str) -> Result<Self, SubjectError> {
        let valid =
            text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if valid { Ok(Self(text.to_owned())) } else { Err(SubjectError::Token(text.to_owned())) }
    }
}

/// The text is not a subject of Entente.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// No such subject.
    #[error("`{0}` is not a subject of Entente")]
    Unknown(String),
    /// A token is not in the escaped form.
    #[error("`{0}` is not an escaped subject token")]
    Token(String),
    /// A token should be a PLOVER root.
    #[error(transparent)]
    Root(#[from] entente_ontology::ParseRootError),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ingest => f.write_str(INGEST),
            Self::Rejected => f.write_str(REJECTED),
            Self::Accepted { language } => write!(f, "articles.accepted.{}", escape(language)),
            Self::Extracted => f.write_str(EXTRACTED),
            Self::Enriched => f.write_str(ENRICHED),
            Self::Dead(stage) => write!(f, "dead.{stage}"),
            Self::Event(relation) => write!(f, "events.public.{relation}"),
            Self::Mention(relation) => write!(f, "mentions.public.{relation}"),
            Self::LedgerAccepted(key) => write!(f, "ledger.accepted.{}", key.as_str()),
            Self::LedgerOutcome(key) => write!(f, "ledger.outcome.{}", key.as_str()),
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (source, target) =
            (escape_country(self.source.as_deref()), escape_country(self.target.as_deref()));
        write!(f, "{source}.{}.{target}", self.root)
    }
}

impl FromStr for Subject {
    type Err = SubjectError;

    fn from_str(text: &str) -> Result<Self, SubjectError> {
        let tokens: Vec<&str> = text.split('.').collect();
        Ok(match tokens.as_slice() {
            ["articles", "ingest"] => Self::Ingest,
            ["articles", "rejected"] => Self::Rejected,
            ["articles", "accepted", language] => Self::Accepted { language: unescape(language)? },
            ["events", "extracted"] => Self::Extracted,
            ["events", "enriched"] => Self::Enriched,
            ["dead", stage] => Self::Dead(stage.parse().map_err(|_| SubjectError::Unknown(text.to_owned()))?),
            ["events", "public", source, root, target] => Self::Event(relation(source, root, target)?),
            ["mentions", "public", source, root, target] => Self::Mention(relation(source, root, target)?),
            ["ledger", "accepted", key] => Self::LedgerAccepted(key.parse()?),
            ["ledger", "outcome", key] => Self::LedgerOutcome(key.parse()?),
            _ => return Err(SubjectError::Unknown(text.to_owned())),
        })
    }
}

fn relation(source: &str, root: &str, target: &str) -> Result<Relation, SubjectError> {
    Ok(Relation { source: unescape_country(source)?, root: root.parse()?, target: unescape_country(target)? })
}

/// A filter for `events.public`; `None` matches everything.
///
/// # Examples
/// ```
/// use entente_messages::subject::event_filter;
/// use entente_ontology::Root;
/// assert_eq!(event_filter(Some("CHN"), Some(Root::Sanction), None), "events.public.CHN.SANCTION.*");
/// ```
#[must_use]
pub fn event_filter(source: Option<&str>, root: Option<Root>, target: Option<&str>) -> String {
    filter("events", source, root, target)
}

/// A filter for `mentions.public`; `None` matches everything.
#[must_use]
pub fn mention_filter(source: Option<&str>, root: Option<Root>, target: Option<&str>) -> String {
    filter("mentions", source, root, target)
}

fn filter(kind: &str, source: Option<&str>, root: Option<Root>, target: Option<&str>) -> String {
    let any = || "*".to_owned();
    let source = source.map_or_else(any, escape);
    let target = target.map_or_else(any, escape);
    format!("{kind}.public.{source}.{}.{target}", root.map_or("*", Root::name))
}

/// Makes one safe subject token of any text, reversibly.
///
/// ASCII letters, digits, `_` and `-` stay; every other byte of the UTF-8 form becomes `=XX`. The empty text
/// becomes `=`, and a text of the shape of [`NO_COUNTRY`] has its first byte escaped. All characters used are
/// allowed in JetStream key-value keys too.
#[must_use]
pub fn escape(text: &str) -> String {
    if text.is_empty() {
        return "=".to_owned();
    }
    let mut token = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if plain && !(at == 0 && text == NO_COUNTRY) {
            token.push(char::from(byte));
        } else {
            token.push_str(&format!("={byte:02X}"));
        }
    }
    token
}

/// The text that [`escape`] made the token of.
///
/// # Errors
/// Where the token is not what [`escape`] makes of any text.
pub fn unescape(token: &str) -> Result<String, SubjectError> {
    let wrong = || SubjectError::Token(token.to_owned());
    if token == "=" {
        return Ok(String::new());
    }
    let mut bytes = Vec::with_capacity(token.len());
    let mut rest = token.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let high = rest.next().and_then(hex_digit).ok_or_else(wrong)?;
            let low = rest.next().and_then(hex_digit).ok_or_else(wrong)?;
            bytes.push(high * 16 + low);
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
    if escape(&text) == token { Ok(text) } else { Err(wrong()) }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn escape_country(code: Option<&str>) -> String {
    code.map_or_else(|| NO_COUNTRY.to_owned(), escape)
}

fn unescape_country(token: &str) -> Result<Option<String>, SubjectError> {
    if token == NO_COUNTRY { Ok(None) } else { unescape(token).map(Some) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_subject() -> impl Strategy<Value = Subject> {
        let country = proptest::option::of(".{0,8}");
        let relation = (country.clone(), 0..Root::ALL.len(), country)
            .prop_map(|(source, root, target)| Relation { source, root: Root::ALL[root], target });
        prop_oneof![
            Just(Subject::Ingest),
            Just(Subject::Rejected),
            Just(Subject::Extracted),
            Just(Subject::Enriched),
            ".{0,8}".prop_map(|language| Subject::Accepted { language }),
            (0..Stage::ALL.len()).prop_map(|stage| Subject::Dead(Stage::ALL[stage])),
            relation.clone().prop_map(Subject::Event),
            relation.prop_map(Subject::Mention),
            ".{0,60}".prop_map(|id| Subject::LedgerAccepted(ArticleKey::of(&id))),
            ".{0,60}".prop_map(|id| Subject::LedgerOutcome(ArticleKey::of(&id))),
        ]
    }

    proptest! {
        #[test]
        fn every_text_makes_one_safe_token_and_comes_back(text in ".{0,40}") {
            let token = escape(&text);
            prop_assert!(!token.is_empty());
            prop_assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-=".contains(&b)));
            prop_assert_ne!(token.as_str(), NO_COUNTRY);
            prop_assert_eq!(unescape(&token), Ok(text));
        }

        #[test]
        fn every_subject_is_parsed_back(subject in any_subject()) {
            let text = subject.to_string();
            prop_assert!(!text.contains(['*', '>', ' ']));
            prop_assert_eq!(text.parse(), Ok(subject));
        }

        #[test]
        fn parsing_never_panics_and_accepts_only_what_is_built(text in "[a-z.=A-Z0-9*>-]{0,60}") {
            if let Ok(subject) = text.parse::<Subject>() {
                prop_assert_eq!(subject.to_string().to_lowercase(), text.to_lowercase());
            }
        }
    }

    #[test]
    fn people_can_filter_on_source_root_and_target() {
        let relation = Relation { source: Some("CHN".into()), root: Root::Consult, target: None };
        assert_eq!(Subject::Event(relation).to_string(), "events.public.CHN.CONSULT.---");
        assert_eq!(event_filter(None, None, Some("KOR")), "events.public.*.*.KOR");
        assert_eq!(mention_filter(Some("A.B"), None, None), "mentions.public.A=2EB.*.*");
    }

    #[test]
    fn tokens_that_escape_never_made_are_refused() {
        for token in ["=4", "=zz", "a=41", "a.b", "", "---", "=c3=28"] {
            assert!(unescape(token).is_err(), "{token}");
        }
    }
}
