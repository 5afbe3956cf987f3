//! Whether a request that has no final response had the time to get one, or the trace ends before.
//!
//! Must not know: legs, what is said of such a request.

use super::row::Row;

/// Microseconds after which a request without a response has failed: timers B and F, 64 × T1 (RFC 3261 §17.1.1.2 and
/// §17.1.2.2).
pub(crate) const TIMER_B: i64 = 32_000_000;

/// Microseconds after which an INVITE that got provisional responses only has failed: timer C (RFC 3261 §16.6).
pub(crate) const TIMER_C: i64 = 180_000_000;

/// A request that was sent so often was not answered for 1.5 s, which is 3 × T1: that is not for the end of the trace.
pub(crate) const MANY_TRANSMISSIONS: usize = 3;

/// How many rows of a Call-ID are looked at, the last ones first.
const DEPTH: usize = 1024;

/// How a request has waited for its final response so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waited {
    /// Microseconds that the trace goes on: after its first transmission; for an INVITE that got a provisional response,
    /// after the last one.
    micros: i64,
    most: i64,
    transmissions: usize,
}

impl Waited {
    /// How `request`, which has no final response, has waited until `now` among the messages of its Call-ID, the last ones
    /// first; `is_invite` tells an INVITE. A final response without an ACK waits alike (timer H).
    pub(super) fn of<'r>(
        request: &Row,
        rows: impl Iterator<Item = &'r Row>,
        is_invite: impl Fn(&Row) -> bool,
        now: i64,
    ) -> Self {
        let (sending, transaction) = (request.sending(), request.transaction());
        let (mut first, mut transmissions, mut rang) = (request.time, 0, None);
        for row in rows.take(DEPTH) {
            if row.sending() == sending {
                transmissions += 1;
                first = first.min(row.time);
            }
            if (100..200).contains(&row.status) && row.transaction() == transaction {
                rang = rang.max(Some(row.time));
            }
        }
        if let Some(rang) = rang.filter(|_| request.is_request() && is_invite(request)) {
            return Self { micros: now - rang, most: TIMER_C, transmissions: 1 };
        }
        Self { micros: now - first, most: TIMER_B, transmissions }
    }

    /// Whether its time is over.
    pub(crate) const fn is_timed_out(self) -> bool {
        self.micros > self.most
    }

    /// Whether nothing answers it: its time is over, or it was sent again and again.
    pub(crate) const fn is_unanswered(self) -> bool {
        self.is_timed_out() || self.transmissions >= MANY_TRANSMISSIONS
    }
}
