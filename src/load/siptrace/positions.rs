//! What the counts of a log's bytes need to know about where the log comes from.
//!
//! Must not know: how lines are read.

use crate::store::LogAccount;

/// Maps positions in a log to positions in the text from which it was made.
pub(super) trait LogSource {
    /// How many bytes of the text became the log's first `at` bytes, without those that were dropped. `at` only grows.
    fn counted(&mut self, at: u64) -> u64;
    /// The offset in the text of the line that contains the log's byte at `at`.
    fn offset(&self, at: u64) -> u64;
    /// Adds the dropped lines since the last call.
    fn dropped(&mut self, account: &mut LogAccount);
    /// How many lines the text has, without those that are part of the log as they are.
    fn lines(&self) -> u64;
}
