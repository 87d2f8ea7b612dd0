//! Web pages: the article in them without what surrounds it.

pub(crate) mod fragment;
mod links;
mod meta;
mod shape;
mod tags;
mod tidy;

use crate::accept::Draft;
use crate::date::{self, Precision, ReadDate};
use crate::incoming::Limits;
use crate::reject::{RejectCode, Rejection};
use crate::sniff::Kind;
use crate::text::one_line;
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
    let page = fragment::spaced(&page);
    let options =
        rs_trafilatura::Options { url: url.map(str::to_owned), ..rs_trafilatura::Options::default() };
    let found = rs_trafilatura::extract_with_options(&page, &options)
        .map_err(|error| no_article(&error.to_string()))?;
    let meta = found.metadata;
    let mut draft = Draft::new(Kind::Html);
    // A page is not rejected for what its template says about it.
    let short = |text: String| text.chars().take(limits.max_title_chars).collect::<String>();
    draft.title = meta.title.map(short).unwrap_or_default();
    draft.url = meta.url.and_then(|own| absolute(&own, url)).filter(|own| own.len() <= limits.max_url_chars);
    draft.source = meta.sitename.map(short);
    draft.byline = meta.author.map(short);
    draft.language = meta.language;
    draft.published_at = meta.date.and_then(|at| date::read(&at.to_rfc3339()));
    if draft.byline.is_none() || draft.published_at.is_none() {
        let stated = meta::stated(&page);
        draft.byline = draft.byline.or(stated.byline);
        let of_url = || [url, draft.url.as_deref()].into_iter().flatten().find_map(meta::date_of_url);
        draft.published_at = draft.published_at.or(stated.date).or_else(of_url).map(day_precision);
    }
    let links = links::texts(&page);
    draft.body =
        body(&found.content_text, found.content_html.as_deref(), draft.byline.as_deref(), &page, &links);
    if draft.body.is_empty() {
        return Err(no_article("it has no running text"));
    }
    Ok(draft)
}

/// A page's clock without a zone is not worth a warning to the reader of each page of that outlet.
fn day_precision(date: ReadDate) -> ReadDate {
    let precision = if date.precision == Precision::Local { Precision::Exact } else { date.precision };
    ReadDate { precision, ..date }
}

/// A canonical link may be relative, or no address at all: then the page's own counts.
fn absolute(own: &str, page: Option<&str>) -> Option<String> {
    let base = page.and_then(|page| url::Url::parse(page).ok());
    let own = match base {
        Some(base) => base.join(own).ok()?,
        None => url::Url::parse(own).ok()?,
    };
    crate::identity::canonical_url(own.as_str())
}

/// Longer paragraphs, in words, are likely several that the extraction ran together.
const LONG_PARAGRAPH: usize = 120;

fn body(text: &str, markup: Option<&str>, byline: Option<&str>, page: &str, links: &[String]) -> String {
    let lines = |text: &str| text.lines().map(one_line).filter(|line| !line.is_empty()).collect::<Vec<_>>();
    let marked = markup.map(|markup| lines(&fragment::text(markup))).unwrap_or_default();
    let mut paragraphs = tidy::part(lines(text), &marked);
    if paragraphs.iter().any(|paragraph| paragraph.split_whitespace().count() > LONG_PARAGRAPH) {
        paragraphs = tidy::part(paragraphs, &lines(&fragment::text(page)));
    }
    tidy::drop_edit_marks(&mut paragraphs);
    tidy::drop_lines(&mut paragraphs, byline);
    links::drop_links(&mut paragraphs, links);
    tidy::drop_tail(&mut paragraphs);
    paragraphs.join("\n\n")
}

fn no_article(why: &str) -> Rejection {
    Rejection::new(
        RejectCode::NoArticle,
        format!("no article was found on the page ({why}); send the page of one article, or its text"),
    )
}
