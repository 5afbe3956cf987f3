//! How much speaks for an A leg and a B leg being one call: a sum of logarithms of odds, one for each signal.
//!
//! Each signal compares how likely its finding is for two legs of one call with how likely it is by chance. What the trace has
//! not taught weighs little; what many legs share weighs little; no signal is required.
//!
//! Must not know: other pairs.

use std::f32::consts::LN_2;

use super::density::log;
use super::facts::{Facts, NEVER};
use super::model::{Model, Route};
use super::signal::{Findings, Item, Signal};
use super::traffic::{Rate, Traffic};
use crate::calls::Number;

const SECOND: i64 = 1_000_000;

/// Scores pairs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scorer<'a> {
    pub(super) model: &'a Model,
    pub(super) traffic: &'a Traffic,
}

/// Two legs that may be one call, and the other B legs of the A leg.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) a: &'a Facts,
    pub(super) b: &'a Facts,
    pub(super) siblings: &'a [&'a Facts],
}

impl Candidate<'_> {
    const fn route(&self) -> Route {
        (self.a.source, self.b.source)
    }

    /// Whether A is not yet answered when B begins.
    fn is_direct(&self) -> bool {
        self.a.times.answered > self.b.start
    }
}

/// Whether B begins while A goes on and may still be connected.
pub(super) fn is_possible(a: &Facts, b: &Facts) -> bool {
    let is_open = b.start >= a.start && a.open_until() >= b.start;
    is_open && !a.is_b() && a.branches.shared(&b.branches).next().is_none()
}

