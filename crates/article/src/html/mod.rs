//! Web pages: the article in them without what surrounds it.

pub(crate) mod fragment;
mod shape;
mod tags;

use crate::accept::Draft;
use crate::date;
use crate::incoming::Limits;
use crate::reject::{RejectCode, Rejection};
use crate::sniff::Kind;
use crate::warning::{Warning, WarningCode};

pub(crate) use shape::xml_depth;

/// Reads a page.
pub(crate) fn read(
    page: &str,
    url: Option<&str>,
    limits: &Limits,
    warnings: &mut Vec<Warning>,
) -> Result<Draft, Rejection> {
    let (page, removed) = shape::flatten(page, limits.max_html_depth)?;
    if removed {
        let detail = "the page nests deeper than allowed; its deepest elements were flattened";
        warnings.push(Warning::new(WarningCode::DepthFlattened, detail));
    }
    let options =
        rs_trafilatura::Options { url: url.map(str::to_owned), ..rs_trafilatura::Options::default() };
    let found = rs_trafilatura::extract_with_options(&page, &options)
        .map_err(|error| no_article(&error.to_string()))?;
    let mut draft = Draft::new(Kind::Html);
    draft.body = found.content_text;
    let meta = found.metadata;
    draft.title = meta.title.unwrap_or_default();
    draft.url = meta.url;
    draft.source = meta.sitename;
    draft.byline = meta.author;
    draft.language = meta.language;
    draft.published_at = meta.date.and_then(|date| date::read(&date.to_rfc3339()));
    if draft.body.trim().is_empty() {
        return Err(no_article("it has no running text"));
    }
    Ok(draft)
}

fn no_article(why: &str) -> Rejection {
    Rejection::new(
        RejectCode::NoArticle,
        format!("no article was found on the page ({why}); send the page of one article, or its text"),
    )
}
