//! The dateline of a report: "TYRE, Lebanon, March 16 (Wire) - ...".

use entente_ontology::CountryCode;
use jiff::civil::Date;

use crate::place::{PlaceContext, Places};
use crate::time::{Context, Direction, Expression, find};

/// Where and when a report was filed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dateline {
    /// Country of the place.
    pub country: Option<CountryCode>,
    /// First-level area of the place.
    pub area: Option<&'static str>,
    /// The day, where the dateline gives one that is near the publication.
    pub date: Option<Date>,
}

/// Reads the dateline at the head of a body; `None` where there is none.
#[must_use]
pub fn read(body: &str, published: Option<Date>) -> Option<Dateline> {
    let head = body.trim_start();
    let line: &str = head.split('\n').next()?;
    let mark = [" - ", " — ", " – ", " -- ", "--", ": ", "—"]
        .iter()
        .filter_map(|mark| line.find(mark))
        .filter(|at| *at <= 80)
        .min()?;
    let text = line.get(..mark)?;
    // A dateline begins with a place in capitals, or holds a date, or an agency in brackets.
    let first = text.split([',', ' ', '(']).find(|word| !word.is_empty())?;
    let capitals = first.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && first.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let dates = find(text);
    let words = text.split_whitespace().count();
    let agency = text.ends_with(')');
    if !(capitals || words <= 6 && (agency || !dates.is_empty())) {
        return None;
    }
    let place = Places::shared().resolve(&title_case(text), &PlaceContext::default());
    let date = published.and_then(|published| near(&dates, published));
    Some(Dateline {
        country: place.and_then(|place| place.country),
        area: place.map(|place| place.area).filter(|area| !area.is_empty()),
        date,
    })
}

/// The day of the dateline, if it lies within four days of the publication.
fn near(dates: &[crate::time::TimeSpan], published: Date) -> Option<Date> {
    let day = dates.iter().find(|span| matches!(span.expression, Expression::Day { .. }))?;
    let context = Context { published, reference: None, direction: Direction::Past };
    let date = day.resolve(&context)?.first;
    (date.until(published).ok()?.get_days().abs() <= 4).then_some(date)
}

/// "PUERTO CABEZAS" as the tables write it.
fn title_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase())
        } else {
            out.extend(c.to_uppercase())
        }
        inside = c.is_alphabetic();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(body: &str) -> Option<(String, Option<Date>)> {
        let read = read(body, Some(jiff::civil::date(2023, 3, 17)))?;
        Some((read.country.map_or(String::new(), |code| code.as_str().to_owned()), read.date))
    }

    #[test]
    fn place_and_day_are_read() {
        let march = Some(jiff::civil::date(2023, 3, 16));
        assert_eq!(line("BEIRUT, March 16 (Wire) - Two men"), Some(("LBN".into(), march)));
        assert_eq!(line("HAMBURG, Germany - Two men"), Some(("DEU".into(), None)));
        assert_eq!(line("Nairobi, 16 March — Two men"), Some(("KEN".into(), march)));
    }

    #[test]
    fn a_sentence_is_no_dateline() {
        assert_eq!(line("The army said on Tuesday that it - and the navy - would go."), None);
        assert_eq!(line("Nobody came."), None);
    }
}
