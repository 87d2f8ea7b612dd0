//! Bytes to characters: valid UTF-8 wins over any label; then HTTP, XML and meta labels; else windows-1252.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::reject::{RejectCode, Rejection};
use crate::sniff::{find, parameter};
use crate::warning::{Warning, WarningCode};

/// How far into a page a label is looked for; browsers stop at 1,024 bytes.
const LABEL_WINDOW: usize = 4096;

/// Decodes a document that must be UTF-8 unless its content type names another character set.
pub(crate) fn decode_strict<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    warnings: &mut Vec<Warning>,
) -> Result<Cow<'a, str>, Rejection> {
    if let Some(text) = by_mark(bytes) {
        return Ok(text);
    }
    let broken = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error.valid_up_to(),
    };
    let label = content_type.and_then(|header| parameter(header, "charset"));
    match label.map(|label| (label, Encoding::for_label(label.as_bytes()))) {
        Some((label, None)) => Err(Rejection::of_field(
            RejectCode::UnknownCharset,
            "content-type",
            format!(
                "charset {label:?} is not known; send UTF-8 or name a charset of the WHATWG Encoding Standard"
            ),
        )),
        Some((_, Some(encoding))) if encoding != UTF_8 => Ok(decode_as(encoding, bytes, warnings)),
        _ => Err(Rejection::new(
            RejectCode::InvalidUtf8,
            format!(
                "the content is not valid UTF-8 (byte {broken}); send UTF-8, or name the character set in the \
                 content type, as in \"text/plain; charset=windows-1252\""
            ),
        )),
    }
}

/// Decodes a page or feed, whatever its labels say; never fails.
pub(crate) fn decode_page<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    warnings: &mut Vec<Warning>,
) -> Cow<'a, str> {
    if let Some(text) = by_mark(bytes) {
        return text;
    }
    let labels = labels(bytes, content_type);
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Seven-bit ISO-2022-JP is valid UTF-8 and means something else.
        if let Some(encoding) = labels.iter().find(|encoding| encoding.name() == "ISO-2022-JP")
            && bytes.contains(&0x1b)
        {
            return decode_as(encoding, bytes, warnings);
        }
        if !text.is_ascii() && labels.first().is_some_and(|encoding| *encoding != UTF_8) {
            let name = labels[0].name();
            let detail = format!("the page is labelled {name} but is valid UTF-8, and was read as that");
            warnings.push(Warning::new(WarningCode::CharsetMislabelled, detail));
        }
        return Cow::Borrowed(text);
    }
    if let Some(encoding) = labels.iter().find(|encoding| **encoding != UTF_8) {
        return decode_as(encoding, bytes, warnings);
    }
    if mostly_utf8(bytes) {
        return decode_as(UTF_8, bytes, warnings);
    }
    let detail = "the page names no fitting character set; it was read as windows-1252";
    warnings.push(Warning::new(WarningCode::CharsetGuessed, detail));
    decode_as(WINDOWS_1252, bytes, warnings)
}

/// A byte order mark wins over everything.
fn by_mark(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (encoding, length) = Encoding::for_bom(bytes)?;
    let rest = &bytes[length..];
    if encoding == UTF_8 {
        return std::str::from_utf8(rest).ok().map(Cow::Borrowed);
    }
    let (text, had_errors) = encoding.decode_without_bom_handling(rest);
    (!had_errors).then_some(text)
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8], warnings: &mut Vec<Warning>) -> Cow<'a, str> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors {
        let detail = format!("some bytes are no characters of {} and were replaced", encoding.name());
        warnings.push(Warning::new(WarningCode::BytesReplaced, detail));
    }
    text
}

/// Known character sets by descending authority: HTTP, XML declaration, meta.
fn labels(bytes: &[u8], content_type: Option<&str>) -> Vec<&'static Encoding> {
    let head = &bytes[..bytes.len().min(LABEL_WINDOW)].to_ascii_lowercase();
    let http = content_type.and_then(|header| parameter(header, "charset")).map(str::as_bytes);
    let xml = xml_label(head);
    let meta = meta_label(head);
    [http, xml, meta].into_iter().flatten().filter_map(Encoding::for_label).collect()
}

