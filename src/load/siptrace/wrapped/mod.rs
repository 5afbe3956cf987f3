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
mod change;
mod input;
mod kind;
mod line;
mod origins;
mod reading;
mod record;
mod shape;
mod stamp;
#[cfg(test)]
mod tests;

use std::io::{self, Read};

use self::assembly::{Assembled, Attempt, Supply, attempt};
use self::input::Input;
use self::kind::Kind;
use self::line::{Line, Lines};
use self::origins::Origins;
use self::reading::{Reading, Way, may_open};
use super::incomplete::Unreadable;
use super::lines::{self, HeaderAt};
use crate::frame::Idle;
use crate::store::LogAccount;

/// Lines that are read at once for an entry.
const BATCH: usize = 64;
/// The line after an entry: a prompt of FreeSWITCH's console, as no entry contains it.
pub(super) const END_OF_ENTRY: &[u8] = b"\x1b[K\x1b[0mfreeswitch@log> \n";

pub(in crate::load) use self::kind::Wrapping;
pub(super) use self::kind::{Found, find};

/// What was read.
#[derive(Debug)]
pub(super) enum Part {
    /// Bytes of the log; 0 at the end.
    Bytes(usize),
    /// The log continues without anything before its lines, with these bytes first.
    PlainText(Vec<u8>),
}

/// What a wrapped log begins with after plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// A line that has something before it.
    Wrapped,
    /// A plain entry that looks as if its lines had something before them from one on. If it cannot be read so, the text
    /// is plain.
    Doubtful,
}

/// The result of processing the first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Done,
    /// More bytes are needed.
    More,
    /// It begins an entry that has nothing before its lines.
    Plain,
}

/// Reads such a text and returns the log.
#[derive(Debug)]
pub(super) struct Unwrapped {
    input: Input,
    output: Vec<u8>,
    given: usize,
    wrapping: Wrapping,
    lines: Lines,
    /// Where the wrapped lines begin.
    begin: u64,
    /// The first line is [`First::Doubtful`].
    is_doubtful: bool,
    /// The last doubtful entry could not be read, and has something before its lines.
    is_suspect: bool,
    /// The header here is not understood unless some of the lines after it are records.
    mixed: Option<u64>,
    /// The way in which the last entry was wrapped.
    way: Way,
    unreadable: Unreadable,
    origins: Origins,
}

impl Unwrapped {
    /// Begins with wrapped lines.
    pub(super) fn new(wrapping: Wrapping) -> Self {
        Self {
            input: Input::default(),
            output: Vec::new(),
            given: 0,
            wrapping,
            lines: Lines::default(),
            begin: 0,
            is_doubtful: false,
            is_suspect: false,
            mixed: None,
            way: Way::Same,
            unreadable: Unreadable::default(),
            origins: Origins::default(),
        }
    }

    /// Begins with plain text.
    pub(super) fn after_plain_text() -> Self {
        let mut unwrapped = Self::new(Wrapping::Lines);
        unwrapped.origins.plain_begins(0);
        unwrapped
    }

    /// The plain text ends at the log's byte at `at`.
    pub(super) fn begin(&mut self, at: u64, first: First) {
        self.is_doubtful = first == First::Doubtful;
        if self.is_doubtful {
            self.wrapping = Wrapping::Lines;
        }
        self.begin = self.origins.plain_ends(at);
        self.lines.rewind(self.begin);
        self.input = Input::default();
    }

    /// How many bytes of the log after `at` are not of plain text; `None` if the end is not.
    pub(super) fn plain_from(&self, at: u64) -> Option<u64> {
        self.origins.plain_from(at)
    }

    /// How many entries could not be read beside the `entries` that could.
    pub(super) fn take_unreadable(&mut self, entries: u64) -> Unreadable {
        std::mem::take(&mut self.unreadable).with_entries(entries)
    }

    /// Whether the last doubtful entry has something before its lines, but could not be read.
    pub(super) fn take_suspect(&mut self) -> bool {
        std::mem::take(&mut self.is_suspect)
    }

