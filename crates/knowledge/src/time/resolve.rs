//! Setting a time expression against the day of publication.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::expression::{Expression, Lead, Season, Shift, TimeSpan, Unit};

/// Where the clause of the expression looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Back, as most news does.
    #[default]
    Past,
    /// Ahead: "will meet on Tuesday".
    Future,
}

/// What an expression is set against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// Day of publication, or of the dateline.
    pub published: Date,
    /// The day that the text last spoke of, for "two days later".
    pub reference: Option<Resolved>,
    /// Tense and modality of the clause.
    pub direction: Direction,
}

/// How finely a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// One day.
    Day,
    /// Seven days or less.
    Week,
    /// One month.
    Month,
    /// Three months.
    Season,
    /// One year.
    Year,
    /// Ten years.
    Decade,
}

impl Precision {
    /// The word used in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Season => "season",
            Self::Year => "year",
            Self::Decade => "decade",
        }
    }
}

/// A resolved time: the days from `first` to `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
    /// How finely it is known.
    pub precision: Precision,
}

impl Resolved {
    /// One day.
    #[must_use]
    pub const fn day(date: Date) -> Self {
        Self { first: date, last: date, precision: Precision::Day }
    }

    fn month(date: Date) -> Self {
        Self { first: date.first_of_month(), last: date.last_of_month(), precision: Precision::Month }
    }

    fn year(date: Date) -> Self {
        Self { first: date.first_of_year(), last: date.last_of_year(), precision: Precision::Year }
    }

    fn week(date: Date) -> Option<Self> {
        let back = i64::from(date.weekday().to_monday_zero_offset());
        let first = date.checked_sub(back.days()).ok()?;
        Some(Self { first, last: first.checked_add(6.days()).ok()?, precision: Precision::Week })
    }

    /// ISO 8601: `2025-12-29`, `2025-12`, `2025`, or an interval `2025-12-01/2025-12-07`.
    #[must_use]
    pub fn value(&self) -> String {
        let Self { first, last, .. } = self;
        if first == last {
            first.to_string()
        } else if *first == first.first_of_year() && *last == first.last_of_year() {
            format!("{:04}", first.year())
        } else if *first == first.first_of_month() && *last == first.last_of_month() {
            format!("{:04}-{:02}", first.year(), first.month())
        } else {
            format!("{first}/{last}")
        }
    }
}

impl TimeSpan {
    /// The days that the expression names; `None` where it names none by itself ("two days later" with nothing before).
    #[must_use]
    pub fn resolve(&self, context: &Context) -> Option<Resolved> {
        let ahead = Context { direction: Direction::Future, ..*context };
        // "by the weekend" and "until Friday" lie ahead unless the clause looks back on a deadline.
        let open = matches!(
            self.expression,
            Expression::Weekday { shift: Shift::Open, .. } | Expression::Weekend(Shift::Open)
        );
        let context = if matches!(self.lead, Lead::By | Lead::Until) && open { &ahead } else { context };
        self.expression.resolve(context)
    }
}

impl Expression {
    /// The days that the expression names.
    #[must_use]
    pub fn resolve(&self, context: &Context) -> Option<Resolved> {
        let today = context.published;
        match *self {
            Self::Day { year: Some(year), month, day } => {
                Some(Resolved::day(Date::new(year, month, day).ok()?))
            }
            Self::Day { year: None, month, day } => open_day(month, day, context).map(Resolved::day),
            Self::Month { year: Some(year), month, .. } => {
                Some(Resolved::month(Date::new(year, month, 1).ok()?))
            }
            Self::Month { year: None, month, shift } => open_month(month, shift, context),
            Self::Year(year) => Some(Resolved::year(Date::new(year, 1, 1).ok()?)),
            Self::Decade(year) => years(year, year + 9, Precision::Decade),
            Self::Season { year, season, shift } => open_season(year, season, shift, context),
            Self::Quarter { year, quarter } => open_quarter(year, quarter, context),
            Self::Half { year, half } => {
                let month = if half == 1 { 1 } else { 7 };
                let first = Date::new(year.unwrap_or(today.year()), month, 1).ok()?;
                let last = first.checked_add(5.months()).ok()?.last_of_month();
                Some(Resolved { first, last, precision: Precision::Season })
            }
            Self::Weekday { weekday, shift } => weekday_near(weekday, shift, context).map(Resolved::day),
            Self::Weekend(shift) => weekend(shift, context),
            Self::Current { unit, by } => around(today.checked_add(span(unit, by)).ok()?, unit),
            Self::From { unit, by, vague } => counted(today, unit, by, vague),
            Self::Span { unit, by } => stretch(today, unit, by),
            Self::Offset { unit, by, .. } => {
                let reference = context.reference?;
                let base = if by < 0 { reference.first } else { reference.last };
                let moved = base.checked_add(span(unit, by)).ok()?;
                // Nothing gets finer than what it is counted from.
                let found = around_exact(moved, unit)?;
                if found.precision >= reference.precision {
                    Some(found)
                } else {
                    coarsen(moved, reference.precision)
                }
            }
            Self::Same(unit) => around(context.reference.map_or(today, |reference| reference.first), unit),
        }
    }
}

