//! Forty outlets on one local web server: feeds in three formats and four hundred pages, many of them at fault.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, ISO_8859_2, KOI8_R, SHIFT_JIS, UTF_8, WINDOWS_1251, WINDOWS_1252,
};
use tokio::net::TcpListener;

/// Outlets, each with a host and a feed.
pub const OUTLETS: usize = 40;
/// Pages of each outlet.
pub const PAGES: usize = 10;
/// Larger documents are too large.
pub const MAX_KB: usize = 256;

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The outlet asked.
    pub outlet: usize,
    /// The path.
    pub path: String,
    /// It named the version it has.
    pub conditional: bool,
    /// What was answered.
    pub status: u16,
    /// When it came.
    pub at: Instant,
}

/// What should become of an outlet's feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its pages are read.
    Read,
    /// It fails for ever, with this in the reason.
    Fails(&'static str),
}

/// The fate of each outlet's feed.
#[must_use]
pub const fn fate(outlet: usize) -> Fate {
    match outlet {
        31 => Fate::Fails("500"),
        32 => Fate::Fails("circle"),
        34 => Fate::Fails("larger than"),
        35 => Fate::Fails("longer than"),
        36 => Fate::Fails("no RSS"),
        37 => Fate::Fails("unpacked"),
        38 => Fate::Fails("robots.txt"),
        _ => Fate::Read,
    }
}

/// What should become of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// An article with this id, whose body holds the mark.
    Article {
        /// Its id.
        id: String,
        /// Words in the letters of its character set.
        mark: String,
    },
    /// A rejection with this code, for this address.
    Rejected {
        /// The code.
        code: &'static str,
        /// The address.
        url: String,
    },
}

/// A running server.
#[derive(Debug)]
pub struct Outlets {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Outlets {
    /// Serves until the runtime ends.
    ///
    /// # Errors
    /// Where no port is free.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let router = Router::new().fallback(answer).with_state((address.port(), Arc::clone(&seen)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, seen })
    }

