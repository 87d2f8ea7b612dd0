//! Measures mentions and coreference.
//!
//! ```text
//! actors articles ARTICLES.ndjson ACTORS.ndjson [--half even|odd] [--misses]
//! actors records RECORDS.ndjson [--misses]
//! actors show ARTICLES.ndjson ID
//! actors speed ARTICLES.ndjson ROUNDS
//! ```
//!
//! `articles`: a gold string counts as found where a mention's head word lies in it (strings are matched in the order of
//! the text); of the found ones, how many have an accepted country and sector, and how well mentions of one gold actor
//! share an entity (pairs of mentions, and B-cubed over the found mentions).

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Instant;

use entente_coder::analysed::{Analysed, analyse};
use entente_coder::mention::{Actors, Mention, find_actors};
use entente_messages::Article;
use serde_json::Value;

/// Prints a line; a closed pipe ends the program quietly.
macro_rules! out {
    ($($part:tt)*) => {
        if writeln!(std::io::stdout(), $($part)*).is_err() {
            std::process::exit(0);
        }
    };
}

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let flag = |name: &str| args.contains(&name);
    let half = args.iter().position(|a| *a == "--half").and_then(|i| args.get(i + 1).copied());
    match args.as_slice() {
        ["articles", articles, actors, ..] => {
            measure_articles(&read_articles(articles)?, &read_lines(actors)?, half, flag("--misses"))
        }
        ["records", records, ..] => measure_records(&read_lines(records)?, flag("--misses")),
        ["show", articles, id] => {
            for article in read_articles(articles)?.iter().filter(|a| a.id == *id) {
                show(article);
            }
            Ok(())
        }
        ["speed", articles, rounds] => {
            speed(&read_articles(articles)?, rounds.parse()?);
            Ok(())
        }
        _ => Err(
            "usage: actors articles ARTICLES ACTORS | records RECORDS | show ARTICLES ID | speed ARTICLES ROUNDS"
                .into(),
        ),
    }
}

fn read_lines(path: &str) -> Result<Vec<Value>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.map(serde_json::from_str).collect::<Result<_, _>>().map_err(|e| format!("{path}: {e}"))?)
}

