//! How friendly or hostile an act is: PLOVER's successor of the Goldstein scale, by root and mode.

use crate::Root;

/// A root, its score, and the scores of its modes.
type Row = (Root, f32, &'static [(&'static str, f32)]);

/// Score of a root without a mode, then of its modes (PLOVER manual 2.0, table of conflict-cooperation scores).
///
/// Departures: ACCUSE stands there as 3, between modes of -2 and -3.5, which can only be -3; modes that the manual
/// defines without a score (`return`, `ease`, `vandalize`) have that of their root.
const SCORES: &[Row] = &[
    (Root::Agree, 2.5, &[]),
    (Root::Consult, 2.5, &[("multilateral", 4.0), ("phone", 1.5), ("third-party", 1.0), ("visit", 4.0)]),
    (Root::Support, 5.0, &[]),
    (Root::Concede, 4.5, &[]),
    (Root::Cooperate, 9.5, &[]),
    (Root::Aid, 10.0, &[]),
    (
        Root::Retreat,
        6.5,
        &[
            ("access", 6.5),
            ("ceasefire", 7.5),
            ("disarm", 10.0),
            ("ease", 6.5),
            ("release", 6.5),
            ("resign", 4.5),
            ("return", 6.5),
            ("withdraw", 8.0),
        ],
    ),
    (Root::Request, 0.0, &[("assist", 0.5), ("change", -1.0), ("meet", 0.0), ("yield", -1.0)]),
    (Root::Accuse, -3.0, &[("allege", -3.5), ("disapprove", -2.0), ("investigate", -3.5)]),
    (Root::Reject, -2.0, &[("assist", -1.5), ("change", -2.0), ("meet", -2.0), ("yield", -2.0)]),
    (
        Root::Threaten,
        -3.5,
        &[
            ("arrest", -3.5),
            ("expel", -3.5),
            ("relations", -3.5),
            ("restrict", -3.0),
            ("territory", -4.0),
            ("violence", -3.5),
        ],
    ),
    (
        Root::Protest,
        -5.0,
        &[
            ("boycott", -4.5),
            ("demo", -5.0),
            ("hunger", -4.5),
            ("obstruct", -4.5),
            ("riot", -7.0),
            ("strike", -5.0),
            ("vandalize", -5.0),
        ],
    ),
    (Root::Sanction, -6.0, &[("convict", -6.0), ("discontinue", -6.0), ("expel", -5.5), ("withdraw", -6.0)]),
    (Root::Mobilize, -5.5, &[("militia", -6.0), ("police", -5.5), ("troops", -6.5), ("weapons", -6.5)]),
    (
        Root::Coerce,
        -7.0,
        &[
            ("arrest", -7.0),
            ("censor", -6.5),
            ("curfew", -6.5),
            ("cyber", -7.0),
            ("deport", -7.0),
            ("martial-law", -7.5),
            ("misinformation", -6.5),
            ("restrict", -7.0),
            ("seize", -7.0),
            ("withhold", -7.0),
        ],
    ),
    (
        Root::Assault,
        -9.0,
        &[
            ("abduct", -8.5),
            ("aerial", -9.5),
            ("beat", -7.5),
            ("crowd-control", -7.5),
            ("destroy", -8.5),
            ("drone", -9.5),
            ("explosives", -9.0),
            ("firearms", -9.0),
            ("heavy-weapons", -9.5),
            ("primitive", -8.0),
            ("sexual", -8.5),
            ("suicide-attack", -9.5),
            ("targeted", -9.5),
            ("torture", -8.5),
            ("unconventional", -10.0),
        ],
    ),
];

/// PLOVER's contexts, sorted: those of the manual 2.0 and those that only `CAMEO2PLOVER-2021` uses.
pub const CONTEXTS: [&str; 39] = [
    "asylum",
    "cbrn",
    "corruption",
    "crime",
    "cyber",
    "democracy",
    "diplomatic",
    "disasters",
    "economic",
    "election",
    "environment",
    "executive",
    "gender",
    "health",
    "human_rights",
    "human_security",
    "humanitarian",
    "illegal_drugs",
    "inequality",
    "intelligence",
    "legal",
    "legislative",
    "lgbt",
    "migration",
    "military",
    "misinformation",
    "natural_resource",
    "peacekeeping",
    "political_institutions",
    "pro_autocracy",
    "pro_democracy",
    "religion_ethnicity",
    "reparations",
    "repression",
    "rights_freedoms",
    "technology",
    "territory",
    "terrorism",
    "trafficking",
];

fn row(root: Root) -> &'static Row {
    SCORES.iter().find(|row| row.0 == root).unwrap_or(&SCORES[0])
}

/// Modes of a root, sorted.
pub fn modes(root: Root) -> impl Iterator<Item = &'static str> {
    row(root).2.iter().map(|(mode, _)| *mode)
}

/// Score of a root and mode, -10 (hostile) to 10 (friendly); an unknown mode counts as none.
#[must_use]
pub fn goldstein(root: Root, mode: Option<&str>) -> f32 {
    let (_, base, modes) = row(root);
    let of_mode = mode.and_then(|mode| modes.iter().find(|(known, _)| *known == mode));
    of_mode.map_or(*base, |(_, score)| *score)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::QuadClass;

    #[test]
    fn every_root_has_a_row_and_modes_are_sorted() {
        assert_eq!(SCORES.len(), Root::ALL.len());
        for root in Root::ALL {
            let names: Vec<_> = modes(root).collect();
            assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{root}");
        }
        assert!(CONTEXTS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn cooperation_is_friendly_and_conflict_is_not() {
        for root in Root::ALL {
            let score = goldstein(root, None);
            match root.quad_class() {
                QuadClass::VerbalCooperation | QuadClass::MaterialCooperation => assert!(score > 0.0),
                QuadClass::VerbalConflict | QuadClass::MaterialConflict => assert!(score <= 0.0),
            }
        }
        assert!((goldstein(Root::Assault, Some("beat")) + 7.5).abs() < f32::EPSILON);
        assert!((goldstein(Root::Assault, Some("no such")) + 9.0).abs() < f32::EPSILON);
    }
}
