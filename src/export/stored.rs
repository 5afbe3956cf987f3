//! A message of the index as the formats need it: read back from its input.
//!
//! Must not know: why it is written, how a message is written.

use std::io;

use crate::base::{Extent, Timestamp};
use crate::store::{DAY, Dates, Flags, MessageIdx, MessageText, RowRef, Snapshot, TextReader, WindowReader};

use super::Entry;

/// A frame of a stream is one read of its connection: rarely this long.
const FRAME_MOST: u64 = 256 << 10;
/// What ends each frame.
const BOUNDARY: &[u8] = b"\x0b\n";

/// A message of the index, with its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// The message.
    pub entry: Entry<'a>,
    /// Its row.
    pub row: RowRef<'a>,
    /// The profile that wrote it.
    pub profile: &'a str,
    /// Microseconds since 1970, or since the midnight before the first message.
    pub time: i64,
    /// How its date is known.
    pub dates: Dates,
}

/// Gives a stored message to `use_it`.
///
/// # Errors
/// If its text cannot be read back.
pub fn with_stored<T>(
    snapshot: &Snapshot,
    message: MessageIdx,
    reader: &mut TextReader,
    use_it: impl FnOnce(&Stored<'_>) -> T,
) -> io::Result<T> {
    let row = snapshot.row(message).ok_or(io::ErrorKind::NotFound)?;
    let text = snapshot.text(reader, message)?;
    let offset = frame_offset(&row, &text, reader);
    Ok(use_it(&Stored::new(row, offset, &text.bytes)))
}

/// Gives a stored message to `use_it`; faster where all messages are read in order. Its offset is that of its own first byte,
/// not that of its frame.
///
/// # Errors
/// If its text cannot be read back.
pub fn with_next<T>(
    row: &RowRef<'_>,
    reader: &mut WindowReader,
    use_it: impl FnOnce(&Stored<'_>) -> T,
) -> io::Result<T> {
    let (_, offset) = row.snapshot.position(row.row.source, row.row.offset);
    let bytes = reader.message(row.snapshot, row.index)?;
    Ok(use_it(&Stored::new(*row, offset, bytes)))
}

impl<'a> Stored<'a> {
    fn new(row: RowRef<'a>, offset: u64, content: &'a [u8]) -> Self {
        let (stamp, dates) = stamp(&row);
        let entry = Entry {
            file: row.file_name(),
            offset,
            direction: row.row.direction(),
            transport: row.row.transport(),
            address: row.peer(),
            stamp,
            date: inferred_date(stamp, row.row.time, dates),
            frames: u64::from(row.row.frames),
            content,
        };
        let profile = row.source().map_or("", |source| &source.profile);
        Self { entry, row, profile, time: row.row.time, dates }
    }
}

/// The inferred date of a timestamp without a date, in days since 1970.
#[inline]
pub fn inferred_date(stamp: Timestamp, time: i64, dates: Dates) -> Option<i64> {
    (dates.is_inferred() && stamp.days().is_none()).then(|| time.div_euclid(DAY))
}

/// The timestamp of a message as its frame has it, and how its date is known.
fn stamp(row: &RowRef<'_>) -> (Timestamp, Dates) {
    let clock = Timestamp::of_day_micros(row.row.time.rem_euclid(DAY).unsigned_abs());
    let flags = row.row.flags;
    if !flags.has(Flags::DATED) {
        return (clock, Dates::Unknown);
    }
    // The index does not say whether a date is from the text or from the file's own time.
    if flags.has(Flags::INFERRED) {
        return (clock, Dates::Inferred);
    }
    (clock.on_day(row.row.time.div_euclid(DAY)).unwrap_or(clock), Dates::Stamped)
}

/// Where the header of the frame begins that contains the first byte of a message, in its file.
fn frame_offset(row: &RowRef<'_>, text: &MessageText, reader: &mut TextReader) -> u64 {
    let Some(first) = text.pieces.first() else { return 0 };
    if !first.header.is_empty() {
        // A colon and a line end follow the header.
        return first.extent.offset.saturating_sub(first.header.len() as u64 + 2);
    }
    let (source, end) = (row.row.source, row.row.offset);
    let before = Extent::new(end.saturating_sub(FRAME_MOST), end.min(FRAME_MOST));
    let mut bytes = Vec::new();
    // Where the text before it is gone, its own position is the best that is known.
    if row.snapshot.bytes(reader, source, before, &mut bytes).is_err() {
        return first.extent.offset;
    }
    let header = memchr::memmem::rfind(&bytes, BOUNDARY).map_or(0, |at| at + BOUNDARY.len());
    row.snapshot.position(source, before.offset + header as u64).1
}
