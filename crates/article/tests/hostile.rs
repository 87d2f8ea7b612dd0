//! Input made to harm: no panic, no overflow of a small stack, one clear reason for each bad message.

use std::collections::BTreeMap;

use entente_article::{Incoming, Limits, Rejection, accept};
use jiff::Timestamp;

fn now() -> Timestamp {
    Timestamp::from_second(1_770_000_000).unwrap()
}

fn take(bytes: &[u8], content_type: Option<&str>) -> Result<String, Rejection> {
    let incoming = Incoming { content_type, ..Incoming::new(bytes, now()) };
    accept(&incoming, &Limits::default()).map(|accepted| accepted.article.body)
}

/// Expected code, bytes, content type.
type Bad = (&'static str, Vec<u8>, Option<&'static str>);

/// Bad messages of many kinds; `n` varies them.
fn bad(n: usize) -> Vec<Bad> {
    let json = |text: String| (text.into_bytes(), Some("application/json"));
    let list = vec![
        ("empty_input", (b" \n".repeat(n), None)),
        ("too_large", (vec![b'a'; 8 * 1024 * 1024 + 1 + n], None)),
        ("unsupported_content_type", (b"text".to_vec(), Some("application/x-shockwave-flash"))),
        ("binary_content", ([b"%PDF-1.7 ", "x".repeat(n).as_bytes()].concat(), Some("text/plain"))),
        ("binary_content", ([b"abc\0".to_vec(), vec![1; n]].concat(), None)),
        ("invalid_utf8", ([vec![b'a'; n], b"\xff\xfe\xfa".to_vec()].concat(), Some("text/plain"))),
        ("invalid_utf8", ([b"{\"body\":\"", &[0xc3_u8; 3][..], b"\"}"].concat(), Some("application/json"))),
        ("unknown_charset", (b"K\xf6ln".to_vec(), Some("text/plain; charset=klingon"))),
        ("invalid_json", json(format!("{{\"body\": \"cut {n}"))),
        ("many_articles", json("[1]".to_owned())),
        ("not_an_object", json(n.to_string())),
        ("too_deep", json("[".repeat(1_000 + n))),
        ("too_deep", json(format!("{{\"body\":\"x\",\"y\":{}1{}}}", "{\"a\":".repeat(100), "}".repeat(100)))),
        ("missing_body", json(format!("{{\"title\": \"{n}\"}}"))),
        ("missing_body", json("{\"body\": null}".to_owned())),
        ("empty_body", json("{\"body\": \"  \"}".to_owned())),
        ("wrong_type", json(format!("{{\"body\": {n}}}"))),
        ("wrong_type", json("{\"body\": \"Text.\", \"title\": [1]}".to_owned())),
        (
            "field_too_long",
            json(format!("{{\"body\": \"Text.\", \"title\": \"{}\"}}", "x".repeat(1_001 + n))),
        ),
        ("field_too_long", json(format!("{{\"body\": \"{}\"}}", "x ".repeat(200_001 + n)))),
        ("invalid_id", json("{\"body\": \"Text.\", \"id\": \"a\\u0007b\"}".to_owned())),
        ("invalid_date", json(format!("{{\"body\": \"Text.\", \"published_at\": \"{n} days ago\"}}"))),
        ("invalid_language", json("{\"body\": \"Text.\", \"language\": \"12\"}".to_owned())),
        ("invalid_url", json("{\"body\": \"Text.\", \"url\": \"javascript:alert(1)\"}".to_owned())),
        ("not_text", ("1234 5678 !".repeat(n + 1).into_bytes(), Some("text/plain"))),
        ("no_article", (b"<html><body><script>x</script></body></html>".to_vec(), Some("text/html"))),
        ("many_articles", (b"<rss version='2.0'><channel></channel></rss>".to_vec(), None)),
    ];
    list.into_iter().map(|(code, (bytes, content_type))| (code, bytes, content_type)).collect()
}

#[test]
fn a_thousand_bad_messages_get_a_thousand_clear_reasons() {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sent = 0;
    for n in 0.. {
        for (code, bytes, content_type) in bad(n) {
            let rejection = take(&bytes, content_type).expect_err(code);
            assert_eq!(rejection.code.as_str(), code, "{rejection}");
            assert!(rejection.reason.len() > 20 && rejection.reason.len() < 400, "{rejection}");
            *kinds.entry(code).or_default() += 1;
            sent += 1;
        }
        if sent >= 1_000 {
            break;
        }
    }
    println!("{sent} rejected, of {} kinds", kinds.len());
    assert!(kinds.len() >= 12);
}

