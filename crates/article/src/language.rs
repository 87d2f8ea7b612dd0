//! The language of a text.

use whatlang::Lang;

/// A detected language.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Detected {
    /// ISO 639-1 code.
    pub(crate) code: &'static str,
    /// Whether the text is long and plain enough to trust it over a declaration.
    pub(crate) reliable: bool,
}

/// Characters of a text that are looked at: the beginning decides, and the cost is linear in it.
const HEAD: usize = 3000;
/// Fewer characters than these say little.
const LEAST: usize = 100;

/// Detects the language; `None` where there are no letters.
pub(crate) fn detect(text: &str) -> Option<Detected> {
    let end = text.char_indices().nth(HEAD).map_or(text.len(), |(at, _)| at);
    let head = &text[..end];
    // Most of what comes is English, and trigrams cost more than all else that ingest does with a short article.
    if plainly_english(head) {
        return Some(Detected { code: "en", reliable: true });
    }
    let info = whatlang::detect(head)?;
    if !info.is_reliable() && speaks_english(head) {
        return Some(Detected { code: "en", reliable: false });
    }
    Some(Detected {
        code: iso_639_1(info.lang()),
        reliable: info.is_reliable() && head.chars().count() >= LEAST,
    })
}

/// Frequent words of English that are rare in other languages with Latin letters. The first of them is in every English text.
const ENGLISH: [&str; 20] = [
    "the", "and", "been", "from", "had", "have", "his", "it", "its", "of", "said", "that", "their", "they",
    "this", "to", "were", "which", "with", "would",
];

/// One word in six is typical of English, "the" and another one among them: no other language comes near.
fn plainly_english(text: &str) -> bool {
    let (mut words, mut typical, mut seen) = (0_usize, 0_usize, 0_u32);
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        if let Some(place) = ENGLISH.iter().position(|known| word.eq_ignore_ascii_case(known)) {
            typical += 1;
            seen |= 1 << place;
        }
    }
    text.len() >= LEAST && typical * 6 >= words && seen & 1 == 1 && seen.count_ones() >= 2
}

/// Words that English alone has among the languages that news come in.
const ENGLISH_ALONE: [&str; 16] = [
    "after", "against", "and", "been", "could", "from", "said", "says", "that", "the", "their", "they",
    "this", "which", "with", "would",
];

/// Trigrams tell little of a sentence: one in ASCII letters alone that holds a word of English is taken for English.
fn speaks_english(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let ascii = text.chars().filter(|c| c.is_alphabetic()).all(|c| c.is_ascii());
    ascii && words.any(|word| ENGLISH_ALONE.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// The two-letter code of a declared language ("en-US", "eng", "English"), or `None` where it is no language.
pub(crate) fn normalise_tag(tag: &str) -> Option<String> {
    let tag = tag.trim();
    let primary = tag.split(['-', '_']).next()?.to_ascii_lowercase();
    if !primary.chars().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    match primary.len() {
        2 => Some(primary),
        3 => Some(Lang::from_code(&primary).map_or(primary, |lang| iso_639_1(lang).to_owned())),
        4.. => Lang::all()
            .iter()
            .find(|lang| lang.eng_name().eq_ignore_ascii_case(tag) || lang.name().eq_ignore_ascii_case(tag))
            .map(|lang| iso_639_1(*lang).to_owned()),
        _ => None,
    }
}

fn iso_639_1(lang: Lang) -> &'static str {
    match lang {
        Lang::Epo => "eo",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "no",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        Lang::Cym => "cy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_cuts_are_taken_for_english_alone() {
        let english = "The harbour of Tallinn was closed on Monday, the port authority said, and two ferries that had \
                       left Helsinki were sent to another pier.";
        assert!(plainly_english(english));
        for other in [
            "De haven van Tallinn was maandag gesloten, en twee veerboten die uit Helsinki had of hadden moeten varen, zijn in \
             een andere haven aan land gegaan met hun gasten.",
            "Havnen i Tallinn var lukket mandag, og to faerger, der var sejlet fra Helsinki, blev sendt til en anden by, \
             sagde havnens direktoer.",
            "Le port de Tallinn a été fermé lundi et deux navires partis de Helsinki ont bu la tasse avant de trouver \
             un autre quai, selon la direction.",
            "Port w Tallinie zamknięto w poniedziałek, a to znaczy, że dwa promy z Helsinek musiały zawinąć do innego portu.",
            "El puerto de Tallin has cerrado el lunes y dos barcos que salieron de Helsinki han ido a otro muelle, dijo \
             la autoridad del puerto.",
        ] {
            assert!(!plainly_english(other), "{other}");
        }
        assert!(!plainly_english("The end of it"), "too short to say");
    }

    #[test]
    fn tags_become_two_letters() {
        for (tag, code) in [
            ("en", "en"),
            ("EN-us", "en"),
            ("pt_BR", "pt"),
            ("deu", "de"),
            ("French", "fr"),
            ("zh-Hans", "zh"),
        ] {
            assert_eq!(normalise_tag(tag).as_deref(), Some(code), "{tag}");
        }
        for tag in ["", "e", "12", "e1", "no such tongue"] {
            assert_eq!(normalise_tag(tag), None, "{tag}");
        }
    }
}
