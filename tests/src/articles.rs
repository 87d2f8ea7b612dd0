//! Articles for tests: made from parts, so that any number of them differ, and each holds events.

const COUNTRIES: [&str; 12] = [
    "Norway", "Brazil", "Kenya", "Japan", "Canada", "Vietnam", "Poland", "Egypt", "Chile", "India", "Ghana",
    "Portugal",
];

const ACTS: [&str; 5] = [
    "The foreign minister of {a} met the foreign minister of {b} on Tuesday.",
    "{a} imposed sanctions on {b} on Monday.",
    "{a} condemned {b} over the arrest of a journalist.",
    "The government of {a} sent humanitarian aid to {b} last week.",
    "{a} threatened to attack {b}.",
];

/// The `n`-th article as plain text; no two are the same.
#[must_use]
pub fn text(n: usize) -> String {
    let a = COUNTRIES[n % COUNTRIES.len()];
    let b = COUNTRIES[(n / COUNTRIES.len() + n + 1 + n % 5) % COUNTRIES.len()];
    let b = if a == b { COUNTRIES[(n + 1) % COUNTRIES.len()] } else { b };
    let acts: Vec<String> = [n % ACTS.len(), (n + 2) % ACTS.len()]
        .map(|act| ACTS[act].replace("{a}", a).replace("{b}", b))
        .into();
    format!("{}\n\n{}\n\nThe report carries the number {n} in the files of the ministry.\n", acts[0], acts[1])
}

/// The `n`-th article as JSON with an id of its own.
#[must_use]
pub fn json(n: usize) -> String {
    let article = serde_json::json!({
        "id": format!("test-{n}"),
        "title": "",
        "body": text(n),
        "published_at": "2026-03-04T10:00:00Z",
        "source": "Test Wire",
        "language": "en",
    });
    article.to_string()
}
