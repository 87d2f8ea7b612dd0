//! Parquet: row groups of [`Row`]s, written as they fill, so that memory stays flat.

use std::io::Write;
use std::sync::Arc;

use ::parquet::basic::Compression;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::record::RecordWriter;

use entente_messages::Event;

use super::{EventSink, ExportError, Row};

/// Large enough that columns compress well, small enough to hold in memory many times over.
const ROWS_A_GROUP: usize = 16_384;

pub(super) struct Parquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    rows: Vec<Row>,
}

impl<W: Write + Send> Parquet<W> {
    pub(super) fn new(out: W) -> Result<Self, ExportError> {
        let no_rows: &[Row] = &[];
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(out, no_rows.schema()?, Arc::new(properties))?;
        Ok(Self { writer, rows: Vec::new() })
    }

    fn write_group(&mut self) -> Result<(), ExportError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        self.rows.as_slice().write_to_row_group(&mut group)?;
        group.close()?;
        self.rows.clear();
        Ok(())
    }
}

impl<W: Write + Send> EventSink for Parquet<W> {
    fn write(&mut self, event: &Event) -> Result<(), ExportError> {
        self.rows.push(Row::from(event));
        if self.rows.len() >= ROWS_A_GROUP { self.write_group() } else { Ok(()) }
    }

    /// A row group for each flush would ruin the file; nothing can be read before the footer anyway.
    fn flush(&mut self) -> Result<(), ExportError> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.write_group()?;
        self.writer.close()?;
        Ok(())
    }
}
