//! A log whose lines have a prefix, or whose lines are records: returns the plain log.
//!
//! The prefix is learned from a header and the line of dashes after it; this is repeated at each header, because the
//! prefix may change. Lines with another prefix belong to another program and are dropped.
//!
//! Must not know: files, the content of an entry.

mod layout;
mod origins;
mod prefix;
mod record;
mod stamp;
#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind, Read};

use self::layout::{Layout, Rest};
use self::origins::Origins;
use self::prefix::Prefix;
use super::lines::{self, BOM, HeaderAt};
use super::positions::LogSource;
use crate::store::LogAccount;

/// Upper limit of the length of a line.
const MAX_LINE: usize = 1 << 20;
/// Upper limit of lines of other programs between a header and its dashes while the prefix is searched for.
const MAX_OTHERS: usize = 32;
/// Bytes of a read.
const CHUNK: usize = 64 * 1024;
/// The line of FreeSWITCH's log that begins a new record: no line of an entry begins with it.
const NEW_RECORD: &[u8] = b"freeswitch@log> ";

/// The layout of the log in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::load) struct Wrapping(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// Each line is an object of JSON.
    Json,
    /// Each line has a prefix.
    Lines(Layout),
}

/// The result for the beginning of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    Wrapping(Wrapping),
    /// A wrapped log, found by a line of FreeSWITCH's log only.
    Likely(Wrapping),
    /// There is a header, but no line of dashes with the same prefix after it.
    Unreadable,
    Nothing,
}

/// Searches for the prefix of the lines of a log that begins with `head`.
pub(super) fn find(head: &[u8]) -> Found {
    let mut found = Found::Nothing;
    let mut rest = head.strip_prefix(BOM).unwrap_or(head);
    while !rest.is_empty() {
        let (line, len) = lines::split_line(rest).unwrap_or((rest, rest.len()));
        rest = &rest[len..];
        match of_line(line, rest) {
            Found::Wrapping(wrapping) => return Found::Wrapping(wrapping),
            likely @ Found::Likely(_) if found == Found::Nothing => found = likely,
            Found::Nothing | Found::Likely(_) => {}
            Found::Unreadable => found = Found::Unreadable,
        }
    }
    found
}

/// The evidence in `line`, which `rest` follows.
fn of_line(line: &[u8], rest: &[u8]) -> Found {
    if let Some(record) = record::json(line) {
        let is_of_log = |line: &[u8]| lines::header_at(line).is_some() || lines::prefix_stamp(line).is_some();
        let is_of_log = record.text.split(|&b| b == b'\n').any(is_of_log);
        return if is_of_log { Found::Wrapping(Wrapping(Kind::Json)) } else { Found::Nothing };
    }
    if let Some(header) = lines::header_at(line) {
        let mut next = rest.split_inclusive(|&b| b == b'\n').filter_map(|line| line.strip_suffix(b"\n"));
        let before = &line[..header.at];
        let found = Layout::at(before, &header, next.next());
        // Lines of other programs may be between.
        let among_others = || {
            let layout = Layout::of_lines(Prefix::of(before));
            next.take(MAX_OTHERS).any(|line| layout.is_dashes(line)).then_some(layout)
        };
        return match found.or_else(among_others) {
            Some(layout) => Found::Wrapping(Wrapping(Kind::Lines(layout))),
            None if header.at > 0 => Found::Unreadable,
            None => Found::Nothing,
        };
    }
    match lines::prefix_stamp_at(line).filter(|at| *at > 0) {
        Some(at) => Found::Likely(Wrapping(Kind::Lines(Layout::of_lines(Prefix::of(&line[..at]))))),
        None => Found::Nothing,
    }
}

/// Reads such a text and returns the log.
#[derive(Debug)]
pub(super) struct Unwrapped<R> {
    inner: R,
    input: Vec<u8>,
    /// Bytes of `input` that were read and not processed.
    start: usize,
    at_end: bool,
    error: Option<io::Error>,
    output: Vec<u8>,
    given: usize,
    kind: Kind,
    origins: Origins,
}

impl<R> LogSource for Unwrapped<R> {
    fn counted(&mut self, at: u64) -> u64 {
        self.origins.counted(at)
    }

    fn offset(&self, at: u64) -> u64 {
        self.origins.offset(at)
    }

    fn dropped(&mut self, account: &mut LogAccount) {
        self.origins.take_dropped(account);
    }
}

impl<R: Read> Unwrapped<R> {
    pub(super) fn new(inner: R, wrapping: Wrapping) -> Self {
        Self {
            inner,
            input: Vec::new(),
            start: 0,
            at_end: false,
            error: None,
            output: Vec::new(),
            given: 0,
            kind: wrapping.0,
            origins: Origins::default(),
        }
    }

