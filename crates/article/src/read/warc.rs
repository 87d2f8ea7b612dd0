//! Web archives: pages of response records, texts of conversion and resource records.

use std::io::{self, BufRead, Read};

use super::source::{self, Line};
use super::{Item, Options, ReadError, at, broken, too_large};
use crate::accept::accept_kind;
use crate::date;
use crate::incoming::Incoming;
use crate::reject::{RejectCode, Rejection};
use crate::sniff;

/// Longest header line, and most lines of a header.
const MAX_LINE: usize = 64 * 1024;
const MAX_LINES: usize = 1000;

/// Reads the articles of an archive; records that are no documents (requests, metadata, other media) are passed over.
pub(super) fn articles(mut reader: impl BufRead, options: Options) -> impl Iterator<Item = Item> {
    let mut number = 0_u64;
    let mut ended = false;
    std::iter::from_fn(move || {
        while !ended {
            number += 1;
            let place = format!("record {number}");
            match record(&mut reader, options.limits.max_bytes) {
                Ok(None) => ended = true,
                Ok(Some(Record { header, content })) => {
                    if let Some(item) = document(&header, content, &place, &options) {
                        return Some(item);
                    }
                }
                Err(error) => {
                    ended = true;
                    return Some(Err(broken(place, error)));
                }
            }
        }
        None
    })
}

struct Record {
    header: Header,
    /// `None` where it is too large or no document.
    content: Option<Vec<u8>>,
}

#[derive(Default)]
struct Header(Vec<(String, String)>);

impl Header {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn wanted(&self) -> bool {
        matches!(self.get("WARC-Type"), Some("response" | "resource" | "conversion"))
    }
}

fn record(reader: &mut impl BufRead, max: usize) -> io::Result<Option<Record>> {
    let Some(header) = header(reader)? else { return Ok(None) };
    let length: u64 =
        header.get("Content-Length").and_then(|length| length.trim().parse().ok()).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, "a WARC record has no readable Content-Length")
        })?;
    let fits = length <= max as u64;
    let mut content = Vec::new();
    if header.wanted() && fits {
        reader.by_ref().take(length).read_to_end(&mut content)?;
        if (content.len() as u64) < length {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the archive ends in the middle of a record",
            ));
        }
        return Ok(Some(Record { header, content: Some(content) }));
    }
    let skipped = io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
    if skipped < length {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the archive ends in the middle of a record",
        ));
    }
    Ok(Some(Record { header, content: None }))
}

