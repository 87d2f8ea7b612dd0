//! A JSON article: each field checked, each fault named.

use serde_json::{Map, Value};

use crate::accept::Draft;
use crate::date::{self, ReadDate};
use crate::incoming::Limits;
use crate::reject::{RejectCode, Rejection};
use crate::sniff::Kind;

/// Names under which publishers send a field; the first is ours.
const BODY: &[&str] = &["body", "text", "content", "articleBody", "body_html", "content_html"];
const TITLE: &[&str] = &["title", "headline"];
const URL: &[&str] = &["url", "link"];
const SOURCE: &[&str] = &["source", "publisher", "outlet"];
const LANGUAGE: &[&str] = &["language", "lang"];
const BYLINE: &[&str] = &["byline", "author", "authors"];
const PUBLISHED: &[&str] =
    &["published_at", "publishedAt", "published", "date_published", "datePublished", "pubDate", "date"];

/// Reads a JSON article.
pub(crate) fn read(text: &str, limits: &Limits) -> Result<Draft, Rejection> {
    check_depth(text, limits.max_json_depth)?;
    let value: Value = serde_json::from_str(text).map_err(|error| {
        Rejection::new(
            RejectCode::InvalidJson,
            format!(
                "the content is not valid JSON: {error}; send one JSON object, or text/plain for plain text"
            ),
        )
    })?;
    match value {
        Value::Object(fields) => from_fields(&fields),
        Value::Array(_) => Err(Rejection::new(
            RejectCode::ManyArticles,
            "the content is a JSON array; send one article a message, as one JSON object",
        )),
        other => Err(Rejection::new(
            RejectCode::NotAnObject,
            format!(
                "the content is a JSON {}; send one JSON object with at least a \"body\"",
                type_name(&other)
            ),
        )),
    }
}

/// Reads the fields of a JSON article, unknown ones ignored.
pub(crate) fn from_fields(fields: &Map<String, Value>) -> Result<Draft, Rejection> {
    let mut draft = Draft::new(Kind::Json);
    draft.body = body(fields)?;
    draft.id = id(fields)?;
    draft.title = string(fields, TITLE)?.unwrap_or_default();
    draft.url = string(fields, URL)?;
    draft.source = name(fields, SOURCE)?;
    draft.language = string(fields, LANGUAGE)?;
    draft.byline = name(fields, BYLINE)?;
    draft.published_at = published(fields)?;
    // Articles that were read here before have theirs split off already.
    draft.dateline = string(fields, &["dateline"])?;
    Ok(draft)
}

fn find<'a>(fields: &'a Map<String, Value>, names: &[&str]) -> Option<(String, &'a Value)> {
    names
        .iter()
        .find_map(|name| fields.get(*name).filter(|v| !v.is_null()).map(|value| ((*name).to_owned(), value)))
}

fn body(fields: &Map<String, Value>) -> Result<String, Rejection> {
    match find(fields, BODY) {
        Some((_, Value::String(text))) => Ok(text.clone()),
        Some((name, other)) => Err(wrong_type(&name, "a string", other)),
        None => Err(Rejection::of_field(
            RejectCode::MissingBody,
            "body",
            "the article has no \"body\"; put its full text there, as a string",
        )),
    }
}

fn id(fields: &Map<String, Value>) -> Result<Option<String>, Rejection> {
    match find(fields, &["id"]) {
        None => Ok(None),
        Some((_, Value::String(id))) => Ok(Some(id.clone())),
        Some((_, Value::Number(id))) if id.is_u64() || id.is_i64() => Ok(Some(id.to_string())),
        Some((name, other)) => Err(wrong_type(&name, "a string or a whole number", other)),
    }
}

fn string(fields: &Map<String, Value>, names: &[&str]) -> Result<Option<String>, Rejection> {
    match find(fields, names) {
        None => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text.clone())),
        Some((name, other)) => Err(wrong_type(&name, "a string", other)),
    }
}

/// A name: a string, an object with a `name`, or several of them.
fn name(fields: &Map<String, Value>, names: &[&str]) -> Result<Option<String>, Rejection> {
    let Some((field, value)) = find(fields, names) else { return Ok(None) };
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(inner) => inner.get("name").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    };
    let read = match value {
        Value::Array(several) => {
            several.iter().map(one).collect::<Option<Vec<_>>>().map(|names| names.join(", "))
        }
        single => one(single),
    };
    read.map(Some).ok_or_else(|| wrong_type(&field, "a string", value))
}

fn published(fields: &Map<String, Value>) -> Result<Option<ReadDate>, Rejection> {
    let Some((field, value)) = find(fields, PUBLISHED) else { return Ok(None) };
    let read = match value {
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => date::read(text),
        Value::Number(number) => number.as_f64().and_then(date::epoch),
        other => return Err(wrong_type(&field, "a date string or epoch seconds", other)),
    };
    read.map(Some).ok_or_else(|| invalid_date(&field, &value.to_string()))
}

pub(crate) fn invalid_date(field: &str, value: &str) -> Rejection {
    let shown: String = value.chars().take(60).collect();
    Rejection::of_field(
        RejectCode::InvalidDate,
        field,
        format!("{field:?} is {shown}, which cannot be read as a date; give {}", date::FORMS),
    )
}

fn wrong_type(field: &str, expected: &str, found: &Value) -> Rejection {
    let found = type_name(found);
    Rejection::of_field(
        RejectCode::WrongType,
        field,
        format!("{field:?} must be {expected}, but is a JSON {found}"),
    )
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Counts open brackets outside strings before anything recursive sees the text.
pub(crate) fn check_depth(text: &str, max: usize) -> Result<(), Rejection> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > max {
            let reason = format!("the JSON is nested deeper than {max} levels; an article needs one");
            return Err(Rejection::new(RejectCode::TooDeep, reason));
        }
    }
    Ok(())
}
