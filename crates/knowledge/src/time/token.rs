//! Words and marks of a text, as the finder of time expressions wants them.

/// A word, number or mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: &'t str,
}

impl Token<'_> {
    /// The word equals one in lower case.
    pub(super) fn is(&self, lower: &str) -> bool {
        self.text.eq_ignore_ascii_case(lower)
    }

    pub(super) fn any(&self, lower: &[&str]) -> bool {
        lower.iter().any(|word| self.is(word))
    }

    pub(super) fn capital(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_uppercase())
    }

    pub(super) fn digits(&self) -> Option<i16> {
        self.text.bytes().all(|byte| byte.is_ascii_digit()).then(|| self.text.parse().ok()).flatten()
    }
}

/// Splits into runs of letters, runs of digits and single marks; blanks are left out.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::with_capacity(text.len() / 5);
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut end = start + c.len_utf8();
        let digit = c.is_ascii_digit();
        if digit || c.is_alphabetic() {
            while let Some(&(at, next)) = chars.peek() {
                if next.is_ascii_digit() != digit || !next.is_alphanumeric() {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
            }
        }
        out.push(Token { start, end, text: &text[start..end] });
    }
    out
}
