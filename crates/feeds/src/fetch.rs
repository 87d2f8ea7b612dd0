//! One request to the web with everything that safety and politeness ask for.

use std::collections::HashSet;
use std::error::Error;
use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use flate2::bufread::{MultiGzDecoder, ZlibDecoder};
use jiff::Timestamp;
use reqwest::header::{self, HeaderMap};
use reqwest::{Client, Response, StatusCode, redirect};
use url::Url;

use crate::guard::{Blocked, Guard, Resolver};
use crate::hosts::Hosts;
use crate::robots::{RobotsCache, Rules, agent_name};
use crate::settings::FetchSettings;

/// What a server said of a document's version, to be sent back with the next request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Where it was found at last.
    pub url: Url,
    /// Where it has moved for good, as far as every redirect on the way said so.
    pub moved_to: Option<Url>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// Its version.
    pub validators: Validators,
    /// Its bytes, unpacked.
    pub bytes: Vec<u8>,
}

/// What came of a request.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "made once a request")]
pub enum Fetched {
    /// It has not changed since the version that was named.
    NotModified,
    /// The document.
    Document(Document),
}

/// Why a document was not fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct FetchError {
    /// Which of the closed set of reasons.
    pub kind: FetchErrorKind,
    /// In words.
    pub detail: String,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
}

/// The closed set of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FetchErrorKind {
    /// Not an http(s) address.
    BadAddress,
    /// The address lies inside our own network.
    Blocked,
    /// robots.txt does not allow it.
    Robots,
    /// robots.txt could not be asked for.
    RobotsAway,
    /// No connection, or it broke.
    Connection,
    /// It took too long.
    TooSlow,
    /// It is too large, as sent or unpacked.
    TooLarge,
    /// Too many redirects, or in a circle.
    Redirects,
    /// The document is gone for good (404, 410 and other refusals of the client's request).
    Gone,
    /// The server is in trouble or asks to wait (5xx, 429).
    Server,
    /// The content encoding is broken or not known.
    Encoding,
}

impl FetchErrorKind {
    /// Whether the same request can succeed later.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::RobotsAway | Self::Connection | Self::TooSlow | Self::Server)
    }

    /// A stable word, as it stands in rejections.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadAddress => "fetch_bad_address",
            Self::Blocked => "fetch_blocked_address",
            Self::Robots => "fetch_robots_disallow",
            Self::RobotsAway => "fetch_robots_unavailable",
            Self::Connection => "fetch_connection",
            Self::TooSlow => "fetch_too_slow",
            Self::TooLarge => "fetch_too_large",
            Self::Redirects => "fetch_redirects",
            Self::Gone => "fetch_gone",
            Self::Server => "fetch_server_error",
            Self::Encoding => "fetch_encoding",
        }
    }
}

impl FetchError {
    fn new(kind: FetchErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), retry_after: None }
    }

    pub(crate) fn unreadable(detail: &str) -> Self {
        Self::new(FetchErrorKind::BadAddress, format!("the address can not be read: {detail}"))
    }
}

