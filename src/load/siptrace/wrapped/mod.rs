//! A log whose lines have a prefix, or whose lines are records: returns the plain log.
//!
//! ```text
//! input ──▶ lines (JSON decoded) ──header──▶ readings ──▶ assembly ──▶ the entry, or the next reading
//! ```
//!
//! A header is found anywhere in a line. What is before it, before the line of dashes and before the start line shows
//! how the entry's lines may be wrapped. Each reading is tried until one gives an entry that has as many bytes as its
//! header declares. Lines that are not of the entry stay for the next one: entries of several sources may be
//! interleaved. A header whose entry cannot be read is skipped, and the input then ends with an error.
//!
//! Must not know: files, the content of an entry.

mod assembly;
mod line;
mod origins;
mod reading;
mod record;
mod shape;
mod stamp;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, ErrorKind, Read};

use self::assembly::{Assembled, Attempt, Supply, attempt};
use self::line::{Line, Lines};
use self::origins::Origins;
use self::reading::{Reading, Way, may_open};
use super::lines::{self, BOM, HeaderAt};
use super::positions::LogSource;
use crate::frame::Idle;
use crate::store::LogAccount;

/// Upper limit of the length of a line.
const MAX_LINE: usize = 1 << 20;
/// Bytes of a read.
const CHUNK: usize = 64 * 1024;
/// Lines that are read at once for an entry.
const BATCH: usize = 64;
/// A line of FreeSWITCH's log that ends an entry: no line of an entry begins with it.
const END_OF_ENTRY: &[u8] = b"freeswitch@log> \n";

/// The kind of lines of a wrapped log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::load) enum Wrapping {
    /// Each line is an object of JSON.
    Json,
    /// Lines have a prefix.
    Lines,
}

/// The result for the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Wrapping(Wrapping),
    /// A wrapped log, found by a line of FreeSWITCH's log only.
    Likely(Wrapping),
    Nothing,
}

/// A log was read to its end, and not all of its entries could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unreadable {
    entries: u64,
    unreadable: u64,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("looks like a siptrace log with something before each line")?;
        if self.entries == 0 {
            return Ok(());
        }
        let (count, all) = (self.unreadable, self.entries + self.unreadable);
        write!(f, "; {count} of its {all} entries cannot be read and are left out")
    }
}

impl std::error::Error for Unreadable {}

/// Whether `error` says that entries of a log could not be read, although the text was read to its end.
pub(in crate::load) fn is_unreadable(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.downcast_ref::<Unreadable>().is_some())
}

/// Searches a log that begins with `head` for a wrapped entry, or a wrapped line of FreeSWITCH's log.
pub(super) fn find(head: &[u8]) -> Found {
    let mut found = Found::Nothing;
    let mut rest = head.strip_prefix(BOM).unwrap_or(head);
    while let Some((line, len)) = lines::split_line(rest) {
        rest = &rest[len..];
        match of_line(line) {
            Found::Wrapping(wrapping) => return Found::Wrapping(wrapping),
            likely @ Found::Likely(_) if found == Found::Nothing => found = likely,
            Found::Nothing | Found::Likely(_) => {}
        }
    }
    found
}

/// The evidence in `line`.
fn of_line(line: &[u8]) -> Found {
    if let Some(record) = record::json(line) {
        let is_of_log = |line: &[u8]| lines::header_at(line).is_some() || lines::prefix_stamp(line).is_some();
        let is_of_log = record.text.split(|&b| b == b'\n').any(is_of_log);
        return if is_of_log { Found::Wrapping(Wrapping::Json) } else { Found::Nothing };
    }
    match lines::header_at(line) {
        Some(header) if header.at == 0 && header.end == line.len() => Found::Nothing,
        Some(header) if may_open(line, header) => Found::Wrapping(Wrapping::Lines),
        _ => match lines::prefix_stamp_at(line).filter(|at| *at > 0) {
            Some(_) => Found::Likely(Wrapping::Lines),
            None => Found::Nothing,
        },
    }
}

/// Reads such a text and returns the log.
#[derive(Debug)]
pub(super) struct Unwrapped<R> {
    inner: R,
    input: Vec<u8>,
    /// Bytes of `input` that are in `lines`.
    start: usize,
    at_end: bool,
    error: Option<io::Error>,
    output: Vec<u8>,
    given: usize,
    wrapping: Wrapping,
    lines: Lines,
    /// The way in which the last entry was wrapped.
    way: Way,
    /// How many entries were read, and how many could not be.
    entries: u64,
    unreadable: u64,
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

