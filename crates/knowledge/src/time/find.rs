//! Finding time expressions: small patterns over tokens, the longest at each place wins.

use super::expression::{Expression, Lead, Shift, TimeSpan, Unit};
use super::token::{Token, tokens};
use super::words::{month_number, number_word, season_of, span_of_recent, valid, weekday_of};

/// All time expressions of a text, in order, without overlap.
#[must_use]
pub fn find(text: &str) -> Vec<TimeSpan> {
    let reader = Reader { tokens: tokens(text) };
    let mut spans = Vec::new();
    let mut at = 0;
    while at < reader.tokens.len() {
        let Some((next, expression)) = reader.expression(at) else {
            at += 1;
            continue;
        };
        spans.push(TimeSpan {
            start: reader.tokens[at].start,
            end: reader.tokens[next - 1].end,
            expression,
            lead: reader.lead(at),
        });
        at = next;
    }
    spans
}

type Found = Option<(usize, Expression)>;

struct Reader<'t> {
    tokens: Vec<Token<'t>>,
}

const DAY_PARTS: &[&str] =
    &["morning", "afternoon", "evening", "night", "noon", "dawn", "midnight", "dusk", "lunchtime"];
const EDGE: &[&str] =
    &["early", "earlier", "late", "later", "mid", "mid-", "beginning", "end", "middle", "start"];

