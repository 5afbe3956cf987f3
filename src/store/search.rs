//! A search for rows and its results: the browser requests it, the search thread answers.
//!
//! Must not know: who searches, on which thread.

use std::sync::Arc;
use std::time::Duration;

use crate::filter::Filter;

use super::MessageIdx;
use super::snapshot::{RowRef, Snapshot};

/// Matching rows, ascending, in the pieces in which they were found.
pub type Pieces = Vec<Arc<Vec<MessageIdx>>>;

/// What is known of the first rows of a search, where its filter only narrows an earlier one: those that may match.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// The rows that may match.
    pub rows: Pieces,
    /// Before this row no other one matches.
    pub before: MessageIdx,
}

impl Candidates {
    /// The pieces with rows from `first` on; one in the middle is cut.
    pub fn rest(&self, first: MessageIdx) -> Pieces {
        let rest = |piece: &Arc<Vec<MessageIdx>>| {
            let from = piece.partition_point(|row| *row < first);
            match from {
                0 => Arc::clone(piece),
                from => Arc::new(piece[from..].to_vec()),
            }
        };
        self.rows.iter().map(rest).filter(|piece| !piece.is_empty()).collect()
    }

    /// Forgets the rows if all of them were looked at.
    pub fn drop_before(&mut self, scanned: MessageIdx) {
        if scanned >= self.before {
            *self = Self::default();
        }
    }

    /// The rows of `snapshot` that must be looked at, from the row `first` on.
    pub fn rows_from<'a>(
        &'a self,
        first: MessageIdx,
        snapshot: &'a Snapshot,
    ) -> impl Iterator<Item = RowRef<'a>> {
        let known =
            self.rows.iter().flat_map(move |piece| &piece[piece.partition_point(|row| *row < first)..]);
        let known = known.copied().take_while(|row| *row < self.before);
        known.filter_map(|row| snapshot.row(row)).chain(snapshot.rows_from(first.max(self.before)))
    }
}

/// A search for rows.
#[derive(Debug, Clone)]
pub struct Search {
    /// Repeated in each result; results of older searches are dropped.
    pub generation: u64,
    /// The filter.
    pub filter: Filter,
    /// The snapshot to search.
    pub snapshot: Arc<Snapshot>,
    /// The first row to look at.
    pub first: MessageIdx,
    /// Which of the rows before some row to look at.
    pub candidates: Candidates,
}

/// A partial result of a [`Search`].
#[derive(Debug, Clone)]
pub struct Found {
    /// The generation of the search.
    pub generation: u64,
    /// Further matching rows, ascending.
    pub rows: Vec<MessageIdx>,
    /// All rows before this one were searched.
    pub scanned: MessageIdx,
    /// Whether the snapshot was searched to its end.
    pub done: bool,
    /// How many messages of this generation could not be searched so far because their text cannot be read back; they
    /// are not among the rows.
    pub unreadable: u64,
    /// Time since the first search of this generation began.
    pub elapsed: Duration,
}

/// How many messages match each term of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TermCounts {
    /// Each term, and the messages that match it alone.
    pub alone: Vec<(String, u64)>,
    /// Terms without which messages match, and how many.
    pub without: Vec<(String, u64)>,
    /// Whether all messages were looked at: else these are lower limits.
    pub is_complete: bool,
}
