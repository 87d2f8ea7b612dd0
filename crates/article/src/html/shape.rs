//! How deep a page nests, and pages made shallow before anything recursive or quadratic sees them.

use std::borrow::Cow;

use super::tags::{Piece, pieces};
use crate::reject::{RejectCode, Rejection};

/// Elements of one page. Live blogs of a whole day have 30,000.
const MAX_ELEMENTS: usize = 100_000;

/// Formatting elements open at a time. A parser opens each of them again in every paragraph that follows.
const MAX_FORMATTING: usize = 16;

/// Attributes of one tag. A parser compares each with all before it.
const MAX_ATTRIBUTES: usize = 128;

/// How far up an opening tag is looked for when its closing tag comes; keeps stray closing tags cheap.
const LOOK_BACK: usize = 64;

/// How many elements stand open at the deepest place of an XML document.
pub(crate) fn xml_depth(xml: &str) -> usize {
    let mut rest = xml;
    let (mut depth, mut deepest) = (0_usize, 0);
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let end = match rest.as_bytes() {
            [b'<', b'!', b'-', b'-', ..] => rest.find("-->"),
            bytes if bytes.starts_with(b"<![CDATA[") => rest.find("]]>"),
            [b'<', b'!' | b'?', ..] => rest.find('>'),
            [b'<', b'/', ..] => {
                depth = depth.saturating_sub(1);
                rest.find('>')
            }
            _ => {
                let end = rest.find('>');
                if end.is_some_and(|end| !rest[..end].ends_with('/')) {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
                end
            }
        };
        let Some(end) = end else { break };
        rest = &rest[end + 1..];
    }
    deepest
}

/// The page with the tags removed that nest too deep, their text kept. Tells whether any was removed.
pub(super) fn flatten(page: &str, max_depth: usize) -> Result<(Cow<'_, str>, bool), Rejection> {
    let mut open = Open::default();
    let mut flat = String::new();
    let mut removed = false;
    let (mut elements, mut stray) = (0_usize, 0_usize);
    let mut done = 0;
    let mut at = 0;
    for piece in pieces(page) {
        let start = at;
        let keep = match piece {
            Piece::Text(text) | Piece::Other(text) => {
                at += text.len();
                // Angle brackets that open no tag cost as much as elements.
                elements += usize::from(text.starts_with('<'));
                true
            }
            Piece::Open { name, tag, closed } => {
                at += tag.len();
                elements += 1;
                let formatting = is_formatting(name);
                let fits = open.stack.len() < max_depth && (!formatting || open.formatting < MAX_FORMATTING);
                if !closed && !is_void(name) {
                    open.push(name, !fits);
                }
                if has_too_many_attributes(tag) {
                    flat.push_str(&page[done..start]);
                    flat.push('<');
                    flat.push_str(name);
                    flat.push('>');
                    done = at;
                    removed = true;
                }
                fits || is_void(name)
            }
            Piece::Close { name, tag } => {
                at += tag.len();
                stray += usize::from(!open.holds(name));
                open.close(name).is_none_or(|dropped| !dropped)
            }
        };
        if elements + stray > MAX_ELEMENTS {
            let reason = format!("the page has more than {MAX_ELEMENTS} elements, which no article needs");
            return Err(Rejection::new(RejectCode::TooLarge, reason));
        }
        if !keep && done <= start {
            flat.push_str(&page[done..start]);
            // What the tag parted stays parted.
            flat.push(' ');
            done = at;
            removed = true;
        }
    }
    if !removed {
        return Ok((Cow::Borrowed(page), false));
    }
    flat.push_str(&page[done..]);
    Ok((Cow::Owned(flat), true))
}

/// Counts what can part attributes outside quotes; cheap for the tags that pages have.
fn has_too_many_attributes(tag: &str) -> bool {
    if tag.len() <= 2 * MAX_ATTRIBUTES {
        return false;
    }
    let mut quote = None;
    let mut parts = 0;
    for byte in tag.bytes() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                parts += 1;
            }
            (None, b' ' | b'\t' | b'\r' | b'\n' | b'\x0c' | b'/' | b'=') => parts += 1,
            _ => {}
        }
    }
    // An attribute has up to four of them: blank, equals sign, two quotes; the closing quote is not counted.
    parts > 3 * MAX_ATTRIBUTES
}

