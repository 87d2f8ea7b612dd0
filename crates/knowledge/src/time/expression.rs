//! What a time expression says, before it is set against a day.

use jiff::civil::Weekday;

/// A time expression in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeSpan {
    /// First byte; a preposition before it is not part of it.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it says.
    pub expression: Expression,
    /// The preposition before it.
    pub lead: Lead,
}

/// The word that ties an expression to its clause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lead {
    /// None, or one that says "at that time" ("on", "in", "at", "during").
    #[default]
    At,
    /// "since": the beginning of a time that reaches to the present.
    Since,
    /// "from": the beginning of a time, mostly one ahead.
    From,
    /// "until", "till", "to", "through": the end of a time.
    Until,
    /// "by", "before": at the latest.
    By,
    /// "after", "following".
    After,
    /// "between".
    Between,
    /// "for", "of": belongs to a thing ("a meeting set for Friday", "the accord of 1998").
    Of,
}

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Hours and shorter.
    Hour,
    /// A day.
    Day,
    /// A week, Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
    /// Ten years.
    Decade,
}

/// A season of the northern half of the globe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// March to May.
    Spring,
    /// June to August.
    Summer,
    /// September to November.
    Autumn,
    /// December to February.
    Winter,
}

/// Which one of a recurring time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shift {
    /// Not said: the direction of the clause decides.
    #[default]
    Open,
    /// "last", "past", "previous".
    Last,
    /// "this", "current".
    This,
    /// "next", "coming", "following".
    Next,
}

/// The content of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A day of a month, with or without its year.
    Day {
        /// Year, where given.
        year: Option<i16>,
        /// Month, 1 to 12.
        month: i8,
        /// Day, 1 to 31.
        day: i8,
    },
    /// A month, with or without its year.
    Month {
        /// Year, where given.
        year: Option<i16>,
        /// Month, 1 to 12.
        month: i8,
        /// "last October", "next June".
        shift: Shift,
    },
    /// A year.
    Year(i16),
    /// Ten years from the one named.
    Decade(i16),
    /// A season, with or without its year.
    Season {
        /// Year, where given.
        year: Option<i16>,
        /// Season.
        season: Season,
        /// "last winter".
        shift: Shift,
    },
    /// A quarter of a year.
    Quarter {
        /// Year, where given.
        year: Option<i16>,
        /// 1 to 4.
        quarter: i8,
    },
    /// A half of a year.
    Half {
        /// Year, where given.
        year: Option<i16>,
        /// 1 or 2.
        half: i8,
    },
    /// A weekday.
    Weekday {
        /// The day.
        weekday: Weekday,
        /// "last Friday".
        shift: Shift,
    },
    /// A weekend.
    Weekend(Shift),
    /// The unit around the day of publication, moved by a number: "yesterday", "last month", "this year".
    Current {
        /// Unit.
        unit: Unit,
        /// 0 for "this", -1 for "last", 1 for "next".
        by: i16,
    },
    /// A number of units from the day of publication: "three years ago", "in two weeks".
    From {
        /// Unit.
        unit: Unit,
        /// Negative for the past.
        by: i16,
        /// "a few", "several": the number is a guess.
        vague: bool,
    },
    /// From the day of publication a number of units back (negative) or ahead: "over the past three months".
    Span {
        /// Unit.
        unit: Unit,
        /// Negative for the past.
        by: i16,
    },
    /// A number of units after (before) another act: "two days after ...", "a year later", "the day before".
    Offset {
        /// Unit.
        unit: Unit,
        /// Negative for before.
        by: i16,
        /// The act follows the expression ("two days after the raid") rather than going before it ("two days later").
        forward: bool,
    },
    /// "the same day", "that month": the unit around the day last spoken of.
    Same(Unit),
}