/// The lines of a record's header, `None` at the end of the archive.
fn header(reader: &mut impl BufRead) -> io::Result<Option<Header>> {
    let invalid = |reason| io::Error::new(io::ErrorKind::InvalidData, reason);
    let mut header = Header::default();
    let mut begun = false;
    for _ in 0..MAX_LINES {
        let line = match source::line(reader, MAX_LINE)? {
            Line::Whole(line) => line,
            Line::TooLong => return Err(invalid("a WARC header line is too long")),
            Line::End if begun => {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive ends in a header"));
            }
            Line::End => return Ok(None),
        };
        let line = String::from_utf8_lossy(line.trim_ascii());
        if line.is_empty() {
            if begun {
                return Ok(Some(header));
            }
        } else if !begun {
            if !line.starts_with("WARC/") {
                return Err(invalid("a WARC record does not begin with WARC/; the archive is damaged"));
            }
            begun = true;
        } else if let Some((name, value)) = line.split_once(':') {
            header.0.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    Err(invalid("a WARC header has too many lines"))
}

/// The article of a record; `None` where the record is no document of a kind that is read here.
fn document(header: &Header, content: Option<Vec<u8>>, place: &str, options: &Options) -> Option<Item> {
    if !header.wanted() {
        return None;
    }
    let Some(content) = content else { return Some(at(place, Err(too_large(&options.limits)))) };
    let own_type = header.get("Content-Type").unwrap_or_default();
    let http = header.get("WARC-Type") == Some("response") && sniff::essence(own_type) == "application/http";
    let (content_type, body) = if http {
        let response = match response(&content, options.limits.max_bytes) {
            Ok(response) => response,
            Err(rejection) => return Some(Err(ReadError::Rejected { place: place.to_owned(), rejection })),
        };
        // Errors and redirects are no articles, and neither are scripts and pictures.
        if response.status != 200 {
            return None;
        }
        (response.content_type, response.body)
    } else {
        (Some(own_type.to_owned()), content)
    };
    let media = content_type.as_deref().map(sniff::essence).unwrap_or_default();
    if !matches!(
        media.as_str(),
        "" | "text/html" | "application/xhtml+xml" | "text/plain" | "application/json"
    ) {
        return None;
    }
    let url = header.get("WARC-Target-URI").map(|url| url.trim_matches(['<', '>']));
    let seen = header.get("WARC-Date").and_then(date::read).map_or(options.received_at, |date| date.at);
    let incoming =
        Incoming { content_type: content_type.as_deref(), url, received_at: seen, ..options.incoming(&body) };
    Some(at(place, accept_kind(None, &incoming, &options.limits)))
}

struct Response {
    status: u16,
    content_type: Option<String>,
    body: Vec<u8>,
}

/// Reads an HTTP response as it went over the wire: status, headers, body in chunks and compressed.
fn response(content: &[u8], max: usize) -> Result<Response, Rejection> {
    let invalid = |reason: String| Rejection::new(RejectCode::InvalidResponse, reason);
    let mut rest = content;
    let mut line = || {
        let end = memchr::memchr(b'\n', rest)?;
        let (line, after) = rest.split_at(end + 1);
        rest = after;
        Some(String::from_utf8_lossy(line.trim_ascii()).into_owned())
    };
    let status = line()
        .and_then(|line| line.split_whitespace().nth(1).and_then(|status| status.parse().ok()))
        .ok_or_else(|| invalid("the record holds no HTTP status line".to_owned()))?;
    let mut header = Header::default();
    while let Some(line) = line().filter(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(':') {
            header.0.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    let chunked =
        header.get("Transfer-Encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
    // Many archives store the body without its chunks and leave the header.
    let body = if chunked { unchunk(rest).unwrap_or_else(|| rest.to_vec()) } else { rest.to_vec() };
    let coding = header.get("Content-Encoding").unwrap_or_default().to_ascii_lowercase();
    let body = match coding.as_str() {
        "gzip" | "x-gzip" if body.starts_with(b"\x1f\x8b") => {
            inflate(flate2::read::MultiGzDecoder::new(&body[..]), max)?
        }
        "deflate" if body.first().is_some_and(|byte| byte & 0x0f == 8) => {
            inflate(flate2::read::ZlibDecoder::new(&body[..]), max)?
        }
        "deflate" => inflate(flate2::read::DeflateDecoder::new(&body[..]), max)?,
        "" | "identity" | "gzip" | "x-gzip" => body,
        _ if std::str::from_utf8(&body).is_ok() => body,
        other => {
            return Err(invalid(format!(
                "content encoding {other:?} is not read; only gzip and deflate are"
            )));
        }
    };
    Ok(Response { status, content_type: header.get("Content-Type").map(str::to_owned), body })
}

fn inflate(reader: impl Read, max: usize) -> Result<Vec<u8>, Rejection> {
    let mut body = Vec::new();
    reader.take(max as u64 + 1).read_to_end(&mut body).map_err(|error| {
        Rejection::new(RejectCode::InvalidResponse, format!("the compressed body is damaged: {error}"))
    })?;
    Ok(body)
}

/// Puts the chunks of a body together, `None` where it is not in chunks.
fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = memchr::memchr(b'\n', &rest[..rest.len().min(64)])?;
        let size = std::str::from_utf8(rest[..end].trim_ascii()).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = &rest[size..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::sniff::Kind;

    const PAGE: &str = "<html><head><title>Envoys recalled</title></head><body><article><h1>Envoys recalled</h1>\
        <p>Oslo recalled its envoy on Monday after the talks about the harbour had failed, the ministry said in a statement.</p>\
        <p>The envoy is to return when a new round of talks has been agreed, which officials expect for the spring.</p></article></body></html>";

    fn entry(kind: &str, url: &str, content_type: &str, content: &[u8]) -> Vec<u8> {
        let mut bytes = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-12-29T14:00:00Z\r\n\
             Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            content.len()
        )
        .into_bytes();
        bytes.extend_from_slice(content);
        bytes.extend_from_slice(b"\r\n\r\n");
        bytes
    }

    fn http(header: &str, body: &[u8]) -> Vec<u8> {
        [format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{header}\r\n").as_bytes(), body].concat()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    #[test]
    fn pages_in_all_wrappings_and_texts() {
        let http_type = "application/http; msgtype=response";
        let chunked = format!(
            "{:x}\r\n{}\r\n{:x};x=y\r\n{}\r\n0\r\n\r\n",
            100,
            &PAGE[..100],
            PAGE.len() - 100,
            &PAGE[100..]
        );
        let records = [
            entry("warcinfo", "", "application/warc-fields", b"software: x\r\n"),
            entry(
                "request",
                "https://a.example/1",
                "application/http; msgtype=request",
                b"GET /1 HTTP/1.1\r\n\r\n",
            ),
            entry("response", "https://a.example/1", http_type, &http("", PAGE.as_bytes())),
            entry(
                "response",
                "https://a.example/2",
                http_type,
                &http("Content-Encoding: gzip\r\n", &gzip(PAGE.as_bytes())),
            ),
            entry(
                "response",
                "https://a.example/3",
                http_type,
                &http("Transfer-Encoding: chunked\r\n", chunked.as_bytes()),
            ),
            entry(
                "response",
                "https://a.example/4",
                http_type,
                b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>no</p>",
            ),
            entry("conversion", "https://a.example/5", "text/plain", b"Oslo recalled its envoy on Monday."),
        ];
        for archive in [records.concat(), records.iter().flat_map(|record| gzip(record)).collect()] {
            let options = Options::new(jiff::Timestamp::UNIX_EPOCH);
            let read: Vec<_> = crate::read::articles(&archive[..], options).map(Result::unwrap).collect();
            assert_eq!(read.len(), 4);
            for (index, accepted) in read.iter().take(3).enumerate() {
                assert_eq!(accepted.kind, Kind::Html);
                assert_eq!(accepted.article.url, Some(format!("https://a.example/{}", index + 1)));
                assert!(
                    accepted.article.body.starts_with("Oslo recalled")
                        && accepted.article.body.ends_with("for the spring.")
                );
            }
            assert_eq!(read[3].article.body, "Oslo recalled its envoy on Monday.");
        }
    }

    #[test]
    fn damage_ends_the_reading_with_a_reason() {
        let whole =
            entry("conversion", "https://a.example/5", "text/plain", b"Oslo recalled its envoy on Monday.");
        let cut = &whole[..whole.len() - 20];
        let read: Vec<_> = articles(cut, Options::new(jiff::Timestamp::UNIX_EPOCH)).collect();
        assert!(matches!(&read[..], [Err(ReadError::Broken { .. })]));
    }
}
