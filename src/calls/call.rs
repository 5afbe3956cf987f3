//! A whole call: the legs that are joined, and what is true of all of them together.
//!
//! Must not know: why legs are joined, findings, sentences, drawing.

use super::facts::LegRef;
use super::leg::{End, LegFlags, LegIdx, Side};
use super::list::Calls;
use super::state::State;
use crate::store::Snapshot;

/// A call with its snapshot: one leg or more, in the order of their first messages.
///
/// Its first leg speaks for it: what the caller was told is how the call went. So a call is answered although a fork of it lost
/// or a first carrier failed, and it failed although the last leg of a hunt was only cancelled.
#[derive(Debug, Clone)]
pub struct CallRef<'a> {
    main: LegRef<'a>,
    legs: Vec<LegRef<'a>>,
}

impl Calls {
    /// The call that a leg belongs to.
    pub fn call_ref<'a>(&'a self, snapshot: &'a Snapshot, leg: LegIdx) -> Option<CallRef<'a>> {
        CallRef::of(
            self.joins.legs_of(leg).into_iter().filter_map(|leg| self.leg_ref(snapshot, leg)).collect(),
        )
    }

    /// The first leg of the call that a leg belongs to.
    pub fn main_leg<'a>(&'a self, snapshot: &'a Snapshot, leg: LegIdx) -> Option<LegRef<'a>> {
        self.leg_ref(snapshot, self.joins.call_of(leg))
    }
}

impl<'a> CallRef<'a> {
    /// The call of these legs, in the order of their first messages; `None` of no leg.
    pub fn of(legs: Vec<LegRef<'a>>) -> Option<Self> {
        Some(Self { main: *legs.first()?, legs })
    }

    /// The leg that speaks for the call.
    pub const fn main(&self) -> LegRef<'a> {
        self.main
    }

    /// All legs, the one that speaks for the call first.
    pub fn legs(&self) -> &[LegRef<'a>] {
        &self.legs
    }

    /// How it went so far.
    pub fn state(&self) -> State {
        self.main.state()
    }

    /// Whether it came to nothing: not where only a fork or a first attempt did.
    pub fn is_failed(&self) -> bool {
        self.main.is_failed()
    }

    /// Whether one of its legs is all of these.
    pub fn is(&self, flags: LegFlags) -> bool {
        self.legs.iter().any(|leg| leg.leg.is(flags))
    }

    /// Whether a leg goes on to others: FreeSWITCH only passes on what becomes of them.
    fn passes_on(&self, leg: LegIdx) -> bool {
        self.main.calls.joins.pairs_of(leg).any(|pair| pair.is_joined() && pair.a == leg)
    }

    /// The legs on which something ended, other than the first one; not those that only pass it on.
    pub(super) fn leaves(&self) -> impl Iterator<Item = LegRef<'a>> {
        self.legs.iter().copied().skip(1).filter(|leg| !self.passes_on(leg.index))
    }

    /// The leg on which it ended: where FreeSWITCH only passed on to the first leg that a peer hung up, that peer's leg.
    pub fn ending_leg(&self) -> LegRef<'a> {
        let main = self.main;
        let Some(ended) = main.ended().filter(|_| main.leg.ended_by() == Some(End::Us)) else { return main };
        let hung_up = |leg: &LegRef<'a>| {
            let by_peer = leg.leg.is_answered() && leg.leg.ended_by() == Some(End::Peer);
            by_peer && leg.ended().is_some_and(|time| (0..PASSED_ON).contains(&(ended - time)))
        };
        self.leaves().filter(hung_up).min_by_key(LegRef::ended).unwrap_or(main)
    }

    /// Who ended it, for people: `caller`, `callee`, `FreeSWITCH`; of a call that was refused, who refused it first.
    pub fn ended_by(&self) -> &'static str {
        if self.main.leg.is_answered() {
            return self.ending_leg().ended_by();
        }
        let refused = self.main.leg.ended_by().is_none() && self.main.ended().is_some();
        let by_peer = |leg: &LegRef<'a>| {
            leg.leg.side == Side::B
                && leg.state().is_failure()
                && leg.leg.ended_by().is_none()
                && leg.ended().is_some()
        };
        match self.leaves().find(by_peer).filter(|_| refused) {
            Some(leg) => leg.ended_by(),
            None => self.main.ended_by(),
        }
    }

    /// Messages of all legs.
    pub fn messages(&self) -> u64 {
        self.legs.iter().map(|leg| u64::from(leg.leg.messages)).sum()
    }
}

/// Within these microseconds FreeSWITCH passes on that someone hung up.
const PASSED_ON: i64 = 2_000_000;
