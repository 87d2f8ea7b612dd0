//! Publication dates as the world writes them: RFC 3339, RFC 2822, date only, epoch, and prose.

use jiff::civil::{self, DateTime};
use jiff::tz::Offset;
use jiff::{Timestamp, fmt};

/// A date that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReadDate {
    pub(crate) at: Timestamp,
    pub(crate) precision: Precision,
}

/// How much of a point in time the writing gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precision {
    /// Only the day; midnight UTC stands for it.
    Day,
    /// A clock time without a zone, read as UTC.
    Local,
    /// A point in time.
    Exact,
}

/// Forms that [`read`] understands, for error messages.
pub(crate) const FORMS: &str = "RFC 3339 (2025-12-29T14:00:00Z), RFC 2822 (Mon, 29 Dec 2025 14:00:00 +0000), a date (2025-12-29) or epoch seconds";

/// Longest writing of a date that is looked at.
const MAX_LENGTH: usize = 120;

/// Reads a date; `None` where it is none or is ambiguous (`03/04/2025`).
pub(crate) fn read(text: &str) -> Option<ReadDate> {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    if text.is_empty() || text.len() > MAX_LENGTH {
        return None;
    }
    digits(text).or_else(|| machine(text)).or_else(|| prose(text)).filter(|date| plausible(date.at))
}

/// A number of the epoch: seconds, milliseconds or microseconds by size.
pub(crate) fn epoch(number: f64) -> Option<ReadDate> {
    if !number.is_finite() || number.abs() >= 1e17 {
        return None;
    }
    let seconds = match number.abs() {
        n if n < 1e11 => number,
        n if n < 1e14 => number / 1e3,
        _ => number / 1e6,
    };
    #[expect(clippy::cast_possible_truncation, reason = "bounded above: at most 1e14 microseconds of 1e17")]
    let at = Timestamp::from_millisecond((seconds * 1e3).round() as i64).ok()?;
    Some(ReadDate { at, precision: Precision::Exact }).filter(|date| plausible(date.at))
}

/// Newspapers are older than computers, but not older than printing.
fn plausible(at: Timestamp) -> bool {
    let year = Offset::UTC.to_datetime(at).year();
    (1600..=2200).contains(&year)
}

fn digits(text: &str) -> Option<ReadDate> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<i8>().ok();
    match text.len() {
        8 => day(civil::Date::new(text[..4].parse().ok()?, number(4..6)?, number(6..8)?).ok()?),
        14 => {
            let date = civil::Date::new(text[..4].parse().ok()?, number(4..6)?, number(6..8)?).ok()?;
            let time = civil::Time::new(number(8..10)?, number(10..12)?, number(12..14)?, 0).ok()?;
            in_zone(date.to_datetime(time), None)
        }
        9.. => epoch(text.parse().ok()?),
        _ => None,
    }
}

fn machine(text: &str) -> Option<ReadDate> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(ReadDate { at, precision: Precision::Exact });
    }
    if let Ok(zoned) = fmt::rfc2822::parse(text) {
        return Some(ReadDate { at: zoned.timestamp(), precision: Precision::Exact });
    }
    if let Ok(date) = text.parse::<civil::Date>()
        && text.len() <= 10
    {
        return day(date);
    }
    in_zone(text.parse::<DateTime>().ok()?, None)
}

fn day(date: civil::Date) -> Option<ReadDate> {
    let at = Offset::UTC.to_timestamp(date.to_datetime(civil::Time::midnight())).ok()?;
    Some(ReadDate { at, precision: Precision::Day })
}

fn in_zone(datetime: DateTime, offset: Option<Offset>) -> Option<ReadDate> {
    let at = offset.unwrap_or(Offset::UTC).to_timestamp(datetime).ok()?;
    Some(ReadDate { at, precision: if offset.is_some() { Precision::Exact } else { Precision::Local } })
}

