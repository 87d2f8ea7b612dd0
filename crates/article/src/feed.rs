//! RSS, Atom and JSON feeds.

use feed_rs::model;
use jiff::Timestamp;

use crate::accept::Draft;
use crate::date::{Precision, ReadDate};
use crate::html::fragment;
use crate::incoming::Limits;
use crate::reject::{RejectCode, Rejection};
use crate::sniff::Kind;
use crate::{charset, json};

/// A feed with its entries, in the order of the feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// Name of the feed, taken as source of its entries.
    pub title: Option<String>,
    /// Declared language.
    pub language: Option<String>,
    /// How long the publisher asks pollers to wait, in minutes.
    pub ttl_minutes: Option<u32>,
    /// The entries.
    pub entries: Vec<Entry>,
}

/// An entry of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The publisher's id (guid); `None` where there is none.
    pub guid: Option<String>,
    /// Address of the article's page.
    pub url: Option<String>,
    /// Headline.
    pub title: String,
    /// Text of the entry: the full article in some feeds, a summary in most.
    pub text: String,
    /// Whether `text` came from the summary only.
    pub summary_only: bool,
    /// When published, else when updated.
    pub published_at: Option<Timestamp>,
    /// Authors.
    pub byline: Option<String>,
    /// Declared language.
    pub language: Option<String>,
}

impl Feed {
    /// Reads a feed; `url` is its own address, against which relative links are resolved.
    ///
    /// # Errors
    ///
    /// A [`Rejection`] where the bytes are no feed.
    pub fn parse(
        bytes: &[u8],
        content_type: Option<&str>,
        url: Option<&str>,
        limits: &Limits,
    ) -> Result<Self, Rejection> {
        if bytes.len() > limits.max_bytes {
            let reason =
                format!("the feed has {} bytes; at most {} are taken", bytes.len(), limits.max_bytes);
            return Err(Rejection::new(RejectCode::TooLarge, reason));
        }
        let text = charset::decode_page(bytes, content_type, &mut Vec::new());
        let text = without_declaration(&text);
        check_depth(text, limits)?;
        let feed = feed_rs::parser::Builder::new()
            .base_uri(url)
            .id_generator(|_, _, _| String::new())
            .build()
            .parse(text.as_bytes())
            .map_err(|error| {
                Rejection::new(
                    RejectCode::InvalidFeed,
                    format!("the content is no RSS, Atom or JSON feed: {error}"),
                )
            })?;
        let entries = feed.entries.into_iter().map(entry).collect();
        let title = feed.title.map(|title| plain(&title.content)).filter(|title| !title.is_empty());
        Ok(Self { title, language: feed.language, ttl_minutes: feed.ttl, entries })
    }
}

impl Entry {
    pub(crate) fn draft(self, feed_title: Option<&str>, feed_language: Option<&str>) -> Draft {
        let mut draft = Draft::new(Kind::Feed);
        draft.id = self.guid;
        draft.url = self.url;
        draft.title = self.title;
        draft.body = self.text;
        draft.byline = self.byline;
        draft.source = feed_title.map(str::to_owned);
        draft.language = self.language.or_else(|| feed_language.map(str::to_owned));
        draft.published_at = self.published_at.map(|at| ReadDate { at, precision: Precision::Exact });
        draft
    }
}

/// The text is UTF-8 by now, whatever the declaration says.
fn without_declaration(text: &str) -> &str {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if text.starts_with("<?xml") {
        text.split_once("?>").map_or(text, |(_, rest)| rest.trim_start())
    } else {
        text
    }
}

/// Nested elements are read by recursion in the parser.
fn check_depth(text: &str, limits: &Limits) -> Result<(), Rejection> {
    if text.starts_with('{') {
        return json::check_depth(text, limits.max_json_depth);
    }
    if crate::html::xml_depth(text) > limits.max_html_depth {
        let reason = format!("the feed is nested deeper than {} elements", limits.max_html_depth);
        return Err(Rejection::new(RejectCode::TooDeep, reason));
    }
    Ok(())
}

