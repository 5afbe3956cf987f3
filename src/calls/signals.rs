//! What calls need of a message's text, kept while the message is taken; the buffers are used again.
//!
//! Must not know: legs, rows, header fields, what the signals mean together.

use std::ops::{Deref, DerefMut};

use super::bindings::Binding;
use super::challenge::Protection;
use super::evidence::Kind;
use super::hash::wide_hash;
use super::leg_rules::LegRules;
use super::media::Media;
use super::method::Method;
use super::note::Noted;
use super::session_timer::SessionTimer;
use crate::message::Marker;

/// Something that a message says by one of its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said(u16);

impl Said {
    /// A challenge with `stale=true`: the password was right.
    pub const STALE: Self = Self(1);
    /// The request has an Authorization or Proxy-Authorization field.
    pub const DIGEST: Self = Self(2);
    /// Subscription-State: terminated.
    pub const TERMINATED: Self = Self(4);
    /// Replaces is present (RFC 3891), or in Refer-To.
    pub const REPLACES: Self = Self(8);
    /// It belongs to an emergency call: `urn:service:sos`, an incident identifier.
    pub const EMERGENCY: Self = Self(16);
    /// A multipart body.
    pub const MULTIPART: Self = Self(32);
    /// Two session descriptions in one multipart body.
    pub const TWO_SDP: Self = Self(128);
    /// Require: 100rel; a response with it wants a PRACK (RFC 3262 §4).
    pub const RELIABLE: Self = Self(256);
    /// The content type says SDP, and there is no body.
    pub const EMPTY_SDP: Self = Self(512);
    /// Event: refer.
    pub const REFER_EVENT: Self = Self(1024);
    /// Contact: `*`, all bindings are removed.
    pub const ALL_CONTACTS: Self = Self(2048);
    /// Subscription-State: pending.
    pub const PENDING: Self = Self(4096);
    /// Subscription-State: active.
    pub const ACTIVE: Self = Self(8192);

    /// Whether all of `other` was said.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// The signals of one message. Kept and filled again.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// What is no list, and is read as if it were fields of this.
    pub(super) values: Values,
    /// The text of the last Reason field, or of Warning; the reason of Subscription-State.
    pub reason: Vec<u8>,
    /// Who authenticates, of an Authorization field.
    pub user: Vec<u8>,
    /// Whom a REFER names.
    pub(super) refer_to: Vec<u8>,
    /// The values of Contact, of a REGISTER or its response.
    pub(super) bindings: Vec<Binding>,
    /// Realms and nonces of challenges or credentials.
    pub(super) protections: Vec<Protection>,
    /// What legs may be joined by.
    pub marks: Vec<(Kind, u64)>,
    /// What an emergency call carries, and parts that are named and missing.
    pub(super) carried: Vec<(Noted, Vec<u8>)>,
    /// Header fields by which the user joins legs.
    pub(super) rules: LegRules,
    /// A body that is still to be read.
    pub(super) later: Later,
}

/// The signals that are no lists.
#[derive(Debug, Clone, Copy, Default)]
pub struct Values {
    /// The request's method, or the method of a response's `CSeq`.
    pub method: Method,
    /// Hash of From's tag; 0 without.
    pub from_tag: u32,
    /// Hash of To's tag; 0 without.
    pub to_tag: u32,
    /// What was said.
    pub said: Said,
    /// Max-Forwards of an INVITE.
    pub max_forwards: Option<u8>,
    /// Expires, or the `expires` of Subscription-State, in seconds.
    pub expires: Option<u32>,
    /// Session-Expires.
    pub(super) session_timer: Option<SessionTimer>,
    /// The cause of a Reason field by Q.850; 0 without.
    pub cause: u8,
    /// The status that a sipfrag body reports (RFC 3420), or the SIP cause of a Reason field; 0 without.
    pub reported: u16,
    /// `RSeq`, of a reliable provisional response.
    pub rseq: u32,
    /// The audio of the session description.
    pub media: Option<Media>,
    /// Whether FreeSWITCH sent the message.
    pub(super) sent: bool,
    /// The host of the peer's Contact in an INVITE or its answer, where it is an address.
    pub contact: Option<std::net::IpAddr>,
    /// The last marker before the message.
    pub(super) marker: Marker,
}

impl Deref for Signals {
    type Target = Values;
    fn deref(&self) -> &Values {
        &self.values
    }
}

impl DerefMut for Signals {
    fn deref_mut(&mut self) -> &mut Values {
        &mut self.values
    }
}

/// A copy of a body, so that it is read when the message is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Later {
    /// The content type and the body.
    bytes: Vec<u8>,
    type_len: usize,
    status: u16,
}

impl Later {
    /// Longer bodies are not copied.
    pub(super) const MOST: usize = 4096;
    /// The room that is kept for the next body: many messages wait at a time, and few of them have a longer one.
    const KEPT: usize = 1024;

    pub(super) fn keep(&mut self, body: &[u8], content_type: &[u8], status: u16) {
        self.bytes.clear();
        self.bytes.extend_from_slice(content_type);
        self.bytes.extend_from_slice(body);
        (self.type_len, self.status) = (content_type.len(), status);
    }

    /// The body, its content type and the status of its message, if there is one.
    pub(super) fn body(&self) -> Option<(&[u8], &[u8], u16)> {
        let (content_type, body) =
            self.bytes.split_at_checked(self.type_len).filter(|_| self.type_len > 0)?;
        Some((body, content_type, self.status))
    }

    pub(super) fn clear(&mut self) {
        if self.bytes.capacity() > Self::KEPT {
            self.bytes = Vec::new();
        }
        self.bytes.clear();
        self.type_len = 0;
    }
}

/// What is kept of what one message carries.
const MOST_CARRIED: usize = 24;

impl Signals {
    /// Signals that include the fields that `rules` name.
    pub fn with_rules(rules: LegRules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// Forgets the message; the buffers and the rules stay.
    pub(super) fn clear(&mut self) {
        // `sent` and `marker` are set for each message.
        let Values { sent, marker, .. } = self.values;
        self.values = Values { sent, marker, ..Values::default() };
        let Self { reason, user, refer_to, protections, marks, carried, later, .. } = self;
        reason.clear();
        user.clear();
        refer_to.clear();
        marks.clear();
        carried.clear();
        self.bindings.clear();
        later.clear();
        protections.clear();
    }

    pub(super) fn mark(&mut self, kind: Kind, value: u64) {
        if value != 0 {
            self.marks.push((kind, value));
        }
    }

    pub(super) fn carry(&mut self, what: Noted, text: &[u8]) {
        if !text.is_empty() && self.carried.len() < MOST_CARRIED {
            self.carried.push((what, text.to_vec()));
        }
    }

    /// An identifier of an incident or an emergency call (`urn:emergency:uid:…`).
    pub(super) fn incident(&mut self, uri: &[u8]) {
        if starts_with(uri, b"urn:emergency:uid:") {
            self.said.add(Said::EMERGENCY);
            // Several calls may belong to one incident: only the identifier of the call joins.
            if starts_with(uri, b"urn:emergency:uid:callid:") {
                self.mark(Kind::Incident, wide_hash(&[uri]));
            }
            self.carry(Noted::Identifier, uri);
        }
    }
}

pub(super) fn starts_with(text: &[u8], prefix: &[u8]) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
