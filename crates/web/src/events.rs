//! `GET /api/events` and `GET /api/events/stream`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt, stream};
use serde::Serialize;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::Shared;
use crate::feed::Published;
use crate::filter::Filter;

/// Events of one answer, where the reader does not say how many.
const LIMIT: usize = 200;
/// Events of one answer at most.
const MAX_LIMIT: usize = 5_000;

#[derive(Serialize)]
struct Item<'a> {
    sequence: u64,
    #[serde(flatten)]
    event: &'a entente_messages::Event,
}

/// The newest events first.
pub(crate) async fn newest(State(shared): State<Shared>, Query(filter): Query<Filter>) -> Response {
    let limit = filter.limit.unwrap_or(LIMIT).min(MAX_LIMIT);
    let events = shared.feed.newest(limit, |event| filter.wants(event));
    let items: Vec<Item<'_>> = events
        .iter()
        .map(|published| Item { sequence: published.sequence, event: &published.event })
        .collect();
    Json(items).into_response()
}

/// Events as they are published. With `Last-Event-ID` it goes on where the reader was; a reader that falls too
/// far behind is dropped, and resumes when it comes back.
pub(crate) async fn live(
    State(shared): State<Shared>,
    Query(filter): Query<Filter>,
    headers: HeaderMap,
) -> Response {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let Some((missed, receiver)) = shared.feed.resume(last) else {
        let reason = "the events after Last-Event-ID are no longer kept here; read them from the stream with `entente watch --since`";
        return (StatusCode::GONE, reason).into_response();
    };
    let after = missed.last().map_or(last.unwrap_or(0), |newest| newest.sequence);
    let events = stream::iter(missed).chain(to_come(receiver, after));
    let wanted = events.filter_map(move |published| {
        let item = filter.wants(&published.event).then(|| sse(&published));
        std::future::ready(item)
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(wanted.map(Ok::<_, Infallible>)).keep_alive(keep_alive).into_response()
}

fn sse(published: &Published) -> SseEvent {
    let item = Item { sequence: published.sequence, event: &published.event };
    let event = SseEvent::default().id(published.sequence.to_string());
    event.json_data(item).unwrap_or_else(|error| SseEvent::default().event("error").data(error.to_string()))
}

fn to_come(receiver: broadcast::Receiver<Arc<Published>>, after: u64) -> impl Stream<Item = Arc<Published>> {
    stream::unfold(receiver, move |mut receiver| async move {
        loop {
            match receiver.recv().await {
                Ok(published) if published.sequence > after => return Some((published, receiver)),
                Ok(_) => {}
                Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
            }
        }
    })
}