    /// Everything asked so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Requests for one path of one outlet.
    #[must_use]
    pub fn requests(&self, outlet: usize, path: &str) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| seen.outlet == outlet && seen.path == path).collect()
    }

    /// The address of an outlet's feed.
    #[must_use]
    pub fn feed(&self, outlet: usize) -> String {
        format!("{}/feed", base(outlet, self.address.port()))
    }

    /// A `feeds.toml` for all of them, with short waits.
    #[must_use]
    pub fn settings(&self) -> String {
        let hosts: Vec<String> =
            (0..OUTLETS).map(|outlet| format!("\"outlet-{outlet}.example\" = \"127.0.0.1\"")).collect();
        let feeds: String =
            (0..OUTLETS).map(|outlet| format!("[[feed]]\nurl = \"{}\"\n", self.feed(outlet))).collect();
        format!(
            "[fetch]\nuser_agent = \"EntenteTest/1\"\ntimeout = \"1500ms\"\nmax_kb = {MAX_KB}\nhost_pause = \"0s\"\n\
             allow_private_addresses = true\nresolve = {{ {} }}\n\
             [poll]\ninterval = \"400ms\"\nbackoff = \"200ms\"\nbackoff_max = \"60s\"\nlease = \"2s\"\npage_attempts = 2\n{feeds}",
            hosts.join(", ")
        )
    }

    /// What should become of every page of the feeds that can be read.
    #[must_use]
    pub fn ends(&self) -> Vec<End> {
        let read = (0..OUTLETS).filter(|outlet| fate(*outlet) == Fate::Read);
        read.flat_map(|outlet| (0..PAGES).map(move |page| (outlet, page)))
            .map(|(outlet, page)| self.end(outlet, page))
            .collect()
    }

    fn end(&self, outlet: usize, page: usize) -> End {
        let url = format!("{}{}", base(outlet, self.address.port()), path(outlet, page));
        let rejected = |code| End::Rejected { code, url: url.clone() };
        match fault(outlet, page) {
            Fault::None | Fault::BusyOnce => End::Article { id: url, mark: mark(outlet, page) },
            Fault::Moved => End::Article { id: url.replace("/page/", "/moved/"), mark: mark(outlet, page) },
            Fault::Gone => rejected("fetch_gone"),
            Fault::Private => rejected("fetch_robots_disallow"),
            Fault::Slow => rejected("fetch_too_slow"),
            Fault::Circle => rejected("fetch_redirects"),
            Fault::Huge => rejected("fetch_too_large"),
            Fault::Menu => rejected("no_article"),
            Fault::Binary => rejected("binary_content"),
            Fault::Empty => rejected("empty_input"),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Gone,
    Private,
    Slow,
    Circle,
    Moved,
    Huge,
    Menu,
    Binary,
    Empty,
    BusyOnce,
}

fn fault(outlet: usize, page: usize) -> Fault {
    match (page, outlet % 5) {
        (6, 0) => Fault::Gone,
        (6, 1) => Fault::Private,
        (7, 0) if outlet.is_multiple_of(10) => Fault::Slow,
        (7, 1) => Fault::Circle,
        (7, 2 | 3) => Fault::Moved,
        (8, 0) => Fault::Huge,
        (8, 1) => Fault::Menu,
        (8, 2) => Fault::Binary,
        (8, 3) => Fault::Empty,
        (9, 4) => Fault::BusyOnce,
        _ => Fault::None,
    }
}

fn base(outlet: usize, port: u16) -> String {
    format!("http://outlet-{outlet}.example:{port}")
}

fn path(outlet: usize, page: usize) -> String {
    let folder = if fault(outlet, page) == Fault::Private { "private" } else { "page" };
    format!("/{folder}/{page}")
}

/// Words in ten character sets; the first is labelled wrongly, the second not at all.
const CHARSETS: [(&Encoding, &str, &str); 10] = [
    (UTF_8, "iso-8859-1", "Reykjavík, São Tomé, Škoda"),
    (WINDOWS_1252, "", "“Köln”, Málaga, Orléans"),
    (ISO_8859_2, "iso-8859-2", "Łódź, Košice, Győr"),
    (WINDOWS_1251, "windows-1251", "Рига и Вильнюс подписали"),
    (KOI8_R, "koi8-r", "Москва и Таллин обсудили"),
    (SHIFT_JIS, "shift_jis", "東京で会談が行われた"),
    (GB18030, "gb18030", "北京举行了会谈"),
    (EUC_KR, "euc-kr", "서울에서 회담이 열렸다"),
    (BIG5, "big5", "臺北舉行了會談"),
    (encoding_rs::UTF_16LE, "", "Αθήνα και Λευκωσία"),
];

fn charset(outlet: usize, page: usize) -> (&'static Encoding, &'static str, &'static str) {
    CHARSETS[(outlet + page) % CHARSETS.len()]
}

fn mark(outlet: usize, page: usize) -> String {
    charset(outlet, page).2.to_owned()
}

/// Running text that differs from that of every other page.
fn prose(outlet: usize, page: usize, paragraph: usize) -> String {
    const WORDS: [&str; 24] = [
        "harbour",
        "council",
        "ferry",
        "talks",
        "border",
        "treaty",
        "envoy",
        "market",
        "bridge",
        "winter",
        "report",
        "valley",
        "minister",
        "copper",
        "fishing",
        "licence",
        "railway",
        "delegation",
        "summit",
        "island",
        "customs",
        "river",
        "station",
        "charter",
    ];
    let mut state = (outlet * 1_000 + page * 10 + paragraph) as u64 + 1;
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[usize::try_from(state >> 33).unwrap_or(0) % WORDS.len()]
    };
    let sentences = (0..3).map(|_| {
        format!(
            "The {} of the {} said that the {} near the {} would open a {} for the {} before the {}.",
            word(),
            word(),
            word(),
            word(),
            word(),
            word(),
            word()
        )
    });
    sentences.collect::<Vec<_>>().join(" ")
}

