//! The page that an analyst keeps open, and the HTTP interface behind it.
//!
//! [`router`] is all there is to call: `/` is the page, `/api/events` the newest events, `/api/events/stream` the
//! live feed (Server-Sent Events), `POST /articles` takes an article. One consumer feeds every reader.
#![forbid(unsafe_code)]

mod events;
mod feed;
mod filter;
mod page;
mod send;

use std::sync::Arc;

use async_nats::jetstream;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub use feed::{Feed, FeedError};

/// Larger articles are refused with 413 before they are read; ingest has the last word.
const MAX_ARTICLE_BYTES: usize = 4 << 20;

/// What the handlers share.
#[derive(Clone)]
struct Shared {
    feed: Arc<Feed>,
    jetstream: jetstream::Context,
}

/// The routes, over a connection and a feed that [`Feed::follow`] fills.
pub fn router(jetstream: jetstream::Context, feed: Arc<Feed>) -> Router {
    let shared = Shared { feed, jetstream };
    Router::new()
        .merge(page::router())
        .route("/api/events", get(events::newest))
        .route("/api/events/stream", get(events::live))
        .route("/articles", post(send::article))
        .layer(DefaultBodyLimit::max(MAX_ARTICLE_BYTES))
        .with_state(shared)
}
