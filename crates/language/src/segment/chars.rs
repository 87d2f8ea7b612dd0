//! Classes of characters, as the boundary features see them.

/// A character normalised for features: letters and digits by kind, typographic variants of one sign alike.
pub type Kind = u8;

/// An upper-case letter.
pub const UPPER: Kind = b'A';
/// Any other letter or combining mark.
pub const LOWER: Kind = b'a';
/// A digit.
pub const DIGIT: Kind = b'0';
/// Beyond the edge of the text looked at.
pub const EDGE: Kind = b' ';
/// A sign without a kind of its own.
pub const OTHER: Kind = b'\x01';
/// An emoji or pictograph.
pub const PICTURE: Kind = b'\x02';

/// White space, including the invisible characters that separate nothing but must not stick to words.
#[inline]
#[must_use]
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}')
}

/// The kind of a character.
#[inline]
#[must_use]
pub fn kind(c: char) -> Kind {
    match c {
        'a'..='z' => LOWER,
        'A'..='Z' => UPPER,
        '0'..='9' => DIGIT,
        '\0'..='\x1f' | '\x7f' => OTHER,
        '\x20'..='\x7e' => c as u8,
        _ => kind_beyond_ascii(c),
    }
}

fn kind_beyond_ascii(c: char) -> Kind {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '\u{00b4}' | '\u{02bc}' => b'\'',
        '\u{201c}' | '\u{00ab}' | '\u{201e}' => b'\x03',
        '\u{201d}' | '\u{00bb}' | '\u{201f}' => b'\x04',
        '\u{2010}' | '\u{2011}' | '\u{00ad}' => b'-',
        '\u{2012}' | '\u{2013}' | '\u{2212}' => b'\x05',
        '\u{2014}' | '\u{2015}' => b'\x06',
        '\u{2026}' => b'\x07',
        '\u{2022}' | '\u{00b7}' | '\u{25cf}' | '\u{25aa}' | '\u{2023}' | '\u{25a0}' => b'\x08',
        '\u{20a0}'..='\u{20cf}' | '\u{00a2}'..='\u{00a5}' => b'$',
        '\u{2190}'..='\u{21ff}' | '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' => PICTURE,
        _ if c.is_uppercase() => UPPER,
        _ if c.is_alphabetic() => LOWER,
        _ if c.is_numeric() => DIGIT,
        '\u{0300}'..='\u{036f}' | '\u{fe0f}' | '\u{200c}' | '\u{200d}' => LOWER,
        _ => OTHER,
    }
}

/// Whether a kind is a letter or digit.
#[inline]
#[must_use]
pub fn is_alphanumeric(kind: Kind) -> bool {
    matches!(kind, UPPER | LOWER | DIGIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_share_a_kind() {
        assert_eq!(kind('’'), kind('\''));
        assert_eq!(kind('€'), kind('$'));
        assert_eq!(kind('É'), UPPER);
        assert_eq!(kind('ß'), LOWER);
        assert_ne!(kind('“'), kind('”'));
        assert!(is_space('\u{a0}') && is_space('\u{feff}') && !is_space('-'));
    }
}
