//! `POST /articles`: read, judged and stored at once, so that a bad article is told to its sender.

use std::collections::VecDeque;
use std::io::Read;
use std::time::{Instant, SystemTime};

use async_nats::jetstream::context::PublishAckFuture;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use entente_article::read::{self, Options, ReadError};
use entente_article::{Accepted, Incoming, Limits, Overrides, Rejection, accept};
use entente_messages::{ArticleKey, headers, subject};
use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Desk, Submissions};

/// Publishes that wait for their ack at the same time.
const IN_FLIGHT: usize = 256;

/// What became of a submission.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Receipt {
    /// Articles stored; ingest works them off next.
    pub(crate) accepted: usize,
    /// Documents that are no article.
    pub(crate) rejected: usize,
    /// One entry a document, in the order sent.
    pub(crate) articles: Vec<Entry>,
}

/// One document of a submission.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Entry {
    /// It is stored.
    Stored {
        /// The article's id.
        id: String,
        /// Where its outcome is told.
        status: String,
    },
    /// It is no article.
    Refused {
        /// Where in the request it stands.
        place: String,
        /// Why, as a stable word.
        code: String,
        /// The field at fault.
        field: Option<String>,
        /// Why, in words.
        reason: String,
    },
}

type Document = Result<Accepted, ReadError>;

/// 202 with ids once the stream has stored them; 422 where nothing in the request is an article.
pub(crate) async fn submit(State(desk): State<Desk>, from: HeaderMap, body: Bytes) -> Response {
    if body.is_empty() {
        return (
            StatusCode::BAD_REQUEST,
            "the body is empty: send an article as text, HTML or JSON, or lines of JSON\n",
        )
            .into_response();
    }
    let settings = desk.settings.clone();
    let read = tokio::task::spawn_blocking(move || documents(&from, &body, &settings)).await;
    let documents = match read {
        Ok(Ok(documents)) => documents,
        Ok(Err(refused)) => return refused.into_response(),
        Err(error) => return (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    };
    if let Err(wait) = desk.rate.take(documents.len(), Instant::now()) {
        let seconds = wait.as_secs_f64().ceil().max(1.0).to_string();
        return (
            StatusCode::TOO_MANY_REQUESTS,
            [(header::RETRY_AFTER, seconds)],
            "too many articles a second\n",
        )
            .into_response();
    }
    match store(&desk, documents).await {
        Ok(receipt) => {
            let status =
                if receipt.accepted > 0 { StatusCode::ACCEPTED } else { StatusCode::UNPROCESSABLE_ENTITY };
            (status, Json(receipt)).into_response()
        }
        Err(error) => {
            let said = format!(
                "the ingest stream does not take it: {error}; send it again, what is stored already is told from new\n"
            );
            (StatusCode::SERVICE_UNAVAILABLE, said).into_response()
        }
    }
}

type Refused = (StatusCode, String);

fn documents(from: &HeaderMap, body: &[u8], settings: &Submissions) -> Result<Vec<Document>, Refused> {
    let text = |name: &str| from.get(name).and_then(|value| value.to_str().ok());
    let unpacked = match text("content-encoding").map(str::trim) {
        None | Some("" | "identity") => None,
        Some("gzip" | "x-gzip") => Some(unpack(body, settings)?),
        Some(other) => {
            return Err((
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("content encoding {other:?} is not known; send gzip or none\n"),
            ));
        }
    };
    let bytes = unpacked.as_deref().unwrap_or(body);
    // What every client sends by default says nothing of the content.
    let content_type =
        text("content-type").filter(|kind| !kind.starts_with("application/x-www-form-urlencoded"));
    let now = Timestamp::try_from(SystemTime::now()).unwrap_or_default();
    let header = |name: &str| text(name).map(headers::decode);
    let fields = [
        headers::ARTICLE_ID,
        headers::ARTICLE_SOURCE,
        headers::ARTICLE_TITLE,
        headers::ARTICLE_LANGUAGE,
        headers::ARTICLE_PUBLISHED_AT,
        headers::ARTICLE_BYLINE,
    ]
    .map(header);
    let url = header(headers::ARTICLE_URL);
    if fields.iter().any(Option::is_some) {
        let [id, source, title, language, published_at, byline] = fields.each_ref().map(Option::as_deref);
        let overrides = Overrides { id, source, title, language, published_at, byline };
        let incoming = Incoming { bytes, content_type, url: url.as_deref(), received_at: now, overrides };
        let one = accept(&incoming, &Limits::default());
        return Ok(vec![
            one.map_err(|rejection| ReadError::Rejected { place: "document".to_owned(), rejection }),
        ]);
    }
    let mut options = Options::new(now);
    options.content_type = content_type.map(str::to_owned);
    options.url = url;
    let read: Vec<Document> = read::articles(bytes, options).take(settings.max_articles + 1).collect();
    if read.len() > settings.max_articles {
        return Err((
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("more than {} articles; send several requests\n", settings.max_articles),
        ));
    }
    Ok(read)
}

fn unpack(body: &[u8], settings: &Submissions) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    match MultiGzDecoder::new(body).take(settings.max_bytes as u64 + 1).read_to_end(&mut bytes) {
        Ok(length) if length > settings.max_bytes => Err((
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("unpacked the request has more than {} bytes\n", settings.max_bytes),
        )),
        Ok(_) => Ok(bytes),
        Err(error) => Err((StatusCode::BAD_REQUEST, format!("the gzip content is broken: {error}\n"))),
    }
}