    pub(super) fn counted(&mut self, at: u64) -> u64 {
        self.origins.counted(at)
    }

    pub(super) fn offset(&self, at: u64) -> u64 {
        self.origins.offset(at)
    }

    pub(super) fn dropped(&mut self, account: &mut LogAccount) {
        self.origins.take_dropped(account);
    }

    pub(super) fn lines(&self) -> u64 {
        self.lines.count
    }

    /// Processes the first line, and those of its entry.
    fn step(&mut self, supply: Supply) -> Step {
        let Some(line) = self.lines.first(supply == Supply::Ended) else { return self.add_lines(1) };
        if line.is_taken {
            self.lines.pop();
            return Step::Done;
        }
        let is_quoted =
            |header| !may_open(&line.text, header) && lines::prefix_stamp_at(&line.text).is_some();
        let Some(header) = lines::header_at(&line.text).filter(|header| !is_quoted(*header)) else {
            if let Some(line) = self.lines.pop() {
                self.other_line(&line);
            }
            return Step::Done;
        };
        if !self.is_doubtful
            && self.mixed != Some(self.lines.position().1)
            && let Some(step) = self.change(supply)
        {
            return step;
        }
        match self.attempt(header, supply) {
            Attempt::Entry(entry) => self.take(header, &entry),
            Attempt::More => return self.add_lines(BATCH.max(self.lines.len())),
            Attempt::No if self.read_as_records() => {}
            Attempt::No if self.is_doubtful => {
                self.is_doubtful = false;
                self.is_suspect = change::is_wrapped_later(&self.lines);
                return Step::Plain;
            }
            Attempt::No => self.skip_header(header),
        }
        Step::Done
    }

    /// Reads the lines again if those after the first one are records, although that one is not. `false` if they were
    /// read so, or cannot be.
    fn read_as_records(&mut self) -> bool {
        let (_, first) = self.lines.position();
        let is_record = |line: &Line| record::json(&line.text).is_some();
        let has_records = self.wrapping == Wrapping::Lines
            && !self.lines.has_taken()
            && self.lines.following(1).any(|(_, line)| is_record(line));
        if has_records {
            self.mixed = Some(first);
            self.read_again(Wrapping::Json);
        }
        has_records
    }

    /// The first line has a header. If it is wrapped in another way than the lines before it, the lines are read again
    /// in this way. `None` if it is not, or cannot be.
    fn change(&mut self, supply: Supply) -> Option<Step> {
        let line = self.lines.get(0)?;
        let kind = kind::of_entry(line, self.lines.following(1).map(|(_, line)| line).next());
        let wrapping = match kind {
            Kind::Unknown if supply == Supply::Growing => return Some(self.add_lines(1)),
            Kind::Plain if line.offset > self.begin && !self.lines.has_taken() => return Some(Step::Plain),
            Kind::Wrapping(wrapping) if wrapping != self.wrapping && !self.lines.has_taken() => wrapping,
            _ => return None,
        };
        self.read_again(wrapping);
        Some(Step::Done)
    }

    /// Reads the lines again, in this way.
    fn read_again(&mut self, wrapping: Wrapping) {
        let (end, first) = self.lines.position();
        self.input.rewind(end - first);
        self.lines.rewind(first);
        self.wrapping = wrapping;
    }

    /// Tries the ways of wrapping, beginning with that of the last entry.
    fn attempt(&mut self, header: HeaderAt, supply: Supply) -> Attempt {
        if self.is_doubtful {
            return match self.attempt_way(Way::Html, header, supply) {
                Attempt::No => self.attempt_way(Way::Changing, header, supply),
                attempt => attempt,
            };
        }
        let others = Way::ALL.into_iter().filter(|way| *way != self.way);
        for way in std::iter::once(self.way).chain(others) {
            match self.attempt_way(way, header, supply) {
                Attempt::No => {}
                Attempt::Entry(entry) => {
                    // What follows does not change again.
                    self.way = if way == Way::Changing { Way::Same } else { way };
                    return Attempt::Entry(entry);
                }
                Attempt::More => return Attempt::More,
            }
        }
        Attempt::No
    }

