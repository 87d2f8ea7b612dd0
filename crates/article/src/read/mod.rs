//! Files and streams: many documents in, their articles out one by one, in memory that does not grow with the file.
//!
//! [`articles`] is what `entente read` and `entente send` run on each file: a page, a plain text, a feed, lines of JSON,
//! a table with a column map, a web archive or a mail folder, gzip-compressed or not.

mod lines;
mod mail;
mod record;
mod source;
mod table;
mod warc;

use std::io::{self, BufRead, Read};

use jiff::Timestamp;

use crate::accept::{Accepted, accept_kind, finish};
use crate::feed::Feed;
use crate::incoming::{Incoming, Limits, Overrides};
use crate::reject::{RejectCode, Rejection};
use crate::sniff::{self, Kind};
use crate::warning::{Warning, WarningCode};

pub use record::Record;
pub use table::Columns;

/// How to read a file.
#[derive(Clone, Debug)]
pub struct Options {
    /// Name of the file; its ending tells the kind where the content does not.
    pub name: Option<String>,
    /// The kind, where the caller knows it.
    pub kind: Option<Kind>,
    /// Content type of the whole, where a server named it.
    pub content_type: Option<String>,
    /// Address the file was fetched from.
    pub url: Option<String>,
    /// When the file is read; only compared with.
    pub received_at: Timestamp,
    /// Limits of each document in it.
    pub limits: Limits,
    /// Which column of a table is which field.
    pub columns: Columns,
}

impl Options {
    /// Options for a file of which nothing is known.
    #[must_use]
    pub fn new(received_at: Timestamp) -> Self {
        Self {
            name: None,
            kind: None,
            content_type: None,
            url: None,
            received_at,
            limits: Limits::default(),
            columns: Columns::default(),
        }
    }

    fn incoming<'a>(&'a self, bytes: &'a [u8]) -> Incoming<'a> {
        Incoming {
            bytes,
            content_type: None,
            url: self.url.as_deref(),
            received_at: self.received_at,
            overrides: Overrides::default(),
        }
    }
}

/// A document of a file that gave no article.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The document is not taken; the next one may be.
    #[error("{place}: {rejection}")]
    Rejected {
        /// Where it stands: `line 7`, `record 3`, `entry 2`.
        place: String,
        /// Why.
        rejection: Rejection,
    },
    /// The file cannot be read any further.
    #[error("{place}: {error}")]
    Broken {
        /// Where reading stopped.
        place: String,
        /// Why.
        error: io::Error,
    },
}

/// One article or the reason why there is none.
pub type Item = Result<Accepted, ReadError>;

/// Reads the articles of a file or stream, in order.
///
/// A document that is not taken gives an error and reading goes on; after [`ReadError::Broken`] it ends.
///
/// ```
/// use entente_article::read::{Options, articles};
///
/// let options = Options::new(jiff::Timestamp::UNIX_EPOCH);
/// let lines = b"{\"body\": \"Oslo recalled its envoy.\"}\n{\"title\": \"no body\"}\n";
/// let read: Vec<_> = articles(&lines[..], options).collect();
/// assert_eq!(read[0].as_ref().unwrap().article.body, "Oslo recalled its envoy.");
/// assert_eq!(read[1].as_ref().unwrap_err().to_string().split(':').next(), Some("line 2"));
/// ```
pub fn articles<'a>(reader: impl BufRead + 'a, options: Options) -> Box<dyn Iterator<Item = Item> + 'a> {
    let opened = source::open(Box::new(reader));
    let (head, reader) = match opened {
        Ok(opened) => opened,
        Err(error) => return Box::new(std::iter::once(Err(broken("start", error)))),
    };
    let kind = options.kind.unwrap_or_else(|| kind(&head, &options));
    match kind {
        Kind::Ndjson => Box::new(lines::ndjson(reader, options)),
        Kind::Json if head.trim_ascii_start().starts_with(b"[") => Box::new(lines::array(reader, options)),
        Kind::Csv => table::articles(reader, options),
        Kind::Warc => Box::new(warc::articles(reader, options)),
        Kind::Mbox => Box::new(mail::articles(reader, options)),
        Kind::Feed => feed(reader, &options),
        Kind::Json | Kind::Text | Kind::Html => Box::new(std::iter::once(single(reader, kind, &options))),
    }
}

/// By content type, then by content, then by the ending of the name.
fn kind(head: &[u8], options: &Options) -> Kind {
    let incoming = Incoming { content_type: options.content_type.as_deref(), ..options.incoming(head) };
    let by_type = options.content_type.as_ref().and_then(|_| sniff::kind(&incoming).ok());
    let by_content = sniff::by_content(head);
    let name = options.name.as_deref().unwrap_or_default().to_ascii_lowercase();
    let ending = name.trim_end_matches(".gz").rsplit('.').next().unwrap_or_default();
    by_type.unwrap_or(match (by_content, ending) {
        (Kind::Text, "csv") => Kind::Csv,
        (Kind::Json, "ndjson" | "jsonl") => Kind::Ndjson,
        (Kind::Text, "mbox") => Kind::Mbox,
        (Kind::Text, "html" | "htm" | "xhtml") => Kind::Html,
        (found, _) => found,
    })
}

