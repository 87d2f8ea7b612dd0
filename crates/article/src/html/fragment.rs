//! The text of markup without any judgement of what matters: for fields and feed entries that hold markup.

use super::tags::{Piece, pieces};

/// Whether a text that should be plain holds markup.
pub(crate) fn has_markup(text: &str) -> bool {
    text.contains('<')
        && pieces(text).any(|piece| match piece {
            Piece::Open { name, .. } => is_block(name) || is_inline(name),
            Piece::Close { name, .. } => is_block(name) || is_inline(name),
            _ => false,
        })
}

/// The text, with paragraphs parted by empty lines; scripts, styles, captions and forms dropped.
pub(crate) fn text(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut dropped: Option<(&str, usize)> = None;
    for piece in pieces(markup) {
        match piece {
            Piece::Open { name, closed: false, .. } if dropped.is_some() || is_dropped(name) => {
                let (outer, depth) = dropped.get_or_insert((name, 0));
                *depth += usize::from(outer.eq_ignore_ascii_case(name));
            }
            Piece::Close { name, .. } if dropped.is_some() => {
                if let Some((outer, depth)) = &mut dropped {
                    *depth -= usize::from(outer.eq_ignore_ascii_case(name));
                    if *depth == 0 {
                        dropped = None;
                    }
                }
            }
            _ if dropped.is_some() => {}
            Piece::Text(raw) => push_text(&mut text, raw),
            Piece::Open { name, .. } | Piece::Close { name, .. } if name.eq_ignore_ascii_case("br") => {
                text.push('\n')
            }
            Piece::Open { name, .. } | Piece::Close { name, .. } if is_block(name) => text.push_str("\n\n"),
            Piece::Open { .. } | Piece::Close { .. } | Piece::Other(_) => {}
        }
    }
    text
}

/// The page with a line end between blocks: pages are often sent without any, and words of two blocks that come out as
/// one text would become one word.
pub(crate) fn spaced(page: &str) -> String {
    let mut spaced = String::with_capacity(page.len() + page.len() / 8);
    for piece in pieces(page) {
        match piece {
            Piece::Open { name, tag, .. } | Piece::Close { name, tag } => {
                let parts = is_block(name) || name.eq_ignore_ascii_case("br");
                if parts && !spaced.ends_with(|c: char| c.is_ascii_whitespace()) {
                    spaced.push('\n');
                }
                spaced.push_str(tag);
            }
            Piece::Text(text) | Piece::Other(text) => spaced.push_str(text),
        }
    }
    spaced
}

/// White space of markup is one blank.
fn push_text(text: &mut String, raw: &str) {
    let plain = htmlize::unescape(raw);
    for c in plain.chars() {
        if !c.is_ascii_whitespace() {
            text.push(c);
        } else if !text.ends_with([' ', '\n']) {
            text.push(' ');
        }
    }
}

fn is_block(name: &str) -> bool {
    const BLOCKS: [&str; 30] = [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "nav",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "table",
        "tr",
        "td",
        "figure",
        "hr",
        "body",
        "html",
    ];
    BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block))
}

fn is_inline(name: &str) -> bool {
    ["br", "a", "b", "i", "em", "strong", "span", "img", "font", "u", "script", "style"]
        .iter()
        .any(|inline| name.eq_ignore_ascii_case(inline))
}

fn is_dropped(name: &str) -> bool {
    [
        "script",
        "style",
        "figcaption",
        "form",
        "button",
        "select",
        "noscript",
        "template",
        "iframe",
        "svg",
        "head",
        "nav",
    ]
    .iter()
    .any(|dropped| name.eq_ignore_ascii_case(dropped))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraphs;

    #[test]
    fn blocks_are_paragraphs_and_clutter_goes() {
        let markup = "<p>One &amp; <b>two</b>\n lines.</p><figure><img><figcaption>A caption</figcaption></figure>\
                      <div>Three<br>four</div><script>var x = '<p>';</script><ul><li>five<li>six</ul>";
        assert_eq!(paragraphs(&text(markup)), ["One & two lines.", "Three", "four", "five", "six"]);
    }

    #[test]
    fn markup_is_told_from_text() {
        assert!(has_markup("<p>x"));
        assert!(has_markup("x<br/>y"));
        assert!(!has_markup("if a < b and b > c"));
        assert!(!has_markup("<name withheld> said <3"));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(markup in "(<[a-z]{1,6}>|</[a-z]{1,6}>|<form>|</form>|&[a-z]{1,4};|[ -~]){0,40}") {
            let _ = text(&markup);
        }
    }
}
