//! One message as the exports need it, whatever its source is.
//!
//! Must not know: readers, stores, output formats.

use crate::base::{Direction, Timestamp, Transport};
use crate::message::MessageRef;

/// One message with its position and its time.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The name of the input.
    pub file: &'a str,
    /// 0-based offset in the input of the header of the frame that contains the first byte.
    pub offset: u64,
    /// Received or sent.
    pub direction: Direction,
    /// The transport.
    pub transport: Transport,
    /// The peer's address as in the dump.
    pub address: &'a [u8],
    /// The timestamp of the frame that contains the first byte.
    pub stamp: Timestamp,
    /// The inferred day of a timestamp without a date: days since 1970-01-01.
    pub date: Option<i64>,
    /// The number of frames that contain bytes of the message.
    pub frames: u64,
    /// Its bytes.
    pub content: &'a [u8],
}

impl<'a> Entry<'a> {
    /// The entry of a lent message, from the input with this name.
    pub fn new(file: &'a str, message: &MessageRef<'a>) -> Self {
        Self {
            file,
            offset: message.offset,
            direction: message.direction,
            transport: message.transport,
            address: message.address.as_bytes(),
            stamp: message.timestamp,
            date: None,
            frames: message.frame_count as u64,
            content: message.content,
        }
    }
}
