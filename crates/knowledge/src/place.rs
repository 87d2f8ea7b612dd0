//! Where: names of places found and told apart.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use entente_ontology::CountryCode;

use crate::data;
use crate::knowledge::Knowledge;
use crate::phrase::{Case, PhraseMap};
use crate::sense::SenseKind;

/// How finely a place is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlacePrecision {
    /// A city, town or building.
    City,
    /// A province, state or region of one country.
    Admin,
    /// A country.
    Country,
    /// A sea or a region of several countries.
    Region,
}

impl PlacePrecision {
    /// The word used in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Admin => "admin",
            Self::Country => "country",
            Self::Region => "region",
        }
    }
}

/// A place of the tables.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Name.
    pub name: &'static str,
    /// ISO 3166 alpha-3; `None` for seas and regions.
    pub country: Option<CountryCode>,
    /// Code of the first-level area, empty where there is none.
    pub area: &'static str,
    /// Degrees north.
    pub lat: f32,
    /// Degrees east.
    pub lon: f32,
    /// Inhabitants, 0 where unknown.
    pub population: u32,
    /// GeoNames id, 0 where the entry is our own.
    pub geonames_id: u32,
    /// How fine.
    pub precision: PlacePrecision,
}

/// A name in the index: which place, and whether it is another name of it.
#[derive(Clone, Copy, Debug)]
struct Named {
    place: u32,
    other: bool,
}

/// All places.
#[derive(Debug)]
pub struct Places {
    places: Vec<Place>,
    names: PhraseMap<Named>,
    areas: BTreeMap<(CountryCode, &'static str), u32>,
}

/// What helps to tell places of one name apart.
#[derive(Clone, Debug, Default)]
pub struct PlaceContext {
    /// Countries that the article speaks of, with weights from 0 to 1.
    pub countries: BTreeMap<CountryCode, f32>,
    /// Country of the dateline.
    pub dateline: Option<CountryCode>,
    /// Area of the dateline ("TX").
    pub dateline_area: Option<&'static str>,
}

impl PlaceContext {
    /// Weighs countries by the square root of their share of the most frequent one.
    #[must_use]
    pub fn from_counts(mut counts: BTreeMap<CountryCode, f32>) -> Self {
        let most = counts.values().copied().fold(0.5, f32::max);
        counts.values_mut().for_each(|count| *count = (*count / most).sqrt());
        Self { countries: counts, ..Self::default() }
    }

    /// The country that the article speaks of most, where none comes close.
    #[must_use]
    pub fn main_country(&self) -> Option<CountryCode> {
        let (code, most) = self.countries.iter().max_by(|a, b| a.1.total_cmp(b.1))?;
        let rival = self.countries.iter().filter(|(other, _)| *other != code).map(|(_, weight)| *weight);
        (rival.fold(0.0, f32::max) < 0.8 * most).then_some(*code)
    }

    /// The context that a text gives by the countries it names.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let mut counts = BTreeMap::new();
        count_countries(text, &mut counts);
        Self::from_counts(counts)
    }
}

