//! What a phrase can stand for.

use entente_ontology::{CountryCode, Sector};

use crate::people::PersonId;

/// The kind of thing that a phrase names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SenseKind {
    /// A country or territory by name ("South Korea", "ROK").
    Country,
    /// Adjective or people of a country ("South Korean", "Israelis").
    Demonym,
    /// Capital or seat of power that stands for a government ("Beijing", "the Kremlin", "Blue House").
    Seat,
    /// An international organisation or one of its bodies ("UN Security Council").
    Organisation,
    /// An organ of one state by its own name ("State Department", "Bundestag", "Revolutionary Guards").
    StateOrgan,
    /// A company.
    Company,
    /// An armed group outside a state's forces.
    ArmedGroup,
    /// A political party.
    Party,
    /// A newspaper, agency or broadcaster.
    Media,
    /// A non-governmental organisation, union or church.
    Society,
    /// An ethnic or religious group that may stand for an actor ("Kurds", "Tamils").
    Group,
    /// A person by a full name or a name that is nobody else's.
    Person,
    /// A family name that known people bear: needs a title, or the full name earlier in the article.
    Surname,
    /// A region, province, sea or other place that is not a seat of government ("West Bank", "Crimea").
    Place,
}

impl SenseKind {
    /// Names of bodies, as opposed to states, places, people and groups without a name of their own.
    #[must_use]
    pub const fn is_body(self) -> bool {
        matches!(
            self,
            Self::Organisation
                | Self::StateOrgan
                | Self::Company
                | Self::ArmedGroup
                | Self::Party
                | Self::Media
                | Self::Society
        )
    }

    /// The word used in data files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Demonym => "demonym",
            Self::Seat => "seat",
            Self::Organisation => "organisation",
            Self::StateOrgan => "organ",
            Self::Company => "company",
            Self::ArmedGroup => "armed",
            Self::Party => "party",
            Self::Media => "media",
            Self::Society => "society",
            Self::Group => "group",
            Self::Person => "person",
            Self::Surname => "surname",
            Self::Place => "place",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [
            Self::Country,
            Self::Demonym,
            Self::Seat,
            Self::Organisation,
            Self::StateOrgan,
            Self::Company,
            Self::ArmedGroup,
            Self::Party,
            Self::Media,
            Self::Society,
            Self::Group,
            Self::Place,
        ]
        .into_iter()
        .find(|kind| kind.name() == name)
    }
}

/// One reading of a phrase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sense {
    /// What kind of thing it is.
    pub kind: SenseKind,
    /// Canonical name: of the country for `Country`, `Demonym` and `Seat`, else of the thing itself.
    pub name: &'static str,
    /// Country or organisation code; `None` where the side is open.
    pub country: Option<CountryCode>,
    /// Sector, where the name alone tells it.
    pub sector: Option<Sector>,
    /// The person, for `Person` and `Surname`.
    pub person: Option<PersonId>,
    /// The phrase is also a common word, a given name or another place ("Orange", "May", "Georgia"): use it only with
    /// support from the context.
    pub weak: bool,
}
