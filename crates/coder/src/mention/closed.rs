//! Words of closed classes: numbers, titles, pronouns.

use crate::mention::phrase::Pronoun;

/// The number that a word names; "both" is two.
pub(crate) fn number_or_both(low: &str) -> Option<u32> {
    const NAMES: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    if low == "both" {
        return Some(2);
    }
    NAMES.iter().position(|&name| name == low).and_then(|n| u32::try_from(n).ok()).or_else(|| {
        low.bytes().next().filter(u8::is_ascii_digit).and_then(|_| low.replace(',', "").parse().ok())
    })
}

/// Titles before a name, and the pronoun that they ask for.
pub(crate) fn honorific(low: &str) -> Option<Pronoun> {
    match low.trim_end_matches('.') {
        "mr" | "sir" | "lord" | "fr" | "father" => Some(Pronoun::He),
        "mrs" | "ms" | "miss" | "madam" | "madame" | "lady" | "dame" => Some(Pronoun::She),
        "dr" | "prof" | "rev" | "hon" | "st" => Some(Pronoun::I),
        _ => None,
    }
}

/// The pronoun that a word is.
pub(crate) fn pronoun_of(low: &str) -> Option<Pronoun> {
    Some(match low {
        "he" | "him" | "his" | "himself" => Pronoun::He,
        "she" | "her" | "hers" | "herself" => Pronoun::She,
        "it" | "its" | "itself" => Pronoun::It,
        "they" | "them" | "their" | "theirs" | "themselves" => Pronoun::They,
        "we" | "us" | "our" | "ours" | "ourselves" => Pronoun::We,
        "i" | "me" | "my" | "mine" | "myself" => Pronoun::I,
        "who" | "whom" | "which" | "whose" | "that" => Pronoun::Who,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words_and_digits() {
        assert_eq!(number_or_both("eleven"), Some(11));
        assert_eq!(number_or_both("1,200"), Some(1200));
        assert_eq!(number_or_both("both"), Some(2));
        assert_eq!(number_or_both("some"), None);
        assert_eq!(number_or_both("99999999999"), None);
    }
}
