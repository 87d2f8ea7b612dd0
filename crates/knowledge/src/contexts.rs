//! PLOVER contexts told from the words of a sentence.

use std::collections::BTreeMap;
use std::sync::OnceLock;

const WORDS: &str = include_str!("../data/contexts.tsv");

fn words() -> &'static BTreeMap<&'static str, &'static str> {
    static TABLE: OnceLock<BTreeMap<&'static str, &'static str>> = OnceLock::new();
    TABLE.get_or_init(|| {
        WORDS.lines().filter(|line| !line.starts_with('#')).filter_map(|row| row.split_once('\t')).collect()
    })
}

/// Adds the contexts that words of the sentence name (`data/contexts.tsv`).
pub fn add(sentence: &str, contexts: &mut Vec<String>) {
    let mut buffer = String::new();
    for word in sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| (3..=16).contains(&word.len())) {
        buffer.clear();
        buffer.push_str(word);
        buffer.make_ascii_lowercase();
        if let Some(context) = words().get(buffer.as_str())
            && !contexts.iter().any(|known| known == context)
        {
            contexts.push((*context).to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_names_known_contexts() {
        let rows: Vec<&str> = WORDS.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
        for (word, context) in words() {
            assert!(entente_ontology::scores::CONTEXTS.contains(context), "{word}: {context}");
        }
    }

    #[test]
    fn words_add_their_context_once() {
        let mut contexts = vec!["military".to_owned()];
        add("The navy and the army raised the tariff.", &mut contexts);
        assert_eq!(contexts, ["military", "economic"]);
    }
}
