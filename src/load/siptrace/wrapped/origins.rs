//! Which line of a wrapped log each byte of the plain log comes from.
//!
//! Must not know: prefixes, entries.

use std::collections::VecDeque;

use crate::store::{LogAccount, SkippedLine};

/// A line of the wrapped log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    /// The end of what was written for it.
    written: u64,
    /// How many bytes all lines up to here have, without the dropped ones.
    counted: u64,
    /// The line's offset.
    offset: u64,
}

/// The lines that were written and not counted yet, and the dropped ones.
#[derive(Debug, Default)]
pub(super) struct Origins {
    marks: VecDeque<Mark>,
    /// Bytes written, those of the lines that were written, and the end of the last line.
    written: u64,
    counted: u64,
    read: u64,
    /// Counts of the dropped lines.
    dropped: LogAccount,
}

impl Origins {
    /// Lines of `len` bytes, the first of which is at `offset`, were written as `written` bytes.
    pub(super) fn wrote(&mut self, offset: u64, len: usize, written: usize) {
        self.counted += len as u64;
        self.note(offset, written);
    }

    /// `written` bytes were written that are not from the input, before what is from the line at `offset`.
    pub(super) fn note(&mut self, offset: u64, written: usize) {
        self.written += written as u64;
        self.read = self.read.max(offset);
        self.marks.push_back(Mark { written: self.written, counted: self.counted, offset });
    }

    /// A line of `len` bytes at `offset` was dropped. `header` is its text if it looks like the header of an entry.
    pub(super) fn drop(&mut self, offset: u64, len: usize, header: Option<&[u8]>) {
        let length = len as u64;
        self.read = self.read.max(offset + length);
        match header {
            Some(text) => self.dropped.skip(SkippedLine { offset, length, text: text.to_vec() }),
            None => self.dropped.others += length,
        }
    }

    /// How many bytes of lines became the first `at` written bytes. A line counts as soon as one of its bytes does.
    pub(super) fn counted(&mut self, at: u64) -> u64 {
        while self.marks.front().is_some_and(|mark| mark.written < at) {
            self.marks.pop_front();
        }
        self.marks.front().map_or(self.counted, |mark| mark.counted)
    }

    /// The offset of the line for which the byte at `at` was written.
    pub(super) fn offset(&self, at: u64) -> u64 {
        self.marks.iter().find(|mark| mark.written > at).map_or(self.read, |mark| mark.offset)
    }

    pub(super) fn take_dropped(&mut self, account: &mut LogAccount) {
        account.add(std::mem::take(&mut self.dropped));
    }
}
