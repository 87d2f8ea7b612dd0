//! Checks the open corpus of `corpus/pairs.tsv`: form, spans, codes, split, copies and coverage.
//!
//! `cargo test -p entente-coder --test corpus_lint -- --nocapture` prints the distribution that `docs/corpus.md` states.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use entente_ontology::{CameoCode, Root, cameo, scores};

const HEADER: &str = "id\tsentence\tsource\ttarget\troot\tmode\tcameo\tmodality\tsplit\tcontexts\ttags";
const MODALITIES: [&str; 4] = ["actual", "planned", "hypothetical", "negated"];
const TAGS: [&str; 7] = ["dateline", "direction", "headline", "long", "mid", "quote", "short"];
/// Where the academic pairs code otherwise than the conversion table: see `docs/coding-guidelines.md`.
const EXCEPTIONS: [(&str, &str); 3] = [("191", "ASSAULT"), ("192", "ASSAULT"), ("1712", "COERCE")];
/// Words in a row that two sentences may not share.
const RUN: usize = 8;

/// One row: two actors of a sentence and what the first does to the second.
#[derive(Debug)]
struct Row {
    id: String,
    sentence: String,
    source: String,
    target: String,
    root: String,
    mode: String,
    cameo: String,
    modality: String,
    split: String,
    contexts: String,
    tags: String,
}

impl Row {
    fn parse(line: &str) -> Self {
        let fields: Vec<_> = line.split('\t').map(str::to_owned).collect();
        let Ok([id, sentence, source, target, root, mode, cameo, modality, split, contexts, tags]) =
            <[String; 11]>::try_from(fields)
        else {
            panic!("not eleven columns: {line}");
        };
        Self { id, sentence, source, target, root, mode, cameo, modality, split, contexts, tags }
    }

    /// The root with CONCEDE and RETREAT told apart, as the PLOVER manual does (a resignation is RETREAT).
    fn family(&self) -> String {
        match (self.root.as_str(), self.mode.as_str()) {
            ("YIELD", "resign") => Root::Retreat.to_string(),
            ("YIELD", _) => self.code().root().to_string(),
            (root, _) => root.to_owned(),
        }
    }

    fn code(&self) -> CameoCode {
        self.cameo.parse().unwrap_or_else(|_| panic!("{}: unknown CAMEO code {}", self.id, self.cameo))
    }

    fn sentence_id(&self) -> &str {
        self.id.split_once('-').unwrap_or_else(|| panic!("id {}", self.id)).0
    }
}

fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/pairs.tsv");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(HEADER));
    lines.map(Row::parse).collect()
}

/// Each sentence once, by its id.
fn sentences(rows: &[Row]) -> BTreeMap<&str, &str> {
    rows.iter().map(|row| (row.sentence_id(), row.sentence.as_str())).collect()
}

fn count<'a>(keys: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_insert(0) += 1;
    }
    counts
}

/// FNV-1a, 64 bits, folded to 32, modulo 100: the same on every machine and in every language.
fn split_of(sentence: &str) -> &'static str {
    let hash = sentence.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    match (hash ^ (hash >> 32)) % 100 {
        0..70 => "train",
        70..85 => "dev",
        _ => "test",
    }
}

#[test]
fn every_row_is_well_formed() {
    let rows = rows();
    let mut ids = BTreeSet::new();
    let mut pairs = BTreeSet::new();
    let mut of_sentence = BTreeMap::new();
    for row in &rows {
        let id = &row.id;
        assert!(ids.insert(id), "id {id} twice");
        assert!(pairs.insert((&row.sentence, &row.source, &row.target)), "{id}: pair coded twice");
        assert_ne!(row.source, row.target, "{id}: an actor with itself");
        assert_eq!(
            *of_sentence.entry(&row.sentence).or_insert_with(|| row.sentence_id()),
            row.sentence_id(),
            "{id}"
        );
        assert!(!row.sentence.contains("  ") && row.sentence.trim() == row.sentence, "{id}: stray space");
        assert!(MODALITIES.contains(&row.modality.as_str()), "{id}: modality {}", row.modality);
        assert_eq!(row.split, split_of(&row.sentence), "{id}: split");
        for context in row.contexts.split(',').filter(|context| !context.is_empty()) {
            assert!(scores::CONTEXTS.contains(&context), "{id}: context {context}");
        }
        for tag in row.tags.split(',') {
            assert!(TAGS.contains(&tag), "{id}: tag {tag}");
        }
    }
    assert_eq!(of_sentence.len(), sentences(&rows).len(), "an id with two sentences");
}

