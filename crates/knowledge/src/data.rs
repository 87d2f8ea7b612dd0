//! Reading the embedded tables.

use entente_ontology::CountryCode;
use jiff::civil::Date;

/// Countries and territories.
pub const COUNTRIES: &str = include_str!("../data/countries.tsv");
/// Organisations, organs, companies, armed groups, parties, media, groups.
pub const ACTORS: [(&str, &str); 8] = [
    ("organisations.tsv", include_str!("../data/organisations.tsv")),
    ("organs.tsv", include_str!("../data/organs.tsv")),
    ("companies.tsv", include_str!("../data/companies.tsv")),
    ("armed.tsv", include_str!("../data/armed.tsv")),
    ("parties.tsv", include_str!("../data/parties.tsv")),
    ("media.tsv", include_str!("../data/media.tsv")),
    ("societies.tsv", include_str!("../data/societies.tsv")),
    ("groups.tsv", include_str!("../data/groups.tsv")),
];
/// Office holders.
pub const PEOPLE: [(&str, &str); 5] = [
    ("people_africa.tsv", include_str!("../data/people_africa.tsv")),
    ("people_americas.tsv", include_str!("../data/people_americas.tsv")),
    ("people_asia.tsv", include_str!("../data/people_asia.tsv")),
    ("people_europe.tsv", include_str!("../data/people_europe.tsv")),
    ("people_world.tsv", include_str!("../data/people_world.tsv")),
];
/// Cities of GeoNames.
pub const CITIES: &str = include_str!("../data/cities.tsv");
/// First-level areas of GeoNames.
pub const AREAS: &str = include_str!("../data/areas.tsv");
/// Seas, regions, islands, buildings: our own entries.
pub const PLACES: &str = include_str!("../data/places.tsv");
/// Names of places that are also common words or people's names.
pub const COMMON: &str = include_str!("../data/common.tsv");
/// Roles.
pub const ROLES: &str = include_str!("../data/roles.tsv");

/// Rows of a table with their line numbers, comments and empty lines left out.
pub fn rows(table: &'static str) -> impl Iterator<Item = (usize, Row)> {
    table
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| (number + 1, Row(line)))
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row(&'static str);

impl Row {
    /// The column, empty where the row is shorter.
    #[must_use]
    pub fn get(&self, column: usize) -> &'static str {
        self.0.split('\t').nth(column).unwrap_or("")
    }

    /// The parts of a list column; each with whether it is marked as weak.
    pub fn list(&self, column: usize) -> impl Iterator<Item = (&'static str, bool)> {
        self.get(column)
            .split('|')
            .filter(|part| !part.is_empty())
            .map(|part| part.strip_suffix('?').map_or((part, false), |name| (name, true)))
    }

    /// The whole row.
    #[must_use]
    pub const fn line(&self) -> &'static str {
        self.0
    }
}

/// Reads a code; empty and `-` mean none.
#[must_use]
pub fn code(text: &str) -> Option<CountryCode> {
    text.parse().ok()
}

/// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; what is left out becomes the first day, or the last where `last` is set.
#[must_use]
pub fn date(text: &str, last: bool) -> Option<Date> {
    let mut parts = text.split('-');
    let year = parts.next()?.parse().ok()?;
    let month = match parts.next() {
        Some(month) => month.parse().ok()?,
        None if last => 12,
        None => 1,
    };
    let first = Date::new(year, month, 1).ok()?;
    match parts.next() {
        Some(day) => Date::new(year, month, day.parse().ok()?).ok(),
        None if last => Some(first.last_of_month()),
        None => Some(first),
    }
}
