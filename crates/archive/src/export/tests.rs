//! The contract that every format keeps, and the details of each.

use std::io::Cursor;

use entente_messages::{Actor, Attribution, CharSpan, Event, EventDate, EventPlace, Modality, Part, event};
use entente_ontology::Root;

use super::*;

fn actor(name: &str, country: &str) -> Actor {
    Actor {
        text: format!("the {name} government"),
        span: CharSpan { part: Part::Body, start: 0, end: 4 },
        name: name.to_owned(),
        country: Some(country.to_owned()),
        sector: Some("GOV".to_owned()),
        role: None,
        code: Some(format!("{country}GOV")),
        resolution: "name".to_owned(),
        confidence: 0.9,
    }
}

fn example(number: u32) -> Event {
    Event {
        id: format!("event-{number}"),
        schema_version: event::SCHEMA_VERSION,
        article: event::ArticleRef {
            id: "a1".to_owned(),
            url: Some("http://example.org/a1".to_owned()),
            source: Some("Example Wire".to_owned()),
            title: "Tabs\tand \"quotes\", commas".to_owned(),
            published_at: Some("2026-01-02T10:00:00Z".parse().unwrap()),
            language: Some("en".to_owned()),
        },
        sentence: event::SentenceRef {
            text: "First line\nsecond, \"quoted\" line".to_owned(),
            index: number,
            span: CharSpan { part: Part::Body, start: 10, end: 40 },
        },
        source: actor("Chad", "TCD"),
        target: actor("European Union", "EUR"),
        root: Root::Accuse,
        mode: None,
        contexts: vec!["diplomatic".to_owned(), "economic".to_owned()],
        cameo: "1123".to_owned(),
        quad_class: Root::Accuse.quad_class(),
        goldstein: -2.0,
        modality: Modality::Actual,
        symmetric: false,
        attribution: Some(Attribution { text: "officials".to_owned(), name: None, country: None }),
        date: Some(EventDate {
            value: "2025-12".to_owned(),
            precision: "month".to_owned(),
            text: Some("in December".to_owned()),
        }),
        place: Some(EventPlace {
            name: "N'Djamena".to_owned(),
            country: Some("TCD".to_owned()),
            lat: Some(12.1067),
            lon: Some(15.0444),
            geonames_id: Some(2_427_123),
            precision: "city".to_owned(),
        }),
        trigger: event::TriggerRef { text: "accused".to_owned(), span: CharSpan::default() },
        confidence: 0.8,
        tone: -3.5,
        provenance: event::Provenance { coder: "test".to_owned(), knowledge: "test".to_owned() },
    }
}

fn written(format: Format, events: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut sink = sink(format, &mut out).unwrap();
    for number in 0..events {
        sink.write(&example(number)).unwrap();
    }
    sink.finish().unwrap();
    out
}

#[test]
fn every_format_writes_every_event_and_can_be_empty() {
    for format in Format::ALL {
        let rows = |events| {
            let bytes = written(format, events);
            match format {
                Format::Ndjson | Format::Gdelt => bytes.iter().filter(|byte| **byte == b'\n').count(),
                Format::Csv => csv::Reader::from_reader(Cursor::new(bytes)).records().count(),
                Format::Parquet => parquet_rows(bytes).len(),
            }
        };
        assert_eq!((rows(0), rows(3)), (0, 3), "{format}");
        assert_eq!(format.name().parse(), Ok(format));
    }
}

fn parquet_rows(bytes: Vec<u8>) -> Vec<::parquet::record::Row> {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    reader.get_row_iter(None).unwrap().map(Result::unwrap).collect()
}

#[test]
fn ndjson_reads_back_to_the_same_event() {
    let bytes = written(Format::Ndjson, 1);
    assert_eq!(serde_json::from_slice::<Event>(&bytes).unwrap(), example(0));
}

#[test]
fn csv_and_parquet_hold_the_same_row() {
    use ::parquet::record::RowAccessor;
    let bytes = written(Format::Csv, 1);
    let mut reader = csv::Reader::from_reader(Cursor::new(bytes));
    let header = reader.headers().unwrap().clone();
    let record = reader.records().next().unwrap().unwrap();
    let of = |name: &str| record.get(header.iter().position(|column| column == name).unwrap()).unwrap();
    assert_eq!(of("sentence"), "First line\nsecond, \"quoted\" line");
    assert_eq!((of("quad_class"), of("contexts"), of("mode")), ("3", "diplomatic;economic", ""));

    let rows = parquet_rows(written(Format::Parquet, 1));
    let names: Vec<_> = rows[0].get_column_iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names, header.iter().collect::<Vec<_>>());
    let place = names.iter().position(|name| name == "place_geonames_id").unwrap();
    assert_eq!(rows[0].get_long(place).unwrap(), 2_427_123);
}

#[test]
fn gdelt_rows_have_the_columns_of_the_codebook() {
    let fields = gdelt_record(&example(0));
    assert_eq!(fields.len(), GDELT_COLUMNS.len());
    let of = |name| fields[GDELT_COLUMNS.iter().position(|column| *column == name).unwrap()].as_str();
    assert_eq!((of("Day"), of("MonthYear"), of("Year")), ("20251201", "202512", "2025"));
    assert_eq!((of("EventCode"), of("EventBaseCode"), of("EventRootCode")), ("1123", "112", "11"));
    assert_eq!((of("Actor1CountryCode"), of("Actor2KnownGroupCode")), ("TCD", "EUR"));
    assert_eq!((of("ActionGeo_Type"), of("ActionGeo_FeatureID")), ("4", "2427123"));
    assert_eq!(of("DATEADDED"), "20260102100000");
    assert!(of("GlobalEventID").parse::<i64>().unwrap() > 0);
    assert!(fields.iter().all(|field| !field.contains(['\t', '\n'])));
}
