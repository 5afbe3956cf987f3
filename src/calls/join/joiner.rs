//! Joins while legs grow: decides on what ended, keeps the rest open, and lets go of what is decided.
//!
//! Must not know: how legs are built, how pairs are scored.

use hashbrown::{HashMap, HashSet};

use super::facts::{Facts, NEVER};
use super::found::Found;
use super::model::Model;
use super::pairs::Joins;
use super::solve::{Solution, Task, solve};
use crate::calls::{Calls, Evidence, LegIdx};

const SECOND: i64 = 1_000_000;
/// Between two rounds at least.
const ROUND: i64 = 16 * SECOND;
/// Legs that begin between two rounds at least, and at least as many as are held: so each leg is looked at a few times,
/// however many go on and however long they last.
const NEW_LEGS: usize = 512;
/// After its end nothing is said any more about who a leg was connected with.
const DECIDED_AFTER: i64 = 8 * SECOND;
/// After its end a leg is no longer compared with others.
const DROPPED_AFTER: i64 = 32 * SECOND;
/// A B leg that fits none is no longer looked at.
const ALONE_AFTER: i64 = 64 * SECOND;
/// A leg without any message for so long is given up.
const SILENT: i64 = 6 * 3600 * SECOND;
/// Legs that are kept to learn from before anything is decided.
const LEARNED_FROM: usize = 2048;

/// Joins legs while they are loaded.
#[derive(Debug, Default)]
pub struct Joiner {
    model: Model,
    /// The legs that may still be compared with others.
    held: Vec<LegIdx>,
    /// Legs that were seen so far.
    seen: LegIdx,
    /// How many are to be held until the next round.
    enough: usize,
    /// B legs that were decided and are still held: their A leg, if any.
    decided: HashMap<LegIdx, Option<LegIdx>>,
    joins: Joins,
    next_round: i64,
}

impl Joiner {
    /// Whether a round is due at `now`, the time of a message.
    pub const fn is_due(&self, now: i64) -> bool {
        now >= self.next_round
    }