fn span(unit: Unit, by: i16) -> Span {
    let by = i64::from(by);
    match unit {
        Unit::Hour => (by / 24).days(),
        Unit::Day => by.days(),
        Unit::Week => by.weeks(),
        Unit::Month => by.months(),
        Unit::Quarter => (by * 3).months(),
        Unit::Year => by.years(),
        Unit::Decade => (by * 10).years(),
    }
}

/// The whole unit around a day.
fn around(date: Date, unit: Unit) -> Option<Resolved> {
    match unit {
        Unit::Hour | Unit::Day => Some(Resolved::day(date)),
        Unit::Week => Resolved::week(date),
        Unit::Month => Some(Resolved::month(date)),
        Unit::Quarter => quarter_of(date.year(), (date.month() - 1) / 3 + 1),
        Unit::Year => Some(Resolved::year(date)),
        Unit::Decade => {
            let year = date.year() - date.year() % 10;
            years(year, year + 9, Precision::Decade)
        }
    }
}

/// "Three weeks ago" is a week, "a decade ago" a year.
fn around_exact(date: Date, unit: Unit) -> Option<Resolved> {
    match unit {
        Unit::Quarter => Some(Resolved::month(date)),
        Unit::Decade => Some(Resolved::year(date)),
        _ => around(date, unit),
    }
}

fn counted(today: Date, unit: Unit, by: i16, vague: bool) -> Option<Resolved> {
    let date = today.checked_add(span(unit, by)).ok()?;
    if !vague {
        return around_exact(date, unit);
    }
    match unit {
        Unit::Hour => Some(Resolved::day(today)),
        Unit::Day => stretch(today, Unit::Day, if by < 0 { -7 } else { 7 }),
        Unit::Week => Some(Resolved::month(date)),
        Unit::Month | Unit::Quarter => Some(Resolved::year(date)),
        Unit::Year | Unit::Decade => None,
    }
}

fn stretch(today: Date, unit: Unit, by: i16) -> Option<Resolved> {
    let other = today.checked_add(span(unit, by)).ok()?;
    let (first, last) = if by < 0 { (other, today) } else { (today, other) };
    let days = first.until(last).ok()?.get_days();
    let precision = match days {
        0..=1 => Precision::Day,
        2..=10 => Precision::Week,
        11..=45 => Precision::Month,
        46..=120 => Precision::Season,
        121..=800 => Precision::Year,
        _ => Precision::Decade,
    };
    Some(Resolved { first, last, precision })
}

fn coarsen(date: Date, precision: Precision) -> Option<Resolved> {
    match precision {
        Precision::Day => Some(Resolved::day(date)),
        Precision::Week => Resolved::week(date),
        Precision::Month | Precision::Season => Some(Resolved::month(date)),
        Precision::Year | Precision::Decade => Some(Resolved::year(date)),
    }
}

fn years(first: i16, last: i16, precision: Precision) -> Option<Resolved> {
    Some(Resolved { first: Date::new(first, 1, 1).ok()?, last: Date::new(last, 12, 31).ok()?, precision })
}

/// "December 29": the last one in the past, the next one ahead. One day past the publication still counts as past: the
/// outlet's clock may be ahead.
fn open_day(month: i8, day: i8, context: &Context) -> Option<Date> {
    let today = context.published;
    let at = |year| Date::new(year, month, day).ok();
    let candidates = (today.year() - 4..=today.year() + 4).filter_map(at);
    match context.direction {
        Direction::Past => {
            let limit = today.checked_add(1.day()).ok()?;
            candidates.filter(|date| *date <= limit).max()
        }
        Direction::Future => candidates.filter(|date| *date >= today).min(),
    }
}

