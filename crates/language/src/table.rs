//! A read-only hash table from 64-bit hashes to 16-bit values, laid out flat.

/// Open addressing over 32-bit fingerprints. A key that was never inserted is found with probability of about
/// 2^-32 times the length of a probe.
#[derive(Clone, Debug, Default)]
pub struct Table {
    fingerprints: Vec<u32>,
    values: Vec<u16>,
}

fn fingerprint(hash: u64) -> u32 {
    ((hash >> 32) as u32).max(1)
}

impl Table {
    /// Builds a table; of equal hashes the first one stays.
    #[must_use]
    pub fn build(entries: &[(u64, u16)]) -> Self {
        let slots = entries.len() * 4 / 3 + 1;
        let mut table = Self { fingerprints: vec![0; slots], values: vec![0; slots] };
        for &(hash, value) in entries {
            let slot = table.slot(hash);
            if table.fingerprints[slot] == 0 {
                table.fingerprints[slot] = fingerprint(hash);
                table.values[slot] = value;
            }
        }
        table
    }

    /// A table from its parts, as [`Self::parts`] gave them; `None` if they cannot belong together.
    #[must_use]
    pub fn from_parts(fingerprints: Vec<u32>, values: Vec<u16>) -> Option<Self> {
        // Without a free slot a search would not end.
        (fingerprints.len() == values.len() && fingerprints.contains(&0))
            .then_some(Self { fingerprints, values })
    }

    /// Fingerprints and values, slot by slot.
    #[must_use]
    pub fn parts(&self) -> (&[u32], &[u16]) {
        (&self.fingerprints, &self.values)
    }

    fn slot(&self, hash: u64) -> usize {
        let size = self.fingerprints.len();
        let wanted = fingerprint(hash);
        let mut slot = (((hash & 0xffff_ffff) * size as u64) >> 32) as usize;
        while self.fingerprints[slot] != 0 && self.fingerprints[slot] != wanted {
            slot = if slot + 1 == size { 0 } else { slot + 1 };
        }
        slot
    }

    /// The value of a hash.
    #[must_use]
    pub fn get(&self, hash: u64) -> Option<u16> {
        let slot = self.slot(hash);
        (self.fingerprints[slot] != 0).then(|| self.values[slot])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::finish;

    #[test]
    fn finds_what_was_inserted_and_nothing_else() {
        let entries: Vec<_> = (0..5000_u16).map(|i| (finish(u64::from(i)), i)).collect();
        let table = Table::build(&entries);
        assert!(entries.iter().all(|&(hash, value)| table.get(hash) == Some(value)));
        assert!((5000..15_000).all(|i| table.get(finish(i)).is_none()));
        let (fingerprints, values) = table.parts();
        assert!(Table::from_parts(fingerprints.to_vec(), values.to_vec()).is_some());
        assert!(Table::from_parts(vec![1], vec![1]).is_none());
    }
}
