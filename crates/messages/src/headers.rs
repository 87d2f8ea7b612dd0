//! Message headers: CloudEvents 1.0 in the binary mode of its NATS binding, W3C trace context, and our own.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Id of the CloudEvent; with [`CE_SOURCE`] unique.
pub const CE_ID: &str = "ce-id";
/// Who sent it: `/entente/<stage>`.
pub const CE_SOURCE: &str = "ce-source";
/// What it is: `org.entente.<kind>.v1`.
pub const CE_TYPE: &str = "ce-type";
/// Version of CloudEvents: `1.0`.
pub const CE_SPECVERSION: &str = "ce-specversion";
/// When it was made, RFC 3339.
pub const CE_TIME: &str = "ce-time";
/// The article's id, percent-encoded.
pub const CE_SUBJECT: &str = "ce-subject";
/// Media type of the body.
pub const CE_DATACONTENTTYPE: &str = "ce-datacontenttype";
/// W3C trace context.
pub const TRACEPARENT: &str = "traceparent";
/// Media type of the body, where a publisher gives it.
pub const CONTENT_TYPE: &str = "Content-Type";
/// The publisher's id of an article, beside its content; percent-encoded where it holds more than ASCII.
pub const ARTICLE_ID: &str = "Entente-Id";
/// Headline, likewise.
pub const ARTICLE_TITLE: &str = "Entente-Title";
/// Outlet or agency, likewise.
pub const ARTICLE_SOURCE: &str = "Entente-Source";
/// Address, likewise.
pub const ARTICLE_URL: &str = "Entente-Url";
/// Language tag, likewise.
pub const ARTICLE_LANGUAGE: &str = "Entente-Language";
/// Publication date, likewise.
pub const ARTICLE_PUBLISHED_AT: &str = "Entente-Published-At";
/// Author line, likewise.
pub const ARTICLE_BYLINE: &str = "Entente-Byline";
/// When the article came in, RFC 3339: travels with it to the end.
pub const RECEIVED: &str = "Entente-Received";
/// Why an article was refused, as a stable word.
pub const REASON: &str = "Entente-Reason";
/// How an article ended: `coded`, `rejected`, `dead`.
pub const OUTCOME: &str = "Entente-Outcome";
/// How many events an article brought.
pub const EVENTS: &str = "Entente-Events";
/// The stage that gave a message up.
pub const DEAD_STAGE: &str = "Entente-Stage";
/// The error as a stable word.
pub const DEAD_CODE: &str = "Entente-Error-Code";
/// The error in a sentence, percent-encoded.
pub const DEAD_ERROR: &str = "Entente-Error";
/// How often the message was delivered.
pub const DEAD_DELIVERIES: &str = "Entente-Deliveries";
/// The subject that the message came on.
pub const DEAD_SUBJECT: &str = "Entente-Subject";
/// Its sequence number in the stream it came from.
pub const DEAD_SEQUENCE: &str = "Entente-Sequence";
/// The article's id, percent-encoded.
pub const DEAD_ARTICLE: &str = "Entente-Article";
/// Prefix of the original headers in a dead letter.
pub const ORIGINAL_PREFIX: &str = "Entente-Original-";

/// What a message is, as CloudEvents' `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An accepted [`crate::Article`].
    Article,
    /// A [`crate::CodedArticle`].
    Coded,
    /// An [`crate::EnrichedArticle`].
    Enriched,
    /// An [`crate::Event`].
    Event,
    /// A [`crate::Mention`].
    Mention,
    /// A [`crate::Rejection`].
    Rejection,
    /// An [`crate::Acceptance`].
    Acceptance,
    /// An [`crate::OutcomeRecord`].
    Outcome,
}

impl Kind {
    /// All kinds, sorted by name.
    pub const ALL: [Self; 8] = [
        Self::Acceptance,
        Self::Article,
        Self::Coded,
        Self::Enriched,
        Self::Event,
        Self::Mention,
        Self::Outcome,
        Self::Rejection,
    ];

    /// The value of [`CE_TYPE`].
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Article => "org.entente.article.v1",
            Self::Coded => "org.entente.coded.v1",
            Self::Enriched => "org.entente.enriched.v1",
            Self::Event => "org.entente.event.v1",
            Self::Mention => "org.entente.mention.v1",
            Self::Rejection => "org.entente.rejection.v1",
            Self::Acceptance => "org.entente.acceptance.v1",
            Self::Outcome => "org.entente.outcome.v1",
        }
    }
}

/// The CloudEvents attributes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// Unique together with the source.
    pub id: String,
    /// Who sends it: the stage's name.
    pub source: crate::Stage,
    /// What it is.
    pub kind: Kind,
    /// The article it is about.
    pub subject: Option<String>,
    /// When it was made.
    pub time: Timestamp,
}

