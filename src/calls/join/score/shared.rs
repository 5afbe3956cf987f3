//! What both legs carry: numbers, Max-Forwards, media sessions, copied fields and parts, and the name of the other leg.
//!
//! Must not know: times.

use super::{Candidate, Scorer};
use crate::calls::Number;
use crate::calls::join::density::log;
use crate::calls::join::facts::NEVER;
use crate::calls::join::list::Few;
use crate::calls::join::model::Shares;
use crate::calls::join::signal::{Copied, Findings, Signal};
use crate::calls::join::traffic::UNSEEN;

/// Weight of an identifier that is made for one call, however few legs the trace has.
const UNIQUE: f32 = 8.0;

impl Scorer<'_> {
    /// Weight of a signal that legs share or not; `chance` is the share of legs that have the value, as a logarithm.
    fn agreement(&self, signal: Signal, route: &Shares, shared: Option<(u64, f32)>, found: &mut Findings) {
        let (likely, unlikely) = route[signal as usize];
        match shared {
            Some((value, chance)) => {
                let least = -log(self.traffic.legs as f32 + UNSEEN);
                found.add(signal, (likely - chance.max(least)).clamp(0.0, 7.0), value);
            }
            None => found.add(signal, unlikely + 0.02, 0),
        }
    }

    pub(super) fn numbers(&self, pair: &Candidate<'_>, route: &Shares, found: &mut Findings) {
        let (a, b) = (pair.a, pair.b);
        if !a.callers.is_empty() && !b.callers.is_empty() {
            let shared =
                common(a.callers.as_slice(), b.callers.as_slice()).map(|n| (n, self.traffic.caller_share(n)));
            self.agreement(Signal::Caller, route, shared, found);
        }
        if !a.callees.is_empty() && !b.callees.is_empty() {
            let shared =
                common(a.callees.as_slice(), b.callees.as_slice()).map(|n| (n, self.traffic.number_share(n)));
            self.agreement(Signal::Callee, route, shared, found);
        }
        if b.times.answered == NEVER || b.callees.is_empty() {
            return;
        }
        let mut told = Few::<u64, 4>::default();
        a.told
            .as_slice()
            .iter()
            .filter(|&&(_, message)| message >= b.first)
            .for_each(|&(number, _)| told.add(number));
        if !told.is_empty() {
            let shared =
                common(told.as_slice(), b.callees.as_slice()).map(|n| (n, self.traffic.told_share(n)));
            self.agreement(Signal::Told, route, shared, found);
        }
    }

    pub(super) fn hops(&self, pair: &Candidate<'_>, route: &Shares, is_late: bool, found: &mut Findings) {
        let (a, b) = (pair.a.hops, pair.b.hops);
        if a == 0 || b == 0 {
            return;
        }
        let (likely, unlikely) = route[Signal::Hops as usize];
        if a == b + 1 {
            found.add(Signal::Hops, likely - log(self.traffic.hops_share(a).max(0.01)), a);
        } else {
            let other = (1.0 - self.traffic.hops_share(b + 1)).max(0.05);
            // After an attempt or a transfer more than one is taken off.
            let least = if is_late && a >= b && a < b + 6 { -0.3 } else { -3.0 };
            found.add(Signal::Hops, (unlikely - log(other)).clamp(least, 0.5), 0);
        }
    }

    pub(super) fn copies(&self, pair: &Candidate<'_>, route: &Shares, found: &mut Findings) {
        let (a, b) = (pair.a, pair.b);
        let rarest = |shared: &mut dyn Iterator<Item = u64>| {
            shared.map(|value| (value, self.traffic.value_share(value))).min_by(|x, y| x.1.total_cmp(&y.1))
        };
        if !a.sessions.is_empty() && !b.sessions.is_empty() {
            self.agreement(Signal::Session, route, rarest(&mut a.sessions.shared(&b.sessions)), found);
        }
        if let Some(shared) = rarest(&mut a.extensions.shared(&b.extensions)) {
            self.agreement(Signal::Extension, route, Some(shared), found);
        }
        if !a.copied.is_empty() && !b.copied.is_empty() {
            let unique = a.copied.shared(&b.copied).find(|&value| Copied::of(value).is_unique());
            if let Some(value) = unique {
                found.add(Signal::Part, UNIQUE, value);
            } else {
                self.agreement(Signal::Part, route, rarest(&mut a.copied.shared(&b.copied)), found);
            }
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

/// The last seven digits of a packed number.
const LAST_SEVEN: u64 = 0xfff_ffff;

/// The first of the first list that the second has, too: equal, or with another prefix.
pub(in super::super) fn common(ours: &[u64], theirs: &[u64]) -> Option<u64> {
    ours.iter().copied().find(|&one| theirs.iter().any(|&other| is_same(one, other)))
}

/// Whether two numbers are the same but for a prefix: at least seven digits, all but two of the shorter one.
fn is_same(one: u64, other: u64) -> bool {
    if one == other {
        return one != 0;
    }
    if (one ^ other) & LAST_SEVEN != 0 {
        return false;
    }
    let (one, other) = (Number::from_packed(one), Number::from_packed(other));
    if !one.is_digits() || !other.is_digits() {
        return false;
    }
    let shorter = one.digit_count().min(other.digit_count());
    let equal = one.common_end(other);
    equal >= 7 && equal + 2 >= shorter
}