fn xml_label(head: &[u8]) -> Option<&[u8]> {
    let start = find(head, b"<?xml")?;
    let rest = &head[start..];
    let declaration = &rest[..find(rest, b"?>")?];
    quoted_after(declaration, b"encoding")
}

fn meta_label(head: &[u8]) -> Option<&[u8]> {
    let mut rest = head;
    while let Some(start) = find(rest, b"<meta") {
        rest = &rest[start + 5..];
        let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
        if let Some(label) = quoted_after(&rest[..end], b"charset") {
            return Some(label);
        }
    }
    None
}

/// The value after `name =`, quoted or not.
fn quoted_after<'a>(bytes: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let rest =
        bytes[find(bytes, name)? + name.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end =
        rest.iter().position(|byte| matches!(byte, b'"' | b'\'' | b' ' | b';' | b'/')).unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

/// Whether whole multi-byte sequences outnumber broken ones: UTF-8 with a few cut characters.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > broken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(bytes: &[u8], content_type: Option<&str>) -> (String, Vec<WarningCode>) {
        let mut warnings = Vec::new();
        let text = decode_page(bytes, content_type, &mut warnings).into_owned();
        (text, warnings.into_iter().map(|warning| warning.code).collect())
    }

    #[test]
    fn utf8_wins_over_any_label() {
        let (text, warnings) =
            page("<meta charset=iso-8859-1>Köln".as_bytes(), Some("text/html; charset=big5"));
        assert!(text.ends_with("Köln"));
        assert_eq!(warnings, [WarningCode::CharsetMislabelled]);
    }

    #[test]
    fn http_then_xml_then_meta_then_windows() {
        let koeln = b"<meta charset=shift_jis>K\xf6ln";
        assert!(page(koeln, Some("text/html; charset=iso-8859-1")).0.ends_with("Köln"));
        let lodz = b"<?xml version='1.0' encoding='iso-8859-2'?><meta charset=koi8-r>\xa3\xf3d\xbc";
        assert!(page(lodz, None).0.ends_with("Łódź"));
        let moscow = b"<META http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1251\">\xcc\xee\xf1\xea\xe2\xe0";
        assert!(page(moscow, None).0.ends_with("Москва"));
        let (text, warnings) = page(b"\x93K\xf6ln\x94 <p>", None);
        assert!(text.starts_with("“Köln”"));
        assert_eq!(warnings, [WarningCode::CharsetGuessed]);
    }

    #[test]
    fn a_cut_character_does_not_turn_the_page_into_another_charset() {
        let mut bytes = "Köln, Zürich, Málaga ".as_bytes().to_vec();
        bytes.push(0xc3);
        let (text, warnings) = page(&bytes, Some("text/html; charset=utf-8"));
        assert!(text.starts_with("Köln, Zürich, Málaga "));
        assert_eq!(warnings, [WarningCode::BytesReplaced]);
    }

    #[test]
    fn strict_text_names_the_broken_byte() {
        let error = decode_strict(b"abc\xff", Some("text/plain"), &mut Vec::new()).unwrap_err();
        assert_eq!(error.code, RejectCode::InvalidUtf8);
        assert!(error.reason.contains("byte 3"), "{}", error.reason);
        let text = decode_strict(b"K\xf6ln", Some("text/plain; charset=latin1"), &mut Vec::new()).unwrap();
        assert_eq!(text, "Köln");
        let error =
            decode_strict(b"K\xf6ln", Some("text/plain; charset=klingon"), &mut Vec::new()).unwrap_err();
        assert_eq!(error.code, RejectCode::UnknownCharset);
    }

    #[test]
    fn utf16_by_its_mark() {
        let bytes: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("Oslo".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(page(&bytes, None).0, "Oslo");
    }
}