impl Scorer<'_> {
    /// Collects all evidence; `false` where a contradiction forbids the pair.
    pub(super) fn score(&self, pair: &Candidate<'_>, found: &mut Findings) -> bool {
        found.clear();
        if !is_possible(pair.a, pair.b) || !self.outcome(pair, found) {
            return false;
        }
        let is_late = self.start(pair, found);
        self.cancel(pair, found);
        self.ringing(pair, found);
        self.bye(pair, found);
        self.numbers(pair, found);
        self.hops(pair, is_late, found);
        self.copies(pair, found);
        true
    }

    /// Weight of something that is passed on after `micros`; `rate`: how often by chance per second, as a logarithm.
    fn latency(&self, signal: Signal, micros: i64, rate: f32) -> f32 {
        self.model.density(signal, micros) - rate
    }

    /// By how much less a time says in a burst of other calls, as a logarithm.
    pub(super) fn burst(&self, pair: &Candidate<'_>, item: &Item) -> f32 {
        let (a, b) = (&pair.a.times, pair.b);
        let (rate, time, usual) = match item.signal {
            Signal::Start | Signal::Late | Signal::Fork => (Rate::Invite, pair.a.start, b.start),
            Signal::Trying => (Rate::Trying, a.trying, b.start),
            Signal::Ringing => (Rate::Ringing, a.ringing, b.times.ringing),
            Signal::Answer | Signal::Failure => {
                (Rate::Final, a.answered.min(a.failed), b.times.answered.min(b.times.failed))
            }
            Signal::Cancel => (Rate::Cancel, a.cancelled, b.times.cancelled),
            Signal::Bye => (Rate::Bye, a.bye, a.bye.max(b.times.bye)),
            _ => return 0.0,
        };
        if time == NEVER || usual == NEVER {
            return 0.0;
        }
        // Calls that begin together ring, are answered and end together where phones and people take the same time.
        let is_together = pair.is_direct() && b.start - pair.a.invited < SECOND;
        let alike = if is_together { self.traffic.alike(rate, pair.a, time) } else { 0.0 };
        log(self.traffic.burst(rate, time).max(alike).max(0.1)) - self.traffic.rate(rate, usual)
    }

    /// When B's INVITE went out, beside what can have caused it. Gives whether it came late.
    fn start(&self, pair: &Candidate<'_>, found: &mut Findings) -> bool {
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
            let (likely, unlikely) = self.model.share(Signal::Order, pair.route());
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

    /// Whether A's final response follows from B's. `false`: it contradicts it.
    fn outcome(&self, pair: &Candidate<'_>, found: &mut Findings) -> bool {
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

    fn cancel(&self, pair: &Candidate<'_>, found: &mut Findings) {
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

    fn ringing(&self, pair: &Candidate<'_>, found: &mut Findings) {
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

    fn bye(&self, pair: &Candidate<'_>, found: &mut Findings) {
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
            found.add(Signal::Against, -4.0, 0);
        }
    }

    /// Weight of a signal that legs share or not; `chance` is the share of legs that have the value, as a logarithm.
    fn agreement(&self, signal: Signal, route: Route, shared: Option<(u64, f32)>, found: &mut Findings) {
        let (likely, unlikely) = self.model.share(signal, route);
        match shared {
            Some((value, chance)) => {
                let least = -log(self.traffic.legs.max(1) as f32);
                found.add(signal, (likely - chance.max(least)).clamp(0.0, 7.0), value);
            }
            None => found.add(signal, unlikely + 0.02, 0),
        }
    }

    fn numbers(&self, pair: &Candidate<'_>, found: &mut Findings) {
        let (a, b) = (pair.a, pair.b);
        if !a.callers.is_empty() && !b.callers.is_empty() {
            let shared =
                common(a.callers.as_slice(), b.callers.as_slice()).map(|n| (n, self.traffic.caller_share(n)));
            self.agreement(Signal::Caller, pair.route(), shared, found);
        }
        if !a.callees.is_empty() && !b.callees.is_empty() {
            let shared =
                common(a.callees.as_slice(), b.callees.as_slice()).map(|n| (n, self.traffic.number_share(n)));
            self.agreement(Signal::Callee, pair.route(), shared, found);
        }
        if b.times.answered == NEVER || b.callees.is_empty() {
            return;
        }
        let mut told = super::list::Few::<u64, 4>::default();
        a.told
            .as_slice()
            .iter()
            .filter(|&&(_, message)| message >= b.first)
            .for_each(|&(number, _)| told.add(number));
        if !told.is_empty() {
            let shared =
                common(told.as_slice(), b.callees.as_slice()).map(|n| (n, self.traffic.number_share(n)));
            self.agreement(Signal::Told, pair.route(), shared, found);
        }
    }

    fn hops(&self, pair: &Candidate<'_>, is_late: bool, found: &mut Findings) {
        let (a, b) = (pair.a.hops, pair.b.hops);
        if a == 0 || b == 0 {
            return;
        }
        let (likely, unlikely) = self.model.share(Signal::Hops, pair.route());
        if a == b + 1 {
            found.add(Signal::Hops, likely - log(self.traffic.hops_share(a).max(0.01)), a);
        } else {
            let other = (1.0 - self.traffic.hops_share(b + 1)).max(0.05);
            // After an attempt or a transfer more than one is taken off.
            let least = if is_late && a >= b && a < b + 6 { -0.3 } else { -3.0 };
            found.add(Signal::Hops, (unlikely - log(other)).clamp(least, 0.5), 0);
        }
    }

    fn copies(&self, pair: &Candidate<'_>, found: &mut Findings) {
        let (a, b) = (pair.a, pair.b);
        let rarest = |shared: &mut dyn Iterator<Item = u64>| {
            shared.map(|value| (value, self.traffic.value_share(value))).min_by(|x, y| x.1.total_cmp(&y.1))
        };
        if !a.sessions.is_empty() && !b.sessions.is_empty() {
            self.agreement(Signal::Session, pair.route(), rarest(&mut a.sessions.shared(&b.sessions)), found);
        }
        if let Some(shared) = rarest(&mut a.extensions.shared(&b.extensions)) {
            self.agreement(Signal::Extension, pair.route(), Some(shared), found);
        }
        if !a.copied.is_empty() && !b.copied.is_empty() {
            self.agreement(Signal::Part, pair.route(), rarest(&mut a.copied.shared(&b.copied)), found);
        }
        if a.own == b.own {
            found.add(Signal::SameCallId, 12.0, 1);
        } else if b.names.as_slice().contains(&a.own) || a.names.as_slice().contains(&b.own) {
            found.add(Signal::Named, 12.0, 1);
        } else if a.rules.shared(&b.rules).next().is_some() {
            found.add(Signal::Rule, 12.0, 1);
        }
    }
}

/// The first of the first list that the second has, too: equal, or with another prefix.
pub(super) fn common(ours: &[u64], theirs: &[u64]) -> Option<u64> {
    ours.iter().copied().find(|&one| theirs.iter().any(|&other| is_same(one, other)))
}

/// Whether two numbers are the same but for a prefix: at least seven digits, all but two of the shorter one.
fn is_same(one: u64, other: u64) -> bool {
    if one == other {
        return one != 0;
    }
    let (one, other) = (Number::from_packed(one), Number::from_packed(other));
    if !one.is_digits() || !other.is_digits() {
        return false;
    }
    let shorter = one.digit_count().min(other.digit_count());
    let equal = one.common_end(other);
    equal >= 7 && equal + 2 >= shorter
}

/// Whether two B legs can belong to one A leg: of legs that are answered one at a time.
pub(super) fn are_compatible(one: &Facts, other: &Facts) -> bool {
    let (first, second) = if one.start <= other.start { (one, other) } else { (other, one) };
    let (x, y) = (&first.times, &second.times);
    if one.rules.shared(&other.rules).next().is_some() {
        return true;
    }
    let is_over = |by: i64| x.bye <= by;
    if x.answered < second.start && !is_over(second.start + SECOND) {
        return false;
    }
    let is_at_once = first.given_up() > second.start && first.over() > second.start;
    if is_at_once && first.is_to_same(second) {
        return false;
    }
    is_given_up(first, second)
        && is_given_up(second, first)
        && (x.answered == NEVER || y.answered == NEVER || is_over(y.answered))
}

/// Whether `other` was given up when `winner` was answered, if it went on: FreeSWITCH cancels all others of a fork.
fn is_given_up(winner: &Facts, other: &Facts) -> bool {
    let answered = winner.times.answered;
    answered == NEVER
        || answered < other.start
        || other.given_up() <= answered + SECOND
        || other.times.answered < answered
}
