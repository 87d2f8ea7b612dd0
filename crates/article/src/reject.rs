//! Why a document is not taken.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The closed set of reasons; the names are stable and fit for metrics and subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RejectCode {
    /// Zero bytes.
    EmptyInput,
    /// More bytes than allowed.
    TooLarge,
    /// A content type that no reader here understands.
    UnsupportedContentType,
    /// A PDF, image, archive or other binary content.
    BinaryContent,
    /// Not valid UTF-8 and no other character set declared.
    InvalidUtf8,
    /// A declared character set that nobody knows.
    UnknownCharset,
    /// Broken JSON.
    InvalidJson,
    /// Neither RSS nor Atom nor JSON Feed.
    InvalidFeed,
    /// A message of a mail folder that is no mail.
    InvalidMail,
    /// A web archive's response that cannot be read.
    InvalidResponse,
    /// JSON, but no object.
    NotAnObject,
    /// Nested deeper than allowed.
    TooDeep,
    /// The article has no body field.
    MissingBody,
    /// The body holds no text.
    EmptyBody,
    /// A field has another JSON type than expected.
    WrongType,
    /// A field is longer than allowed.
    FieldTooLong,
    /// The id is empty or holds control characters.
    InvalidId,
    /// The publication date cannot be read.
    InvalidDate,
    /// The language is no language tag.
    InvalidLanguage,
    /// The address is no http(s) address.
    InvalidUrl,
    /// The text holds control characters, or no letters.
    NotText,
    /// The page holds no article.
    NoArticle,
    /// A feed, archive or list of articles where one article was expected.
    ManyArticles,
}

impl RejectCode {
    /// Every code.
    pub const ALL: [Self; 23] = [
        Self::EmptyInput,
        Self::TooLarge,
        Self::UnsupportedContentType,
        Self::BinaryContent,
        Self::InvalidUtf8,
        Self::UnknownCharset,
        Self::InvalidJson,
        Self::InvalidFeed,
        Self::InvalidMail,
        Self::InvalidResponse,
        Self::NotAnObject,
        Self::TooDeep,
        Self::MissingBody,
        Self::EmptyBody,
        Self::WrongType,
        Self::FieldTooLong,
        Self::InvalidId,
        Self::InvalidDate,
        Self::InvalidLanguage,
        Self::InvalidUrl,
        Self::NotText,
        Self::NoArticle,
        Self::ManyArticles,
    ];

    /// The stable name, in snake case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmptyInput => "empty_input",
            Self::TooLarge => "too_large",
            Self::UnsupportedContentType => "unsupported_content_type",
            Self::BinaryContent => "binary_content",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::UnknownCharset => "unknown_charset",
            Self::InvalidJson => "invalid_json",
            Self::InvalidFeed => "invalid_feed",
            Self::InvalidMail => "invalid_mail",
            Self::InvalidResponse => "invalid_response",
            Self::NotAnObject => "not_an_object",
            Self::TooDeep => "too_deep",
            Self::MissingBody => "missing_body",
            Self::EmptyBody => "empty_body",
            Self::WrongType => "wrong_type",
            Self::FieldTooLong => "field_too_long",
            Self::InvalidId => "invalid_id",
            Self::InvalidDate => "invalid_date",
            Self::InvalidLanguage => "invalid_language",
            Self::InvalidUrl => "invalid_url",
            Self::NotText => "not_text",
            Self::NoArticle => "no_article",
            Self::ManyArticles => "many_articles",
        }
    }
}

impl fmt::Display for RejectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A document that is not taken, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {reason}")]
pub struct Rejection {
    /// Which of the closed set of reasons.
    pub code: RejectCode,
    /// The field at fault, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// A sentence for people: what is wrong and what to do.
    pub reason: String,
}

impl Rejection {
    pub(crate) fn new(code: RejectCode, reason: impl Into<String>) -> Self {
        Self { code, field: None, reason: reason.into() }
    }

    pub(crate) fn of_field(code: RejectCode, field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { code, field: Some(field.into()), reason: reason.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_serde_and_distinct() {
        let mut names: Vec<_> = RejectCode::ALL.iter().map(|code| code.as_str()).collect();
        for (code, name) in RejectCode::ALL.iter().zip(&names) {
            assert_eq!(serde_json::to_value(code).unwrap(), *name);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RejectCode::ALL.len());
    }
}
