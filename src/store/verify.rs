//! Whether text that was read back is the message of its row: the file may have been overwritten since it was indexed.
//!
//! Must not know: how text is read back.

use std::io;

use crate::base::time_of_day;
use crate::sip::{StartLine, index_fields, user_of};

use super::row::Flags;
use super::row_builder::hash16;
use super::snapshot::RowRef;

/// The error for a file whose text changed.
pub(super) fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "file changed after indexing; the original bytes are gone")
}

/// Whether `bytes` can be the message of this row. `header` is the frame header before them, as far as it is known: a
/// message that is not SIP is recognised by it only.
pub(super) fn is_text_of(row: &RowRef<'_>, bytes: &[u8], header: &[u8]) -> bool {
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
        && (head.cseq_number, hash16(head.branch)) == (row.row.cseq, row.row.branch)
        && (user_of(head.from), user_of(head.to)) == (row.from(), row.to())
}
