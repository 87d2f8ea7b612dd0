//! Datelines: place, date and agency before the first sentence.

/// A first paragraph with its dateline split off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Split<'a> {
    /// As written, without the dash: `SEOUL, Dec. 29 (Yonhap)`.
    pub(crate) dateline: &'a str,
    /// The agency in it.
    pub(crate) agency: Option<&'a str>,
    /// What follows.
    pub(crate) rest: &'a str,
}

/// Longest dateline in bytes.
const MAX_LENGTH: usize = 110;

/// Splits the dateline off a first paragraph; `None` where it has none.
pub(crate) fn split(paragraph: &str) -> Option<Split<'_>> {
    separators(paragraph).find_map(|(end, start)| {
        let (dateline, rest) =
            (paragraph[..end].trim(), paragraph[start..].trim_start_matches(['.', ' ', '\u{a0}']));
        let dateline = dateline.trim_end_matches(['.', ',']);
        let strict = start == end;
        let agency = reads_as_dateline(dateline, strict, paragraph[end..start].trim() == ":")?;
        begins_sentence(rest).then_some(Split { dateline, agency, rest })
    })
}

/// Places where a dateline can end: byte ranges of the dash, dashes or colon; or behind a closing parenthesis.
fn separators(paragraph: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let chars = paragraph.char_indices().take_while(|(at, _)| *at < MAX_LENGTH);
    chars.filter_map(|(at, c)| {
        let rest = &paragraph[at..];
        let spaced = paragraph[..at].ends_with([' ', ')']);
        match c {
            '—' | '–' | '―' => Some((at, at + c.len_utf8())),
            '-' if rest.starts_with("--") => Some((at, at + rest.len() - rest.trim_start_matches('-').len())),
            '-' if spaced && rest.starts_with("- ") => Some((at, at + 1)),
            ':' if rest.starts_with(": ") => Some((at, at + 1)),
            ')' => Some((at + 1, at + 1)),
            _ => None,
        }
    })
}

/// `Some(agency)` where the words are a place with a date, an agency, or in capitals.
fn reads_as_dateline(text: &str, strict: bool, colon: bool) -> Option<Option<&str>> {
    let (head, agency) = match text.strip_suffix(')').and_then(|inner| inner.rsplit_once('(')) {
        Some((head, agency)) => (
            head.trim().trim_end_matches(['.', ',']),
            Some(agency.trim()).filter(|name| is_agency_name(name)),
        ),
        None => (text, None),
    };
    if text.ends_with(')') && agency.is_none() || text.split_whitespace().count() > 12 {
        return None;
    }
    let known = agency.is_some_and(is_known_agency);
    if head.is_empty() {
        return known.then_some(agency);
    }
    let mut parts = head.split(',').map(str::trim);
    let place = parts.next().filter(|place| is_place(place))?;
    let mut dated = false;
    for part in parts {
        if is_date(part) {
            dated = true;
        } else if !is_place(part) {
            return None;
        }
    }
    let capitals = is_capitals(place) && !is_label(place);
    // Without a dash, only an agency or a date tells a dateline from a name with something in parentheses.
    let enough =
        if strict { known || (agency.is_some() && (dated || capitals)) } else { capitals || dated || known };
    (enough && !(colon && !capitals && !dated && !known)).then_some(agency)
}

/// Capitalised words, with the small words that names of places hold.
fn is_place(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '/', '-']).filter(|word| !word.is_empty()).collect();
    let small = |word: &str| {
        matches!(
            word,
            "de" | "del"
                | "la"
                | "le"
                | "al"
                | "el"
                | "of"
                | "the"
                | "and"
                | "in"
                | "am"
                | "sur"
                | "do"
                | "da"
        )
    };
    let named = |word: &str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '’'))
    };
    !words.is_empty()
        && words.len() <= 6
        && words.iter().any(|word| named(word))
        && words.iter().all(|word| named(word) || small(word))
}

fn is_capitals(place: &str) -> bool {
    let letters = place.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3 && !place.chars().any(char::is_lowercase)
}

/// Words in capitals before a dash or colon that are no places.
fn is_label(place: &str) -> bool {
    const LABELS: [&str; 34] = [
        "NATO",
        "OPEC",
        "ASEAN",
        "BRICS",
        "UNESCO",
        "UNICEF",
        "UNHCR",
        "IAEA",
        "INTERPOL",
        "AUKUS",
        "ECOWAS",
        "MERCOSUR",
        "WATCH",
        "LIVE",
        "BREAKING",
        "BREAKING NEWS",
        "UPDATE",
        "UPDATED",
        "EXCLUSIVE",
        "ANALYSIS",
        "OPINION",
        "EXPLAINER",
        "FACTBOX",
        "VIDEO",
        "PHOTOS",
        "READ MORE",
        "READ",
        "INTERVIEW",
        "COMMENT",
        "EDITORIAL",
        "NOTE",
        "CORRECTION",
        "SUMMARY",
        "QUESTION",
    ];
    LABELS.contains(&place)
}

/// `Dec. 29`, `29 December 2025`, `Monday`.
fn is_date(part: &str) -> bool {
    const NAMES: [&str; 19] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue",
        "wed", "thu", "fri", "sat", "sun",
    ];
    let words: Vec<&str> = part.split_whitespace().collect();
    let named = |word: &str| {
        word.get(..3).is_some_and(|head| NAMES.contains(&head.to_lowercase().as_str())) && word.len() <= 10
    };
    let number =
        |word: &str| word.trim_end_matches(['.', 't', 'h', 's', 'n', 'd', 'r']).parse::<u16>().is_ok();
    let year = words.len() == 1 && part.len() == 4 && number(part);
    year || (words.len() <= 4
        && words.iter().any(|word| named(word))
        && words.iter().all(|word| named(word) || number(word)))
}

