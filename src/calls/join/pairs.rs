//! Which legs are one call, and why: what joining gives to everyone else. Cloning shares everything.
//!
//! Must not know: how pairs are found.

use super::found::JOINED;
use super::reason::{Reason, words};
use super::signal::Item;
use crate::base::segments::Segments;
use crate::base::small_map::SmallMap;
use crate::calls::LegIdx;

/// Two legs that are one call, or may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The leg that came first: mostly an A leg, after a transfer also the B leg that was transferred.
    pub a: LegIdx,
    /// The leg that FreeSWITCH connected with it.
    pub b: LegIdx,
    odds: f32,
    reasons: u32,
    reason_count: u8,
    /// The next pairs of `a` and of `b`.
    next: [u32; 2],
}

impl Pair {
    /// How certain it is: 0 to 1.
    pub fn score(&self) -> f32 {
        1.0 / (1.0 + (-self.odds).exp())
    }

    /// Whether the legs are joined; else the pair is only offered.
    pub fn is_joined(&self) -> bool {
        self.odds >= JOINED
    }

    /// Whether the user joined the legs.
    pub fn is_by_hand(&self) -> bool {
        self.odds == BY_HAND
    }

    /// The other leg of the pair.
    pub const fn other(&self, leg: LegIdx) -> LegIdx {
        if self.a == leg { self.b } else { self.a }
    }
}

const NONE: u32 = u32::MAX;
/// The odds of a pair that the user joined: it is certain.
const BY_HAND: f32 = f32::INFINITY;
/// Reasons of a pair that are kept.
const MOST_REASONS: usize = 6;
/// Legs of a call that are looked for.
const MOST_LEGS: usize = 4096;

/// All pairs so far.
#[derive(Debug, Clone, Default)]
pub struct Joins {
    pairs: Segments<Pair>,
    /// By leg: its newest pair.
    heads: Segments<u32>,
    /// By leg: an earlier leg of its call, or the leg itself if it is the first; legs without a pair may be missing.
    firsts: Segments<LegIdx>,
    reasons: Segments<Reason>,
}

impl Joins {
    pub(super) fn push(&mut self, a: LegIdx, b: LegIdx, odds: f32, items: &[Item]) {
        let mut best: Vec<&Item> = items.iter().filter(|item| item.weight > 0.3 && item.value != 0).collect();
        best.sort_by(|x, y| y.weight.total_cmp(&x.weight));
        best.truncate(MOST_REASONS);
        let reasons = self.reasons.len() as u32;
        for item in &best {
            self.reasons.push(Reason::of(item));
        }
        self.add(Pair { a, b, odds, reasons, reason_count: best.len() as u8, next: [NONE; 2] });
    }

    fn add(&mut self, mut pair: Pair) {
        if pair.is_joined() {
            self.unite(pair.a, pair.b);
        }
        let number = self.pairs.len() as u32;
        pair.next = [self.chain(pair.a, number), self.chain(pair.b, number)];
        self.pairs.push(pair);
    }

    /// The same with what the user decided: `removed` legs have no pair but those in `joined`.
    ///
    /// Takes time in proportion to the number of pairs.
    #[must_use]
    pub fn decided(&self, removed: &[LegIdx], joined: &[(LegIdx, LegIdx)]) -> Self {
        let mut decided = Self { reasons: self.reasons.clone(), ..Self::default() };
        let is_joined_by_hand = |pair: &Pair| {
            joined.iter().any(|(one, other)| (pair.a, pair.b) == (*one.min(other), *one.max(other)))
        };
        let is_out = |pair: &Pair| removed.contains(&pair.a) || removed.contains(&pair.b);
        for pair in self.iter().filter(|pair| !is_out(pair) && (pair.is_joined() || !is_joined_by_hand(pair)))
        {
            decided.add(*pair);
        }
        for &(one, other) in joined {
            if !decided.has(one, other) {
                let (a, b) = (one.min(other), one.max(other));
                decided.add(Pair { a, b, odds: BY_HAND, reasons: 0, reason_count: 0, next: [NONE; 2] });
            }
        }
        decided
    }

    fn chain(&mut self, leg: LegIdx, pair: u32) -> u32 {
        while self.heads.len() <= leg as usize {
            self.heads.push(NONE);
        }
        self.heads.get_mut(leg as usize).map_or(NONE, |head| std::mem::replace(head, pair))
    }

    /// Makes one call of the calls of two legs.
    fn unite(&mut self, one: LegIdx, other: LegIdx) {
        let calls = [self.call_of(one), self.call_of(other)];
        let first = calls[0].min(calls[1]);
        while self.firsts.len() <= one.max(other) as usize {
            let leg = self.firsts.len() as LegIdx;
            self.firsts.push(leg);
        }
        for leg in [one, other].into_iter().chain(calls) {
            if let Some(known) = self.firsts.get_mut(leg as usize) {
                *known = first;
            }
        }
    }