#[test]
fn both_actors_stand_in_the_sentence_as_whole_words() {
    for row in &rows() {
        for span in [&row.source, &row.target] {
            let whole = row.sentence.match_indices(span.as_str()).any(|(at, _)| {
                let before = row.sentence[..at].chars().next_back();
                let after = row.sentence[at + span.len()..].chars().next();
                ![before, after].into_iter().flatten().any(char::is_alphanumeric)
            });
            assert!(whole, "{}: {span:?} is not in the sentence", row.id);
        }
    }
}

#[test]
fn codes_agree_with_each_other() {
    for row in &rows() {
        let id = &row.id;
        if row.root == "NONE" {
            assert!(row.mode.is_empty() && row.cameo.is_empty(), "{id}: NONE has a code");
            continue;
        }
        let of_code = row.code().root();
        let label = match of_code {
            Root::Concede | Root::Retreat => "YIELD".to_owned(),
            root => root.to_string(),
        };
        let excepted = EXCEPTIONS.contains(&(row.cameo.as_str(), row.root.as_str()));
        assert!(label == row.root || excepted, "{id}: {} is {label}, not {}", row.cameo, row.root);
        let root: Root = row.family().parse().unwrap_or_else(|_| panic!("{id}: root {}", row.root));
        let known = row.mode.is_empty() || scores::modes(root).any(|mode| mode == row.mode);
        // A ceasefire or a withdrawal that CAMEO counts as verbal keeps the mode of the deed.
        let retreat = row.root == "YIELD" && scores::modes(Root::Retreat).any(|mode| mode == row.mode);
        assert!(known || retreat, "{id}: {} has no mode {}", row.root, row.mode);
    }
}

#[test]
fn no_sentence_repeats_another() {
    let rows = rows();
    let mut seen: BTreeMap<Vec<String>, &str> = BTreeMap::new();
    for (id, sentence) in sentences(&rows) {
        let words: Vec<_> = sentence
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        for run in words.windows(RUN) {
            let first = *seen.entry(run.to_vec()).or_insert(id);
            assert_eq!(first, id, "{RUN} words in a row in two sentences: {}", run.join(" "));
        }
    }
}

#[test]
fn openings_vary() {
    let rows = rows();
    let sentences = sentences(&rows);
    let openings = sentences.values().map(|sentence| {
        let end = sentence.match_indices(' ').nth(1).map_or(sentence.len(), |(at, _)| at);
        &sentence[..end]
    });
    for (opening, number) in count(openings) {
        assert!(number * 100 <= sentences.len(), "{number} sentences begin with {opening:?}");
    }
}

#[test]
fn the_codebook_is_covered() {
    let rows = rows();
    let families: Vec<_> = rows.iter().map(Row::family).collect();
    let by_root = count(families.iter().map(String::as_str));
    let by_modality = count(rows.iter().map(|row| row.modality.as_str()));
    let by_split = count(rows.iter().map(|row| row.split.as_str()));
    println!("{} rows over {} sentences", rows.len(), sentences(&rows).len());
    println!("{by_root:?}\n{by_modality:?}\n{by_split:?}");
    for root in Root::ALL {
        let rows = by_root.get(root.to_string().as_str()).copied().unwrap_or(0);
        assert!(rows >= FLOOR_ROOT, "{root}: only {rows} rows");
    }
    let not_actual = rows.len() - by_modality["actual"];
    assert!(not_actual >= FLOOR_NOT_ACTUAL, "only {not_actual} rows planned, hypothetical or negated");
    assert!(by_root["NONE"] >= FLOOR_NONE, "only {} rows NONE", by_root["NONE"]);
    assert!(rows.len() >= FLOOR_ROWS, "only {} rows", rows.len());
}

/// What the corpus has reached; floors only rise.
const FLOOR_ROWS: usize = 14_300;
const FLOOR_ROOT: usize = 600;
const FLOOR_NOT_ACTUAL: usize = 1_500;
const FLOOR_NONE: usize = 3_200;
const FLOOR_WITHOUT_EVENT: usize = 500;
const FLOOR_TEST_ARTICLES: usize = 17;

#[test]
fn every_mode_and_three_digit_code_is_present() {
    let rows = rows();
    let modes: BTreeSet<_> = rows.iter().map(|row| (row.family(), row.mode.clone())).collect();
    for root in Root::ALL {
        for mode in scores::modes(root).filter(|mode| !UNDEFINED_MODES.contains(mode)) {
            assert!(modes.contains(&(root.to_string(), mode.to_owned())), "no row of {root} {mode}");
        }
    }
    let codes: BTreeSet<_> = rows.iter().filter_map(|row| row.cameo.get(..3)).collect();
    for code in cameo::entries().keys().filter(|code| code.len() == 3) {
        assert!(codes.contains(code), "no row of CAMEO {code}");
    }
}

