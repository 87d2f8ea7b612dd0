//! Byline and date of pages that state them only in their running text.

use super::tags::{Piece, pieces};
use crate::date::{self, Precision, ReadDate};

/// How many lines of a page are looked at.
const MAX_LINES: usize = 2_000;

/// Longest line, in bytes, that states an author or a date.
const MAX_LINE: usize = 160;

/// What short lines of a page say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stated {
    pub(super) byline: Option<String>,
    pub(super) date: Option<ReadDate>,
}

/// The first line with a full date, and the first with a name after "By".
pub(super) fn stated(page: &str) -> Stated {
    let mut stated = Stated::default();
    let texts = pieces(page).filter_map(|piece| match piece {
        Piece::Text(text) if text.len() <= 2 * MAX_LINE => Some(text),
        _ => None,
    });
    for text in texts.filter(|text| !text.trim().is_empty()).take(MAX_LINES) {
        let line = crate::text::one_line(&htmlize::unescape(text));
        if line.len() > MAX_LINE {
            continue;
        }
        if stated.date.is_none() {
            stated.date = dated(&line);
        }
        if stated.byline.is_none() {
            stated.byline = named(&line);
        }
        if stated.date.is_some() && stated.byline.is_some() {
            break;
        }
    }
    stated
}

/// The date of a line that holds little else.
fn dated(line: &str) -> Option<ReadDate> {
    let words = line.split_whitespace().count();
    let sentence = line.ends_with('.') && words > 6;
    if words > 16 || sentence || !line.contains(|c: char| c.is_ascii_digit()) || line.contains(['©']) {
        return None;
    }
    let digits = line.trim().bytes().all(|byte| byte.is_ascii_digit());
    if digits { None } else { date::read(line) }
}

/// The name after "By", two to four capitalised words.
fn named(line: &str) -> Option<String> {
    let after = line.strip_prefix("By ").or_else(|| line.split_once(" By ").map(|(_, after)| after))?;
    let capital = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'))
    };
    let name: Vec<&str> = after.split([' ']).take_while(capital).take(4).collect();
    let rest = after.split(' ').nth(name.len());
    let ends = rest.is_none_or(|word| word.starts_with(|c: char| !c.is_lowercase()));
    (name.len() >= 2 && ends && line.split_whitespace().count() <= 16).then(|| name.join(" "))
}

/// The day in an address: `/2026/01/17/`, `/2026-01-17-`.
pub(super) fn date_of_url(url: &str) -> Option<ReadDate> {
    let parts: Vec<&str> = url.split(['/', '-', '_', '.']).collect();
    parts.windows(3).find_map(|window| {
        let [year, month, day] = window else { return None };
        if year.len() != 4 || !year.starts_with(['1', '2']) || month.len() != 2 || day.len() != 2 {
            return None;
        }
        date::read(&format!("{year}-{month}-{day}")).filter(|date| date.precision == Precision::Day)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_old_pages_are_read() {
        let page = "<title>x</title><td>News of 12</td><font>bulletin.example &nbsp; 2026-01-17 14:05:00 &nbsp; By Ada Olsen</font><p>By and by.</p>";
        let found = stated(page);
        assert_eq!(found.byline.as_deref(), Some("Ada Olsen"));
        assert_eq!(found.date.unwrap().at.to_string(), "2026-01-17T14:05:00Z");
        assert_eq!(stated("<p>By March 3, 2026, the harbour and all that belongs to it will have been opened to the public.</p>").date, None);
    }

    #[test]
    fn days_in_addresses() {
        let day = |url| date_of_url(url).map(|date| date.at.to_string());
        assert_eq!(day("https://a.example/world/2026/01/17/x").as_deref(), Some("2026-01-17T00:00:00Z"));
        assert_eq!(day("https://a.example/2026-01-17-x").as_deref(), Some("2026-01-17T00:00:00Z"));
        assert_eq!(day("https://a.example/1234/99/99"), None);
    }
}
