//! Finds the A legs that a B leg may belong to without looking at all of them: the latest ones, and those that share a value.
//!
//! Must not know: scores.

use hashbrown::HashMap;

use super::facts::Facts;
use super::traffic::number_key;

/// A legs before a B leg that are looked at whatever they share with it.
const LATEST: usize = 48;
/// How far back that goes, in microseconds.
const RECENT: i64 = 20_000_000;
/// Legs before a B leg that are looked at for each shared value, the latest first.
const SHARING: usize = 24;

/// Legs on either side of a leg that are looked at among those of one A leg or one Call-ID: a leg may belong to thousands.
pub(super) const NEAR: usize = 64;

/// The legs of an ascending list that are nearest to `leg`, which may be one of them.
pub(super) fn near(legs: &[u32], leg: u32) -> &[u32] {
    let at = legs.partition_point(|&other| other < leg);
    &legs[at.saturating_sub(NEAR)..legs.len().min(at + 1 + NEAR)]
}

/// The A legs of a set by time and by what they share. Numbers are positions in the set.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// A legs in the order of their INVITEs.
    latest: Vec<(i64, u32)>,
    /// What each A leg has, in the order of the values and then of the legs.
    sharing: Vec<(u64, u32)>,
    /// All legs by their Call-ID.
    pub(super) named: HashMap<u64, Vec<u32>>,
}

/// Tells numbers from hashes of other kinds.
const NUMBER: u64 = 0x9e37_79b9_7f4a_7c15;

fn number(value: u64) -> u64 {
    number_key(value).wrapping_mul(NUMBER)
}

fn hashes(facts: &Facts) -> [&[u64]; 4] {
    let Facts { sessions, extensions, copied, rules, .. } = facts;
    [sessions.as_slice(), extensions.as_slice(), copied.as_slice(), rules.as_slice()]
}

impl Index {
    pub(super) fn of(legs: &[Facts]) -> Self {
        let mut index = Self::default();
        for (position, facts) in legs.iter().enumerate() {
            let position = position as u32;
            index.named.entry(facts.own).or_default().push(position);
            if !facts.is_b() {
                index.latest.push((facts.start, position));
                index.values(facts, position);
            }
        }
        index.latest.sort_unstable();
        index.sharing.sort_unstable();
        index
    }

    fn values(&mut self, facts: &Facts, position: u32) {
        let told = facts.told.as_slice().iter().map(|&(told, _)| told);
        let numbers = facts.callers.as_slice().iter().chain(facts.callees.as_slice()).copied().chain(told);
        let hashes = hashes(facts);
        let names = facts.names.as_slice().iter().map(|name| name ^ NUMBER);
        let values = numbers.map(number).chain(hashes.into_iter().flatten().copied()).chain(names);
        let from = self.sharing.len();
        for value in values {
            if !self.sharing[from..].contains(&(value, position)) {
                self.sharing.push((value, position));
            }
        }
    }

    /// Collects the positions of A legs that the B leg `b` at `position` may belong to, each once. Positions are in the order
    /// of the INVITEs, and an A leg comes before its B legs.
    pub(super) fn candidates(&self, b: &Facts, position: u32, into: &mut Vec<u32>) {
        into.clear();
        let end = self.latest.partition_point(|&(time, _)| time <= b.start);
        let latest =
            self.latest[..end].iter().rev().take(LATEST).take_while(|&&(time, _)| time >= b.start - RECENT);
        into.extend(latest.map(|&(_, position)| position));
        let numbers = b.callers.as_slice().iter().chain(b.callees.as_slice()).map(|&value| number(value));
        let hashes = hashes(b);
        let own = std::iter::once(b.own ^ NUMBER);
        for value in numbers.chain(hashes.into_iter().flatten().copied()).chain(own) {
            let end = self.sharing.partition_point(|&other| other < (value, position));
            let same =
                self.sharing[..end].iter().rev().take(SHARING).take_while(|&&(other, _)| other == value);
            into.extend(same.map(|&(_, position)| position));
        }
        for name in b.names.as_slice().iter().chain(std::iter::once(&b.own)) {
            let named = self.named.get(name).map(Vec::as_slice).unwrap_or_default();
            let end = named.partition_point(|&other| other < position);
            into.extend(named[..end].iter().rev().take(SHARING));
        }
        into.sort_unstable();
        into.dedup();
    }
}
