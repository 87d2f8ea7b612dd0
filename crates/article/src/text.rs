//! Plain text made regular: one Unicode form, no stray entities, repaired mojibake, paragraphs by empty lines.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Repairs characters: mojibake, entities, Unicode form, invisible characters. Tells whether mojibake was repaired.
pub(crate) fn repair(text: &str) -> (String, bool) {
    let mended = mend_mojibake(text);
    let repaired = matches!(mended, Cow::Owned(_));
    let unescaped = unescape(&mended);
    let mut clean = String::with_capacity(unescaped.len());
    let mut chars = unescaped.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    clean.push('\n');
                }
            }
            '\n' | '\u{2028}' | '\u{85}' | '\u{b}' => clean.push('\n'),
            '\u{2029}' | '\u{c}' => clean.push_str("\n\n"),
            '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
                clean.push(' ')
            }
            _ if is_invisible(c) => {}
            c => clean.push(c),
        }
    }
    if is_nfc(&clean) { (clean, repaired) } else { (clean.nfc().collect(), repaired) }
}

/// Characters that carry nothing for a reader. Joiners stay: Persian and Indic scripts need them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Entities left over from markup (`&amp;`, `&#8217;`, also doubly escaped); a bare ampersand stays.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let once = htmlize::unescape(text);
    if once.contains("&#") || once.contains("&nbsp;") || once.contains("&quot;") || once.contains("&amp;") {
        return Cow::Owned(htmlize::unescape(&*once).into_owned());
    }
    once
}

/// UTF-8 that was once decoded as windows-1252 ("â€™" for "’"): each run of such characters is turned back where
/// its bytes are valid UTF-8.
fn mend_mojibake(text: &str) -> Cow<'_, str> {
    // The lead bytes of UTF-8 show as one of these.
    if !text.contains(|c| matches!(c, '\u{c2}'..='\u{f4}')) {
        return Cow::Borrowed(text);
    }
    let mut mended = String::new();
    let mut done = 0;
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        if !matches!(c, '\u{c2}'..='\u{f4}') {
            continue;
        }
        let mut bytes = vec![u8::try_from(u32::from(c)).unwrap_or(0)];
        let mut end = start + c.len_utf8();
        let length = match bytes[0] {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => 4,
        };
        while bytes.len() < length {
            let Some((at, next)) = rest.peek().copied() else { break };
            let Some(byte) = windows_1252_byte(next).filter(|byte| (0x80..=0xbf).contains(byte)) else {
                break;
            };
            bytes.push(byte);
            end = at + next.len_utf8();
            rest.next();
        }
        if let Some(real) = std::str::from_utf8(&bytes).ok().filter(|_| bytes.len() == length) {
            mended.push_str(&text[done..start]);
            mended.push_str(real);
            done = end;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(&text[done..]);
    Cow::Owned(mended)
}

/// The byte that windows-1252 shows as this character.
fn windows_1252_byte(c: char) -> Option<u8> {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match u32::from(c) {
        code @ 0x80..=0xff => u8::try_from(code).ok(),
        _ => HIGH.iter().position(|high| *high == c).and_then(|index| u8::try_from(0x80 + index).ok()),
    }
}

/// One line: white space collapsed, ends trimmed.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Paragraphs of a plain text, whether it parts them by empty lines, by single line ends, or wraps its lines.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    let mut block: Vec<String> = Vec::new();
    for line in text.split('\n').map(one_line).chain([String::new()]) {
        if !line.is_empty() {
            block.push(line);
            continue;
        }
        if is_wrapped(&block) {
            paragraphs.push(unwrap(&block));
            block.clear();
        } else {
            paragraphs.append(&mut block);
        }
    }
    paragraphs
}

/// Lines broken by a column limit: none is long, and most break in mid-sentence.
fn is_wrapped(lines: &[String]) -> bool {
    let Some((_, wrapped)) = lines.split_last() else { return false };
    if wrapped.is_empty() || lines.iter().any(|line| line.chars().count() > 100) {
        return false;
    }
    let mid_sentence = wrapped.iter().filter(|line| !ends_sentence(line)).count();
    mid_sentence * 2 > wrapped.len() && wrapped.iter().map(|line| line.len()).max() > Some(40)
}

fn unwrap(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['"', '\'', '”', '’', '»', ')'])
        .ends_with(['.', '!', '?', ':', '…', '。', '！', '？', '؟', '۔', '।'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_and_invisible_characters_go() {
        assert_eq!(
            repair("Smith &amp; Sons&nbsp;Ltd \u{200b}A&B &#8217;x&#8217; &amp;quot;").0,
            "Smith & Sons Ltd A&B ’x’ \""
        );
        assert_eq!(repair("so\u{ad}phis\u{ad}ti\u{ad}cated\u{feff}").0, "sophisticated");
        assert_eq!(repair("a\r\nb\rc").0, "a\nb\nc");
        assert_eq!(repair("Cafe\u{301}").0, "Café");
    }

    #[test]
    fn mojibake_is_mended_and_proper_text_left() {
        let (text, repaired) = repair("The ministryâ€™s â€œfirmâ€\u{9d} reply to MÃ¡laga");
        assert_eq!(text, "The ministry’s “firm” reply to Málaga");
        assert!(repaired);
        for proper in ["São João não é à toa", "L’État, c’est à être", "NÃO", "Ça va – déjà vu", "ÜÄÖ äöü ß"]
        {
            assert_eq!(repair(proper), (proper.to_owned(), false));
        }
    }

    #[test]
    fn every_utf8_text_survives_one_wrong_decoding() {
        let proper = "Łódź, Москва, 東京, “quotes” – dash … naïve";
        let wrong: String =
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(proper.as_bytes()).0.into_owned();
        assert_eq!(repair(&wrong).0, proper);
    }

    #[test]
    fn paragraphs_by_empty_lines_single_lines_or_wrapped() {
        assert_eq!(paragraphs("One.\n\nTwo.\n\n\nThree."), ["One.", "Two.", "Three."]);
        assert_eq!(
            paragraphs("One is a sentence.\nTwo is another.\nThree."),
            ["One is a sentence.", "Two is another.", "Three."]
        );
        let wrapped = "The foreign ministry said on Monday that the\nambassador had been called home for talks, and\nthat no date was set.\n\nNext.";
        assert_eq!(
            paragraphs(wrapped),
            [
                "The foreign ministry said on Monday that the ambassador had been called home for talks, and that no date was set.",
                "Next."
            ]
        );
        assert!(paragraphs(" \n\t\n").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn repair_is_nfc_and_settles(text in "\\PC{0,80}") {
            let (once, _) = repair(&text);
            proptest::prop_assert!(is_nfc(&once));
            proptest::prop_assert!(!once.contains('\r'));
        }
    }
}
