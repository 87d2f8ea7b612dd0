//! Nouns that head a mention of an actor, from `actors/nouns.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use entente_ontology::Sector;

/// What a noun makes of its phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NounClass {
    /// One person; a group in the plural.
    Person,
    /// A body of people ("crowd", "delegation").
    People,
    /// One of two or more, in phrases like "both sides" and "the Kenyan side".
    Side,
    /// The state itself ("government", "country").
    State,
    /// An organ or service of a state.
    Organ,
    /// A thing that stands for its owner ("trawler").
    Asset,
    /// An organisation.
    Organisation,
}

/// An entry of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Noun {
    pub(crate) class: NounClass,
    pub(crate) sector: Option<Sector>,
    /// Sector and side come from what the person or body belongs to, where the text says it.
    pub(crate) open: bool,
}

/// A bad line of the table.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("actors/nouns.tsv line {line}: {reason}")]
pub(crate) struct TableError {
    line: usize,
    reason: String,
}

/// The table, indexed by the last word of each entry.
#[derive(Debug, Default)]
pub(crate) struct Nouns {
    entries: HashMap<Box<str>, Noun>,
    /// For the last word of an entry: the most words that an entry ending in it has.
    longest: HashMap<Box<str>, usize>,
}

static NOUNS: LazyLock<Nouns> = LazyLock::new(|| {
    // A broken table is caught by the unit tests; an empty one finds nothing.
    Nouns::parse(include_str!("../../actors/nouns.tsv")).unwrap_or_default()
});

impl Nouns {
    /// The built-in table.
    pub(crate) fn shared() -> &'static Self {
        &NOUNS
    }

    /// Whether a single word (lower case) is a noun for one person.
    pub(crate) fn is_person(&self, word: &str) -> bool {
        self.entries.get(word).is_some_and(|noun| noun.class == NounClass::Person)
    }

    fn parse(text: &str) -> Result<Self, TableError> {
        let mut nouns = Self::default();
        for (number, line) in text.lines().enumerate() {
            if line.starts_with('#') || line.is_empty() {
                continue;
            }
            let error = |reason: &str| TableError { line: number + 1, reason: reason.to_owned() };
            let mut fields = line.split('\t');
            let (Some(words), Some(class), Some(sector), None) =
                (fields.next(), fields.next(), fields.next(), fields.next())
            else {
                return Err(error("three fields are expected: noun, class, sector"));
            };
            let class = match class {
                "person" => NounClass::Person,
                "people" => NounClass::People,
                "side" => NounClass::Side,
                "state" => NounClass::State,
                "organ" => NounClass::Organ,
                "asset" => NounClass::Asset,
                "org" => NounClass::Organisation,
                other => return Err(error(&format!("unknown class `{other}`"))),
            };
            let open = sector.starts_with('~');
            let sector = match sector.trim_start_matches('~') {
                "" => None,
                code => Some(code.parse::<Sector>().map_err(|e| error(&e.to_string()))?),
            };
            let key = words.replace('-', " ");
            let count = key.split(' ').count();
            let last = key.rsplit(' ').next().unwrap_or_default();
            let longest = nouns.longest.entry(last.into()).or_default();
            *longest = (*longest).max(count);
            if nouns.entries.insert(key.into(), Noun { class, sector, open }).is_some() {
                return Err(error(&format!("`{words}` stands twice")));
            }
        }
        Ok(nouns)
    }

    /// The longest entry that ends with the last of `words` (lower case, singular): how many words it takes, and what it says.
    pub(crate) fn longest_ending(&self, words: &[&str]) -> Option<(usize, Noun)> {
        let last = words.last()?;
        let longest = (*self.longest.get(*last)?).min(words.len());
        let mut key = String::new();
        for count in (2..=longest).rev() {
            key.clear();
            for word in &words[words.len() - count..] {
                if !key.is_empty() {
                    key.push(' ');
                }
                key.push_str(word);
            }
            if let Some(&noun) = self.entries.get(key.as_str()) {
                return Some((count, noun));
            }
        }
        self.entries.get(*last).map(|&noun| (1, noun)).or_else(|| maker(last).map(|noun| (1, noun)))
    }
}

/// "chipmaker", "toolmakers": companies that make something.
fn maker(word: &str) -> Option<Noun> {
    let stem = word.strip_suffix('s').unwrap_or(word);
    (stem.len() > 6
        && stem.ends_with("maker")
        && !matches!(stem, "lawmaker" | "policymaker" | "filmmaker" | "peacemaker"))
    .then_some(Noun { class: NounClass::Organisation, sector: Some(Sector::Bus), open: false })
}