fn broken(place: impl Into<String>, error: io::Error) -> ReadError {
    ReadError::Broken { place: place.into(), error }
}

fn at<T>(place: &str, result: Result<T, Rejection>) -> Result<T, ReadError> {
    result.map_err(|rejection| ReadError::Rejected { place: place.to_owned(), rejection })
}

/// Reads the whole of a small document, or tells that it is too large.
fn whole(reader: impl Read, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    reader
        .take(limits.max_bytes as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| broken("document", error))?;
    Ok(bytes)
}

fn single(reader: impl Read, kind: Kind, options: &Options) -> Item {
    let bytes = whole(reader, &options.limits)?;
    let content_type = text_content_type(&bytes, kind, options.content_type.as_deref());
    let incoming = Incoming { content_type: content_type.as_deref(), ..options.incoming(&bytes) };
    at("document", accept_kind(Some(kind), &incoming, &options.limits))
}

/// Text files in an old character set carry no label; windows-1252 is what they mostly are.
fn text_content_type(bytes: &[u8], kind: Kind, given: Option<&str>) -> Option<String> {
    let labelled = given.is_some_and(|header| sniff::parameter(header, "charset").is_some());
    if kind == Kind::Text && !labelled && std::str::from_utf8(bytes).is_err() {
        return Some("text/plain; charset=windows-1252".to_owned());
    }
    given.map(str::to_owned)
}

fn feed<'a>(reader: impl Read, options: &Options) -> Box<dyn Iterator<Item = Item> + 'a> {
    let feed = whole(reader, &options.limits).and_then(|bytes| {
        let parsed =
            Feed::parse(&bytes, options.content_type.as_deref(), options.url.as_deref(), &options.limits);
        at("feed", parsed)
    });
    let feed = match feed {
        Ok(feed) => feed,
        Err(error) => return Box::new(std::iter::once(Err(error))),
    };
    let options = Options { url: None, ..options.clone() };
    Box::new(feed.entries.into_iter().enumerate().map(move |(index, entry)| {
        let mut warnings = Vec::new();
        if entry.summary_only {
            let detail = "the feed gives no full text; read the page at the article's url";
            warnings.push(Warning::new(WarningCode::SummaryOnly, detail));
        }
        let draft = entry.draft(feed.title.as_deref(), feed.language.as_deref());
        at(&format!("entry {}", index + 1), finish(draft, &options.incoming(&[]), &options.limits, warnings))
    }))
}

fn too_large(limits: &Limits) -> Rejection {
    Rejection::new(RejectCode::TooLarge, format!("the document has more than {} bytes", limits.max_bytes))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(bytes: &[u8], change: impl FnOnce(&mut Options)) -> Vec<Item> {
        let mut options = Options::new(Timestamp::from_second(1_767_000_000).unwrap());
        change(&mut options);
        articles(bytes, options).collect()
    }

    #[test]
    fn gzip_is_seen_through() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"The envoy left Oslo on Monday after the talks had failed.").unwrap();
        let read = read(&packed.finish().unwrap(), |_| ());
        assert_eq!(read[0].as_ref().unwrap().kind, Kind::Text);
    }

    #[test]
    fn old_text_files_are_windows_1252() {
        let read = read(b"The mayor of K\xf6ln met his colleague from Malm\xf6 on Monday.", |_| ());
        assert!(read[0].as_ref().unwrap().article.body.contains("Köln"));
    }

    #[test]
    fn feeds_give_their_entries() {
        let feed = br#"<rss version="2.0"><channel><title>Coast</title>
            <item><title>One</title><link>https://c.example/1</link><description>The envoy left Oslo on Monday.</description></item>
            <item><title>Two</title><link>https://c.example/2</link><description></description></item></channel></rss>"#;
        let read = read(feed, |options| options.url = Some("https://c.example/rss".into()));
        let first = read[0].as_ref().unwrap();
        assert_eq!(first.article.url.as_deref(), Some("https://c.example/1"));
        assert_eq!(first.article.source.as_deref(), Some("Coast"));
        assert_eq!(first.warnings[0].code, WarningCode::SummaryOnly);
        assert!(matches!(&read[1], Err(ReadError::Rejected { place, .. }) if place == "entry 2"));
    }

    #[test]
    fn a_document_over_the_limit_is_told() {
        let read = read(&b"Oslo ".repeat(100), |options| options.limits.max_bytes = 100);
        assert!(
            matches!(&read[0], Err(ReadError::Rejected { rejection, .. }) if rejection.code == RejectCode::TooLarge)
        );
    }
}
