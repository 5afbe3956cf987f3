//! Level 2 as an iterator of owned messages.
//!
//! Must not know: what a message contains.

use std::io::Read;

use crate::base::{Direction, Timestamp, Transport};
use crate::frame::{ParseError, ParseStats, SkipTracking};
use crate::message::{Completeness, MessageReader, MessageRef};

/// One message of a dump, not parsed.
///
/// `parse()` parses it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SipMessage {
    /// Received or sent.
    pub direction: Direction,
    /// The transport.
    pub transport: Transport,
    /// The peer's address and port as written: `[192.0.2.7]:5060`.
    pub address: String,
    /// The timestamp of the frame that contains the first byte.
    pub timestamp: Timestamp,
    /// The message: start line, header fields, blank line, body.
    pub content: Vec<u8>,
    /// The number of frames that contain bytes of the message.
    pub frame_count: usize,
    /// 0-based offset in the input of the header of the frame that contains the first byte.
    pub offset: u64,
    /// Whether the message is complete.
    pub completeness: Completeness,
}

impl From<MessageRef<'_>> for SipMessage {
    fn from(message: MessageRef<'_>) -> Self {
        Self {
            direction: message.direction,
            transport: message.transport,
            address: message.address.to_owned(),
            timestamp: message.timestamp,
            content: message.content.to_vec(),
            frame_count: message.frame_count,
            offset: message.offset,
            completeness: message.completeness,
        }
    }
}

/// The messages of a dump, owned. [`MessageReader`] does the same without allocating.
///
/// ```
/// use sofiatui::MessageIterator;
/// let dump = b"recv 40 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\n\
///     OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\n\r\n\x0b\n";
/// let mut messages = MessageIterator::new(&dump[..]);
/// let message = messages.next().unwrap()?;
/// assert_eq!((message.address.as_str(), message.frame_count), ("[192.0.2.7]:5060", 1));
/// assert_eq!(messages.parse_stats().messages(), 1);
/// # Ok::<(), sofiatui::ParseError>(())
/// ```
#[derive(Debug)]
pub struct MessageIterator<R> {
    messages: MessageReader<R>,
}

impl<R: Read> MessageIterator<R> {
    /// Reads messages from `input`, which needs no buffer of its own.
    pub fn new(input: R) -> Self {
        Self { messages: MessageReader::new(input) }
    }

    /// Sets how much to keep of skipped bytes; only the counters by default.
    #[must_use]
    pub fn skip_tracking(self, tracking: SkipTracking) -> Self {
        Self { messages: self.messages.skip_tracking(tracking) }
    }

    /// The statistics so far, including those of level 1.
    pub fn parse_stats(&self) -> &ParseStats {
        self.messages.parse_stats()
    }

    /// The statistics so far, mutable, for draining the regions.
    pub fn parse_stats_mut(&mut self) -> &mut ParseStats {
        self.messages.parse_stats_mut()
    }
}

impl<R: Read> Iterator for MessageIterator<R> {
    type Item = Result<SipMessage, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.messages.next_message().map(|message| message.map(SipMessage::from)).transpose()
    }
}

impl<R: Read> std::iter::FusedIterator for MessageIterator<R> {}
