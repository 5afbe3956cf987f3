//! A message of the index as the output and the filters need it.
//!
//! Must not know: why it is printed, how a message is printed.

use std::io;
use std::sync::Arc;

use crate::export::stored::with_stored;
use crate::message::{Completeness, Marker};
use crate::store::{Flags, MessageIdx, Snapshot, Source, TextReader};

use super::facts::{MessageFacts, Position};

/// Gives a stored message to `use_it`.
///
/// # Errors
/// If its text cannot be read back.
pub(super) fn with_facts<T>(
    snapshot: &Snapshot,
    message: MessageIdx,
    reader: &mut TextReader,
    use_it: impl FnOnce(&MessageFacts<'_>) -> T,
) -> io::Result<T> {
    with_stored(snapshot, message, reader, |stored| {
        let source = Arc::new(Source::new(stored.profile, stored.entry.file));
        let entry = stored.entry;
        let (number, marker) = (u64::from(message) + 1, Marker::default());
        let position = Position {
            source: &source,
            offset: entry.offset,
            time: stored.time,
            dates: stored.dates,
            number,
            marker: &marker,
        };
        let is_sip = stored.row.row.flags.has(Flags::SIP);
        let completeness = if is_sip { Completeness::Complete } else { Completeness::NotSip };
        use_it(&MessageFacts::of_entry(entry, position, completeness))
    })
}