/// "Updated Dec. 29, 2025 at 2:30 p.m. ET", "29. Dezember 2025, 14:30 Uhr", "29.12.2025", "2025年12月29日".
fn prose(text: &str) -> Option<ReadDate> {
    let lower = text.to_lowercase().replace("a.m.", "am").replace("p.m.", "pm");
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '(' | ')' | '·' | '•' | '–' | '—'))
        .collect();
    let words: Vec<&str> =
        words.into_iter().map(|word| word.trim_matches(['.', ';'])).filter(|word| !word.is_empty()).collect();
    let (date, place) = named_month(&words).or_else(|| numeric(&words))?;
    let rest = words.get(place..).unwrap_or_default();
    // The time mostly follows the date, but "14:30 GMT, 29 December" is common as well.
    match clock(rest).or_else(|| clock(&words)) {
        Some((time, offset)) => in_zone(date.to_datetime(time), offset),
        None => day(date),
    }
}

/// The first month name with a day and a year beside it; also where in the words it ends.
fn named_month(words: &[&str]) -> Option<(civil::Date, usize)> {
    let filler = |word: &str| matches!(word, "de" | "of" | "del" | "the");
    let words: Vec<(usize, &str)> =
        words.iter().copied().enumerate().filter(|(_, word)| !filler(word)).collect();
    for (place, (_, word)) in words.iter().enumerate() {
        let Some(month) = month(word) else { continue };
        let at = |offset: isize| {
            place.checked_add_signed(offset).and_then(|i| words.get(i)).map(|(_, word)| *word)
        };
        let year_at = |offset| at(offset).and_then(year);
        let day_at = |offset| at(offset).and_then(day_number);
        let found = [
            day_at(-1).zip(year_at(1)).map(|pair| (pair, 1)),
            day_at(1).zip(year_at(2)).map(|pair| (pair, 2)),
            day_at(1).zip(year_at(-1)).map(|pair| (pair, 1)),
        ];
        if let Some(((day, year), last)) = found.into_iter().flatten().next() {
            let end = words.get(place + last).map_or(place, |(original, _)| *original) + 1;
            return civil::Date::new(year, month, day).ok().map(|date| (date, end));
        }
    }
    None
}

/// `29.12.2025`, `2025/12/29`, `12/29/2025` where only one reading is possible, `2025年12月29日`.
fn numeric(words: &[&str]) -> Option<(civil::Date, usize)> {
    words.iter().enumerate().find_map(|(place, word)| {
        let parts: Vec<&str> = word
            .split(['.', '/', '-', '年', '月', '日', '년', '월', '일'])
            .filter(|part| !part.is_empty())
            .collect();
        let [a, b, c] = parts[..] else { return None };
        let date = match (a.len(), c.len()) {
            (4, 1 | 2) => civil::Date::new(year(a)?, b.parse().ok()?, c.parse().ok()?).ok()?,
            (1 | 2, 4) => {
                let (first, second): (i8, i8) = (a.parse().ok()?, b.parse().ok()?);
                let day_first = word.contains('.') || first > 12 || first == second;
                match (day_first, second > 12) {
                    (true, _) => civil::Date::new(year(c)?, second, first).ok()?,
                    (false, true) => civil::Date::new(year(c)?, first, second).ok()?,
                    (false, false) => return None,
                }
            }
            _ => return None,
        };
        Some((date, place + 1))
    })
}