/// Modes that the conversion table uses and the manual does not define.
const UNDEFINED_MODES: [&str; 2] = ["ease", "return"];

/// The parts of the articles: development, train, dev and test.
const PARTS: [&str; 4] = ["articles", "articles_train", "articles_dev", "articles_test"];
/// The parts whose articles were put there by the hash of their text.
const HASHED: [&str; 3] = ["articles_train", "articles_dev", "articles_test"];
/// The test articles of the first round, chosen by hand.
const CHOSEN: &str = "U-";

#[test]
fn articles_are_coded_against_their_own_text() {
    for part in PARTS {
        let articles = full_texts(part);
        let mut coded = BTreeSet::new();
        for event in lines(&format!("{part}_gold.ndjson")) {
            let id = text(&event, "article");
            let article = articles.get(&id).unwrap_or_else(|| panic!("event of unknown article {id}"));
            coded.insert(id.clone());
            check_event(&id, article, &event);
        }
        assert_eq!(coded.len(), articles.len(), "an article without a line in {part}_gold.ndjson");
    }
}

/// Title and body of each article of a part, by id.
fn full_texts(part: &str) -> BTreeMap<String, String> {
    let of = |article: &serde_json::Value| format!("{}\n{}", text(article, "title"), text(article, "body"));
    lines(&format!("{part}.ndjson")).iter().map(|article| (text(article, "id"), of(article))).collect()
}

fn check_event(id: &str, article: &str, event: &serde_json::Value) {
    // A line with nothing but the id says that the article holds no event.
    let Some(roots) = event["roots"].as_array() else { return };
    for part in ["sentence", "trigger"] {
        assert!(article.contains(&text(event, part)), "{id}: {part} not in the article: {event}");
    }
    assert!(
        text(event, "sentence").contains(&text(event, "trigger")),
        "{id}: trigger not in the sentence: {event}"
    );
    for actor in ["source", "target"] {
        assert!(article.contains(&text(&event[actor], "text")), "{id}: {actor} not in the article: {event}");
    }
    for root in roots {
        assert!(root.as_str().is_some_and(|root| root.parse::<Root>().is_ok()), "{id}: root {root}");
    }
}

#[test]
fn mentions_of_article_actors_stand_where_they_say() {
    for part in PARTS {
        let articles = full_texts(part);
        if part == "articles_test" {
            assert!(articles.len() >= FLOOR_TEST_ARTICLES, "only {} test articles", articles.len());
        }
        for actor in lines(&format!("{part}_actors.ndjson")) {
            let id = text(&actor, "article");
            let article = articles.get(&id).unwrap_or_else(|| panic!("actor of unknown article {id}"));
            let mentions =
                actor["mentions"].as_array().unwrap_or_else(|| panic!("{id}: no mentions: {actor}"));
            assert!(!mentions.is_empty(), "{id}: no mention: {actor}");
            let starts = actor["starts"].as_array();
            for (number, mention) in mentions.iter().enumerate() {
                let mention = mention.as_str().unwrap_or_else(|| panic!("{id}: mention {mention}"));
                match starts.map(|starts| starts.get(number).and_then(serde_json::Value::as_u64)) {
                    None => assert!(article.contains(mention), "{id}: {mention:?} is not in the article"),
                    Some(at) => {
                        let at = at.and_then(|at| usize::try_from(at).ok());
                        let here = at.and_then(|at| article.get(at..));
                        assert!(
                            here.is_some_and(|here| here.starts_with(mention)),
                            "{id}: {mention:?} is not there"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn articles_lie_in_the_part_of_their_hash() {
    for part in HASHED {
        for (id, article) in full_texts(part).iter().filter(|(id, _)| !id.starts_with(CHOSEN)) {
            assert_eq!(format!("articles_{}", split_of(article)), part, "{id}");
        }
    }
}

fn lines(name: &str) -> Vec<serde_json::Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}"));
    text.lines().map(parse).collect()
}

fn text(value: &serde_json::Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no text {field} in {value}")).to_owned()
}

#[test]
fn sentences_without_an_event_are_numbered_and_differ() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/none.tsv");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id\tsentence\tnote"));
    let mut seen = BTreeSet::new();
    for (number, line) in (1..).zip(lines) {
        let fields: Vec<_> = line.split('\t').collect();
        let &[id, sentence, note] = fields.as_slice() else { panic!("not three columns: {line}") };
        assert_eq!(id, format!("none-{number:03}"));
        assert!(seen.insert(sentence), "{id}: a sentence twice");
        assert!(!note.is_empty(), "{id}: no note");
    }
    assert!(seen.len() >= FLOOR_WITHOUT_EVENT, "only {} sentences without an event", seen.len());
}
