//! CAMEO codes and what they become in PLOVER.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::Root;

const TABLE: &str = include_str!("../data/cameo.tsv");

/// What a CAMEO code means in PLOVER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameoEntry {
    /// The code, two to four digits.
    pub code: &'static str,
    /// PLOVER root.
    pub root: Root,
    /// PLOVER mode, where one fits.
    pub mode: Option<&'static str>,
    /// PLOVER contexts that the code implies.
    pub contexts: Vec<&'static str>,
}

/// All codes in order (source: `CAMEO2PLOVER-2021`, see the head of `data/cameo.tsv`).
pub fn entries() -> &'static BTreeMap<&'static str, CameoEntry> {
    static ENTRIES: OnceLock<BTreeMap<&'static str, CameoEntry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        rows.filter_map(entry).map(|entry| (entry.code, entry)).collect()
    })
}

fn entry(row: &'static str) -> Option<CameoEntry> {
    let mut columns = row.split('\t');
    let code = columns.next()?;
    let root = columns.next()?.parse().ok()?;
    let mode = columns.next().filter(|mode| *mode != "-");
    let contexts = columns.next().filter(|text| *text != "-");
    Some(CameoEntry {
        code,
        root,
        mode,
        contexts: contexts.into_iter().flat_map(|text| text.split('|')).collect(),
    })
}

/// Codes that a root and mode come from, in order: the way back from PLOVER to CAMEO.
#[must_use]
pub fn codes_of(root: Root, mode: Option<&str>) -> Vec<&'static str> {
    let fits = |entry: &&CameoEntry| entry.root == root && (mode.is_none() || entry.mode == mode);
    entries().values().filter(fits).map(|entry| entry.code).collect()
}

/// The general CAMEO code (two digits and 0) of a root, for those who import into CAMEO tools.
#[must_use]
pub const fn general_code(root: Root) -> &'static str {
    match root {
        Root::Agree => "030",
        Root::Consult => "040",
        Root::Support => "050",
        Root::Cooperate => "060",
        Root::Aid => "070",
        Root::Concede => "080",
        Root::Retreat => "084",
        Root::Request => "100",
        Root::Accuse => "110",
        Root::Reject => "120",
        Root::Threaten => "130",
        Root::Protest => "140",
        Root::Mobilize => "150",
        Root::Sanction => "160",
        Root::Coerce => "170",
        Root::Assault => "190",
    }
}

/// A CAMEO code that the table knows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CameoCode(&'static str);

impl CameoCode {
    /// The digits.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Root, mode and contexts of the code.
    #[must_use]
    pub fn entry(self) -> &'static CameoEntry {
        &entries()[self.0]
    }

    /// PLOVER root of the code.
    #[must_use]
    pub fn root(self) -> Root {
        self.entry().root
    }
}

impl fmt::Debug for CameoCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for CameoCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The text is not a known CAMEO code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a CAMEO code of the families 03 to 20 (two to four digits, such as 036 or 1122)")]
pub struct ParseCameoError(pub String);

impl FromStr for CameoCode {
    type Err = ParseCameoError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        entries()
            .get_key_value(text)
            .map(|(code, _)| Self(code))
            .ok_or_else(|| ParseCameoError(text.to_owned()))
    }
}

impl TryFrom<String> for CameoCode {
    type Error = ParseCameoError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CameoCode> for String {
    fn from(code: CameoCode) -> Self {
        code.0.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scores;

    #[test]
    fn every_row_is_read_sorted_and_unique() {
        let rows: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(entries().len(), rows.len());
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn modes_and_contexts_are_known() {
        for entry in entries().values() {
            if let Some(mode) = entry.mode {
                assert!(scores::modes(entry.root).any(|known| known == mode), "{}: {mode}", entry.code);
            }
            for context in &entry.contexts {
                assert!(scores::CONTEXTS.contains(context), "{}: {context}", entry.code);
            }
        }
    }

    #[test]
    fn exceptions_to_the_first_two_digits_are_kept() {
        let root = |code: &str| code.parse::<CameoCode>().unwrap().root();
        assert_eq!(root("163"), Root::Coerce);
        assert_eq!(root("192"), Root::Coerce);
        assert_eq!(root("1712"), Root::Assault);
        assert_eq!(root("0813"), Root::Retreat);
        assert_eq!(root("190"), Root::Assault);
        assert!("021".parse::<CameoCode>().is_err());
        assert!("36".parse::<CameoCode>().is_err());
    }

    #[test]
    fn the_way_back_names_codes_of_the_root() {
        for root in Root::ALL {
            assert!(codes_of(root, None).contains(&general_code(root)), "{root}");
        }
        assert_eq!(codes_of(Root::Consult, Some("phone")), ["041"]);
    }
}
