//! The kinds of evidence for or against a pair, and what one pair has of each.
//!
//! Must not know: legs, how the scores come about.

/// One kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(super) enum Signal {
    /// B's INVITE followed A's INVITE; microseconds.
    Start,
    /// B's INVITE followed the 100 on A; microseconds.
    Trying,
    /// The 100 on A was sent before B's INVITE, as on this host; 1.
    Order,
    /// B's INVITE followed the answer to A: a menu or a queue before it; microseconds.
    Late,
    /// B's INVITE went out beside that of another B leg of the same A leg; microseconds.
    Fork,
    /// B's INVITE followed the failure of another B leg; microseconds.
    Retry,
    /// A provisional response was passed on; microseconds.
    Ringing,
    /// The 200 was passed on; microseconds.
    Answer,
    /// A failure was passed on; microseconds.
    Failure,
    /// The failure had the same code on both legs; the code.
    Code,
    /// The CANCEL was passed on; microseconds.
    Cancel,
    /// B was cancelled when another leg answered; microseconds.
    Elsewhere,
    /// The BYE was passed on; microseconds.
    Bye,
    /// Both legs have this caller; the number.
    Caller,
    /// Both legs have this callee; the number.
    Callee,
    /// A was told to be connected to B's callee; the number.
    Told,
    /// Max-Forwards of B is one less.
    Hops,
    /// The media session is passed through.
    Session,
    /// An `X-` header field was copied.
    Extension,
    /// A part of the body or an identifier was copied.
    Part,
    /// A header field of one leg names the other's Call-ID.
    Named,
    /// A header field by which the user joins legs has the same value on both.
    Rule,
    /// Both legs have one Call-ID (`sip_invite_call_id`).
    SameCallId,
    /// A REFER on a leg of the call asked for it; microseconds.
    Refer,
    /// Replaces named a leg that is joined with the other one.
    Replaces,
    /// The same message was sent and received.
    SameMessage,
    /// Both called this number and were connected at the same time; the number.
    Together,
    /// One leg was told to be connected to who is on the other; the number.
    Party,
    /// B's INVITE followed the answer of the leg that FreeSWITCH called first; microseconds.
    Dialed,
    /// What speaks against it.
    Against,
}

/// How many kinds there are.
pub(super) const SIGNALS: usize = Signal::Against as usize + 1;

/// What was copied from one leg to the other: the last bits of its hash tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Copied {
    Part,
    SessionId,
    ChargingVector,
    Incident,
    CallInfo,
}

const COPIED: u64 = 7;

impl Copied {
    /// A hash with what it is of.
    pub(super) const fn tag(self, hash: u64) -> u64 {
        hash & !COPIED | self as u64
    }

    /// What a hash is of.
    pub(super) fn of(hash: u64) -> Self {
        let all = [Self::SessionId, Self::ChargingVector, Self::Incident, Self::CallInfo];
        all.into_iter().find(|copied| *copied as u64 == hash & COPIED).unwrap_or(Self::Part)
    }

    /// Whether it is made for one call: no other one has it by chance.
    pub(super) const fn is_unique(self) -> bool {
        matches!(self, Self::SessionId | Self::ChargingVector | Self::Incident)
    }
}

/// One item of evidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    pub(super) signal: Signal,
    /// Its share of the score: a natural logarithm of odds.
    pub(super) weight: f32,
    /// A time in microseconds, a packed number or a status; 0 where the signal is absent.
    pub(super) value: u64,
}

impl Signal {
    /// Whether it tells who took part, and not only when.
    pub(super) const fn is_identity(self) -> bool {
        matches!(
            self,
            Self::Caller
                | Self::Callee
                | Self::Told
                | Self::Hops
                | Self::Session
                | Self::Extension
                | Self::Part
        )
    }

    /// Whether its value is a time that is learned.
    pub(super) const fn is_latency(self) -> bool {
        matches!(
            self,
            Self::Start
                | Self::Trying
                | Self::Late
                | Self::Fork
                | Self::Retry
                | Self::Ringing
                | Self::Answer
                | Self::Failure
                | Self::Cancel
                | Self::Elsewhere
                | Self::Bye
        )
    }

    /// Whether legs have it or not, which differs from host to host.
    pub(super) const fn is_agreement(self) -> bool {
        matches!(
            self,
            Self::Caller
                | Self::Callee
                | Self::Told
                | Self::Order
                | Self::Hops
                | Self::Session
                | Self::Extension
                | Self::Part
        )
    }
}

/// All evidence of a pair.
#[derive(Debug, Clone, Default)]
pub(super) struct Findings {
    pub(super) items: Vec<Item>,
    pub(super) score: f32,
    kept: Kept,
}

/// What is kept of the evidence of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kept {
    #[default]
    Items,
    Score,
}

impl Findings {
    /// For a pair whose score alone is asked for.
    pub(super) fn only_score() -> Self {
        Self { kept: Kept::Score, ..Self::default() }
    }

    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.score = 0.0;
    }

    pub(super) fn add(&mut self, signal: Signal, weight: f32, value: u64) {
        self.score += weight;
        if self.kept == Kept::Items {
            self.items.push(Item { signal, weight, value });
        }
    }
}
