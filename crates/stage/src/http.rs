//! `/healthz` (alias `/livez`), `/readyz` and `/metrics`.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::Error;
use crate::telemetry::Telemetry;

/// How far a service is on its way up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Looking for NATS.
    Connecting,
    /// Making streams and consumers.
    Preparing,
    /// Working.
    Working,
    /// The connection is lost; it comes back by itself.
    Disconnected,
    /// Finishing what is in hand.
    Draining,
}

impl Phase {
    const fn words(self) -> &'static str {
        match self {
            Self::Connecting => "not ready: no connection to NATS yet",
            Self::Preparing => "not ready: making streams and consumers",
            Self::Working => "ready",
            Self::Disconnected => "not ready: the connection to NATS is lost, reconnecting",
            Self::Draining => "not ready: stopping, finishing work in hand",
        }
    }
}

#[derive(Clone)]
struct Pages {
    telemetry: Arc<Telemetry>,
    phase: watch::Receiver<Phase>,
}

/// Binds the address of health and metrics; `None` where it is empty.
pub(crate) async fn bind(address: &str) -> Result<Option<TcpListener>, Error> {
    if address.is_empty() {
        return Ok(None);
    }
    let wrong = |source| Error::Bind { address: address.to_owned(), source };
    TcpListener::bind(address).await.map(Some).map_err(wrong)
}

/// Serves until the task is dropped.
pub(crate) async fn serve(listener: TcpListener, telemetry: Arc<Telemetry>, phase: watch::Receiver<Phase>) {
    let address =
        listener.local_addr().map_or_else(|_| String::new(), |address: SocketAddr| address.to_string());
    tracing::info!(address, "serving /healthz, /readyz and /metrics");
    let pages = Pages { telemetry, phase };
    let router = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(pages);
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "health and metrics are no longer served");
    }
}

async fn ready(State(pages): State<Pages>) -> impl IntoResponse {
    let phase = *pages.phase.borrow();
    let status = if phase == Phase::Working { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, format!("{}\n", phase.words()))
}

async fn metrics(State(pages): State<Pages>) -> impl IntoResponse {
    let content_type = [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")];
    match pages.telemetry.encode() {
        Ok(page) => (StatusCode::OK, content_type, page),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, content_type, error.to_string()),
    }
}
