//! Which kind of document the bytes are: what the content type says, checked against the content.

use serde::{Deserialize, Serialize};

use crate::incoming::Incoming;
use crate::reject::{RejectCode, Rejection};

/// Kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A JSON object with the fields of an article.
    Json,
    /// Plain text.
    Text,
    /// A web page.
    Html,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// Lines of JSON articles.
    Ndjson,
    /// Comma-separated values.
    Csv,
    /// A web archive.
    Warc,
    /// Mail folder.
    Mbox,
}

/// The media type without parameters, in lower case.
pub(crate) fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Value of a parameter such as `charset`, quotes removed.
pub(crate) fn parameter<'a>(content_type: &'a str, name: &str) -> Option<&'a str> {
    content_type.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches(['"', '\'']))
    })
}

/// Tells the kind by the content type, and by the content where the type is absent or says nothing.
pub(crate) fn kind(incoming: &Incoming<'_>) -> Result<Kind, Rejection> {
    if let Some(name) = binary_format(incoming.bytes) {
        return Err(Rejection::new(
            RejectCode::BinaryContent,
            format!("the content is {name}, not text; send plain text, HTML or a JSON article"),
        ));
    }
    let Some(content_type) = incoming.content_type else { return Ok(by_content(incoming.bytes)) };
    let media = essence(content_type);
    Ok(match media.as_str() {
        "" | "application/octet-stream" | "binary/octet-stream" => by_content(incoming.bytes),
        "text/plain" | "text/markdown" | "text/x-markdown" => Kind::Text,
        "text/html" | "application/xhtml+xml" => Kind::Html,
        "application/json" | "text/json" | "application/ld+json" => match by_content(incoming.bytes) {
            Kind::Feed => Kind::Feed,
            Kind::Ndjson => Kind::Ndjson,
            _ => Kind::Json,
        },
        "application/feed+json" | "application/rss+xml" | "application/atom+xml" | "application/rdf+xml" => {
            Kind::Feed
        }
        "application/xml" | "text/xml" => match by_content(incoming.bytes) {
            Kind::Html => Kind::Html,
            _ => Kind::Feed,
        },
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/json-lines" => {
            Kind::Ndjson
        }
        "text/csv" => Kind::Csv,
        "application/warc" => Kind::Warc,
        "application/mbox" => Kind::Mbox,
        _ => {
            return Err(Rejection::of_field(
                RejectCode::UnsupportedContentType,
                "content-type",
                format!(
                    "content type {media:?} is not supported; use text/plain, text/html or application/json, \
                     or leave the header out"
                ),
            ));
        }
    })
}

/// Tells the kind by the first characters.
pub(crate) fn by_content(bytes: &[u8]) -> Kind {
    let head = trim_start(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let head = &head[..head.len().min(4096)];
    let lower = head.to_ascii_lowercase();
    match head.first() {
        Some(b'{') if find(&lower, b"jsonfeed.org/version").is_some() => Kind::Feed,
        Some(b'{') if is_ndjson(bytes) => Kind::Ndjson,
        Some(b'{' | b'[') => Kind::Json,
        Some(b'<') => markup(&lower),
        Some(b'W') if head.starts_with(b"WARC/") => Kind::Warc,
        Some(b'F') if head.starts_with(b"From ") && find(&lower, b"\nsubject:").is_some() => Kind::Mbox,
        _ => Kind::Text,
    }
}

fn markup(lower: &[u8]) -> Kind {
    let feed = [&b"<rss"[..], b"<feed", b"<rdf:rdf"].iter().filter_map(|tag| find(lower, tag)).min();
    let html = [&b"<!doctype html"[..], b"<html", b"<body", b"<head", b"<div", b"<p>", b"<p ", b"<article"]
        .iter()
        .filter_map(|tag| find(lower, tag))
        .min();
    match (feed, html) {
        (Some(feed), Some(html)) if feed < html => Kind::Feed,
        (Some(_), None) => Kind::Feed,
        (_, Some(_)) => Kind::Html,
        // A tag of any other name at the very start is a page fragment; "<3 of 5" is text.
        (None, None)
            if lower.get(1).is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, b'!' | b'?' | b'/')) =>
        {
            Kind::Html
        }
        (None, None) => Kind::Text,
    }
}

/// Two or more lines that each are an object.
fn is_ndjson(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(trim).filter(|line| !line.is_empty());
    let whole = |line: &[u8]| line.starts_with(b"{") && line.ends_with(b"}");
    matches!((lines.next(), lines.next()), (Some(first), Some(second)) if whole(first) && whole(second))
}

/// The name of a binary format, known by its first bytes.
fn binary_format(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 14] = [
        (b"%PDF-", "a PDF document"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"PK\x03\x04", "a ZIP archive or office document"),
        (b"\x1f\x8b", "gzip-compressed data"),
        (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
        (b"BZh", "bzip2-compressed data"),
        (b"7z\xbc\xaf", "a 7-Zip archive"),
        (b"\x7fELF", "an executable"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"OggS", "an Ogg recording"),
        (b"ID3", "an MP3 recording"),
        (b"RIFF", "a RIFF recording or picture"),
    ];
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(name);
    }
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let head = &bytes[..bytes.len().min(1024)];
    (!utf16 && head.contains(&0)).then_some("binary data (it holds zero bytes)")
}

pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

fn trim_start(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_start()
}

fn trim(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniff(bytes: &str) -> Kind {
        by_content(bytes.as_bytes())
    }

    #[test]
    fn content_tells_the_kind() {
        assert_eq!(sniff("Two men walked into the ministry."), Kind::Text);
        assert_eq!(sniff("  {\"body\": \"x\"}"), Kind::Json);
        assert_eq!(sniff("\u{feff}[1]"), Kind::Json);
        assert_eq!(sniff("{\"a\":1}\n{\"a\":2}\n"), Kind::Ndjson);
        assert_eq!(sniff("{\"version\": \"https://jsonfeed.org/version/1.1\"}"), Kind::Feed);
        assert_eq!(sniff("<!DOCTYPE html><html>"), Kind::Html);
        assert_eq!(sniff("<?xml version=\"1.0\"?><rss version=\"2.0\"><p>"), Kind::Feed);
        assert_eq!(sniff("<?xml version=\"1.0\"?><html xmlns=\"x\">"), Kind::Html);
        assert_eq!(sniff("<3 of them>"), Kind::Text);
        assert_eq!(sniff("WARC/1.0\r\n"), Kind::Warc);
    }

    #[test]
    fn parameters_are_read() {
        assert_eq!(parameter("text/html; charset=\"Shift_JIS\"", "charset"), Some("Shift_JIS"));
        assert_eq!(parameter("text/html; Charset=utf-8; x=y", "charset"), Some("utf-8"));
        assert_eq!(parameter("text/html", "charset"), None);
    }
}
