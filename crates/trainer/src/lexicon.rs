//! Learns the tables of [`entente_language::lexicon`].

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use entente_language::analyzer::auxiliaries;
use entente_language::conllu::ConlluSentence;
use entente_language::container::Writer;
use entente_language::lexicon::{self, FeatsQuery, LemmaRule};
use entente_language::table::Table;
use entente_language::{Deprel, Upos, Xpos};

type Counts<K, V> = BTreeMap<K, BTreeMap<V, usize>>;

/// The most frequent value; of equals, the first in order.
fn majority<V: Ord + Clone>(counts: &BTreeMap<V, usize>) -> Option<V> {
    counts.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map(|(v, _)| v.clone())
}

fn write_table(writer: &mut Writer, name: &str, entries: &[(u64, u16)]) {
    let table = Table::build(entries);
    writer.u32s(&format!("{name}.keys"), table.parts().0);
    writer.u16s(&format!("{name}.values"), table.parts().1);
}

/// Learns everything and writes the sections.
///
/// # Errors
/// Where the treebank has tags of its own.
pub fn train(treebank: &[ConlluSentence], writer: &mut Writer) -> Result<()> {
    train_splits(treebank, writer);
    train_lemmas(treebank, writer)?;
    train_feats(treebank, writer)
}

fn train_splits(treebank: &[ConlluSentence], writer: &mut Writer) {
    let mut counts: Counts<String, u16> = Counts::new();
    for sentence in treebank {
        for token in sentence.surface() {
            let lengths: Vec<u16> = sentence.words[token.first..token.last]
                .iter()
                .map(|w| w.form.chars().count() as u16)
                .collect();
            let value = match lengths[..] {
                [first, _] if first < 16 => first,
                [first, second, _] if first < 16 && second < 16 => first | second << 4,
                _ => 0,
            };
            *counts.entry(token.form.to_lowercase()).or_default().entry(value).or_default() += 1;
        }
    }
    let mut entries = Vec::new();
    for (lower, values) in &counts {
        let rule = lexicon::clitic(lower)
            .map_or(0, |bytes| u16::try_from(lower[..lower.len() - bytes].chars().count()).unwrap_or(0));
        let value = majority(values).unwrap_or(0);
        if value != rule {
            entries.push((lexicon::split_key(lower), value));
        }
    }
    write_table(writer, "lexicon.splits", &entries);
}

fn train_lemmas(treebank: &[ConlluSentence], writer: &mut Writer) -> Result<()> {
    let mut by_word: Counts<(String, Xpos), LemmaRule<'_>> = Counts::new();
    for word in treebank.iter().flat_map(|s| &s.words) {
        if word.xpos == "GW" || word.feats.contains("Typo=Yes") || word.lemma == "_" && word.form != "_" {
            continue;
        }
        let xpos: Xpos = word.xpos.parse()?;
        let lower = word.form.to_lowercase();
        let rule = LemmaRule::between(&word.form, &lower, &word.lemma);
        *by_word.entry((lower, xpos)).or_default().entry(rule).or_default() += 1;
    }
    // Endings count types, not tokens: a rule holds for a new word as for many known words, not as for a frequent one.
    let mut by_suffix: Counts<(String, Xpos), LemmaRule<'_>> = Counts::new();
    for ((lower, xpos), rules) in &by_word {
        let rule = majority(rules).context("a word without a lemma")?;
        for suffix in lexicon::suffixes(lower) {
            *by_suffix.entry((suffix.to_owned(), *xpos)).or_default().entry(rule).or_default() += 1;
        }
    }
    let mut rules: Vec<LemmaRule<'_>> = Vec::new();
    let mut number = |rule: LemmaRule<'_>| -> u16 {
        let text = rule.to_line();
        let found = rules.iter().position(|r| r.to_line() == text);
        let index = found.unwrap_or_else(|| {
            let append: &'static str = Box::leak(rule.append.to_owned().into_boxed_str());
            rules.push(LemmaRule { append, ..rule });
            rules.len() - 1
        });
        u16::try_from(index).unwrap_or(0)
    };
    let mut entries = Vec::new();
    let mut chosen: BTreeMap<(String, Xpos), LemmaRule<'_>> = BTreeMap::new();
    // Shorter endings first: a longer one is kept only where it decides otherwise.
    let mut suffixes: Vec<_> = by_suffix.iter().collect();
    suffixes.sort_by_key(|((suffix, xpos), _)| (suffix.chars().count(), suffix.clone(), *xpos));
    for ((suffix, xpos), counts) in suffixes {
        let Some(rule) = majority(counts) else { continue };
        let shorter = lexicon_rule(&chosen, suffix, *xpos);
        if shorter != Some(rule) {
            entries.push((lexicon::suffix_key(suffix, *xpos), number(rule)));
            chosen.insert((suffix.clone(), *xpos), rule);
        }
    }
    for ((lower, xpos), counts) in &by_word {
        let Some(rule) = majority(counts) else { continue };
        let guess = lexicon::suffixes(lower).find_map(|s| chosen.get(&(s.to_owned(), *xpos)));
        if guess != Some(&rule) {
            entries.push((lexicon::lemma_key(lower, *xpos), number(rule)));
        }
    }
    let lines: Vec<String> = rules.iter().map(|r| r.to_line()).collect();
    writer.strings("lexicon.rules", &lines);
    write_table(writer, "lexicon.lemmas", &entries);
    Ok(())
}

