//! Which messages of a snapshot match a filter, in order: first by the index, then by their text.
//!
//! Must not know: who asks, threads.

use crate::filter::{Filter, Matcher, Verdict};

use super::snapshot::RowRef;
use super::window::WindowReader;

/// A filter at work, with what it needs to read texts.
#[derive(Debug)]
pub struct Matching {
    matcher: Matcher,
    reader: WindowReader,
    unreadable: u64,
    read_bytes: u64,
}

impl Matching {
    /// Nothing is read yet.
    pub fn new(filter: &Filter) -> Self {
        Self { matcher: Matcher::new(filter), reader: WindowReader::default(), unreadable: 0, read_bytes: 0 }
    }

    /// Whether a message matches. A text that cannot be read back does not match, and is counted.
    pub fn matches(&mut self, row: &RowRef<'_>) -> bool {
        match self.matcher.facts(row) {
            Verdict::Yes => true,
            Verdict::No => false,
            Verdict::NeedsBytes => {
                self.read_bytes += u64::from(row.row.len);
                let Ok(bytes) = self.reader.message(row.snapshot, row.index) else {
                    self.unreadable += 1;
                    return false;
                };
                self.matcher.message(row, bytes)
            }
        }
    }

    /// How many messages could not be matched because their text cannot be read back.
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Bytes of all texts that were read.
    pub fn read_bytes(&self) -> u64 {
        self.read_bytes
    }
}
