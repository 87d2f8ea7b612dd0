//! The HTTP front of `up`: one address that says whether the whole stack is ready.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use async_nats::jetstream;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use entente_messages::Stage;
use entente_web::{Feed, Submissions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Binds first, so that a taken port is an error before anything starts.
pub(super) async fn bind(port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| format!("HTTP port {port} is taken; choose another with --http-port"))
}

/// Serves the page, its interface and `/livez`, `/healthz`, `/readyz` for the stack, until the task is dropped.
pub(super) async fn serve(
    listener: TcpListener,
    services: Vec<(Stage, u16)>,
    jetstream: jetstream::Context,
    submissions: Submissions,
) -> anyhow::Result<()> {
    let feed = Arc::new(Feed::default());
    let following = {
        let (feed, jetstream) = (Arc::clone(&feed), jetstream.clone());
        tokio::spawn(async move { feed.follow(&jetstream).await })
    };
    let readyz = move || {
        let services = services.clone();
        async move {
            let waiting = not_ready(&services).await;
            if waiting.is_empty() {
                (StatusCode::OK, "ready\n".to_owned())
            } else {
                (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", waiting.join("\n")))
            }
        }
    };
    let alive = || async { "alive\n" };
    let health =
        Router::new().route("/livez", get(alive)).route("/healthz", get(alive)).route("/readyz", get(readyz));
    let served = axum::serve(listener, entente_web::router(jetstream, feed, submissions).merge(health)).await;
    following.abort();
    Ok(served?)
}

/// The services that are not ready, each with its reason.
pub(super) async fn not_ready(services: &[(Stage, u16)]) -> Vec<String> {
    let answers = services.iter().map(|(stage, port)| async move {
        readiness(*port).await.err().map(|reason| format!("{stage}: {reason}"))
    });
    futures::future::join_all(answers).await.into_iter().flatten().collect()
}

/// Whether the service at this port is ready, or why not.
pub(super) async fn readiness(port: u16) -> Result<(), String> {
    match timeout(Duration::from_secs(2), get_readyz(port)).await {
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200") => Ok(()),
        Ok(Ok(answer)) => Err(reason(&answer)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer within 2 s".to_owned()),
    }
}

/// One request on a fresh connection; an HTTP client library for one status line would be too much.
async fn get_readyz(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(64 << 10).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn reason(answer: &str) -> String {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let said = if body.trim().is_empty() { head.lines().next().unwrap_or("no answer") } else { body.trim() };
    said.to_owned()
}
