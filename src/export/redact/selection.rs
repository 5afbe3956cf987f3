//! Messages of the index as a redacted dump: for saving and copying in the browser.
//!
//! Must not know: files, why these messages were chosen.

use std::io::{self, Read};

use super::{Key, Leak, LeakCheck, Redactor};
use crate::export::dump::Dump;
use crate::export::stored::with_stored;
use crate::message::MessageReader;
use crate::store::{MessageIdx, Snapshot, TextReader};

/// A redacted dump.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedactedDump {
    /// The dump: one frame for each message.
    pub dump: Vec<u8>,
    /// The messages that are missing because their text cannot be read back.
    pub unreadable: u64,
    /// What was replaced, in counts.
    pub report: String,
}

/// The messages of the index as a redacted dump, in this order, with a new key. It was searched for originals.
///
/// # Errors
/// If an original is left: the error says where. If the system has no random numbers.
pub fn redacted_dump(snapshot: &Snapshot, messages: &[MessageIdx]) -> io::Result<RedactedDump> {
    let mut redactor = Redactor::new(Key::random()?);
    let (mut dump, mut writer) = (Vec::new(), Dump::default());
    let (mut reader, mut unreadable) = (TextReader::default(), 0);
    for message in messages {
        let read = with_stored(snapshot, *message, &mut reader, |stored| {
            writer.message(&mut dump, &redactor.entry(&stored.entry), stored.time, stored.dates);
        });
        unreadable += u64::from(read.is_err());
    }
    check_dump(&mut LeakCheck::new(&redactor), &dump[..])?;
    Ok(RedactedDump { dump, unreadable, report: redactor.report() })
}

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