/// The first clock time, with the zone that follows it.
fn clock(words: &[&str]) -> Option<(civil::Time, Option<Offset>)> {
    words.iter().enumerate().find_map(|(place, word)| {
        let (digits, mut half) = match word.strip_suffix("am").map(|rest| (rest, "am")) {
            Some(found) => found,
            None => word.strip_suffix("pm").map_or((*word, ""), |rest| (rest, "pm")),
        };
        let mut next = place + 1;
        if half.is_empty()
            && let Some(word @ ("am" | "pm")) = words.get(next).copied()
        {
            half = word;
            next += 1;
        }
        // "2025-12-29t14:30" in one word with a prose zone behind it.
        let digits = digits.rsplit('t').next().unwrap_or(digits);
        let mut parts = digits.split([':', 'h']).map(|part| part.parse::<i8>().ok());
        let hour = parts.next()??;
        let minute = match parts.next() {
            Some(minute) => minute?,
            None if !half.is_empty() => 0,
            None => return None,
        };
        let second = parts.next().flatten().unwrap_or(0);
        let hour = match (half, hour) {
            ("pm", 1..=11) => hour + 12,
            ("am", 12) => 0,
            ("pm" | "am", 13..) => return None,
            _ => hour,
        };
        let time = civil::Time::new(hour, minute, second, 0).ok()?;
        Some((time, words.get(next).and_then(|word| zone(word))))
    })
}

fn zone(word: &str) -> Option<Offset> {
    let word = word.trim_matches(['(', ')', '.']);
    let hours = match word {
        "gmt" | "utc" | "z" | "wet" => 0,
        "bst" | "cet" | "mez" | "wat" => 1,
        "cest" | "mesz" | "eet" | "sast" | "cat" => 2,
        "eest" | "msk" | "eat" | "ast" | "trt" => 3,
        "gst" => 4,
        "pkt" => 5,
        "wib" | "ict" => 7,
        "hkt" | "sgt" | "awst" | "pht" | "myt" => 8,
        "jst" | "kst" => 9,
        "aest" => 10,
        "aedt" => 11,
        "nzst" => 12,
        "nzdt" => 13,
        "edt" => -4,
        "est" | "cdt" => -5,
        "cst" | "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" => -8,
        "ist" => return Offset::from_seconds(5 * 3600 + 1800).ok(),
        _ => return numeric_zone(word.trim_start_matches("gmt").trim_start_matches("utc")),
    };
    Offset::from_hours(hours).ok()
}

