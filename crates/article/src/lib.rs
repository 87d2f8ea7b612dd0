//! Bytes to article: formats, character sets, full text, normalising, language, fingerprints.
