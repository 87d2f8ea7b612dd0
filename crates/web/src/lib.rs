//! The page that an analyst keeps open, and the HTTP interface behind it.
//!
//! [`router`] is all there is to call: `/` is the page, `/api/events` the newest events, `/api/events/stream` the
//! live feed (Server-Sent Events), `POST /articles` takes articles, `GET /articles/{id}` tells what became of one,
//! `/openapi.json` describes both. One consumer feeds every reader.
#![forbid(unsafe_code)]

mod articles;
mod events;
mod feed;
mod filter;
mod page;

use std::sync::Arc;

use async_nats::jetstream;
use axum::Router;
use axum::routing::get;

pub use articles::Submissions;
pub use feed::{Feed, FeedError};

/// What the handlers share.
#[derive(Clone)]
struct Shared {
    feed: Arc<Feed>,
}

/// The routes, over a connection and a feed that [`Feed::follow`] fills.
pub fn router(jetstream: jetstream::Context, feed: Arc<Feed>, submissions: Submissions) -> Router {
    let shared = Shared { feed };
    Router::new()
        .merge(page::router())
        .route("/api/events", get(events::newest))
        .route("/api/events/stream", get(events::live))
        .with_state(shared)
        .merge(articles::router(jetstream, submissions))
}
