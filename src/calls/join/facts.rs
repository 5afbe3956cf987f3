//! What joining looks at: the evidence of one leg, in a form that is compared without reading it again.
//!
//! Must not know: other legs, scores.

use super::list::Few;
use super::signal::Copied;
use crate::calls::evidence::{Event, Evidence, Kind, Mark};
use crate::calls::{Leg, LegIdx, Method, Side};
use crate::store::MessageIdx;

/// A time that never came: later than every other.
pub(super) const NEVER: i64 = i64::MAX;

/// The evidence of one leg. Times are in microseconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) leg: LegIdx,
    pub(super) side: Side,
    pub(super) source: u16,
    pub(super) peer: u32,
    /// The first message of the leg.
    pub(super) first: MessageIdx,
    /// When the first INVITE passed.
    pub(super) start: i64,
    /// When the last initial INVITE passed: after a challenge, the one with credentials.
    pub(super) invited: i64,
    pub(super) times: Times,
    /// The status of the final response; 0 without.
    pub(super) status: u16,
    /// Who called: From first, then the asserted identities.
    pub(super) callers: Few<u64, 4>,
    /// Who was called.
    pub(super) callees: Few<u64, 3>,
    /// Who the peer was told to be connected to, and by which message: of a B leg only after its INVITE.
    pub(super) told: Few<(u64, MessageIdx), 4>,
    pub(super) display: u64,
    /// Max-Forwards and 1 more; 0 without.
    pub(super) hops: u64,
    /// `X-` header fields of its INVITE.
    pub(super) extensions: Few<u64, 12>,
    /// Parts of multipart bodies, identifiers of the session or the emergency call.
    pub(super) copied: Few<u64, 10>,
    /// Addresses and sessions of its offers.
    pub(super) sessions: Few<u64, 6>,
    /// Call-IDs that its header fields may name.
    pub(super) names: Few<u64, 12>,
    /// Values of the fields by which the user joins legs.
    pub(super) rules: Few<u64, 4>,
    /// Hash of its own Call-ID.
    pub(super) own: u64,
    /// The branch of its INVITE: the same on both ends of a message that FreeSWITCH sent to itself.
    pub(super) branches: Few<u64, 3>,
    /// Its INVITE replaces the dialog with this Call-ID.
    pub(super) replaces: u64,
    /// Who asked for it by a REFER, as its Referred-By says; 0 without.
    pub(super) referred_by: u64,
    pub(super) refers: Vec<ReferFacts>,
}

/// When something first happened on a leg, [`NEVER`] where it did not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub(super) trying: i64,
    pub(super) ringing: i64,
    pub(super) answered: i64,
    /// A final response of 300 or above, other than a challenge.
    pub(super) failed: i64,
    pub(super) cancelled: i64,
    pub(super) bye: i64,
    /// Whether FreeSWITCH sent the BYE.
    pub(super) bye_sent: bool,
    /// When the last message passed.
    pub(super) last: i64,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            trying: NEVER,
            ringing: NEVER,
            answered: NEVER,
            failed: NEVER,
            cancelled: NEVER,
            bye: NEVER,
            bye_sent: false,
            last: 0,
        }
    }
}

/// A REFER that FreeSWITCH received on a leg.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ReferFacts {
    pub(super) time: i64,
    /// The user of Refer-To.
    pub(super) to: u64,
    /// The Call-ID of the dialog that is to be replaced; 0 without.
    pub(super) replaces: u64,
    /// The user of Referred-By; 0 without.
    pub(super) by: u64,
}

impl Facts {
    /// The facts of `leg`; `None` for a leg whose INVITE is not in the trace.
    pub(super) fn of(index: LegIdx, leg: &Leg, evidence: &Evidence) -> Option<Self> {
        let invite = evidence.events.iter().find(|e| e.method == Method::Invite && e.status == 0)?;
        if leg.side == Side::Unknown || leg.first != invite.message {
            return None;
        }
        let mut facts = Self {
            leg: index,
            side: leg.side,
            source: leg.source,
            peer: leg.peer,
            first: leg.first,
            start: invite.time,
            invited: invite.time,
            ..Self::default()
        };
        evidence.events.iter().for_each(|event| facts.event(event));
        evidence.marks.iter().for_each(|mark| facts.mark(mark));
        facts.refer_marks(evidence);
        Some(facts)
    }

    /// When the leg ended, [`NEVER`] while it goes on.
    pub(super) fn over(&self) -> i64 {
        if self.times.answered == NEVER { self.times.failed } else { self.times.bye }
    }

    /// Until when it may get a B leg.
    pub(super) fn open_until(&self) -> i64 {
        self.times.bye.min(self.times.failed).min(self.times.cancelled)
    }

