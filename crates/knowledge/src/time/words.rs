//! Words of the calendar and numbers in words.

use jiff::civil::Weekday;

use super::expression::{Season, Unit};

/// How many units "recent" or "coming" means.
pub(super) fn span_of_recent(unit: Unit) -> i16 {
    match unit {
        Unit::Hour => 24,
        Unit::Day => 7,
        Unit::Week => 4,
        Unit::Month => 4,
        Unit::Quarter | Unit::Year => 3,
        Unit::Decade => 2,
    }
}

pub(super) fn valid(year: Option<i16>, month: i8, day: i8) -> bool {
    // Without a year a leap year is granted, so that 29 February stands.
    jiff::civil::Date::new(year.unwrap_or(2024), month, day).is_ok()
}

pub(super) fn month_number(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = name.to_ascii_lowercase();
    let short = if lower == "sept" { "sep" } else { lower.as_str() };
    let number =
        MONTHS.iter().position(|month| *month == lower || short.len() == 3 && month.starts_with(short))?;
    i8::try_from(number + 1).ok()
}

pub(super) fn weekday_of(name: &str) -> Option<Weekday> {
    Some(match name.to_ascii_lowercase().as_str() {
        "monday" | "mon" | "mondays" => Weekday::Monday,
        "tuesday" | "tue" | "tues" | "tuesdays" => Weekday::Tuesday,
        "wednesday" | "wed" | "wednesdays" => Weekday::Wednesday,
        "thursday" | "thu" | "thur" | "thurs" | "thursdays" => Weekday::Thursday,
        "friday" | "fri" | "fridays" => Weekday::Friday,
        "saturday" | "saturdays" => Weekday::Saturday,
        "sunday" | "sundays" => Weekday::Sunday,
        _ => return None,
    })
}

pub(super) fn season_of(name: &str) -> Option<Season> {
    Some(match name.to_ascii_lowercase().as_str() {
        "spring" => Season::Spring,
        "summer" => Season::Summer,
        "autumn" | "fall" => Season::Autumn,
        "winter" => Season::Winter,
        _ => return None,
    })
}

pub(super) fn number_word(word: &str) -> Option<i16> {
    const WORDS: [(&str, i16); 28] = [
        ("one", 1),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("eleven", 11),
        ("twelve", 12),
        ("thirteen", 13),
        ("fourteen", 14),
        ("fifteen", 15),
        ("sixteen", 16),
        ("seventeen", 17),
        ("eighteen", 18),
        ("nineteen", 19),
        ("twenty", 20),
        ("thirty", 30),
        ("forty", 40),
        ("fifty", 50),
        ("sixty", 60),
        ("seventy", 70),
        ("eighty", 80),
        ("ninety", 90),
        ("hundred", 100),
    ];
    WORDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}
