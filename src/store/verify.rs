//! Checks that text that was read back is the message of its row: the file may have been overwritten since it was
//! indexed.
//!
//! Must not know: how text is read back.

use std::io;

use crate::base::{Extent, hash16, time_of_day};
use crate::sip::{StartLine, index_fields, without_params};

use super::MessageIdx;
use super::row::Flags;
use super::snapshot::{RowRef, Snapshot};
use super::text::{MessageText, TextReader};

impl Snapshot {
    /// Reads a message's text back, with the frame headers before its pieces.
    ///
    /// # Errors
    /// If there is no such row, or its source can no longer be read there; `InvalidData` if the source has other text
    /// there now.
    pub fn text(&self, reader: &mut TextReader, index: MessageIdx) -> io::Result<MessageText> {
        let row = self.row(index).ok_or(io::ErrorKind::NotFound)?;
        let backing = self.backing(row.row.source).ok_or(io::ErrorKind::NotFound)?;
        let text = reader.message(row.row.source, backing, &self.extents(index))?;
        let header = text.pieces.first().map(|piece| &piece.header[..]).unwrap_or_default();
        // Checked after the read, so that a change before the read is detected.
        if backing.may_differ(row.row.offset) && !is_text_of(&row, &text.bytes, header) {
            return Err(changed());
        }
        Ok(text)
    }

    /// Appends bytes of an input to `out`.
    ///
    /// # Errors
    /// If they can no longer be read there; `InvalidData` if the file changed since it was opened.
    pub fn bytes(
        &self,
        reader: &mut TextReader,
        source: u16,
        extent: Extent,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let backing = self.backing(source).ok_or(io::ErrorKind::NotFound)?;
        reader.read(source, backing, extent, out)?;
        if backing.may_differ(extent.offset) { Err(changed()) } else { Ok(()) }
    }

    /// The file that contains a byte of an input, if it consists of several, and the position in it.
    pub fn position(&self, source: u16, offset: u64) -> (Option<&str>, u64) {
        match self.backing(source).map(|backing| backing.locate(offset)) {
            Some((file, position)) => (file.map(|file| &**file), position),
            None => (None, offset),
        }
    }
}

/// The error for a file whose text changed.
fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "file changed after indexing; the original bytes are gone")
}

/// Whether `bytes` can be the message of this row. `header` is the frame header before them, as far as it is known: a
/// message that is not SIP is recognised only by its header.
fn is_text_of(row: &RowRef<'_>, bytes: &[u8], header: &[u8]) -> bool {
    if !row.row.flags.has(Flags::SIP) {
        let peer = row.peer();
        return memchr::memmem::find(header, peer).is_some()
            && header.ends_with(time_of_day(row.row.time).as_bytes());
    }
    let head = index_fields(bytes);
    let (status, what) = match head.start_line {
        Some(StartLine::Request { method, .. }) => (0, method),
        Some(StartLine::Status { code, reason }) => (code, reason),
        None => return false,
    };
    (status, what) == (row.row.status, row.what())
        && head.call_id == row.call_id()
        && (head.cseq_number, hash16(&[head.branch])) == (row.row.cseq, row.row.branch)
        && (without_params(head.from), without_params(head.to)) == (row.from_value(), row.to_value())
}
