//! Names of towns and provinces, and the countries that they lie in.

use entente_knowledge::place::{Place, Places};
use entente_ontology::CountryCode;

/// Inhabitants from which a place counts although the article does not name its country.
const KNOWN_FAR_AWAY: u32 = 40_000;

/// The country of a town or province by its whole name: of those that bear it the one in the country that the article
/// names most, else the largest.
pub(crate) fn country_of_place(name: &str, named: &[(CountryCode, usize)]) -> Option<CountryCode> {
    in_named_country(name, named).or_else(|| {
        let largest = bearers(name).into_iter().max_by_key(|place| place.population)?;
        largest.country.filter(|_| largest.population >= KNOWN_FAR_AWAY)
    })
}

/// The same, but only in a country that the article names.
pub(crate) fn in_named_country(name: &str, named: &[(CountryCode, usize)]) -> Option<CountryCode> {
    let weight = |place: &Place| {
        let code = place.country?;
        named.iter().find(|(known, _)| *known == code).map(|(_, count)| *count)
    };
    let best = bearers(name)
        .into_iter()
        .filter_map(|place| Some((weight(&place)?, place.population, place.country?)));
    best.max_by_key(|(count, population, _)| (*count, *population)).map(|(_, _, code)| code)
}

fn bearers(name: &str) -> Vec<Place> {
    match Places::shared().longest_at(name, 0) {
        Some((len, places)) if len == name.len() => places,
        _ => Vec::new(),
    }
}

/// "PUERTO CABEZAS" as the tables write it.
pub(crate) fn title_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = true;
    for c in text.chars() {
        if start {
            out.extend(c.to_uppercase())
        } else {
            out.extend(c.to_lowercase())
        }
        start = !c.is_alphanumeric() && c != '\'' && c != '\u{2019}';
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> CountryCode {
        text.parse().expect("a code")
    }

    #[test]
    fn the_article_tells_namesakes_apart() {
        assert_eq!(country_of_place("Paris", &[]), Some(code("FRA")));
        assert_eq!(country_of_place("Hyderabad", &[(code("PAK"), 3)]), Some(code("PAK")));
        assert_eq!(country_of_place("Hyderabad", &[]), Some(code("IND")));
        assert_eq!(in_named_country("Chennai", &[(code("PAK"), 3)]), None);
        assert_eq!(country_of_place("Nowhere at all", &[]), None);
    }

    #[test]
    fn datelines_shout() {
        assert_eq!(title_case("PUERTO CABEZAS"), "Puerto Cabezas");
        assert_eq!(title_case("AL-'ARISH"), "Al-'arish");
    }
}
