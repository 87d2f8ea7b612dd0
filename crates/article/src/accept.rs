//! One document in, one article or one reason out.

use std::borrow::Cow;

use entente_messages::Article;
use serde::Serialize;

use crate::date::{Precision, ReadDate};
use crate::html::fragment;
use crate::incoming::{Incoming, Limits};
use crate::reject::{RejectCode, Rejection};
use crate::sniff::Kind;
use crate::warning::{Warning, WarningCode};
use crate::{charset, date, dateline, html, identity, json, language, sniff, text};

/// An article that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// The article, normalised and identified.
    pub article: Article,
    /// What the document was.
    pub kind: Kind,
    /// Hash of title and body, the same for the same text whatever its id and address.
    pub content_hash: String,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// What a format's reader found, before it is normalised.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) kind: Kind,
    pub(crate) id: Option<String>,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) byline: Option<String>,
    pub(crate) published_at: Option<ReadDate>,
    pub(crate) url: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) dateline: Option<String>,
}

impl Draft {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            id: None,
            title: String::new(),
            body: String::new(),
            byline: None,
            published_at: None,
            url: None,
            source: None,
            language: None,
            dateline: None,
        }
    }
}

/// Reads one document: JSON article, plain text or web page.
///
/// # Errors
///
/// A [`Rejection`] with the reason, naming the field at fault.
pub fn accept(incoming: &Incoming<'_>, limits: &Limits) -> Result<Accepted, Rejection> {
    accept_kind(None, incoming, limits)
}

/// The same where the kind may be known.
pub(crate) fn accept_kind(
    kind: Option<Kind>,
    incoming: &Incoming<'_>,
    limits: &Limits,
) -> Result<Accepted, Rejection> {
    if incoming.bytes.trim_ascii().is_empty() {
        return Err(Rejection::new(RejectCode::EmptyInput, "the message is empty; send an article"));
    }
    if incoming.bytes.len() > limits.max_bytes {
        return Err(Rejection::new(
            RejectCode::TooLarge,
            format!(
                "the document has {} bytes; at most {} are taken",
                incoming.bytes.len(),
                limits.max_bytes
            ),
        ));
    }
    let mut warnings = Vec::new();
    let kind = match (sniff::kind(incoming), kind) {
        (Err(rejection), _) if rejection.code == RejectCode::BinaryContent => return Err(rejection),
        (_, Some(kind)) => kind,
        (found, None) => found?,
    };
    let draft = draft(kind, incoming, limits, &mut warnings)?;
    finish(draft, incoming, limits, warnings)
}

fn draft(
    kind: Kind,
    incoming: &Incoming<'_>,
    limits: &Limits,
    warnings: &mut Vec<Warning>,
) -> Result<Draft, Rejection> {
    match kind {
        Kind::Json => {
            json::read(&charset::decode_strict(incoming.bytes, incoming.content_type, warnings)?, limits)
        }
        Kind::Text => {
            let mut draft = Draft::new(Kind::Text);
            draft.body =
                charset::decode_strict(incoming.bytes, incoming.content_type, warnings)?.into_owned();
            Ok(draft)
        }
        Kind::Html => {
            let page = charset::decode_page(incoming.bytes, incoming.content_type, warnings);
            html::read(&page, incoming.url, limits, warnings)
        }
        several @ (Kind::Feed | Kind::Ndjson | Kind::Csv | Kind::Warc | Kind::Mbox) => Err(Rejection::new(
            RejectCode::ManyArticles,
            format!(
                "the content is {several:?}, which holds many articles; send one article a message (`entente send` splits files)"
            ),
        )),
    }
}

