//! Looking through the list of calls for something wrong, outside of the drawing thread.
//!
//! Must not know: which line is selected, threads, drawing.

use std::sync::Arc;

use crate::app::generation::Generation;
use crate::calls::Handle;
use crate::store::Snapshot;

use super::listing::{Listing, Way};

/// Lines between two looks at whether something else is asked for.
const BATCH: usize = 64;

/// A search for a line with something wrong.
#[derive(Debug, Clone)]
pub struct FindProblem {
    /// Comes back with the answer.
    pub generation: Generation,
    pub(super) listing: Arc<Listing>,
    pub(super) snapshot: Arc<Snapshot>,
    /// Lines up to this one, in the direction, were judged.
    pub(super) from: usize,
    pub(super) way: Way,
}

impl FindProblem {
    /// What identifies the line, if there is one. `None` if something else is asked for in the meantime.
    pub fn find(&self, is_replaced: &dyn Fn() -> bool) -> Option<Option<(Handle, bool)>> {
        let lines: Vec<usize> = self.way.lines(self.from, self.listing.entries.len()).collect();
        for some in lines.chunks(BATCH) {
            if is_replaced() {
                return None;
            }
            if let Some(line) = self.listing.problem(some.iter().copied(), &self.snapshot) {
                return Some(self.listing.handle(line));
            }
        }
        Some(None)
    }
}
