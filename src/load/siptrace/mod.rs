//! FreeSWITCH's log, read as the dump that it would have been: what `sofia … siptrace on` writes to the log and the console.
//!
//! ```text
//! recv|send N bytes from|to PROTO/[ADDR]:PORT at HH:MM:SS.uuuuuu:\n
//! 72 dashes\n
//! the message, each CRLF turned into \n
//! ```
//!
//! - Since May 2019 nothing closes an entry; it is cut after 15,999 characters without a word. Before, every line had three
//!   blanks before it, and dashes stood at both ends.
//! - Each entry becomes a frame: its line ends are restored, so that it has as many bytes as its header says; where the log has
//!   cut it, the frame is short. Its stamp gets the date of the log's last line before it.
//! - Something may precede each line ([`wrapped`]).
//! - Captures of a console or of `fs_cli` are read, too.
//! - Everything else is dropped. Memory is bounded, and what comes out does not depend on how the log was read.
//!
//! Must not know: files, what is in a message beyond its head and the parts of its body.

mod between;
mod detect;
mod ending;
mod entry;
mod lines;
mod output;
mod restore;
mod stamp;
#[cfg(test)]
mod tests;
mod wrapped;

use std::fmt;
use std::io::{self, ErrorKind, Read};

use between::{Between, Found};
use entry::{Entry, Progress};
use output::Output;

pub(super) use detect::{Text, is_log, text_of};
pub(super) use wrapped::Unwrapped;

use crate::base::Timestamp;

/// The least room for a read in bytes.
const CHUNK: usize = 64 * 1024;

/// A log was read to its end, and there was no entry in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoEntries {
    /// How many lines it has.
    pub(super) lines: u64,
}

impl NoEntries {
    /// The error that says so.
    pub(super) fn error(lines: u64) -> io::Error {
        io::Error::new(ErrorKind::InvalidData, Self { lines })
    }

    /// The lines that an error of this kind tells of.
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

/// Reads a log and gives out a dump.
#[derive(Debug)]
pub(super) struct Siptrace<R> {
    inner: R,
    input: Vec<u8>,
    /// What of `input` was read and is not done with.
    start: usize,
    end: usize,
    at_end: bool,
    /// Why the input could not be read to its end; told after all that was read before.
    error: Option<io::Error>,
    /// The entry that is being read.
    entry: Option<Entry>,
    between: Between,
    /// The last stamp with a date.
    anchor: Option<Timestamp>,
    /// A buffer for the next entry's text.
    spare: Vec<u8>,
    output: Output,
    /// Lines of the log while no entry was found; none after that.
    lines: Option<u64>,
}

impl<R: Read> Siptrace<R> {
    /// Reads the log `inner`.
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            input: Vec::new(),
            start: 0,
            end: 0,
            at_end: false,
            error: None,
            entry: None,
            between: Between::default(),
            anchor: None,
            spare: Vec::new(),
            output: Output::default(),
            lines: Some(0),
        }
    }

    /// Goes on with what is there; `false` where more must be read first.
    fn step(&mut self) -> bool {
        let window = &self.input[self.start..self.end];
        let Some(entry) = &mut self.entry else {
            let found = self.between.step(window, self.at_end, &mut self.anchor);
            let (len, is_done) = match found {
                Found::Entry { len, opening } => {
                    let text = std::mem::take(&mut self.spare);
                    self.entry = Some(Entry::new(&opening.header, opening.is_indented, text));
                    (len, true)
                }
                Found::Nothing(len) => (len, len > 0),
            };
            if let Some(lines) = &mut self.lines {
                *lines +=
                    memchr::memchr_iter(b'\n', &self.input[self.start..self.start + len]).count() as u64;
            }
            self.start += len;
            return is_done;
        };
        match entry.step(window, self.at_end) {
            Progress::Ended(len) => {
                self.start += len;
                self.give_out();
            }
            Progress::Taken(len) => self.start += len,
            Progress::More => return false,
        }
        true
    }

    /// Makes a frame of the entry that has ended.
    fn give_out(&mut self) {
        let Some(mut entry) = self.entry.take() else { return };
        self.lines = None;
        entry.restore_blank_line();
        let stamp = stamp::dated(entry.head.stamp, self.anchor);
        if stamp.days().is_some() {
            self.anchor = Some(stamp);
        }
        if !entry.text().is_empty() {
            self.output.frame(&entry, stamp);
        }
        self.spare = entry.into_buffer();
        self.between = Between::default();
    }

    /// Reads on.
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
                self.fill()?;
                continue;
            }
            self.output.finish();
            if self.output.is_empty() {
                let none = self.lines.take().filter(|lines| *lines > 0).map(NoEntries::error);
                return self.error.take().or(none).map_or(Ok(0), Err);
            }
        }
        Ok(self.output.take(buffer))
    }
}