fn html(outlet: usize, page: usize) -> Vec<u8> {
    let (encoding, label, mark) = charset(outlet, page);
    let meta = if label.is_empty() { String::new() } else { format!("<meta charset=\"{label}\">") };
    let paragraphs: String = (0..4).map(|n| format!("<p>{}</p>\n", prose(outlet, page, n))).collect();
    let text = format!(
        "<!DOCTYPE html><html><head>{meta}<title>Story {page} of outlet {outlet}</title></head><body><nav><a href=\"/\">Home</a></nav>\
         <article><h1>Story {page} of outlet {outlet}</h1>{paragraphs}<p>{mark}, said the report with the number {page} of the {outlet}th outlet.</p></article></body></html>"
    );
    if encoding == encoding_rs::UTF_16LE {
        return [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    }
    encoding.encode(&text).0.into_owned()
}

fn feed(outlet: usize, port: u16) -> (&'static str, String) {
    let base = base(outlet, port);
    let items = (0..PAGES)
        .rev()
        .map(|page| (format!("{base}{}", path(outlet, page)), format!("Story {page} of outlet {outlet}")));
    match outlet % 3 {
        0 => {
            let items: String = items.map(|(url, title)| format!("<item><title>{title}</title><link>{url}</link><description>In short.</description></item>")).collect();
            (
                "application/rss+xml",
                format!(
                    "<rss version=\"2.0\"><channel><title>Outlet {outlet}</title>{items}</channel></rss>"
                ),
            )
        }
        1 => {
            let items: String = items
                .map(|(url, title)| format!("<entry><id>{url}</id><title>{title}</title><link href=\"{url}\"/><updated>2026-01-05T10:00:00Z</updated></entry>"))
                .collect();
            (
                "application/atom+xml",
                format!(
                    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>f</id><title>Outlet {outlet}</title><updated>2026-01-05T10:00:00Z</updated>{items}</feed>"
                ),
            )
        }
        _ => {
            let items: Vec<_> = items
                .map(|(url, title)| serde_json::json!({ "id": url, "url": url, "title": title }))
                .collect();
            let feed = serde_json::json!({ "version": "https://jsonfeed.org/version/1.1", "title": format!("Outlet {outlet}"), "items": items });
            ("application/feed+json", feed.to_string())
        }
    }
}

type Shared = (u16, Arc<Mutex<Vec<Seen>>>);

async fn answer(State((port, seen)): State<Shared>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let digits: String =
        host.trim_start_matches("outlet-").chars().take_while(char::is_ascii_digit).collect();
    let outlet: usize = digits.parse().unwrap_or(0);
    let conditional = headers.contains_key(header::IF_NONE_MATCH);
    let path = uri.path().to_owned();
    let place = {
        let mut all = seen.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Seen { outlet, path: path.clone(), conditional, status: 0, at: Instant::now() });
        all.len() - 1
    };
    let before = {
        let all = seen.lock().unwrap_or_else(PoisonError::into_inner);
        all[..place].iter().filter(|seen| seen.outlet == outlet && seen.path == path).count()
    };
    let response = respond(port, outlet, &path, conditional, before).await;
    if let Some(seen) = seen.lock().unwrap_or_else(PoisonError::into_inner).get_mut(place) {
        seen.status = response.status().as_u16();
    }
    response
}

async fn respond(port: u16, outlet: usize, path: &str, conditional: bool, before: usize) -> Response<Body> {
    match path {
        "/robots.txt" if outlet == 38 => ok("text/plain", "User-agent: *\nDisallow: /\n"),
        "/robots.txt" => ok("text/plain", "User-agent: *\nDisallow: /private/\n"),
        "/feed" => feed_answer(port, outlet, conditional, before).await,
        "/new-feed" => versioned(port, outlet, conditional),
        other => page_answer(port, outlet, other, before).await,
    }
}