    /// Decides on what ended, and gives the legs whose evidence is no longer needed.
    pub fn round<'e>(
        &mut self,
        now: i64,
        calls: &Calls,
        evidence: impl Fn(LegIdx) -> Option<&'e Evidence>,
    ) -> Vec<LegIdx> {
        self.next_round = now + ROUND;
        self.see(calls);
        let enough = if self.model.is_settled() { self.enough } else { LEARNED_FROM };
        if self.held.len() < enough {
            return Vec::new();
        }
        let legs = self.facts(calls, &evidence);
        let fixed = self.fixed(&legs);
        let solution =
            solve(&Task { model: &self.model, legs: &legs, fixed: &fixed, wanted: &|b| is_due(now, b) });
        self.decide(now, &legs, &solution);
        let dropped = self.drop(now, &legs);
        self.enough = self.held.len() + NEW_LEGS.max(self.held.len());
        dropped
    }

    /// All pairs: those that were decided, and what is found now of the others.
    pub fn joins<'e>(&self, calls: &Calls, evidence: impl Fn(LegIdx) -> Option<&'e Evidence>) -> Joins {
        let held = self.held.iter().copied().chain(self.seen..calls.leg_count() as LegIdx);
        let legs = collect(held, calls, &evidence);
        let fixed = self.fixed(&legs);
        let solution = solve(&Task { model: &self.model, legs: &legs, fixed: &fixed, wanted: &|_| true });
        let mut joins = self.joins.clone();
        for found in &solution.pairs {
            add(&mut joins, &legs, found);
        }
        joins
    }

    fn see(&mut self, calls: &Calls) {
        let count = calls.leg_count() as LegIdx;
        self.held.extend(self.seen..count);
        self.seen = count;
    }

    fn facts<'e>(&self, calls: &Calls, evidence: &impl Fn(LegIdx) -> Option<&'e Evidence>) -> Vec<Facts> {
        collect(self.held.iter().copied(), calls, evidence)
    }

    /// Positions of the B legs that were decided, with those of their A legs.
    fn fixed(&self, legs: &[Facts]) -> HashMap<u32, u32> {
        if self.decided.is_empty() {
            return HashMap::new();
        }
        let positions: HashMap<LegIdx, u32> =
            legs.iter().enumerate().map(|(at, facts)| (facts.leg, at as u32)).collect();
        let pairs = self.decided.iter().filter_map(|(b, a)| Some((positions.get(b)?, a.as_ref()?)));
        // An A leg that was dropped: the B leg takes itself, and no other.
        pairs.map(|(&b, a)| (b, positions.get(a).copied().unwrap_or(b))).collect()
    }

    fn decide(&mut self, now: i64, legs: &[Facts], solution: &Solution) {
        let is_past = |time: i64| is_past(now, time);
        let mut decided = Vec::new();
        let mut is_open = vec![false; legs.len()];
        for found in &solution.pairs {
            let (a, b) = (&legs[found.a as usize], &legs[found.b as usize]);
            if found.proved.map_or(is_past(a.over()) || is_past(b.over()), is_past) {
                add(&mut self.joins, legs, found);
                if b.is_b() && self.decided.get(&b.leg).is_none_or(Option::is_none) {
                    self.decided.insert(b.leg, Some(a.leg));
                    decided.push(found.b);
                }
            } else {
                is_open[found.b as usize] = true;
            }
        }
        for (at, b) in legs.iter().enumerate().filter(|(at, facts)| facts.is_b() && !is_open[*at]) {
            if is_due(now, b) && !self.decided.contains_key(&b.leg) {
                self.decided.insert(b.leg, None);
                decided.push(at as u32);
            }
        }
        decided.sort_unstable();
        solution.teach(&mut self.model, legs, |b| decided.binary_search(&b).is_ok());
    }

    /// Lets go of legs that ended long ago.
    fn drop(&mut self, now: i64, legs: &[Facts]) -> Vec<LegIdx> {
        let is_needed = |facts: &&Facts| {
            let is_silent = facts.times.last <= now - SILENT;
            let is_past = facts.over() != NEVER && facts.over() <= now - DROPPED_AFTER;
            let is_decided = !facts.is_b() || self.decided.contains_key(&facts.leg);
            !(is_silent || is_past && is_decided)
        };
        let kept: HashSet<LegIdx> = legs.iter().filter(is_needed).map(|facts| facts.leg).collect();
        let dropped = self.held.extract_if(.., |leg| !kept.contains(leg)).collect();
        self.decided.retain(|leg, _| kept.contains(leg));
        dropped
    }
}

/// Whether nothing is said any more at `now` about what ended at `time`.
const fn is_past(now: i64, time: i64) -> bool {
    time != NEVER && time <= now - DECIDED_AFTER
}

/// Whether it is to be decided at `now` to which A leg a B leg belongs.
fn is_due(now: i64, b: &Facts) -> bool {
    is_past(now, b.over()) || b.start <= now - ALONE_AFTER
}

fn collect<'e>(
    legs: impl Iterator<Item = LegIdx>,
    calls: &Calls,
    evidence: &impl Fn(LegIdx) -> Option<&'e Evidence>,
) -> Vec<Facts> {
    let mut facts: Vec<Facts> =
        legs.filter_map(|leg| Facts::of(leg, calls.leg(leg)?, evidence(leg)?)).collect();
    // Legs are numbered by their first messages, and these are INVITEs.
    if !facts.is_sorted_by_key(|facts| (facts.start, facts.leg)) {
        facts.sort_by_key(|facts| (facts.start, facts.leg));
    }
    facts
}

fn add(joins: &mut Joins, legs: &[Facts], found: &Found) {
    let (a, b) = (legs[found.a as usize].leg, legs[found.b as usize].leg);
    // A B leg has few pairs, an A leg may have thousands.
    if !joins.has(b, a) {
        joins.push(a, b, found.odds, &found.items);
    }
}
