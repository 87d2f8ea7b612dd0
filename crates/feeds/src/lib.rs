//! Feeds and article pages, fetched politely: who is polled when, by which replica, and what comes of it.
//!
//! [`Poller`] runs inside `ingest`: it reads `config/feeds.toml` ([`Settings`]), keeps what it knows of each feed in a
//! key-value bucket ([`store`]), and publishes each article once on `articles.ingest`. [`Fetcher`] is the one way to the
//! web: private addresses refused, robots.txt obeyed, hosts not hurried, size, time and decompression bounded.
#![forbid(unsafe_code)]

mod check;
mod fetch;
mod guard;
mod hosts;
mod item;
mod poller;
mod robots;
mod settings;
mod state;
pub mod store;
mod visit;

pub use check::{Checked, check};
pub use fetch::{Document, FetchError, FetchErrorKind, Fetched, Fetcher, Validators};
pub use guard::is_public;
pub use poller::Poller;
pub use settings::{FeedSettings, FetchSettings, PollSettings, Settings, SettingsError, TextFrom};
pub use state::{FeedState, Pending};
