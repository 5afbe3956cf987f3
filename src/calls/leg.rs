//! One leg as the index keeps it: an INVITE dialog between FreeSWITCH and one peer, in at most 128 bytes.
//!
//! Must not know: texts of messages, other legs.

use crate::store::{CallIdx, MessageIdx};

use super::codec::Codecs;

/// Number of a leg: 0-based, in the order of their first messages.
pub type LegIdx = u32;

/// The message that there is none of.
pub const NO_MESSAGE: MessageIdx = MessageIdx::MAX;

/// Who started the leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Side {
    /// The trace does not say: it begins after the INVITE.
    #[default]
    Unknown,
    /// The peer: it called FreeSWITCH.
    A,
    /// FreeSWITCH: it called the peer.
    B,
}

impl Side {
    /// `A`, `B`; empty where it is not known.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::A => "A",
            Self::B => "B",
        }
    }
}

/// One of the two ends of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// The peer.
    Peer,
    /// FreeSWITCH.
    Us,
}

impl End {
    /// `peer` or `freeswitch`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Peer => "peer",
            Self::Us => "freeswitch",
        }
    }
}

/// How far the INVITE came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Progress {
    /// The INVITE, and perhaps 100.
    #[default]
    Trying,
    /// A provisional response above 100.
    Ringing,
    /// 401 or 407, so far without another INVITE.
    Challenged,
    /// A final response of 300 or above.
    Refused,
    /// A 2xx, or a request that only a confirmed dialog has.
    Answered,
}

/// What else is known of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LegFlags(u16);

impl LegFlags {
    /// Its first messages are not in the trace.
    pub const BEGUN_BEFORE: Self = Self(1);
    /// A CANCEL was seen.
    pub const CANCELLED: Self = Self(2);
    /// FreeSWITCH sent the request that ended it (BYE or CANCEL); the peer did where this is not set.
    pub const ENDED_BY_US: Self = Self(4);
    /// An emergency call: `urn:service:sos` or an incident identifier.
    pub const EMERGENCY: Self = Self(8);
    /// A REFER was sent or received in it, or its INVITE replaces another dialog.
    pub const TRANSFERRED: Self = Self(16);
    /// It was put on hold.
    pub const HELD: Self = Self(32);
    /// The hold was not released so far.
    pub const ON_HOLD: Self = Self(64);
    /// The CANCEL or BYE said "Call completed elsewhere": another fork won.
    pub const ELSEWHERE: Self = Self(128);
    /// An INVITE with credentials was seen.
    pub const DIGEST: Self = Self(256);
    /// SDP came before the answer.
    pub const EARLY_MEDIA: Self = Self(512);
    /// Session descriptions were seen.
    pub const SDP: Self = Self(1024);
    /// A challenge with `stale=true` was seen.
    pub const STALE: Self = Self(2048);
    /// A Reason field says that FreeSWITCH gave up when its time was over.
    pub const TOO_LONG: Self = Self(4096);
    /// The other side no longer knows the answered call: its last request was answered 481 or 408 (RFC 3261 §12.2.1.2).
    pub const GONE: Self = Self(8192);
    /// An offer was answered.
    pub const AGREED: Self = Self(16384);

    /// Whether all of `other` is in this set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn set(&mut self, other: Self, yes: bool) {
        self.0 = if yes { self.0 | other.0 } else { self.0 & !other.0 };
    }
}

/// A leg. Times are messages: their rows have the time, and they are the proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// Its Call-ID.
    pub call_id: CallIdx,
    /// What shares its Call-ID, see `Calls`.
    pub(super) next: u32,
    /// The first message: the INVITE, unless the leg began before the trace.
    pub first: MessageIdx,
    /// The last message so far.
    pub last: MessageIdx,
    /// The first 100.
    pub trying: MessageIdx,
    /// The first 18x.
    pub ringing: MessageIdx,
    /// The final response of the initial INVITE: the 2xx where there is one.
    pub fin: MessageIdx,
    /// The ACK to the 2xx.
    pub ack: MessageIdx,
    /// The BYE, or else the CANCEL.
    pub end: MessageIdx,
    /// Its messages, retransmissions included.
    pub messages: u32,
    /// Hash of the tag of who started it.
    pub(super) from_tag: u32,
    /// Hash of the other tag; 0 while none was seen.
    pub(super) to_tag: u32,
    /// The newest note, chained backwards.
    pub(super) note: u32,
    /// The text of the Reason field that ended it, in the texts.
    pub(super) reason: u32,
    /// Where the peer wants the audio: number of the address.
    pub(super) peer_media: u32,
    /// Where FreeSWITCH wants it.
    pub(super) our_media: u32,
    /// The peer's address, in the snapshot's peers.
    pub(super) peer: u32,
    /// The ports of `peer_media` and `our_media`.
    pub(super) media_ports: [u16; 2],
    /// The codecs of the first offer.
    pub offered: Codecs,
    /// The codecs of its answer.
    pub agreed: Codecs,
    /// The status code of `fin`; 0 without.
    pub status: u16,
    /// How many of its messages are retransmissions.
    pub retransmissions: u16,
    /// The source it was seen in.
    pub source: u16,
    pub(super) flags: LegFlags,
    /// The cause by Q.850 that a Reason field named; 0 without.
    pub cause: u8,
    /// Early dialogs: tags with which the INVITE was answered.
    pub forks: u8,
    /// How often it was put on hold.
    pub holds: u8,
    /// Its place among what shares its Call-ID.
    pub(super) ordinal: u8,
    /// Who started it.
    pub side: Side,
    pub(super) progress: Progress,
}

const _: () = assert!(size_of::<Leg>() <= 120);

impl Leg {
    pub(super) fn new(call_id: CallIdx, first: MessageIdx) -> Self {
        Self {
            call_id,
            next: u32::MAX,
            first,
            last: first,
            trying: NO_MESSAGE,
            ringing: NO_MESSAGE,
            fin: NO_MESSAGE,
            ack: NO_MESSAGE,
            end: NO_MESSAGE,
            messages: 0,
            from_tag: 0,
            to_tag: 0,
            note: u32::MAX,
            reason: 0,
            peer_media: 0,
            our_media: 0,
            peer: 0,
            media_ports: [0; 2],
            offered: Codecs::default(),
            agreed: Codecs::default(),
            status: 0,
            retransmissions: 0,
            source: 0,
            flags: LegFlags::default(),
            cause: 0,
            forks: 0,
            holds: 0,
            ordinal: 0,
            side: Side::Unknown,
            progress: Progress::Trying,
        }
    }

    /// Whether all of these are true of it.
    pub const fn is(&self, flags: LegFlags) -> bool {
        self.flags.has(flags)
    }

    /// Whether it was answered with a 2xx.
    pub fn is_answered(&self) -> bool {
        self.progress == Progress::Answered
    }

    /// Who sent the BYE or the CANCEL that ended it.
    pub fn ended_by(&self) -> Option<End> {
        let by = if self.is(LegFlags::ENDED_BY_US) { End::Us } else { End::Peer };
        (self.end != NO_MESSAGE).then_some(by)
    }
}