/// Fetches documents.
pub struct Fetcher {
    client: Client,
    settings: FetchSettings,
    guard: Arc<Guard>,
    hosts: Hosts,
    robots: RobotsCache,
    agent: String,
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetcher").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Fetcher {
    /// A fetcher that keeps to these settings.
    ///
    /// # Errors
    /// Where the system's certificates can not be used.
    pub fn new(settings: FetchSettings) -> Result<Self, FetchError> {
        // Somebody else in the process may have chosen already; any choice is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let guard = Arc::new(Guard::new(settings.allow_private_addresses, settings.resolve.clone()));
        let client = Client::builder()
            .user_agent(&settings.user_agent)
            .connect_timeout(settings.timeout.min(Duration::from_secs(10)))
            .redirect(redirect::Policy::none())
            .dns_resolver(Arc::new(Resolver(Arc::clone(&guard))))
            // A proxy would look names up out of our sight.
            .no_proxy()
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(20))
            .build()
            .map_err(|error| FetchError::new(FetchErrorKind::Connection, chain(&error)))?;
        let agent = agent_name(&settings.user_agent);
        Ok(Self { client, settings, guard, hosts: Hosts::default(), robots: RobotsCache::default(), agent })
    }

    /// Fetches a document, unless it is still of the version that `validators` name.
    ///
    /// # Errors
    /// [`FetchError`] with the reason, and how long to wait where the server says so.
    pub async fn get(&self, url: &Url, validators: &Validators) -> Result<Fetched, FetchError> {
        let mut at = url.clone();
        let mut for_good = true;
        let mut moved_to = None;
        let mut visited = HashSet::new();
        loop {
            if !visited.insert(at.clone()) {
                return Err(FetchError::new(
                    FetchErrorKind::Redirects,
                    format!("{url} redirects in a circle, back to {at}"),
                ));
            }
            if visited.len() > self.settings.max_redirects + 1 {
                let detail = format!("{url} redirects more than {} times", self.settings.max_redirects);
                return Err(FetchError::new(FetchErrorKind::Redirects, detail));
            }
            let answer = self.ask_politely(&at, validators).await?;
            let Answer::Moved { to, permanent } = answer else {
                return self.fetched(answer, at, moved_to);
            };
            for_good &= permanent;
            if for_good {
                moved_to = Some(to.clone());
            }
            at = to;
        }
    }

    fn fetched(&self, answer: Answer, url: Url, moved_to: Option<Url>) -> Result<Fetched, FetchError> {
        let Answer::Body { headers, packed } = answer else { return Ok(Fetched::NotModified) };
        let text = |name: header::HeaderName| headers.get(name)?.to_str().ok().map(str::to_owned);
        let validators = Validators { etag: text(header::ETAG), last_modified: text(header::LAST_MODIFIED) };
        let bytes = self.unpack(packed, text(header::CONTENT_ENCODING).as_deref())?;
        let content_type = text(header::CONTENT_TYPE);
        Ok(Fetched::Document(Document { url, moved_to, content_type, validators, bytes }))
    }

    /// One request in its turn, where the host's rules allow it.
    async fn ask_politely(&self, url: &Url, validators: &Validators) -> Result<Answer, FetchError> {
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(FetchError::new(FetchErrorKind::BadAddress, format!("{url} is no http(s) address")));
        }
        self.guard
            .check(url)
            .map_err(|blocked| FetchError::new(FetchErrorKind::Blocked, blocked.to_string()))?;
        let rules = if self.settings.robots { self.rules(url).await? } else { Rules::Anything };
        if matches!(rules, Rules::Away) {
            let detail = format!("the robots.txt of {} can not be read now", origin(url));
            return Err(FetchError::new(FetchErrorKind::RobotsAway, detail));
        }
        if !rules.allow(url) {
            return Err(FetchError::new(FetchErrorKind::Robots, format!("robots.txt does not allow {url}")));
        }
        let turn = self.hosts.turn(url.host_str().unwrap_or_default()).await;
        let answer = self.ask(url, validators).await;
        turn.end(self.settings.host_pause.max(rules.delay()));
        answer
    }

    /// What the host's robots.txt says; asked for at most once a day.
    async fn rules(&self, url: &Url) -> Result<Rules, FetchError> {
        let origin = origin(url);
        if let Some(rules) = self.robots.get(&origin) {
            return Ok(rules);
        }
        let turn = self.hosts.turn(url.host_str().unwrap_or_default()).await;
        if let Some(rules) = self.robots.get(&origin) {
            // Another request has asked while this one waited for its turn.
            return Ok(rules);
        }
        let rules = self.ask_for_rules(url).await;
        turn.end(self.settings.host_pause);
        let rules = rules?;
        self.robots.put(origin, rules.clone());
        Ok(rules)
    }

    async fn ask_for_rules(&self, url: &Url) -> Result<Rules, FetchError> {
        let mut at = url
            .join("/robots.txt")
            .map_err(|error| FetchError::new(FetchErrorKind::BadAddress, error.to_string()))?;
        for _ in 0..=self.settings.max_redirects {
            self.guard
                .check(&at)
                .map_err(|blocked| FetchError::new(FetchErrorKind::Blocked, blocked.to_string()))?;
            match self.ask(&at, &Validators::default()).await {
                Ok(Answer::Body { headers, packed }) => {
                    let encoding =
                        headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
                    let body = self.unpack(packed, encoding).unwrap_or_default();
                    return Ok(Rules::from_answer(200, &body, &self.agent));
                }
                Ok(Answer::Moved { to, .. }) => at = to,
                Ok(Answer::NotModified) => return Ok(Rules::Anything),
                Err(error) if error.kind == FetchErrorKind::Blocked => return Err(error),
                Err(error) if error.kind.is_passing() => return Ok(Rules::Away),
                Err(_) => return Ok(Rules::Anything),
            }
        }
        Ok(Rules::Anything)
    }

    /// One request and its whole answer within the time allowed.
    async fn ask(&self, url: &Url, validators: &Validators) -> Result<Answer, FetchError> {
        let limit = self.settings.timeout;
        tokio::time::timeout(limit, self.exchange(url, validators)).await.unwrap_or_else(|_| {
            Err(FetchError::new(
                FetchErrorKind::TooSlow,
                format!("{url} took longer than {} s", limit.as_secs_f64()),
            ))
        })
    }

    async fn exchange(&self, url: &Url, validators: &Validators) -> Result<Answer, FetchError> {
        let mut request = self.client.get(url.clone()).header(header::ACCEPT_ENCODING, "gzip").header(
            header::ACCEPT,
            "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, */*;q=0.5",
        );
        if let Some(etag) = &validators.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &validators.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, date);
        }
        let response = request.send().await.map_err(|error| failed(url, &error))?;
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED {
            return Ok(Answer::NotModified);
        }
        if status.is_redirection()
            && let Some(to) = location(url, response.headers())
        {
            let permanent = matches!(status.as_u16(), 301 | 308);
            return Ok(Answer::Moved { to, permanent });
        }
        if !status.is_success() {
            return Err(refused(url, status, response.headers()));
        }
        let headers = response.headers().clone();
        Ok(Answer::Body { headers, packed: self.body(url, response).await? })
    }

    /// The body as sent, no longer than allowed.
    async fn body(&self, url: &Url, mut response: Response) -> Result<Vec<u8>, FetchError> {
        let limit = self.max_bytes();
        let large = || {
            FetchError::new(
                FetchErrorKind::TooLarge,
                format!("{url} is larger than {} KB", self.settings.max_kb),
            )
        };
        if response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(large());
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failed(url, &error))? {
            if bytes.len() + chunk.len() > limit {
                return Err(large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    fn unpack(&self, packed: Vec<u8>, encoding: Option<&str>) -> Result<Vec<u8>, FetchError> {
        let encoding = encoding.unwrap_or_default().trim().to_ascii_lowercase();
        let ratio = usize::try_from(self.settings.max_ratio).unwrap_or(usize::MAX);
        let limit = self.max_bytes().min(packed.len().saturating_mul(ratio).max(64 * 1024));
        match encoding.as_str() {
            "" | "identity" => Ok(packed),
            "gzip" | "x-gzip" => bounded(MultiGzDecoder::new(&packed[..]), limit),
            "deflate" => bounded(ZlibDecoder::new(&packed[..]), limit),
            other => Err(FetchError::new(
                FetchErrorKind::Encoding,
                format!("content encoding {other:?} is not known"),
            )),
        }
    }

    fn max_bytes(&self) -> usize {
        usize::try_from(self.settings.max_kb.saturating_mul(1024)).unwrap_or(usize::MAX)
    }
}

enum Answer {
    NotModified,
    Moved { to: Url, permanent: bool },
    Body { headers: HeaderMap, packed: Vec<u8> },
}

fn bounded(reader: impl Read, limit: usize) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    let read = reader.take(limit as u64 + 1).read_to_end(&mut bytes);
    if bytes.len() > limit {
        return Err(FetchError::new(
            FetchErrorKind::TooLarge,
            format!("unpacked it has more than {limit} bytes"),
        ));
    }
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => {
            Err(FetchError::new(FetchErrorKind::Encoding, format!("the packed content is broken: {error}")))
        }
    }
}

