//! What level 2 returns: a message, lent until the next one, and whether it is complete.
//!
//! Must not know: how messages are found.

use crate::base::{Direction, Extent, Timestamp, Transport};
use crate::frame::{LossReason, Marker};

/// Whether a message is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Completeness {
    /// Ended as its header fields say; on UDP, a datagram.
    Complete,
    /// Begun as a message and never finished, for this reason; counted as a [`Loss`](crate::Loss).
    Cut(LossReason),
    /// Not SIP: garbage, another protocol, or the middle of a message whose beginning is not in the input.
    NotSip,
}

/// One message, lent by a [`MessageReader`](super::MessageReader).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct MessageRef<'a> {
    /// Received or sent.
    pub direction: Direction,
    /// The transport.
    pub transport: Transport,
    /// The peer's address and port as written: `[192.0.2.7]:5060`.
    pub address: &'a str,
    /// The timestamp of the frame that contains the first byte.
    pub timestamp: Timestamp,
    /// The message: start line, header fields, blank line, body.
    pub content: &'a [u8],
    /// The number of frames that contain bytes of the message.
    pub frame_count: usize,
    /// 0-based offset in the input of the header of the frame that contains the first byte.
    pub offset: u64,
    /// The extents of `content` in the input.
    pub extents: &'a [Extent],
    /// Whether the message is complete.
    pub completeness: Completeness,
    /// The last `dump started at` so far, and how many of these came.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the program dates messages by it"))]
    pub(crate) marker: &'a Marker,
}
