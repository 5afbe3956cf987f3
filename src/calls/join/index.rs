//! Finds the A legs that a B leg may belong to without looking at all of them: the latest ones, and those that share a value.
//!
//! Must not know: scores.

use super::facts::Facts;
use super::table::{Table, entry};
use super::traffic::number_key;

/// A legs before a B leg that are looked at whatever they share with it.
const LATEST: usize = 48;
/// How many of them are looked at even if they began too early.
const LEAST: usize = 4;
/// How far back that goes, in microseconds.
pub(super) const RECENT: i64 = 20_000_000;
/// Legs before a B leg that are looked at for each shared value, the latest first.
const SHARING: usize = 16;

/// Legs on either side of a leg that are looked at among those of one A leg or one Call-ID: a leg may belong to thousands.
pub(super) const NEAR: usize = 64;

/// The legs of an ascending list that are nearest to `leg`, which may be one of them.
pub(super) fn near(legs: &[u32], leg: u32) -> &[u32] {
    let at = legs.partition_point(|&other| other < leg);
    &legs[at.saturating_sub(NEAR)..legs.len().min(at + 1 + NEAR)]
}

/// An A leg: when it began, until when it may get a B leg, and its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    start: i64,
    position: u32,
    until: i64,
}

/// The A legs of a set by time and by what they share. Numbers are positions in the set.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// A legs in the order of their INVITEs.
    latest: Vec<Open>,
    /// A legs by what they have.
    sharing: Table,
    /// All legs by their Call-ID.
    named: Table,
    /// By position: until when it may get a B leg.
    until: Vec<i64>,
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

fn values(facts: &Facts, position: u32, into: &mut Vec<u64>) {
    let told = facts.told.as_slice().iter().map(|&(told, _)| told);
    let numbers = facts.callers.as_slice().iter().chain(facts.callees.as_slice()).copied().chain(told);
    let hashes = hashes(facts);
    let names = facts.names.as_slice().iter().map(|name| name ^ NUMBER);
    let values = numbers.map(number).chain(hashes.into_iter().flatten().copied()).chain(names);
    into.extend(values.map(|value| entry(value, position)));
}

impl Index {
    pub(super) fn of(legs: &[Facts]) -> Self {
        let mut index = Self::default();
        let (mut sharing, mut named) = (Vec::with_capacity(legs.len() * 8), Vec::with_capacity(legs.len()));
        for (position, facts) in legs.iter().enumerate() {
            let position = position as u32;
            named.push(entry(facts.own, position));
            let until = if facts.is_b() { i64::MIN } else { facts.open_until() };
            index.until.push(until);
            if !facts.is_b() {
                index.latest.push(Open { start: facts.start, position, until });
                values(facts, position, &mut sharing);
            }
        }
        index.latest.sort_unstable();
        index.sharing = Table::of(&sharing);
        index.named = Table::of(&named);
        index
    }

    /// The legs with this Call-ID, by its hash, ascending. Another one may be among them.
    pub(super) fn named(&self, own: u64) -> impl Iterator<Item = u32> {
        self.named.with(own)
    }

    /// Collects the positions of A legs that may get the B leg `b` and began at most `within` microseconds before it.
    pub(super) fn latest(&self, b: &Facts, within: i64, into: &mut Vec<u32>) {
        let end = self.latest.partition_point(|open| open.start <= b.start);
        let recent = self.latest[..end].iter().rev().take(LATEST);
        let recent = recent.take_while(|open| open.start >= b.start - RECENT).enumerate();
        let near = recent.take_while(|(at, open)| *at < LEAST || open.start >= b.start - within);
        into.extend(near.filter(|(_, open)| open.until >= b.start).map(|(_, open)| open.position));
    }

    /// Collects the positions of A legs that may get the B leg `b` at `at` and share a value with it. Positions are in the order
    /// of the INVITEs, and an A leg comes before its B legs.
    pub(super) fn sharing(&self, b: &Facts, at: u32, into: &mut Vec<u32>) {
        let numbers = b.callers.as_slice().iter().chain(b.callees.as_slice()).map(|&value| number(value));
        let own = std::iter::once(b.own ^ NUMBER);
        let values = numbers.chain(hashes(b).into_iter().flatten().copied()).chain(own);
        let shared = values.map(|value| (&self.sharing, value));
        let names = b.names.as_slice().iter().copied().chain(std::iter::once(b.own));
        for (table, value) in shared.chain(names.map(|name| (&self.named, name))) {
            let same = table.before(value, at).take(SHARING);
            let open = same.filter(|&a| self.until[a as usize] >= b.start);
            into.extend(open);
        }
    }
}
