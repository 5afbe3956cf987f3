//! Counting by name, and counting different texts, in little room and time.
//!
//! Must not know: what the names mean.

/// 64 well-mixed bits of a text: 16 bytes a step, folded over a 128-bit product.
#[inline]
pub(super) fn hash(text: &[u8]) -> u64 {
    const K: [u64; 3] = [0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93, 0xa076_1d64_78bd_642f];
    let mut state = K[2];
    let mut chunks = text.chunks_exact(16);
    for chunk in &mut chunks {
        state = fold(word(&chunk[..8]) ^ state, word(&chunk[8..]) ^ K[0]);
    }
    let rest = chunks.remainder();
    let (low, high) = rest.split_at(rest.len().min(8));
    state = fold(word(low) ^ state, word(high) ^ K[1]);
    fold(state ^ K[0], K[1] ^ text.len() as u64)
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// Up to eight bytes as a number.
#[inline]
fn word(bytes: &[u8]) -> u64 {
    if let Ok(eight) = bytes.try_into() {
        return u64::from_le_bytes(eight);
    }
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// A table with open addressing and linear probing; 0 is a free place. Its size is a power of two.
#[derive(Debug)]
struct Table<T> {
    slots: Vec<T>,
    used: usize,
}

impl<T: Copy + Default> Table<T> {
    fn new() -> Self {
        Self { slots: vec![T::default(); 64], used: 0 }
    }

    fn is_crowded(&self) -> bool {
        self.used * 4 > self.slots.len() * 3
    }
}

/// A count for each of the names that come.
#[derive(Debug)]
pub(super) struct Names {
    names: Vec<(Box<[u8]>, u64, u64)>,
    /// Number of a name and one more.
    table: Table<u32>,
}

impl Default for Names {
    fn default() -> Self {
        Self { names: Vec::new(), table: Table::new() }
    }
}

impl Names {
    /// Counts one more of that name.
    #[inline]
    pub(super) fn add(&mut self, name: &[u8]) {
        let hash = hash(name);
        let mask = self.table.slots.len() - 1;
        let mut at = hash as usize & mask;
        while let Some(number) = self.table.slots[at].checked_sub(1) {
            let (known, known_hash, count) = &mut self.names[number as usize];
            if *known_hash == hash && **known == *name {
                *count += 1;
                return;
            }
            at = (at + 1) & mask;
        }
        self.names.push((name.into(), hash, 1));
        self.table.slots[at] = self.names.len() as u32;
        self.table.used += 1;
        if self.table.is_crowded() {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let mask = self.table.slots.len() * 2 - 1;
        let mut slots = vec![0; mask + 1];
        for (number, (_, hash, _)) in (1..).zip(&self.names) {
            let mut at = *hash as usize & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = number;
        }
        self.table.slots = slots;
    }

    /// The names in order, with their counts.
    pub(super) fn sorted(&self) -> Vec<(Vec<u8>, u64)> {
        let mut all: Vec<_> = self.names.iter().map(|(name, _, count)| (name.to_vec(), *count)).collect();
        all.sort();
        all
    }
}

/// How many different texts there were, by 64-bit hashes of them: with a million texts, the odds that any two of them
/// share one are 1 to 37 million.
#[derive(Debug)]
pub(super) struct Distinct {
    /// A table for each value of the top bits, so that the one that grows is small beside all.
    shards: [Table<u64>; SHARDS],
    len: u64,
    last: u64,
}

/// Tables of a [`Distinct`].
const SHARDS: usize = 16;

impl Default for Distinct {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Table::new()), len: 0, last: 0 }
    }
}

impl Distinct {
    /// How many there were.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Takes one more text.
    #[inline]
    pub(super) fn add(&mut self, text: &[u8]) {
        let hash = hash(text).max(1);
        // The messages of a call follow each other.
        if hash == self.last {
            return;
        }
        self.last = hash;
        let shard = &mut self.shards[(hash >> 60) as usize];
        if insert(&mut shard.slots, hash) {
            self.len += 1;
            shard.used += 1;
            if shard.is_crowded() {
                grow(shard);
            }
        }
    }
}

fn grow(shard: &mut Table<u64>) {
    let mut wider = vec![0; shard.slots.len() * 2];
    for &hash in shard.slots.iter().filter(|hash| **hash != 0) {
        insert(&mut wider, hash);
    }
    shard.slots = wider;
}

/// Puts `hash` into the table; whether it was not there.
#[inline]
fn insert(slots: &mut [u64], hash: u64) -> bool {
    let mask = slots.len() - 1;
    let mut at = hash as usize & mask;
    loop {
        match slots[at] {
            0 => {
                slots[at] = hash;
                return true;
            }
            known if known == hash => return false,
            _ => at = (at + 1) & mask,
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
    fn every_byte_and_the_length_of_a_text_count() {
        let base = vec![0_u8; 40];
        let mut seen: Vec<u64> = (0..=40).map(|len| hash(&base[..len])).collect();
        for at in 0..40 {
            for bit in 0..8 {
                let mut other = base.clone();
                other[at] ^= 1 << bit;
                seen.push(hash(&other));
            }
        }
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }

    #[test]
    fn names_come_out_sorted_with_their_counts() {
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
