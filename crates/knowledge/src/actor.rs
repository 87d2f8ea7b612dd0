//! Reading a whole noun phrase: "former Israeli Defence Minister Ehud Barak", "Houthi rebels in Yemen", "U.N. officials".

use entente_ontology::{CountryCode, Sector};
use jiff::civil::Date;

use crate::knowledge::Knowledge;
use crate::people::{Holder, PersonId, Standing};
use crate::role::{Role, RoleClass};
use crate::sense::{Sense, SenseKind};

/// What a noun phrase says of an actor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Canonical name of the thing that decided, empty where only a role was read.
    pub name: &'static str,
    /// Country or organisation code.
    pub country: Option<CountryCode>,
    /// Sector.
    pub sector: Option<Sector>,
    /// Head role.
    pub role: Option<Role>,
    /// The person, where the tables know one.
    pub person: Option<PersonId>,
    /// `name`, `demonym`, `seat`, `person`, `surname`, `role` or `place`.
    pub resolution: &'static str,
    /// 0 to 1.
    pub confidence: f32,
}

/// How a country stands to the head of the phrase, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    /// Before the head, or the head itself: "Israeli army", "Iran's president".
    Own,
    /// "president of Armenia", "refugees from Liberia".
    Of,
    /// "rebels in Chad".
    In,
    /// "ambassador to Paris", "attacks on Israel".
    To,
    /// "Iran-backed".
    Backed,
}

/// A word or phrase that the tables know.
struct Found<'k> {
    start: usize,
    end: usize,
    senses: &'k [Sense],
    role: Option<Role>,
}

impl Knowledge {
    /// Reads a noun phrase; `on` is the day by which office holders are judged. `None` where the tables know no word of it.
    #[must_use]
    pub fn read_actor(&'static self, phrase: &str, on: Option<Date>) -> Option<Reading> {
        let found = self.scan(phrase);
        if found.is_empty() {
            return None;
        }
        let roles: Vec<&Found> = found.iter().filter(|found| found.role.is_some()).collect();
        let role = head_role(phrase, &roles);
        let country = best_country(phrase, &found, role.map(|found| found.start));
        let head = role.and_then(|found| found.role);
        if let Some(reading) = self.person(phrase, &found, head, country, on) {
            return Some(reading);
        }
        let thing = best_thing(phrase, &found, head.is_some());
        let sector = sector_of(&roles, role);
        let reading = Reading {
            name: "",
            country: None,
            sector,
            role: head,
            person: None,
            resolution: "role",
            confidence: 0.5,
        };
        match (thing, country) {
            (Some(sense), _) if sense.country.is_some() || country.is_none() => Some(Reading {
                name: sense.name,
                country: sense.country,
                sector: thing_sector(sense, head, sector),
                resolution: "name",
                confidence: if sense.weak { 0.6 } else { 0.9 },
                ..reading
            }),
            (_, Some((sense, tie))) => Some(Reading {
                name: sense.name,
                country: sense.country,
                sector: sector.or(thing.and_then(|sense| sense.sector)).or(sense.sector),
                resolution: match sense.kind {
                    SenseKind::Demonym => "demonym",
                    SenseKind::Seat => "seat",
                    _ => "name",
                },
                confidence: match (tie, sense.weak) {
                    (Tie::Own, false) => 0.95,
                    (Tie::Own, true) | (Tie::Of, false) => 0.8,
                    _ => 0.6,
                },
                ..reading
            }),
            (_, None) => head.is_some().then_some(reading),
        }
    }

