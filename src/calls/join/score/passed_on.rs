//! What happens on one leg because it happened on the other: ringing, final responses, CANCEL and BYE.
//!
//! Must not know: numbers, bodies, header fields.

use std::f32::consts::LN_2;

use super::{Candidate, SECOND, Scorer};
use crate::calls::join::density::log;
use crate::calls::join::facts::{Facts, NEVER};
use crate::calls::join::signal::{Findings, Signal};
use crate::calls::join::traffic::Rate;

impl Scorer<'_> {
    /// Whether A's final response follows from B's. `false`: it contradicts it.
    pub(super) fn outcome(&self, pair: &Candidate<'_>, found: &mut Findings) -> bool {
        let (a, b) = (&pair.a.times, &pair.b.times);
        if b.answered != NEVER {
            return self.answer(pair, found);
        }
        if b.failed == NEVER || a.failed == NEVER || b.cancelled != NEVER {
            return true;
        }
        if a.failed >= b.failed {
            let gap = a.failed - b.failed;
            let weight =
                self.latency(Signal::Failure, gap, self.traffic.rate(Rate::Final, b.failed)).clamp(-2.5, 7.0);
            found.add(Signal::Failure, weight, gap.max(1).unsigned_abs());
            let is_same = pair.a.status == pair.b.status;
            found.add(
                Signal::Code,
                if is_same { 1.0 } else { -0.5 },
                u64::from(if is_same { pair.b.status } else { 0 }),
            );
        } else if a.failed < b.failed - SECOND / 2 {
            found.add(Signal::Against, -4.0, 0);
        }
        true
    }

    fn answer(&self, pair: &Candidate<'_>, found: &mut Findings) -> bool {
        let (a, b) = (&pair.a.times, &pair.b.times);
        if a.answered != NEVER {
            if a.answered >= b.answered {
                let gap = a.answered - b.answered;
                let weight = self
                    .latency(Signal::Answer, gap, self.traffic.rate(Rate::Final, b.answered))
                    .clamp(-6.0, 7.0);
                found.add(Signal::Answer, weight, gap.max(1).unsigned_abs());
                return gap < 5 * SECOND;
            }
            if pair.is_direct() {
                found.add(Signal::Against, -7.0, 0);
            }
            return true;
        }
        if a.failed != NEVER {
            // The caller may give up while the answer is on its way.
            let is_race = a.cancelled != NEVER && a.cancelled >= b.answered - 2 * SECOND;
            found.add(Signal::Against, -3.0, 0);
            return is_race;
        }
        if self.traffic.end - b.answered > 2 * SECOND {
            found.add(Signal::Against, -6.0, 0);
        }
        true
    }

    pub(super) fn cancel(&self, pair: &Candidate<'_>, found: &mut Findings) {
        let (a, b) = (&pair.a.times, &pair.b.times);
        if b.cancelled == NEVER {
            let is_ended_first = b.failed <= a.cancelled || b.answered <= a.cancelled;
            let is_told = b.failed.saturating_sub(SECOND) <= a.cancelled;
            if a.cancelled != NEVER
                && !is_ended_first
                && !is_told
                && self.traffic.end - a.cancelled > 2 * SECOND
            {
                found.add(Signal::Against, -5.0, 0);
            }
            return;
        }
        let rate = self.traffic.rate(Rate::Cancel, b.cancelled);
        let both = log(rate.exp() + self.traffic.rate(Rate::Final, b.cancelled).exp());
        let mut best: Option<(i64, Signal, f32)> = None;
        let mut cause = |gap: i64, signal: Signal, rate: f32| {
            if gap >= 0 && best.is_none_or(|(least, ..)| gap < least) {
                best = Some((gap, signal, rate));
            }
        };
        if a.cancelled != NEVER {
            cause(b.cancelled - a.cancelled, Signal::Cancel, rate);
        }
        for &other in &[a.answered, a.failed] {
            if other != NEVER {
                cause((b.cancelled - other).abs(), Signal::Against, both);
            }
        }
        for sibling in pair.siblings.iter().filter(|sibling| sibling.times.answered != NEVER) {
            cause(b.cancelled - sibling.times.answered, Signal::Elsewhere, both);
        }
        let Some((gap, signal, rate)) = best else { return };
        let (known, least) =
            if signal == Signal::Cancel { (signal, -3.0) } else { (Signal::Elsewhere, -0.5) };
        let value = if signal == Signal::Against { 0 } else { gap.max(1).unsigned_abs() };
        found.add(known, self.latency(known, gap, rate).clamp(least, 5.0), value);
    }

    pub(super) fn ringing(&self, pair: &Candidate<'_>, found: &mut Findings) {
        let (a, b) = (&pair.a.times, &pair.b.times);
        if b.ringing == NEVER {
            return;
        }
        if a.ringing != NEVER && a.ringing >= b.ringing {
            let gap = a.ringing - b.ringing;
            let weight = self
                .latency(Signal::Ringing, gap, self.traffic.rate(Rate::Ringing, b.ringing))
                .clamp(-3.0, 7.0);
            // Of a fork A hears the first one that rings.
            let is_others =
                |other: &&Facts| (b.ringing - SECOND / 5..=a.ringing).contains(&other.times.ringing);
            let weight = if pair.siblings.iter().any(is_others) { weight.min(0.5) } else { weight };
            found.add(Signal::Ringing, weight, gap.max(1).unsigned_abs());
        } else if a.ringing == NEVER && a.answered == NEVER {
            found.add(Signal::Against, -2.0, 0);
        } else if a.ringing != NEVER && a.ringing > pair.b.start {
            found.add(Signal::Against, -1.0, 0);
        }
    }

    pub(super) fn bye(&self, pair: &Candidate<'_>, found: &mut Findings) {
        let (a, b) = (&pair.a.times, &pair.b.times);
        if a.answered == NEVER || b.answered == NEVER || (a.bye == NEVER && b.bye == NEVER) {
            return;
        }
        let (first, second) = if a.bye <= b.bye { (a, b) } else { (b, a) };
        let is_transferred = !pair.a.refers.is_empty() || !pair.b.refers.is_empty();
        let gap = second.bye.saturating_sub(first.bye);
        if gap < 3 * SECOND {
            let weight = self.latency(Signal::Bye, gap, LN_2 + self.traffic.rate(Rate::Bye, second.bye));
            if !first.bye_sent && second.bye_sent {
                found.add(Signal::Bye, weight.clamp(-6.0, 7.0), gap.max(1).unsigned_abs());
            } else if second.bye_sent {
                found.add(Signal::Bye, (weight - 1.0).clamp(-3.0, 4.0), 0);
            }
        } else if !is_transferred && (second.bye != NEVER || self.traffic.end - first.bye > 2 * SECOND) {
            // A goes on where it was connected with another B leg afterwards.
            let is_outlived = pair.siblings.iter().any(|next| (b.bye..a.bye).contains(&next.start));
            found.add(Signal::Against, if is_outlived { -0.5 } else { -4.0 }, 0);
        }
    }
}
