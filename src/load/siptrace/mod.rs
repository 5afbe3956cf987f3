//! Reads FreeSWITCH's log as the equivalent dump: the output of `sofia … siptrace on` in the log and on the console.
//!
//! ```text
//! recv|send N bytes from|to PROTO/[ADDR]:PORT at HH:MM:SS.uuuuuu:\n
//! 72 dashes\n
//! the message, each CRLF turned into \n
//! ```
//!
//! - Since May 2019 an entry has no end mark; it is cut after 15,999 characters without notice. Before, every line was
//!   indented by three blanks, and dashes were at both ends.
//! - Each entry becomes a frame: its line ends are restored, so that it has as many bytes as its header declares; if
//!   the log has cut it, the frame is short. Its timestamp gets the date of the log's last line before it.
//! - Each line may have a prefix ([`wrapped`]).
//! - Captures of a console or of `fs_cli` can be read, too.
//! - Everything else is dropped. Memory is bounded, and the output does not depend on the chunks in which the log is
//!   read.
//!
//! Must not know: files, the content of a message except its head and the parts of its body.

mod between;
mod detect;
mod ending;
mod entry;
mod head;
mod incomplete;
mod ledger;
mod lines;
mod output;
mod positions;
#[cfg(test)]
mod recorded_tests;
mod restore;
mod source;
mod stamp;
#[cfg(test)]
mod tests;
mod wrapped;

use std::fmt;
use std::io::{self, ErrorKind, Read};

use between::{Between, Found};
use entry::{Entry, Progress};
use incomplete::{Incomplete, Short};
use ledger::Ledger;
use lines::Answer;
use memchr::memmem;
use output::Output;
use positions::LogSource as _;
use source::Source;
use wrapped::{END_OF_ENTRY, First, Wrapping};

pub(super) use detect::{Text, text_of};
pub(super) use incomplete::is_incomplete;
pub(super) use ledger::SharedAccount;

use crate::base::Timestamp;
use crate::frame::Idle;

/// The smallest buffer for a read, in bytes.
const CHUNK: usize = 64 * 1024;

/// A log was read to its end and contained no entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoEntries {
    /// How many lines it has.
    pub(super) lines: u64,
}

impl NoEntries {
    /// The error for such a log.
    pub(super) fn error(lines: u64) -> io::Error {
        io::Error::new(ErrorKind::InvalidData, Self { lines })
    }

    /// The number of lines in such an error.
    pub(super) fn of(error: &io::Error) -> Option<u64> {
        error.get_ref()?.downcast_ref::<Self>().map(|none| none.lines)
    }
}

impl fmt::Display for NoEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lines, s) = (self.lines, if self.lines == 1 { "" } else { "s" });
        write!(
            f,
            "is a FreeSWITCH log without siptrace entries ({lines} line{s} read); \
             `sofia profile NAME siptrace on` in fs_cli turns them on"
        )
    }
}

impl std::error::Error for NoEntries {}

/// Reads a log and returns a dump.
#[derive(Debug)]
pub(super) struct Siptrace<R> {
    inner: Source<R>,
    input: Vec<u8>,
    /// Bytes of `input` that were read and not processed.
    start: usize,
    end: usize,
    at_end: bool,
    /// Why the input could not be read to its end; reported after everything that was read before.
    error: Option<io::Error>,
    /// The entry that is being read, the lines before its text as they were read, and its length once it has ended.
    entry: Option<Entry>,
    opening: Vec<u8>,
    ended: Option<usize>,
    /// A mark follows the entry, which is from wrapped lines.
    is_marked: bool,
    /// Where the last entry begins that looked doubtful.
    doubtful: Option<u64>,
    between: Between,
    /// The last timestamp with a date.
    anchor: Option<Timestamp>,
    /// A buffer for the next entry's text.
    spare: Vec<u8>,
    output: Output,
    ledger: Ledger,
    /// Lines of the log between entries, without wrapped ones.
    lines: u64,
    /// How many entries were found.
    entries: u64,
    /// Those that are not as long as their headers say.
    short: Short,
    /// It was reported that there are none.
    is_reported: bool,
}

impl<R: Read> Siptrace<R> {
    /// Reads the log `inner`.
    pub(super) fn new(inner: R) -> Self {
        Self::of(Source::plain(inner))
    }

    /// Reads the log `inner`, which has something before each line.
    pub(super) fn wrapped(inner: R, wrapping: Wrapping) -> Self {
        Self::of(Source::wrapped(inner, wrapping))
    }

