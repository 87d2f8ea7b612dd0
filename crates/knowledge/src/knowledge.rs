//! The tables, compiled for lookup.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use entente_ontology::{CountryCode, Sector};
use jiff::civil::Date;

use crate::data::{self, Row};
use crate::people::{Holder, Office, Person, PersonId, Standing, Term};
use crate::phrase::{Case, Hit, PhraseMap};
use crate::role::{Role, RoleClass};
use crate::sense::{Sense, SenseKind};

/// A country of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166 alpha-3 (Kosovo: `KOS`).
    pub code: CountryCode,
    /// ISO 3166 alpha-2 (Kosovo: `XK`).
    pub alpha2: &'static str,
    /// English short name.
    pub name: &'static str,
    /// First capital of the row, empty where the state is its own capital.
    pub capital: &'static str,
    /// First demonym of the row.
    pub demonym: &'static str,
}

/// All tables.
#[derive(Debug)]
pub struct Knowledge {
    phrases: PhraseMap<Sense>,
    roles: PhraseMap<Role>,
    people: Vec<Person>,
    names: PhraseMap<PersonId>,
    /// Terms by country and office, for "the president" without a name.
    terms: BTreeMap<(CountryCode, Office), Vec<(Term, PersonId)>>,
    countries: BTreeMap<CountryCode, Country>,
}

