//! Counts what becomes of each byte of a log.
//!
//! The counts are made when a decision is made on bytes, not for each byte, and shared with those who print them.
//!
//! Must not know: how entries are found.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::lines::MAX_START;
use super::positions::LogSource;
use crate::store::{LogAccount, SkippedLine};

/// Bytes of a line that are counted as skipped. A line is only dropped when its end or more bytes than these are
/// available, so the count does not depend on the chunks in which the log is read.
pub(super) const MAX_SKIPPED: usize = 2 * MAX_START;

/// The counts so far. Clones share them.
#[derive(Debug, Clone, Default)]
pub(in crate::load) struct SharedAccount(Arc<Mutex<LogAccount>>);

impl SharedAccount {
    fn account(&self) -> MutexGuard<'_, LogAccount> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The counts of the file with this name; `None` if it is no log, or nothing was read.
    pub(in crate::load) fn of_file(&self, file: &str) -> Option<LogAccount> {
        let mut account = self.account().clone();
        file.clone_into(&mut account.file);
        account.listed.sort_by_key(|line| line.offset);
        Some(account).filter(|account| account.bytes() > 0)
    }
}

/// The counts while the log is read.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    shared: SharedAccount,
    /// Bytes of the log without prefixes that were counted, and how many of the source's bytes they are.
    at: u64,
    counted: u64,
    /// Bytes of the source that belong to the current entry, and where it begins.
    entry: u64,
    entry_offset: u64,
}

impl Ledger {
    pub(super) fn new(shared: SharedAccount) -> Self {
        Self { shared, ..Self::default() }
    }

    /// How many bytes of the log were counted.
    pub(super) fn position(&self) -> u64 {
        self.at
    }

    /// Where the current entry begins in the source.
    pub(super) fn entry_offset(&self) -> u64 {
        self.entry_offset
    }

    /// Advances by `len` bytes of the log. Returns how many of the source's bytes these are.
    fn advance(&mut self, len: usize, source: &mut impl LogSource) -> u64 {
        if len == 0 {
            return 0;
        }
        self.at += len as u64;
        let before = std::mem::replace(&mut self.counted, source.counted(self.at));
        self.counted - before
    }

    /// Counts a piece between entries. `false_headers` are the offsets in it of lines that look like headers.
    pub(super) fn between(&mut self, piece: &[u8], false_headers: &[usize], source: &mut impl LogSource) {
        let mut from = 0;
        let mut account = LogAccount::default();
        // The last line may still be examined again.
        for &line in false_headers.iter().filter(|line| **line < piece.len()) {
            account.others += self.advance(line - from, source);
            let start = &piece[line..piece.len().min(line + MAX_SKIPPED)];
            let len = memchr::memchr(b'\n', start).map_or(start.len(), |end| end + 1);
            let offset = source.offset(self.at);
            let length = self.advance(len, source);
            account.skip(SkippedLine { offset, length, text: start[..len].trim_ascii_end().to_vec() });
            from = line + len;
        }
        account.others += self.advance(piece.len() - from, source);
        self.add(account, source);
    }

    /// An entry begins: `len` bytes up to the start of its text.
    pub(super) fn entry_begins(&mut self, len: usize, source: &mut impl LogSource) {
        self.entry_offset = source.offset(self.at);
        self.entry = self.advance(len, source);
    }

    /// The current entry, of which only the `len` bytes up to its text were counted, is read again.
    pub(super) fn entry_withdrawn(&mut self, len: usize) {
        self.at -= len as u64;
        self.counted -= std::mem::take(&mut self.entry);
    }

    /// Counts bytes of the current entry.
    pub(super) fn entry(&mut self, len: usize, source: &mut impl LogSource) {
        self.entry += self.advance(len, source);
    }

    /// The current entry has ended.
    pub(super) fn entry_ends(&mut self, source: &mut impl LogSource) {
        let account = LogAccount { entries: std::mem::take(&mut self.entry), ..LogAccount::default() };
        self.add(account, source);
    }

    /// The current entry, which begins with `header`, has ended without any text: it was none.
    pub(super) fn entry_was_none(&mut self, header: Vec<u8>, source: &mut impl LogSource) {
        let length = std::mem::take(&mut self.entry);
        let mut account = LogAccount::default();
        account.skip(SkippedLine { offset: self.entry_offset, length, text: header });
        self.add(account, source);
    }

    /// Counts the lines that the source has dropped.
    pub(super) fn finish(&mut self, source: &mut impl LogSource) {
        self.add(LogAccount::default(), source);
    }

    fn add(&mut self, counts: LogAccount, source: &mut impl LogSource) {
        let mut account = self.shared.account();
        account.add(counts);
        source.dropped(&mut account);
    }
}

#[cfg(test)]
mod tests;