    /// All known phrases from left to right; where a name and a role start together the longer counts, and both where equal.
    fn scan<'k>(&'k self, phrase: &str) -> Vec<Found<'k>> {
        let mut out = Vec::new();
        let mut from = 0;
        let mut before = ' ';
        for (at, c) in phrase.char_indices() {
            let start = c.is_alphanumeric() && !before.is_alphanumeric();
            before = c;
            if !start || at < from {
                continue;
            }
            let name = self.longest_at(phrase, at);
            let role = self.role_at(phrase, at);
            let (len, senses, role) = match (name, role) {
                (Some(hit), Some((len, role))) if len == hit.len => (len, hit.senses, Some(role)),
                (Some(hit), Some((len, _))) if hit.len > len => (hit.len, hit.senses, None),
                (_, Some((len, role))) => (len, &[] as &[Sense], Some(role)),
                (Some(hit), None) => (hit.len, hit.senses, None),
                (None, None) => continue,
            };
            from = at + len;
            out.push(Found { start: at, end: from, senses, role });
        }
        out
    }

    fn person(
        &'static self,
        phrase: &str,
        found: &[Found<'_>],
        head: Option<Role>,
        country: Option<(Sense, Tie)>,
        on: Option<Date>,
    ) -> Option<Reading> {
        let code = country.filter(|(_, tie)| *tie <= Tie::Of).and_then(|(sense, _)| sense.country);
        let last = found.iter().rev().find(|found| {
            found.senses.iter().any(|sense| matches!(sense.kind, SenseKind::Person | SenseKind::Surname))
        })?;
        // A person behind a preposition is not the head: "supporters of Aristide".
        let preposed = phrase.get(..last.start)?.split_whitespace().any(|word| {
            matches!(word, "of" | "to" | "against" | "for" | "by" | "with" | "on" | "from" | "at" | "in")
        });
        let words = phrase.get(last.start..last.end)?;
        let full = last.senses.iter().any(|sense| sense.kind == SenseKind::Person);
        let titled = head.is_some_and(|role| role.class == RoleClass::Person);
        let alone = phrase.trim().len() == words.len();
        let ambiguous =
            last.senses.iter().any(|sense| !matches!(sense.kind, SenseKind::Person | SenseKind::Surname));
        if preposed || (!full && !titled && !alone) || (!full && alone && ambiguous) {
            return None;
        }
        let follows = phrase.get(last.end..)?.trim_start();
        if !full && follows.starts_with(char::is_uppercase) {
            return None;
        }
        let holder = self.holder_of(words, code, head.and_then(|role| role.office), on)?;
        if !full && !fits(&holder, head, on) {
            return None;
        }
        let sector = match head {
            Some(role) if role.sector == Sector::Eli => Sector::Eli,
            // "General Michel Aoun", "Archbishop Desmond Tutu": a title of another walk of life is what he is here.
            Some(role) if titled && !matches!(role.sector, Sector::Gov | Sector::Cvl) => role.sector,
            // A title in the text outranks the table where the person holds no office that day.
            Some(role) if holder.standing != Standing::InOffice && titled && holder.sector != Sector::Eli => {
                role.sector
            }
            _ => holder.sector,
        };
        Some(Reading {
            name: holder.person.name,
            country: Some(code.unwrap_or(holder.term.country)),
            sector: Some(sector),
            role: head,
            person: Some(holder.id),
            resolution: if full { "person" } else { "surname" },
            confidence: if full { 0.95 } else { 0.75 },
        })
    }
}

/// A bare family name stands for a known person only near the time in office, and with a title that fits.
fn fits(holder: &Holder, head: Option<Role>, on: Option<Date>) -> bool {
    let near = on.is_none_or(|on| holder.person.distance(on) < 3 * 366);
    let office = head.and_then(|role| role.office);
    near && office.is_none_or(|office| holder.person.terms.iter().any(|term| term.office == office))
}

/// The last role before a preposition or comma: "foreign ministry spokesman", "leader of the rebels".
fn head_role<'a, 'k>(phrase: &str, roles: &[&'a Found<'k>]) -> Option<&'a Found<'k>> {
    let proper = |found: &&&Found| found.role.is_some_and(|role| role.class != RoleClass::Modifier);
    let mut head: Option<&Found> = None;
    for found in roles.iter().filter(proper) {
        let Some(previous) = head else {
            head = Some(found);
            continue;
        };
        let between = phrase.get(previous.end..found.start).unwrap_or("");
        let adjacent = between.trim().is_empty() || between == "-";
        if adjacent {
            head = Some(found);
        } else {
            break;
        }
    }
    head
}

