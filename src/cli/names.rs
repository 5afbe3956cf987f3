//! Counts by name, and counts distinct texts, in little memory and time.
//!
//! Must not know: what the names mean.

use hashbrown::hash_table::Entry;
use hashbrown::{HashMap, HashTable};

use crate::base::hash64;

/// A counter for each distinct name.
#[derive(Debug, Default)]
pub(super) struct Names {
    counts: HashMap<Vec<u8>, u64>,
}

impl Names {
    /// Increments the counter of this name.
    #[inline]
    pub(super) fn add(&mut self, name: &[u8]) {
        *self.counts.entry_ref(name).or_default() += 1;
    }

    /// The names in order, with their counters.
    pub(super) fn sorted(&self) -> Vec<(Vec<u8>, u64)> {
        let mut all: Vec<_> = self.counts.iter().map(|(name, count)| (name.clone(), *count)).collect();
        all.sort();
        all
    }
}

/// Counts distinct texts by 64-bit hashes: with a million texts, the probability that any two of them share a hash is 1
/// to 37 million.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    /// One table for each value of four bits, so that a growing table is small compared to all of them.
    shards: [HashTable<u64>; SHARDS],
    len: u64,
    last: Option<u64>,
}

/// Number of tables of a [`Distinct`].
const SHARDS: usize = 16;

impl Distinct {
    /// The number of distinct texts.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Adds a text.
    #[inline]
    pub(super) fn add(&mut self, text: &[u8]) {
        let hash = hash64(&[text]);
        // The messages of a call follow each other.
        if self.last.replace(hash) == Some(hash) {
            return;
        }
        // Inside a table, the lowest and the highest bits choose the slot.
        let shard = &mut self.shards[(hash >> 48) as usize % SHARDS];
        if let Entry::Vacant(place) = shard.entry(hash, |known| *known == hash, |known| *known) {
            place.insert(hash);
            self.len += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_texts_are_counted_once_each() {
        let mut distinct = Distinct::default();
        for _ in 0..3 {
            for n in 0..50_000 {
                distinct.add(format!("call-{n}@host").as_bytes());
                distinct.add(&vec![b'a'; n % 100]);
            }
        }
        assert_eq!(distinct.len(), 50_100);
    }

    #[test]
    fn names_are_sorted_with_their_counts() {
        let mut names = Names::default();
        for _ in 0..2 {
            for n in 0..1000 {
                names.add(format!("{n:04}").as_bytes());
            }
        }
        names.add(b"0007");
        names.add(b"");
        let sorted = names.sorted();
        assert_eq!(sorted.len(), 1001);
        assert_eq!((&sorted[0], &sorted[8]), (&(Vec::new(), 1), &(b"0007".to_vec(), 3)));
    }
}