impl Places {
    /// The tables that are compiled into the program, read on first use.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Places> = OnceLock::new();
        SHARED.get_or_init(Self::load)
    }

    /// Reads the embedded tables.
    #[must_use]
    pub fn load() -> Self {
        let mut places = Self { places: Vec::new(), names: PhraseMap::default(), areas: BTreeMap::new() };
        for (_, row) in data::rows(data::PLACES) {
            let precision = match row.get(2) {
                "city" => PlacePrecision::City,
                "admin" => PlacePrecision::Admin,
                "country" => PlacePrecision::Country,
                _ => PlacePrecision::Region,
            };
            let place = place([row.get(0), row.get(1), "", row.get(3), row.get(4), "300000", "0"], precision);
            places.add(place, row.list(5).map(|(name, _)| name));
        }
        for (_, row) in data::rows(data::AREAS) {
            let columns = [row.get(2), row.get(0), row.get(1), row.get(3), row.get(4), "0", "0"];
            let area = place(columns, PlacePrecision::Admin);
            let number = places.add(area, area_names(area.name));
            if let Some(country) = area.country {
                places.areas.insert((country, area.area), number);
                if country.as_str() == "USA" {
                    places.name(area.area, number, true);
                }
            }
        }
        for line in data::CITIES.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or("");
            let (country, name, area, lat, lon, population, id) =
                (next(), next(), next(), next(), next(), next(), next());
            let city = place([name, country, area, lat, lon, population, id], PlacePrecision::City);
            places.add(city, next().split('|').filter(|name| !name.is_empty()));
        }
        places
    }

    fn add(&mut self, place: Place, others: impl Iterator<Item = &'static str>) -> u32 {
        let number = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.push(place);
        self.name(place.name, number, false);
        for name in others {
            self.name(name, number, true);
        }
        number
    }

    fn name(&mut self, name: &str, place: u32, other: bool) {
        let case = if name.len() <= 3 && name.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Case::Upper
        } else {
            Case::Proper
        };
        self.names.insert(name, case, Named { place, other });
        // "Ma'rib" is written Marib as well.
        if name.contains(['\'', '’', '‘', 'ʻ']) {
            let plain: String = name.chars().filter(|c| !matches!(c, '\'' | '’' | '‘' | 'ʻ')).collect();
            self.names.insert(&plain, case, Named { place, other: true });
        }
    }

    /// The longest place name that starts at byte `at`: its length and the places that bear it.
    #[must_use]
    pub fn longest_at(&self, text: &str, at: usize) -> Option<(usize, Vec<Place>)> {
        let (len, named) = self.names.longest_at(text, at)?;
        Some((len, named.iter().map(|named| self.places[named.place as usize]).collect()))
    }

    /// Resolves the words that say where: a name with what stands beside it ("Portland, Oregon", "near Tripoli in
    /// Lebanon", "the Gabonese capital", "southern Lebanon").
    #[must_use]
    pub fn resolve(&self, text: &str, context: &PlaceContext) -> Option<Place> {
        if let Some(capital) = self.capital_in(text, context) {
            return Some(capital);
        }
        let mut best: Option<(f32, Place)> = None;
        for at in word_starts(text) {
            if best.is_some() {
                break;
            }
            let Some((len, named)) = self.names.longest_at(text, at) else {
                best = self.country_at(text, at).map(|place| (0.0, place));
                continue;
            };
            let country = Knowledge::shared().longest_at(text, at).filter(|hit| hit.len > len);
            if country.is_some() {
                best = self.country_at(text, at).map(|place| (0.0, place));
                if best.is_some() {
                    break;
                }
            }
            let rest = text.get(at + len..).unwrap_or("");
            let qualifier = self.qualifier(rest);
            let mut candidates: Vec<(f32, Place)> = named
                .iter()
                .map(|named| (self.score(*named, qualifier, context), self.places[named.place as usize]))
                .collect();
            if let Some(country) = self.country_at(text, at)
                && Knowledge::shared().longest_at(text, at).is_some_and(|hit| hit.len == len)
            {
                let weight =
                    country.country.and_then(|code| context.countries.get(&code)).copied().unwrap_or(0.0);
                let qualified = if qualifier.is_some() { -20.0 } else { 0.0 };
                // "Crimea" and "Texas" stand for their states as actors, but are places of their own.
                let region =
                    !text.get(at..at + len).is_some_and(|words| words.eq_ignore_ascii_case(country.name))
                        && named.iter().any(|named| {
                            let place = &self.places[named.place as usize];
                            place.precision == PlacePrecision::Admin
                        });
                let base = if region { 2.0 } else { 9.0 };
                candidates.push((base + 3.0 * weight + qualified, country));
            }
            candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.population.cmp(&a.1.population)));
            best = candidates.into_iter().next();
        }
        best.map(|(_, place)| place)
    }

    /// Higher is likelier: population, the countries of the article, the dateline, and above all what stands beside.
    fn score(&self, named: Named, qualifier: Option<Qualifier>, context: &PlaceContext) -> f32 {
        let place = &self.places[named.place as usize];
        let population = (place.population.max(1_000) as f32).log10();
        let mut score = match place.precision {
            PlacePrecision::City => population,
            // A province that shares its name with its city stands behind it.
            PlacePrecision::Admin if place.population == 0 => 5.0,
            _ => 6.5,
        };
        if named.other {
            score -= 1.5;
        }
        let Some(country) = place.country else { return score };
        score += 3.0 * context.countries.get(&country).copied().unwrap_or(0.0).min(1.0);
        if context.dateline == Some(country) {
            score += 2.5;
            if context.dateline_area == Some(place.area) && !place.area.is_empty() {
                score += 1.5;
            }
        }
        match qualifier {
            Some(Qualifier::Country(code)) if code == country => score += 20.0,
            Some(Qualifier::Area(code, area)) if code == country && area == place.area => score += 20.0,
            _ => {}
        }
        score
    }

    /// What a name is narrowed by: ", Oregon", ", Kenya", " in Lebanon".
    fn qualifier(&self, rest: &str) -> Option<Qualifier> {
        let trimmed = rest.trim_start_matches([',', ' ', '(']);
        let trimmed = ["in ", "of ", "in the ", "the "]
            .iter()
            .fold(trimmed, |text, word| text.strip_prefix(word).unwrap_or(text));
        if trimmed.len() == rest.len() || trimmed.is_empty() {
            return None;
        }
        let area = state_abbreviation(trimmed);
        if let Some(area) = area {
            return "USA".parse().ok().map(|code| Qualifier::Area(code, area));
        }
        let at_country = country_sense(trimmed, 0);
        let at_area = self.names.longest_at(trimmed, 0).and_then(|(_, named)| {
            let mut places = named.iter().map(|named| &self.places[named.place as usize]);
            places.find(|place| place.precision == PlacePrecision::Admin && !place.area.is_empty())
        });
        match (at_country, at_area) {
            // "Atlanta, Georgia": the state, unless the country has the city too; the score decides by the area.
            (Some((code, _)), Some(area)) if code.as_str() != "GEO" || area.country.is_none() => {
                Some(Qualifier::Country(code))
            }
            (_, Some(area)) => area.country.map(|code| Qualifier::Area(code, area.area)),
            (Some((code, _)), None) => Some(Qualifier::Country(code)),
            (None, None) => None,
        }
    }

    /// "the Gabonese capital", "the capital of Chad", "the capital" where the article speaks of one country most.
    fn capital_in(&self, text: &str, context: &PlaceContext) -> Option<Place> {
        let at = text.find("capital")?;
        if text.as_bytes().get(at + 7).is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
        let knowledge = Knowledge::shared();
        let named = word_starts(text).find_map(|at| country_sense(text, at)).map(|(code, _)| code);
        // "the capital Windhoek" names it already.
        let own = word_starts(text)
            .filter(|start| *start > at)
            .any(|start| self.names.longest_at(text, start).is_some());
        if own && named.is_none() {
            return None;
        }
        let main = context.countries.iter().max_by(|a, b| a.1.total_cmp(b.1)).map(|(code, _)| *code);
        let code = named.or(context.dateline).or(main)?;
        let capital = knowledge.country(code.as_str())?.capital;
        let only = PlaceContext { countries: [(code, 1.0)].into(), ..PlaceContext::default() };
        let (_, named) = self.names.longest_at(capital, 0)?;
        let of_country = named.iter().filter(|named| self.places[named.place as usize].country == Some(code));
        of_country
            .max_by(|a, b| self.score(**a, None, &only).total_cmp(&self.score(**b, None, &only)))
            .map(|named| self.places[named.place as usize])
    }

    /// A country by name, demonym or seat at a place of the text, located at its capital.
    fn country_at(&self, text: &str, at: usize) -> Option<Place> {
        let (code, _) = country_sense(text, at)?;
        Some(self.country(code))
    }

    /// A country as a place; its position is that of its capital.
    #[must_use]
    pub fn country(&self, code: CountryCode) -> Place {
        let country = Knowledge::shared().country(code.as_str());
        let capital = country.and_then(|country| {
            let (_, named) = self.names.longest_at(country.capital, 0)?;
            let mut places = named.iter().map(|named| &self.places[named.place as usize]);
            places.find(|place| place.country == Some(code))
        });
        Place {
            name: country.map_or("", |country| country.name),
            country: Some(code),
            area: "",
            lat: capital.map_or(f32::NAN, |place| place.lat),
            lon: capital.map_or(f32::NAN, |place| place.lon),
            population: 0,
            geonames_id: 0,
            precision: PlacePrecision::Country,
        }
    }

    /// Number of places.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether the tables are empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

