//! The error of a log of which not all entries could be read.
//!
//! Must not know: how they are read.

use std::fmt;
use std::io::{self, ErrorKind};

/// A log was read to its end, and not all of its entries could be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Unreadable {
    /// How many could be read.
    entries: u64,
    left_out: u64,
    /// The offset of the first that could not.
    first: u64,
}

impl Unreadable {
    /// Counts an entry that cannot be read, whose header is in the line at `offset`.
    pub(super) fn add(&mut self, offset: u64) {
        if self.left_out == 0 {
            self.first = offset;
        }
        self.left_out += 1;
    }

    /// The error, if there are such entries beside the `entries` that could be read.
    pub(super) fn error(self, entries: u64) -> Option<io::Error> {
        (self.left_out > 0).then(|| io::Error::new(ErrorKind::InvalidData, Self { entries, ..self }))
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

impl std::error::Error for Unreadable {}

/// Whether `error` says that entries of a log could not be read, although the text was read to its end.
pub(in crate::load) fn is_unreadable(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.downcast_ref::<Unreadable>().is_some())
}
