//! The lines of a wrapped log that are not used up: an entry takes its own and leaves those of other sources.
//!
//! Must not know: prefixes, entries.

use std::collections::VecDeque;

use super::record;

/// A line without its line feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: Vec<u8>,
    /// How many bytes of the input it is; 0 if these are counted for another line of the same record.
    pub(super) len: usize,
    /// Where it begins in the input.
    pub(super) offset: u64,
    /// The date and time of its record, in the format of FreeSWITCH's log.
    pub(super) stamp: Option<Vec<u8>>,
    /// It is from a JSON record.
    pub(super) is_record: bool,
    /// It is part of an entry that was already returned.
    pub(super) is_taken: bool,
}

/// Lines in the order of the input.
#[derive(Debug, Default)]
pub(super) struct Lines {
    queue: VecDeque<Line>,
    /// How many bytes were added.
    read: u64,
    /// How many lines were added.
    pub(super) count: u64,
    /// The next record continues the last line.
    is_partial: bool,
}

impl Lines {
    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn get(&self, nth: usize) -> Option<&Line> {
        self.queue.get(nth)
    }

    pub(super) fn get_mut(&mut self, nth: usize) -> Option<&mut Line> {
        self.queue.get_mut(nth)
    }

    /// The lines after the first one that no entry has taken, with their positions.
    pub(super) fn following(&self, from: usize) -> impl Iterator<Item = (usize, &Line)> {
        self.queue.iter().enumerate().skip(from).filter(|(_, line)| !line.is_taken)
    }

    pub(super) fn pop(&mut self) -> Option<Line> {
        self.queue.pop_front()
    }

    /// The first line. It is incomplete while its continuation may follow.
    pub(super) fn first(&self, at_end: bool) -> Option<&Line> {
        let is_complete = at_end || !self.is_partial || self.queue.len() > 1;
        self.queue.front().filter(|_| is_complete)
    }

    /// Adds a line of `len` bytes.
    pub(super) fn push(&mut self, text: &[u8], len: usize) {
        self.add(text.to_vec(), len, None);
        self.advance(len);
    }

    /// Adds the lines of a JSON record of `len` bytes, or a line that is none.
    pub(super) fn push_record(&mut self, line: &[u8], len: usize) {
        match record::json(line) {
            Some(found) => {
                let mut len = len;
                for text in found.text.split_inclusive(|&b| b == b'\n') {
                    let whole = text.strip_suffix(b"\n");
                    self.append(whole.unwrap_or(text), std::mem::take(&mut len), found.stamp());
                    self.is_partial = whole.is_none();
                }
            }
            None => self.add(line.to_vec(), len, None),
        }
        self.advance(len);
    }

    /// Removes all lines; those after the byte at `offset` are added again. Not possible while one of them is taken.
    pub(super) fn rewind(&mut self, offset: u64) {
        self.count -= self.queue.iter().filter(|line| line.len > 0).count() as u64;
        self.queue.clear();
        self.read = offset;
        self.is_partial = false;
    }

    /// Whether an entry has taken a line that is still here.
    pub(super) fn has_taken(&self) -> bool {
        self.queue.iter().any(|line| line.is_taken)
    }

    /// How many bytes were added, and where the first line that is still here begins.
    pub(super) fn position(&self) -> (u64, u64) {
        (self.read, self.queue.front().map_or(self.read, |line| line.offset))
    }

    fn advance(&mut self, len: usize) {
        self.read += len as u64;
        self.count += 1;
    }

    fn append(&mut self, text: &[u8], len: usize, stamp: Option<Vec<u8>>) {
        if let Some(line) = self.queue.back_mut().filter(|line| self.is_partial && line.is_record) {
            line.text.extend_from_slice(text);
            line.len += len;
            return;
        }
        self.add(text.to_vec(), len, stamp);
        if let Some(line) = self.queue.back_mut() {
            line.is_record = true;
        }
    }

    fn add(&mut self, text: Vec<u8>, len: usize, stamp: Option<Vec<u8>>) {
        self.queue.push_back(Line { text, len, offset: self.read, stamp, is_record: false, is_taken: false });
    }
}
