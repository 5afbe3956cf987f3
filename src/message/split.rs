//! Decides what the bytes of a stream begin with: a keep-alive, a message, a part of one, or something that is not SIP;
//! and whether a new frame continues the message that its stream holds.
//!
//! Must not know: readers, frames, where held bytes are kept.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::streams::Held;
use super::unsized_body::Unsized;
use crate::sip::framing::HeadScan;
use crate::sip::start_line::{self, StartLine};

static FIND_VERSION: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"SIP/"));

/// The first item in bytes of a stream that are outside any message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Split {
    /// No bytes are there.
    Nothing,
    /// A whole message of this many bytes.
    Message(usize),
    /// A message that continues after the bytes.
    Partial,
    /// This many bytes that are not SIP.
    NotSip(usize),
}

/// Length of the run of line ends at the start of `bytes`.
#[inline]
pub(super) fn keepalive_len(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count()
}

/// Whether `bytes` begin with a start line, complete or cut by their end.
#[inline]
pub(super) fn begins_with_start_line(bytes: &[u8]) -> bool {
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    start_line::parse(&bytes[..end]).is_some()
}

/// Whether `bytes` begin with a start line, or with a part of one that is unlikely in other content.
pub(super) fn is_or_may_be_sip(bytes: &[u8]) -> bool {
    begins_with_start_line(bytes) || start_line::may_begin_known(bytes)
}

/// Classifies the start of `bytes`. They are outside any message and do not begin with a line end.
#[inline]
pub(super) fn next(bytes: &[u8], unsized_body: Unsized) -> Split {
    let Some(end) = memchr::memchr(b'\n', bytes) else {
        return match bytes {
            [] => Split::Nothing,
            _ if start_line::may_begin(bytes) => Split::Partial,
            _ => Split::NotSip(bytes.len()),
        };
    };
    if start_line::parse(&bytes[..end]).is_none() {
        return Split::NotSip(next_start(bytes, end + 1));
    }
    let Some(head) = HeadScan::default().find(bytes) else { return Split::Partial };
    let len = head.message_len().unwrap_or(match unsized_body {
        Unsized::NoBody => head.len,
        Unsized::ToFrameEnd => bytes.len(),
    });
    if len <= bytes.len() { Split::Message(len) } else { Split::Partial }
}

/// The offset of the first start line after `from`, which is itself the start of a line; the length of `bytes` if there
/// is none. A last line that is cut counts if it can only become a start line.
fn next_start(bytes: &[u8], from: usize) -> usize {
    let mut line = from;
    while let Some(found) = FIND_VERSION.find(&bytes[line..]) {
        let hit = line + found;
        let start = memchr::memrchr(b'\n', &bytes[line..hit]).map_or(line, |at| line + at + 1);
        let Some(len) = memchr::memchr(b'\n', &bytes[hit..]) else { break };
        if start_line::parse(&bytes[start..hit + len]).is_some() {
            return start;
        }
        line = hit + len + 1;
    }
    let last = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
    if last >= from && start_line::may_begin_known(&bytes[last..]) { last } else { bytes.len() }
}

/// How a new frame's content relates to the message that its stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Continuation {
    /// Its next bytes.
    Rest,
    /// The beginning of another message: the rest will not come.
    NewMessage,
}

/// Decides whether `content` continues the held message.
///
/// Content that begins with a start line is a new message (the peer's port was used again, or frames are missing),
/// unless the held message ends in it exactly where its Content-Length says: then the split happened before a line of
/// the body that looks like a start line.
pub(super) fn continuation(held: &Held, content: &[u8]) -> Continuation {
    let Some(end) = memchr::memchr(b'\n', content) else { return Continuation::Rest };
    let line = &content[..end];
    let Some(start) = start_line::parse(line) else { return Continuation::Rest };
    let is_rest = match held.needed {
        Some(needed) => ends_in(content, needed - held.data.len()),
        None => memchr::memchr(b'\n', &held.data).is_none() && completes_start_line(&held.data, line, start),
    };
    if is_rest { Continuation::Rest } else { Continuation::NewMessage }
}

/// Whether a message with `missing` bytes missing ends in `content`: at its end, or before something that may follow a
/// message.
fn ends_in(content: &[u8], missing: usize) -> bool {
    let Some(rest) = content.get(missing..) else { return false };
    rest.is_empty()
        || matches!(rest[0], b'\r' | b'\n')
        || start_line::may_begin_known(rest)
        || begins_with_start_line(rest)
}

/// Whether `line`, parsed as the start line `alone`, is more likely the rest of the start line that begins with `held`.
fn completes_start_line(held: &[u8], line: &[u8], alone: StartLine<'_>) -> bool {
    let joined = [held, line].concat();
    let is_known = |start: StartLine<'_>| match start {
        StartLine::Request { method, .. } => start_line::is_known_method(method),
        StartLine::Status { .. } => true,
    };
    start_line::parse(&joined).is_some_and(|joined| is_known(joined) || !is_known(alone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_outside_a_message_are_classified() {
        use Split::{Message, NotSip, Nothing, Partial};
        for (text, expected) in [
            ("", Nothing),
            ("BYE sip:a SIP/2.0\r\nl: 2\r\n\r\nokSIP/2.0", Message(29)),
            ("BYE sip:a SIP/2.0\r\nl: 3\r\n\r\nok", Partial),
            ("BYE sip:a SIP/2.0\r\nl: 3\r\n", Partial),
            ("BYE sip:a SIP/2.0\r\n\r\nbody", Message(21)),
            ("BYE sip:a SI", Partial),
            ("hello", Partial),
            ("hello world!\x01", NotSip(13)),
            ("GET / HTTP/1.1\r\nVia: SIP/2.0/TCP x\r\n\r\n", NotSip(38)),
            ("</xml>\r\nBYE sip:a SIP/2.0\r\nl: 2\r\n\r\nok", NotSip(8)),
            ("</xml>\r\nBYE sip:a S", NotSip(8)),
            ("</xml>\r\nSI", NotSip(8)),
            ("</xml>\r\nword", NotSip(12)),
        ] {
            assert_eq!(next(text.as_bytes(), Unsized::NoBody), expected, "{text:?}");
        }
        assert_eq!(next(b"BYE sip:a SIP/2.0\r\n\r\nbody", Unsized::ToFrameEnd), Message(25));
    }
}
