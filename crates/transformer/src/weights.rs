//! Reading of the weights file (safetensors), with every shape checked.

use safetensors::{Dtype, SafeTensors};

/// The weights file is damaged or of another shape.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// It is not a safetensors file.
    #[error("transformer weights: {0}")]
    Container(String),
    /// A tensor is missing, or its type or shape is another.
    #[error("transformer weights: tensor `{0}` is missing or not as it should be")]
    Tensor(String),
    /// The metadata lack an entry, or it cannot be read.
    #[error("transformer weights: metadata `{0}` is missing or not as it should be")]
    Metadata(&'static str),
}

/// An open weights file.
pub(crate) struct Weights<'a> {
    tensors: SafeTensors<'a>,
    metadata: std::collections::HashMap<String, String>,
}

impl<'a> Weights<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, WeightsError> {
        let container = |e: safetensors::SafeTensorError| WeightsError::Container(e.to_string());
        let tensors = SafeTensors::deserialize(bytes).map_err(container)?;
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(container)?;
        Ok(Self { tensors, metadata: metadata.metadata().clone().unwrap_or_default() })
    }

    pub(crate) fn text(&self, name: &'static str) -> Result<&str, WeightsError> {
        self.metadata.get(name).map(String::as_str).ok_or(WeightsError::Metadata(name))
    }

    fn raw(&self, name: &str, dtype: Dtype, shape: &[usize]) -> Result<&'a [u8], WeightsError> {
        let wrong = || WeightsError::Tensor(name.to_owned());
        let tensor = self.tensors.tensor(name).map_err(|_| wrong())?;
        if tensor.dtype() != dtype || tensor.shape() != shape {
            return Err(wrong());
        }
        Ok(tensor.data())
    }

    pub(crate) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        let raw = self.raw(name, Dtype::F32, shape)?;
        Ok(raw.chunks_exact(4).map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect())
    }

    pub(crate) fn small(&self, name: &str, shape: &[usize]) -> Result<Vec<i8>, WeightsError> {
        Ok(self.raw(name, Dtype::I8, shape)?.iter().map(|&b| i8::from_le_bytes([b])).collect())
    }

    /// The lines of a text stored as a tensor of bytes.
    pub(crate) fn lines(&self, name: &str) -> Result<Vec<&'a str>, WeightsError> {
        let wrong = || WeightsError::Tensor(name.to_owned());
        let tensor = self.tensors.tensor(name).map_err(|_| wrong())?;
        let text = std::str::from_utf8(tensor.data()).map_err(|_| wrong())?;
        Ok(text.split('\n').collect())
    }
}
