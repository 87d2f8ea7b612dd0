//! `lint-data`: every table is sorted, unique, and names codes, offices and terms that exist.

use std::collections::BTreeMap;

use entente_knowledge::data::{self, Row};
use entente_knowledge::{Knowledge, Office, Sector};

fn check(table: &str, text: &'static str, mut row_error: impl FnMut(Row) -> Option<String>) -> Vec<String> {
    let mut errors = Vec::new();
    if !text.starts_with('#')
        || !text.contains("ource: ") && !text.contains("wn list") && !text.contains("wn entries")
    {
        errors.push(format!("{table}: the head must name the source"));
    }
    let mut before = "";
    for (line, row) in data::rows(text) {
        if row.line() <= before {
            errors.push(format!("{table}:{line}: not sorted or not unique after `{before}`"));
        }
        before = row.line();
        if row.line().ends_with('\t') || row.line().contains("||") || row.line().contains("\t|") {
            errors.push(format!("{table}:{line}: empty column or list part"));
        }
        if let Some(error) = row_error(row) {
            errors.push(format!("{table}:{line}: {error}: {}", row.line()));
        }
    }
    errors
}

fn known_code(code: &str) -> bool {
    Knowledge::shared().country(code).is_some()
        || entente_knowledge::CountryCode::ORGANISATIONS.contains(&code)
}

#[test]
fn countries() {
    let errors = check("countries.tsv", data::COUNTRIES, |row| {
        let alpha3 = row.get(0).len() == 3 && row.get(1).len() == 2;
        (!alpha3 || row.get(2).is_empty() || row.get(4).is_empty())
            .then(|| "codes, name and demonym are needed".into())
    });
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert!(Knowledge::shared().countries().count() >= 193);
}

#[test]
fn actors() {
    for (table, text) in data::ACTORS {
        let errors = check(table, text, |row| {
            let code = row.get(2);
            let sector = row.get(3);
            if code != "-" && !known_code(code) {
                return Some(format!("unknown code `{code}`"));
            }
            (sector != "-" && sector.parse::<Sector>().is_err()).then(|| format!("unknown sector `{sector}`"))
        });
        assert!(errors.is_empty(), "{}", errors.join("\n"));
    }
}

#[test]
fn roles() {
    let errors = check("roles.tsv", data::ROLES, |row| {
        let class = ["person", "body", "people", "thing", "modifier"].contains(&row.get(1));
        let office = row.get(3) == "-" || Office::ALL.iter().any(|(_, name)| *name == row.get(3));
        (!class || !office || row.get(2).parse::<Sector>().is_err())
            .then(|| "class, sector or office unknown".into())
    });
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn people() {
    for (table, text) in data::PEOPLE {
        let errors = check(table, text, |row| {
            let (from, to) = (data::date(row.get(2), false), data::date(row.get(3), true));
            if !known_code(row.get(0)) {
                return Some(format!("unknown code `{}`", row.get(0)));
            }
            if !Office::ALL.iter().any(|(_, name)| *name == row.get(1)) {
                return Some(format!("unknown office `{}`", row.get(1)));
            }
            let Some(from) = from else { return Some("the first day is needed".into()) };
            if row.get(3) != "-" && to.is_none_or(|to| to < from) {
                return Some("the last day must follow the first, or be `-`".into());
            }
            row.get(4).is_empty().then(|| "a name is needed".into())
        });
        assert!(errors.is_empty(), "{}", errors.join("\n"));
    }
}

#[test]
fn one_head_of_government_at_a_time() {
    // A month named without its day may be shared by predecessor and successor.
    let mut terms: BTreeMap<&str, Vec<(jiff::civil::Date, jiff::civil::Date, &str)>> = BTreeMap::new();
    for (_, row) in data::PEOPLE.iter().flat_map(|(_, text)| data::rows(text)) {
        if row.get(1) == "government"
            && let Some(from) = data::date(row.get(2), false)
        {
            let end = data::date(row.get(3), true).unwrap_or(jiff::civil::date(2100, 1, 1));
            terms.entry(row.get(0)).or_default().push((from, end, row.get(4)));
        }
    }
    let mut errors = Vec::new();
    for (code, mut terms) in terms {
        // Cambodia had a first and a second prime minister from 1993 to 1997.
        if code == "KHM" {
            continue;
        }
        terms.sort();
        for pair in terms.windows(2) {
            let overlap = pair[1].0.until(pair[0].1).map_or(0, |span| span.get_days());
            if overlap > 31 {
                errors.push(format!("{code}: {} and {} overlap by {overlap} days", pair[0].2, pair[1].2));
            }
        }
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn places() {
    let mut before = ("", "");
    let mut count = 0;
    for (line, row) in data::rows(data::CITIES) {
        let key = (row.get(0), row.get(1));
        assert!(key >= before, "cities.tsv:{line}: not sorted");
        before = key;
        let (lat, lon): (f32, f32) = (row.get(3).parse().unwrap(), row.get(4).parse().unwrap());
        assert!(lat.abs() <= 90.0 && lon.abs() <= 180.0, "cities.tsv:{line}");
        assert!(row.get(5).parse::<u32>().is_ok() && row.get(6).parse::<u32>().is_ok(), "cities.tsv:{line}");
        count += 1;
    }
    assert!(count > 60_000, "{count} cities");
    let errors = check("places.tsv", data::PLACES, |row| {
        let code = row.get(1) == "-" || known_code(row.get(1));
        let precision = ["city", "admin", "country", "region"].contains(&row.get(2));
        (!code || !precision || row.get(3).parse::<f32>().is_err())
            .then(|| "code, precision or position".into())
    });
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
