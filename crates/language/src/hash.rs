//! A fast, stable hash for features. Its values are part of the model format: changing it needs retraining.

const MULTIPLIER: u64 = 0x517c_c1b7_2722_0a95;

/// Mixes one integer into a running hash.
#[inline]
#[must_use]
pub fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(MULTIPLIER)
}

/// Hashes bytes, eight at a time.
#[inline]
#[must_use]
pub fn bytes(seed: u64, text: &[u8]) -> u64 {
    let mut hash = mix(seed, text.len() as u64);
    let mut chunks = text.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        hash = mix(hash, u64::from_le_bytes(word));
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        hash = mix(hash, u64::from_le_bytes(word));
    }
    hash
}

/// Spreads the entropy into the low bits, for use as a table index.
#[inline]
#[must_use]
pub fn finish(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_stable() {
        assert_ne!(bytes(1, b"abc"), bytes(2, b"abc"));
        assert_ne!(bytes(1, b"abc"), bytes(1, b"abc\0"));
        assert_eq!(finish(bytes(7, b"the longer text")), finish(bytes(7, b"the longer text")));
    }
}