#[test]
fn faults_of_a_field_name_the_field() {
    for (json, field) in [
        (r#"{"title":"x"}"#, "body"),
        (r#"{"body":7}"#, "body"),
        (r#"{"body":"Text.","author":7}"#, "author"),
        (r#"{"body":"Text.","published_at":"soon"}"#, "published_at"),
        (r#"{"body":"Text.","date":true}"#, "date"),
        (r#"{"body":"Text.","url":"/x"}"#, "url"),
        (r#"{"body":"Text.","id":{}}"#, "id"),
    ] {
        let rejection = take(json.as_bytes(), None).unwrap_err();
        assert_eq!(rejection.field.as_deref(), Some(field), "{rejection}");
        assert!(rejection.reason.contains(field), "{rejection}");
    }
}

/// Pages that are deep, unclosed, huge in one attribute, or explode in a careless parser.
fn pages() -> Vec<(&'static str, String)> {
    let text = "<p>The envoy left Oslo on Monday after the talks about the harbour had failed, the ministry said in a statement.</p>";
    let deep =
        |open: &str, close: &str, n: usize| format!("<body>{}{text}{}", open.repeat(n), close.repeat(n));
    vec![
        ("nested divs", deep("<div>", "</div>", 90_000)),
        ("unclosed divs", deep("<div>", "", 90_000)),
        ("nested quotes", deep("<blockquote><p>", "</blockquote>", 40_000)),
        ("nested lists", deep("<ul><li>", "</li></ul>", 40_000)),
        ("nested tables", deep("<table><tr><td>", "</td></tr></table>", 30_000)),
        ("nested spans", deep("<span>", "", 90_000)),
        ("formatting, each its own", (0..3_000).map(|n| format!("<font size={n}><p>{text}")).collect()),
        ("svg titles", deep("<svg><title><a>", "", 30_000)),
        ("templates", deep("<template><div>", "", 30_000)),
        ("a huge attribute", format!("<body><div data-x='{}'>{text}{text}</div>", "x".repeat(4_000_000))),
        (
            "many attributes",
            format!(
                "<body><div {}>{text}{text}</div>",
                (0..100_000).map(|n| format!("a{n}=1 ")).collect::<String>()
            ),
        ),
        ("entities", format!("<body>{text}<p>{}</p>", "&amp;lt;&NotAnEntity;&#x110000;&#0;".repeat(50_000))),
        ("an open comment", format!("<body>{text}<!-- {}", "-".repeat(1_000_000))),
        ("open quotes", format!("<body>{text}{}", "<a href=\"<a href='".repeat(100_000))),
        ("angle brackets", format!("<body>{text}{}", "<".repeat(1_000_000))),
        ("closing tags", format!("<body>{text}{}", "</div></p></b>".repeat(100_000))),
        ("one long word", format!("<body><p>{}</p>{text}", "x".repeat(2_000_000))),
        (
            "deep structured data",
            format!(
                "<script type='application/ld+json'>{}</script><body>{text}{text}",
                "{\"a\":[".repeat(100_000)
            ),
        ),
        ("many paragraphs", format!("<body><article>{}</article>", text.repeat(3_000))),
        ("misnested", format!("<body>{text}{}", "<b><i><p></b></i><a><table><a>".repeat(3_000))),
    ]
}

#[test]
fn hostile_pages_neither_panic_nor_overflow_a_small_stack() {
    let small = std::thread::Builder::new().stack_size(1024 * 1024);
    let handle = small.spawn(|| {
        for (name, page) in pages() {
            let started = std::time::Instant::now();
            let taken = take(page.as_bytes(), Some("text/html"));
            println!(
                "{name:26} {:6} ms  {}",
                started.elapsed().as_millis(),
                match &taken {
                    Ok(body) => format!("taken, {} characters", body.len()),
                    Err(rejection) => rejection.to_string(),
                }
            );
        }
    });
    handle.unwrap().join().unwrap();
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), kind in 0_usize..6) {
        let types = [None, Some("text/plain"), Some("text/html"), Some("application/json"), Some("text/html; charset=gbk"), Some("\u{0};=")];
        let _ = take(&bytes, types[kind]);
    }

    #[test]
    fn arbitrary_markup_never_panics(page in "(<[a-z0-9]{1,10}( class=\"[a-z-]{1,9}\")?>|</[a-z]{1,6}>|&[a-z#0-9]{1,5};|<!--|-->|[ -~]|é){0,60}") {
        let _ = take(page.as_bytes(), Some("text/html"));
    }

    #[test]
    fn what_is_taken_is_valid(body in "\\PC{1,200}", title in "\\PC{0,40}") {
        let json = serde_json::json!({ "body": body, "title": title }).to_string();
        let incoming = Incoming::new(json.as_bytes(), now());
        if let Ok(accepted) = accept(&incoming, &Limits::default()) {
            proptest::prop_assert!(!accepted.article.body.trim().is_empty());
            proptest::prop_assert!(!accepted.article.id.is_empty());
            let again = accept(&incoming, &Limits::default()).unwrap();
            proptest::prop_assert_eq!(accepted, again);
        }
    }
}
