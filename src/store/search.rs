//! A search for rows and its results: the browser requests it, the search thread answers.
//!
//! Must not know: who searches, on which thread.

use std::sync::Arc;
use std::time::Duration;

use crate::filter::Filter;

use super::MessageIdx;
use super::snapshot::Snapshot;

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
