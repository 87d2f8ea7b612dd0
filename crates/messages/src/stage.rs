//! The four stages that an article passes.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stage of the pipeline; each is a service of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Bytes to accepted articles.
    Ingest,
    /// Accepted articles to coded ones.
    Extract,
    /// Coded articles to enriched events.
    Enrich,
    /// Enriched events to their public subjects.
    Publish,
}

impl Stage {
    /// All stages in the order an article passes them.
    pub const ALL: [Self; 4] = [Self::Ingest, Self::Extract, Self::Enrich, Self::Publish];

    /// The lower-case name used in subjects, files, metrics and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Extract => "extract",
            Self::Enrich => "enrich",
            Self::Publish => "publish",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is not the name of a stage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a stage; known: ingest, extract, enrich, publish")]
pub struct ParseStageError(pub String);

impl FromStr for Stage {
    type Err = ParseStageError;

    fn from_str(text: &str) -> Result<Self, ParseStageError> {
        Self::ALL
            .into_iter()
            .find(|stage| stage.name() == text)
            .ok_or_else(|| ParseStageError(text.to_owned()))
    }
}
