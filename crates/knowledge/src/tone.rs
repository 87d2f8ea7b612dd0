//! Tone of an article: the share of friendly minus the share of hostile words.

use std::collections::BTreeMap;
use std::sync::OnceLock;

const WORDS: &str = include_str!("../data/tone.tsv");

fn words() -> &'static BTreeMap<&'static str, i32> {
    static TABLE: OnceLock<BTreeMap<&'static str, i32>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = WORDS.lines().filter(|line| !line.starts_with('#'));
        let pairs = rows.filter_map(|row| row.split_once('\t'));
        pairs.map(|(word, sign)| (word, if sign == "+" { 1 } else { -1 })).collect()
    })
}

/// Tone from -100 to 100: `100 * (positive - negative) / words`, the definition of GDELT's average tone ("percentage of
/// positive words minus percentage of negative words", GDELT codebook) over Entente's own word list. 0 for an empty text.
#[must_use]
pub fn tone(text: &str) -> f32 {
    let mut total = 0_u32;
    let mut sum = 0_i32;
    let mut buffer = String::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        total += 1;
        if word.len() > 16 || !word.is_ascii() {
            continue;
        }
        buffer.clear();
        buffer.push_str(word);
        buffer.make_ascii_lowercase();
        sum += words().get(buffer.as_str()).copied().unwrap_or(0);
    }
    if total == 0 {
        return 0.0;
    }
    // Both numbers are far below the precision of f32.
    (100.0 * sum as f32 / total as f32).clamp(-100.0, 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_signed() {
        let rows: Vec<&str> = WORDS.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(rows.iter().all(|row| row.ends_with("\t+") || row.ends_with("\t-")));
        assert_eq!(words().len(), rows.len());
    }

    #[test]
    fn friendly_and_hostile_texts_differ() {
        assert!(tone("The two sides praised the peace accord and their friendship.") > 10.0);
        assert!(tone("The bombing killed nine and wounded dozens in a brutal attack.") < -10.0);
        assert!(tone("").abs() < f32::EPSILON);
    }
}