/// What the endings chosen so far say about a longer one.
fn lexicon_rule<'a>(
    chosen: &BTreeMap<(String, Xpos), LemmaRule<'a>>,
    suffix: &str,
    xpos: Xpos,
) -> Option<LemmaRule<'a>> {
    let starts =
        suffix.char_indices().map(|(i, _)| i).skip(1).chain((!suffix.is_empty()).then_some(suffix.len()));
    starts.into_iter().find_map(|i| chosen.get(&(suffix[i..].to_owned(), xpos)).copied())
}

fn train_feats(treebank: &[ConlluSentence], writer: &mut Writer) -> Result<()> {
    let mut feats: BTreeMap<&str, usize> = BTreeMap::new();
    let mut queries: Vec<([u64; 4], &str)> = Vec::new();
    for sentence in treebank {
        let arcs: Vec<(Option<usize>, Deprel)> = sentence
            .words
            .iter()
            .map(|w| Ok((w.head.checked_sub(1), w.deprel.parse()?)))
            .collect::<Result<_>>()?;
        let auxiliaries = auxiliaries(arcs.iter().copied());
        for (i, word) in sentence.words.iter().enumerate() {
            if word.feats.contains("Typo=") || word.feats.contains("Abbr=") || word.feats.contains("Style=") {
                continue;
            }
            let text = if word.feats == "_" { "" } else { word.feats.as_str() };
            *feats.entry(text).or_default() += 1;
            let lower = word.form.to_lowercase();
            let query = FeatsQuery {
                lower: &lower,
                upos: word.upos.parse::<Upos>()?,
                xpos: word.xpos.parse()?,
                deprel: arcs[i].1,
                auxiliaries: auxiliaries[i],
            };
            queries.push((query.keys(), text));
        }
    }
    let names: Vec<&str> = feats.keys().copied().collect();
    let index: BTreeMap<&str, u16> = names.iter().enumerate().map(|(i, &n)| (n, i as u16)).collect();
    let mut known: BTreeMap<u64, u16> = BTreeMap::new();
    // From the most general level to the most special: a key enters only where what is there already errs.
    for level in [3, 2, 1, 0] {
        let mut counts: BTreeMap<u64, (BTreeMap<u16, usize>, bool)> = BTreeMap::new();
        for (keys, text) in &queries {
            let value = index[text];
            let guess = keys[level + 1..].iter().find_map(|k| known.get(k)).copied();
            let (values, errs) = counts.entry(keys[level]).or_default();
            *values.entry(value).or_default() += 1;
            *errs |= guess != Some(value);
        }
        for (key, (values, errs)) in counts {
            // One odd case of a word in its context is as often an error of annotation.
            if errs && (level != 0 || values.values().sum::<usize>() > 1) {
                known.insert(key, majority(&values).unwrap_or(0));
            }
        }
    }
    let entries: Vec<(u64, u16)> = known.into_iter().collect();
    writer.strings("lexicon.feats", &names);
    write_table(writer, "lexicon.feats", &entries);
    Ok(())
}
