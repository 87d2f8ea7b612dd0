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

/// Detects the language; `None` where there are no letters.
pub(crate) fn detect(text: &str) -> Option<Detected> {
    // The share of a long text that decides is the beginning; detection cost is linear in it.
    let head: String = text.chars().take(3000).collect();
    let info = whatlang::detect(&head)?;
    Some(Detected {
        code: iso_639_1(info.lang()),
        reliable: info.is_reliable() && head.chars().count() >= 100,
    })
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