/// Nouns in -er, -or, -ist, ... that are no people although they look like it.
const NOT_PEOPLE: &[&str] = &[
    "answer",
    "banner",
    "barrier",
    "border",
    "bunker",
    "buffer",
    "butter",
    "cancer",
    "center",
    "chapter",
    "character",
    "cluster",
    "computer",
    "container",
    "corner",
    "counter",
    "cover",
    "crater",
    "danger",
    "dinner",
    "disaster",
    "dollar",
    "door",
    "error",
    "factor",
    "fever",
    "fiber",
    "filter",
    "finger",
    "flier",
    "floor",
    "flower",
    "folder",
    "folklor",
    "gender",
    "hammer",
    "harbor",
    "helicopter",
    "honor",
    "horror",
    "hunger",
    "layer",
    "letter",
    "liter",
    "litre",
    "locker",
    "manner",
    "margin",
    "marker",
    "matter",
    "meter",
    "metre",
    "mirror",
    "monitor",
    "motor",
    "murder",
    "number",
    "offer",
    "order",
    "paper",
    "poster",
    "power",
    "prayer",
    "quarter",
    "reactor",
    "register",
    "rever",
    "river",
    "rocker",
    "rocket",
    "rubber",
    "rumor",
    "sector",
    "semester",
    "server",
    "shelter",
    "shoulder",
    "shutter",
    "sister",
    "slumber",
    "speaker",
    "sticker",
    "summer",
    "surrender",
    "sweater",
    "temper",
    "tender",
    "terror",
    "theater",
    "theatre",
    "thunder",
    "timber",
    "tower",
    "trailer",
    "transfer",
    "tremor",
    "trigger",
    "tumor",
    "vapor",
    "water",
    "weather",
    "whisper",
    "winter",
    "wonder",
    "list",
    "twist",
    "fist",
    "mist",
    "wrist",
    "checklist",
    "charter",
    "boiler",
    "printer",
    "crater",
    "cylinder",
    "drawer",
    "encounter",
    "endeavor",
    "feather",
    "fertilizer",
    "fodder",
    "gutter",
    "header",
    "hangar",
    "ladder",
    "leather",
    "lever",
    "newsletter",
    "parameter",
    "pepper",
    "pillar",
    "planner",
    "plaster",
    "pointer",
    "powder",
    "primer",
    "procedure",
    "radar",
    "router",
    "scanner",
    "seminar",
    "sensor",
    "spider",
    "steamer",
    "stopper",
    "stir",
    "tanker",
    "thriller",
    "tractor",
    "turner",
    "vector",
    "bulldozer",
    "laser",
    "launcher",
    "missile launcher",
    "mortar",
];

/// Whether a plural common noun (given in the singular) names people by its form: "planners", "separatists", "clergymen".
pub(crate) fn looks_like_people(singular: &str) -> bool {
    let person = ["man", "woman", "ist", "eer", "ian"]
        .iter()
        .any(|end| singular.ends_with(end) && singular.len() > end.len() + 2)
        || ["er", "or", "ar"].iter().any(|end| singular.ends_with(end) && singular.len() > 5);
    person && !NOT_PEOPLE.contains(&singular)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        let nouns = Nouns::parse(include_str!("../../actors/nouns.tsv")).expect("the table parses");
        assert!(nouns.entries.len() > 1000);
    }

    #[test]
    fn the_longest_entry_wins() {
        let nouns = Nouns::shared();
        let (count, noun) = nouns.longest_ending(&["former", "prime", "minister"]).expect("known");
        assert_eq!((count, noun.class, noun.sector), (2, NounClass::Person, Some(Sector::Gov)));
        let (count, noun) = nouns.longest_ending(&["forces"]).expect("known");
        assert_eq!((count, noun.class), (1, NounClass::Organ));
        assert!(nouns.longest_ending(&["treaty"]).is_none());
        assert!(nouns.longest_ending(&[]).is_none());
    }

    #[test]
    fn bad_lines_are_named() {
        let error = |text| Nouns::parse(text).expect_err("bad").to_string();
        assert!(error("a\tperson").contains("line 1: three fields"));
        assert!(error("# x\na\tthing\tGOV").contains("line 2: unknown class"));
        assert!(error("a\tperson\tXYZ").contains("line 1"));
        assert!(error("a\tperson\tGOV\na\tperson\tGOV").contains("stands twice"));
    }

    #[test]
    fn people_by_their_form() {
        assert!(
            looks_like_people("planter") && looks_like_people("harpist") && looks_like_people("ferryman")
        );
        assert!(!looks_like_people("river") && !looks_like_people("letter") && !looks_like_people("list"));
    }
}
