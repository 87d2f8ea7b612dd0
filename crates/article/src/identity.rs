//! Stable ids: canonical addresses and content hashes.

use sha2::{Digest, Sha256};
use url::Url;

/// Query parameters that only track readers, by prefix.
const TRACKING: [&str; 22] = [
    "utm_",
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "mc_cid",
    "mc_eid",
    "igshid",
    "yclid",
    "_ga",
    "_hs",
    "cmpid",
    "cmp",
    "at_medium",
    "at_campaign",
    "at_custom",
    "ocid",
    "smid",
    "ns_campaign",
    "ns_mchannel",
    "xtor",
    "wt_mc",
];

/// The address without fragment, tracking parameters, default port and trailing dot of the host; `None` where it is
/// no absolute http(s) address.
///
/// ```
/// let url = entente_article::canonical_url("HTTPS://News.example:443/a/?utm_source=x&id=7#top");
/// assert_eq!(url.as_deref(), Some("https://news.example/a/?id=7"));
/// ```
#[must_use]
pub fn canonical_url(url: &str) -> Option<String> {
    let mut url = Url::parse(url.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    url.set_fragment(None);
    if !url.username().is_empty() || url.password().is_some() {
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
    }
    if url.query().is_some() {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| !is_tracking(name))
            .map(|(k, v)| (k.into_owned(), v.into_owned()))
            .collect();
        if kept.is_empty() {
            url.set_query(None);
        } else {
            url.query_pairs_mut().clear().extend_pairs(kept);
        }
    }
    Some(url.into())
}

fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING
        .iter()
        .any(|prefix| if prefix.ends_with('_') { name.starts_with(prefix) } else { name == *prefix })
}

/// SHA-256, as 32 hexadecimal digits (the first half), of title and body.
///
/// Case, punctuation and white space do not count, so that the same text set by two systems hashes alike.
#[must_use]
pub fn content_hash(title: &str, body: &str) -> String {
    let mut hasher = Sha256::new();
    for part in [title, body] {
        let mut buffer = String::with_capacity(part.len());
        for word in part.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            buffer.extend(word.chars().flat_map(char::to_lowercase));
            buffer.push(' ');
        }
        hasher.update(buffer.as_bytes());
        hasher.update([0]);
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracking_goes_and_content_parameters_stay() {
        let canonical = |url| canonical_url(url).unwrap();
        assert_eq!(canonical("http://a.example/x?fbclid=1"), "http://a.example/x");
        assert_eq!(canonical("http://a.example/x?id=3&UTM_medium=rss"), "http://a.example/x?id=3");
        assert_eq!(canonical("http://u:p@a.example:80/"), "http://a.example/");
        assert_eq!(canonical_url("ftp://a.example/x"), None);
        assert_eq!(canonical_url("javascript:alert(1)"), None);
        assert_eq!(canonical_url("/relative"), None);
    }

    #[test]
    fn hash_ignores_setting_but_not_words() {
        assert_eq!(content_hash("A b", "c  d."), content_hash("a b", "C d"));
        assert_ne!(content_hash("a b", "c d"), content_hash("a b c", "d"));
        assert_ne!(content_hash("", "c d"), content_hash("", "c e"));
    }
}
