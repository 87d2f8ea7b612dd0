//! Who is who, on sentences of our own, through the built-in trees.

use entente_messages::Article;

use crate::analysed::analyse;
use crate::mention::{Actors, Entity, find_actors};

fn article(title: &str, body: &str) -> Article {
    serde_json::from_value(serde_json::json!({
        "id": "t", "title": title, "body": body, "published_at": "2019-05-14T00:00:00Z",
    }))
    .expect("an article")
}

/// The actors of a text, with the words of every mention.
struct Found {
    actors: Actors,
    words: Vec<String>,
}

fn find(title: &str, body: &str) -> Found {
    let article = article(title, body);
    let analysed = analyse(&article);
    let actors = find_actors(&analysed);
    let words = actors
        .mentions
        .iter()
        .map(|m| analysed.sentences[m.sentence].words(m.tokens.clone()).to_owned())
        .collect();
    Found { actors, words }
}

impl Found {
    /// The entities of the `nth` mention with these words.
    fn nth(&self, words: &str, nth: usize) -> Vec<&Entity> {
        let at = self.words.iter().enumerate().filter(|(_, w)| *w == words).map(|(i, _)| i).nth(nth);
        let Some(at) = at else { panic!("no mention `{words}` (number {nth}) among {:?}", self.words) };
        self.actors.mentions[at].entities.iter().map(|id| self.actors.entity(*id)).collect()
    }

    fn country(&self, words: &str, nth: usize) -> Vec<String> {
        let code = |e: &Entity| e.country.map_or_else(|| "-".to_owned(), |c| c.to_string());
        self.nth(words, nth).into_iter().map(code).collect()
    }

    fn name(&self, words: &str, nth: usize) -> String {
        self.nth(words, nth).first().map(|e| e.name.to_string()).unwrap_or_default()
    }

    fn sector(&self, words: &str) -> &'static str {
        self.nth(words, 0).first().and_then(|e| e.sector).map_or("-", |s| s.name())
    }
}

#[test]
fn an_unknown_minister_has_the_country_of_the_title() {
    let found =
        find("", "Norwegian Transport Minister Odd Brekkestad criticised Mali. Brekkestad later apologised.");
    let full = "Norwegian Transport Minister Odd Brekkestad";
    assert_eq!(found.country(full, 0), ["NOR"]);
    assert_eq!(found.sector(full), "GOV");
    assert_eq!(found.name("Brekkestad", 0), "Odd Brekkestad");
}

#[test]
fn a_name_and_its_description_are_one() {
    let found = find(
        "",
        "Ama Quarcoo, the defence minister of Ghana, left Accra. She met Togo's army chief, Kossi Amegan.",
    );
    assert_eq!(found.country("Ama Quarcoo", 0), ["GHA"]);
    assert_eq!(found.name("She", 0), "Ama Quarcoo");
    assert_eq!(found.country("Kossi Amegan", 0), ["TGO"]);
    assert_eq!(found.sector("Kossi Amegan"), "MIL");
}

#[test]
fn the_dateline_is_home() {
    let found = find(
        "",
        "LIMA, May 3 (Andes Wire) - The government closed the port. The police arrested three dockers.",
    );
    assert_eq!(found.country("The government", 0), ["PER"]);
    assert_eq!(found.country("The police", 0), ["PER"]);
    assert_eq!(found.sector("The police"), "COP");
}

#[test]
fn capitals_are_governments_and_places() {
    let found = find("", "Oslo rejected the demand. The envoys met in Oslo on Friday.");
    assert_eq!(found.country("Oslo", 0), ["NOR"]);
    let kinds: Vec<_> = (0..found.words.len())
        .filter(|&i| found.words[i] == "Oslo")
        .map(|i| found.actors.mentions[i].kind)
        .collect();
    assert_eq!(kinds, [crate::mention::MentionKind::Seat, crate::mention::MentionKind::Place]);
}

#[test]
fn both_sides_are_the_two_that_were_spoken_of() {
    let found = find(
        "Kenya and Tanzania open talks",
        "Kenya and Tanzania opened talks on Monday. The two countries trade a lot. Both sides were content.",
    );
    assert_eq!(found.country("The two countries", 0), ["KEN", "TZA"]);
    assert_eq!(found.country("Both sides", 0), ["KEN", "TZA"]);
}

