//! The error of a log that has entries which could not be read, or not completely.
//!
//! Must not know: how they are read.

use std::fmt;
use std::io::{self, ErrorKind};

use super::restore::body_start;

/// Entries that could not be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Unreadable {
    /// How many could be read.
    entries: u64,
    left_out: u64,
    /// The offset of the first that could not.
    first: u64,
}

/// Entries that are not as long as their headers say, not counting those that FreeSWITCH itself has cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Short {
    /// How many entries there are.
    entries: u64,
    count: u64,
    /// The offset of the first.
    first: u64,
    /// The length of the longest line, if all have the same.
    longest: Option<usize>,
    /// How many have no blank line.
    without_blank: u64,
}

/// A log was read to its end, and some of its entries not or not completely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Incomplete {
    unreadable: Unreadable,
    short: Short,
}

impl Unreadable {
    /// Counts an entry that cannot be read, whose header is in the line at `offset`.
    pub(super) fn add(&mut self, offset: u64) {
        if self.left_out == 0 {
            self.first = offset;
        }
        self.left_out += 1;
    }

    /// The same beside this many entries.
    pub(super) fn with_entries(self, entries: u64) -> Self {
        Self { entries, ..self }
    }
}

impl Short {
    /// Counts the entry at `offset`, which has this text.
    pub(super) fn add(&mut self, text: &[u8], offset: u64) {
        let longest = text.split(|&b| b == b'\n').map(<[u8]>::len).max();
        if self.count == 0 {
            (self.first, self.longest) = (offset, longest);
        }
        self.longest = self.longest.filter(|_| self.longest == longest);
        self.without_blank += u64::from(body_start(text).is_none());
        self.count += 1;
    }

    /// The same of this many entries.
    pub(super) fn with_entries(self, entries: u64) -> Self {
        Self { entries, ..self }
    }

    /// What was probably done to the log.
    fn cause(&self) -> String {
        match self.longest {
            Some(longest) if self.count > 1 => format!("; lines look cut at {longest} characters"),
            _ if self.without_blank == self.count => "; blank lines are missing".to_owned(),
            _ => String::new(),
        }
    }
}

impl Incomplete {
    /// `None` if all entries could be read.
    pub(super) fn new(unreadable: Unreadable, short: Short) -> Option<Self> {
        (unreadable.left_out > 0 || short.count > 0).then_some(Self { unreadable, short })
    }

    /// The error that says so.
    pub(super) fn error(self) -> io::Error {
        io::Error::new(ErrorKind::InvalidData, self)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("looks like a siptrace log with something before each line")?;
        if self.entries == 0 {
            return Ok(());
        }
        let (count, all) = (self.left_out, self.entries + self.left_out);
        write!(
            f,
            "; {count} of its {all} entries cannot be read and are left out, the first at byte {}",
            self.first
        )
    }
}

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, all, first, cause) = (self.count, self.entries, self.first, self.cause());
        write!(
            f,
            "{count} of {all} messages are not as long as their headers say, the first at byte {first}{cause}"
        )
    }
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.unreadable.left_out > 0, self.short.count > 0) {
            (true, true) => write!(f, "{}; {}", self.unreadable, self.short),
            (true, false) => self.unreadable.fmt(f),
            (false, _) => self.short.fmt(f),
        }
    }
}

impl std::error::Error for Incomplete {}

/// Whether `error` says that entries of a log could not be read, although the text was read to its end.
pub(in crate::load) fn is_incomplete(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.downcast_ref::<Incomplete>().is_some())
}

#[cfg(test)]
mod tests;