async fn feed_answer(port: u16, outlet: usize, conditional: bool, before: usize) -> Response<Body> {
    match outlet {
        30 if before < 2 => status(StatusCode::SERVICE_UNAVAILABLE, &[(header::RETRY_AFTER, "1")]),
        39 if before < 1 => status(StatusCode::TOO_MANY_REQUESTS, &[(header::RETRY_AFTER, "1")]),
        31 => status(StatusCode::INTERNAL_SERVER_ERROR, &[]),
        32 => status(StatusCode::FOUND, &[(header::LOCATION, "/feed")]),
        33 => status(StatusCode::MOVED_PERMANENTLY, &[(header::LOCATION, "/new-feed")]),
        34 => ok("application/rss+xml", "x".repeat((MAX_KB + 1) * 1024)),
        35 => std::future::pending().await,
        36 => ok("text/html", "<html><body>No feed here</body></html>"),
        37 => {
            use std::io::Write;
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            let _ = packed.write_all(&vec![b' '; 8 << 20]);
            let mut response = ok("application/rss+xml", packed.finish().unwrap_or_default());
            response.headers_mut().insert(header::CONTENT_ENCODING, header::HeaderValue::from_static("gzip"));
            response
        }
        _ => versioned(port, outlet, conditional),
    }
}

fn versioned(port: u16, outlet: usize, conditional: bool) -> Response<Body> {
    if conditional {
        return status(StatusCode::NOT_MODIFIED, &[]);
    }
    let (kind, text) = feed(outlet, port);
    let mut response = ok(kind, text);
    response.headers_mut().insert(header::ETAG, header::HeaderValue::from_static("\"v1\""));
    response
}

async fn page_answer(port: u16, outlet: usize, path: &str, before: usize) -> Response<Body> {
    let page: usize = path.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or(0);
    if path.starts_with("/moved/") {
        return ok("text/html", html(outlet, page));
    }
    match fault(outlet, page) {
        Fault::None | Fault::Private => ok("text/html", html(outlet, page)),
        Fault::BusyOnce if before == 0 => status(StatusCode::BAD_GATEWAY, &[]),
        Fault::BusyOnce => ok("text/html", html(outlet, page)),
        Fault::Gone => status(StatusCode::NOT_FOUND, &[]),
        Fault::Slow => std::future::pending().await,
        Fault::Circle => status(StatusCode::FOUND, &[(header::LOCATION, path)]),
        Fault::Moved => {
            status(StatusCode::FOUND, &[(header::LOCATION, &format!("{}/moved/{page}", base(outlet, port)))])
        }
        Fault::Huge => ok("text/html", "<p>word</p>".repeat(MAX_KB * 100)),
        Fault::Menu => ok(
            "text/html",
            "<html><body><nav><a href=\"/\">Home</a> <a href=\"/world\">World</a></nav></body></html>",
        ),
        Fault::Binary => ok("application/pdf", "%PDF-1.7\n%\u{e2}\u{e3}\n1 0 obj"),
        Fault::Empty => ok("text/html", ""),
    }
}

fn ok(kind: &str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    if let Ok(kind) = kind.parse() {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}

fn status(status: StatusCode, headers: &[(header::HeaderName, &str)]) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The shortest time between two requests in a row; `None` where there are fewer than two.
#[must_use]
pub fn shortest_gap(requests: &[Seen]) -> Option<Duration> {
    requests.windows(2).map(|pair| pair[1].at - pair[0].at).min()
}

/// How often each path of each outlet was asked for.
#[must_use]
pub fn counts(seen: &[Seen]) -> BTreeMap<(usize, String), usize> {
    let mut counts = BTreeMap::new();
    for seen in seen {
        *counts.entry((seen.outlet, seen.path.clone())).or_default() += 1;
    }
    counts
}