impl<'t> Reader<'t> {
    fn token(&self, at: usize) -> Option<&Token<'t>> {
        self.tokens.get(at)
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.token(at).is_some_and(|token| token.is(word))
    }

    fn any(&self, at: usize, words: &[&str]) -> bool {
        self.token(at).is_some_and(|token| token.any(words))
    }

    fn adjacent(&self, at: usize) -> bool {
        at > 0 && self.tokens.get(at).is_some_and(|token| token.start == self.tokens[at - 1].end)
    }

    fn before(&self, at: usize) -> Option<&Token<'t>> {
        at.checked_sub(1).and_then(|at| self.token(at))
    }

    /// The preposition before an expression, an article between them passed over.
    fn lead(&self, at: usize) -> Lead {
        let Some(mut before) = self.before(at) else { return Lead::At };
        let mut back = 1;
        while back < 4 && before.any(&["the", "early", "late", "around", "about", "mid", "-", "at", "least"])
        {
            back += 1;
            match at.checked_sub(back).and_then(|at| self.token(at)) {
                Some(token) => before = token,
                None => return Lead::At,
            }
        }
        match before.text.to_ascii_lowercase().as_str() {
            "since" => Lead::Since,
            "from" => Lead::From,
            "until" | "till" | "to" | "through" => Lead::Until,
            "by" | "before" => Lead::By,
            "after" | "following" => Lead::After,
            "between" => Lead::Between,
            "for" | "of" => Lead::Of,
            _ => Lead::At,
        }
    }

    fn expression(&self, at: usize) -> Found {
        let token = self.token(at)?;
        // Words such as "early" belong to the expression that follows.
        if token.any(EDGE) {
            let mut next = at + 1;
            while self.any(next, &["-", "on", "in", "of", "the", "this"]) && next < at + 4 {
                if self.is(next, "this") {
                    break;
                }
                next += 1;
            }
            if let Some(found) = self.core(next) {
                return Some(found);
            }
        }
        self.core(at)
    }

    fn core(&self, at: usize) -> Found {
        self.iso(at)
            .or_else(|| self.day(at))
            .or_else(|| self.quarter(at))
            .or_else(|| self.counted(at))
            .or_else(|| self.shifted(at))
            .or_else(|| self.month(at))
            .or_else(|| self.weekday(at))
            .or_else(|| self.season(at))
            .or_else(|| self.adverb(at))
            .or_else(|| self.year(at))
    }

    /// `2025-12-29`, `29/12/2025`.
    fn iso(&self, at: usize) -> Found {
        let mark = self.token(at + 1).filter(|mark| mark.any(&["-", "/", "."]))?;
        if !(self.adjacent(at + 1) && self.adjacent(at + 2) && self.adjacent(at + 3) && self.adjacent(at + 4))
        {
            return None;
        }
        self.token(at + 3).filter(|second| second.text == mark.text)?;
        let [a, b, c] = [at, at + 2, at + 4].map(|at| self.token(at).and_then(Token::digits));
        let (a, b, c) = (a?, b?, c?);
        let (year, month, day) = match (a, b, c) {
            (1900.., ..) => (a, b, c),
            (.., 1900..) if b > 12 => (c, a, b),
            (.., 1900..) => (c, b, a),
            _ => return None,
        };
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        valid(Some(year), month, day).then_some((at + 5, Expression::Day { year: Some(year), month, day }))
    }

    /// "December 29", "29 December 2025", "Dec. 29, 2025", "the 29th of December", "Christmas Day".
    fn day(&self, at: usize) -> Found {
        if let Some((next, day)) = self.ordinal(at) {
            let mut next = next;
            if self.is(next, "of") {
                next += 1;
            }
            if let Some((after, month)) = self.month_name(next) {
                let (end, year) = self.year_after(after);
                return valid(year, month, day).then_some((end, Expression::Day { year, month, day }));
            }
        }
        if let Some((next, month)) = self.month_name(at)
            && let Some((after, day)) = self.ordinal(next)
        {
            // "March 18 percent" is a number, and "May 2012" a year.
            if self.any(after, &["percent", "per", "million", "billion", "%", ":"]) {
                return None;
            }
            let after = self.range_end(after);
            let (end, year) = self.year_after(after);
            return valid(year, month, day).then_some((end, Expression::Day { year, month, day }));
        }
        self.feast(at)
    }

    /// "New Year's Day", "Christmas".
    fn feast(&self, at: usize) -> Found {
        if self.is(at, "Christmas") && self.token(at)?.capital() {
            let (next, day) = match self.token(at + 1) {
                Some(token) if token.is("eve") => (at + 2, 24),
                Some(token) if token.is("day") => (at + 2, 25),
                _ => (at + 1, 25),
            };
            return Some((next, Expression::Day { year: None, month: 12, day }));
        }
        if self.is(at, "new")
            && self.is(at + 1, "year")
            && self.any(at + 2, &["'", "’"])
            && self.is(at + 3, "s")
        {
            return match self.token(at + 4)? {
                token if token.is("eve") => {
                    Some((at + 5, Expression::Day { year: None, month: 12, day: 31 }))
                }
                token if token.is("day") => Some((at + 5, Expression::Day { year: None, month: 1, day: 1 })),
                _ => None,
            };
        }
        None
    }

    /// Passes over the second day of "January 6-8" or "May 3 and 4".
    fn range_end(&self, at: usize) -> usize {
        let joined = self.any(at, &["-", "–"]) && self.adjacent(at);
        if joined && self.ordinal(at + 1).is_some() { at + 2 } else { at }
    }

    /// A day number, with or without its ending.
    fn ordinal(&self, at: usize) -> Option<(usize, i8)> {
        let token = self.token(at)?;
        let day = token.digits().filter(|day| (1..=31).contains(day) && token.text.len() <= 2)?;
        let ending = self.any(at + 1, &["st", "nd", "rd", "th"]) && self.adjacent(at + 1);
        // "3,000" and "3.5" are amounts.
        let next = at + 1;
        if self.any(next, &[",", ".", ":"])
            && self.adjacent(next)
            && self.adjacent(next + 1)
            && self.token(next + 1).and_then(Token::digits).is_some()
        {
            return None;
        }
        Some((if ending { at + 2 } else { next }, i8::try_from(day).ok()?))
    }

    fn month_name(&self, at: usize) -> Option<(usize, i8)> {
        let token = self.token(at)?;
        if !token.capital() {
            return None;
        }
        let month = month_number(token.text)?;
        let abbreviated = token.text.len() <= 4 && !matches!(token.text, "May" | "June" | "July");
        let stop = abbreviated && self.is(at + 1, ".") && self.adjacent(at + 1);
        Some((if stop { at + 2 } else { at + 1 }, month))
    }

    /// ", 2025", "2025", "of 2025", "of last year", "this year" after a month or day.
    fn year_after(&self, at: usize) -> (usize, Option<i16>) {
        let next = if self.any(at, &[",", "of"]) { at + 1 } else { at };
        match self.token(next).filter(|token| token.text.len() == 4).and_then(Token::digits) {
            Some(year) if (1800..2100).contains(&year) => (next + 1, Some(year)),
            _ => (at, None),
        }
    }

    fn month(&self, at: usize) -> Found {
        let (next, month) = self.month_name(at)?;
        let (end, year) = self.year_after(next);
        // "May" and "March" are also verbs and names; they count with a word before them that asks for a time.
        let token = self.token(at)?;
        let asks = self.before(at).is_some_and(|before| {
            before.any(&[
                "in", "since", "until", "till", "by", "from", "of", "during", "and", "to", "between", "late",
                "early", "mid", "-", "for", "through", "before", "after", "or", "on", "around", "every",
                "each", "earlier",
            ])
        });
        if token.text.len() <= 5 && year.is_none() && !asks {
            return None;
        }
        Some((end, Expression::Month { year, month, shift: Shift::Open }))
    }

    fn weekday(&self, at: usize) -> Found {
        let token = self.token(at)?;
        let weekday = weekday_of(token.text).filter(|_| token.capital())?;
        Some((self.day_part(at + 1), Expression::Weekday { weekday, shift: Shift::Open }))
    }

    /// Passes over "morning", "night" and the like after a day.
    fn day_part(&self, at: usize) -> usize {
        match self.token(at) {
            Some(token) if token.any(DAY_PARTS) => at + 1,
            Some(token) if token.any(&["early", "late"]) && self.any(at + 1, DAY_PARTS) => at + 2,
            _ => at,
        }
    }

    /// "last month", "next Friday", "this winter", "the past three weeks", "that day".
    fn shifted(&self, at: usize) -> Found {
        let token = self.token(at)?;
        let shift = match token.text.to_ascii_lowercase().as_str() {
            "last" | "past" | "previous" | "preceding" => Shift::Last,
            "this" | "current" => Shift::This,
            "next" | "coming" | "upcoming" => Shift::Next,
            "same" | "that" => return self.same(at),
            "following" if self.unit(at + 1).is_some() => {
                let (next, unit) = self.unit(at + 1)?;
                return Some((next, Expression::Offset { unit, by: 1, forward: false }));
            }
            "recent" => {
                let (next, unit) = self.units(at + 1)?;
                return Some((next, Expression::Span { unit, by: -span_of_recent(unit) }));
            }
            _ => return None,
        };
        let next = at + 1;
        if shift == Shift::Last && self.is(next, "night") {
            return Some((next + 1, Expression::Current { unit: Unit::Day, by: -1 }));
        }
        if let Some((end, unit)) = self.units(next).filter(|_| shift == Shift::Next) {
            return Some((end, Expression::Span { unit, by: span_of_recent(unit) }));
        }
        if let Some((end, unit)) = self.unit(next) {
            return self.shifted_unit(at, end, unit, shift);
        }
        if let Some((end, count, _)) = self.number(next)
            && let Some((end, unit)) = self.unit(end)
        {
            let by = if shift == Shift::Next { count } else { -count };
            return (shift != Shift::This).then_some((end, Expression::Span { unit, by }));
        }
        if let Some((end, month)) = self.month_name(next) {
            let (end, year) = self.year_after(end);
            return Some((end, Expression::Month { year, month, shift }));
        }
        if let Some(weekday) = self.token(next).and_then(|token| weekday_of(token.text)) {
            return Some((self.day_part(next + 1), Expression::Weekday { weekday, shift }));
        }
        if self.is(next, "weekend") {
            return Some((next + 1, Expression::Weekend(shift)));
        }
        if let Some(season) = self.token(next).and_then(|token| season_of(token.text)) {
            return Some((next + 1, Expression::Season { year: None, season, shift }));
        }
        if shift == Shift::This && self.any(next, DAY_PARTS) {
            return Some((next + 1, Expression::Current { unit: Unit::Day, by: 0 }));
        }
        None
    }

    fn shifted_unit(&self, at: usize, end: usize, unit: Unit, shift: Shift) -> Found {
        let by = match shift {
            Shift::Last => -1,
            Shift::Next => 1,
            Shift::This | Shift::Open => 0,
        };
        // "the previous day" looks back from the day last spoken of, "last month" from the publication.
        if self.any(at, &["previous", "preceding"]) {
            return Some((end, Expression::Offset { unit, by: -1, forward: false }));
        }
        // "the next day" and "the next morning" follow the day last spoken of.
        if unit == Unit::Day && shift == Shift::Next {
            return Some((end, Expression::Offset { unit, by, forward: false }));
        }
        // "last year's" and "last year" alike; "the last day" of something is no time.
        if matches!(unit, Unit::Day | Unit::Hour) && shift != Shift::This {
            return None;
        }
        Some((end, Expression::Current { unit, by }))
    }

    /// "the same day", "that month".
    fn same(&self, at: usize) -> Found {
        let (next, unit) = self.unit(at + 1)?;
        // "that year" and "that day", but not "that week-long strike" or "that day laborers ...".
        (unit > Unit::Hour && !self.is(next, "-")).then_some((next, Expression::Same(unit)))
    }

    /// "three years ago", "two days after", "a day earlier", "in two weeks", "within a month".
    fn counted(&self, at: usize) -> Found {
        let inside = self.any(at, &["in", "within"]);
        let start = if inside { at + 1 } else { at };
        let start =
            if self.any(start, &["about", "around", "nearly", "almost", "some", "just", "only", "over"]) {
                start + 1
            } else {
                start
            };
        if self.is(start, "the") && self.any(start + 1, &["day", "night", "evening", "week", "month", "year"])
        {
            return self.counted_end(start + 2, 1, self.unit(start + 1)?.1, false);
        }
        // "Hours later" is the same day.
        if self.any(start, &["hours", "minutes"])
            && self.any(start + 1, &["later", "earlier", "after", "before"])
        {
            return self.counted_end(start + 1, 1, Unit::Hour, false);
        }
        let (next, count, vague) = self.number(start)?;
        let next = if self.is(next, "-") { next + 1 } else { next };
        let (next, unit) = self.unit(next)?;
        if let Some(found) = self.counted_end(next, count, unit, vague) {
            return Some(found);
        }
        // "in just two months" says how long something took.
        let just = inside && self.any(at + 1, &["just", "only", "less", "under"]);
        let ahead = inside && !just && !self.any(next, &["of", "'", "’", "-"]) && !self.past_tense_near(at);
        ahead.then_some((next, Expression::From { unit, by: count, vague }))
    }

    fn counted_end(&self, next: usize, count: i16, unit: Unit, vague: bool) -> Found {
        let token = self.token(next)?;
        let offset = |by, forward| Some((next + 1, Expression::Offset { unit, by, forward }));
        match token.text.to_ascii_lowercase().as_str() {
            "ago" => Some((next + 1, Expression::From { unit, by: -count, vague })),
            "after" | "following" => offset(count, true),
            "before" if self.clause_follows(next + 1) => offset(-count, true),
            "before" | "earlier" | "previously" => offset(-count, false),
            "later" | "afterwards" | "afterward" => offset(count, false),
            "from" if self.is(next + 1, "now") => {
                Some((next + 2, Expression::From { unit, by: count, vague }))
            }
            _ => None,
        }
    }

    /// Whether words of a clause or a noun stand at a place, rather than its end.
    fn clause_follows(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| token.text.starts_with(char::is_alphanumeric))
    }

    /// "built the dam in two years" says how long it took, not when: a past form in the words before.
    fn past_tense_near(&self, at: usize) -> bool {
        let from = at.saturating_sub(8);
        self.tokens[from..at].iter().rev().take_while(|token| !token.any(&[",", ".", ";"])).any(|token| {
            (token.text.len() > 4
                && token.text.ends_with("ed")
                && !token.any(&["scheduled", "expected", "planned", "supposed", "needed"]))
                || token.any(&[
                    "first", "second", "third", "fourth", "fifth", "was", "were", "had", "has", "have",
                    "took", "made", "held", "fell", "rose",
                ])
        })
    }

    /// "winter", "the summer of 2015".
    fn season(&self, at: usize) -> Found {
        let season = season_of(self.token(at)?.text)?;
        let (end, year) = self.year_after(at + 1);
        let asks = self.before(at).is_some_and(|before| {
            before.any(&["in", "the", "since", "by", "until", "during", "early", "late"])
        });
        let spring_water = self.token(at)?.any(&["spring", "fall"])
            && !self.before(at)?.any(&["in", "since", "by", "until", "during"])
            && year.is_none();
        (year.is_some() || asks && !spring_water && !self.is(at + 1, "of") && !self.is(at + 1, "-"))
            .then_some((end, Expression::Season { year, season, shift: Shift::Open }))
    }

    /// "the third quarter of 2015", "the first half".
    fn quarter(&self, at: usize) -> Found {
        let number = ["first", "second", "third", "fourth"].iter().position(|word| self.is(at, word));
        let number = i8::try_from(number? + 1).ok()?;
        let (end, year) = self.year_after(at + 2);
        if self.is(at + 1, "quarter") {
            return Some((end, Expression::Quarter { year, quarter: number }));
        }
        let half = self.is(at + 1, "half") && number <= 2 && (year.is_some() || self.is(at + 2, "of"));
        (half && year.is_some()).then_some((end, Expression::Half { year, half: number }))
    }

    /// "today", "yesterday", "tonight", "overnight", "the weekend".
    fn adverb(&self, at: usize) -> Found {
        let token = self.token(at)?;
        let day = |by| Some((self.day_part(at + 1), Expression::Current { unit: Unit::Day, by }));
        match token.text.to_ascii_lowercase().as_str() {
            "today" | "tonight" => day(0),
            "yesterday" => day(-1),
            "tomorrow" => day(1),
            "overnight" if !self.is(at + 1, "-") => {
                Some((at + 1, Expression::Current { unit: Unit::Day, by: 0 }))
            }
            "weekend" if self.before(at).is_some_and(|before| before.any(&["the", "over", "at"])) => {
                Some((at + 1, Expression::Weekend(Shift::Open)))
            }
            _ => None,
        }
    }

    /// A bare year or decade.
    fn year(&self, at: usize) -> Found {
        let token = self.token(at).filter(|token| token.text.len() == 4)?;
        let year = token.digits().filter(|year| (1800..2100).contains(year))?;
        if self.is(at + 1, "s") && self.adjacent(at + 1) {
            return Some((at + 2, Expression::Decade(year)));
        }
        let amount = self.any(
            at + 1,
            &[
                "%",
                "percent",
                "per",
                "people",
                "soldiers",
                "troops",
                "dollars",
                "euros",
                "metres",
                "meters",
                "km",
                "kilometres",
                "men",
                "tonnes",
                "tons",
                "barrels",
            ],
        ) || self.any(at.wrapping_sub(1), &["$", "€", "£", "."])
            || (self.is(at + 1, ",") || self.is(at + 1, "."))
                && self.adjacent(at + 1)
                && self.adjacent(at + 2)
                && self.token(at + 2).and_then(Token::digits).is_some()
            || self.adjacent(at)
                && self
                    .before(at)
                    .is_some_and(|before| before.digits().is_some() || before.any(&[",", "/", "#"]));
        let asks = self.before(at).is_some_and(|before| {
            before.any(&[
                "in",
                "since",
                "of",
                "from",
                "by",
                "during",
                "until",
                "till",
                "before",
                "after",
                "early",
                "late",
                "mid",
                "-",
                "the",
                "year",
                "and",
                "to",
                "through",
                "around",
                "for",
                "between",
                "back",
                "(",
                "–",
                "end",
                "this",
                "forgotten",
            ])
        }) || self.any(at + 1, &["'", "’"]);
        (asks && !amount).then_some((at + 1, Expression::Year(year)))
    }

    /// A number in digits or words: (next token, value, whether it is a guess).
    fn number(&self, at: usize) -> Option<(usize, i16, bool)> {
        let token = self.token(at)?;
        if let Some(value) = token.digits().filter(|_| token.text.len() <= 3) {
            return Some((at + 1, value, false));
        }
        match token.text.to_ascii_lowercase().as_str() {
            "a" if self.is(at + 1, "few") => return Some((at + 2, 3, true)),
            "a" if self.is(at + 1, "couple") => {
                return Some((if self.is(at + 2, "of") { at + 3 } else { at + 2 }, 2, false));
            }
            "a" | "an" => return Some((at + 1, 1, false)),
            "several" | "few" | "some" | "many" => return Some((at + 1, 4, true)),
            _ => {}
        }
        let value = number_word(token.text)?;
        if value >= 20
            && self.is(at + 1, "-")
            && let Some(one) =
                self.token(at + 2).and_then(|token| number_word(token.text)).filter(|one| *one < 10)
        {
            return Some((at + 3, value + one, false));
        }
        Some((at + 1, value, false))
    }

    fn unit(&self, at: usize) -> Option<(usize, Unit)> {
        let token = self.token(at)?;
        let unit = match token.text.to_ascii_lowercase().as_str() {
            "hour" | "hours" | "minutes" | "minute" => Unit::Hour,
            "day" | "days" | "night" | "nights" | "evening" | "morning" | "afternoon" => Unit::Day,
            "week" | "weeks" | "fortnight" => Unit::Week,
            "month" | "months" => Unit::Month,
            "quarter" => Unit::Quarter,
            "year" | "years" => Unit::Year,
            "decade" | "decades" => Unit::Decade,
            _ => return None,
        };
        Some((at + 1, unit))
    }

    /// The plural of a unit: "recent days", "coming weeks".
    fn units(&self, at: usize) -> Option<(usize, Unit)> {
        self.unit(at).filter(|_| self.token(at).is_some_and(|token| token.text.ends_with('s')))
    }
}
