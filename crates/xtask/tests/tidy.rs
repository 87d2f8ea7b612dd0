//! What must be true of the repository as a whole; `docs/architecture.md` states these rules.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates that are functions anyone can call: no runtime, no broker.
const PURE: [&str; 9] = [
    "entente-messages",
    "entente-ontology",
    "entente-article",
    "entente-language",
    "entente-knowledge",
    "entente-classifier",
    "entente-transformer",
    "entente-coder",
    "entente-relations",
];

/// What a pure crate may not reach.
const IMPURE: [&str; 4] = ["tokio", "async-nats", "axum", "hyper"];

/// Longer files are several rooms in one; lists of data belong into data files.
const LONGEST_FILE: usize = 700;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn crates() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() && path.file_name().is_none_or(|name| name != "target") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all_rust_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    rust_files(&root().join("crates"), &mut files);
    rust_files(&root().join("tests"), &mut files);
    files.sort();
    files
}

#[test]
fn pure_crates_reach_no_runtime_and_no_broker() {
    for package in PURE {
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .current_dir(root())
            .args([
                "tree",
                "--locked",
                "--offline",
                "--edges",
                "normal",
                "--prefix",
                "none",
                "--package",
                package,
            ])
            .output()
            .unwrap();
        assert!(output.status.success(), "{package}: {}", String::from_utf8_lossy(&output.stderr));
        let tree = String::from_utf8_lossy(&output.stdout);
        let reached: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        for name in IMPURE {
            assert!(!reached.contains(name), "{package} is pure and may not depend on {name}");
        }
    }
}

#[test]
fn the_architecture_page_names_every_crate_and_no_other() {
    let page = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let named: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### `crates/"))
        .flat_map(|rest| rest.split('`').next())
        .map(str::to_owned)
        .collect();
    let existing: BTreeSet<String> = crates().into_iter().collect();
    assert_eq!(named, existing, "docs/architecture.md has a heading for each crate, and for nothing else");
}

#[test]
fn subjects_are_built_in_one_file_only() {
    let only = root().join("crates/messages/src/subject.rs").canonicalize().unwrap();
    for file in all_rust_files() {
        let in_source = file.components().any(|part| part.as_os_str() == "src");
        if !in_source || file.canonicalize().unwrap() == only {
            continue;
        }
        for (number, line) in (1..).zip(fs::read_to_string(&file).unwrap().lines()) {
            let code = line.trim_start();
            // Braces make it an address template of AsyncAPI, which nobody sends to.
            let written = code.contains("\"events.public") || code.contains("\"mentions.public");
            let built = written && !code.contains("{source}");
            assert!(
                code.starts_with("//") || !built,
                "{}:{number} writes a subject; use entente_messages::subject",
                file.display()
            );
        }
    }
}

#[test]
fn no_source_file_is_too_long_to_hold_in_the_head() {
    let long: Vec<String> = all_rust_files()
        .into_iter()
        .filter_map(|file| {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            (lines > LONGEST_FILE).then(|| format!("{} has {lines} lines", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "split these: {long:#?}");
}

#[test]
fn every_workspace_member_takes_the_shared_lints() {
    for name in crates() {
        let manifest = fs::read_to_string(root().join("crates").join(&name).join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "crates/{name} has no shared lints");
    }
}