fn read_articles(path: &str) -> Result<Vec<Article>, Failure> {
    Ok(read_lines(path)?.into_iter().map(serde_json::from_value).collect::<Result<_, _>>()?)
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// Byte ranges in title + newline + body of the gold strings of one actor, in order; `None` where one is not found.
fn places(text: &str, wanted: &[String]) -> Vec<Option<(usize, usize)>> {
    let mut at = 0;
    let word_edge = |i: usize| {
        let before = text[..i].chars().next_back().is_some_and(char::is_alphanumeric);
        let after = text[i..].chars().next().is_some_and(char::is_alphanumeric);
        !(before && after)
    };
    let find = |from: usize, needle: &str| {
        text[from..]
            .match_indices(needle)
            .map(|(i, _)| from + i)
            .find(|&i| word_edge(i) && word_edge(i + needle.len()))
    };
    wanted
        .iter()
        .enumerate()
        .map(|(n, needle)| {
            // The headline is often a mention of its own that the list leaves out: look in it only at the beginning.
            let from = if n == 0 { 0 } else { at };
            let found = find(from, needle).or_else(|| find(0, needle));
            found.map(|i| {
                // A shorter string may lie inside the one before, but not as its last words: that is the next mention.
                let nested = wanted
                    .get(n + 1)
                    .is_some_and(|next| needle.contains(next.as_str()) && !needle.ends_with(next.as_str()));
                at = if nested { i + 1 } else { i + needle.len() };
                (i, i + needle.len())
            })
        })
        .collect()
}

/// Where the head word of a mention stands in title + newline + body.
fn head_span(analysed: &Analysed<'_>, mention: &Mention) -> (usize, usize) {
    let sentence = &analysed.sentences[mention.sentence];
    let offset = match sentence.part {
        entente_messages::Part::Title => 0,
        entente_messages::Part::Body => analysed.article.title.len() + 1,
    };
    let span = &sentence.token(mention.head).span;
    (span.start + offset, span.end + offset)
}

#[derive(Default)]
struct Score {
    gold: usize,
    found: usize,
    country: usize,
    country_of: usize,
    actor: usize,
    sector: usize,
    sector_of: usize,
    pairs_right: usize,
    pairs_gold: usize,
    pairs_made: usize,
    b3_precision: f64,
    b3_recall: f64,
    b3_of: usize,
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn measure_articles(
    articles: &[Article],
    gold: &[Value],
    half: Option<&str>,
    misses: bool,
) -> Result<(), Failure> {
    let mut score = Score::default();
    let mut by_article: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for actor in gold {
        by_article.entry(actor["article"].as_str().unwrap_or_default()).or_default().push(actor);
    }
    for (number, article) in articles.iter().enumerate() {
        let wanted = match half {
            Some("even") => number % 2 == 0,
            Some("odd") => number % 2 == 1,
            Some(other) => return Err(format!("--half: even or odd is expected, not `{other}`").into()),
            None => true,
        };
        if let Some(actors) = by_article.get(article.id.as_str()).filter(|_| wanted) {
            measure_article(article, actors, &mut score, misses);
        }
    }
    let p = ratio(score.pairs_right, score.pairs_made);
    let r = ratio(score.pairs_right, score.pairs_gold);
    out!("gold strings      {:6}", score.gold);
    out!("found             {:.4}", ratio(score.found, score.gold));
    out!("country right     {:.4} of {} found", ratio(score.country, score.country_of), score.country_of);
    out!(
        "as score.py       {:.4} (a name is enough where gold has no country)",
        ratio(score.actor, score.country_of)
    );
    out!("sector right      {:.4} of {} found", ratio(score.sector, score.sector_of), score.sector_of);
    out!("found+country     {:.4} of all", ratio(score.country, score.gold));
    out!("pairs P R F1      {p:.4} {r:.4} {:.4}", 2.0 * p * r / (p + r).max(1e-9));
    let (bp, br) =
        (score.b3_precision / score.b3_of.max(1) as f64, score.b3_recall / score.b3_of.max(1) as f64);
    out!("B3 P R F1         {bp:.4} {br:.4} {:.4}", 2.0 * bp * br / (bp + br).max(1e-9));
    Ok(())
}

fn measure_article(article: &Article, gold: &[&Value], score: &mut Score, misses: bool) {
    let analysed = analyse(article);
    let actors = find_actors(&analysed);
    let text = format!("{}\n{}", article.title, article.body);
    let heads: Vec<(usize, usize)> = actors.mentions.iter().map(|m| head_span(&analysed, m)).collect();
    let mut linked: Vec<(usize, Vec<u32>)> = Vec::new();
    for (number, actor) in gold.iter().enumerate() {
        let wanted = strings(&actor["mentions"]);
        let (countries, sectors) = (strings(&actor["country"]), strings(&actor["sector"]));
        for (string, place) in wanted.iter().zip(places(&text, &wanted)) {
            score.gold += 1;
            let name = actor["name"].as_str().unwrap_or_default();
            let context = place.map_or("", |(from, to)| context(&text, from, to));
            let Some(mention) = place.and_then(|place| best_mention(&actors, &heads, place)) else {
                if misses {
                    out!("MISSING\t{}\t{name}\t{string}\t{context}", article.id);
                }
                continue;
            };
            score.found += 1;
            let entities: Vec<_> = mention.entities.iter().map(|id| actors.entity(*id)).collect();
            score.country_of += 1;
            let right = entities.iter().any(|e| match e.country {
                Some(code) => countries.iter().any(|c| same_code(c, code.as_str())),
                None => countries.is_empty(),
            });
            let names: Vec<String> =
                [vec![name.to_owned()], wanted.clone()].concat().iter().map(|n| bare(n)).collect();
            let same_name = |e: &&entente_coder::mention::Entity| {
                let (own, mine) = (bare(&e.name), bare(string));
                names.iter().any(|n| one_in_other(n, &own) || one_in_other(n, &mine))
            };
            let accepted = if countries.is_empty() { entities.iter().any(same_name) } else { right };
            score.actor += usize::from(accepted);
            score.country += usize::from(right);
            if misses && !right {
                let got: Vec<String> =
                    entities.iter().map(|e| format!("{} [{:?}]", e.name, e.country)).collect();
                out!(
                    "COUNTRY\t{}\t{name} {countries:?}\t{string}\tgot {}\t{context}",
                    article.id,
                    got.join("; ")
                );
            }
            if !sectors.is_empty() {
                score.sector_of += 1;
                let right =
                    entities.iter().any(|e| e.sector.is_some_and(|s| sectors.iter().any(|g| g == s.name())));
                score.sector += usize::from(right);
                if misses && !right {
                    let got: Vec<String> =
                        entities.iter().map(|e| format!("{} {:?}", e.name, e.sector)).collect();
                    out!("SECTOR\t{}\t{name} {sectors:?}\t{string}\tgot {}", article.id, got.join("; "));
                }
            }
            linked.push((number, mention.entities.iter().map(|id| id.0).collect()));
        }
    }
    link_scores(&linked, score);
}

/// A name in lower case without article and punctuation.
fn bare(name: &str) -> String {
    let low = name.to_lowercase().replace("'s", "").replace("\u{2019}s", "");
    let words: Vec<&str> = low.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.strip_prefix(&["the"]).unwrap_or(&words).join(" ")
}

/// Whether all words of one name stand in the other.
fn one_in_other(a: &str, b: &str) -> bool {
    let within = |x: &str, y: &str| !x.is_empty() && x.split(' ').all(|w| y.split(' ').any(|v| v == w));
    within(a, b) || within(b, a)
}

/// Organisation codes of which any is as good as another.
fn same_code(gold: &str, got: &str) -> bool {
    gold == got || gold == "NAT" && got == "NATO"
}

fn context(text: &str, from: usize, to: usize) -> &str {
    let mut a = from.saturating_sub(45);
    let mut b = (to + 45).min(text.len());
    while !text.is_char_boundary(a) {
        a -= 1;
    }
    while !text.is_char_boundary(b) {
        b += 1;
    }
    text[a..b].split('\n').max_by_key(|part| part.len()).unwrap_or_default()
}

/// The mention whose head lies in the range: the outermost, and of these the last.
fn best_mention<'m>(
    actors: &'m Actors,
    heads: &[(usize, usize)],
    (from, to): (usize, usize),
) -> Option<&'m Mention> {
    let inside =
        |m: &usize| heads[*m].0 >= from && heads[*m].1 <= to && !actors.mentions[*m].entities.is_empty();
    let all: Vec<usize> = (0..heads.len()).filter(inside).collect();
    let outer = all.iter().find(|&&m| actors.mentions[m].within.is_none_or(|w| !all.contains(&w)));
    outer.or(all.first()).map(|&m| &actors.mentions[m])
}

