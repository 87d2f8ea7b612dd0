//! Any bytes as a file of each kind that holds many articles.
#![no_main]

use entente_article::Kind;
use entente_article::read::{Options, articles};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, bytes) = input;
    let kinds = [None, Some(Kind::Warc), Some(Kind::Mbox), Some(Kind::Csv), Some(Kind::Ndjson), Some(Kind::Json)];
    let mut options = Options::new(Timestamp::UNIX_EPOCH);
    options.kind = kinds[usize::from(choice) % kinds.len()];
    options.limits.max_bytes = 64 * 1024;
    // Each item takes at least a byte, so the iteration ends.
    assert!(articles(bytes, options).count() <= bytes.len() + 1);
});
