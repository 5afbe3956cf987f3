//! Which line of the text each byte of the plain log comes from, where the text has wrapped lines and plain ones.
//!
//! Must not know: prefixes, entries.

use std::collections::VecDeque;

use crate::store::{LogAccount, SkippedLine};

/// A line of the wrapped log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
    /// Where the plain text begins that follows all these lines.
    plain: Option<Mark>,
    /// Counts of the dropped lines.
    dropped: LogAccount,
}

impl Origins {
    /// What follows is plain text: each byte of the log is the next byte of the text, which is at `offset`.
    pub(super) fn plain_begins(&mut self, offset: u64) {
        self.read = offset;
        self.plain = Some(Mark { written: self.written, counted: self.counted, offset });
    }

    /// The plain text ends at the log's byte at `at`; wrapped lines follow. Returns the offset in the text.
    pub(super) fn plain_ends(&mut self, at: u64) -> u64 {
        if let Some(plain) = self.plain.take() {
            let len = at.saturating_sub(plain.written);
            self.written += len;
            self.counted += len;
            self.read += len;
        }
        self.read
    }

    /// How many bytes of the log after `at` are not of plain text; `None` if the end is not.
    pub(super) fn plain_from(&self, at: u64) -> Option<u64> {
        self.plain.map(|plain| plain.written.saturating_sub(at))
    }

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
        let after_marks = || self.plain.map_or(self.counted, |plain| plain.counted + (at - plain.written));
        self.marks.front().map_or_else(after_marks, |mark| mark.counted)
    }

    /// The offset of the line for which the byte at `at` was written.
    pub(super) fn offset(&self, at: u64) -> u64 {
        let after_marks = || self.plain.map_or(self.read, |plain| plain.offset + (at - plain.written));
        self.marks.iter().find(|mark| mark.written > at).map_or_else(after_marks, |mark| mark.offset)
    }

    pub(super) fn take_dropped(&mut self, account: &mut LogAccount) {
        if self.dropped.bytes() > 0 {
            account.add(std::mem::take(&mut self.dropped));
        }
    }
}
