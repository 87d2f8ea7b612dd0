//! What was odd about a document that was taken all the same.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The closed set of warnings; the names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningCode {
    /// The declared character set is not the one the bytes are in.
    CharsetMislabelled,
    /// No character set was declared; windows-1252 was assumed.
    CharsetGuessed,
    /// Bytes that fit no character were replaced.
    BytesReplaced,
    /// Text that had been decoded with the wrong character set was repaired.
    MojibakeRepaired,
    /// The declared language is not the one the text is in.
    LanguageDiffers,
    /// The text is too short or too mixed for its language to be told.
    LanguageUnknown,
    /// The publication date lies after the arrival.
    DateInFuture,
    /// A publication date without a time zone was read as UTC.
    DateWithoutZone,
    /// A publication date on the page could not be read.
    DateUnreadable,
    /// The content is not of the declared type.
    ContentTypeDiffers,
    /// Markup in a field that should be plain text was removed.
    MarkupRemoved,
    /// The page nests deeper than allowed; its deepest levels were flattened.
    DepthFlattened,
    /// An address on the page could not be read.
    UrlUnreadable,
    /// Only a summary, not the full text, was given.
    SummaryOnly,
}

/// A warning about one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Which of the closed set.
    pub code: WarningCode,
    /// A sentence for people.
    pub detail: String,
}

impl Warning {
    pub(crate) fn new(code: WarningCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}
