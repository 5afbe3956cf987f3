//! Where a log comes from: it is read as it is, or without what is before each line. This may change in the middle.
//!
//! Must not know: entries.

use std::io::{self, Read};

use super::incomplete::Unreadable;
use super::positions::LogSource;
use super::wrapped::{First, Part, Unwrapped, Wrapping};
use crate::store::LogAccount;

/// The text of a log.
#[derive(Debug)]
pub(super) struct Source<R> {
    text: Text<R>,
    unwrapped: Box<Unwrapped>,
    is_plain: bool,
}

/// A text that takes bytes back.
#[derive(Debug)]
struct Text<R> {
    inner: R,
    /// Bytes that were given back, and how many of these were read again.
    returned: Vec<u8>,
    again: usize,
    /// The text was read to its end, or to an error.
    is_ended: bool,
}

impl<R: Read> Source<R> {
    /// A log that begins without anything before its lines.
    pub(super) fn plain(inner: R) -> Self {
        Self::of(inner, Unwrapped::after_plain_text(), true)
    }

    /// A log that begins with wrapped lines.
    pub(super) fn wrapped(inner: R, wrapping: Wrapping) -> Self {
        Self::of(inner, Unwrapped::new(wrapping), false)
    }

    fn of(inner: R, unwrapped: Unwrapped, is_plain: bool) -> Self {
        let text = Text { inner, returned: Vec::new(), again: 0, is_ended: false };
        Self { text, unwrapped: Box::new(unwrapped), is_plain }
    }

    /// The log has wrapped lines from its byte at `at` on, where `rest` begins: the bytes that were read since.
    pub(super) fn unwrap_from(&mut self, at: u64, rest: &[u8], first: First) {
        self.text.give_back(rest);
        self.unwrapped.begin(at, first);
        self.is_plain = false;
    }

    /// How many bytes of the log after `at` are from wrapped lines; `None` if all are that were read.
    pub(super) fn plain_from(&self, at: u64) -> Option<usize> {
        self.unwrapped.plain_from(at).and_then(|len| usize::try_from(len).ok())
    }

    /// Whether the last doubtful entry has something before its lines, but could not be read.
    pub(super) fn take_suspect(&mut self) -> bool {
        self.unwrapped.take_suspect()
    }

    /// How many entries could not be read beside the `entries` that could.
    pub(super) fn take_unreadable(&mut self, entries: u64) -> Unreadable {
        self.unwrapped.take_unreadable(entries)
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.is_plain {
            match self.unwrapped.read(&mut self.text, buffer)? {
                Part::Bytes(len) => return Ok(len),
                Part::PlainText(bytes) => {
                    self.text.give_back(&bytes);
                    self.is_plain = true;
                }
            }
        }
        self.text.read(buffer)
    }
}

impl<R> Text<R> {
    /// Gives back the last bytes that were read.
    fn give_back(&mut self, bytes: &[u8]) {
        self.returned.splice(..self.again, bytes.iter().copied());
        self.again = 0;
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.again < self.returned.len() {
            let read = (&self.returned[self.again..]).read(buffer)?;
            self.again += read;
            return Ok(read);
        }
        if !self.returned.is_empty() {
            (self.returned, self.again) = (Vec::new(), 0);
        }
        if self.is_ended {
            return Ok(0);
        }
        let read = self.inner.read(buffer);
        self.is_ended = match &read {
            Ok(read) => *read == 0 && !buffer.is_empty(),
            Err(error) => !matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock),
        };
        read
    }
}

impl<R> LogSource for Source<R> {
    fn counted(&mut self, at: u64) -> u64 {
        self.unwrapped.counted(at)
    }

    fn offset(&self, at: u64) -> u64 {
        self.unwrapped.offset(at)
    }

    fn dropped(&mut self, account: &mut LogAccount) {
        self.unwrapped.dropped(account);
    }

    fn lines(&self) -> u64 {
        self.unwrapped.lines()
    }
}
