//! Finds the legs that have a value: a sorted list that is entered by the first bits of the value's hash.
//!
//! Must not know: what the values are.

/// Half of a hash and the position of a leg that has the value, for each; ascending.
#[derive(Debug, Default)]
pub(super) struct Table {
    entries: Vec<u64>,
    /// By the first bits of an entry: where those with these bits begin; one more at the end.
    starts: Vec<u32>,
    /// How far the first bits are to the left.
    shift: u32,
}

/// Hashes are looked up by half of them: another leg is only looked at in vain.
pub(super) const fn entry(value: u64, position: u32) -> u64 {
    (value ^ value >> 32) << 32 | position as u64
}

const fn position(entry: u64) -> u32 {
    entry as u32
}

impl Table {
    /// The table of these entries; each is kept once.
    pub(super) fn of(entries: &[u64]) -> Self {
        let bits = entries.len().max(2).ilog2();
        let mut table =
            Self { entries: vec![0; entries.len()], starts: vec![0; (1 << bits) + 1], shift: 64 - bits };
        for entry in entries {
            table.starts[(entry >> table.shift) as usize + 1] += 1;
        }
        (1..table.starts.len()).for_each(|at| table.starts[at] += table.starts[at - 1]);
        let mut next = table.starts.clone();
        for &entry in entries {
            let slot = &mut next[(entry >> table.shift) as usize];
            table.entries[*slot as usize] = entry;
            *slot += 1;
        }
        table.sort();
        table
    }

    /// Sorts the entries with equal first bits, and drops those that are there twice.
    fn sort(&mut self) {
        let mut kept = 0;
        for at in 0..self.starts.len() - 1 {
            let (from, to) = (self.starts[at] as usize, self.starts[at + 1] as usize);
            self.starts[at] = kept as u32;
            self.entries[from..to].sort_unstable();
            for n in from..to {
                if n == from || self.entries[n] != self.entries[kept - 1] {
                    self.entries[kept] = self.entries[n];
                    kept += 1;
                }
            }
        }
        self.entries.truncate(kept);
        self.starts.pop();
        self.starts.push(kept as u32);
    }

    /// All entries with the first bits of this one.
    fn near(&self, entry: u64) -> &[u64] {
        let at = (entry >> self.shift) as usize;
        &self.entries[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// The legs with a value, ascending.
    pub(super) fn with(&self, value: u64) -> impl Iterator<Item = u32> {
        let (near, first) = (self.near(entry(value, 0)), entry(value, 0));
        let from = near.partition_point(|&other| other < first);
        near[from..]
            .iter()
            .take_while(move |&&other| other >> 32 == first >> 32)
            .map(|&entry| position(entry))
    }

    /// The legs before `leg` with a value, the latest first.
    pub(super) fn before(&self, value: u64, leg: u32) -> impl Iterator<Item = u32> {
        let (near, own) = (self.near(entry(value, 0)), entry(value, leg));
        let end = if near.len() <= FEW {
            count_before(near, own)
        } else {
            near.partition_point(|&other| other < own)
        };
        near[..end]
            .iter()
            .rev()
            .take_while(move |&&other| other >> 32 == own >> 32)
            .map(|&entry| position(entry))
    }
}

/// Entries that are looked through one after another.
const FEW: usize = 8;

fn count_before(entries: &[u64], entry: u64) -> usize {
    entries.iter().take_while(|&&other| other < entry).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legs_are_found_by_a_value() {
        let value = |n: u64| (n % 7).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for count in [0, 1, 2, 3, 50, 1000] {
            let all: Vec<u64> = (0..count).chain(0..count / 2).map(|n| entry(value(n), n as u32)).collect();
            let table = Table::of(&all);
            for (n, leg) in [(0, 0), (3, 40), (6, 7), (5, 2000)] {
                let with: Vec<u32> = (0..count as u32).filter(|&leg| u64::from(leg) % 7 == n).collect();
                assert_eq!(table.with(value(n)).collect::<Vec<_>>(), with, "{n} of {count}");
                let before = with.into_iter().rev().filter(|&other| other < leg);
                assert!(table.before(value(n), leg).eq(before), "{n} before {leg} of {count}");
            }
        }
    }
}