    fn of(inner: Source<R>) -> Self {
        Self {
            inner,
            input: Vec::new(),
            start: 0,
            end: 0,
            at_end: false,
            error: None,
            entry: None,
            opening: Vec::new(),
            ended: None,
            is_marked: false,
            doubtful: None,
            between: Between::default(),
            anchor: None,
            spare: Vec::new(),
            output: Output::default(),
            ledger: Ledger::default(),
            lines: 0,
            entries: 0,
            short: Short::default(),
            is_reported: false,
        }
    }

    /// Counts the bytes in `account`.
    pub(super) fn counted_in(mut self, account: SharedAccount) -> Self {
        self.ledger = Ledger::new(account);
        self
    }

    /// Processes the available bytes; `false` if more are needed.
    fn step(&mut self) -> bool {
        let window = &self.input[self.start..self.end];
        let Some(entry) = &mut self.entry else { return self.search() };
        let mark = if self.is_marked { memmem::find(window, END_OF_ENTRY) } else { None };
        let progress = match (self.ended, mark) {
            (Some(len), _) => Progress::Ended(len),
            (None, Some(mark)) => step_marked(entry, window, mark),
            (None, None) if self.is_marked && !self.at_end => Progress::More,
            (None, None) => entry.step(window, self.at_end),
        };
        match progress {
            Progress::Ended(len) => return self.end_entry(len),
            Progress::Taken(len) => {
                self.ledger.entry(len, &mut self.inner);
                self.start += len;
            }
            Progress::More => return false,
        }
        true
    }

    /// The entry ends after `len` bytes of the window, unless it has to be read in another way; `false` if more bytes are
    /// needed to know.
    fn end_entry(&mut self, len: usize) -> bool {
        self.ended = Some(len);
        match self.doubt(len) {
            Answer::Unknown => return false,
            Answer::Yes => self.read_again(),
            Answer::No => {
                self.ledger.entry(len, &mut self.inner);
                self.start += len;
                self.give_out();
            }
        }
        true
    }

    /// Whether the entry that ends after `len` bytes of the window is plain text that may have something before its
    /// lines from one on, and was not read in this way before.
    fn doubt(&self, len: usize) -> Answer {
        let rest = &self.input[self.start + len..self.end];
        let doubt = self.entry.as_ref().map_or(Answer::No, |entry| entry.is_doubtful(rest, self.at_end));
        let at = self.ledger.position() - self.opening.len() as u64;
        let is_plain = || self.inner.plain_from(at) == Some(0);
        // A console writes before headers.
        let is_alone = || lines::begins_header(&self.opening);
        match doubt {
            Answer::Yes if self.doubtful == Some(at) || !is_plain() || !is_alone() => Answer::No,
            doubt => doubt,
        }
    }

    /// Reads the current entry again, which is plain text, as one that may have something before its lines from one on.
    fn read_again(&mut self) {
        self.ledger.entry_withdrawn(self.opening.len());
        self.doubtful = Some(self.ledger.position());
        self.opening.extend_from_slice(&self.input[self.start..self.end]);
        self.inner.unwrap_from(self.ledger.position(), &self.opening, First::Doubtful);
        self.spare = self.entry.take().map_or_else(Vec::new, Entry::into_buffer);
        self.search_anew();
    }

    /// Drops the window, which the source returns again, and searches for the next entry.
    fn search_anew(&mut self) {
        (self.end, self.at_end, self.ended) = (self.start, false, None);
        self.between = Between::default();
    }

    /// Searches the available bytes for the next entry; `false` if more are needed.
    fn search(&mut self) -> bool {
        let window = &self.input[self.start..self.end];
        let plain_from = self.inner.plain_from(self.ledger.position());
        let found = self.between.step(window, self.at_end, plain_from, &mut self.anchor);
        let (before, len) = match found {
            Found::Entry { at, len, .. } => (at, len),
            Found::Wrapped(len) | Found::Nothing(len) => (len, len),
        };
        self.ledger.between(&window[..before], self.between.false_headers(), &mut self.inner);
        if let Found::Entry { opening, .. } = found {
            self.ledger.entry_begins(len - before, &mut self.inner);
            self.is_marked = plain_from.is_none_or(|from| from > before) && !opening.is_indented;
            self.opening.clear();
            self.opening.extend_from_slice(&window[before..len]);
            self.ended = None;
            let text = std::mem::take(&mut self.spare);
            self.entry = Some(Entry::new(&opening.header, opening.is_indented, text));
        }
        if self.entries == 0 && plain_from == Some(0) {
            self.lines += memchr::memchr_iter(b'\n', &window[..len]).count() as u64;
        }
        let is_wrapped = matches!(found, Found::Wrapped(_));
        self.start += len;
        if is_wrapped {
            let rest = &self.input[self.start..self.end];
            self.inner.unwrap_from(self.ledger.position(), rest, First::Wrapped);
            self.search_anew();
        }
        len > 0 || is_wrapped
    }

