//! Any bytes as a web page.
#![no_main]

use entente_article::{Incoming, Limits, accept};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let incoming = Incoming::new(bytes, Timestamp::UNIX_EPOCH).with_content_type("text/html").with_url("https://fuzz.example/1");
    let _ = accept(&incoming, &Limits::default());
});
