//! Any text to a fingerprint, and any fingerprints to a window.
#![no_main]

use entente_article::near::{Config, Fingerprint, Window};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut window = Window::new(Config { capacity: 16, ..Config::default() });
    for (n, part) in text.split('\n').enumerate() {
        if let Some(fingerprint) = Fingerprint::of_text(part) {
            window.observe(&n.to_string(), &fingerprint, Timestamp::UNIX_EPOCH);
            assert!(window.len() <= 16);
        }
    }
});
