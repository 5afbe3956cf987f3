//! What is no call: registrations, subscriptions, pings, messages. 36 bytes each.
//!
//! Must not know: legs, texts of messages.

use crate::store::{CallIdx, MessageIdx};

use super::leg::NO_MESSAGE;
use super::method::Method;
use super::signals::{Said, Signals};

/// What a Call-ID without an INVITE is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DialogKind {
    /// REGISTER.
    Register,
    /// SUBSCRIBE and its NOTIFY.
    Subscription,
    /// OPTIONS.
    Ping,
    /// MESSAGE.
    Message,
    /// PUBLISH.
    Publish,
    /// REFER outside of a call.
    Refer,
    /// A single request of another method.
    Other,
}

impl DialogKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Register,
        Self::Subscription,
        Self::Ping,
        Self::Message,
        Self::Publish,
        Self::Refer,
        Self::Other,
    ];

    /// The word that `kind:` takes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Subscription => "subscription",
            Self::Ping => "ping",
            Self::Message => "message",
            Self::Publish => "publish",
            Self::Refer => "refer",
            Self::Other => "other",
        }
    }

    /// What a dialog that begins with a message is used for. A NOTIFY without a Subscription-State belongs to no subscription.
    pub(super) fn beginning_with(signals: &Signals, is_request: bool) -> Self {
        let said = signals.said;
        let has_state = said.has(Said::ACTIVE) || said.has(Said::PENDING) || said.has(Said::TERMINATED);
        match signals.method {
            Method::Notify if is_request && !has_state => Self::Other,
            method => Self::of(method),
        }
    }

    pub(super) const fn of(method: Method) -> Self {
        match method {
            Method::Register => Self::Register,
            Method::Subscribe | Method::Notify => Self::Subscription,
            Method::Options => Self::Ping,
            Method::Message => Self::Message,
            Method::Publish => Self::Publish,
            Method::Refer => Self::Refer,
            _ => Self::Other,
        }
    }
}

/// The state of a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DialogState {
    /// The last request has no final response so far.
    #[default]
    Open,
    /// The last final response was a challenge.
    Unauthorised,
    /// It was accepted: registered, subscribed, delivered, answered.
    Accepted,
    /// It ended as it should: unregistered, terminated.
    Ended,
    /// It was refused.
    Refused,
    /// A subscription that no one has granted so far (RFC 6665 §4.1.2).
    Pending,
    /// It was accepted, and its time is over without a refresh.
    Expired,
}

/// One such use of a Call-ID on one profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialog {
    /// Its Call-ID.
    pub call_id: CallIdx,
    pub(super) next: u32,
    /// The first message.
    pub first: MessageIdx,
    /// The last final response, or the NOTIFY that says how long a subscription lasts.
    pub fin: MessageIdx,
    /// The 2xx that granted a registration last: what fails after it leaves that as it is (RFC 3261 §10.3).
    pub(super) granted: MessageIdx,
    /// Seconds that a registration lasts from `granted` on, and a subscription from `fin` on; 0 where it is not known.
    pub lasts: u32,
    pub(super) note: u32,
    /// The source it was seen in.
    pub source: u16,
    /// The status of the last final response; 0 without.
    pub status: u16,
    /// Messages, up to 255.
    pub messages: u8,
    /// Final responses of 400 or above, other than challenges to requests without the credentials that were asked for.
    pub failures: u8,
    kind_and_state: u8,
    pub(super) ordinal: u8,
}

const _: () = assert!(size_of::<Dialog>() <= 36);

impl Dialog {
    pub(super) fn new(call_id: CallIdx, first: MessageIdx, kind: DialogKind) -> Self {
        Self {
            call_id,
            next: u32::MAX,
            first,
            fin: NO_MESSAGE,
            granted: NO_MESSAGE,
            lasts: 0,
            note: u32::MAX,
            source: 0,
            status: 0,
            messages: 0,
            failures: 0,
            kind_and_state: (kind as u8) << 4,
            ordinal: 0,
        }
    }

    /// What it is.
    pub fn kind(&self) -> DialogKind {
        DialogKind::ALL[usize::from(self.kind_and_state >> 4) % DialogKind::ALL.len()]
    }

    /// Its state.
    pub const fn state(&self) -> DialogState {
        match self.kind_and_state & 15 {
            1 => DialogState::Unauthorised,
            2 => DialogState::Accepted,
            3 => DialogState::Ended,
            4 => DialogState::Refused,
            5 => DialogState::Pending,
            6 => DialogState::Expired,
            _ => DialogState::Open,
        }
    }

    pub(super) fn set_state(&mut self, state: DialogState) {
        self.kind_and_state = self.kind_and_state & 0xf0 | state as u8;
    }
}

impl DialogState {
    pub(super) const fn word(self, kind: DialogKind) -> &'static str {
        match (self, kind) {
            (DialogState::Open, _) => "unanswered",
            (DialogState::Unauthorised, _) => "unauthorised",
            (DialogState::Refused, _) => "refused",
            (DialogState::Pending, _) => "pending",
            (DialogState::Expired, _) => "expired",
            (DialogState::Accepted, DialogKind::Register) => "registered",
            (DialogState::Ended, DialogKind::Register) => "unregistered",
            (DialogState::Accepted, DialogKind::Subscription) => "active",
            (DialogState::Ended, _) => "terminated",
            (DialogState::Accepted, DialogKind::Message) => "delivered",
            (DialogState::Accepted, _) => "answered",
        }
    }

    /// All words for dialogs of a kind.
    #[cfg(test)]
    pub(super) fn words(kind: DialogKind) -> [&'static str; 7] {
        [
            Self::Open,
            Self::Unauthorised,
            Self::Accepted,
            Self::Ended,
            Self::Refused,
            Self::Pending,
            Self::Expired,
        ]
        .map(|state| state.word(kind))
    }
}