fn location(from: &Url, headers: &HeaderMap) -> Option<Url> {
    let to = headers.get(header::LOCATION)?.to_str().ok()?;
    let mut to = from.join(to).ok()?;
    to.set_fragment(None);
    Some(to)
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn refused(url: &Url, status: StatusCode, headers: &HeaderMap) -> FetchError {
    let waiting = status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429);
    let kind = if waiting { FetchErrorKind::Server } else { FetchErrorKind::Gone };
    let mut error = FetchError::new(kind, format!("{url} answers {status}"));
    let retry_after = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    error.retry_after = retry_after
        .and_then(|text| wait_of(text, Timestamp::try_from(SystemTime::now()).unwrap_or_default()));
    error
}

/// `Retry-After`: seconds, or a date.
fn wait_of(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Duration::try_from(date.duration_since(now)).ok()
}

fn failed(url: &Url, error: &reqwest::Error) -> FetchError {
    if let Some(blocked) = blocked(error) {
        return FetchError::new(FetchErrorKind::Blocked, blocked);
    }
    let kind = if error.is_timeout() { FetchErrorKind::TooSlow } else { FetchErrorKind::Connection };
    FetchError::new(kind, format!("{url}: {}", chain(error)))
}

/// The resolver's refusal lies deep inside the client's error.
fn blocked(error: &reqwest::Error) -> Option<String> {
    let mut source: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = source {
        if let Some(blocked) = error.downcast_ref::<Blocked>() {
            return Some(blocked.to_string());
        }
        source = error.source();
    }
    None
}

