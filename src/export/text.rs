//! Messages for people: a line with the source and the time, then the message.
//!
//! Must not know: filters, files.

use crate::sip::IndexFields;
use crate::style::Role;

use super::readable::readable;
use super::styled_write::{self, Safety, Style};
use super::{Entry, summary};

/// How much of a message follows its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The whole message.
    Whole,
    /// Start line and header fields.
    Head,
}

/// Appends `DIR from|to PROTO/ADDR at STAMP (N frames) WHAT`, the message or its header section, and a blank line.
pub fn message(out: &mut Vec<u8>, style: Style, shown: Shown, entry: &Entry<'_>, head: &IndexFields<'_>) {
    out.extend_from_slice(entry.direction.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(entry.direction.preposition().as_bytes());
    out.push(b' ');
    style.styled(out, Role::Strong, |out| summary::peer(out, style, entry));
    out.extend_from_slice(b" at ");
    styled_write::stamp(out, entry.stamp);
    out.extend_from_slice(b" (");
    styled_write::decimal(out, entry.frames);
    out.extend_from_slice(if entry.frames == 1 { b" frame) " } else { b" frames) " });
    summary::what(out, style, entry, head.start_line);
    out.push(b'\n');
    match shown {
        Shown::Whole => style.block(out, &readable(style, entry.content)),
        Shown::Head => style.block(out, header_lines(entry.content, head)),
    }
    out.push(b'\n');
}

/// Start line and header fields, without the blank line that ends them.
fn header_lines<'a>(content: &'a [u8], head: &IndexFields<'_>) -> &'a [u8] {
    let lines = content.get(..head.body_offset).unwrap_or(content);
    for blank in [&b"\r\n\r\n"[..], b"\n\r\n", b"\n\n"] {
        if lines.ends_with(blank) {
            let kept = if blank.starts_with(b"\r\n") { 2 } else { 1 };
            return &lines[..lines.len() - blank.len() + kept];
        }
    }
    lines
}

/// Appends the exact bytes of a message's body, for a terminal its text; all of a message that is not SIP.
pub fn body(out: &mut Vec<u8>, style: Style, entry: &Entry<'_>, head: &IndexFields<'_>) {
    let from = if head.start_line.is_some() { head.body_offset } else { 0 };
    let content = readable(style, entry.content);
    let bytes = content.get(from..).unwrap_or_default();
    match style.safety {
        Safety::Exact => out.extend_from_slice(bytes),
        Safety::Escaped => style.block(out, bytes),
    }
}
