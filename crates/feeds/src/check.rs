//! What a feed gives, for people: `entente feeds check`.

use entente_article::Limits;
use entente_article::feed::Feed;
use jiff::Timestamp;
use url::Url;

use crate::fetch::{FetchError, Fetched, Fetcher, Validators};
use crate::item;
use crate::settings::FeedSettings;
use crate::visit::now;

/// What a feed gives.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its name.
    pub title: Option<String>,
    /// Declared language.
    pub language: Option<String>,
    /// Articles it shows.
    pub items: usize,
    /// Of these: with full text in the feed.
    pub full_text: usize,
    /// When the newest was published.
    pub newest: Option<Timestamp>,
    /// Whether the server names versions, so that unchanged feeds are not sent again.
    pub conditional: bool,
    /// Where it has moved for good.
    pub moved_to: Option<String>,
    /// Words of the newest article, or why there are none; `None` where the feed is empty.
    pub sample: Option<Result<usize, String>>,
}

/// Fetches the feed and its newest article.
///
/// # Errors
/// Why the feed can not be read, in words.
pub async fn check(fetcher: &Fetcher, settings: &FeedSettings) -> Result<Checked, String> {
    let url = Url::parse(&settings.url).map_err(|error| format!("{}: {error}", settings.url))?;
    let document = match fetcher.get(&url, &Validators::default()).await.map_err(|error| error.to_string())? {
        Fetched::Document(document) => document,
        Fetched::NotModified => {
            return Err("the server answers 304 to a request without a condition".to_owned());
        }
    };
    let limits = Limits::default();
    let feed =
        Feed::parse(&document.bytes, document.content_type.as_deref(), Some(document.url.as_str()), &limits)
            .map_err(|refusal| refusal.to_string())?;
    let full_text = feed.entries.iter().filter(|entry| item::is_full_text(entry, settings.text)).count();
    Ok(Checked {
        title: feed.title.clone(),
        language: feed.language.clone(),
        items: feed.entries.len(),
        full_text,
        newest: feed.entries.iter().filter_map(|entry| entry.published_at).max(),
        conditional: document.validators != Validators::default(),
        moved_to: document.moved_to.map(String::from),
        sample: sample(fetcher, settings, &feed, &limits).await,
    })
}

async fn sample(
    fetcher: &Fetcher,
    settings: &FeedSettings,
    feed: &Feed,
    limits: &Limits,
) -> Option<Result<usize, String>> {
    let entry = feed.entries.first()?;
    let key = item::key(entry);
    let words = |body: &str| body.split_whitespace().count();
    if item::is_full_text(entry, settings.text) {
        let made = item::from_entry(entry, &key, feed, settings, now(), limits);
        return Some(made.map(|article| words(&article.body)).map_err(|refusal| refusal.to_string()));
    }
    let pending = item::pending(entry, key, feed)?;
    let fetched = match Url::parse(&pending.url) {
        Ok(url) => fetcher.get(&url, &Validators::default()).await,
        Err(error) => Err(FetchError::unreadable(&error.to_string())),
    };
    Some(match fetched {
        Ok(Fetched::Document(page)) => {
            let made = item::from_page(&pending, &page, settings, now(), limits);
            made.map(|article| words(&article.body)).map_err(|refusal| refusal.to_string())
        }
        Ok(Fetched::NotModified) => Err("304 without a condition".to_owned()),
        Err(error) => Err(error.to_string()),
    })
}
