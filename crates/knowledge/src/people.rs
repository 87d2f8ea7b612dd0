//! People who held office, with their terms.

use entente_ontology::{CountryCode, Sector};
use jiff::civil::Date;

/// A person of the table, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(pub u32);

/// An office that the tables keep terms of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Office {
    /// President, monarch or other head of state.
    HeadOfState,
    /// Prime minister, chancellor, premier.
    HeadOfGovernment,
    /// Foreign minister, secretary of state.
    ForeignMinister,
    /// Defence minister.
    DefenceMinister,
    /// Finance, economy or treasury minister.
    FinanceMinister,
    /// Interior or home minister.
    InteriorMinister,
    /// Trade or commerce minister.
    TradeMinister,
    /// Head of an international organisation.
    OrganisationChief,
    /// De facto or supreme leader, party leader, heir in power.
    Leader,
    /// Leads the opposition.
    Opposition,
    /// Leads an armed group.
    Rebel,
    /// Intelligence chief.
    Intelligence,
    /// Commander of forces.
    Military,
    /// Speaker or legislator.
    Legislator,
    /// Judge or prosecutor.
    Judge,
    /// Another member of a government, an envoy, a spokesperson.
    Official,
    /// Owner or head of a company.
    Business,
    /// Religious leader.
    Religious,
    /// Activist, writer, dissident.
    Activist,
}

impl Office {
    /// All offices with their names in data files.
    pub const ALL: [(Self, &'static str); 19] = [
        (Self::Activist, "activist"),
        (Self::Business, "business"),
        (Self::DefenceMinister, "defence"),
        (Self::FinanceMinister, "finance"),
        (Self::ForeignMinister, "foreign"),
        (Self::HeadOfGovernment, "government"),
        (Self::Intelligence, "intelligence"),
        (Self::InteriorMinister, "interior"),
        (Self::Judge, "judge"),
        (Self::Leader, "leader"),
        (Self::Legislator, "legislator"),
        (Self::Military, "military"),
        (Self::Official, "official"),
        (Self::Opposition, "opposition"),
        (Self::OrganisationChief, "chief"),
        (Self::Rebel, "rebel"),
        (Self::Religious, "religious"),
        (Self::HeadOfState, "state"),
        (Self::TradeMinister, "trade"),
    ];

    /// The name used in data files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(office, _)| *office == self).map_or("official", |(_, name)| name)
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(office, _)| *office)
    }

    /// Sector of somebody who holds the office.
    #[must_use]
    pub const fn sector(self) -> Sector {
        match self {
            Self::HeadOfState
            | Self::HeadOfGovernment
            | Self::ForeignMinister
            | Self::DefenceMinister
            | Self::FinanceMinister
            | Self::InteriorMinister
            | Self::TradeMinister
            | Self::OrganisationChief
            | Self::Leader
            | Self::Official => Sector::Gov,
            Self::Opposition => Sector::Opp,
            Self::Rebel => Sector::Reb,
            Self::Intelligence => Sector::Spy,
            Self::Military => Sector::Mil,
            Self::Legislator => Sector::Leg,
            Self::Judge => Sector::Jud,
            Self::Business => Sector::Bus,
            Self::Religious => Sector::Rel,
            Self::Activist => Sector::Soc,
        }
    }

    /// Sector of somebody who held the office and left it (codebook: former officials are `ELI`).
    #[must_use]
    pub const fn former_sector(self) -> Sector {
        match self {
            Self::Opposition => Sector::Opp,
            Self::Rebel => Sector::Reb,
            Self::Business => Sector::Bus,
            Self::Religious => Sector::Rel,
            Self::Activist => Sector::Soc,
            _ => Sector::Eli,
        }
    }
}

/// A time in office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The office.
    pub office: Office,
    /// The country or organisation.
    pub country: CountryCode,
    /// First day (the first of the month or year where the table knows no better).
    pub from: Date,
    /// Last day; `None` where the term was running when the tables were made.
    pub to: Option<Date>,
}

impl Term {
    /// Whether the term covers the day.
    #[must_use]
    pub fn covers(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }
}

/// Somebody who holds or held office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Full name in the usual English form.
    pub name: &'static str,
    /// The name by which news call the person after the first mention.
    pub surname: &'static str,
    /// Country (or organisation) of the latest office.
    pub country: CountryCode,
    /// Terms, earliest first.
    pub terms: Vec<Term>,
}

/// What a person is on a given day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In office.
    InOffice,
    /// Held it before.
    Former,
    /// Will hold it later.
    Before,
}

/// A person as of a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holder {
    /// Who.
    pub id: PersonId,
    /// The person.
    pub person: &'static Person,
    /// The term that counts: the one that covers the day, else the nearest.
    pub term: Term,
    /// In office or not.
    pub standing: Standing,
    /// `GOV` for a minister in office, `ELI` for a former one, and so on.
    pub sector: Sector,
}

impl Person {
    /// What the person is on a day; without one, at the latest term.
    #[must_use]
    pub fn standing(&self, on: Option<Date>) -> (Term, Standing) {
        let last = self.terms[self.terms.len() - 1];
        let Some(on) = on else { return (last, Standing::InOffice) };
        let current = self.terms.iter().filter(|term| term.covers(on));
        if let Some(term) = current.min_by_key(|term| term.office) {
            return (*term, Standing::InOffice);
        }
        // A reader thinks of the highest office somebody held, not of the last one.
        let past = self.terms.iter().filter(|term| term.from <= on);
        if let Some(term) = past.min_by_key(|term| (term.office, std::cmp::Reverse(term.from))) {
            return (*term, Standing::Former);
        }
        (self.terms[0], Standing::Before)
    }

    /// Distance in days between the day and the nearest day in office; 0 while in office.
    #[must_use]
    pub fn distance(&self, on: Date) -> u32 {
        self.terms.iter().map(|term| days_from(term, on)).min().unwrap_or(u32::MAX)
    }
}

fn days_from(term: &Term, on: Date) -> u32 {
    let days = |from: Date, to: Date| from.until(to).map_or(0, |span| span.get_days().unsigned_abs());
    match term.to {
        _ if term.covers(on) => 0,
        Some(to) if on > to => days(to, on),
        // What lies ahead is unlikely to be in the news of the day: it counts ten times.
        _ => days(on, term.from).saturating_mul(10),
    }
}
