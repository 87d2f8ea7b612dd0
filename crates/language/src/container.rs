//! The model file: a header with version and checksum, then named sections.
//!
//! ```text
//! magic "ENTENTE-LANG", u32 version, [u8; 32] SHA-256 of everything behind it, u32 number of sections,
//! for each: u32 length of its name, the name, u32 length of its content;
//! then the contents, each padded to a multiple of 64 bytes from the start of the file
//! ```
//! All numbers are little-endian.

use sha2::{Digest, Sha256};

const MAGIC: &[u8; 12] = b"ENTENTE-LANG";
const BODY: usize = MAGIC.len() + 4 + 32;
const ALIGN: usize = 64;

/// Version of the format and of the features that its weights belong to.
pub const VERSION: u32 = 1;

/// Why a model file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It does not start like a model.
    #[error("not a language model: it lacks the header")]
    Header,
    /// It was written for another version of the code.
    #[error("the language model has format version {found}, this build reads {VERSION}")]
    Version {
        /// The version in the file.
        found: u32,
    },
    /// Its content is not what was written.
    #[error("the language model is damaged: its SHA-256 does not match")]
    Checksum,
    /// A part is missing or has another size than the rest implies.
    #[error("the language model's section {0:?} is missing or malformed")]
    Section(String),
}

/// Collects sections and writes the file.
#[derive(Debug, Default)]
pub struct Writer {
    sections: Vec<(String, Vec<u8>)>,
}

impl Writer {
    /// Adds a section of bytes.
    pub fn bytes(&mut self, name: &str, content: impl Into<Vec<u8>>) {
        self.sections.push((name.to_owned(), content.into()));
    }

    /// Adds a section of 8-bit integers.
    pub fn i8s(&mut self, name: &str, content: &[i8]) {
        self.bytes(name, content.iter().map(|v| v.cast_unsigned()).collect::<Vec<_>>());
    }

    /// Adds a section of 16-bit integers.
    pub fn u16s(&mut self, name: &str, content: &[u16]) {
        self.bytes(name, content.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>());
    }

    /// Adds a section of 32-bit integers.
    pub fn u32s(&mut self, name: &str, content: &[u32]) {
        self.bytes(name, content.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>());
    }

    /// Adds a section of 32-bit floating point numbers.
    pub fn f32s(&mut self, name: &str, content: &[f32]) {
        self.bytes(name, content.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>());
    }

    /// Adds a section of strings, which must not contain line breaks.
    pub fn strings<S: AsRef<str>>(&mut self, name: &str, content: &[S]) {
        let lines: Vec<&str> = content.iter().map(AsRef::as_ref).collect();
        self.bytes(name, lines.join("\n"));
    }

    /// The whole file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let count = |n: usize| u32::try_from(n).expect("sections are far smaller than 4 GiB").to_le_bytes();
        let mut out = Vec::new();
        out.extend(MAGIC);
        out.extend(VERSION.to_le_bytes());
        out.extend([0; 32]);
        out.extend(count(self.sections.len()));
        for (name, content) in &self.sections {
            out.extend(count(name.len()));
            out.extend(name.as_bytes());
            out.extend(count(content.len()));
        }
        for (_, content) in &self.sections {
            out.resize(out.len().next_multiple_of(ALIGN), 0);
            out.extend(content);
        }
        let digest = Sha256::digest(&out[BODY..]);
        out[BODY - 32..BODY].copy_from_slice(&digest);
        out
    }
}

/// Reads sections of a file.
#[derive(Debug)]
pub struct Reader<'m> {
    sections: Vec<(&'m str, &'m [u8])>,
}

impl<'m> Reader<'m> {
    /// Checks header and checksum.
    ///
    /// # Errors
    /// See [`ModelError`].
    pub fn new(file: &'m [u8]) -> Result<Self, ModelError> {
        if file.len() < BODY || &file[..MAGIC.len()] != MAGIC {
            return Err(ModelError::Header);
        }
        let found = u32::from_le_bytes([file[12], file[13], file[14], file[15]]);
        if found != VERSION {
            return Err(ModelError::Version { found });
        }
        if Sha256::digest(&file[BODY..])[..] != file[BODY - 32..BODY] {
            return Err(ModelError::Checksum);
        }
        Self::sections(file).ok_or_else(|| ModelError::Section("table of contents".to_owned()))
    }

