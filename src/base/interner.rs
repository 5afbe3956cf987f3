//! Stores each distinct byte string once and assigns a small number to it.
//!
//! Must not know: what the strings mean.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::segments::Segments;

/// Bits of an entry for the length of a string; longer strings are truncated.
const LEN_BITS: u32 = 24;
/// Bits of an entry for the start within a block of text.
const START_BITS: u32 = 18;
const BLOCK: usize = 1 << START_BITS;

/// The distinct strings, read-only: the part of an [`Interner`] that a snapshot contains.
///
/// Index 0 is always the empty string.
#[derive(Debug, Clone, Default)]
pub struct Strings {
    /// Block number, start in the block and length, packed.
    entries: Segments<u64>,
    blocks: Vec<std::sync::Arc<Vec<u8>>>,
}

impl Strings {
    /// The string with this number; empty if no string has this number.
    #[inline]
    pub fn get(&self, index: u32) -> &[u8] {
        self.entries.get(index as usize).and_then(|&e| self.text(e)).unwrap_or_default()
    }

    /// The number of distinct strings, including the empty string.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing has been interned yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All strings in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.entries.iter().map(|&e| self.text(e).unwrap_or_default())
    }

    fn len_of(entry: u64) -> usize {
        (entry & ((1 << LEN_BITS) - 1)) as usize
    }

    #[inline]
    fn text(&self, entry: u64) -> Option<&[u8]> {
        let len = Self::len_of(entry);
        let start = ((entry >> LEN_BITS) as usize) & (BLOCK - 1);
        self.blocks.get((entry >> (LEN_BITS + START_BITS)) as usize)?.get(start..start + len)
    }
}

/// Assigns a number to each distinct string. Number 0 is the empty string.
#[derive(Debug)]
pub struct Interner {
    strings: Strings,
    /// Numbers with their hashes, so that the table grows without reading the strings again.
    numbers: HashTable<(u32, u32)>,
    /// Differs in every run, so that no trace can be crafted to put all strings into one slot.
    hasher: RandomState,
    /// The most recent results and their entries: consecutive messages often have the same strings.
    recent: [(u32, u64); 2],
    oldest: usize,
}

impl Default for Interner {
    fn default() -> Self {
        let mut interner = Self {
            strings: Strings::default(),
            numbers: HashTable::new(),
            hasher: RandomState::default(),
            recent: [(0, 0); 2],
            oldest: 0,
        };
        interner.intern(b"");
        interner
    }
}

impl Interner {
    /// The number of `text`; a new one if `text` is new.
    pub fn intern(&mut self, text: &[u8]) -> u32 {
        let text = &text[..text.len().min((1 << LEN_BITS) - 1)];
        for (index, entry) in self.recent {
            if Strings::len_of(entry) == text.len() && self.strings.text(entry) == Some(text) {
                return index;
            }
        }
        let index = self.find_or_append(text);
        let entry = self.strings.entries.get(index as usize).copied().unwrap_or_default();
        self.recent[self.oldest] = (index, entry);
        self.oldest = (self.oldest + 1) % self.recent.len();
        index
    }

    /// The strings interned so far.
    pub fn strings(&self) -> &Strings {
        &self.strings
    }

    fn find_or_append(&mut self, text: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(text) as u32;
        let is_same = |&(known, index): &(u32, u32)| known == hash && self.strings.get(index) == text;
        if let Some(&(_, index)) = self.numbers.find(spread(hash), is_same) {
            return index;
        }
        let index = self.append(text);
        self.numbers.insert_unique(spread(hash), (hash, index), |&(hash, _)| spread(hash));
        index
    }

    fn append(&mut self, text: &[u8]) -> u32 {
        let blocks = &mut self.strings.blocks;
        let fits = blocks.last().is_some_and(|b| b.len() + text.len() <= BLOCK);
        if !fits {
            blocks.push(std::sync::Arc::default());
        }
        let number = blocks.len() - 1;
        let start = blocks[number].len();
        std::sync::Arc::make_mut(&mut blocks[number]).extend_from_slice(text);
        let entry =
            (number as u64) << (LEN_BITS + START_BITS) | (start as u64) << LEN_BITS | text.len() as u64;
        self.strings.entries.push(entry);
        (self.strings.len() - 1) as u32
    }
}

/// The hash for the table, which takes a slot from the lowest bits and a tag from the highest ones.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_gets_the_same_number_and_is_found_by_it() {
        let mut interner = Interner::default();
        let texts: Vec<Vec<u8>> = (0..20_000)
            .map(|n| format!("call-{n}@host").into_bytes())
            .chain([vec![b'x'; BLOCK * 2]])
            .collect();
        let numbers: Vec<u32> = texts.iter().map(|t| interner.intern(t)).collect();
        let snapshot = interner.strings().clone();
        interner.intern(b"later");
        for (text, &number) in texts.iter().zip(&numbers) {
            assert_eq!(interner.intern(text), number);
            assert_eq!(snapshot.get(number), text);
        }
        assert_eq!((interner.intern(b""), snapshot.len()), (0, 20_002));
        assert_eq!(snapshot.get(u32::MAX), b"");
    }
}
