//! Tags and text of a page, in one pass without a tree: for fragments, and to look at a page before it is parsed.

use memchr::{memchr, memmem};

/// A piece of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Characters between tags, entities unresolved; also the content of raw elements such as `title`.
    Text(&'a str),
    /// An opening tag.
    Open {
        /// Name as written.
        name: &'a str,
        /// The whole tag.
        tag: &'a str,
        /// Written as `<br/>`.
        closed: bool,
    },
    /// A closing tag.
    Close {
        /// Name as written.
        name: &'a str,
        /// The whole tag.
        tag: &'a str,
    },
    /// Comment, declaration, processing instruction, or the content of a script or style.
    Other(&'a str),
}

/// Splits a page into pieces; their texts put together are the page.
#[derive(Clone, Debug)]
pub(crate) struct Pieces<'a> {
    rest: &'a str,
    /// The element whose raw content comes next.
    raw: Option<&'a str>,
    /// Open `svg` and `math` elements: in them, `title`, `style` and `script` are elements like others.
    foreign: usize,
}

pub(crate) fn pieces(page: &str) -> Pieces<'_> {
    Pieces { rest: page, raw: None, foreign: 0 }
}

impl<'a> Pieces<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (piece, rest) = self.rest.split_at(length);
        self.rest = rest;
        piece
    }

    fn raw_content(&mut self, name: &str) -> Option<Piece<'a>> {
        let end = close_of(self.rest, name).unwrap_or(self.rest.len());
        if end == 0 {
            return None;
        }
        let content = self.take(end);
        let readable = ["title", "textarea"].iter().any(|kept| name.eq_ignore_ascii_case(kept));
        Some(if readable { Piece::Text(content) } else { Piece::Other(content) })
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some(name) = self.raw.take()
            && let Some(piece) = self.raw_content(name)
        {
            return Some(piece);
        }
        if self.rest.is_empty() {
            return None;
        }
        let bytes = self.rest.as_bytes();
        if bytes[0] != b'<' || !starts_tag(bytes) {
            let end = memchr(b'<', &bytes[1..]).map_or(bytes.len(), |at| at + 1);
            return Some(Piece::Text(self.take(end)));
        }
        if bytes.starts_with(b"<!--") {
            let end = memmem::find(&bytes[4..], b"-->").map_or(bytes.len(), |at| at + 7);
            return Some(Piece::Other(self.take(end)));
        }
        if matches!(bytes[1], b'!' | b'?') {
            let end = memchr(b'>', bytes).map_or(bytes.len(), |at| at + 1);
            return Some(Piece::Other(self.take(end)));
        }
        let tag = self.take(tag_length(bytes));
        let inner = tag[1..].trim_end_matches('>');
        if let Some(inner) = inner.strip_prefix('/') {
            let name = name_of(inner);
            self.foreign = self.foreign.saturating_sub(usize::from(is_foreign(name)));
            return Some(Piece::Close { name, tag });
        }
        let name = name_of(inner);
        let closed = inner.ends_with('/');
        if !closed {
            self.foreign += usize::from(is_foreign(name));
            self.raw = (self.foreign == 0 && is_raw(name)).then_some(name);
        }
        Some(Piece::Open { name, tag, closed })
    }
}

fn starts_tag(bytes: &[u8]) -> bool {
    match bytes.get(1) {
        Some(b'/') => bytes.get(2).is_some_and(u8::is_ascii_alphabetic),
        Some(b'!' | b'?') => true,
        Some(byte) => byte.is_ascii_alphabetic(),
        None => false,
    }
}

/// Length of a tag with its `>`; quoted attribute values may hold one. A tag that never ends takes the rest.
fn tag_length(bytes: &[u8]) -> usize {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match (quote, byte) {
            (Some(open), byte) if *byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if after_equals => quote = Some(*byte),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            after_equals = *byte == b'=' && quote.is_none();
        }
    }
    bytes.len()
}

fn name_of(inner: &str) -> &str {
    let end = inner.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(inner.len());
    &inner[..end]
}

fn is_raw(name: &str) -> bool {
    ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"]
        .iter()
        .any(|raw| name.eq_ignore_ascii_case(raw))
}

fn is_foreign(name: &str) -> bool {
    name.eq_ignore_ascii_case("svg") || name.eq_ignore_ascii_case("math")
}

/// Where the closing tag of a raw element stands.
fn close_of(text: &str, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memmem::find_iter(bytes, b"</").find(|at| {
        let rest = &bytes[at + 2..];
        rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(page: &str) -> String {
        let text = |piece| match piece {
            Piece::Text(text) | Piece::Other(text) => text,
            Piece::Open { tag, .. } | Piece::Close { tag, .. } => tag,
        };
        pieces(page).map(text).collect()
    }

    #[test]
    fn tags_quotes_comments_and_scripts() {
        let page = "a <b class='x>y'>b</B><!-- <i> --> 1 < 2 <script>if (a<b) {'</p>'}</script ><br/>";
        let names: Vec<_> = pieces(page)
            .filter_map(|piece| match piece {
                Piece::Open { name, .. } => Some(name),
                Piece::Close { name, .. } => Some(name),
                _ => None,
            })
            .collect();
        assert_eq!(names, ["b", "B", "script", "script", "br"]);
        assert_eq!(whole(page), page);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(page in "([<>/=\"'! a-c-]|<script>|</script|<!--|-->|é|<p |title){0,40}") {
            proptest::prop_assert_eq!(whole(&page), page.clone());
        }
    }
}
