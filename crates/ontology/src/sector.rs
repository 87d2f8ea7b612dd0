//! The sector of an actor: which part of society it belongs to.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sector codes of PLOVER (manual, section "Sector Codes"). `MED` is medical and `JRN` media, other than in CAMEO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Sector {
    /// Agricultural labour, peasants.
    Agr,
    /// Business.
    Bus,
    /// Police, protective agencies.
    Cop,
    /// Criminals and gangs.
    Crm,
    /// Civilians, protesters, unaffiliated people.
    Cvl,
    /// Education.
    Edu,
    /// Former officials, elites out of office.
    Eli,
    /// Government, the executive.
    Gov,
    /// Journalists and media.
    Jrn,
    /// Judiciary.
    Jud,
    /// Labour in services and manufacturing.
    Lab,
    /// Legislature.
    Leg,
    /// Health.
    Med,
    /// Armed forces of a state.
    Mil,
    /// Political opposition.
    Opp,
    /// Partially recognised entity.
    Pre,
    /// Paramilitaries on the government's side.
    Prm,
    /// Political party.
    Pty,
    /// Armed opposition.
    Reb,
    /// Refugees and displaced people.
    Ref,
    /// Religious organisations.
    Rel,
    /// Civil society.
    Soc,
    /// Intelligence services.
    Spy,
    /// Unidentified armed forces.
    Uaf,
    /// Unidentified.
    Unk,
}

impl Sector {
    /// All sectors in alphabetical order.
    pub const ALL: [Self; 25] = [
        Self::Agr,
        Self::Bus,
        Self::Cop,
        Self::Crm,
        Self::Cvl,
        Self::Edu,
        Self::Eli,
        Self::Gov,
        Self::Jrn,
        Self::Jud,
        Self::Lab,
        Self::Leg,
        Self::Med,
        Self::Mil,
        Self::Opp,
        Self::Pre,
        Self::Prm,
        Self::Pty,
        Self::Reb,
        Self::Ref,
        Self::Rel,
        Self::Soc,
        Self::Spy,
        Self::Uaf,
        Self::Unk,
    ];

    /// The three-letter code.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agr => "AGR",
            Self::Bus => "BUS",
            Self::Cop => "COP",
            Self::Crm => "CRM",
            Self::Cvl => "CVL",
            Self::Edu => "EDU",
            Self::Eli => "ELI",
            Self::Gov => "GOV",
            Self::Jrn => "JRN",
            Self::Jud => "JUD",
            Self::Lab => "LAB",
            Self::Leg => "LEG",
            Self::Med => "MED",
            Self::Mil => "MIL",
            Self::Opp => "OPP",
            Self::Pre => "PRE",
            Self::Prm => "PRM",
            Self::Pty => "PTY",
            Self::Reb => "REB",
            Self::Ref => "REF",
            Self::Rel => "REL",
            Self::Soc => "SOC",
            Self::Spy => "SPY",
            Self::Uaf => "UAF",
            Self::Unk => "UNK",
        }
    }
}

impl fmt::Display for Sector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is not a sector code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a PLOVER sector code (known are AGR, BUS, COP, CRM, CVL, EDU, ELI, GOV, JRN, JUD, LAB, LEG, MED, MIL, OPP, PRE, PRM, PTY, REB, REF, REL, SOC, SPY, UAF, UNK)"
)]
pub struct ParseSectorError(pub String);

impl FromStr for Sector {
    type Err = ParseSectorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|sector| sector.name() == text)
            .ok_or_else(|| ParseSectorError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_parses_back() {
        for sector in Sector::ALL {
            assert_eq!(sector.name().parse(), Ok(sector));
        }
        assert!("gov".parse::<Sector>().is_err());
        assert!(Sector::ALL.windows(2).all(|pair| pair[0].name() < pair[1].name()));
    }
}
