//! Any bytes, told apart by content.
#![no_main]

use entente_article::{Incoming, Limits, accept};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let incoming = Incoming::new(bytes, Timestamp::UNIX_EPOCH);
    if let Ok(accepted) = accept(&incoming, &Limits::default()) {
        assert!(!accepted.article.body.trim().is_empty());
        assert!(!accepted.article.id.is_empty());
    }
});
