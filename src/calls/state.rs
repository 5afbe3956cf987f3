//! How a call went, in one word.
//!
//! Must not know: sentences about it, messages.

use super::leg::{Leg, LegFlags, NO_MESSAGE, Progress};
use crate::store::TIMER_B;

/// The outcome of a leg so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Answered with a 2xx; it may be over or not.
    Answered,
    /// 486 or 600.
    Busy,
    /// Given up before it was answered.
    Cancelled,
    /// Given up, or refused, since no one answered in time.
    NoAnswer,
    /// Refused with another 4xx or 6xx.
    Rejected,
    /// Refused with 5xx, or nothing ever answered.
    Failed,
    /// 3xx.
    Redirected,
    /// The trace ends while it rings.
    Ringing,
    /// The trace ends before anything but 100 came.
    Trying,
    /// The trace begins or ends where nothing more can be said.
    InProgress,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Answered,
        Self::Busy,
        Self::Cancelled,
        Self::NoAnswer,
        Self::Rejected,
        Self::Failed,
        Self::Redirected,
        Self::Ringing,
        Self::Trying,
        Self::InProgress,
    ];

    /// The word that `state:` takes and lists show.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Busy => "busy",
            Self::Cancelled => "cancelled",
            Self::NoAnswer => "no-answer",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Redirected => "redirected",
            Self::Ringing => "ringing",
            Self::Trying => "trying",
            Self::InProgress => "in-progress",
        }
    }

    /// Whether nothing is decided yet.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Ringing | Self::Trying | Self::InProgress)
    }

    /// Whether the call came to nothing for a reason other than that someone gave up or was sent elsewhere.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Busy | Self::NoAnswer | Self::Rejected | Self::Failed)
    }
}

/// The state of a leg whose INVITE has been waiting for `waited` microseconds.
pub(super) fn state(leg: &Leg, waited: i64) -> State {
    match leg.progress {
        Progress::Answered => State::Answered,
        Progress::Refused => refused(leg),
        Progress::Challenged if waited > TIMER_B => State::Rejected,
        Progress::Challenged => State::InProgress,
        Progress::Trying | Progress::Ringing if leg.end != NO_MESSAGE => given_up(leg),
        _ if leg.is(LegFlags::BEGUN_BEFORE) => State::InProgress,
        Progress::Ringing => State::Ringing,
        Progress::Trying if waited > TIMER_B && leg.trying == NO_MESSAGE => State::Failed,
        Progress::Trying => State::Trying,
    }
}

fn refused(leg: &Leg) -> State {
    match leg.status {
        300..400 => State::Redirected,
        486 | 600 => State::Busy,
        487 => given_up(leg),
        480 if is_timeout(leg) => State::NoAnswer,
        // After ringing, 480 is what FreeSWITCH and many phones say of a call that no one took.
        480 | 408 if leg.ringing != NO_MESSAGE => State::NoAnswer,
        408 | 500..600 => State::Failed,
        _ => State::Rejected,
    }
}

fn given_up(leg: &Leg) -> State {
    if is_timeout(leg) && !leg.is(LegFlags::ELSEWHERE) { State::NoAnswer } else { State::Cancelled }
}

/// Whether a Reason field says that it took too long: no user responding, no answer, timer expired.
fn is_timeout(leg: &Leg) -> bool {
    matches!(leg.cause, 18 | 19 | 102) || leg.is(LegFlags::TOO_LONG)
}
