//! One message as the index keeps it: 64 bytes, no text.
//!
//! Must not know: what the numbers stand for elsewhere than in a snapshot's columns.

use crate::base::{Direction, Transport};

use super::{CallIdx, MessageIdx};

/// What is known of a message without reading it.
///
/// Strings are numbers of the snapshot's columns. `time` is in microseconds since 1970 where the
/// date is known, else since the midnight before the first message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Offset in its source of the message's first byte.
    pub offset: u64,
    /// When the frame was written in which the first byte stands.
    pub time: i64,
    /// Bytes of the message.
    pub len: u32,
    /// The peer's address, in `peers`.
    pub peer: u32,
    /// The Call-ID, in `call_ids`.
    pub call: CallIdx,
    /// The row before this one with the same Call-ID, or [`Row::NONE`].
    pub prev: MessageIdx,
    /// What a list shows of From, in `users`.
    pub from: u32,
    /// What a list shows of To, in `users`.
    pub to: u32,
    /// A request's method or a response's reason phrase, in `words`.
    pub what: u32,
    /// The sequence number of `CSeq`.
    pub cseq: u32,
    /// The method of the request, or of a response's `CSeq`, in `words`.
    pub method: u32,
    /// A hash of the top Via's branch.
    pub branch: u16,
    /// Of responses and ACKs: a hash of the To tag, of a reliable provisional response also of its `RSeq`;
    /// [`Row::NO_TAG`] where there is no tag.
    pub to_tag: u16,
    /// The status code; 0 for a request, and for what is no SIP.
    pub status: u16,
    /// Number of the source.
    pub source: u16,
    /// Frames that the message lay in; 255 stands for more.
    pub frames: u8,
    way: u8,
    /// What else is known.
    pub flags: Flags,
}

/// What all sendings of one message share, see [`Row::sending`].
pub(crate) type Sending = ((u16, u32, u8), (u16, u32, u32), (u16, u16, u16));

/// Which transaction of its Call-ID a message belongs to, see [`Row::transaction`].
pub(crate) type Transaction = ((u16, bool), u16, u32, u32);

const _: () = assert!(size_of::<Row>() <= 64);

impl Row {
    /// The value of `prev` that says there is none.
    pub const NONE: MessageIdx = MessageIdx::MAX;
    /// The value of `to_tag` that says there is none.
    pub const NO_TAG: u16 = 0;

    /// The highest ordinal of a leg that a row can keep.
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
    pub(super) const fn pack_way(direction: Direction, transport: Transport) -> u8 {
        (transport as u8) << 1 | direction as u8
    }

    /// An empty row that goes this way.
    pub(super) fn blank(way: u8) -> Self {
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
            way,
            flags: Flags::default(),
        }
    }

    /// Whether FreeSWITCH received or sent it.
    pub const fn direction(&self) -> Direction {
        if self.way & 1 == 0 { Direction::Recv } else { Direction::Sent }
    }

    /// The transport it came or went by.
    pub fn transport(&self) -> Transport {
        Transport::ALL[usize::from(self.way >> 1) % Transport::ALL.len()]
    }

    /// What all sendings of one message share: the transport, both ends and the transaction; of a response the status and
    /// the dialog (two early dialogs of a fork have different To tags, RFC 3261 §12.1); of a provisional one also the kind
    /// of its body, for a 183 that brings a session description is not the one that had none.
    pub(crate) fn sending(&self) -> Sending {
        let kinds = Flags::SDP.0 | Flags::MULTIPART.0 | Flags::BODY.0;
        let body = if matches!(self.status, 100..=199) { self.flags.0 & kinds } else { 0 };
        (
            (self.source, self.peer, self.way),
            (self.branch, self.cseq, self.method),
            (self.status, self.to_tag, body),
        )
    }

    /// What names its transaction among those of a Call-ID: the profile, whether FreeSWITCH received the request, branch
    /// and `CSeq`.
    pub(crate) fn transaction(&self) -> Transaction {
        let received = self.direction() == Direction::Recv;
        ((self.source, received == (self.status == 0)), self.branch, self.cseq, self.method)
    }

    /// Whether it is a request of a known Call-ID, to which there may be a response if it is no ACK.
    pub(super) const fn wants_answer(&self) -> bool {
        self.is_request() && self.call != 0 && self.method != 0
    }

    /// Whether it is a request.
    pub const fn is_request(&self) -> bool {
        self.flags.has(Flags::SIP) && self.status == 0
    }
}

/// A set of findings about a message, made while it was indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u16);

impl Flags {
    /// It has a SIP start line.
    pub const SIP: Self = Self(1);
    /// Its body is SDP, or a part of its body is.
    pub const SDP: Self = Self(2);
    /// Its body is multipart.
    pub const MULTIPART: Self = Self(4);
    /// It has a body that is no SDP and no multipart.
    pub const BODY: Self = Self(8);
    /// The same transaction sent the same message before.
    pub const RETRANSMISSION: Self = Self(16);
    /// It was cut: by the end of the input, a new start line, a frame shorter than it says.
    pub const INCOMPLETE: Self = Self(32);
    /// A line of its head cannot be read.
    pub const MALFORMED: Self = Self(64);
    /// It lies in several places of the input.
    pub const SCATTERED: Self = Self(128);
    /// Its time has a date.
    pub const DATED: Self = Self(256);
    /// That date is inferred: the stamp has none.
    pub const INFERRED: Self = Self(512);
    /// Bytes of its input are missing before it.
    pub const AFTER_GAP: Self = Self(1024);
    /// It is a request to which there is a final response.
    pub const ANSWERED: Self = Self(2048);
    /// The bits from here on number the leg.
    const LEG_SHIFT: u32 = 12;

    /// Whether all of `other` is in this set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Puts `other` in where `yes` holds.
    #[must_use]
    pub const fn with(self, other: Self, yes: bool) -> Self {
        if yes { Self(self.0 | other.0) } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_and_transport_come_back_out_of_their_byte() {
        for transport in Transport::ALL {
            for direction in [Direction::Recv, Direction::Sent] {
                let row = Row::blank(Row::pack_way(direction, transport));
                assert_eq!((row.direction(), row.transport()), (direction, transport));
            }
        }
    }
}
