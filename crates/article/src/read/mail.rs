//! Mail folders (mbox): alerts and newsletters of agencies, one article a message.

use std::io::BufRead;

use mailparse::{MailHeaderMap, ParsedMail};

use super::source::{self, Line};
use super::{Item, Options, at, broken, too_large};
use crate::accept::{Draft, finish};
use crate::date;
use crate::html::fragment;
use crate::reject::{RejectCode, Rejection};
use crate::sniff::Kind;

/// Parts of a message that are looked through for its text.
const MAX_PARTS: usize = 100;

/// Reads the messages of a mail folder.
pub(super) fn articles(reader: impl BufRead, options: Options) -> impl Iterator<Item = Item> {
    let mut folder = Folder { reader, begun: false, ended: false, number: 0 };
    std::iter::from_fn(move || {
        let message = folder.next(options.limits.max_bytes)?;
        let place = format!("message {}", folder.number);
        Some(match message {
            Err(error) => Err(broken(place, error)),
            Ok(None) => at(&place, Err(too_large(&options.limits))),
            Ok(Some(bytes)) => at(&place, article(&bytes)).and_then(|draft| {
                at(&place, finish(draft, &options.incoming(&[]), &options.limits, Vec::new()))
            }),
        })
    })
}

struct Folder<R> {
    reader: R,
    begun: bool,
    ended: bool,
    number: u64,
}

impl<R: BufRead> Folder<R> {
    /// The next message, `Ok(None)` where it is too large to be kept.
    fn next(&mut self, max: usize) -> Option<std::io::Result<Option<Vec<u8>>>> {
        let mut message = Vec::new();
        let mut too_large = false;
        while !self.ended {
            match source::line(&mut self.reader, max) {
                Err(error) => {
                    self.ended = true;
                    self.number += 1;
                    return Some(Err(error));
                }
                Ok(Line::End) => self.ended = true,
                Ok(Line::TooLong) => too_large = true,
                Ok(Line::Whole(line)) if line.starts_with(b"From ") => {
                    let before = std::mem::replace(&mut self.begun, true);
                    if before && (too_large || !message.trim_ascii().is_empty()) {
                        break;
                    }
                }
                Ok(Line::Whole(line)) => {
                    // Lines of the text that begin with "From " are quoted in a folder.
                    let quoted = line.trim_ascii_start().starts_with(b">")
                        && line.trim_start_with(b'>').starts_with(b"From ");
                    message.extend_from_slice(if quoted { &line[1..] } else { &line });
                    if message.len() > max {
                        too_large = true;
                        message = Vec::new();
                    }
                }
            }
        }
        if message.trim_ascii().is_empty() && !too_large {
            return None;
        }
        self.number += 1;
        Some(Ok((!too_large).then_some(message)))
    }
}

trait TrimStartWith {
    fn trim_start_with(&self, byte: u8) -> &Self;
}

impl TrimStartWith for [u8] {
    fn trim_start_with(&self, byte: u8) -> &Self {
        &self[self.iter().take_while(|found| **found == byte).count()..]
    }
}

fn article(bytes: &[u8]) -> Result<Draft, Rejection> {
    let mail = mailparse::parse_mail(bytes).map_err(|error| {
        Rejection::new(RejectCode::InvalidMail, format!("the message cannot be read as mail: {error}"))
    })?;
    let mut draft = Draft::new(Kind::Mbox);
    let header = |name| mail.headers.get_first_value(name).filter(|value| !value.trim().is_empty());
    draft.title = header("Subject").unwrap_or_default();
    draft.id = header("Message-ID").map(|id| id.trim_matches(['<', '>', ' ']).to_owned());
    draft.source = header("From").map(|from| sender(&from));
    draft.published_at = header("Date").and_then(|text| date::read(&text));
    draft.body = text_of(&mail).ok_or_else(|| {
        Rejection::of_field(
            RejectCode::EmptyBody,
            "body",
            "the message has no text part; only text/plain and text/html are read",
        )
    })?;
    Ok(draft)
}

/// The sender's name, else the address.
fn sender(from: &str) -> String {
    let name = from.split('<').next().unwrap_or_default().trim().trim_matches('"').trim();
    if name.is_empty() { from.trim_matches(['<', '>']).to_owned() } else { name.to_owned() }
}

/// The plain text part, else the text of the HTML part.
fn text_of(mail: &ParsedMail<'_>) -> Option<String> {
    let parts: Vec<&ParsedMail<'_>> = mail.parts().take(MAX_PARTS).collect();
    let of_type = |media: &str| {
        parts
            .iter()
            .filter(|part| part.ctype.mimetype.eq_ignore_ascii_case(media))
            .find_map(|part| part.get_body().ok())
    };
    let plain = of_type("text/plain").filter(|text| !text.trim().is_empty());
    plain.or_else(|| of_type("text/html").map(|markup| fragment::text(&markup)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_articles() {
        let folder = "From alerts@agency.example Mon Dec 29 14:00:00 2025\n\
            From: \"Agency Alerts\" <alerts@agency.example>\nSubject: =?utf-8?q?Envoys_recalled_from_K=C3=B6ln?=\n\
            Date: Mon, 29 Dec 2025 14:00:00 +0100\nMessage-ID: <1@agency.example>\nContent-Type: text/plain; charset=iso-8859-1\n\
            Content-Transfer-Encoding: quoted-printable\n\nOslo recalled its envoy from K=F6ln on Monday.\n>From there he flew home.\n\n\
            From x Mon Dec 29 15:00:00 2025\nSubject: Two\nContent-Type: multipart/alternative; boundary=b\n\n\
            --b\nContent-Type: text/html\n\n<p>The second <b>text</b> is here.</p>\n--b--\n";
        let options = Options::new(jiff::Timestamp::UNIX_EPOCH);
        let read: Vec<_> = articles(folder.as_bytes(), options).map(Result::unwrap).collect();
        assert_eq!(read.len(), 2);
        let first = &read[0].article;
        assert_eq!(first.title, "Envoys recalled from Köln");
        assert_eq!(first.source.as_deref(), Some("Agency Alerts"));
        assert_eq!(first.id, "1@agency.example");
        assert!(first.body.contains("from Köln on Monday.") && first.body.contains("From there he"));
        assert_eq!(read[1].article.body, "The second text is here.");
    }
}
