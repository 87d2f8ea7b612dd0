//! Events as a table that a person reads.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};

use entente_messages::{Actor, Event};

/// Wide enough for the sentence where nobody says how wide the terminal is.
const WIDTH_WITHOUT_TERMINAL: u16 = 140;

/// A table of events: who, what, whom, how real, when, and the sentence that says so.
pub(crate) fn events(events: &[Event]) -> String {
    let mut table = empty();
    for event in events {
        table.add_row(row(event));
    }
    table.to_string()
}

/// One event as a table row without borders, for following live.
pub(crate) fn line(event: &Event) -> String {
    let [source, root, target, modality, date, sentence] = row(event);
    format!("{date:<10}  {root:<10} {modality:<12} {source} -> {target}  | {sentence}")
}

fn empty() -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(WIDTH_WITHOUT_TERMINAL);
    }
    table.set_header(["source", "root", "target", "modality", "date", "sentence"]);
    table
}

fn row(event: &Event) -> [String; 6] {
    let words = event.sentence.text.split_whitespace().collect::<Vec<_>>().join(" ");
    [
        actor(&event.source),
        event.root.to_string(),
        actor(&event.target),
        format!("{:?}", event.modality).to_lowercase(),
        event.date.as_ref().map_or_else(|| "-".to_owned(), |date| date.value.clone()),
        words,
    ]
}

fn actor(actor: &Actor) -> String {
    let code = match (&actor.country, &actor.sector) {
        (Some(country), Some(sector)) => format!(" [{country} {sector}]"),
        (Some(code), None) | (None, Some(code)) => format!(" [{code}]"),
        (None, None) => String::new(),
    };
    format!("{}{code}", actor.name)
}
