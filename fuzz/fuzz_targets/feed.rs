//! Any bytes as a feed.
#![no_main]

use entente_article::Limits;
use entente_article::feed::Feed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Feed::parse(bytes, None, Some("https://fuzz.example/rss"), &Limits::default());
});