/// Normalises, validates and identifies what a reader found.
pub(crate) fn finish(
    draft: Draft,
    incoming: &Incoming<'_>,
    limits: &Limits,
    mut warnings: Vec<Warning>,
) -> Result<Accepted, Rejection> {
    let overrides = incoming.overrides;
    let body = plain_body(&draft, &mut warnings);
    let (body, mended) = text::repair(&body);
    if mended {
        warnings.push(Warning::new(
            WarningCode::MojibakeRepaired,
            "characters decoded with a wrong character set were repaired",
        ));
    }
    check_text(&body, limits)?;
    let mut paragraphs = text::paragraphs(&body);
    let title =
        field(overrides.title.or(Some(&draft.title)), "title", limits.max_title_chars)?.unwrap_or_default();
    drop_title(&mut paragraphs, &title);
    let (dateline, agency) = split_dateline(&mut paragraphs);
    let body = paragraphs.join("\n\n");
    if body.is_empty() {
        return Err(empty_body());
    }
    let published_at = published_at(&draft, incoming, &mut warnings)?;
    let language =
        language(overrides.language.or(draft.language.as_deref()), draft.kind, &title, &body, &mut warnings)?;
    let content_hash = identity::content_hash(&title, &body);
    let article = Article {
        id: id(overrides.id.or(draft.id.as_deref()), limits)?.unwrap_or_else(|| content_hash.clone()),
        published_at,
        url: url(draft.url.as_deref(), incoming.url, limits)?,
        source: field(overrides.source.or(draft.source.as_deref()), "source", limits.max_title_chars)?
            .or(agency),
        language,
        byline: field(overrides.byline.or(draft.byline.as_deref()), "byline", limits.max_title_chars)?,
        dateline: match dateline {
            Some(dateline) => Some(dateline),
            None => field(draft.dateline.as_deref(), "dateline", limits.max_title_chars)?,
        },
        copy_of: None,
        title,
        body,
    };
    Ok(Accepted { article, kind: draft.kind, content_hash, warnings })
}

/// The body without markup, where a field of text holds some.
fn plain_body<'a>(draft: &'a Draft, warnings: &mut Vec<Warning>) -> Cow<'a, str> {
    if matches!(draft.kind, Kind::Html | Kind::Feed) || !fragment::has_markup(&draft.body) {
        return Cow::Borrowed(&draft.body);
    }
    warnings.push(Warning::new(WarningCode::MarkupRemoved, "the body held HTML; its markup was removed"));
    Cow::Owned(fragment::text(&draft.body))
}

fn empty_body() -> Rejection {
    Rejection::of_field(
        RejectCode::EmptyBody,
        "body",
        "the body holds no text; put the article's full text there",
    )
}

fn check_text(body: &str, limits: &Limits) -> Result<(), Rejection> {
    if body.trim().is_empty() {
        return Err(empty_body());
    }
    let length = body.chars().count();
    if length > limits.max_body_chars {
        return Err(Rejection::of_field(
            RejectCode::FieldTooLong,
            "body",
            format!("the body has {length} characters; at most {} are taken", limits.max_body_chars),
        ));
    }
    let replaced = body.chars().filter(|c| *c == '\u{fffd}').count();
    if !body.contains(char::is_alphabetic) || replaced * 10 > length {
        return Err(Rejection::of_field(
            RejectCode::NotText,
            "body",
            "the body is no running text (no letters, or mostly characters that could not be decoded)",
        ));
    }
    Ok(())
}

/// One-line field: repaired, checked for length, `None` where empty.
fn field(value: Option<&str>, name: &str, max: usize) -> Result<Option<String>, Rejection> {
    let Some(value) = value else { return Ok(None) };
    let line = text::one_line(&text::repair(value).0);
    let length = line.chars().count();
    if length > max {
        let reason = format!("{name:?} has {length} characters; at most {max} are taken");
        return Err(Rejection::of_field(RejectCode::FieldTooLong, name, reason));
    }
    Ok((!line.is_empty()).then_some(line))
}

/// The headline stands in the body again in many sources.
fn drop_title(paragraphs: &mut Vec<String>, title: &str) {
    let plain = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    if paragraphs.len() > 1 && !title.is_empty() && plain(&paragraphs[0]) == plain(title) {
        paragraphs.remove(0);
    }
}

/// Takes the dateline off the first paragraph; gives it and its agency.
fn split_dateline(paragraphs: &mut [String]) -> (Option<String>, Option<String>) {
    let Some(first) = paragraphs.first_mut() else { return (None, None) };
    let Some(split) = dateline::split(first) else { return (None, None) };
    let (dateline, agency, rest) =
        (split.dateline.to_owned(), split.agency.map(str::to_owned), split.rest.to_owned());
    *first = rest;
    (Some(dateline), agency)
}