    /// Number of pairs, offered ones included.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// All pairs, offered ones included.
    pub fn iter(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter()
    }

    /// The pairs of a leg, offered ones included.
    pub fn pairs_of(&self, leg: LegIdx) -> impl Iterator<Item = &Pair> {
        let mut at = self.heads.get(leg as usize).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let pair = self.pairs.get(at as usize)?;
            at = if pair.a == leg { pair.next[0] } else { pair.next[1] };
            Some(pair)
        })
    }

    /// Whether there is a pair of these two. Looks at the pairs of the first.
    pub fn has(&self, one: LegIdx, other: LegIdx) -> bool {
        self.pairs_of(one).any(|pair| pair.other(one) == other)
    }

    /// All legs of the call that `leg` belongs to, by number.
    pub fn legs_of(&self, leg: LegIdx) -> Vec<LegIdx> {
        let (mut legs, mut known) = (vec![leg], SmallMap::default());
        known.get_or_insert(leg, ());
        let mut at = 0;
        while at < legs.len() && legs.len() < MOST_LEGS {
            let current = legs[at];
            at += 1;
            for pair in self.pairs_of(current).filter(|pair| pair.is_joined()) {
                let other = pair.other(current);
                if !known.contains(&other) {
                    known.get_or_insert(other, ());
                    legs.push(other);
                }
            }
        }
        legs.sort_unstable();
        legs
    }

    /// The number of the call that `leg` belongs to: that of its first leg.
    pub fn call_of(&self, mut leg: LegIdx) -> LegIdx {
        while let Some(&earlier) = self.firsts.get(leg as usize).filter(|&&earlier| earlier != leg) {
            leg = earlier;
        }
        leg
    }

    /// Why the legs of a pair are one call, in words; the strongest reason first.
    pub fn reasons(&self, pair: &Pair) -> Vec<String> {
        if pair.is_by_hand() {
            return vec!["joined by hand".to_owned()];
        }
        let range = pair.reasons..pair.reasons + u32::from(pair.reason_count);
        range.filter_map(|n| self.reasons.get(n as usize)).map(|reason| words(*reason)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legs_are_joined_and_taken_out_by_hand() {
        let mut joins = Joins::default();
        for (a, b, odds) in [(0, 1, 9.0), (0, 2, 9.0), (3, 4, 9.0), (2, 4, 0.5)] {
            joins.push(a, b, odds, &[]);
        }
        for (removed, joined, calls) in [
            (&[][..], &[][..], [0, 0, 0, 3, 3]),
            (&[1], &[], [0, 1, 0, 3, 3]),
            (&[1], &[(2, 4)], [0, 1, 0, 0, 0]),
            (&[1, 0], &[(4, 2)], [0, 1, 2, 2, 2]),
            (&[0], &[(2, 4), (3, 1)], [0, 1, 1, 1, 1]),
        ] {
            let decided = joins.decided(removed, joined);
            assert_eq!([0, 1, 2, 3, 4].map(|leg| decided.call_of(leg)), calls, "{removed:?} {joined:?}");
            for leg in 0..5 {
                assert!(
                    decided.legs_of(leg).iter().all(|other| decided.call_of(*other) == calls[leg as usize])
                );
            }
        }
        let decided = joins.decided(&[], &[(4, 2)]);
        let [pair] = decided.pairs_of(2).filter(|pair| pair.other(2) == 4).collect::<Vec<_>>()[..] else {
            panic!()
        };
        assert_eq!((pair.score(), decided.reasons(pair)), (1.0, vec!["joined by hand".to_owned()]));
    }

    #[test]
    fn joining_is_transitive_and_offers_do_not_join() {
        let mut joins = Joins::default();
        joins.push(0, 3, 9.0, &[]);
        joins.push(3, 5, 9.0, &[]);
        joins.push(5, 6, 1.0, &[]);
        assert_eq!(joins.legs_of(5), [0, 3, 5]);
        assert_eq!((joins.call_of(5), joins.call_of(6)), (0, 6));
        joins.push(2, 6, 9.0, &[]);
        joins.push(6, 5, 9.0, &[]);
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 9].map(|leg| joins.call_of(leg)), [0, 1, 0, 0, 4, 0, 0, 9]);
        assert_eq!(joins.legs_of(2), [0, 2, 3, 5, 6]);
        assert_eq!(joins.pairs_of(5).map(|pair| pair.other(5)).collect::<Vec<_>>(), [6, 6, 3]);
        assert!(joins.has(3, 0) && !joins.has(0, 5));
    }
}
