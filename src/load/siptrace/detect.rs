//! Distinguishes a log from a dump by the first bytes.
//!
//! Must not know: names of files, how the text is read afterwards.

use memchr::memmem;

use super::lines::{self, Opened};
use super::wrapped::{self, Found, Wrapping};

/// The beginning of the line that sofia-sip writes when it opens a dump.
const MARKER: &[u8] = b"dump started at ";
/// The end of a dump's frame.
const BOUNDARY: &[u8] = b"\x0b\n";

/// What a line shows about its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// An entry of a log.
    Entry,
    Log,
    Dump,
}

/// The kind of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::load) enum Text {
    /// Something unknown: it may be a dump or not, or more bytes may show it.
    Unknown,
    /// A dump.
    Dump,
    /// A log with `siptrace` entries.
    Log,
    /// A log with something before its lines.
    Wrapped(Wrapping),
}

impl Text {
    /// Whether it is a log.
    pub(in crate::load) fn is_log(self) -> bool {
        matches!(self, Self::Log | Self::Wrapped(_))
    }
}

/// The kind of a text that begins with `head`.
///
/// The first line with evidence decides. A dump's header with a boundary before or after it overrides it: lines before
/// it that look like a log's are in the body of a message.
pub(in crate::load) fn text_of(head: &[u8]) -> Text {
    let (mut at, mut has_entry) = (0, false);
    let mut first = None;
    while at < head.len() {
        let line = &head[at..];
        match evidence(line) {
            Some(Evidence::Dump) if is_bounded(head, at) => return Text::Dump,
            Some(found) => {
                has_entry |= found == Evidence::Entry;
                first = first.or(Some((found, at)));
            }
            None => {}
        }
        at += memchr::memchr(b'\n', line).map_or(line.len(), |end| end + 1);
    }
    match (first, has_entry) {
        (Some((Evidence::Dump, _)), _) => Text::Dump,
        // Lines that are wrapped may be before the plain ones.
        (Some((_, at)), true) => match wrapped::find(&head[..at]) {
            Found::Wrapping(wrapping) | Found::Likely(wrapping) => Text::Wrapped(wrapping),
            Found::Nothing => Text::Log,
        },
        (first, _) => match wrapped::find(head) {
            Found::Wrapping(wrapping) => Text::Wrapped(wrapping),
            _ if first.is_some() => Text::Log,
            Found::Likely(wrapping) => Text::Wrapped(wrapping),
            Found::Nothing => Text::Unknown,
        },
    }
}

/// What the line at the start of `bytes` shows.
fn evidence(bytes: &[u8]) -> Option<Evidence> {
    if bytes.starts_with(MARKER) {
        return Some(Evidence::Dump);
    }
    let line = memchr::memchr(b'\n', bytes).map_or(bytes, |end| &bytes[..end]);
    let (text, _) = lines::text_of(line);
    match lines::open(&bytes[line.len() - text.len()..], false) {
        Opened::Entry(_) => Some(Evidence::Entry),
        // Colours and a prompt may be between a prefix and the header.
        Opened::HeaderAlone if has_wrapped_dashes(&bytes[line.len()..]) => None,
        Opened::HeaderAlone => Some(Evidence::Dump),
        // A call's UUID may be FreeSWITCH's own, or be before every line, of entries too: another line decides.
        _ if lines::after_uuid(text).is_some() => None,
        _ => lines::prefix_stamp(line).map(|_| Evidence::Log),
    }
}

/// Whether the line after the line feed at the start of `bytes` is one of dashes that has something before it.
fn has_wrapped_dashes(bytes: &[u8]) -> bool {
    let next = bytes.strip_prefix(b"\n").and_then(lines::split_line);
    next.is_some_and(|(line, _)| lines::has_dashes(line))
}

/// Whether the boundary of a dump's frame is before the header or marker at `at`, or at the end that the header's count
/// gives.
fn is_bounded(head: &[u8], at: usize) -> bool {
    let before = head[..at].ends_with(BOUNDARY);
    let after = lines::declared_end(&head[at..]).is_some_and(|end| {
        end.checked_add(at).and_then(|end| head.get(end..)).is_some_and(|rest| rest.starts_with(BOUNDARY))
    });
    before || after || (at == 0 && memmem::find(head, BOUNDARY).is_some())
}
