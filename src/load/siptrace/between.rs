//! The text between entries: searches for the next entry, and for the date in the log's own lines.
//!
//! Must not know: what is in an entry, output.

use memchr::{memchr, memmem, memrchr};

use super::lines::{self, Answer, MAX_START, Opened, Opening};
use crate::base::Timestamp;

/// What every header has after its count.
const COUNTED: &[u8] = b" bytes ";

/// The search for the next entry.
#[derive(Debug, Default)]
pub(super) struct Between {
    /// The window begins inside a line that is too long to contain a header's beginning.
    is_in_line: bool,
    /// Offsets in the last window of the lines that look like headers although no entry follows.
    false_headers: Vec<usize>,
}

/// The result of the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// An entry, whose first line begins at `at` and whose text begins after `len` bytes.
    Entry { at: usize, len: usize, opening: Opening<'a> },
    /// The line after this many bytes contains a header that has something before it.
    Wrapped(usize),
    /// No entry begins in this many bytes. With 0, more bytes are needed.
    Nothing(usize),
}

/// What may be a header.
struct HeaderBefore {
    /// The start of its line.
    line: usize,
    /// Where it begins.
    header: usize,
    /// Nothing is before it, apart from what a console writes.
    is_first: bool,
}

/// Whether the line at the start of `bytes` contains a header.
fn contains_header(bytes: &[u8], at_end: bool) -> Answer {
    let start = &bytes[..bytes.len().min(3 * MAX_START)];
    match memchr(b'\n', start) {
        None if !at_end && start.len() < 3 * MAX_START => Answer::Unknown,
        end => match lines::header_at(&start[..end.unwrap_or(start.len())]) {
            Some(_) => Answer::Yes,
            None => Answer::No,
        },
    }
}

/// Whether the line at the start of `bytes` is followed by dashes that have something before them.
fn has_wrapped_dashes(bytes: &[u8], at_end: bool) -> Answer {
    let is_cut = !at_end && bytes.len() < 3 * MAX_START;
    let next = lines::split_line(bytes).map_or(&b""[..], |(_, len)| &bytes[len..]);
    match lines::split_line(next) {
        None if is_cut => Answer::Unknown,
        Some((line, _)) if lines::has_dashes(line) => Answer::Yes,
        _ => Answer::No,
    }
}

impl Between {
    /// The lines in the last window that look like headers although no entry follows.
    pub(super) fn false_headers(&self) -> &[usize] {
        &self.false_headers
    }

    /// Searches the window for an entry. `anchor` is set to the timestamp of the log's last line before it. From
    /// `plain_from` on, lines may have something before them; the lines before that never had, or have it no longer.
    pub(super) fn step<'a>(
        &mut self,
        window: &'a [u8],
        at_end: bool,
        plain_from: Option<usize>,
        anchor: &mut Option<Timestamp>,
    ) -> Found<'a> {
        self.false_headers.clear();
        for counted in memmem::find_iter(window, COUNTED) {
            let Some(HeaderBefore { line, header, is_first }) = self.header_before(window, counted) else {
                continue;
            };
            let opened = if is_first { lines::open(&window[header..], at_end) } else { Opened::No };
            let may_be_wrapped = plain_from.is_some_and(|from| line >= from);
            match opened {
                Opened::Entry(opening) => {
                    self.note_date(&window[..line], anchor);
                    return Found::Entry { at: line, len: header + opening.text_at, opening };
                }
                Opened::Unknown => return self.drop(window, line, anchor),
                Opened::HeaderAlone | Opened::No => {}
            }
            let is_wrapped = match opened {
                Opened::HeaderAlone => has_wrapped_dashes,
                _ => contains_header,
            };
            match may_be_wrapped.then(|| is_wrapped(&window[line..], at_end)) {
                Some(Answer::Yes) => {
                    self.note_date(&window[..line], anchor);
                    return Found::Wrapped(line);
                }
                Some(Answer::Unknown) => return self.drop(window, line, anchor),
                Some(Answer::No) | None if is_first => self.false_headers.push(line),
                Some(Answer::No) | None => {}
            }
        }
        if at_end {
            return Found::Nothing(window.len());
        }
        let line = memrchr(b'\n', window).map_or(0, |end| end + 1);
        if window.len() - line > 2 * MAX_START {
            self.note_date(window, anchor);
            self.is_in_line = true;
            return Found::Nothing(window.len());
        }
        self.drop(window, line, anchor)
    }

    /// Drops the first `len` bytes, which are whole lines.
    fn drop<'a>(&mut self, window: &[u8], len: usize, anchor: &mut Option<Timestamp>) -> Found<'a> {
        self.note_date(&window[..len], anchor);
        self.is_in_line &= len == 0;
        Found::Nothing(len)
    }

    /// The header that may have its count before `counted`.
    fn header_before(&self, window: &[u8], counted: usize) -> Option<HeaderBefore> {
        let before = &window[counted.saturating_sub(2 * MAX_START)..counted];
        let digits = before.iter().rev().take(20).take_while(|b| b.is_ascii_digit()).count();
        let words = &before[..before.len() - digits];
        if digits == 0 || !(words.ends_with(b"recv ") || words.ends_with(b"send ")) {
            return None;
        }
        let header = counted - digits - 5;
        let line = match memrchr(b'\n', words) {
            Some(end) => counted - before.len() + end + 1,
            None if before.len() == counted && !self.is_in_line => 0,
            None => return None,
        };
        let (text, _) = lines::text_of(&window[line..counted]);
        Some(HeaderBefore { line, header, is_first: text.len() == counted - header })
    }

    /// Takes the date of the last line with FreeSWITCH's prefix in `lines`.
    fn note_date(&self, lines: &[u8], anchor: &mut Option<Timestamp>) {
        let mut end = lines.strip_suffix(b"\n").unwrap_or(lines).len();
        loop {
            let before = memrchr(b'\n', &lines[..end]);
            if before.is_none() && self.is_in_line {
                return;
            }
            let line = &lines[before.map_or(0, |at| at + 1)..end];
            if let Some(stamp) = lines::prefix_stamp(&line[..line.len().min(MAX_START)]) {
                *anchor = Some(stamp);
                return;
            }
            let Some(before) = before else { return };
            end = before;
        }
    }
}