fn sector_of(roles: &[&Found<'_>], head: Option<&Found<'_>>) -> Option<Sector> {
    let head = head?;
    let role = head.role?;
    let before = roles.iter().filter(|found| found.start < head.start).filter_map(|found| found.role);
    let modified = before.fold(None, |sector, role| match (role.class, role.sector) {
        (RoleClass::Modifier, changed) => Some(changed),
        (_, changed @ (Sector::Opp | Sector::Reb | Sector::Eli)) => sector.or(Some(changed)),
        (RoleClass::Body | RoleClass::People, changed) => sector.or(Some(changed)),
        _ => sector,
    });
    match (modified, role.class) {
        // "army spokesman", "opposition leader", "police chief": the body decides; "rebel soldiers" as well.
        (Some(sector), RoleClass::Person | RoleClass::People | RoleClass::Body) => Some(sector),
        _ => Some(role.sector),
    }
}

fn thing_sector(sense: Sense, head: Option<Role>, sector: Option<Sector>) -> Option<Sector> {
    // "UN peacekeepers" are soldiers, "Hamas leader" stays with Hamas.
    let of_head = head.filter(|role| role.class == RoleClass::People || sense.sector.is_none());
    match (sense.kind, of_head) {
        (SenseKind::Organisation, Some(_)) => sector,
        _ => sense.sector.or(sector),
    }
}

/// The organisation, company, group or party that the phrase is about.
fn best_thing(phrase: &str, found: &[Found<'_>], has_role: bool) -> Option<Sense> {
    let mut best: Option<(u8, Sense)> = None;
    for found in found {
        for sense in found.senses {
            let named = sense.kind.is_body() || sense.kind == SenseKind::Group;
            let whole = found.start == 0 && found.end == phrase.len();
            let tie = tie(phrase, found, None);
            if !named || tie > Tie::Of || (sense.weak && has_role && !whole) {
                continue;
            }
            let rank = u8::from(sense.kind == SenseKind::Group)
                + u8::from(sense.weak) * 2
                + u8::from(tie == Tie::Of);
            if best.is_none_or(|(known, _)| rank < known) {
                best = Some((rank, *sense));
            }
        }
    }
    best.map(|(_, sense)| sense)
}

fn best_country(phrase: &str, found: &[Found<'_>], head: Option<usize>) -> Option<(Sense, Tie)> {
    let mut best: Option<((Tie, u8), Sense)> = None;
    for found in found {
        let Some(sense) = found.senses.iter().find(|sense| {
            matches!(sense.kind, SenseKind::Country | SenseKind::Demonym | SenseKind::Seat | SenseKind::Place)
        }) else {
            continue;
        };
        let rank =
            (tie(phrase, found, head), u8::from(sense.weak) * 2 + u8::from(sense.kind == SenseKind::Seat));
        if best.is_none_or(|(known, _)| rank < known) {
            best = Some((rank, *sense));
        }
    }
    best.map(|((tie, _), sense)| (sense, tie))
}

fn tie(phrase: &str, found: &Found<'_>, head: Option<usize>) -> Tie {
    let after = phrase.get(found.end..).unwrap_or("");
    let backed = [
        "-backed",
        "-led",
        "-linked",
        "-funded",
        "-supported",
        "-trained",
        "-aligned",
        "-born",
        "-made",
        "-controlled",
        "-occupied",
        "-held",
    ];
    if backed.iter().any(|ending| after.starts_with(ending)) {
        return Tie::Backed;
    }
    let mut before = phrase.get(..found.start).unwrap_or("").split_whitespace().rev();
    let word = before.find(|word| !matches!(*word, "the" | "The" | "a" | "an"));
    match word.unwrap_or("") {
        "of" | "from" | "for" => Tie::Of,
        "in" | "at" | "near" | "inside" | "across" | "within" | "over" => Tie::In,
        "to" | "against" | "on" | "with" | "towards" | "into" | "by" | "fleeing" => Tie::To,
        _ if head.is_some_and(|head| found.start > head) && word.is_some() => Tie::In,
        _ => Tie::Own,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(phrase: &str, year: i16) -> (String, String, String) {
        let reading = Knowledge::shared().read_actor(phrase, Some(date(year, 1, 15))).unwrap();
        (
            reading.name.to_owned(),
            reading.country.map_or(String::new(), |code| code.as_str().to_owned()),
            reading.sector.map_or(String::new(), |sector| sector.name().to_owned()),
        )
    }

    fn is(reading: &(String, String, String), country: &str, sector: &str) -> bool {
        reading.1 == country && reading.2 == sector
    }

    #[test]
    fn the_day_decides_whether_an_office_holder_is_in_office() {
        assert!(is(&read("President Yoon", 2023), "KOR", "GOV"));
        assert!(is(&read("Yoon Suk Yeol", 2026), "KOR", "ELI"));
        assert_eq!(read("U.S. President Bush", 1991).0, "George H.W. Bush");
        assert_eq!(read("U.S. President Bush", 2003).0, "George W. Bush");
        assert_eq!(read("Chinese Commerce Minister Wang", 2026).0, "Wang Wentao");
    }

    #[test]
    fn heads_and_their_countries() {
        assert!(is(&read("the Iranian foreign ministry", 2020), "IRN", "GOV"));
        assert!(is(&read("rebels in Chad", 2020), "TCD", "REB"));
        assert!(is(&read("Iran-backed Lebanese militants", 2020), "LBN", "REB"));
        assert!(is(&read("the former prime minister of Peru", 2020), "PER", "ELI"));
        assert!(is(&read("UN peacekeepers", 2020), "UNO", "MIL"));
        assert!(is(&read("opposition leader of Benin", 2020), "BEN", "OPP"));
        assert!(is(&read("an Egyptian army spokesman", 2020), "EGY", "MIL"));
        assert!(Knowledge::shared().read_actor("the yellow table", None).is_none());
    }
}
