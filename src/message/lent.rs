//! What level 2 gives out: a message, lent until the next one, and whether it is whole.
//!
//! Must not know: how it was found.

use crate::base::{Direction, Extent, Timestamp, Transport};
use crate::frame::{LossReason, Marker};

/// Whether a message is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Completeness {
    /// Ended as its head says; on UDP, a datagram.
    Complete,
    /// Begun as a message and never ended, for this reason; counted as a [`Loss`](crate::Loss).
    Cut(LossReason),
    /// No SIP: garbage, another protocol, or the middle of a message whose beginning is not in the input.
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
    /// The stamp of the frame in which the first byte stands.
    pub timestamp: Timestamp,
    /// The message: start line, header fields, blank line, body.
    pub content: &'a [u8],
    /// In how many frames the message's bytes lie.
    pub frame_count: usize,
    /// 0-based offset in the input of the header of the frame in which the first byte stands.
    pub offset: u64,
    /// Where the bytes of `content` stand in the input.
    pub extents: &'a [Extent],
    /// Whether it is whole.
    pub completeness: Completeness,
    /// The last `dump started at` that was met, and how many of these came so far.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the program dates messages by it"))]
    pub(crate) marker: &'a Marker,
}
