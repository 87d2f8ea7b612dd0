//! An entry of a feed: its identity, and the article made of it or of its page.

use entente_article::feed::{Entry, Feed};
use entente_article::{Incoming, Limits, Overrides, Rejection, accept, canonical_url};
use entente_messages::Article;
use jiff::Timestamp;

use crate::fetch::Document;
use crate::settings::{FeedSettings, TextFrom};
use crate::state::Pending;
use crate::store::short_hash;

/// Words from which on the text of an entry counts as the full article.
const FULL_TEXT: usize = 120;
/// Longest address that is an article's id as it stands.
const LONGEST_ID: usize = 200;

/// What an entry is known by within its feed: guid, else link, else its text.
pub(crate) fn key(entry: &Entry) -> String {
    let link = entry.url.as_deref().map(|url| canonical_url(url).unwrap_or_else(|| url.to_owned()));
    let named = entry.guid.clone().or(link);
    short_hash(&named.unwrap_or_else(|| format!("{}\n{}", entry.title, entry.text)))
}

/// Whether the feed itself gives the article.
pub(crate) fn is_full_text(entry: &Entry, from: TextFrom) -> bool {
    match from {
        TextFrom::Feed => true,
        TextFrom::Page => entry.url.is_none(),
        TextFrom::Auto => {
            entry.url.is_none() || (!entry.summary_only && entry.text.split_whitespace().count() >= FULL_TEXT)
        }
    }
}

/// The id of an article that stands at this address: the same in whichever feed it is found.
pub(crate) fn id_of_address(url: &str) -> String {
    let url = canonical_url(url).unwrap_or_else(|| url.to_owned());
    if url.chars().count() <= LONGEST_ID { url } else { format!("url-{}", short_hash(&url)) }
}

/// An entry that waits for its page.
pub(crate) fn pending(entry: &Entry, key: String, feed: &Feed) -> Option<Pending> {
    Some(Pending {
        key,
        url: entry.url.clone()?,
        title: entry.title.clone(),
        byline: entry.byline.clone(),
        published_at: entry.published_at,
        feed_title: feed.title.clone(),
        attempts: 0,
        not_before: None,
    })
}

/// The article of an entry that gives its full text.
pub(crate) fn from_entry(
    entry: &Entry,
    key: &str,
    feed: &Feed,
    settings: &FeedSettings,
    now: Timestamp,
    limits: &Limits,
) -> Result<Article, Rejection> {
    let body = serde_json::json!({
        "body": entry.text,
        "title": entry.title,
        "url": entry.url,
        "byline": entry.byline,
        "published_at": entry.published_at.map(|at| at.to_string()),
        "source": settings.source.as_ref().or(feed.title.as_ref()),
        "language": settings.language.as_ref().or(entry.language.as_ref()),
    });
    let bytes = body.to_string();
    let incoming = Incoming::new(bytes.as_bytes(), now).with_content_type("application/json");
    let mut article = accept(&incoming, limits)?.article;
    article.id = article.url.as_deref().map_or_else(|| format!("feed-{key}"), id_of_address);
    Ok(article)
}

/// The article on a page; what the page does not say is taken from the feed.
pub(crate) fn from_page(
    item: &Pending,
    page: &Document,
    settings: &FeedSettings,
    now: Timestamp,
    limits: &Limits,
) -> Result<Article, Rejection> {
    let incoming = Incoming {
        bytes: &page.bytes,
        content_type: page.content_type.as_deref(),
        url: Some(page.url.as_str()),
        received_at: now,
        overrides: Overrides {
            source: settings.source.as_deref(),
            language: settings.language.as_deref(),
            ..Overrides::default()
        },
    };
    let mut article = accept(&incoming, limits)?.article;
    if article.title.is_empty() {
        article.title.clone_from(&item.title);
    }
    article.published_at = article.published_at.or(item.published_at);
    article.byline = article.byline.or_else(|| item.byline.clone());
    article.source = article.source.or_else(|| item.feed_title.clone());
    article.id = id_of_address(article.url.as_deref().unwrap_or(&item.url));
    Ok(article)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(guid: Option<&str>, url: Option<&str>, text: &str) -> Entry {
        Entry {
            guid: guid.map(str::to_owned),
            url: url.map(str::to_owned),
            title: "Title".to_owned(),
            text: text.to_owned(),
            summary_only: false,
            published_at: None,
            byline: None,
            language: None,
        }
    }

    #[test]
    fn identity_falls_back_from_guid_to_link_to_text() {
        let (a, b) = (Some("https://x.example/a?utm_source=rss"), Some("https://x.example/b"));
        assert_eq!(key(&entry(Some("g"), a, "")), key(&entry(Some("g"), b, "other")));
        assert_eq!(key(&entry(None, a, "")), key(&entry(None, Some("https://x.example/a"), "other")));
        assert_ne!(key(&entry(None, a, "")), key(&entry(None, b, "")));
        assert_eq!(key(&entry(None, None, "one")), key(&entry(None, None, "one")));
        assert_ne!(key(&entry(None, None, "one")), key(&entry(None, None, "two")));
    }

    #[test]
    fn a_short_text_is_no_full_text() {
        let long = "word ".repeat(FULL_TEXT);
        assert!(is_full_text(&entry(None, Some("u"), &long), TextFrom::Auto));
        assert!(!is_full_text(&entry(None, Some("u"), "short"), TextFrom::Auto));
        assert!(!is_full_text(&entry(None, Some("u"), &long), TextFrom::Page));
        assert!(is_full_text(&entry(None, None, "short"), TextFrom::Page), "there is no page");
    }
}