fn is_agency_name(name: &str) -> bool {
    let words = name.split_whitespace().count();
    (1..=4).contains(&words)
        && name.len() <= 40
        && name.chars().any(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '/' | '-' | '&'))
}

fn is_known_agency(name: &str) -> bool {
    const AGENCIES: [&str; 66] = [
        "AP",
        "Associated Press",
        "The Associated Press",
        "AFP",
        "Reuters",
        "Thomson Reuters Foundation",
        "Bloomberg",
        "UPI",
        "dpa",
        "dpa-AFX",
        "EFE",
        "ANSA",
        "AGI",
        "Adnkronos",
        "Lusa",
        "Xinhua",
        "China News Service",
        "CNS",
        "CNA",
        "TASS",
        "Interfax",
        "RIA Novosti",
        "Sputnik",
        "Ukrinform",
        "Interfax-Ukraine",
        "BelTA",
        "Yonhap",
        "KCNA",
        "Kyodo",
        "Kyodo News",
        "Jiji",
        "Jiji Press",
        "PTI",
        "ANI",
        "IANS",
        "UNI",
        "APP",
        "BSS",
        "UNB",
        "Bernama",
        "Antara",
        "VNA",
        "PNA",
        "IRNA",
        "ISNA",
        "Tasnim",
        "Mehr",
        "Anadolu",
        "AA",
        "Anadolu Agency",
        "DHA",
        "SANA",
        "WAFA",
        "MENA",
        "KUNA",
        "SPA",
        "WAM",
        "QNA",
        "NNA",
        "INA",
        "MAP",
        "APS",
        "PAP",
        "CTK",
        "MTI",
        "BTA",
    ];
    AGENCIES.iter().any(|known| known.eq_ignore_ascii_case(name))
        || name.split(['/', '&']).any(|part| part.len() < name.len() && is_known_agency(part.trim()))
}

fn begins_sentence(rest: &str) -> bool {
    let first = rest.trim_start_matches(['"', '\'', '“', '‘', '«', '„', '(', '[', ' ']).chars().next();
    rest.split_whitespace().nth(1).is_some()
        && first.is_some_and(|c| !c.is_lowercase() && c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_of_the_agencies() {
        for (text, dateline, agency) in [
            ("SEOUL, Dec. 29 (Yonhap) -- The ministry said so.", "SEOUL, Dec. 29 (Yonhap)", Some("Yonhap")),
            ("OSLO (Reuters) - Norway will open it.", "OSLO (Reuters)", Some("Reuters")),
            (
                "DUBAI, United Arab Emirates (AP) — Talks were held.",
                "DUBAI, United Arab Emirates (AP)",
                Some("AP"),
            ),
            ("WASHINGTON/MOSCOW, 29 December – Both sides met.", "WASHINGTON/MOSCOW, 29 December", None),
            ("(Reuters) - Peru will vote again.", "(Reuters)", Some("Reuters")),
            ("New Delhi, Dec 29 (PTI) The cabinet met on Monday.", "New Delhi, Dec 29 (PTI)", Some("PTI")),
            ("Paris (AFP) – \"We shall see,\" he said.", "Paris (AFP)", Some("AFP")),
            ("ISLAMABAD: The foreign office rejected it.", "ISLAMABAD", None),
            ("TEL AVIV — The army said so.", "TEL AVIV", None),
            (
                "Kyiv, Dec. 29 (Ukrinform). The ministry said so.",
                "Kyiv, Dec. 29 (Ukrinform)",
                Some("Ukrinform"),
            ),
            ("PORT-AU-PRINCE, Haiti — Gunmen fled.", "PORT-AU-PRINCE, Haiti", None),
        ] {
            let split = split(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((split.dateline, split.agency), (dateline, agency), "{text}");
            assert!(split.rest.starts_with(|c: char| c.is_uppercase() || c == '"'), "{}", split.rest);
        }
    }

    #[test]
    fn sentences_are_left_whole() {
        for text in [
            "Iran — which denies it — will not talk.",
            "NATO — The alliance of 32 states — met.",
            "BREAKING: The president has resigned today.",
            "The European Union (EU) said that it would.",
            "Norway, Sweden and Finland - All three agreed to it.",
            "President Ruto (Kenya) Said it again today.",
            "France and Germany will sign: The pact opens harbours.",
            "Talks in Geneva – The second round – ended.",
            "PARIS — where it began.",
            "Mr. Olsen (AP Moller) told the paper.",
        ] {
            assert_eq!(split(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_split_puts_together(text in "[A-Z]{2,9}(, [A-Z][a-z]{2}\\. [0-9]{1,2})?( \\([A-Za-z]{2,8}\\))? ?(—|--|-|:) ?[A-Z][ a-z]{0,30}") {
            if let Some(found) = split(&text) {
                proptest::prop_assert!(text.starts_with(found.dateline) && text.ends_with(found.rest));
            }
        }

        #[test]
        fn never_panics(text in "\\PC{0,60}") {
            let _ = split(&text);
        }
    }
}
