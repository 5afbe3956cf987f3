//! How much less a time says while many other calls do the same.
//!
//! Must not know: which pairs there are.

use super::{Candidate, SECOND, Scorer};
use crate::calls::join::density::log;
use crate::calls::join::facts::NEVER;
use crate::calls::join::signal::{Item, Signal};
use crate::calls::join::traffic::Rate;

impl Scorer<'_> {
    /// By how much less a time says in a burst of other calls, as a logarithm.
    pub(in super::super) fn burst(&self, pair: &Candidate<'_>, item: &Item) -> f32 {
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
}
