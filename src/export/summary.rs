//! One line per message: `06:00:00.019608 recv udp/[198.51.100.9]:5060 INVITE 3eae0032@198.51.100.9`.
//!
//! Must not know: filters, files.

use crate::sip::StartLine;
use crate::style::Role;

use super::Entry;
use super::styled_write::{self, Style};

/// How many bytes of the first line are shown for a message that is not SIP.
const FIRST_LINE: usize = 80;

/// Appends the line of a message: timestamp, direction, peer, kind, Call-ID (`-` if it has none).
pub fn line(
    out: &mut Vec<u8>,
    style: Style,
    entry: &Entry<'_>,
    start_line: Option<StartLine<'_>>,
    call_id: &[u8],
) {
    style.styled(out, Role::Dim, |out| styled_write::stamp(out, entry.stamp));
    out.push(b' ');
    out.extend_from_slice(entry.direction.as_str().as_bytes());
    out.push(b' ');
    peer(out, style, entry);
    out.push(b' ');
    what(out, style, entry, start_line);
    out.push(b' ');
    style.styled(out, Role::Dim, |out| match call_id {
        [] => out.push(b'-'),
        call_id => style.inline(out, call_id),
    });
    out.push(b'\n');
}

/// Appends transport and address of the peer: `udp/[198.51.100.9]:5060`.
pub(super) fn peer(out: &mut Vec<u8>, style: Style, entry: &Entry<'_>) {
    out.extend_from_slice(entry.transport.as_str().as_bytes());
    out.push(b'/');
    style.inline(out, entry.address);
}

/// Appends the kind of a message: its method, its status code and reason phrase, or its first line if it is not SIP.
pub(super) fn what(out: &mut Vec<u8>, style: Style, entry: &Entry<'_>, start_line: Option<StartLine<'_>>) {
    match start_line {
        Some(StartLine::Request { method, .. }) => {
            style.styled(out, Role::of_method(method), |out| style.inline(out, method));
        }
        Some(StartLine::Status { code, reason }) => style.styled(out, Role::of_status(code), |out| {
            styled_write::decimal(out, u64::from(code));
            if !reason.is_empty() {
                out.push(b' ');
                style.inline(out, reason);
            }
        }),
        None => style.styled(out, Role::Failure, |out| no_sip(out, style, entry.content)),
    }
}

fn no_sip(out: &mut Vec<u8>, style: Style, content: &[u8]) {
    let end = memchr::memchr(b'\n', content).unwrap_or(content.len()).min(FIRST_LINE);
    let line = content[..end].strip_suffix(b"\r").unwrap_or(&content[..end]);
    out.extend_from_slice(b"(no SIP) ");
    style.inline(out, line);
}
