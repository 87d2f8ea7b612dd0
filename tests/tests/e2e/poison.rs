//! Bad input: each message gets a clear rejection, and the stream goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Result, ensure};
use async_nats::HeaderMap;
use entente_messages::{Rejection, subject};
use entente_stage::topology::StreamName;
use entente_tests::{Stack, public, until};
use entente_testserver::Options;

const MESSAGES: usize = 1000;

/// A kind of bad input: its name, the content type it comes with, how the `n`-th is made.
type Kind = (&'static str, Option<&'static str>, fn(usize) -> Vec<u8>);

const KINDS: &[Kind] = &[
    ("nothing", None, |_| Vec::new()),
    ("blanks", None, |n| " \n".repeat(n + 1).into_bytes()),
    ("not UTF-8", Some("text/plain; charset=utf-8"), |n| {
        [b"caf\xe9 number ", n.to_string().as_bytes(), b" \xff\xfe\x80"].concat()
    }),
    ("binary", None, |n| {
        (0..200_u8).map(|b| b.wrapping_mul(37).wrapping_add(u8::try_from(n % 256).unwrap_or(0))).collect()
    }),
    ("a picture", Some("image/png"), |n| {
        [b"\x89PNG\r\n\x1a\n".as_slice(), n.to_string().as_bytes()].concat()
    }),
    ("a PDF", None, |n| format!("%PDF-1.7 {n} \u{0}").into_bytes()),
    ("broken JSON", Some("application/json"), |n| format!("{{\"body\": \"cut off {n}").into_bytes()),
    ("a JSON number", Some("application/json"), |n| n.to_string().into_bytes()),
    ("JSON without a body", Some("application/json"), |n| {
        format!("{{\"title\": \"only a title {n}\"}}").into_bytes()
    }),
    ("a body of another type", Some("application/json"), |n| format!("{{\"body\": {n}}}").into_bytes()),
    ("an empty body", Some("application/json"), |n| {
        format!("{{\"id\": \"e{n}\", \"body\": \"  \"}}").into_bytes()
    }),
    ("a bad date", Some("application/json"), |n| {
        format!("{{\"body\": \"Some text {n}.\", \"published_at\": \"yesterday-ish\"}}").into_bytes()
    }),
    ("an id with control characters", Some("application/json"), |n| {
        format!("{{\"body\": \"Some text {n}.\", \"id\": \"a\\u0000b\"}}").into_bytes()
    }),
    ("a bad address", Some("application/json"), |n| {
        format!("{{\"body\": \"Some text {n}.\", \"url\": \"javascript:alert(1)\"}}").into_bytes()
    }),
    ("deeply nested JSON", Some("application/json"), |n| {
        format!("{}{n}{}", "[".repeat(5000), "]".repeat(5000)).into_bytes()
    }),
    ("an unknown content type", Some("application/x-unheard-of"), |n| format!("text {n}").into_bytes()),
    ("a page without an article", Some("text/html"), |n| {
        format!("<html><head><title></title></head><body><!-- {n} --></body></html>").into_bytes()
    }),
    ("too much", None, |n| format!("{n} ").repeat(400_000).into_bytes()),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_bad_inputs_give_a_thousand_clear_rejections() -> Result<()> {
    let mut stack = Stack::start_with(Options::default(), &[("ingest.max_article_kb", "256")]).await?;
    let jetstream = stack.jetstream().await?;
    let mut resident = Vec::new();
    for part in 0..4 {
        let range = part * MESSAGES / 4..(part + 1) * MESSAGES / 4;
        for n in range.clone() {
            let (_, content_type, make) = KINDS[n % KINDS.len()];
            let mut headers = HeaderMap::new();
            if let Some(content_type) = content_type {
                headers.insert("Content-Type", content_type);
            }
            jetstream.publish_with_headers(subject::INGEST, headers, make(n).into()).await?.await?;
        }
        let done = until(Duration::from_secs(120), async || {
            public::count(&jetstream, StreamName::Rejected).await.is_ok_and(|count| count >= range.end as u64)
        });
        ensure!(
            done.await,
            "only {} rejections\n{}",
            public::count(&jetstream, StreamName::Rejected).await?,
            stack.logs()
        );
        resident.push(stack.services().iter().map(|service| service.resident_bytes()).sum::<u64>());
    }
    let rejections = public::rejections(&jetstream).await?;
    assert_eq!(rejections.len(), MESSAGES);
    check(&rejections);
    assert!(stack.services().iter_mut().all(|service| service.is_alive()));
    // After the first quarter all buffers are warm.
    let growth = resident[3].saturating_sub(resident[0]);
    assert!(growth < 48 * 1024 * 1024, "memory grows: {resident:?}");

    // The stream goes on.
    stack.send(&jetstream, entente_tests::articles::json(1)).await?;
    let account = stack.settle(&jetstream, 1).await?;
    assert!(account.balances() && account.accepted == 1 && account.events > 0, "{account}");
    Ok(())
}

fn check(rejections: &[Rejection]) {
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for rejection in rejections {
        *codes.entry(&rejection.code).or_default() += 1;
        assert!(rejection.message.len() > 10, "{rejection:?}");
        assert_eq!(rejection.sha256.len(), 64);
    }
    assert!(codes.len() >= 12, "{codes:?}");
    let sequences: BTreeSet<u64> = rejections.iter().map(|rejection| rejection.stream_sequence).collect();
    assert_eq!(sequences.len(), rejections.len(), "one rejection for each message");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_by_the_server_or_rejected_and_not_kept() -> Result<()> {
    let options = Options { max_payload: 64 * 1024 * 1024, ..Options::default() };
    let stack = Stack::start_with(options, &[]).await?;
    let jetstream = stack.jetstream().await?;
    // JetStream stores nothing of more than 32 MB, whatever max_payload says: the publisher is told.
    let refused = stack.send(&jetstream, vec![b'a'; 50 * 1024 * 1024]).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("publish failed")));
    stack.send(&jetstream, vec![b'a'; 30 * 1024 * 1024]).await?;
    stack.send(&jetstream, entente_tests::articles::json(7)).await?;
    let account = stack.settle(&jetstream, 1).await?;
    assert_eq!(account.coded, 1, "{account}");
    let rejections = public::rejections(&jetstream).await?;
    assert_eq!(rejections.len(), 1);
    assert_eq!((rejections[0].code.as_str(), rejections[0].size), ("too_large", 30 * 1024 * 1024));
    assert!(rejections[0].excerpt.len() < 4096);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_another_form_between_stages_is_rejected_by_name_of_the_field() -> Result<()> {
    let stack = Stack::start().await?;
    let jetstream = stack.jetstream().await?;
    for subject in ["articles.accepted.en", "events.extracted", "events.enriched"] {
        jetstream.publish(subject, "{\"title\": \"no body\"}".into()).await?.await?;
    }
    let done = until(Duration::from_secs(60), async || {
        public::count(&jetstream, StreamName::Rejected).await.is_ok_and(|count| count == 3)
    });
    ensure!(done.await, "{}", stack.logs());
    let mut messages: Vec<String> =
        public::rejections(&jetstream).await?.into_iter().map(|r| r.message).collect();
    messages.sort();
    for (message, field) in
        messages.iter().zip(["missing field `id`", "missing field `article`", "missing field `article`"])
    {
        assert!(message.contains(field), "{message}");
    }
    Ok(())
}
