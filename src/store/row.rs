//! One message as the index keeps it: 64 bytes, no text.
//!
//! Must not know: what its string numbers mean outside a snapshot's columns.

use crate::base::{Direction, Transport};

use super::{CallIdx, MessageIdx};

/// What is known about a message without reading its text.
///
/// Strings are numbers of the snapshot's columns. `time` is in microseconds since 1970 if the date is known, else since
/// the midnight before the first message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Offset in its source of the message's first byte.
    pub offset: u64,
    /// The time of the frame that contains the first byte.
    pub time: i64,
    /// Length of the message in bytes.
    pub len: u32,
    /// The peer's address, in `peers`.
    pub peer: u32,
    /// The Call-ID, in `call_ids`.
    pub call: CallIdx,
    /// The row before this one with the same Call-ID, or [`Row::NONE`].
    pub prev: MessageIdx,
    /// The user of From as lists show it, in `users`.
    pub from: u32,
    /// The user of To as lists show it, in `users`.
    pub to: u32,
    /// A request's method or a response's reason phrase, in `words`.
    pub what: u32,
    /// The sequence number of `CSeq`.
    pub cseq: u32,
    /// The method of the request, or of a response's `CSeq`, in `words`.
    pub method: u32,
    /// A hash of the top Via's branch.
    pub branch: u16,
    /// For responses and ACKs: a hash of the To tag, and for a reliable provisional response also of its `RSeq`;
    /// [`Row::NO_TAG`] if there is no tag.
    pub to_tag: u16,
    /// The status code; 0 for a request and for a message that is not SIP.
    pub status: u16,
    /// Number of the source.
    pub source: u16,
    /// Number of frames that contain bytes of the message; 255 means 255 or more.
    pub frames: u8,
    packed_direction: u8,
    /// Further properties.
    pub flags: Flags,
}

/// What all transmissions of one message have in common, see [`Row::sending`].
pub(crate) type Sending = ((u16, u32, u8), (u16, u32, u32), (u16, u16, u16));

/// Which transaction of its Call-ID a message belongs to, see [`Row::transaction`].
pub(crate) type Transaction = ((u16, bool), u16, u32, u32);

const _: () = assert!(size_of::<Row>() <= 64);

impl Row {
    /// The value of `prev` that means "none".
    pub const NONE: MessageIdx = MessageIdx::MAX;
    /// The value of `to_tag` that means "none".
    pub const NO_TAG: u16 = 0;

    /// The highest ordinal of a leg that a row can store.
    pub const MOST_LEGS: u8 = 15;

    /// Which of the legs and dialogs with its Call-ID the message belongs to: 0-based.
    pub const fn leg_ordinal(&self) -> u8 {
        (self.flags.0 >> Flags::LEG_SHIFT) as u8
    }

    pub(super) fn set_leg_ordinal(&mut self, ordinal: u8) {
        let ordinal = if ordinal > Self::MOST_LEGS { Self::MOST_LEGS } else { ordinal };
        self.flags.0 = self.flags.0 & ((1 << Flags::LEG_SHIFT) - 1) | u16::from(ordinal) << Flags::LEG_SHIFT;
    }

    /// Direction and transport in one byte.
    pub(super) const fn pack_direction(direction: Direction, transport: Transport) -> u8 {
        (transport as u8) << 1 | direction as u8
    }

    /// An empty row with this direction and transport.
    pub(super) fn blank(packed_direction: u8) -> Self {
        Self {
            offset: 0,
            time: 0,
            len: 0,
            peer: 0,
            call: 0,
            prev: Self::NONE,
            from: 0,
            to: 0,
            what: 0,
            cseq: 0,
            method: 0,
            branch: 0,
            to_tag: Self::NO_TAG,
            status: 0,
            source: 0,
            frames: 0,
            packed_direction,
            flags: Flags::default(),
        }
    }

    /// Whether FreeSWITCH received or sent it.
    pub const fn direction(&self) -> Direction {
        if self.packed_direction & 1 == 0 { Direction::Recv } else { Direction::Sent }
    }

    /// The transport of the message.
    pub fn transport(&self) -> Transport {
        Transport::ALL[usize::from(self.packed_direction >> 1) % Transport::ALL.len()]
    }

    /// What all transmissions of one message have in common: the transport, both ends and the transaction; for a
    /// response also the status code and the dialog (two early dialogs of a fork have different To tags, RFC 3261
    /// §12.1); for a provisional response also the kind of its body, because a 183 with a session description differs
    /// from a 183 without one.
    pub(crate) fn sending(&self) -> Sending {
        let kinds = Flags::SDP.0 | Flags::MULTIPART.0 | Flags::BODY.0;
        let body = if matches!(self.status, 100..=199) { self.flags.0 & kinds } else { 0 };
        (
            (self.source, self.peer, self.packed_direction),
            (self.branch, self.cseq, self.method),
            (self.status, self.to_tag, body),
        )
    }

    /// Identifies its transaction among those of a Call-ID: the profile, whether FreeSWITCH received the request,
    /// branch and `CSeq`.
    pub(crate) fn transaction(&self) -> Transaction {
        let received = self.direction() == Direction::Recv;
        ((self.source, received == (self.status == 0)), self.branch, self.cseq, self.method)
    }

    /// Whether it is a request with a known Call-ID that may get a response, so not an ACK.
    pub(super) const fn wants_answer(&self) -> bool {
        self.is_request() && self.call != 0 && self.method != 0
    }

    /// Whether it is a request.
    pub const fn is_request(&self) -> bool {
        self.flags.has(Flags::SIP) && self.status == 0
    }
}

/// Properties of a message that were found while it was indexed, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u16);

impl Flags {
    /// It has a SIP start line.
    pub const SIP: Self = Self(1);
    /// Its body is SDP, or a part of its body is.
    pub const SDP: Self = Self(2);
    /// Its body is multipart.
    pub const MULTIPART: Self = Self(4);
    /// It has a body that is neither SDP nor multipart.
    pub const BODY: Self = Self(8);
    /// The same transaction sent the same message before.
    pub const RETRANSMISSION: Self = Self(16);
    /// It is incomplete: cut by the end of the input, by a new start line, or by a frame that is shorter than declared.
    pub const INCOMPLETE: Self = Self(32);
    /// A line before its body cannot be parsed.
    pub const MALFORMED: Self = Self(64);
    /// Its bytes are in several extents of the input.
    pub const SCATTERED: Self = Self(128);
    /// Its time has a date.
    pub const DATED: Self = Self(256);
    /// Its date is inferred: the timestamp has none.
    pub const INFERRED: Self = Self(512);
    /// Bytes of its input are missing before it.
    pub const AFTER_GAP: Self = Self(1024);
    /// It is a request that has a final response.
    pub const ANSWERED: Self = Self(2048);
    /// The bits from here on are the ordinal of the leg.
    const LEG_SHIFT: u32 = 12;

    /// Whether this set contains all of `other`.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Adds `other` if `yes`.
    #[must_use]
    pub const fn with(self, other: Self, yes: bool) -> Self {
        if yes { Self(self.0 | other.0) } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_and_transport_survive_packing() {
        for transport in Transport::ALL {
            for direction in [Direction::Recv, Direction::Sent] {
                let row = Row::blank(Row::pack_direction(direction, transport));
                assert_eq!((row.direction(), row.transport()), (direction, transport));
            }
        }
    }
}