fn link_scores(linked: &[(usize, Vec<u32>)], score: &mut Score) {
    let same_gold = |a: usize, b: usize| linked[a].0 == linked[b].0;
    let same_made = |a: usize, b: usize| linked[a].1.iter().any(|e| linked[b].1.contains(e));
    for a in 0..linked.len() {
        let (mut gold, mut made, mut both) = (0, 0, 0);
        for b in 0..linked.len() {
            gold += usize::from(same_gold(a, b));
            made += usize::from(same_made(a, b));
            both += usize::from(same_gold(a, b) && same_made(a, b));
            if b > a {
                score.pairs_gold += usize::from(same_gold(a, b));
                score.pairs_made += usize::from(same_made(a, b));
                score.pairs_right += usize::from(same_gold(a, b) && same_made(a, b));
            }
        }
        score.b3_precision += ratio(both, made);
        score.b3_recall += ratio(both, gold);
        score.b3_of += 1;
    }
}

fn measure_records(records: &[Value], misses: bool) -> Result<(), Failure> {
    let (mut sides, mut found, mut all, mut right) = (0, 0, 0, 0);
    for record in records {
        let text = record["text"].as_str().ok_or("record without text")?;
        let article: Article = serde_json::from_value(serde_json::json!({
            "id": record["id"], "title": "", "body": text, "published_at": "2000-01-01T00:00:00Z", "language": "en",
        }))?;
        let analysed = analyse(&article);
        let actors = find_actors(&analysed);
        let mut complete = true;
        for actor in record["source"].as_array().into_iter().chain(record["target"].as_array()).flatten() {
            let (Some(span), Some(code)) = (actor["text"].as_str(), actor["code"].as_str()) else { continue };
            sides += 1;
            let at = text.find(span);
            let codes: Vec<Option<&str>> = actors
                .mentions
                .iter()
                .filter(|m| {
                    let (from, to) = head_span(&analysed, m);
                    at.is_some_and(|at| from > at && to <= at + span.len() + 1 || from == at + 1)
                })
                .flat_map(|m| m.entities.iter())
                .map(|id| actors.entity(*id).country.as_ref().map(entente_ontology::CountryCode::as_str))
                .collect();
            let ok = codes.iter().any(|c| record_code_ok(code, *c));
            found += usize::from(ok);
            complete &= ok;
            if misses && !ok {
                out!("{}\t{span}\t{code}\tgot {codes:?}\t{text}", article.id);
            }
        }
        all += 1;
        right += usize::from(complete);
    }
    out!("actors right      {:.4} of {sides}", ratio(found, sides));
    out!("records complete  {:.4} of {all}", ratio(right, all));
    Ok(())
}

