//! The file of word vectors: 8-bit rows shared by words of similar meaning.

use crate::container::{ModelError, Reader, Writer};
use crate::table::Table;

/// Numbers in a vector.
pub const DIMENSIONS: usize = 128;

/// Word vectors.
#[derive(Clone, Debug)]
pub struct Vectors<'m> {
    /// [`super::input::word_key`] to row.
    pub words: Table,
    /// Rows of [`DIMENSIONS`] numbers.
    pub rows: &'m [i8],
    /// What one unit of a row stands for.
    pub scales: Vec<f32>,
}

impl<'m> Vectors<'m> {
    /// Reads the file.
    ///
    /// # Errors
    /// Where it is damaged.
    pub fn read(file: &'m [u8]) -> Result<Self, ModelError> {
        let reader = Reader::new(file)?;
        let broken = || ModelError::Section("vectors".to_owned());
        let words =
            Table::from_parts(reader.u32s("words.keys")?, reader.u16s("words.values")?).ok_or_else(broken)?;
        let vectors =
            Self { words, rows: bytemuck::cast_slice(reader.bytes("rows")?), scales: reader.f32s("scales")? };
        let count = vectors.scales.len();
        let inside = vectors.words.parts().1.iter().all(|&row| usize::from(row) < count);
        if vectors.rows.len() != count * DIMENSIONS || !inside {
            return Err(broken());
        }
        Ok(vectors)
    }

    /// Writes the file from words with their rows, and rows.
    #[must_use]
    pub fn write(words: &[(u64, u16)], rows: &[f32]) -> Vec<u8> {
        let table = Table::build(words);
        let (quantized, scales) = quantize(rows, DIMENSIONS);
        let mut writer = Writer::default();
        writer.u32s("words.keys", table.parts().0);
        writer.u16s("words.values", table.parts().1);
        writer.i8s("rows", &quantized);
        writer.f32s("scales", &scales);
        writer.finish()
    }
}

/// Rows in 8 bits, each with a scale of its own.
#[must_use]
pub fn quantize(rows: &[f32], width: usize) -> (Vec<i8>, Vec<f32>) {
    let mut scales = Vec::with_capacity(rows.len() / width);
    let mut quantized = Vec::with_capacity(rows.len());
    for row in rows.chunks_exact(width) {
        let largest = row.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        quantized.extend(row.iter().map(|v| (v / scale).round().clamp(-127.0, 127.0) as i8));
        scales.push(scale);
    }
    (quantized, scales)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_round_trip() {
        let rows: Vec<f32> = (0..2 * DIMENSIONS).map(|i| i as f32 / 10.0).collect();
        let file = Vectors::write(&[(crate::hash::finish(1), 1)], &rows);
        let vectors = Vectors::read(&file).expect("valid");
        assert_eq!(vectors.words.get(crate::hash::finish(1)), Some(1));
        let value = f32::from(vectors.rows[2 * DIMENSIONS - 1]) * vectors.scales[1];
        assert!((value - 25.5).abs() < 0.2);
        let file = Vectors::write(&[(crate::hash::finish(1), 2)], &rows);
        assert!(Vectors::read(&file).is_err());
    }
}