    fn sections(file: &'m [u8]) -> Option<Self> {
        let mut at = BODY;
        let mut number = || {
            let bytes = file.get(at..at + 4)?;
            at += 4;
            Some((u32::from_le_bytes(bytes.try_into().ok()?) as usize, at))
        };
        let (count, mut position) = number()?;
        let mut entries = Vec::new();
        for _ in 0..count {
            let read = |p: usize| Some(u32::from_le_bytes(file.get(p..p + 4)?.try_into().ok()?) as usize);
            let length = read(position)?;
            let name = std::str::from_utf8(file.get(position + 4..position + 4 + length)?).ok()?;
            position += 4 + length;
            entries.push((name, read(position)?));
            position += 4;
        }
        let mut sections = Vec::new();
        for (name, length) in entries {
            position = position.next_multiple_of(ALIGN);
            sections.push((name, file.get(position..position + length)?));
            position += length;
        }
        Some(Self { sections })
    }

    /// Names of the sections, in order.
    pub fn names(&self) -> impl Iterator<Item = &'m str> + '_ {
        self.sections.iter().map(|(name, _)| *name)
    }

    /// A section as it stands.
    ///
    /// # Errors
    /// [`ModelError::Section`] where there is none of that name; likewise below, and where the size does not fit.
    pub fn bytes(&self, name: &str) -> Result<&'m [u8], ModelError> {
        let found = self.sections.iter().find(|(n, _)| *n == name).map(|(_, content)| *content);
        found.ok_or_else(|| ModelError::Section(name.to_owned()))
    }

    fn numbers<const N: usize, T>(&self, name: &str, read: fn([u8; N]) -> T) -> Result<Vec<T>, ModelError> {
        let (chunks, rest) = self.bytes(name)?.as_chunks::<N>();
        if !rest.is_empty() {
            return Err(ModelError::Section(name.to_owned()));
        }
        Ok(chunks.iter().map(|&c| read(c)).collect())
    }

    /// A section of 8-bit integers, copied.
    ///
    /// # Errors
    /// As [`Self::bytes`].
    pub fn i8s(&self, name: &str) -> Result<Vec<i8>, ModelError> {
        self.numbers(name, i8::from_le_bytes)
    }

    /// A section of 16-bit integers, copied.
    ///
    /// # Errors
    /// As [`Self::bytes`].
    pub fn u16s(&self, name: &str) -> Result<Vec<u16>, ModelError> {
        self.numbers(name, u16::from_le_bytes)
    }

    /// A section of 32-bit integers, copied.
    ///
    /// # Errors
    /// As [`Self::bytes`].
    pub fn u32s(&self, name: &str) -> Result<Vec<u32>, ModelError> {
        self.numbers(name, u32::from_le_bytes)
    }

    /// A section of floating point numbers, copied.
    ///
    /// # Errors
    /// As [`Self::bytes`].
    pub fn f32s(&self, name: &str) -> Result<Vec<f32>, ModelError> {
        self.numbers(name, f32::from_le_bytes)
    }

    /// A section of strings.
    ///
    /// # Errors
    /// As [`Self::bytes`].
    pub fn strings(&self, name: &str) -> Result<Vec<&'m str>, ModelError> {
        let text =
            std::str::from_utf8(self.bytes(name)?).map_err(|_| ModelError::Section(name.to_owned()))?;
        Ok(if text.is_empty() { Vec::new() } else { text.split('\n').collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let mut writer = Writer::default();
        writer.f32s("weights", &[1.5, -2.0]);
        writer.strings("names", &["a", "", "b"]);
        writer.finish()
    }

    #[test]
    fn sections_round_trip() {
        let file = file();
        let reader = Reader::new(&file).expect("valid");
        assert_eq!(reader.f32s("weights"), Ok(vec![1.5, -2.0]));
        assert_eq!(reader.strings("names"), Ok(vec!["a", "", "b"]));
        assert_eq!(reader.bytes("other"), Err(ModelError::Section("other".to_owned())));
        assert!(reader.f32s("names").is_err() || reader.bytes("names").is_ok_and(|b| b.len() % 4 == 0));
    }

    #[test]
    fn damage_is_noticed() {
        let mut file = file();
        let last = file.len() - 1;
        file[last] ^= 1;
        assert_eq!(Reader::new(&file).map(|_| ()), Err(ModelError::Checksum));
        file[12] = 99;
        assert_eq!(Reader::new(&file).map(|_| ()), Err(ModelError::Version { found: 99 }));
        assert_eq!(Reader::new(b"nothing").map(|_| ()), Err(ModelError::Header));
    }
}