fn chain(error: &dyn Error) -> String {
    let mut text = String::new();
    let mut source = Some(error);
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = if text.is_empty() { more } else { format!("{text}: {more}") };
        }
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn fetcher(settings: FetchSettings) -> Fetcher {
        Fetcher::new(settings).unwrap()
    }

    #[test]
    fn bombs_are_given_up() {
        let fetcher = fetcher(FetchSettings { max_kb: 64, ..FetchSettings::default() });
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&vec![b'a'; 4 << 20]).unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(fetcher.unpack(packed, Some("gzip")).unwrap_err().kind, FetchErrorKind::TooLarge);
        assert_eq!(
            fetcher.unpack(b"no gzip".to_vec(), Some("gzip")).unwrap_err().kind,
            FetchErrorKind::Encoding
        );
        assert_eq!(fetcher.unpack(b"x".to_vec(), Some("br")).unwrap_err().kind, FetchErrorKind::Encoding);
    }

    #[test]
    fn retry_after_in_both_forms() {
        let now: Timestamp = "2026-01-05T10:00:00Z".parse().unwrap();
        assert_eq!(wait_of("120", now), Some(Duration::from_secs(120)));
        assert_eq!(wait_of("Mon, 05 Jan 2026 10:00:30 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(wait_of("Mon, 05 Jan 2026 09:00:00 GMT", now), None);
        assert_eq!(wait_of("soon", now), None);
    }

    #[tokio::test]
    async fn names_that_lead_inside_are_refused() {
        let resolve = [("inside.example".to_owned(), "10.0.0.7".parse().unwrap())].into();
        let fetcher = fetcher(FetchSettings { resolve, ..FetchSettings::default() });
        for url in
            ["http://inside.example/x", "http://127.0.0.1/x", "http://localhost/x", "file:///etc/passwd"]
        {
            let error = fetcher.get(&Url::parse(url).unwrap(), &Validators::default()).await.unwrap_err();
            let expected =
                if url.starts_with("file") { FetchErrorKind::BadAddress } else { FetchErrorKind::Blocked };
            assert_eq!(error.kind, expected, "{url}: {error}");
        }
    }
}
