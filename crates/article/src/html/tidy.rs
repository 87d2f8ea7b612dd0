//! Paragraphs of an extracted page: joined ones parted again, lines that are no part of the text dropped.

/// Longest line, in words, that can be a pointer to other stories.
const MAX_POINTER: usize = 80;

/// Parts paragraphs that the extraction ran together, where the markup had them apart.
///
/// Pages that set each paragraph in a `div` come out as one paragraph; `marked` holds the blocks of the same content.
pub(super) fn part(found: Vec<String>, marked: &[String]) -> Vec<String> {
    let mut parted = Vec::with_capacity(found.len());
    for paragraph in found {
        match blocks_of(&paragraph, marked) {
            Some(blocks) => parted.extend(blocks.iter().cloned()),
            None => parted.push(paragraph),
        }
    }
    parted
}

/// The consecutive blocks, two or more, that make up the paragraph word by word.
fn blocks_of<'a>(paragraph: &str, marked: &'a [String]) -> Option<&'a [String]> {
    let begins = |block: &String| {
        !block.is_empty() && block.len() < paragraph.len() && paragraph.starts_with(block.as_str())
    };
    let firsts = marked.iter().enumerate().filter(|(_, block)| begins(block));
    firsts.map(|(first, _)| first).find_map(|first| {
        let mut rest = paragraph;
        for (at, block) in marked.iter().enumerate().skip(first) {
            rest = rest.strip_prefix(block.as_str())?.trim_start();
            if rest.is_empty() {
                return (at > first).then_some(&marked[first..=at]);
            }
        }
        None
    })
}

/// Drops bylines, pointers to other stories, calls to subscribe, tags and captions.
pub(super) fn drop_lines(paragraphs: &mut Vec<String>, byline: Option<&str>) {
    let mut index = 0;
    let mut after_byline = false;
    paragraphs.retain(|paragraph| {
        let is_byline = index < 4 && byline.is_some_and(|byline| is_byline(paragraph, byline));
        let dropped = is_byline
            || (after_byline && is_office(paragraph))
            || is_pointer(paragraph)
            || is_caption(paragraph);
        after_byline = is_byline;
        index += 1;
        !dropped
    });
}

/// Takes the links for editors off the headings of wikis.
pub(super) fn drop_edit_marks(paragraphs: &mut [String]) {
    for paragraph in paragraphs {
        let open = paragraph.rfind('[').filter(|_| paragraph.ends_with(']'));
        let Some(at) = open else { continue };
        let inner = paragraph[at + 1..paragraph.len() - 1].trim().to_lowercase();
        if matches!(inner.as_str(), "edit" | "edit source" | "edit | edit source") {
            paragraph.truncate(at);
            paragraph.truncate(paragraph.trim_end().len());
        }
    }
}

/// Drops what is left of headings whose text is gone: words at the end that make no sentence.
pub(super) fn drop_tail(paragraphs: &mut Vec<String>) {
    let is_rest = |line: &String| {
        line.split_whitespace().count() <= 4
            && !line.ends_with(['.', '!', '?', '"', '”', '’', ')', '…', '。', '！', '？', '؟', '।'])
    };
    while paragraphs.len() > 1 && paragraphs.last().is_some_and(is_rest) {
        paragraphs.pop();
    }
}

/// The author's name with at most a date and "By" around it.
fn is_byline(paragraph: &str, byline: &str) -> bool {
    let words = paragraph.split_whitespace().count();
    if !paragraph.contains(byline) || words > byline.split_whitespace().count() + 9 {
        return false;
    }
    let around = paragraph.replacen(byline, "", 1);
    let around = around.trim().trim_start_matches("By").trim_matches([' ', ',', '|', '·', '-', '–', '—']);
    around.is_empty() || crate::date::read(around).is_some()
}

/// "World affairs correspondent" below a name.
fn is_office(paragraph: &str) -> bool {
    let last = paragraph.rsplit(' ').next().unwrap_or_default().to_lowercase();
    paragraph.split_whitespace().count() <= 6
        && matches!(
            last.as_str(),
            "correspondent" | "editor" | "reporter" | "writer" | "columnist" | "analyst" | "staff"
        )
}

