//! `POST /articles`: an article by HTTP, handed to the ingest subject as it came.

use async_nats::HeaderMap;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{self, StatusCode};
use axum::response::{IntoResponse, Response};
use entente_messages::{headers, subject};

use crate::Shared;

/// 202 once the stream has stored it; ingest then accepts it, or rejects it with a reason.
pub(crate) async fn article(State(shared): State<Shared>, from: http::HeaderMap, body: Bytes) -> Response {
    if body.is_empty() {
        return (StatusCode::BAD_REQUEST, "the body is empty: send the article as text, HTML or JSON\n")
            .into_response();
    }
    let mut message_headers = HeaderMap::new();
    if let Some(kind) = from.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) {
        message_headers.insert(headers::CONTENT_TYPE, kind);
    }
    let stored =
        async { shared.jetstream.publish_with_headers(subject::INGEST, message_headers, body).await?.await };
    match stored.await {
        Ok(ack) => (StatusCode::ACCEPTED, format!("{{\"sequence\":{}}}\n", ack.sequence)).into_response(),
        Err(error) => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("the ingest stream does not take it: {error}\n"))
                .into_response()
        }
    }
}
