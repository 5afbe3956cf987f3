//! Messages as frames of a dump, one each: what is written can be read again.
//!
//! Must not know: which frames they came in.

use super::{Entry, styled_write};

/// Appends the message as one frame, header, bytes and boundary.
pub fn frame(out: &mut Vec<u8>, entry: &Entry<'_>) {
    out.extend_from_slice(entry.direction.as_str().as_bytes());
    out.push(b' ');
    styled_write::decimal(out, entry.content.len() as u64);
    out.extend_from_slice(b" bytes ");
    out.extend_from_slice(entry.direction.preposition().as_bytes());
    out.push(b' ');
    out.extend_from_slice(entry.transport.as_str().as_bytes());
    out.push(b'/');
    out.extend_from_slice(entry.address);
    out.extend_from_slice(b" at ");
    styled_write::stamp(out, entry.stamp);
    out.extend_from_slice(b":\n");
    out.extend_from_slice(entry.content);
    out.extend_from_slice(b"\x0b\n");
}
