//! The model file: little-endian numbers and lists, each list after its length.

/// The model file is damaged or of another version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("classifier model: {0}")]
pub struct ModelError(pub(crate) &'static str);

/// Builds a file.
#[derive(Debug, Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    #[allow(clippy::cast_possible_truncation, reason = "model lists are far below 4 G")]
    fn len(&mut self, n: usize) {
        self.u32(n as u32);
    }

    pub(crate) fn u32(&mut self, n: u32) {
        self.0.extend(n.to_le_bytes());
    }

    pub(crate) fn floats(&mut self, list: &[f32]) {
        self.len(list.len());
        self.0.extend(list.iter().flat_map(|f| f.to_le_bytes()));
    }

    pub(crate) fn small(&mut self, list: &[i8]) {
        self.len(list.len());
        self.0.extend(list.iter().map(|i| i.to_le_bytes()[0]));
    }

    pub(crate) fn bytes(&mut self, list: &[u8]) {
        self.len(list.len());
        self.0.extend(list);
    }

    pub(crate) fn strings(&mut self, list: &[String]) {
        self.len(list.len());
        for s in list {
            self.len(s.len());
            self.0.extend(s.as_bytes());
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Reads what [`Writer`] wrote; every length is checked against what is left.
#[derive(Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8], ModelError> {
        let (head, rest) = self.0.split_at_checked(n).ok_or(ModelError("the file ends too early"))?;
        self.0 = rest;
        Ok(head)
    }

    fn len(&mut self) -> Result<usize, ModelError> {
        Ok(self.u32()? as usize)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, ModelError> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    pub(crate) fn floats(&mut self) -> Result<Vec<f32>, ModelError> {
        let n = self.len()?;
        let bytes = self.take(n.saturating_mul(4))?;
        Ok(bytes.chunks_exact(4).map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect())
    }

    pub(crate) fn small(&mut self) -> Result<Vec<i8>, ModelError> {
        let n = self.len()?;
        Ok(self.take(n)?.iter().map(|&b| i8::from_le_bytes([b])).collect())
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], ModelError> {
        let n = self.len()?;
        self.take(n)
    }

    pub(crate) fn strings(&mut self) -> Result<Vec<String>, ModelError> {
        let n = self.len()?;
        (0..n)
            .map(|_| {
                let n = self.len()?;
                String::from_utf8(self.take(n)?.to_vec()).map_err(|_| ModelError("a label is not UTF-8"))
            })
            .collect()
    }
}