impl Knowledge {
    /// The tables that are compiled into the program, read on first use (some ten milliseconds).
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Knowledge> = OnceLock::new();
        SHARED.get_or_init(Self::load)
    }

    /// Reads all embedded tables.
    #[must_use]
    pub fn load() -> Self {
        let mut knowledge = Self {
            phrases: PhraseMap::default(),
            roles: PhraseMap::default(),
            people: Vec::new(),
            names: PhraseMap::default(),
            terms: BTreeMap::new(),
            countries: BTreeMap::new(),
        };
        data::rows(data::COUNTRIES).for_each(|(_, row)| knowledge.add_country(row));
        for (_, table) in data::ACTORS {
            data::rows(table).for_each(|(_, row)| knowledge.add_actor(row));
        }
        knowledge.add_people();
        data::rows(data::ROLES).for_each(|(_, row)| knowledge.add_role(row));
        knowledge.add_places();
        knowledge
    }

    /// Version of the tables, for provenance.
    #[must_use]
    pub const fn version(&self) -> &'static str {
        concat!("knowledge-", env!("CARGO_PKG_VERSION"))
    }

    /// The longest known phrase that starts at byte `at` of the text and ends on a word boundary, with all its readings.
    #[must_use]
    pub fn longest_at(&self, text: &str, at: usize) -> Option<Hit<'_>> {
        self.phrases.longest_at(text, at).map(|(len, senses)| Hit { len, senses })
    }

    /// Readings of a whole phrase.
    #[must_use]
    pub fn senses(&self, phrase: &str) -> &[Sense] {
        self.phrases.get(phrase).unwrap_or(&[])
    }

    /// The longest role phrase that starts at byte `at`, with its length.
    #[must_use]
    pub fn role_at(&self, text: &str, at: usize) -> Option<(usize, Role)> {
        self.roles.longest_at(text, at).map(|(len, roles)| (len, roles[0]))
    }

    /// The role that a whole phrase names.
    #[must_use]
    pub fn role(&self, phrase: &str) -> Option<Role> {
        self.roles.get(phrase).map(|roles| roles[0])
    }

    /// A country by its code.
    #[must_use]
    pub fn country(&self, code: &str) -> Option<&Country> {
        self.countries.get(&code.parse().ok()?)
    }

    /// All countries in the order of their codes.
    pub fn countries(&self) -> impl Iterator<Item = &Country> {
        self.countries.values()
    }

    /// A person of the tables.
    #[must_use]
    pub fn person_by_id(&self, id: PersonId) -> &Person {
        &self.people[id.0 as usize]
    }

    /// Who bears a full name, another form of it, or a family name, judged on the day `on`: in office first, then the
    /// latest in office. `country` keeps to people of that country.
    #[must_use]
    pub fn office_holder(
        &'static self,
        name: &str,
        country: Option<CountryCode>,
        on: Option<Date>,
    ) -> Option<Holder> {
        self.holder_of(name, country, None, on)
    }

    /// [`Knowledge::office_holder`], where a title names the office: who held that one comes first.
    pub(crate) fn holder_of(
        &'static self,
        name: &str,
        country: Option<CountryCode>,
        office: Option<Office>,
        on: Option<Date>,
    ) -> Option<Holder> {
        let ids = self.names.get(name)?;
        let candidates = ids.iter().filter(|id| {
            country.is_none_or(|code| self.person_by_id(**id).terms.iter().any(|term| term.country == code))
        });
        let best = candidates.min_by_key(|id| {
            let person = self.person_by_id(**id);
            let distance = on.map_or_else(
                || person.terms.last().map_or(0, |term| i64::from(-term.from.year())),
                |on| i64::from(person.distance(on)),
            );
            let other = office.is_some_and(|office| person.terms.iter().all(|term| term.office != office));
            (other, distance, person.standing(on).0.office, **id)
        })?;
        Some(self.holder(*best, on))
    }

    /// Who holds an office of a country on a day.
    #[must_use]
    pub fn office_of(&'static self, country: CountryCode, office: Office, on: Date) -> Option<Holder> {
        let terms = self.terms.get(&(country, office))?;
        let (_, id) = terms.iter().rev().find(|(term, _)| term.covers(on))?;
        Some(self.holder(*id, Some(on)))
    }

    /// A person as of a day.
    #[must_use]
    pub fn holder(&'static self, id: PersonId, on: Option<Date>) -> Holder {
        let person = self.person_by_id(id);
        let (term, standing) = person.standing(on);
        let sector = match standing {
            Standing::Former => term.office.former_sector(),
            // Somebody who is not yet in office is in the news for a reason; the later office says which.
            Standing::InOffice | Standing::Before => term.office.sector(),
        };
        Holder { id, person, term, standing, sector }
    }

    fn add_country(&mut self, row: Row) {
        let Some(code) = data::code(row.get(0)) else { return };
        let name = row.list(2).next().map_or("", |(name, _)| name);
        let sense = |kind, weak| Sense { kind, name, country: Some(code), sector: None, person: None, weak };
        for (phrase, weak) in row.list(2).chain(row.list(3)) {
            self.add_phrase(phrase, sense(SenseKind::Country, weak));
        }
        for (phrase, weak) in row.list(4) {
            self.add_phrase(phrase, sense(SenseKind::Demonym, weak));
            if ["an", "i", "er"].iter().any(|ending| phrase.ends_with(ending)) {
                self.add_phrase(
                    Box::leak(format!("{phrase}s").into_boxed_str()),
                    sense(SenseKind::Demonym, weak),
                );
            }
        }
        for (phrase, weak) in row.list(5).chain(row.list(6)) {
            let gov = Sense { sector: Some(Sector::Gov), ..sense(SenseKind::Seat, weak) };
            self.add_phrase(phrase, gov);
        }
        self.countries.insert(
            code,
            Country {
                code,
                alpha2: row.get(1),
                name,
                capital: row.list(5).next().map_or("", |(name, _)| name),
                demonym: row.list(4).next().map_or("", |(name, _)| name),
            },
        );
    }

    /// Columns: kind, name, code or `-`, sector or `-`, other names.
    fn add_actor(&mut self, row: Row) {
        let Some(kind) = SenseKind::from_name(row.get(0)) else { return };
        let (name, weak_name) = row.list(1).next().unwrap_or(("", false));
        let country = data::code(row.get(2));
        let sector = row.get(3).parse().ok();
        for (phrase, weak) in [(name, weak_name)].into_iter().chain(row.list(4)) {
            self.add_phrase(phrase, Sense { kind, name, country, sector, person: None, weak });
        }
    }

    /// Cities and areas, the biggest of each name, where nothing else bears the name. Weak where the name is also a common
    /// word, small, or shared with a place of another country that is not much smaller.
    fn add_places(&mut self) {
        let mut cities: BTreeMap<&'static str, Vec<(u32, &'static str)>> = BTreeMap::new();
        for line in data::CITIES.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(country), Some(name), Some(population)) =
                (columns.next(), columns.next(), columns.nth(3).and_then(|text| text.parse().ok()))
            else {
                continue;
            };
            let others = columns.nth(1).filter(|_| population >= BIG_CITY).unwrap_or("");
            for name in [name].into_iter().chain(others.split('|').filter(|name| name.len() > 4)) {
                cities.entry(name).or_default().push((population, country));
            }
        }
        for (_, row) in data::rows(data::AREAS) {
            cities.entry(row.get(2)).or_default().push((AREA_WEIGHT, row.get(0)));
        }
        for (_, row) in data::rows(data::PLACES).filter(|(_, row)| row.get(1) != "-") {
            for name in [row.get(0)].into_iter().chain(row.list(5).map(|(name, _)| name)) {
                cities.entry(name).or_default().push((AREA_WEIGHT, row.get(1)));
            }
        }
        let common: std::collections::BTreeSet<&str> = data::COMMON.lines().collect();
        for (name, mut places) in cities {
            places.sort_unstable_by(|a, b| b.cmp(a));
            let (population, country) = places[0];
            let rival =
                places.iter().find(|(_, other)| *other != country).map_or(0, |(population, _)| *population);
            let known = self.phrases.get(name).unwrap_or(&[]);
            let surname = known.iter().all(|sense| sense.kind == SenseKind::Surname);
            if population < SMALL_CITY || !surname || self.roles.get(name).is_some() {
                continue;
            }
            let weak = common.contains(name)
                || !known.is_empty()
                || name.len() < 4
                || population < 5 * SMALL_CITY && rival > 0
                || rival.saturating_mul(4) > population;
            let sense = Sense {
                kind: SenseKind::Place,
                name,
                country: data::code(country),
                sector: None,
                person: None,
                weak,
            };
            self.phrases.insert(name, case_of(name), sense);
        }
    }

    fn add_phrase(&mut self, phrase: &'static str, sense: Sense) {
        let known = self.phrases.get(phrase).is_some_and(|senses| senses.contains(&sense));
        if !known {
            self.phrases.insert(phrase, case_of(phrase), sense);
        }
    }

    /// Columns: phrase, class, sector, office or `-`.
    fn add_role(&mut self, row: Row) {
        let (Some(class), Ok(sector)) = (RoleClass::from_name(row.get(1)), row.get(2).parse()) else {
            return;
        };
        let phrase = row.get(0);
        let role = Role { phrase, class, sector, office: Office::from_name(row.get(3)) };
        let case = if phrase.chars().any(char::is_uppercase) { case_of(phrase) } else { Case::Any };
        self.roles.insert(phrase, case, role);
        let plural = match class {
            RoleClass::Person if phrase.ends_with("man") && !phrase.ends_with("human") => {
                format!("{}men", phrase.trim_end_matches("man"))
            }
            RoleClass::Person if phrase.ends_with('y') => format!("{}ies", phrase.trim_end_matches('y')),
            RoleClass::Person | RoleClass::Body if !phrase.ends_with('s') && !phrase.contains(" of ") => {
                if phrase.ends_with('y') {
                    format!("{}ies", phrase.trim_end_matches('y'))
                } else {
                    format!("{phrase}s")
                }
            }
            _ => return,
        };
        if self.roles.get(&plural).is_none() {
            let phrase = Box::leak(plural.into_boxed_str());
            let class = if class == RoleClass::Person { RoleClass::People } else { class };
            self.roles.insert(phrase, case, Role { phrase, class, ..role });
        }
    }

    /// Columns: code, office, from, to, name, surname where it is not the last word, other names.
    fn add_people(&mut self) {
        let mut ids: BTreeMap<&'static str, PersonId> = BTreeMap::new();
        let rows = data::PEOPLE.iter().flat_map(|(_, table)| data::rows(table));
        for (_, row) in rows {
            let (Some(country), Some(office)) = (data::code(row.get(0)), Office::from_name(row.get(1)))
            else {
                continue;
            };
            let Some(from) = data::date(row.get(2), false) else { continue };
            let term = Term { office, country, from, to: data::date(row.get(3), true) };
            let name = row.get(4);
            let id = *ids.entry(name).or_insert_with(|| {
                let id = PersonId(u32::try_from(self.people.len()).unwrap_or(u32::MAX));
                let surname =
                    if row.get(5).is_empty() { default_surname(name, row.get(0)) } else { row.get(5) };
                self.people.push(Person { name, surname, country, terms: Vec::new() });
                id
            });
            let person = &mut self.people[id.0 as usize];
            person.terms.push(term);
            self.terms.entry((country, office)).or_default().push((term, id));
            for (alias, _) in row.list(6) {
                self.name_person(alias, id, SenseKind::Person);
            }
        }
        for number in 0..self.people.len() {
            let id = PersonId(u32::try_from(number).unwrap_or(u32::MAX));
            let person = &mut self.people[number];
            person.terms.sort_by_key(|term| (term.from, term.office));
            person.country = person.terms[person.terms.len() - 1].country;
            let (name, surname) = (person.name, person.surname);
            self.name_person(name, id, SenseKind::Person);
            if surname != name {
                self.name_person(surname, id, SenseKind::Surname);
            }
        }
        self.terms.values_mut().for_each(|terms| terms.sort_by_key(|(term, id)| (term.from, *id)));
    }

    fn name_person(&mut self, phrase: &'static str, id: PersonId, kind: SenseKind) {
        if self.names.get(phrase).is_some_and(|ids| ids.contains(&id)) {
            return;
        }
        self.names.insert(phrase, Case::Proper, id);
        let person = &self.people[id.0 as usize];
        let sense = Sense {
            kind,
            name: person.name,
            country: Some(person.country),
            sector: person.terms.last().map(|term| term.office.sector()),
            person: Some(id),
            weak: kind == SenseKind::Surname,
        };
        self.phrases.insert(phrase, Case::Proper, sense);
    }
}

/// Inhabitants from which a city's name alone says its country.
const SMALL_CITY: u32 = 15_000;
/// Inhabitants from which other names of a city count as well.
const BIG_CITY: u32 = 300_000;
/// What a first-level area weighs beside cities.
const AREA_WEIGHT: u32 = 400_000;

/// Abbreviations want capitals; names want them where the table has them.
fn case_of(phrase: &str) -> Case {
    let letters = || phrase.chars().filter(|c| c.is_alphabetic());
    if letters().all(char::is_uppercase) && letters().count() <= 8 && !phrase.contains(' ') {
        Case::Upper
    } else {
        Case::Proper
    }
}

fn default_surname(name: &'static str, code: &str) -> &'static str {
    let eastern = matches!(code, "CHN" | "HKG" | "KOR" | "PRK" | "TWN");
    let mut words = name.split(' ');
    let surname = if eastern { words.next() } else { words.next_back() };
    surname.unwrap_or(name)
}