/// Publishes in order; an article counts once the stream has it.
async fn store(desk: &Desk, documents: Vec<Document>) -> Result<Receipt, String> {
    let mut receipt = Receipt::default();
    let mut waiting: VecDeque<PublishAckFuture> = VecDeque::new();
    for document in documents {
        let accepted = match document {
            Ok(accepted) => accepted,
            Err(error) => {
                receipt.refuse(&error);
                continue;
            }
        };
        let body = serde_json::to_vec(&accepted.article).map_err(|error| error.to_string())?;
        if body.len() > desk.settings.max_article_bytes {
            receipt.too_large(accepted.article.id, desk.settings.max_article_bytes);
            continue;
        }
        let mut map = async_nats::HeaderMap::new();
        map.insert(headers::CONTENT_TYPE, "application/json");
        let sent = desk.jetstream.publish_with_headers(subject::INGEST, map, body.into()).await;
        waiting.push_back(sent.map_err(|error| error.to_string())?);
        if waiting.len() >= IN_FLIGHT {
            acked(&mut waiting).await?;
        }
        desk.recent.add(ArticleKey::of(&accepted.article.id));
        receipt.store(accepted.article.id);
    }
    while !waiting.is_empty() {
        acked(&mut waiting).await?;
    }
    Ok(receipt)
}

async fn acked(waiting: &mut VecDeque<PublishAckFuture>) -> Result<(), String> {
    if let Some(ack) = waiting.pop_front() {
        ack.await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

impl Receipt {
    fn store(&mut self, id: String) {
        self.accepted += 1;
        let status = format!("/articles/{}", percent_encode(&id));
        self.articles.push(Entry::Stored { id, status });
    }

    fn too_large(&mut self, id: String, limit: usize) {
        self.rejected += 1;
        let reason = format!("the article has more than {limit} bytes");
        self.articles.push(Entry::Refused { place: id, code: "too_large".to_owned(), field: None, reason });
    }

    fn refuse(&mut self, error: &ReadError) {
        self.rejected += 1;
        self.articles.push(match error {
            ReadError::Rejected { place, rejection: Rejection { code, field, reason } } => Entry::Refused {
                place: place.clone(),
                code: code.to_string(),
                field: field.clone(),
                reason: reason.clone(),
            },
            ReadError::Broken { place, error } => Entry::Refused {
                place: place.clone(),
                code: "broken".to_owned(),
                field: None,
                reason: error.to_string(),
            },
        });
    }
}

/// An id as one segment of a path.
fn percent_encode(id: &str) -> String {
    let mut path = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    // Dots alone would be taken for a way up.
    if path.bytes().all(|byte| byte == b'.') { path.replace('.', "%2E") } else { path }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(headers: &[(&'static str, &str)], body: &[u8]) -> Result<Vec<Document>, Refused> {
        let map = headers
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()));
        documents(
            &map.collect(),
            body,
            &Submissions { max_bytes: 100_000, max_articles: 3, ..Submissions::default() },
        )
    }

    #[test]
    fn single_lines_and_arrays_with_their_faults() {
        let one = read(
            &[("content-type", "text/plain"), ("entente-source", "Coast%20Wire")],
            b"Oslo recalled its envoy on Monday.",
        )
        .unwrap();
        assert_eq!(one[0].as_ref().unwrap().article.source.as_deref(), Some("Coast Wire"));
        let lines = b"{\"id\":\"a\",\"body\":\"Oslo recalled its envoy.\"}\n{\"title\":\"none\"}\n";
        for kind in ["application/x-ndjson", "application/json", "application/x-www-form-urlencoded"] {
            let read = read(&[("content-type", kind)], lines).unwrap();
            assert!(read.len() == 2 && read[0].is_ok() && read[1].is_err(), "{kind}: {read:?}");
        }
        let array =
            read(&[], b"[{\"body\":\"Oslo recalled its envoy.\"},{\"body\":\"Lima did not.\"}]").unwrap();
        assert_eq!(array.iter().filter(|document| document.is_ok()).count(), 2);
        let page = read(&[("content-type", "text/html")], b"<html><body><article><h1>Envoy</h1><p>Oslo recalled its envoy on Monday, the ministry said in a statement to the press.</p></article></body></html>");
        assert!(page.unwrap()[0].is_ok());
    }

    #[test]
    fn packed_content_is_bounded() {
        let pack = |bytes: &[u8]| {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            packed.write_all(bytes).unwrap();
            packed.finish().unwrap()
        };
        let gzip = [("content-encoding", "gzip"), ("content-type", "text/plain")];
        assert!(read(&gzip, &pack(b"Oslo recalled its envoy on Monday.")).unwrap()[0].is_ok());
        assert_eq!(read(&gzip, &pack(&vec![b'a'; 1 << 20])).unwrap_err().0, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(read(&gzip, b"no gzip").unwrap_err().0, StatusCode::BAD_REQUEST);
        assert_eq!(
            read(&[("content-encoding", "br")], b"x").unwrap_err().0,
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        );
        let many = "{\"body\":\"Oslo recalled its envoy.\"}\n".repeat(4);
        assert_eq!(
            read(&[("content-type", "application/x-ndjson")], many.as_bytes()).unwrap_err().0,
            StatusCode::PAYLOAD_TOO_LARGE
        );
    }

    #[test]
    fn ids_become_one_segment() {
        assert_eq!(percent_encode("https://x.example/a b"), "https%3A%2F%2Fx.example%2Fa%20b");
        assert_eq!(percent_encode(".."), "%2E%2E");
    }
}
