//! A redacted dump is searched for originals before it is used.
//!
//! Must not know: files, why these messages were chosen.

use std::io::{self, Read};

use super::{Leak, LeakCheck};
use crate::message::MessageReader;

/// Searches a redacted dump for originals.
///
/// # Errors
/// If one is left: the error says where. If the dump cannot be read.
pub fn check_dump(check: &mut LeakCheck, dump: impl Read) -> io::Result<()> {
    let (mut reader, mut number) = (MessageReader::new(dump), 0_u64);
    while let Some(message) = reader.next_message().map_err(io::Error::other)? {
        number += 1;
        let leak = check.message(message.content).or_else(|| check.message(message.address.as_bytes()));
        leak.map_or(Ok(()), |leak| Err(leak.error(number)))?;
    }
    Ok(())
}

impl Leak {
    /// What is said about it. It names no original.
    pub fn error(&self, message: u64) -> io::Error {
        let Self { kind, offset } = self;
        let kind = kind.name();
        io::Error::other(format!(
            "message {message} still has the original of a replaced {kind} at byte {offset}; nothing was written"
        ))
    }
}