    fn attempt_way(&self, way: Way, header: HeaderAt, supply: Supply) -> Attempt {
        let readings = match way {
            Way::Changing => change::readings(header, &self.lines, supply == Supply::Growing),
            _ => Some(Reading::of(way, header, &self.lines).into_iter().collect()),
        };
        let Some(readings) = readings else { return Attempt::More };
        let attempts = readings.iter().map(|reading| attempt(reading, header, &self.lines, supply));
        attempts.into_iter().find(|attempt| !matches!(attempt, Attempt::No)).unwrap_or(Attempt::No)
    }

    /// Writes the entry that begins with the first line.
    fn take(&mut self, header: HeaderAt, entry: &Assembled) {
        let Some(line) = self.lines.pop() else { return };
        self.is_doubtful = false;
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
    }

    /// Drops the first line, which looks like a header. Unless the log continues after it, its entry was not understood.
    fn skip_header(&mut self, header: HeaderAt) {
        let is_entry = self.is_followed_by_text();
        if let Some(line) = self.lines.pop() {
            if is_entry {
                self.unreadable.add(line.offset);
            }
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

    /// Adds up to `count` lines from the input.
    fn add_lines(&mut self, count: usize) -> Step {
        let mut step = Step::More;
        for _ in 0..count {
            let Some((line, len)) = self.input.next_line() else { break };
            match self.wrapping {
                Wrapping::Json => self.lines.push_record(line, len),
                Wrapping::Lines => self.lines.push(line, len),
            }
            step = Step::Done;
        }
        step
    }

    /// Reads more. If there is nothing at the moment, returns the entries that are complete.
    fn fill_or_release(&mut self, text: &mut impl Read) -> io::Result<()> {
        let (end, first) = self.lines.position();
        let Err(pause) = self.input.fill(text, end - first) else { return Ok(()) };
        let is_idle = Idle::of(&pause).is_some_and(|idle| idle >= Idle::SHORT);
        let supply = if is_idle { Supply::Idle } else { Supply::Paused };
        let header = self.lines.first(false).and_then(|line| lines::header_at(&line.text));
        if let Some(header) = header
            && let Attempt::Entry(entry) = self.attempt(header, supply)
        {
            self.take(header, &entry);
            return Ok(());
        }
        Err(pause)
    }

    /// Reads from `text`.
    pub(super) fn read(&mut self, text: &mut impl Read, buffer: &mut [u8]) -> io::Result<Part> {
        if buffer.is_empty() {
            return Ok(Part::Bytes(0));
        }
        if self.given == self.output.len() {
            self.given = 0;
            self.output.clear();
        }
        while self.output.is_empty() {
            let supply = if self.input.is_used_up() { Supply::Ended } else { Supply::Growing };
            match self.step(supply) {
                Step::Done => {}
                Step::Plain => return Ok(Part::PlainText(self.leave())),
                Step::More if self.input.at_end => {
                    return self.input.error.take().map_or(Ok(Part::Bytes(0)), Err);
                }
                Step::More => self.fill_or_release(text)?,
            }
        }
        let len = (self.output.len() - self.given).min(buffer.len());
        buffer[..len].copy_from_slice(&self.output[self.given..self.given + len]);
        self.given += len;
        Ok(Part::Bytes(len))
    }

    /// Plain text begins with the first line: returns the bytes from there on.
    fn leave(&mut self) -> Vec<u8> {
        let (end, first) = self.lines.position();
        self.lines.rewind(first);
        self.origins.plain_begins(first);
        self.input.take_from(end - first)
    }
}

/// Writes a line of FreeSWITCH's log whose date applies to the entry after it.
fn note_date(stamp: Option<Vec<u8>>, out: &mut Vec<u8>) {
    if let Some(stamp) = stamp {
        out.extend_from_slice(&stamp);
        out.extend_from_slice(b" [INFO] prefix:1 \n");
    }
}
