//! One file a format. To add one: a file here, a line in [`Format`], a row in the contract test below.

mod gdelt;
mod parquet;
mod row;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use entente_messages::Event;

pub use gdelt::{COLUMNS as GDELT_COLUMNS, record as gdelt_record};
pub use row::Row;

/// How events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One published event a line, as it travels.
    Ndjson,
    /// A flat table with a header line (RFC 4180), columns of [`Row`].
    Csv,
    /// The same flat table as Parquet, Snappy-compressed.
    Parquet,
    /// The GDELT 2.0 event table: 61 tab-separated columns, no header.
    Gdelt,
}

impl Format {
    /// All formats, in the order of the help text.
    pub const ALL: [Self; 4] = [Self::Ndjson, Self::Csv, Self::Gdelt, Self::Parquet];

    /// The name on the command line and the file extension.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Gdelt => "gdelt",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::name).join(", ");
        Self::ALL
            .into_iter()
            .find(|format| format.name() == text)
            .ok_or_else(|| format!("`{text}` is no export format; known: {}", known()))
    }
}

/// Why events could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The output refused bytes.
    #[error("writing the events: {0}")]
    Io(#[from] io::Error),
    /// An event could not be turned into JSON.
    #[error("an event as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The table writer failed.
    #[error("an event as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// The Parquet writer failed.
    #[error("events as Parquet: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
}

/// Takes events one by one and writes them in one format.
pub trait EventSink {
    /// Takes one event. It may be buffered until [`EventSink::finish`].
    ///
    /// # Errors
    /// [`ExportError`] where the output refuses it.
    fn write(&mut self, event: &Event) -> Result<(), ExportError>;

    /// Hands on what is buffered, where the format allows reading half a file.
    ///
    /// # Errors
    /// [`ExportError::Io`] where the output refuses it.
    fn flush(&mut self) -> Result<(), ExportError>;

    /// Completes the output. A Parquet file can be read only after this.
    ///
    /// # Errors
    /// [`ExportError`] where the output refuses the rest.
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// A sink that writes `format` to `out`.
///
/// # Errors
/// [`ExportError`] where the head of the file cannot be written.
pub fn sink<'a, W: Write + Send + 'a>(
    format: Format,
    out: W,
) -> Result<Box<dyn EventSink + 'a>, ExportError> {
    Ok(match format {
        Format::Ndjson => Box::new(Ndjson(out)),
        Format::Csv => Box::new(Csv(csv::Writer::from_writer(out))),
        Format::Gdelt => Box::new(gdelt::Gdelt::new(out)),
        Format::Parquet => Box::new(parquet::Parquet::new(out)?),
    })
}

struct Ndjson<W>(W);

impl<W: Write> EventSink for Ndjson<W> {
    fn write(&mut self, event: &Event) -> Result<(), ExportError> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        Ok(self.0.write_all(&line)?)
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        Ok(self.0.flush()?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.0.flush()?)
    }
}

struct Csv<W: Write>(csv::Writer<W>);

impl<W: Write> EventSink for Csv<W> {
    fn write(&mut self, event: &Event) -> Result<(), ExportError> {
        Ok(self.0.serialize(Row::from(event))?)
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        Ok(self.0.flush()?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.0.flush()?)
    }
}

#[cfg(test)]
mod tests;
