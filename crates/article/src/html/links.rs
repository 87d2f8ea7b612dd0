//! Lines that are links and nothing else: menus, tags, headlines of other stories, and lists of teasers.

use super::tags::{Piece, pieces};
use crate::text::one_line;

/// Longest line, in words, that can be a headline of another story.
const HEADLINE: usize = 25;
/// Longest text below such a headline, in words.
const TEASER: usize = 45;
/// Headlines that make a list of teasers.
const LIST: usize = 4;
/// Words that must be left of a page when its teasers go; with fewer the list is what the page is about.
const LEFT: usize = 100;

/// The texts of a page's links, in order.
pub(super) fn texts(page: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut open: Option<String> = None;
    for piece in pieces(page) {
        match piece {
            Piece::Open { name, .. } if name.eq_ignore_ascii_case("a") => {
                texts.extend(open.replace(String::new()))
            }
            Piece::Close { name, .. } if name.eq_ignore_ascii_case("a") => texts.extend(open.take()),
            Piece::Open { .. } | Piece::Close { .. } => {
                if let Some(text) = &mut open {
                    text.push(' ');
                }
            }
            Piece::Text(text) => {
                if let Some(link) = &mut open {
                    link.push_str(text);
                }
            }
            Piece::Other(_) => {}
        }
    }
    texts.extend(open);
    let clean = texts.iter().map(|text| one_line(&htmlize::unescape(text.as_str())));
    clean.filter(|text| !text.is_empty()).collect()
}

/// Drops lists of teasers, and lines that are links and no sentence.
pub(super) fn drop_links(paragraphs: &mut Vec<String>, links: &[String]) {
    let linked: Vec<bool> = paragraphs.iter().map(|paragraph| is_linked(paragraph, links)).collect();
    let mut dropped = linked.clone();
    mark_teasers(paragraphs, &linked, &mut dropped);
    let words = |keep: &[bool]| -> usize {
        paragraphs
            .iter()
            .zip(keep)
            .filter(|(_, gone)| !**gone)
            .map(|(text, _)| text.split_whitespace().count())
            .sum()
    };
    let dropped = if words(&dropped) >= LEFT { dropped } else { linked };
    if words(&dropped) == 0 {
        return;
    }
    let mut gone = dropped.into_iter();
    paragraphs.retain(|_| !gone.next().unwrap_or(false));
}

/// A run of headlines with at most one short text below each.
fn mark_teasers(paragraphs: &[String], linked: &[bool], dropped: &mut [bool]) {
    let is_short = |at: usize| paragraphs[at].split_whitespace().count() <= TEASER;
    let mut at = 0;
    while at < linked.len() {
        if !linked[at] {
            at += 1;
            continue;
        }
        let (start, mut headlines, mut texts) = (at, 0, 0);
        while at < linked.len() && linked[at] {
            headlines += 1;
            at += 1;
            if at < linked.len() && !linked[at] && is_short(at) {
                texts += 1;
                at += 1;
            }
        }
        if headlines >= LIST && texts * 2 >= headlines {
            dropped[start..at].fill(true);
        }
    }
}

/// The line consists of consecutive links, with at most strokes between them, and is no sentence.
fn is_linked(paragraph: &str, links: &[String]) -> bool {
    if paragraph.split_whitespace().count() > HEADLINE || paragraph.ends_with(['.', '!', '?', '"', '”', ':'])
    {
        return false;
    }
    (0..links.len()).any(|first| {
        let mut rest = paragraph;
        for link in &links[first..] {
            let Some(after) = rest.strip_prefix(link.as_str()) else { return false };
            rest = after.trim_start_matches([' ', '|', '·', '•', '/', ',', '>', '»']);
            if rest.is_empty() {
                return true;
            }
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_in_order() {
        let page = "<a href=1>One &amp; <b>two</b></a> text <A>Three</A><a></a><a>Four";
        assert_eq!(texts(page), ["One & two", "Three", "Four"]);
    }

    #[test]
    fn lines_of_links_go_and_sentences_with_links_stay() {
        let links = ["Home", "World", "Kenya", "Envoys return to Oslo", "The whole statement is here."]
            .map(str::to_owned);
        let mut lines = [
            "Home | World",
            "Envoys return to Oslo",
            "The envoy of Kenya left.",
            "Kenya",
            "The whole statement is here.",
            "Home rule was debated",
        ]
        .map(str::to_owned)
        .to_vec();
        drop_links(&mut lines, &links);
        assert_eq!(
            lines,
            ["The envoy of Kenya left.", "The whole statement is here.", "Home rule was debated"]
        );
    }

    #[test]
    fn a_list_of_teasers_goes_unless_it_is_the_page() {
        let links: Vec<String> = (0..6).map(|n| format!("Story number {n}")).collect();
        let list: Vec<String> =
            links.iter().flat_map(|link| [link.clone(), "A short text below it.".to_owned()]).collect();
        let story = "word ".repeat(120).trim().to_owned();
        let mut page: Vec<String> = [story.clone()].into_iter().chain(list.clone()).collect();
        drop_links(&mut page, &links);
        assert_eq!(page, [story]);
        let mut alone = list;
        drop_links(&mut alone, &links);
        assert_eq!(alone.len(), 6, "the texts stay");
    }
}
