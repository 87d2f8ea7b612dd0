//! Where words stand in an article.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The field of the article that a span counts in.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The headline.
    Title,
    /// The text.
    #[default]
    Body,
}

/// A half-open range of characters (Unicode scalar values) of one field of the article.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct CharSpan {
    /// The field the offsets count in.
    pub part: Part,
    /// First character.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
}

impl CharSpan {
    /// The words of the span, or `None` where the span does not fit the text.
    #[must_use]
    pub fn slice<'a>(&self, title: &'a str, body: &'a str) -> Option<&'a str> {
        let text = match self.part {
            Part::Title => title,
            Part::Body => body,
        };
        let mut edges = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
        let start = edges.clone().nth(self.start as usize)?;
        let end = edges.nth(self.end as usize)?;
        text.get(start..end)
    }
}
