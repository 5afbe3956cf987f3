//! What a message says that helps to recognise the legs of one call: marks, taken while its text is at hand.
//!
//! Must not know: which legs are joined, and why.

use crate::store::MessageIdx;

use super::hash::Number;
use super::method::Method;

/// What a mark's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// The user of From; a [`Number`].
    From,
    /// The user of To; a [`Number`].
    To,
    /// The user of an INVITE's request URI; a [`Number`].
    Callee,
    /// P-Asserted-Identity, P-Preferred-Identity or Remote-Party-ID: in a request the caller, in a response or UPDATE the
    /// one who is reached; also who the sipfrag of an INFO names for the display of a phone; a [`Number`].
    Identity,
    /// Diversion or History-Info: who was called before; a [`Number`].
    Diverted,
    /// The session of `o=`, without its version.
    Session,
    /// Address and port of the audio.
    Endpoint,
    /// A part of a multipart body, other than SDP, byte for byte.
    Part,
    /// An `X-` header field: name and value.
    Extension,
    /// The value of a header field that may name a Call-ID (`X-…`, In-Reply-To, or one that the user named), or the Call-ID of
    /// an INVITE inside JSON, hashed as [`call_id_hash`](super::call_id_hash) hashes a Call-ID.
    CallId,
    /// The value of a header field that joins legs because the user says so, with its name.
    Rule,
    /// The leg's own Call-ID, by which others name it; as [`Kind::CallId`].
    Own,
    /// Session-ID (RFC 7989), its uuid without parameters.
    SessionId,
    /// P-Charging-Vector (RFC 7315): `icid-value`.
    ChargingVector,
    /// A URI of Call-Info.
    CallInfo,
    /// Call-ID that Replaces names (RFC 3891), also inside Refer-To; as [`Kind::CallId`].
    Replaces,
    /// The user of Refer-To; a [`Number`].
    ReferTo,
    /// The user of Referred-By; a [`Number`].
    ReferredBy,
    /// `urn:emergency:uid:callid:…`: the identifier of an NG911 call.
    Incident,
    /// Reason "Call completed elsewhere"; the value is 1.
    Elsewhere,
    /// Max-Forwards of an INVITE; the value is the number and 1 more.
    MaxForwards,
    /// Display name of an INVITE's From.
    DisplayName,
    /// Branch of an INVITE's topmost Via: of a message that FreeSWITCH sends to itself both ends have it.
    Branch,
}

/// One thing that a message says. Never with the value 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// A hash, or the packed form of a [`Number`].
    pub value: u64,
    /// The message that says it.
    pub message: MessageIdx,
    /// What it is.
    pub kind: Kind,
    /// Whether FreeSWITCH sent that message.
    pub sent: bool,
    /// Whether the message is a response, an UPDATE or an INFO: it then speaks of the one who is reached.
    pub told: bool,
}

impl Mark {
    /// The value as a number or user name.
    pub const fn number(&self) -> Number {
        Number::from_packed(self.value)
    }
}

/// Something that happened on a leg, other than a retransmission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When, as the row has it.
    pub time: i64,
    /// The message.
    pub message: MessageIdx,
    /// The method of the request, also of a response.
    pub method: Method,
    /// The status code; 0 for a request.
    pub status: u16,
    /// Whether FreeSWITCH sent it.
    pub sent: bool,
}

/// What is known of a leg while it may be joined; dropped when it is settled.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// What its messages said, each once.
    pub marks: Vec<Mark>,
    /// What happened, in order. Of a long leg some are left out: never the first ones, finals of the INVITE, BYE or REFER.
    pub events: Vec<Event>,
}

/// Marks of a leg; more say nothing new.
const MOST_MARKS: usize = 48;
/// Events that are always kept.
const MOST_EVENTS: usize = 24;

impl Evidence {
    /// Adds a mark, unless a message that went the same way said so before.
    pub(super) fn add(&mut self, mark: Mark) {
        let same = |old: &Mark| (old.kind, old.value, old.sent) == (mark.kind, mark.value, mark.sent);
        if self.marks.len() < MOST_MARKS && !self.marks.iter().any(same) {
            self.marks.push(mark);
        }
    }

    pub(super) fn happened(&mut self, event: Event) {
        let is_kept = matches!(event.method, Method::Bye | Method::Refer)
            || event.method == Method::Invite && event.status >= 200;
        if self.events.len() < MOST_EVENTS || is_kept && self.events.len() < 4 * MOST_EVENTS {
            self.events.push(event);
        }
    }

    /// The marks of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(move |mark| mark.kind == kind)
    }
}