    /// When FreeSWITCH knew that it is not answered, [`NEVER`] where it was or still may be.
    pub(super) fn given_up(&self) -> i64 {
        self.times.cancelled.min(self.times.failed)
    }

    /// Whether it began before `from` and had no end at `to`: the round of a hunt that it belongs to was not over.
    pub(super) fn goes_on(&self, from: i64, to: i64) -> bool {
        self.start < from && self.given_up() > to && self.over() > to
    }

    /// Whether FreeSWITCH calls the same user at the same address: no fork does that twice at once.
    pub(super) fn is_to_same(&self, other: &Self) -> bool {
        let callee = self.callees.as_slice().first();
        self.peer == other.peer && callee.is_some() && callee == other.callees.as_slice().first()
    }

    /// Whether FreeSWITCH starts it.
    pub(super) fn is_b(&self) -> bool {
        self.side == Side::B
    }

    fn event(&mut self, event: &Event) {
        let own_way = event.sent == self.is_b();
        let times = &mut self.times;
        let first = |slot: &mut i64| *slot = (*slot).min(event.time);
        times.last = times.last.max(event.time);
        match (event.method, event.status) {
            (Method::Invite, 0) if own_way && times.ringing == NEVER && times.answered == NEVER => {
                self.invited = event.time;
                (times.trying, self.status) = (NEVER, 0);
            }
            (Method::Invite, 0) => {}
            (Method::Invite, _) if own_way => {}
            (Method::Invite, 100) => first(&mut times.trying),
            (Method::Invite, 101..200) => first(&mut times.ringing),
            (Method::Invite, status @ 200..300) if times.answered == NEVER => {
                (times.answered, self.status) = (event.time, status);
            }
            (Method::Invite, 401 | 407) => {}
            (Method::Invite, status @ 300..) if times.answered == NEVER && times.failed == NEVER => {
                (times.failed, self.status) = (event.time, status);
            }
            (Method::Cancel, 0) => first(&mut times.cancelled),
            (Method::Bye, 0) if times.bye == NEVER => (times.bye, times.bye_sent) = (event.time, event.sent),
            (Method::Refer, 0) if !event.sent => {
                self.refers.push(ReferFacts { time: event.time, ..ReferFacts::default() });
            }
            _ => {}
        }
    }

    fn mark(&mut self, mark: &Mark) {
        let is_own = mark.sent == self.is_b() && !mark.told;
        let value = mark.value;
        match mark.kind {
            Kind::Identity if !is_own && (!self.is_b() || mark.sent) => self.told.add((value, mark.message)),
            Kind::Session | Kind::Endpoint => {
                // The answer of one leg is compared with the answer of the other, never with an offer.
                let way = if mark.sent == self.is_b() { 0 } else { 0x5bd1_e995_0000_0000 };
                self.sessions.add(value ^ way ^ (mark.kind as u64) << 40);
            }
            _ if !is_own => {}
            Kind::From | Kind::Identity => self.callers.add(value),
            // Who was called before the call was diverted is whom A called.
            Kind::Callee | Kind::To | Kind::Diverted => self.callees.add(value),
            Kind::DisplayName if self.display == 0 => self.display = value,
            Kind::MaxForwards => self.hops = value,
            Kind::Extension => self.extensions.add(value),
            Kind::Part => self.copied.add(Copied::Part.tag(value)),
            Kind::SessionId => self.copied.add(Copied::SessionId.tag(value)),
            Kind::ChargingVector => self.copied.add(Copied::ChargingVector.tag(value)),
            Kind::Incident => self.copied.add(Copied::Incident.tag(value)),
            Kind::CallInfo => self.copied.add(Copied::CallInfo.tag(value)),
            Kind::CallId => self.names.add(value),
            Kind::Rule => self.rules.add(value),
            Kind::Own => self.own = value,
            Kind::Branch => self.branches.add(value),
            Kind::Replaces if self.replaces == 0 => self.replaces = value,
            Kind::ReferredBy if mark.message == self.first => self.referred_by = value,
            _ => {}
        }
    }

    /// Gives each REFER what its own fields say.
    fn refer_marks(&mut self, evidence: &Evidence) {
        let messages =
            evidence.events.iter().filter(|e| e.method == Method::Refer && e.status == 0 && !e.sent);
        for (refer, event) in self.refers.iter_mut().zip(messages) {
            for mark in evidence.marks.iter().filter(|mark| mark.message == event.message) {
                match mark.kind {
                    Kind::ReferTo => refer.to = mark.value,
                    Kind::Replaces => refer.replaces = mark.value,
                    Kind::ReferredBy => refer.by = mark.value,
                    _ => {}
                }
            }
        }
        if self.refers.iter().any(|refer| refer.replaces == self.replaces) {
            self.replaces = 0;
        }
    }
}