/// As `score.py records` compares codes.
fn record_code_ok(gold: &str, got: Option<&str>) -> bool {
    const ORGANISATIONS: [&str; 13] =
        ["IGO", "UNO", "NATO", "NAT", "EUR", "EEC", "ASN", "AFU", "OPC", "ARL", "IMF", "WBK", "WTO"];
    let gold = &gold[..gold.len().min(3)];
    match got {
        Some(code) => gold == "IGO" && ORGANISATIONS.contains(&code) || code.get(..3) == Some(gold),
        None => ["NGO", "NGM", "MNC", "IMG", "ISM"].contains(&gold),
    }
}

fn show(article: &Article) {
    let analysed = analyse(article);
    let actors = find_actors(&analysed);
    for (s, sentence) in analysed.sentences.iter().enumerate() {
        out!("\n[{s}] {}", sentence.text());
        let (from, mentions) = actors.in_sentence(s);
        for (m, mention) in mentions.iter().enumerate() {
            let who: Vec<String> = mention
                .entities
                .iter()
                .map(|id| {
                    let e = actors.entity(*id);
                    let country = e.country.map_or_else(|| "-".to_owned(), |c| c.to_string());
                    let sector = e.sector.map_or("-", |s| s.name());
                    format!("#{} {} [{country} {sector} {:?}]", id.0, e.name, e.kind)
                })
                .collect();
            out!(
                "   {} {:<40} {:<9?} {} <{} {:.2}>{}",
                from + m,
                sentence.words(mention.tokens.clone()),
                mention.kind,
                who.join(" + "),
                mention.resolution,
                mention.confidence,
                mention.within.map_or_else(String::new, |w| format!(" in {w}"))
            );
        }
    }
}

/// Finds the actors of all articles `rounds` times. On a busy machine compare the processor time of 0 rounds and of many.
fn speed(articles: &[Article], rounds: u32) {
    let analysed: Vec<Analysed<'_>> = articles.iter().map(analyse).collect();
    let sentences: usize = analysed.iter().map(|a| a.sentences.len()).sum();
    let start = Instant::now();
    let mut mentions = 0;
    for _ in 0..rounds {
        mentions = analysed.iter().map(|article| find_actors(article).mentions.len()).sum();
    }
    let each = start.elapsed().as_secs_f64() / (sentences as f64 * f64::from(rounds.max(1)));
    out!(
        "{:.1} us of wall clock a sentence: {sentences} sentences, {mentions} mentions, {rounds} rounds",
        each * 1e6
    );
}
