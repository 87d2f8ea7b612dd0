//! Tables of comma-separated values, one article a row.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde_json::{Map, Value};

use super::{Item, Options, ReadError, at, broken};
use crate::accept::{Accepted, finish};
use crate::json;
use crate::reject::{RejectCode, Rejection};
use crate::sniff::Kind;

/// Which column of a table is which field of an article: `body=Text, title=Headline`.
///
/// Columns without an entry are taken by their own name in lower case (`Title` is `title`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns(BTreeMap<String, String>);

impl Columns {
    /// Fields that a column can be.
    pub const FIELDS: [&str; 8] =
        ["id", "title", "body", "published_at", "url", "source", "language", "byline"];
}

/// A column map that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{entry:?} is no FIELD=COLUMN with FIELD one of {}", Columns::FIELDS.join(", "))]
pub struct ParseColumnsError {
    entry: String,
}

impl std::str::FromStr for Columns {
    type Err = ParseColumnsError;

    fn from_str(map: &str) -> Result<Self, Self::Err> {
        let mut columns = BTreeMap::new();
        for entry in map.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            match entry.split_once('=').map(|(field, column)| (field.trim(), column.trim())) {
                Some((field, column)) if Self::FIELDS.contains(&field) && !column.is_empty() => {
                    columns.insert(column.to_owned(), field.to_owned());
                }
                _ => return Err(ParseColumnsError { entry: entry.to_owned() }),
            }
        }
        Ok(Self(columns))
    }
}

/// Reads the rows of a table whose first row names the columns.
pub(super) fn articles<'a>(
    reader: impl BufRead + 'a,
    options: Options,
) -> Box<dyn Iterator<Item = Item> + 'a> {
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let names = match table.byte_headers() {
        Ok(names) => {
            names.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect::<Vec<_>>()
        }
        Err(error) => return Box::new(std::iter::once(Err(broken("row 1", std::io::Error::other(error))))),
    };
    let missing = options.columns.0.keys().find(|column| !names.contains(column));
    if let Some(column) = missing {
        let reason = format!("the table has no column {column:?}; its columns are {}", names.join(", "));
        return Box::new(std::iter::once(at(
            "row 1",
            Err(Rejection::of_field(RejectCode::MissingBody, column, reason)),
        )));
    }
    let fields: Vec<String> = names
        .iter()
        .map(|name| {
            let own = name.trim_start_matches('\u{feff}').to_lowercase().replace(' ', "_");
            options.columns.0.get(name).cloned().unwrap_or(own)
        })
        .collect();
    Box::new(table.into_byte_records().enumerate().map(move |(index, row)| {
        let place = format!("row {}", index + 2);
        let row = row.map_err(|error| broken(&place, std::io::Error::other(error)))?;
        article(&row, &fields, &place, &options)
    }))
}

fn article(
    row: &csv::ByteRecord,
    fields: &[String],
    place: &str,
    options: &Options,
) -> Result<Accepted, ReadError> {
    let mut values = Map::new();
    for (field, cell) in fields.iter().zip(row.iter()) {
        let text = std::str::from_utf8(cell).map_err(|_| ReadError::Rejected {
            place: place.to_owned(),
            rejection: Rejection::of_field(
                RejectCode::InvalidUtf8,
                field,
                format!("column {field:?} is not valid UTF-8; convert the file to UTF-8"),
            ),
        })?;
        // The first of several columns of one name counts.
        if !text.trim().is_empty() && !values.contains_key(field) {
            values.insert(field.clone(), Value::String(text.to_owned()));
        }
    }
    let mut draft = at(place, json::from_fields(&values))?;
    draft.kind = Kind::Csv;
    at(place, finish(draft, &options.incoming(&[]), &options.limits, Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(table: &str, columns: &str) -> Vec<Item> {
        let mut options = Options::new(jiff::Timestamp::UNIX_EPOCH);
        options.columns = columns.parse().unwrap();
        articles(table.as_bytes(), options).collect()
    }

    #[test]
    fn columns_by_name_and_by_map() {
        let table = "ID,Headline,Story,Date,Junk\n7,\"Envoys, recalled\",\"Oslo recalled\nits envoy.\",2025-12-29,x\n8,,,,\n";
        let read = read(table, "body=Story, published_at=Date");
        let article = &read[0].as_ref().unwrap().article;
        assert_eq!((article.id.as_str(), article.title.as_str()), ("7", "Envoys, recalled"));
        assert_eq!(article.published_at.unwrap().to_string(), "2025-12-29T00:00:00Z");
        assert!(matches!(&read[1], Err(ReadError::Rejected { place, rejection }) if place == "row 3"
            && rejection.code == RejectCode::MissingBody));
    }

    #[test]
    fn a_wrong_map_is_told() {
        assert!("text=Story".parse::<Columns>().unwrap_err().to_string().contains("body"));
        let read = read("a,b\n1,2\n", "body=Story");
        assert!(read[0].as_ref().unwrap_err().to_string().contains("no column \"Story\""));
    }
}
