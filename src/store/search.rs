//! A search for rows, and its answer: what the browser asks for and the search thread gives.
//!
//! Must not know: who asks, who searches.

use std::sync::Arc;
use std::time::Duration;

use crate::filter::Filter;

use super::MessageIdx;
use super::snapshot::Snapshot;

/// A search for rows.
#[derive(Debug, Clone)]
pub struct Search {
    /// Comes back with each answer; answers of older searches are dropped.
    pub generation: u64,
    /// What must hold.
    pub filter: Filter,
    /// Where to look.
    pub snapshot: Arc<Snapshot>,
    /// The first row to look at.
    pub first: MessageIdx,
}

/// A part of the answer to a [`Search`].
#[derive(Debug, Clone)]
pub struct Found {
    /// The search it belongs to.
    pub generation: u64,
    /// Further matching rows, ascending.
    pub rows: Vec<MessageIdx>,
    /// All rows before this one were looked at.
    pub scanned: MessageIdx,
    /// Whether the snapshot was looked at to its end.
    pub done: bool,
    /// How many messages of this generation could not be searched so far, because their text cannot be read back: they are
    /// not among the rows.
    pub unreadable: u64,
    /// Time since the first search of this generation began.
    pub elapsed: Duration,
}