impl Attributes {
    /// Header names and values, values percent-encoded as the binding demands.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            (CE_SPECVERSION, "1.0".to_owned()),
            (CE_ID, encode(&self.id)),
            (CE_SOURCE, format!("/entente/{}", self.source)),
            (CE_TYPE, self.kind.name().to_owned()),
            (CE_TIME, self.time.to_string()),
            (CE_DATACONTENTTYPE, "application/json".to_owned()),
        ];
        if let Some(subject) = &self.subject {
            pairs.push((CE_SUBJECT, encode(subject)));
        }
        pairs
    }
}

/// Percent-encodes a header value: blanks, quotes, `%` and all outside printable ASCII.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '!'..='~') && !matches!(character, '"' | '%') {
            value.push(character);
        } else {
            let mut utf8 = [0; 4];
            for byte in character.encode_utf8(&mut utf8).bytes() {
                value.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    value
}

/// Undoes [`encode`]; what is not an escape stays, invalid UTF-8 is replaced.
#[must_use]
pub fn decode(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = (first == b'%').then(|| tail.get(..2)).flatten();
        let byte = escaped.and_then(|pair| std::str::from_utf8(pair).ok()).and_then(|pair| {
            pair.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u8::from_str_radix(pair, 16).ok()).flatten()
        });
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// W3C trace context, level 1: which trace a message belongs to and which span sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TraceContext {
    /// 16 bytes, not all zero.
    pub trace_id: u128,
    /// 8 bytes, not all zero.
    pub span_id: u64,
    /// Whether the caller records the trace.
    pub sampled: bool,
}

impl TraceContext {
    /// A trace that starts here. The same seed gives the same trace, so that a redelivery continues it.
    #[must_use]
    pub fn root(seed: &str) -> Self {
        let digest = Sha256::digest(seed.as_bytes());
        let mut trace = [0; 16];
        trace.copy_from_slice(&digest[..16]);
        let trace_id = u128::from_be_bytes(trace).max(1);
        Self { trace_id, span_id: span_of(trace_id, seed), sampled: true }
    }

    /// The context of a span below this one.
    #[must_use]
    pub fn child(self, seed: &str) -> Self {
        Self { span_id: span_of(self.trace_id ^ u128::from(self.span_id), seed), ..self }
    }
}

fn span_of(trace_id: u128, seed: &str) -> u64 {
    let digest = Sha256::new().chain_update(trace_id.to_be_bytes()).chain_update(seed).finalize();
    let mut span = [0; 8];
    span.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(span).max(1)
}

impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace_id, self.span_id, u8::from(self.sampled))
    }
}

/// The header is not a valid `traceparent`; a receiver starts a new trace then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a W3C traceparent header")]
pub struct ParseTraceError;

impl FromStr for TraceContext {
    type Err = ParseTraceError;

    fn from_str(text: &str) -> Result<Self, ParseTraceError> {
        let mut parts = text.split('-');
        let mut part = |length: usize| {
            let part = parts.next().filter(|part| part.len() == length).ok_or(ParseTraceError)?;
            let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
            if part.bytes().all(lower_hex) { Ok(part) } else { Err(ParseTraceError) }
        };
        let (version, trace, span, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
        let more = parts.next().is_some();
        if version == "ff" || (version == "00" && more) {
            return Err(ParseTraceError);
        }
        let trace_id = u128::from_str_radix(trace, 16).map_err(|_| ParseTraceError)?;
        let span_id = u64::from_str_radix(span, 16).map_err(|_| ParseTraceError)?;
        let flags = u8::from_str_radix(flags, 16).map_err(|_| ParseTraceError)?;
        if trace_id == 0 || span_id == 0 {
            return Err(ParseTraceError);
        }
        Ok(Self { trace_id, span_id, sampled: flags & 1 == 1 })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn header_values_come_back_and_hold_only_printable_ascii(text in "\\PC{0,40}|.{0,40}") {
            let value = encode(&text);
            prop_assert!(value.bytes().all(|b| (b'!'..=b'~').contains(&b)));
            prop_assert_eq!(decode(&value), text);
        }

        #[test]
        fn decoding_never_panics(value in ".{0,40}") {
            let _ = decode(&value);
        }

        #[test]
        fn trace_context_comes_back(seed in ".{0,20}", step in ".{0,20}") {
            let child = TraceContext::root(&seed).child(&step);
            prop_assert_eq!(child.to_string().parse(), Ok(child));
            prop_assert_eq!(child.trace_id, TraceContext::root(&seed).trace_id);
        }
    }

    #[test]
    fn broken_trace_context_is_refused() {
        let zero_trace = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
        for text in ["", "00", zero_trace, "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"] {
            assert_eq!(text.parse::<TraceContext>(), Err(ParseTraceError), "{text}");
        }
    }
}
