//! Articles by HTTP: `POST /articles`, `GET /articles/{id}`, `GET /openapi.json`.

mod limit;
mod openapi;
mod status;
mod submit;

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use async_nats::jetstream;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use entente_messages::ArticleKey;

use limit::Rate;

/// Submitted articles remembered, so that one not yet judged can be told from one never seen.
const REMEMBERED: usize = 20_000;

/// What a submission may be and who may send it.
#[derive(Clone, Debug)]
pub struct Submissions {
    /// The bearer token that requests must carry; `None` lets everybody in.
    pub token: Option<String>,
    /// Articles taken a second, over all senders.
    pub per_second: u32,
    /// Articles taken at once after a pause.
    pub burst: u32,
    /// Bytes of a request, as sent and unpacked.
    pub max_bytes: usize,
    /// Articles of a request.
    pub max_articles: usize,
    /// Bytes of one article as JSON; ingest has the last word.
    pub max_article_bytes: usize,
}

impl Default for Submissions {
    fn default() -> Self {
        Self {
            token: None,
            per_second: 5_000,
            burst: 20_000,
            max_bytes: 32 << 20,
            max_articles: 10_000,
            max_article_bytes: 1 << 20,
        }
    }
}

/// What the handlers share.
#[derive(Clone)]
struct Desk {
    jetstream: jetstream::Context,
    settings: Arc<Submissions>,
    rate: Arc<Rate>,
    recent: Arc<Recent>,
}

pub(crate) fn router(jetstream: jetstream::Context, settings: Submissions) -> Router {
    let desk = Desk {
        jetstream,
        rate: Arc::new(Rate::new(settings.per_second, settings.burst)),
        recent: Arc::default(),
        settings: Arc::new(settings),
    };
    let max_bytes = desk.settings.max_bytes;
    Router::new()
        .route("/articles", post(submit::submit))
        .route("/articles/{id}", get(status::status))
        .layer(middleware::from_fn_with_state(desk.clone(), authorise))
        .route("/openapi.json", get(openapi::document))
        .layer(DefaultBodyLimit::max(max_bytes))
        .with_state(desk)
}

async fn authorise(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    match &desk.settings.token {
        Some(token) if !carries(request.headers(), token) => {
            let ask = [(header::WWW_AUTHENTICATE, "Bearer")];
            (StatusCode::UNAUTHORIZED, ask, "send `Authorization: Bearer TOKEN`\n").into_response()
        }
        _ => next.run(request).await,
    }
}

/// Compared in a time that does not tell how much of the token is right.
fn carries(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(given) = given.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim) else {
        return false;
    };
    let same = given.bytes().zip(token.bytes()).fold(0, |different, (a, b)| different | (a ^ b)) == 0;
    same && given.len() == token.len()
}

/// Keys of the articles submitted last.
#[derive(Debug, Default)]
struct Recent(Mutex<(VecDeque<ArticleKey>, HashSet<ArticleKey>)>);

impl Recent {
    fn add(&self, key: ArticleKey) {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (order, known) = &mut *guard;
        if known.insert(key.clone()) {
            order.push_back(key);
            if order.len() > REMEMBERED
                && let Some(oldest) = order.pop_front()
            {
                known.remove(&oldest);
            }
        }
    }

    fn has(&self, key: &ArticleKey) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.contains(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_opens() {
        let with = |value: &str| HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        assert!(carries(&with("Bearer secret"), "secret"));
        for wrong in ["Bearer secre", "Bearer secrets", "Bearer ", "Basic secret", "secret"] {
            assert!(!carries(&with(wrong), "secret"), "{wrong}");
        }
        assert!(!carries(&HeaderMap::new(), "secret"));
    }

    #[test]
    fn the_newest_are_remembered() {
        let recent = Recent::default();
        for n in 0..=REMEMBERED {
            recent.add(ArticleKey::of(&n.to_string()));
        }
        assert!(!recent.has(&ArticleKey::of("0")) && recent.has(&ArticleKey::of("1")));
    }
}
