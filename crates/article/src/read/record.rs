//! The line of `entente read`.

use serde::Serialize;

use crate::accept::Accepted;
use crate::sniff::Kind;

/// One article as `entente read` prints it, a line of JSON each. Absent fields are null.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record<'a> {
    /// Headline.
    pub title: &'a str,
    /// Full text, paragraphs parted by empty lines, dateline included.
    pub body: String,
    /// Authors.
    pub byline: Option<&'a str>,
    /// RFC 3339, UTC.
    pub published_at: Option<String>,
    /// Canonical address.
    pub url: Option<&'a str>,
    /// Outlet or agency.
    pub source: Option<&'a str>,
    /// ISO 639-1.
    pub language: Option<&'a str>,
    /// Kind of document it came from.
    pub kind: Kind,
    /// What was odd, in words.
    pub warnings: Vec<String>,
}

impl<'a> From<&'a Accepted> for Record<'a> {
    fn from(accepted: &'a Accepted) -> Self {
        let article = &accepted.article;
        let body = match &article.dateline {
            Some(dateline) => format!("{dateline} — {}", article.body),
            None => article.body.clone(),
        };
        Self {
            title: &article.title,
            body,
            byline: article.byline.as_deref(),
            published_at: article.published_at.map(|at| at.to_string()),
            url: article.url.as_deref(),
            source: article.source.as_deref(),
            language: article.language.as_deref(),
            kind: accepted.kind,
            warnings: accepted.warnings.iter().map(ToString::to_string).collect(),
        }
    }
}