fn entry(entry: model::Entry) -> Entry {
    let content = entry.content.and_then(|content| content.body).map(|body| fragment::text(&body));
    let summary = entry.summary.map(|summary| fragment::text(&summary.content)).unwrap_or_default();
    let content = content.filter(|content| content.trim().len() > summary.trim().len());
    let summary_only = content.is_none();
    let byline: Vec<String> =
        entry.authors.into_iter().filter_map(|person| person.name).filter(|name| !name.is_empty()).collect();
    let alternate = entry.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    Entry {
        url: alternate.or(entry.links.first()).map(|link| link.href.clone()),
        guid: Some(entry.id).filter(|id| !id.trim().is_empty()),
        title: entry.title.map(|title| plain(&title.content)).unwrap_or_default(),
        text: content.unwrap_or(summary),
        summary_only,
        published_at: entry
            .published
            .or(entry.updated)
            .and_then(|at| Timestamp::from_second(at.timestamp()).ok()),
        byline: (!byline.is_empty()).then(|| byline.join(", ")),
        language: entry.language,
    }
}

fn plain(markup: &str) -> String {
    crate::text::one_line(&fragment::text(markup))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(feed: &str) -> Result<Feed, Rejection> {
        Feed::parse(feed.as_bytes(), None, Some("https://feed.example/rss"), &Limits::default())
    }

    #[test]
    fn rss_with_full_text_and_without() {
        let feed = parse(
            r#"<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
            xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour &amp; Coast</title><language>en-gb</language><ttl>15</ttl>
            <item><title>Ferry talks &lt;b&gt;open&lt;/b&gt;</title><link>https://feed.example/1</link><guid>g-1</guid><dc:creator>Ada Olsen</dc:creator>
            <pubDate>Mon, 29 Dec 2025 14:00:00 +0100</pubDate><description>Short.</description>
            <content:encoded><![CDATA[<p>The first of two paragraphs é.</p><p>The second.</p>]]></content:encoded></item>
            <item><title>Two</title><link>/2</link><description>&lt;p&gt;Only a summary.&lt;/p&gt;</description></item></channel></rss>"#,
        )
        .unwrap();
        assert_eq!(feed.title.as_deref(), Some("Harbour & Coast"));
        assert_eq!(feed.ttl_minutes, Some(15));
        let first = &feed.entries[0];
        assert_eq!((first.guid.as_deref(), first.title.as_str()), (Some("g-1"), "Ferry talks open"));
        assert!(first.text.contains("two paragraphs é.") && !first.summary_only);
        assert_eq!(first.byline.as_deref(), Some("Ada Olsen"));
        assert_eq!(first.published_at.unwrap().to_string(), "2025-12-29T13:00:00Z");
        let second = &feed.entries[1];
        assert_eq!(
            (second.guid.as_deref(), second.summary_only, second.text.trim()),
            (None, true, "Only a summary.")
        );
    }

    #[test]
    fn atom_and_json_feeds() {
        let atom = parse(
            r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>f</id><updated>2025-12-29T14:00:00Z</updated>
            <entry><id>a</id><title>E</title><link rel="self" href="https://x.example/self"/><link href="https://x.example/1"/>
            <updated>2025-12-29T14:00:00Z</updated><summary>S</summary></entry></feed>"#,
        )
        .unwrap();
        assert_eq!(atom.entries[0].url.as_deref(), Some("https://x.example/1"));
        let json = parse(
            r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1","url":"https://x.example/1",
            "title":"E","content_text":"Body text","date_published":"2025-12-29T14:00:00Z"}]}"#,
        )
        .unwrap();
        assert_eq!(json.entries[0].text.trim(), "Body text");
    }

    #[test]
    fn what_is_no_feed_is_told_and_bombs_are_harmless() {
        assert_eq!(parse("<html><body>x</body></html>").unwrap_err().code, RejectCode::InvalidFeed);
        assert_eq!(parse(&"<a>".repeat(100_000)).unwrap_err().code, RejectCode::TooDeep);
        let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss version="2.0"><channel>
            <title>&b;</title><item><title>&b;&b;</title><description>&b;</description></item></channel></rss>"#;
        if let Ok(feed) = parse(bomb) {
            assert!(feed.entries.iter().all(|entry| entry.title.len() < 100));
        }
    }
}
