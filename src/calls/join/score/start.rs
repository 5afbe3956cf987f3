//! What caused B's INVITE: A's INVITE and its 100, A's answer, or another B leg of the same A leg.
//!
//! Must not know: what else the legs have in common.

use std::f32::consts::LN_2;

use super::{Candidate, SECOND, Scorer};
use crate::calls::join::facts::{Facts, NEVER};
use crate::calls::join::model::Shares;
use crate::calls::join::signal::{Findings, Signal};
use crate::calls::join::traffic::Rate;

impl Scorer<'_> {
    /// When B's INVITE went out, beside what can have caused it. Gives whether it came late.
    pub(super) fn start(&self, pair: &Candidate<'_>, route: &Shares, found: &mut Findings) -> bool {
        let (a, b) = (pair.a, pair.b);
        let since = if b.start >= a.invited { b.start - a.invited } else { b.start - a.start };
        let rate = self.traffic.rate(Rate::Invite, b.start);
        let mut best = (self.latency(Signal::Start, since, rate - LN_2), Signal::Start, since);
        if !pair.is_direct() {
            let since = b.start - a.times.answered;
            best = (self.latency(Signal::Late, since, rate - LN_2).min(0.0), Signal::Late, since);
        } else if a.times.trying <= b.start {
            let gap = b.start - a.times.trying;
            let weight = self.latency(Signal::Trying, gap, self.traffic.rate(Rate::Trying, b.start));
            best = (weight + 0.3 * best.0.max(0.0), Signal::Trying, gap);
        }
        let is_late = best.0 < -1.0;
        for sibling in pair.siblings {
            let other = self.beside(sibling, pair);
            if other.0 > best.0 {
                best = other;
            }
        }
        found.add(best.1, best.0.clamp(-5.0, 6.0), best.2.max(1).unsigned_abs());
        if pair.is_direct() && a.times.trying != NEVER {
            let is_after = a.times.trying <= b.start;
            let (likely, unlikely) = route[Signal::Order as usize];
            let weight = LN_2 + if is_after { likely } else { unlikely };
            found.add(Signal::Order, weight.min(0.0), u64::from(is_after));
        }
        if pair.is_direct() && best.1 == Signal::Trying {
            found.add(Signal::Start, 0.0, since.max(1).unsigned_abs());
        }
        is_late
    }

    /// How well B's beginning follows from another B leg of the same A leg: a fork, or an attempt after one that failed.
    fn beside(&self, sibling: &Facts, pair: &Candidate<'_>) -> (f32, Signal, i64) {
        let b = pair.b;
        let none = (-9.0, Signal::Fork, 1);
        let since = b.start - sibling.start;
        if since < 0 {
            // The first leg of a fork: only the winner tells that it was one.
            let gap = b.times.cancelled.saturating_sub(sibling.times.answered);
            let is_loser = b.times.cancelled != NEVER && (0..SECOND).contains(&gap);
            let weight = self.latency(Signal::Fork, -since, self.traffic.rate(Rate::Invite, b.start));
            return if is_loser { (weight.clamp(-4.0, 4.0), Signal::Fork, -since) } else { none };
        }
        let ended = sibling.given_up();
        if ended <= b.start && pair.siblings.iter().any(|other| other.goes_on(ended, b.start)) {
            return none;
        }
        if ended <= b.start {
            let gap = b.start - ended;
            let weight = self.latency(Signal::Retry, gap, self.traffic.rate(Rate::Final, b.start));
            return if gap < 5 * SECOND { (weight.clamp(-4.0, 4.5), Signal::Retry, gap) } else { none };
        }
        if (0..2 * SECOND).contains(&since) && sibling.over() > b.start {
            let weight = self.latency(Signal::Fork, since, self.traffic.rate(Rate::Invite, b.start));
            return (weight.clamp(-4.0, 4.0), Signal::Fork, since);
        }
        none
    }
}