    fn lines(&self) -> Option<u64> {
        Some(self.lines.count)
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
            wrapping,
            lines: Lines::default(),
            way: Way::Same,
            entries: 0,
            unreadable: 0,
            origins: Origins::default(),
        }
    }

    /// Processes the first line, and those of its entry; `false` if more bytes are needed.
    fn step(&mut self, supply: Supply) -> bool {
        let Some(line) = self.lines.first(supply == Supply::Ended) else { return self.add_lines(1) > 0 };
        if line.is_taken {
            self.lines.pop();
            return true;
        }
        let header = lines::header_at(&line.text).filter(|header| may_open(&line.text, *header));
        let Some(header) = header else {
            if let Some(line) = self.lines.pop() {
                self.other_line(&line);
            }
            return true;
        };
        match self.attempt(header, supply) {
            Attempt::Entry(entry) => self.take(header, &entry),
            Attempt::More => return self.add_lines(BATCH.max(self.lines.len())) > 0,
            Attempt::No => self.skip_header(header),
        }
        true
    }

    /// Tries the ways of wrapping, beginning with that of the last entry.
    fn attempt(&mut self, header: HeaderAt, supply: Supply) -> Attempt {
        let others = Way::ALL.into_iter().filter(|way| *way != self.way);
        for way in std::iter::once(self.way).chain(others) {
            let Some(reading) = Reading::of(way, header, &self.lines) else { continue };
            match attempt(&reading, header, &self.lines, supply) {
                Attempt::Entry(entry) => {
                    self.way = way;
                    return Attempt::Entry(entry);
                }
                Attempt::More => return Attempt::More,
                Attempt::No => {}
            }
        }
        Attempt::No
    }

    /// Writes the entry that begins with the first line.
    fn take(&mut self, header: HeaderAt, entry: &Assembled) {
        let Some(line) = self.lines.pop() else { return };
        let before = self.output.len();
        let stamp = stamp::dated_in(&line.text[..header.at]).or(line.stamp);
        note_date(stamp, &mut self.output);
        self.origins.note(line.offset, self.output.len() - before);
        let before = self.output.len();
        self.output.extend_from_slice(&line.text[header.at..header.end]);
        self.output.extend_from_slice(if entry.is_indented { b"\n   " } else { b"\n" });
        self.output.extend_from_slice(&[b'-'; lines::DASHES]);
        self.output.push(b'\n');
        self.output.extend_from_slice(&entry.text);
        self.output.push(b'\n');
        self.output.extend_from_slice(END_OF_ENTRY);
        let mut len = line.len;
        for nth in &entry.taken {
            // The first line is no longer there.
            if let Some(line) = self.lines.get_mut(nth - 1) {
                line.is_taken = true;
                len += line.len;
            }
        }
        self.origins.wrote(line.offset, len, self.output.len() - before);
        self.entries += 1;
    }

    /// Drops the first line, which looks like a header. Unless the log continues after it, its entry was not understood.
    fn skip_header(&mut self, header: HeaderAt) {
        self.unreadable += u64::from(self.is_followed_by_text());
        if let Some(line) = self.lines.pop() {
            self.origins.drop(line.offset, line.len, Some(&line.text[header.at..]));
        }
    }

    /// Whether the first line is followed by lines that are neither of FreeSWITCH's log nor a single rest of the dashes.
    fn is_followed_by_text(&self) -> bool {
        let following = self.lines.following(1).map(|(_, line)| &line.text);
        let mut texts = following.filter(|text| !text.trim_ascii().is_empty());
        let (next, more) = (texts.next(), texts.next());
        let is_of_log =
            |line: &[u8]| lines::header_at(line).is_some() || lines::prefix_stamp_at(line).is_some();
        next.is_some_and(|next| !is_of_log(next) && more.is_some())
    }

    /// A line that belongs to no entry: the log's own lines have the date.
    fn other_line(&mut self, line: &Line) {
        let Some(at) = lines::prefix_stamp_at(&line.text) else {
            self.origins.drop(line.offset, line.len, None);
            return;
        };
        self.output.extend_from_slice(&line.text[at..]);
        self.output.push(b'\n');
        self.origins.wrote(line.offset, line.len, line.text.len() - at + 1);
    }

    /// Adds up to `count` lines from the input. Returns how many were added.
    fn add_lines(&mut self, count: usize) -> usize {
        let mut added = 0;
        while added < count {
            let window = &self.input[self.start..];
            let is_last = self.at_end || window.len() >= MAX_LINE;
            let (line, len) = match memchr::memchr(b'\n', window) {
                Some(end) => (&window[..end], end + 1),
                None if is_last && !window.is_empty() => (window, window.len()),
                None => break,
            };
            let line = line.strip_prefix(BOM).unwrap_or(line);
            match self.wrapping {
                Wrapping::Json => self.lines.push_record(line, len),
                Wrapping::Lines => self.lines.push(line, len),
            }
            self.start += len;
            added += 1;
        }
        added
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

    /// Reads more. If there is nothing at the moment, returns the entries that are complete.
    fn fill_or_release(&mut self) -> io::Result<()> {
        let Err(pause) = self.fill() else { return Ok(()) };
        let is_idle = Idle::of(&pause).is_some_and(|idle| idle >= Idle::SHORT);
        let supply = if is_idle { Supply::Idle } else { Supply::Paused };
        let line = self.lines.first(false).map(|line| &line.text);
        let header = line.and_then(|line| lines::header_at(line).filter(|header| may_open(line, *header)));
        if let Some(header) = header
            && let Attempt::Entry(entry) = self.attempt(header, supply)
        {
            self.take(header, &entry);
            return Ok(());
        }
        Err(pause)
    }

    /// The error at the end of the input, once.
    fn end(&mut self) -> io::Result<usize> {
        let unreadable = std::mem::take(&mut self.unreadable);
        let unread = Unreadable { entries: self.entries, unreadable };
        let unread = (unreadable > 0).then(|| io::Error::new(ErrorKind::InvalidData, unread));
        self.error.take().or(unread).map_or(Ok(0), Err)
    }
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
        if self.given == self.output.len() {
            self.given = 0;
            self.output.clear();
        }
        while self.output.is_empty() {
            let supply = if self.at_end { Supply::Ended } else { Supply::Growing };
            if self.step(supply) {
                continue;
            }
            if self.at_end {
                return self.end();
            }
            self.fill_or_release()?;
        }
        let len = (self.output.len() - self.given).min(buffer.len());
        buffer[..len].copy_from_slice(&self.output[self.given..self.given + len]);
        self.given += len;
        Ok(len)
    }
}