#[test]
fn possessives_lead_to_organs_and_states() {
    let found = find(
        "",
        "Chile expelled two diplomats. Its foreign ministry gave no reason. President Rosa Ibarra of Chile defended her country.",
    );
    assert_eq!(found.country("Its foreign ministry", 0), ["CHL"]);
    assert_eq!(found.country("her country", 0), ["CHL"]);
}

#[test]
fn abbreviations_and_short_names_stand_for_the_full_name() {
    let found = find(
        "",
        "The Coastal Relief Council (CRC) sent nurses to Mozambique. The CRC said that the Council needed boats.",
    );
    let full = found.name("The Coastal Relief Council", 0);
    assert_eq!(full, "Coastal Relief Council");
    assert_eq!(found.name("The CRC", 0), full);
    assert_eq!(found.name("the Council", 0), full);
}

#[test]
fn we_in_a_quotation_is_the_state_of_its_minister() {
    let found = find("", "\"We will not pay for this,\" Finnish Foreign Minister Aino Lahtela said.");
    assert_eq!(found.country("We", 0), ["FIN"]);
}

#[test]
fn a_spokesman_belongs_to_whom_he_speaks_for() {
    let found = find(
        "",
        "A spokesman for the Northern Liberation Front denied the raid. Bolivian soldiers had fled.",
    );
    assert_eq!(found.sector("A spokesman for the Northern Liberation Front"), "REB");
    assert_eq!(found.country("Bolivian soldiers", 0), ["BOL"]);
    assert_eq!(found.sector("Bolivian soldiers"), "MIL");
}

#[test]
fn two_nationalities_make_two_actors() {
    let found = find("", "Peruvian and Chilean officials met on the border.");
    assert_eq!(found.country("Peruvian and Chilean officials", 0), ["PER", "CHL"]);
}

#[test]
fn an_office_with_of_does_not_swallow_the_name() {
    let found = find("", "He met Kenyan Minister of Public Works Nimal Otieno. Otieno then flew home.");
    assert_eq!(found.country("Nimal Otieno", 0), ["KEN"]);
    assert_eq!(found.name("Otieno", 0), "Nimal Otieno");
}

#[test]
fn quantities_stand_for_what_they_count() {
    let found = find("", "DAKAR - Hundreds of students marched through Dakar.");
    assert_eq!(found.sector("Hundreds of students"), "EDU");
    assert_eq!(found.country("Hundreds of students", 0), ["SEN"]);
}

#[test]
fn nobody_is_found_where_nobody_is_named() {
    let found = find("", "It rained for hours. The road was wet, and prices rose by four percent.");
    assert!(found.actors.entities.is_empty(), "{:?}", found.words);
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Any text at all: no panic, and every span is a span of its sentence and of its field.
        #[test]
        fn spans_fit_any_text(title in ".{0,60}", body in "(.|\n){0,300}") {
            check(&title, &body);
        }

        /// Text of the words that the rules look for, in any order.
        #[test]
        fn spans_fit_scrambled_news(words in prop::collection::vec(prop::sample::select(WORDS), 0..60)) {
            let body = words.join(" ");
            check("", &body);
        }
    }

    const WORDS: &[&str] = &[
        "the",
        "Norway",
        "'s",
        "minister",
        "Prime",
        "Minister",
        "Ana",
        "Duarte",
        ",",
        ".",
        "\n\n",
        "(",
        ")",
        "NRC",
        "two",
        "both",
        "sides",
        "of",
        "for",
        "and",
        "who",
        "its",
        "he",
        "said",
        "\"",
        "We",
        "Oslo",
        "in",
        "In",
        "army",
        "rebels",
        "Front",
        "The",
        "U.S.",
        "Kyrgyz",
        "-",
        "government",
        "their",
        "neither",
        "of",
        "BAMAKO",
        "hundreds",
        "visiting",
    ];

    fn check(title: &str, body: &str) {
        let article = article(title, body);
        let analysed = analyse(&article);
        let actors = find_actors(&analysed);
        for (m, mention) in actors.mentions.iter().enumerate() {
            let sentence = &analysed.sentences[mention.sentence];
            assert!(mention.tokens.end <= sentence.len() && mention.tokens.start < mention.tokens.end);
            let span = sentence.char_span(mention.tokens.clone());
            let words = sentence.words(mention.tokens.clone());
            assert_eq!(span.slice(&article.title, &article.body), Some(words));
            assert!(mention.entities.iter().all(|id| (id.0 as usize) < actors.entities.len()));
            assert!((0.0..=1.0).contains(&mention.confidence));
            assert_eq!(actors.at_head(mention.sentence, mention.head), Some(m));
        }
    }
}
