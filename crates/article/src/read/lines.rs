//! Lines of JSON articles, and JSON arrays of articles.

use std::io::BufRead;

use super::source::{self, Line};
use super::{Item, Options, at, broken, too_large};
use crate::accept::accept_kind;
use crate::reject::{RejectCode, Rejection};
use crate::sniff::Kind;

/// One article a line; empty lines are skipped.
pub(super) fn ndjson(mut reader: impl BufRead, options: Options) -> impl Iterator<Item = Item> {
    let mut number = 0_u64;
    let mut ended = false;
    std::iter::from_fn(move || {
        while !ended {
            number += 1;
            let place = format!("line {number}");
            match source::line(&mut reader, options.limits.max_bytes) {
                Ok(Line::Whole(line)) if line.trim_ascii().is_empty() => {}
                Ok(Line::Whole(line)) => return Some(article(&line, &place, &options)),
                Ok(Line::TooLong) => return Some(at(&place, Err(too_large(&options.limits)))),
                Ok(Line::End) => ended = true,
                Err(error) => {
                    ended = true;
                    return Some(Err(broken(place, error)));
                }
            }
        }
        None
    })
}

fn article(json: &[u8], place: &str, options: &Options) -> Item {
    let json = json.trim_ascii();
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    let accepted = accept_kind(Some(Kind::Json), &options.incoming(json), &options.limits);
    at(place, accepted.map(|accepted| crate::Accepted { kind: Kind::Json, ..accepted }))
}

/// The elements of one JSON array, split without reading the array as a whole.
pub(super) fn array(reader: impl BufRead, options: Options) -> impl Iterator<Item = Item> {
    let mut elements = Elements { bytes: reader.bytes(), number: 0, ended: false, started: false };
    std::iter::from_fn(move || {
        let found = elements.next(options.limits.max_bytes)?;
        let place = format!("element {}", elements.number);
        Some(match found {
            Ok(json) => article(&json, &place, &options),
            Err(Fault::Read(error)) => Err(broken(place, error)),
            Err(Fault::TooLarge) => at(&place, Err(too_large(&options.limits))),
            Err(Fault::Cut) => at(
                &place,
                Err(Rejection::new(
                    RejectCode::InvalidJson,
                    "the JSON array ends in the middle of an element",
                )),
            ),
        })
    })
}

struct Elements<B> {
    bytes: B,
    number: u64,
    started: bool,
    ended: bool,
}

enum Fault {
    Read(std::io::Error),
    TooLarge,
    Cut,
}

impl<B: Iterator<Item = std::io::Result<u8>>> Elements<B> {
    /// The next element; commas and brackets of the array itself are dropped.
    fn next(&mut self, max: usize) -> Option<Result<Vec<u8>, Fault>> {
        let mut element = Vec::new();
        let (mut depth, mut in_string, mut escaped, mut too_large) = (0_usize, false, false, false);
        while !self.ended {
            let byte = match self.bytes.next() {
                Some(Ok(byte)) => byte,
                Some(Err(error)) => {
                    self.ended = true;
                    return Some(Err(Fault::Read(error)));
                }
                None => {
                    self.ended = true;
                    self.number += 1;
                    return (!element.trim_ascii().is_empty()).then_some(Err(Fault::Cut));
                }
            };
            if !self.started {
                self.started = byte == b'[';
                continue;
            }
            if depth == 0 && !in_string && matches!(byte, b',' | b']') {
                self.ended = byte == b']';
                if too_large || !element.trim_ascii().is_empty() {
                    self.number += 1;
                    return Some(if too_large { Err(Fault::TooLarge) } else { Ok(element) });
                }
                continue;
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth -= 1,
                _ => {}
            }
            if element.len() >= max {
                too_large = true;
                element = Vec::new();
            }
            if !too_large {
                element.push(byte);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::ReadError;

    fn options() -> Options {
        Options::new(jiff::Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_bad_line_does_not_stop_the_rest() {
        let lines = "{\"body\":\"One is here.\"}\n\nnot json\n{\"body\":\"Two is here.\"}";
        let read: Vec<_> = ndjson(lines.as_bytes(), options()).collect();
        assert_eq!(read.len(), 3);
        assert!(matches!(&read[1], Err(ReadError::Rejected { place, rejection }) if place == "line 3"
            && rejection.code == RejectCode::InvalidJson));
        assert_eq!(read[2].as_ref().unwrap().article.body, "Two is here.");
    }

    #[test]
    fn arrays_are_split_at_their_own_commas() {
        let json = r#" [ {"body":"One, [two] \" ] here.","x":[1,{"y":2}]} , {"body":"Three is here."}, 7 ] "#;
        let read: Vec<_> = array(json.as_bytes(), options()).collect();
        assert_eq!(read[0].as_ref().unwrap().article.body, "One, [two] \" ] here.");
        assert_eq!(read[1].as_ref().unwrap().article.body, "Three is here.");
        assert!(
            matches!(&read[2], Err(ReadError::Rejected { rejection, .. }) if rejection.code == RejectCode::NotAnObject)
        );
        assert_eq!(read.len(), 3);
        assert_eq!(array(&b"[]"[..], options()).count(), 0);
        let cut: Vec<_> = array(&b"[{\"body\":"[..], options()).collect();
        assert!(matches!(&cut[..], [Err(ReadError::Rejected { .. })]));
    }

    #[test]
    fn a_huge_element_is_told_and_skipped() {
        let mut small = options();
        small.limits.max_bytes = 40;
        let json = format!("[{{\"body\":\"{}\"}},{{\"body\":\"Small one here.\"}}]", "x".repeat(100));
        let read: Vec<_> = array(json.as_bytes(), small.clone()).collect();
        assert!(
            matches!(&read[0], Err(ReadError::Rejected { rejection, .. }) if rejection.code == RejectCode::TooLarge)
        );
        assert!(read[1].is_ok());
        let lines = format!("{}\n{{\"body\":\"Small one here.\"}}\n", "x".repeat(100));
        let read: Vec<_> = ndjson(lines.as_bytes(), small).collect();
        assert!(read[0].is_err() && read[1].is_ok());
    }
}