fn is_pointer(paragraph: &str) -> bool {
    const TO_HEADLINES: [&str; 30] = [
        "read more",
        "read also",
        "also read",
        "read next",
        "read:",
        "see also",
        "see more",
        ">>",
        "related:",
        "related |",
        "related article",
        "related stories",
        "related topics",
        "related coverage",
        "related content",
        "more on this story",
        "more from ",
        "more stories",
        "follow this story",
        "suggested topics",
        "explore more on",
        "recommended stories",
        "don't miss",
        "most read",
        "most viewed",
        "top stories",
        "tags:",
        "topics:",
        "filed under:",
        "watch:",
    ];
    const CALLS: [&str; 20] = [
        "all rights reserved",
        "cookie settings",
        "cookie preferences",
        "manage cookies",
        "©",
        "copyright ©",
        "sign up for",
        "sign up to",
        "subscribe to",
        "subscribe now",
        "click here",
        "follow us",
        "share this",
        "our standards:",
        "advertisement",
        "story continues below",
        "article continues after",
        "continue reading",
        "download the app",
        "join our",
    ];
    let words = paragraph.split_whitespace().count();
    let head: String = paragraph
        .trim_start_matches(['[', '(', '•', '-', ' '])
        .chars()
        .take(30)
        .collect::<String>()
        .to_lowercase();
    let headline = words <= MAX_POINTER
        && !paragraph.ends_with(['.', '"', '”'])
        && TO_HEADLINES.iter().any(|opening| head.starts_with(opening));
    headline || (words <= 30 && CALLS.iter().any(|opening| head.starts_with(opening)))
}

/// A short line that ends in the credit of a picture: "(AP Photo/M. Lind)".
fn is_caption(paragraph: &str) -> bool {
    let Some((_, credit)) = paragraph.strip_suffix(')').and_then(|line| line.rsplit_once('(')) else {
        return false;
    };
    let credit = credit.to_lowercase();
    paragraph.split_whitespace().count() <= 60
        && [
            "photo:",
            "video:",
            "image:",
            "picture:",
            "photo by ",
            "photo/",
            "ap photo",
            "photograph:",
            "file photo",
            "getty images",
            "reuters/",
        ]
        .iter()
        .any(|word| credit.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(lines: &[&str], byline: Option<&str>) -> Vec<String> {
        let mut paragraphs = lines.iter().map(|line| (*line).to_owned()).collect();
        drop_lines(&mut paragraphs, byline);
        paragraphs
    }

    #[test]
    fn lines_that_are_no_text_go() {
        let lines = [
            "By Ada Olsen January 13, 2026 at 22:39 UTC",
            "World affairs correspondent",
            "Read more: Envoys return to Oslo",
            ">> Envoys return",
            "Sign up for our newsletter and get the best of the week.",
            "Envoys at the pier. (AP Photo/M. Lind)",
        ];
        assert!(kept(&lines, Some("Ada Olsen")).is_empty());
    }

    #[test]
    fn sentences_stay() {
        let lines = [
            "Ada Olsen said that the envoy would return.",
            "Read more than one paper, he told the pupils.",
            "Related cases in Oslo were dropped.",
            "Talks go on (see the box below)",
            "Most read it as a threat.",
        ];
        assert_eq!(kept(&lines, Some("Ada Olsen")), lines);
    }

    #[test]
    fn joined_blocks_are_parted_word_by_word() {
        let marked =
            ["Head".to_owned(), "One is here.".to_owned(), "Two is.".to_owned(), "Three.".to_owned()];
        let parted = part(
            vec!["One is here. Two is.".to_owned(), "Three.".to_owned(), "Four. Five.".to_owned()],
            &marked,
        );
        assert_eq!(parted, ["One is here.", "Two is.", "Three.", "Four. Five."]);
    }
}