/// Adds half a point for each name or demonym of a country in a text, a quarter for each seat.
pub(crate) fn count_countries(text: &str, counts: &mut BTreeMap<CountryCode, f32>) {
    let knowledge = Knowledge::shared();
    let mut from = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let start = c.is_uppercase() && !before.is_alphanumeric();
        before = c;
        if !start || at < from {
            continue;
        }
        let Some(hit) = knowledge.longest_at(text, at) else { continue };
        from = at + hit.len;
        let named = hit.senses.iter().find(|sense| {
            matches!(sense.kind, SenseKind::Country | SenseKind::Demonym | SenseKind::Seat) && !sense.weak
        });
        // A capital may be the very place in question, or its namesake: it counts half.
        if let Some((code, kind)) = named.and_then(|sense| Some((sense.country?, sense.kind))) {
            *counts.entry(code).or_default() += if kind == SenseKind::Seat { 0.25 } else { 0.5 };
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Qualifier {
    Country(CountryCode),
    Area(CountryCode, &'static str),
}

/// A country or demonym at a place of the text, with the length of the phrase.
fn country_sense(text: &str, at: usize) -> Option<(CountryCode, usize)> {
    let hit = Knowledge::shared().longest_at(text, at)?;
    let sense =
        hit.senses.iter().find(|sense| matches!(sense.kind, SenseKind::Country | SenseKind::Demonym))?;
    Some((sense.country?, hit.len))
}

/// Byte offsets at which words with a capital or digit start.
fn word_starts(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let start = c.is_alphanumeric() && !before.is_alphanumeric();
        before = c;
        (start && (c.is_uppercase() || c.is_numeric())).then_some(at)
    })
}

fn place(columns: [&'static str; 7], precision: PlacePrecision) -> Place {
    let [name, country, area, lat, lon, population, id] = columns;
    Place {
        name,
        country: data::code(country),
        area,
        lat: lat.parse().unwrap_or(f32::NAN),
        lon: lon.parse().unwrap_or(f32::NAN),
        population: population.parse().unwrap_or(0),
        geonames_id: id.parse().unwrap_or(0),
        precision,
    }
}

/// "Dhaka Division", "Vaupés Department": also without the kind of area.
fn area_names(name: &'static str) -> impl Iterator<Item = &'static str> {
    const KINDS: [&str; 14] = [
        " Division",
        " Province",
        " Region",
        " State",
        " Department",
        " District",
        " Governorate",
        " County",
        " Oblast",
        " Prefecture",
        " Territory",
        " Emirate",
        " Parish",
        " Canton",
    ];
    KINDS.iter().find_map(|kind| name.strip_suffix(kind)).into_iter()
}

/// "Ore.", "Tex.", "Calif." as news datelines write American states.
fn state_abbreviation(text: &str) -> Option<&'static str> {
    const STATES: [(&str, &str); 42] = [
        ("Ala.", "AL"),
        ("Ariz.", "AZ"),
        ("Ark.", "AR"),
        ("Calif.", "CA"),
        ("Colo.", "CO"),
        ("Conn.", "CT"),
        ("D.C.", "DC"),
        ("Del.", "DE"),
        ("Fla.", "FL"),
        ("Ga.", "GA"),
        ("Ill.", "IL"),
        ("Ind.", "IN"),
        ("Kan.", "KS"),
        ("Ky.", "KY"),
        ("La.", "LA"),
        ("Mass.", "MA"),
        ("Md.", "MD"),
        ("Mich.", "MI"),
        ("Minn.", "MN"),
        ("Miss.", "MS"),
        ("Mo.", "MO"),
        ("Mont.", "MT"),
        ("N.C.", "NC"),
        ("N.D.", "ND"),
        ("N.H.", "NH"),
        ("N.J.", "NJ"),
        ("N.M.", "NM"),
        ("N.Y.", "NY"),
        ("Neb.", "NE"),
        ("Nev.", "NV"),
        ("Okla.", "OK"),
        ("Ore.", "OR"),
        ("Pa.", "PA"),
        ("R.I.", "RI"),
        ("S.C.", "SC"),
        ("S.D.", "SD"),
        ("Tenn.", "TN"),
        ("Tex.", "TX"),
        ("Va.", "VA"),
        ("Vt.", "VT"),
        ("W.Va.", "WV"),
        ("Wash.", "WA"),
    ];
    STATES.iter().find(|(short, _)| text.starts_with(short)).map(|(_, code)| *code)
}