/// Elements that stand open.
#[derive(Default)]
struct Open<'a> {
    /// Name, and whether its tag was dropped.
    stack: Vec<(&'a str, bool)>,
    formatting: usize,
}

impl<'a> Open<'a> {
    fn push(&mut self, name: &'a str, dropped: bool) {
        // A paragraph or item ends where the next one of its kind begins.
        if ends_itself(name) && self.stack.last().is_some_and(|(last, _)| last.eq_ignore_ascii_case(name)) {
            self.pop();
        }
        self.stack.push((name, dropped));
        self.formatting += usize::from(is_formatting(name));
    }

    fn pop(&mut self) -> Option<bool> {
        let (name, dropped) = self.stack.pop()?;
        self.formatting -= usize::from(is_formatting(name));
        Some(dropped)
    }

    fn holds(&self, name: &str) -> bool {
        self.stack.iter().rev().take(LOOK_BACK).any(|(open, _)| open.eq_ignore_ascii_case(name))
    }

    /// Closes the innermost element of this name; tells whether its tag was dropped.
    fn close(&mut self, name: &str) -> Option<bool> {
        let back =
            self.stack.iter().rev().take(LOOK_BACK).position(|(open, _)| open.eq_ignore_ascii_case(name))?;
        let mut dropped = None;
        for _ in 0..=back {
            dropped = self.pop();
        }
        dropped
    }
}

fn is_void(name: &str) -> bool {
    const VOID: [&str; 14] = [
        "br", "img", "input", "meta", "link", "hr", "area", "base", "col", "embed", "param", "source",
        "track", "wbr",
    ];
    VOID.iter().any(|void| name.eq_ignore_ascii_case(void))
}

fn ends_itself(name: &str) -> bool {
    ["p", "li", "td", "th", "tr", "dt", "dd", "option"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

fn is_formatting(name: &str) -> bool {
    const FORMATTING: [&str; 14] =
        ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
    FORMATTING.iter().any(|formatting| name.eq_ignore_ascii_case(formatting))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_are_left_alone() {
        let page = "<html><body><p>One<p>Two<br>x<ul><li>a<li>b</ul><div><b>c</b></div></body></html>";
        let (flat, removed) = flatten(page, 16).unwrap();
        assert!(matches!(flat, Cow::Borrowed(_)) && !removed);
    }

    #[test]
    fn depth_is_cut_and_the_text_stays() {
        let page = format!("{}deep{}", "<div>".repeat(50_000), "</div>".repeat(50_000));
        let (flat, removed) = flatten(&page, 100).unwrap();
        assert!(removed && flat.contains("deep"));
        assert_eq!(flat.matches("<div>").count(), 100);
    }

    #[test]
    fn depth_of_xml_counts_elements_only() {
        assert_eq!(xml_depth("<?xml version='1.0'?><a><b/><!-- <c><c> --><d><![CDATA[<e><e>]]></d></a>"), 2);
        assert_eq!(xml_depth("<title><a><a></a>"), 3);
        assert_eq!(xml_depth("<"), 0);
    }

    #[test]
    fn unclosed_formatting_is_cut() {
        let page: String = (0..1000).map(|n| format!("<font size={n}><p>x")).collect();
        let (flat, _) = flatten(&page, 100).unwrap();
        assert!(flat.matches("<font").count() <= MAX_FORMATTING);
    }

    #[test]
    fn too_many_attributes_are_cut_and_long_values_are_not() {
        let many: String = (0..1000).map(|n| format!("a{n}=1 ")).collect();
        assert_eq!(flatten(&format!("<div {many}>x</div>"), 100).unwrap().0, "<div>x</div>");
        let long = format!("<div data-x='{}'>x</div>", "a b = ".repeat(1000));
        assert!(!flatten(&long, 100).unwrap().1);
    }

    #[test]
    fn too_many_elements_are_told() {
        assert_eq!(flatten(&"<i></i>".repeat(100_001), 100).unwrap_err().code, RejectCode::TooLarge);
    }
}
