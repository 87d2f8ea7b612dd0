//! The start of a stream: looked at without losing it, and gzip seen through.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

/// How much of a file is looked at to tell its kind.
const HEAD: u64 = 16 * 1024;

type Source<'a> = Box<dyn BufRead + 'a>;

/// The first bytes, and the whole stream, uncompressed.
pub(super) fn open(reader: Source<'_>) -> io::Result<(Vec<u8>, Source<'_>)> {
    let (head, whole) = peek(reader)?;
    if head.starts_with(b"\x1f\x8b") {
        return peek(Box::new(BufReader::with_capacity(64 * 1024, MultiGzDecoder::new(whole))));
    }
    Ok((head, whole))
}

fn peek(mut reader: Source<'_>) -> io::Result<(Vec<u8>, Source<'_>)> {
    let mut head = Vec::new();
    reader.by_ref().take(HEAD).read_to_end(&mut head)?;
    let whole = Box::new(Cursor::new(head.clone()).chain(reader));
    Ok((head, whole))
}

/// What a bounded read up to a delimiter gave.
pub(super) enum Line {
    /// The bytes, delimiter included.
    Whole(Vec<u8>),
    /// More bytes than allowed; they were skipped up to the delimiter.
    TooLong,
    /// Nothing is left.
    End,
}

/// Reads up to and with a line feed, keeping at most `max` bytes.
pub(super) fn line(reader: &mut impl BufRead, max: usize) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok(if too_long {
                Line::TooLong
            } else if line.is_empty() {
                Line::End
            } else {
                Line::Whole(line)
            });
        }
        let end = memchr::memchr(b'\n', buffer).map(|at| at + 1);
        let taken = end.unwrap_or(buffer.len());
        if line.len() + taken > max {
            too_long = true;
            line = Vec::new();
        }
        if !too_long {
            line.extend_from_slice(&buffer[..taken]);
        }
        reader.consume(taken);
        if end.is_some() {
            return Ok(if too_long { Line::TooLong } else { Line::Whole(line) });
        }
    }
}
