//! CAMEO codes as PLOVER reads them (facts of `CAMEO2PLOVER-2021`).

use entente_ontology::Root;

/// Every three-digit code; four-digit ones extend these by 1 to 6.
const THREE_DIGITS: &[&str] = &[
    "030", "031", "032", "033", "034", "035", "036", "037", "038", "039", "040", "041", "042", "043", "044",
    "045", "046", "050", "051", "052", "053", "054", "055", "056", "057", "060", "061", "062", "063", "064",
    "070", "071", "072", "073", "074", "075", "080", "081", "082", "083", "084", "085", "086", "087", "090",
    "091", "092", "093", "094", "100", "101", "102", "103", "104", "105", "106", "107", "108", "110", "111",
    "112", "113", "114", "115", "116", "120", "121", "122", "123", "124", "125", "126", "127", "128", "129",
    "130", "131", "132", "133", "134", "135", "136", "137", "138", "139", "140", "141", "142", "143", "144",
    "145", "150", "151", "152", "153", "154", "160", "161", "162", "163", "164", "165", "166", "170", "171",
    "172", "173", "174", "175", "180", "181", "182", "183", "184", "185", "186", "190", "191", "192", "193",
    "194", "195", "196", "200", "201", "202", "203", "204",
];

/// The last digit up to which a three-digit code has four-digit children.
fn children(code: &str) -> u8 {
    match code {
        "031" | "034" | "081" | "083" | "101" | "103" | "104" | "112" | "121" | "122" | "123" | "132"
        | "141" | "142" | "143" | "144" | "145" | "172" => 4,
        "033" | "087" => 4,
        "035" | "105" | "124" => 6,
        "182" => 3,
        "084" | "171" | "204" => 2,
        "086" | "131" | "162" | "166" | "183" => 3,
        "138" => 5,
        _ => 0,
    }
}

/// Whether CAMEO has this code of two, three or four digits.
#[must_use]
pub fn known_code(code: &str) -> bool {
    match code.len() {
        2 => THREE_DIGITS.iter().any(|c| c.starts_with(code)),
        3 => THREE_DIGITS.contains(&code),
        4 => {
            let Some((parent, last)) = code.split_at_checked(3) else { return false };
            let last = last.as_bytes()[0].wrapping_sub(b'0');
            let most = if parent == "112" { 5 } else { children(parent) };
            THREE_DIGITS.contains(&parent) && last >= 1 && last <= most
        }
        _ => false,
    }
}

/// The PLOVER root that a CAMEO code falls under, by the conversion table of 2021.
#[must_use]
pub fn root_of_code(code: &str) -> Option<Root> {
    let root = match code.get(..2)? {
        "03" => Root::Agree,
        "04" => Root::Consult,
        "05" => Root::Support,
        "06" => Root::Cooperate,
        "07" => Root::Aid,
        "08" => match code {
            "0813" | "0814" => Root::Retreat,
            c if c.len() >= 3 && c.as_bytes()[2] >= b'4' => Root::Retreat,
            _ => Root::Concede,
        },
        "09" | "11" => Root::Accuse,
        "10" => Root::Request,
        "12" => Root::Reject,
        "13" => Root::Threaten,
        "14" => Root::Protest,
        "15" => Root::Mobilize,
        "16" => match code {
            "163" => Root::Coerce,
            _ => Root::Sanction,
        },
        "17" => match code {
            "1712" | "175" => Root::Assault,
            _ => Root::Coerce,
        },
        "18" => Root::Assault,
        "19" => match code {
            "191" | "192" => Root::Coerce,
            _ => Root::Assault,
        },
        "20" => Root::Assault,
        _ => return None,
    };
    Some(root)
}

/// All three-digit codes, for the linter.
#[cfg(test)]
pub(crate) fn three_digit_codes() -> &'static [&'static str] {
    THREE_DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_three_digit_code_has_a_root() {
        for code in THREE_DIGITS {
            assert!(root_of_code(code).is_some(), "{code}");
        }
        assert_eq!(root_of_code("0871"), Some(Root::Retreat));
        assert_eq!(root_of_code("0813"), Some(Root::Retreat));
        assert_eq!(root_of_code("163"), Some(Root::Coerce));
        assert_eq!(root_of_code("99"), None);
    }

    #[test]
    fn codes_outside_the_codebook_are_unknown() {
        for code in ["1125", "0356", "1056", "1246", "1385", "2042"] {
            assert!(known_code(code), "{code}");
        }
        for code in ["", "0", "009", "0357", "2043", "1126", "12345", "0300"] {
            assert!(!known_code(code), "{code}");
        }
    }
}
