//! Places: 100 sentences with known answers and floors under the shares of right countries and right cities.

use entente_knowledge::{PlaceContext, Places};

const COUNTRY_FLOOR: f64 = 0.90;
const CITY_FLOOR: f64 = 0.80;

#[test]
fn the_table_resolves_above_its_floors() {
    let rows = include_str!("places.tsv").lines().filter(|line| !line.starts_with('#'));
    let (mut all, mut countries, mut cities, mut wrong) = (0, 0, 0, Vec::new());
    for row in rows {
        let columns: Vec<&str> = row.split('\t').collect();
        let [dateline, sentence, name, country] = columns[..] else { panic!("four columns expected: {row}") };
        let words = sentence.split(['[', ']']).nth(1).expect("brackets");
        // What follows the words belongs to them where it says which one ("San Jose], Costa Rica").
        let text = sentence.replace(['[', ']'], "");
        let context = PlaceContext { dateline: dateline.parse().ok(), ..PlaceContext::of_text(&text) };
        let found = Places::shared().resolve(words, &context);
        let found_country =
            found.and_then(|place| place.country).map_or("-".to_owned(), |code| code.as_str().to_owned());
        let found_name = found.map_or("", |place| place.name);
        all += 1;
        countries += i32::from(found.is_some() && found_country == country);
        cities += i32::from(found_name == name && found_country == country);
        if found_name != name || found_country != country {
            wrong.push(format!("{row}\n    found {found_name} {found_country}"));
        }
    }
    let share = |count: i32| f64::from(count) / f64::from(all);
    println!("places: country {countries}, name {cities} of {all}\n{}", wrong.join("\n"));
    assert!(all >= 100, "{all} rows");
    assert!(share(countries) >= COUNTRY_FLOOR, "{countries} of {all}:\n{}", wrong.join("\n"));
    assert!(share(cities) >= CITY_FLOOR, "{cities} of {all}:\n{}", wrong.join("\n"));
}

#[test]
fn what_the_tables_do_not_know_stays_open() {
    for words in ["the village of Xqzt", "", "on the bank of the river", "nowhere"] {
        assert_eq!(Places::shared().resolve(words, &PlaceContext::default()), None, "{words}");
    }
}