fn id(id: Option<&str>, limits: &Limits) -> Result<Option<String>, Rejection> {
    let Some(id) = id else { return Ok(None) };
    let id = id.trim();
    let length = id.chars().count();
    if length > limits.max_id_chars {
        let reason = format!("\"id\" has {length} characters; at most {} are taken", limits.max_id_chars);
        return Err(Rejection::of_field(RejectCode::FieldTooLong, "id", reason));
    }
    if id.is_empty() || id.contains(char::is_control) {
        let reason = "\"id\" is empty or holds control characters; give a printable id, or leave it out";
        return Err(Rejection::of_field(RejectCode::InvalidId, "id", reason));
    }
    Ok(Some(id.to_owned()))
}

fn url(own: Option<&str>, fetched: Option<&str>, limits: &Limits) -> Result<Option<String>, Rejection> {
    let Some(url) = own.map(str::trim).filter(|url| !url.is_empty()).or(fetched) else { return Ok(None) };
    if url.chars().count() > limits.max_url_chars {
        let reason = format!("\"url\" is longer than {} characters", limits.max_url_chars);
        return Err(Rejection::of_field(RejectCode::FieldTooLong, "url", reason));
    }
    identity::canonical_url(url).map(Some).ok_or_else(|| {
        let shown: String = url.chars().take(80).collect();
        Rejection::of_field(
            RejectCode::InvalidUrl,
            "url",
            format!(
                "\"url\" is {shown:?}, which is no absolute http or https address; correct it or leave it out"
            ),
        )
    })
}

fn published_at(
    draft: &Draft,
    incoming: &Incoming<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Option<jiff::Timestamp>, Rejection> {
    let date = match incoming.overrides.published_at {
        Some(text) => Some(date::read(text).ok_or_else(|| json::invalid_date("published_at", text))?),
        None => draft.published_at,
    };
    let Some(date) = date else { return Ok(None) };
    if date.precision == Precision::Local {
        let detail = "the publication date names no time zone; it was read as UTC";
        warnings.push(Warning::new(WarningCode::DateWithoutZone, detail));
    }
    if date.at.as_second() - incoming.received_at.as_second() > 26 * 3600 {
        let detail = format!("the publication date {} lies after the arrival", date.at);
        warnings.push(Warning::new(WarningCode::DateInFuture, detail));
    }
    Ok(Some(date.at))
}

/// The declared language, unless a page's template declares another one than its text is plainly in.
fn language(
    declared: Option<&str>,
    kind: Kind,
    title: &str,
    body: &str,
    warnings: &mut Vec<Warning>,
) -> Result<Option<String>, Rejection> {
    let declared = declared.map(str::trim).filter(|tag| !tag.is_empty());
    let code = match declared.map(|tag| (tag, language::normalise_tag(tag))) {
        Some((tag, None)) if kind != Kind::Html => {
            let shown: String = tag.chars().take(40).collect();
            return Err(Rejection::of_field(
                RejectCode::InvalidLanguage,
                "language",
                format!(
                    "\"language\" is {shown:?}, which is no language; give an ISO 639-1 code such as \"en\", or leave it out"
                ),
            ));
        }
        Some((_, code)) => code,
        None => None,
    };
    let detected = language::detect(&format!("{title}\n{body}"));
    Ok(match (code, detected) {
        (Some(code), Some(detected)) if detected.reliable && detected.code != code => {
            let detail = format!("declared as {code}, but the text is {}", detected.code);
            warnings.push(Warning::new(WarningCode::LanguageDiffers, detail));
            Some(detected.code.to_owned())
        }
        (Some(code), _) => Some(code),
        (None, Some(detected)) => {
            if !detected.reliable {
                let detail = format!("the text is short; its language was taken for {}", detected.code);
                warnings.push(Warning::new(WarningCode::LanguageUnknown, detail));
            }
            Some(detected.code.to_owned())
        }
        (None, None) => None,
    })
}