    /// Processes the next line; `false` if more bytes are needed.
    fn step(&mut self) -> bool {
        let window = &self.input[self.start..];
        let is_last = self.at_end || window.len() >= MAX_LINE;
        let (line, len) = match memchr::memchr(b'\n', window) {
            Some(end) => (&window[..end], end + 1),
            None if is_last && !window.is_empty() => (window, window.len()),
            None => return false,
        };
        let line = line.strip_prefix(BOM).unwrap_or(line);
        let next = &window[len..];
        let next = match memchr::memchr(b'\n', next) {
            Some(end) => Some(&next[..end]),
            None if is_last => Some(next),
            None => None,
        };
        let header = lines::header_at(line).filter(|_| self.kind != Kind::Json);
        if header.as_ref().is_some_and(|header| !header.is_escaped) && next.is_none() {
            return false;
        }
        let before = self.output.len();
        let note = take(&mut self.kind, line, header, next, &mut self.output);
        match self.output.len() - before {
            0 => self.origins.drop(len, header.map(|_| line)),
            written => self.origins.wrote(len, written, note),
        }
        self.start += len;
        true
    }

    fn fill(&mut self) -> io::Result<()> {
        self.input.drain(..self.start);
        self.start = 0;
        let end = self.input.len();
        self.input.resize(end + CHUNK, 0);
        let read = self.inner.read(&mut self.input[end..]);
        self.input.truncate(end + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(0) => self.at_end = true,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Err(error),
            Err(error) => {
                self.at_end = true;
                self.error = Some(error);
            }
        }
        Ok(())
    }
}

/// Takes a line; if it has the header of an entry, `next` is the line after it. Returns how many bytes were written
/// before what is from the line.
fn take(
    kind: &mut Kind,
    line: &[u8],
    header: Option<HeaderAt>,
    next: Option<&[u8]>,
    out: &mut Vec<u8>,
) -> usize {
    let (layout, header) = match (kind, header) {
        (Kind::Json, _) => return take_record(line, out),
        (Kind::Lines(layout), Some(header)) => (layout, header),
        (Kind::Lines(layout), None) => {
            take_line(layout, line, out);
            return 0;
        }
    };
    let found = Layout::at(&line[..header.at], &header, next);
    if found.is_none() && !layout.precedes(line, header.at) {
        take_line(layout, line, out);
        return 0;
    }
    if let Some(found) = found {
        *layout = found;
    }
    take_header(layout, line, header.at, out)
}

/// Takes a JSON record. Returns the length of the date's line.
fn take_record(line: &[u8], out: &mut Vec<u8>) -> usize {
    let Some(record) = record::json(line) else { return 0 };
    let before = out.len();
    if lines::header_at(&record.text[..lines::line_len(&record.text)]).is_some() {
        note_date(record.time.and_then(|time| stamp::dated(time.as_bytes())), out);
    }
    let note = out.len() - before;
    out.extend_from_slice(&record.text);
    note
}

/// Takes the header of an entry, which is at `at` in its line. Returns the length of the date's line.
fn take_header(layout: &Layout, line: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    let before = out.len();
    note_date(layout.prefix.strip(line).and_then(|stripped| stripped.stamp), out);
    let note = out.len() - before;
    let text = &line[at..];
    if layout.is_escaped {
        out.extend_from_slice(&record::unescape(text));
    } else {
        out.extend_from_slice(text);
    }
    out.push(b'\n');
    if layout.lacks_dashes {
        out.extend_from_slice(&[b'-'; lines::DASHES]);
        out.push(b'\n');
    }
    note
}

/// Takes any other line.
fn take_line(layout: &Layout, line: &[u8], out: &mut Vec<u8>) {
    let is_blank = |line: &[u8]| line.iter().all(u8::is_ascii_whitespace);
    match layout.rest {
        Rest::Blanks(count) if line.iter().take(count).all(|b| *b == b' ') && line.len() >= count => {
            out.extend_from_slice(&line[count..]);
        }
        Rest::Blanks(_) if is_blank(line) => {}
        rest => match layout.prefix.strip(line) {
            Some(stripped) => {
                if rest != Rest::Same {
                    out.extend_from_slice(NEW_RECORD);
                }
                if layout.is_escaped {
                    out.extend_from_slice(&record::unescape(stripped.text));
                } else {
                    out.extend_from_slice(stripped.text);
                }
                if stripped.is_partial {
                    return;
                }
            }
            None if rest == Rest::Bare => out.extend_from_slice(line),
            // The line belongs to another program.
            None => return,
        },
    }
    out.push(b'\n');
}

/// Writes a line of FreeSWITCH's log whose date applies to the entry after it.
fn note_date(stamp: Option<Vec<u8>>, out: &mut Vec<u8>) {
    if let Some(stamp) = stamp {
        out.extend_from_slice(&stamp);
        out.extend_from_slice(b" [INFO] prefix:1 \n");
    }
}

impl<R: Read> Read for Unwrapped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.given == self.output.len() {
            (self.given, self.output) = (0, Vec::new());
            if self.step() {
                continue;
            }
            if self.at_end {
                return self.error.take().map_or(Ok(0), Err);
            }
            self.fill()?;
        }
        let len = (self.output.len() - self.given).min(buffer.len());
        buffer[..len].copy_from_slice(&self.output[self.given..self.given + len]);
        self.given += len;
        Ok(len)
    }
}
