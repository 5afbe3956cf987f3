//! A map for what is mostly small: the first keys are searched in place, so that a small map allocates nothing.
//!
//! Must not know: what the keys mean.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Keys that are searched one after the other.
const IN_PLACE: usize = 4;

/// A map that grows, from keys to values.
#[derive(Debug)]
pub(crate) struct SmallMap<K, V> {
    first: [Option<(K, V)>; IN_PLACE],
    /// The others, once there are any.
    rest: Option<Box<Rest<K, V>>>,
}

/// The keys after the first ones.
#[derive(Debug)]
struct Rest<K, V> {
    entries: Vec<(K, V)>,
    /// Positions in `entries`, by key.
    numbers: HashTable<usize>,
    /// Differs in every run, so that no trace can be crafted to put all keys into one slot.
    hasher: RandomState,
}

impl<K, V> Default for Rest<K, V> {
    fn default() -> Self {
        Self { entries: Vec::new(), numbers: HashTable::new(), hasher: RandomState::default() }
    }
}

impl<K, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        Self { first: std::array::from_fn(|_| None), rest: None }
    }
}

impl<K: Hash + Eq, V> SmallMap<K, V> {
    /// The value of this key.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        for entry in &self.first {
            match entry {
                Some((known, value)) if known == key => return Some(value),
                Some(_) => {}
                None => return None,
            }
        }
        let Rest { entries, numbers, hasher } = self.rest.as_deref()?;
        let at = *numbers.find(hasher.hash_one(key), |at| entries[*at].0 == *key)?;
        entries.get(at).map(|(_, value)| value)
    }

    /// Whether this key has a value.
    pub(crate) fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// The value of this key; a new key gets `value`.
    pub(crate) fn get_or_insert(&mut self, key: K, value: V) -> &mut V {
        let is_free = |entry: &Option<(K, V)>| entry.as_ref().is_none_or(|(known, _)| *known == key);
        if let Some(at) = self.first.iter().position(is_free) {
            return &mut self.first[at].get_or_insert((key, value)).1;
        }
        let Rest { entries, numbers, hasher } = &mut **self.rest.get_or_insert_default();
        let hash = hasher.hash_one(&key);
        let at = numbers.find(hash, |at| entries[*at].0 == key).copied().unwrap_or_else(|| {
            entries.push((key, value));
            numbers.insert_unique(hash, entries.len() - 1, |at| hasher.hash_one(&entries[*at].0));
            entries.len() - 1
        });
        &mut entries[at].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_maps_keep_the_first_value_of_a_key() {
        for count in [0, 1, IN_PLACE, IN_PLACE + 1, 1000] {
            let mut map = SmallMap::default();
            for key in 0..count {
                assert!(!map.contains(&key), "{key} of {count}");
                *map.get_or_insert(key, 0) += key * 2;
            }
            for key in 0..count {
                assert_eq!(*map.get_or_insert(key, 7), key * 2, "{key} of {count}");
                assert_eq!(map.get(&key), Some(&(key * 2)), "{key} of {count}");
            }
            assert_eq!(map.get(&count), None);
        }
    }
}
