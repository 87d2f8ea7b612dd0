//! Articles by HTTP, through all four stages, and what became of them.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use entente_tests::client::client;
use entente_tests::{Stack, articles, until};
use entente_web::{Feed, Submissions};
use serde_json::Value;
use tokio::net::TcpListener;

const TOKEN: &str = "a-long-secret";

async fn front(stack: &Stack, submissions: Submissions) -> Result<String> {
    let router = entente_web::router(stack.jetstream().await?, Arc::new(Feed::default()), submissions);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(format!("http://{address}"))
}

fn packed(text: &str) -> Result<Vec<u8>> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes())?;
    Ok(packed.finish()?)
}

/// A request, its status and its answer.
async fn ask(request: reqwest::RequestBuilder) -> Result<(u16, Value)> {
    let answer = request.bearer_auth(TOKEN).send().await?;
    let status = answer.status().as_u16();
    let text = answer.text().await?;
    Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_go_in_and_their_events_are_told() -> Result<()> {
    let stack = Stack::start().await?;
    let base = front(&stack, Submissions { token: Some(TOKEN.to_owned()), ..Submissions::default() }).await?;
    let http = client();
    let post = |kind: &str| http.post(format!("{base}/articles")).header("Content-Type", kind);

    let refused = post("text/plain").body(articles::text(1)).send().await?;
    assert_eq!(refused.status().as_u16(), 401);
    let (status, single) = ask(post("application/json").body(articles::json(1))).await?;
    assert_eq!((status, &single["articles"][0]["id"]), (202, &Value::from("test-1")), "{single}");
    let (status, text) = ask(post("text/plain").body(articles::text(2))).await?;
    assert_eq!((status, &text["accepted"]), (202, &Value::from(1)));
    let page = format!(
        "<html><body><article><h1>Story</h1><p>{}</p></article></body></html>",
        articles::text(3).replace("\n\n", "</p><p>")
    );
    let (status, _) = ask(post("text/html").body(page)).await?;
    assert_eq!(status, 202);
    let lines = format!("{}\n{{\"title\":\"no body\"}}\n{}\n", articles::json(4), articles::json(5));
    let (status, batch) =
        ask(post("application/x-ndjson").header("Content-Encoding", "gzip").body(packed(&lines)?)).await?;
    assert_eq!(
        (status, &batch["accepted"], &batch["rejected"]),
        (202, &Value::from(2), &Value::from(1)),
        "{batch}"
    );
    assert_eq!(
        (&batch["articles"][1]["place"], &batch["articles"][1]["code"]),
        (&Value::from("line 2"), &Value::from("missing_body"))
    );
    let (status, bad) = ask(post("application/json").body("{\"title\":")).await?;
    assert_eq!((status, &bad["articles"][0]["code"]), (422, &Value::from("invalid_json")));

    let address = format!("{base}{}", single["articles"][0]["status"].as_str().unwrap_or_default());
    let mut last = Value::Null;
    let coded = until(Duration::from_secs(60), async || {
        let Ok((200, answer)) = ask(http.get(&address)).await else { return false };
        last = answer;
        last["state"] == "coded"
    });
    ensure!(coded.await, "{last}\n{}", stack.logs());
    let events = last["events"].as_array().map_or(0, Vec::len);
    ensure!(events > 0 && last["events"][0]["article"]["id"] == "test-1", "{last}");
    for timing in ["ingest_ms", "extract_and_enrich_ms", "publish_ms", "total_ms"] {
        ensure!(last["timings"][timing].as_f64().is_some_and(|ms| ms > 0.0), "{timing}: {last}");
    }
    assert_eq!(ask(http.get(format!("{base}/articles/unknown"))).await?.0, 404);
    let (status, document) = ask(http.get(format!("{base}/openapi.json"))).await?;
    assert!(status == 200 && document["paths"]["/articles/{id}"]["get"].is_object());
    let account = stack.settle(&stack.jetstream().await?, 5).await?;
    assert_eq!(account.accepted, 5, "{account}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_of_size_and_rate_are_kept() -> Result<()> {
    let stack = Stack::server_only(entente_testserver::Options::default(), &[])?;
    let settings = Submissions { per_second: 1, burst: 2, max_bytes: 10_000, ..Submissions::default() };
    let base = front(&stack, settings).await?;
    let http = client();
    let post = || http.post(format!("{base}/articles")).header("Content-Type", "text/plain");
    assert_eq!(ask(post().body("word ".repeat(10_000))).await?.0, 413);
    let bomb = post().header("Content-Encoding", "gzip").body(packed(&"word ".repeat(100_000))?);
    assert_eq!(ask(bomb).await?.0, 413);
    // Without services there is no stream: the articles count for the rate all the same.
    for _ in 0..2 {
        assert_eq!(ask(post().body(articles::text(1))).await?.0, 503);
    }
    let refused = post().body(articles::text(1)).send().await?;
    assert_eq!(refused.status().as_u16(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    Ok(())
}
