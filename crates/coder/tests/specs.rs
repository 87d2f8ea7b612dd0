//! The sentence specifications of `specs/`: each line is a sentence with its coding. See `specs/README.md`.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use entente_coder::{Accuracy, Coder, Options};
use entente_messages::{Article, CodedEvent, Modality, Part};

/// One line of a specification.
#[derive(Debug)]
struct Spec {
    place: String,
    /// A sentence that goes before.
    text: String,
    source: Option<Range<usize>>,
    target: Option<Range<usize>>,
    trigger: Option<Range<usize>>,
    /// `None`: no event at all.
    root: Option<String>,
    cameo: Option<String>,
    modality: Option<Modality>,
    symmetric: bool,
    known: bool,
}

fn read(place: String, line: &str) -> Result<Spec, String> {
    let line = line.strip_prefix("- ").ok_or("a line begins with `- `")?;
    let (known, line) = line.strip_prefix("known: ").map_or((false, line), |rest| (true, rest));
    let (marked, coding) = line.rsplit_once(" => ").ok_or("a line has a coding behind ` => `")?;
    let mut spec = Spec {
        place,
        text: String::new(),
        source: None,
        target: None,
        trigger: None,
        root: None,
        cameo: None,
        modality: None,
        symmetric: false,
        known,
    };
    let mut rest = marked;
    while let Some(open) = rest.find('[') {
        spec.text.push_str(&rest[..open]);
        let close = rest.find(']').ok_or("a mark is not closed")?;
        let (mark, words) = rest[open + 1..close].split_once(' ').ok_or("a mark has a letter and words")?;
        let start = spec.text.chars().count();
        spec.text.push_str(words);
        let span = start..spec.text.chars().count();
        match mark {
            "S" => spec.source = Some(span),
            "T" => spec.target = Some(span),
            "!" => spec.trigger = Some(span),
            other => return Err(format!("mark `{other}` is none of S, T, !")),
        }
        rest = &rest[close + 1..];
    }
    spec.text.push_str(rest);
    for word in coding.split_whitespace() {
        match word {
            "none" => {}
            "planned" => spec.modality = Some(Modality::Planned),
            "negated" => spec.modality = Some(Modality::Negated),
            "actual" => spec.modality = Some(Modality::Actual),
            "mutual" => spec.symmetric = true,
            code if code.starts_with(|c: char| c.is_ascii_digit()) => spec.cameo = Some(code.to_owned()),
            root => spec.root = Some(root.to_owned()),
        }
    }
    Ok(spec)
}

fn overlaps(span: &entente_messages::CharSpan, marked: &Range<usize>) -> bool {
    span.part == Part::Body && (span.start as usize) < marked.end && marked.start < span.end as usize
}

fn fits(spec: &Spec, event: &CodedEvent) -> bool {
    let side = |marked: &Option<Range<usize>>, span| marked.as_ref().is_none_or(|m| overlaps(span, m));
    let straight = side(&spec.source, &event.source.span) && side(&spec.target, &event.target.span);
    let swapped =
        event.symmetric && side(&spec.source, &event.target.span) && side(&spec.target, &event.source.span);
    (straight || swapped)
        && spec.root.as_deref() == Some(event.root.name())
        && spec.cameo.as_deref().is_none_or(|c| event.cameo.starts_with(c))
        && spec.modality.is_none_or(|m| event.modality == m)
        && (!spec.symmetric || event.symmetric)
        && spec.trigger.as_ref().is_none_or(|t| overlaps(&event.trigger, t))
}

fn check(spec: &Spec) -> Result<(), String> {
    let article: Article =
        serde_json::from_value(serde_json::json!({ "id": spec.place, "title": "", "body": spec.text }))
            .unwrap();
    // The fast models: what the lexicon and the syntax yield must not hang on the transformer.
    let events = Coder::new(Options { accuracy: Accuracy::Fast }).code(&article).events;
    let right = match &spec.root {
        None => events.is_empty(),
        Some(_) => events.iter().any(|e| fits(spec, e)),
    };
    if right {
        return Ok(());
    }
    let mut got = String::new();
    for e in &events {
        let _ = write!(
            got,
            "\n      {} {} {} {} ({:?}) by `{}`",
            e.source.text,
            e.root,
            e.target.text,
            e.cameo,
            e.modality,
            e.trigger.slice("", &spec.text).unwrap_or("?")
        );
    }
    Err(format!(
        "{}: {}\n    expected {:?} {:?}, got:{}",
        spec.place,
        spec.text,
        spec.root,
        spec.cameo,
        if got.is_empty() { " nothing" } else { &got }
    ))
}

fn all_specs() -> Vec<Spec> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let mut specs = Vec::new();
    for file in files.iter().filter(|f| f.file_name().is_some_and(|n| n != "README.md")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for (number, line) in std::fs::read_to_string(file).unwrap().lines().enumerate() {
            if line.starts_with("- ") {
                let place = format!("{name}:{}", number + 1);
                specs.push(read(place.clone(), line).unwrap_or_else(|e| panic!("{place}: {e}")));
            }
        }
    }
    specs
}

#[test]
fn every_specification_holds_and_every_known_fault_is_still_one() {
    let specs = all_specs();
    let (mut wrong, mut mended) = (Vec::new(), Vec::new());
    for spec in &specs {
        match (check(spec), spec.known) {
            (Err(report), false) => wrong.push(report),
            (Ok(()), true) => mended.push(spec.place.clone()),
            _ => {}
        }
    }
    if std::env::var_os("UPDATE_SPECS").is_some() {
        mark(&specs);
        return;
    }
    let known = specs.iter().filter(|s| s.known).count();
    println!("{} specifications, {known} known faults", specs.len());
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), specs.len(), wrong.join("\n"));
    assert!(mended.is_empty(), "no longer wrong, take away `known:`: {mended:?}");
}

/// Writes `known: ` before what is wrong and takes it away where it no longer is.
fn mark(specs: &[Spec]) {
    for spec in specs.iter().filter(|s| check(s).is_err() != s.known) {
        let (file, line) = spec.place.split_once(':').unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs").join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let number: usize = line.parse().unwrap();
        let changed = |l: &str| match l.strip_prefix("- known: ") {
            Some(rest) => format!("- {rest}"),
            None => l.replacen("- ", "- known: ", 1),
        };
        let lines: Vec<String> = text
            .lines()
            .enumerate()
            .map(|(i, l)| if i + 1 == number { changed(l) } else { l.to_owned() })
            .collect();
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    }
}

#[test]
fn there_are_at_least_three_hundred() {
    let specs = all_specs();
    assert!(specs.len() >= 300, "{}", specs.len());
    for root in entente_ontology::Root::ALL.map(entente_ontology::Root::name) {
        let own = specs.iter().filter(|s| s.root.as_deref() == Some(root)).count();
        assert!(own >= 8, "{root} has only {own} specifications");
    }
}

#[test]
fn a_malformed_line_is_refused_with_the_reason() {
    for (line, reason) in [
        ("- [S Mali] met [T Chad].", "coding"),
        ("- [S Mali met Chad. => CONSULT", "not closed"),
        ("- [X Mali] met Chad. => CONSULT", "none of S, T, !"),
    ] {
        let error = read("x:1".into(), line).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
}