fn open_month(month: i8, shift: Shift, context: &Context) -> Option<Resolved> {
    let today = context.published;
    let this = Date::new(today.year(), month, 1).ok()?;
    let now = today.first_of_month();
    let year = match (shift, context.direction) {
        (Shift::This, _) => today.year(),
        (Shift::Next, _) if this > now => today.year(),
        (Shift::Next, _) => today.year() + 1,
        (Shift::Last, _) if this < now => today.year(),
        (Shift::Last, _) => today.year() - 1,
        (Shift::Open, Direction::Past) if this <= now => today.year(),
        (Shift::Open, Direction::Past) => today.year() - 1,
        (Shift::Open, Direction::Future) if this >= now => today.year(),
        (Shift::Open, Direction::Future) => today.year() + 1,
    };
    Some(Resolved::month(Date::new(year, month, 1).ok()?))
}

fn season_in(year: i16, season: Season) -> Option<Resolved> {
    let month = match season {
        Season::Spring => 3,
        Season::Summer => 6,
        Season::Autumn => 9,
        Season::Winter => 12,
    };
    let first = Date::new(year, month, 1).ok()?;
    let last = first.checked_add(2.months()).ok()?.last_of_month();
    Some(Resolved { first, last, precision: Precision::Season })
}

fn open_season(year: Option<i16>, season: Season, shift: Shift, context: &Context) -> Option<Resolved> {
    if let Some(year) = year {
        return season_in(year, season);
    }
    let today = context.published;
    let mut seasons = (today.year() - 2..=today.year() + 2).filter_map(|year| season_in(year, season));
    match (shift, context.direction) {
        (Shift::Last, _) => seasons.rfind(|found| found.last < today),
        (Shift::Next, _) => seasons.find(|found| found.first > today),
        (Shift::This, _) => {
            // The one that runs, else the nearest of this year.
            seasons.find(|found| found.last >= today || found.first.year() == today.year())
        }
        (Shift::Open, Direction::Past) => seasons.rfind(|found| found.first <= today),
        (Shift::Open, Direction::Future) => seasons.find(|found| found.last >= today),
    }
}

fn quarter_of(year: i16, quarter: i8) -> Option<Resolved> {
    let first = Date::new(year, quarter * 3 - 2, 1).ok()?;
    let last = first.checked_add(2.months()).ok()?.last_of_month();
    Some(Resolved { first, last, precision: Precision::Season })
}

fn open_quarter(year: Option<i16>, quarter: i8, context: &Context) -> Option<Resolved> {
    let today = context.published;
    if let Some(year) = year {
        return quarter_of(year, quarter);
    }
    let this = quarter_of(today.year(), quarter)?;
    match context.direction {
        Direction::Past if this.first > today => quarter_of(today.year() - 1, quarter),
        Direction::Future if this.last < today => quarter_of(today.year() + 1, quarter),
        _ => Some(this),
    }
}

fn weekday_near(weekday: Weekday, shift: Shift, context: &Context) -> Option<Date> {
    let today = context.published;
    let back = i64::from(today.weekday().since(weekday));
    let ahead = i64::from(today.weekday().until(weekday));
    match (shift, context.direction) {
        (Shift::Last, _) => today.checked_sub(if back == 0 { 7 } else { back }.days()).ok(),
        (Shift::Next, _) => today.checked_add(if ahead == 0 { 7 } else { ahead }.days()).ok(),
        (_, Direction::Future) => today.checked_add(ahead.days()).ok(),
        (Shift::This, Direction::Past) if back > i64::from(today.weekday().to_monday_zero_offset()) => {
            today.checked_add(ahead.days()).ok()
        }
        (_, Direction::Past) => today.checked_sub(back.days()).ok(),
    }
}

/// Saturday and Sunday. An article of Sunday that looks back on "the weekend" means the one that runs.
fn weekend(shift: Shift, context: &Context) -> Option<Resolved> {
    let today = context.published;
    let coming = i64::from(today.weekday().until(Weekday::Saturday));
    let inside = matches!(today.weekday(), Weekday::Saturday | Weekday::Sunday);
    let last = i64::from(today.weekday().since(Weekday::Saturday));
    let saturday = match (shift, context.direction) {
        (Shift::Last, _) if inside => today.checked_sub((last + 7).days()),
        (Shift::Last, _) => today.checked_sub(last.days()),
        (Shift::Next, _) => today.checked_add(if coming == 0 { 7 } else { coming }.days()),
        (Shift::This, _) | (Shift::Open, Direction::Future) if inside => today.checked_sub(last.days()),
        (Shift::This, _) | (Shift::Open, Direction::Future) => today.checked_add(coming.days()),
        (Shift::Open, Direction::Past) => today.checked_sub(last.days()),
    };
    let first = saturday.ok()?;
    Some(Resolved { first, last: first.checked_add(1.day()).ok()?, precision: Precision::Week })
}
