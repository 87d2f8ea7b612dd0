//! What keeps the data files in order.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::three_digit_codes;
use super::load::{FILES, Lexicon};
use super::pattern::{Entry, Item, PartOfSpeech};

fn rows(text: &'static str) -> Vec<&'static str> {
    text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()).collect()
}

#[test]
fn all_files_are_read_without_a_fault() {
    let lexicon = Lexicon::built_in().expect("every row parses");
    let patterns: usize = lexicon.entries().iter().map(Entry::expanded).sum();
    assert!(patterns > 5_000, "{patterns}");
}

#[test]
fn rows_are_sorted_and_unique() {
    for (_, file, text) in FILES {
        let keys: Vec<(usize, &str)> = rows(text)
            .into_iter()
            .map(|row| {
                let (pos, rest) = row.split_once('\t').expect("columns");
                let pattern = rest.split('\t').next().expect("a pattern");
                (["v", "n", "a"].iter().position(|p| *p == pos).expect("a part of speech"), pattern)
            })
            .collect();
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{file}: `{}` stands before `{}`", pair[0].1, pair[1].1);
        }
    }
}

#[test]
fn every_three_digit_code_has_an_entry_or_comes_from_a_governing_word() {
    let lexicon = Lexicon::shared();
    let mut reached: BTreeSet<String> =
        lexicon.entries().iter().map(|e| e.cameo.chars().take(3).collect()).collect();
    reached.extend(lexicon.transform_results().map(|c| c.chars().take(3).collect()));
    let missing: Vec<&&str> = three_digit_codes().iter().filter(|c| !reached.contains(**c)).collect();
    assert!(missing.is_empty(), "no row leads to {missing:?}");
}

/// Two rows of different files that fit the same words would make the coding depend on the order of the files.
#[test]
fn no_row_hides_another() {
    let lexicon = Lexicon::shared();
    let mut seen: BTreeMap<(PartOfSpeech, String, String), &str> = BTreeMap::new();
    let mut hidden = Vec::new();
    for entry in lexicon.entries() {
        let shape = format!("{}{:?}", entry.subject_is_target, entry.items);
        for head in &entry.heads {
            let name = format!("{} {}", head.lemma, head.particle.as_deref().unwrap_or(""));
            if let Some(first) = seen.insert((entry.pos, name.clone(), shape.clone()), &entry.place) {
                hidden.push(format!("{first} and {} both match `{name}` in `{}`", entry.place, entry.text));
            }
        }
    }
    assert!(hidden.is_empty(), "{} rows are hidden:\n{}", hidden.len(), hidden.join("\n"));
}

#[test]
fn modes_are_those_of_the_codebook() {
    for entry in Lexicon::shared().entries() {
        if let Some(mode) = &entry.mode {
            assert!(
                entente_ontology::scores::modes(entry.root).any(|m| m == mode.as_str()),
                "{}: {} has no mode `{mode}`",
                entry.place,
                entry.root
            );
        }
    }
}

#[test]
fn a_faulty_row_is_refused_with_the_reason() {
    let parse =
        |row: &str| Entry::parse(row, "x:1".into(), entente_ontology::Root::Assault, &BTreeMap::new());
    for (row, reason) in [
        ("q\tattack T\t190", "part of speech"),
        ("v\t\t190", "pattern is missing"),
        ("v\tattack T\t999", "not a CAMEO code"),
        ("v\tattack @army\t190", "not in classes.tsv"),
        ("v\tattack T\t190\t-\tq", "flag `q`"),
        ("v\tattack +if\t190", "none of +to"),
        ("v\tattack Mali\t190", "not a lower-case word"),
    ] {
        let error = parse(row).expect_err(row);
        assert!(error.contains(reason), "{row}: {error}");
    }
    let good = parse("v\thit T with:bomb|shell\t194\theavy-weapons\ti").expect("a good row");
    assert!(good.flags.implicit && matches!(good.items[1], Item::Oblique(..)));
}
