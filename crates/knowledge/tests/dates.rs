//! Dates: 150 expressions with known answers, a floor under the share that resolves right, and what is no date.

use entente_knowledge::time::{Context, Direction, Resolved, find};
use jiff::civil::Date;
use proptest::prelude::*;

/// At least this share of the table must resolve right.
const FLOOR: f64 = 0.95;

fn answer(columns: &[&str]) -> Result<(String, String), String> {
    let [published, direction, reference, sentence, expected] = columns else {
        return Err(format!("five columns expected: {columns:?}"));
    };
    let published: Date = published.parse().map_err(|error| format!("{error}"))?;
    let open = sentence.find('[').ok_or("no [")?;
    let close = sentence.find(']').ok_or("no ]")? - 1;
    let text = sentence.replace(['[', ']'], "");
    let context = Context {
        published,
        reference: reference.parse().ok().map(Resolved::day),
        direction: if *direction == "future" { Direction::Future } else { Direction::Past },
    };
    let inside = |start: usize, end: usize| start < close && end > open;
    let span = find(&text).into_iter().rfind(|span| inside(span.start, span.end));
    let found = span.and_then(|span| span.resolve(&context)).map_or("-".to_owned(), |found| found.value());
    Ok((found, (*expected).to_owned()))
}

#[test]
fn the_table_resolves_above_its_floor() {
    let rows = include_str!("dates.tsv").lines().filter(|line| !line.starts_with('#'));
    let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
    for row in rows {
        let columns: Vec<&str> = row.split('\t').collect();
        let (found, expected) = answer(&columns).expect(row);
        all += 1;
        if found == expected {
            right += 1;
        } else {
            wrong.push(format!("{row}\n    found {found}"));
        }
    }
    let share = f64::from(right) / f64::from(all);
    println!("dates: {right} of {all} right ({:.1} %)\n{}", share * 100.0, wrong.join("\n"));
    assert!(all >= 150, "{all} rows");
    assert!(share >= FLOOR, "{right} of {all}:\n{}", wrong.join("\n"));
}

#[test]
fn numbers_names_and_verbs_are_no_dates() {
    for text in [
        "They may march on the capital.",
        "Mr. March sent 2,000 men.",
        "The 2010 men were sent home.",
        "The talks lasted three weeks.",
        "It was their third quarrel in just two months.",
        "A nine-day march ended.",
        "It cost $2015 to repair.",
        "About 400 of 2,100 employees",
        "He will marry May Smith.",
        "The second half was worse.",
        "the last straw, the next step",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_searched_without_panic_and_spans_fit(text in "\\PC{0,80}|([a-zA-Z0-9 ,.'’-]|May|last|in|two|days|ago|2015|March|Monday|the|after){0,30}") {
        let context = Context {
            published: jiff::civil::date(2024, 2, 29),
            reference: None,
            direction: Direction::Past,
        };
        let mut end = 0;
        for span in find(&text) {
            prop_assert!(span.start >= end && span.end > span.start);
            prop_assert!(text.get(span.start..span.end).is_some());
            end = span.end;
            if let Some(found) = span.resolve(&context) {
                prop_assert!(found.first <= found.last);
            }
        }
    }
}