    /// Makes a frame of the entry that has ended.
    fn give_out(&mut self) {
        let Some(mut entry) = self.entry.take() else { return };
        let has_end_of_head = entry.restore_blank_line();
        let stamp = stamp::dated(entry.head.stamp, self.anchor);
        if stamp.days().is_some() {
            self.anchor = Some(stamp);
        }
        if entry.text().is_empty() {
            self.ledger.entry_was_none(entry.head.line(), &mut self.inner);
        } else {
            self.entries += 1;
            let is_cut = self.output.frame(&entry, stamp);
            // An entry at the end of the log may be cut by that end.
            let is_last = self.at_end && self.start == self.end;
            let is_short = (is_cut || !has_end_of_head) && !is_last && entry.is_damaged();
            let rest = &self.input[self.start..self.end];
            let is_suspect = self.inner.take_suspect() && !entry.is_before_wrapped(rest);
            if is_short || is_suspect || entry.ends_within_line(rest) {
                self.short.add(entry.text(), self.ledger.entry_offset());
            }
            self.ledger.entry_ends(&mut self.inner);
        }
        self.spare = entry.into_buffer();
        self.between = Between::default();
    }

    /// Reads more bytes. If there are none at the moment, and have not been for
    /// a while, returns the current entry if it is complete.
    fn fill_or_release(&mut self) -> io::Result<()> {
        let Err(pause) = self.fill() else { return Ok(()) };
        // What has ended waits for the next line only.
        let is_idle = self.ended.is_some() || Idle::of(&pause).is_some_and(|idle| idle >= Idle::SHORT);
        if is_idle && self.release() { Ok(()) } else { Err(pause) }
    }

    /// Ends the current entry if it is complete without more bytes.
    fn release(&mut self) -> bool {
        let Some(mut entry) = self.entry.clone() else { return false };
        let mut at = self.start + self.ended.unwrap_or(0);
        while self.ended.is_none() {
            match entry.step(&self.input[at..self.end], true) {
                Progress::Ended(len) => {
                    at += len;
                    break;
                }
                Progress::Taken(len) => at += len,
                Progress::More => return false,
            }
        }
        entry.restore_blank_line();
        if !entry.is_exact() {
            return false;
        }
        self.ledger.entry(at - self.start, &mut self.inner);
        self.start = at;
        self.entry = Some(entry);
        self.give_out();
        true
    }

    /// The error at the end of the log, once.
    fn error(&mut self) -> Option<io::Error> {
        let lines = std::mem::take(&mut self.lines) + self.inner.lines();
        let is_none = self.entries == 0 && lines > 0 && !std::mem::replace(&mut self.is_reported, true);
        let none = || is_none.then(|| NoEntries::error(lines));
        let incomplete = Incomplete::new(
            self.inner.take_unreadable(self.entries),
            std::mem::take(&mut self.short).with_entries(self.entries),
        );
        self.error.take().or_else(|| incomplete.map(Incomplete::error)).or_else(none)
    }

    /// Reads more bytes.
    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 && (self.input.len() - self.end < CHUNK / 2 || self.start == self.end) {
            self.input.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.input.len() - self.end < CHUNK / 2 {
            self.input.resize(self.end + CHUNK, 0);
        }
        match self.inner.read(&mut self.input[self.end..]) {
            Ok(0) => self.at_end = true,
            Ok(len) => self.end += len.min(self.input.len() - self.end),
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

/// Reads the whole entry, after which the mark is at `mark` in the window.
fn step_marked(entry: &mut Entry, window: &[u8], mark: usize) -> Progress {
    let end = mark + END_OF_ENTRY.len();
    let unread = entry.clone();
    match entry.step(&window[..end], true) {
        // The declared end happens to be that of the mark.
        Progress::Ended(len) if len > mark => {
            *entry = unread;
            entry.step(&window[..end - 1], true)
        }
        progress => progress,
    }
}

impl<R: Read> Read for Siptrace<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.output.is_empty() {
            if self.step() {
                continue;
            }
            if !self.at_end {
                self.fill_or_release()?;
                continue;
            }
            self.ledger.finish(&mut self.inner);
            self.output.finish();
            if self.output.is_empty() {
                return self.error().map_or(Ok(0), Err);
            }
        }
        Ok(self.output.take(buffer))
    }
}