/// `+09:00`, `-0500`, `+9`.
fn numeric_zone(word: &str) -> Option<Offset> {
    let (sign, digits) = match word.as_bytes().first()? {
        b'+' => (1, &word[1..]),
        b'-' => (-1, &word[1..]),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) || digits.len() > 4 {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) = if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

fn year(word: &str) -> Option<i16> {
    (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|year| (1600..=2200).contains(year))
}

fn day_number(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_alphabetic() || c == 'º' || c == '.');
    let suffix = &word[digits.len()..];
    if !matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "." | "e") || digits.len() > 2 {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

/// Months of the languages that outlets in Latin and Cyrillic script write most.
fn month(word: &str) -> Option<i8> {
    const MONTHS: [&[&str]; 12] = [
        &[
            "january",
            "jan",
            "januar",
            "jänner",
            "janvier",
            "janv",
            "enero",
            "ene",
            "janeiro",
            "gennaio",
            "gen",
            "января",
        ],
        &[
            "february",
            "feb",
            "februar",
            "février",
            "févr",
            "febrero",
            "fevereiro",
            "fev",
            "febbraio",
            "февраля",
        ],
        &["march", "mar", "märz", "mars", "marzo", "março", "марта"],
        &["april", "apr", "avril", "avr", "abril", "abr", "aprile", "апреля"],
        &["may", "mai", "mayo", "maio", "maggio", "mag", "мая"],
        &["june", "jun", "juni", "juin", "junio", "junho", "giugno", "июня"],
        &["july", "jul", "juli", "juillet", "juil", "julio", "julho", "luglio", "июля"],
        &["august", "aug", "août", "agosto", "ago", "августа"],
        &["september", "sept", "sep", "septembre", "septiembre", "setembro", "settembre", "сентября"],
        &["october", "oct", "oktober", "okt", "octobre", "octubre", "outubro", "ottobre", "октября"],
        &["november", "nov", "novembre", "noviembre", "novembro", "ноября"],
        &[
            "december",
            "dec",
            "dezember",
            "dez",
            "décembre",
            "déc",
            "diciembre",
            "dic",
            "dezembro",
            "dicembre",
            "декабря",
        ],
    ];
    let index = MONTHS.iter().position(|names| names.contains(&word))?;
    i8::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<String> {
        read(text).map(|date| date.at.to_string())
    }

    #[test]
    fn machine_forms() {
        for (text, expected) in [
            ("2025-12-29T14:00:00Z", "2025-12-29T14:00:00Z"),
            ("2025-12-29T14:00:00+09:00", "2025-12-29T05:00:00Z"),
            ("2025-12-29T14:00:00+0900", "2025-12-29T05:00:00Z"),
            ("2025-12-29T14:00:00.123-05:00", "2025-12-29T19:00:00.123Z"),
            ("Mon, 29 Dec 2025 14:00:00 +0000", "2025-12-29T14:00:00Z"),
            ("Mon, 29 Dec 2025 14:00:00 GMT", "2025-12-29T14:00:00Z"),
            ("29 Dec 2025 14:00:00 EST", "2025-12-29T19:00:00Z"),
            ("2025-12-29", "2025-12-29T00:00:00Z"),
            ("2025-12-29 14:00", "2025-12-29T14:00:00Z"),
            ("2025-12-29 14:00:00 +0100", "2025-12-29T13:00:00Z"),
            ("20251229", "2025-12-29T00:00:00Z"),
            ("20251229140000", "2025-12-29T14:00:00Z"),
            ("20251229T140000Z", "2025-12-29T14:00:00Z"),
            ("1767016800", "2025-12-29T14:00:00Z"),
            ("1767016800000", "2025-12-29T14:00:00Z"),
        ] {
            assert_eq!(at(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn prose_forms() {
        for (text, expected) in [
            ("Dec. 29, 2025", "2025-12-29T00:00:00Z"),
            ("Published 2:30 PM EST, Mon December 29, 2025", "2025-12-29T19:30:00Z"),
            ("Updated Dec. 29, 2025 at 2:30 p.m. GMT", "2025-12-29T14:30:00Z"),
            ("29. Dezember 2025, 14:30 Uhr", "2025-12-29T14:30:00Z"),
            ("29 de diciembre de 2025", "2025-12-29T00:00:00Z"),
            ("le 29 décembre 2025 à 14h30", "2025-12-29T14:30:00Z"),
            ("29.12.2025", "2025-12-29T00:00:00Z"),
            ("12/29/2025", "2025-12-29T00:00:00Z"),
            ("29/12/2025 08:05 +0300", "2025-12-29T05:05:00Z"),
            ("2025/12/29", "2025-12-29T00:00:00Z"),
            ("2025年12月29日 14:30", "2025-12-29T14:30:00Z"),
            ("1st of May 2024", "2024-05-01T00:00:00Z"),
            ("Monday, 29 December 2025 | 18:22 IST", "2025-12-29T12:52:00Z"),
        ] {
            assert_eq!(at(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_or_two_is_not_read() {
        for text in [
            "",
            "yesterday",
            "03/04/2025",
            "2025",
            "12345",
            "May",
            "2025-13-01",
            "31.02.2025",
            "9999999999999999999",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn precision_is_told() {
        let precision = |text| read(text).unwrap().precision;
        assert_eq!(precision("2025-12-29"), Precision::Day);
        assert_eq!(precision("2025-12-29 14:00"), Precision::Local);
        assert_eq!(precision("2025-12-29 14:00 UTC"), Precision::Exact);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,60}") {
            let _ = read(&text);
        }

        #[test]
        fn dates_in_pieces_never_panic(text in "[0-9:/. +-]{0,30}(am|pm|dec|z| |t|,){0,4}[0-9: +-]{0,12}") {
            let _ = read(&text);
        }

        #[test]
        fn rfc3339_round_trips(second in -11_000_000_000_i64..7_000_000_000) {
            let at = Timestamp::from_second(second).unwrap();
            proptest::prop_assert_eq!(read(&at.to_string()).map(|date| date.at), Some(at));
        }
    }
}
