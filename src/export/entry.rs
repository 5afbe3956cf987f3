//! One message as the exports need it, wherever it comes from.
//!
//! Must not know: readers, stores, forms of output.

use crate::base::{Direction, Timestamp, Transport};
use crate::message::MessageRef;

/// One message, with the place and the time that it was found at.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The name of the input.
    pub file: &'a str,
    /// 0-based offset in the input of the header of the frame in which it begins.
    pub offset: u64,
    /// Received or sent.
    pub direction: Direction,
    /// The transport.
    pub transport: Transport,
    /// The peer's address as in the dump.
    pub address: &'a [u8],
    /// When the frame was written in which it begins.
    pub stamp: Timestamp,
    /// The day of a stamp without a date, where it is inferred: days since 1970-01-01.
    pub date: Option<i64>,
    /// In how many frames it lies.
    pub frames: u64,
    /// Its bytes.
    pub content: &'a [u8],
}

impl<'a> Entry<'a> {
    /// The message that a reader lends, from the input of that name.
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
