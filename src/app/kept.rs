//! What of the state is kept between runs, and what was kept by earlier ones.
//!
//! Must not know: where and how it is kept.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::ladder::Links;
use crate::store::{MessageIdx, Snapshot};

use super::generation::Generation;
use super::notes::Notes;

/// The state that is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The messages that the others are of.
    pub snapshot: Arc<Snapshot>,
    /// Marked messages.
    pub marks: BTreeSet<MessageIdx>,
    /// Messages whose mark the user removed.
    pub unmarked: BTreeSet<MessageIdx>,
    /// Notes.
    pub notes: Notes,
    /// Legs that the user joined and took out.
    pub links: Links,
    /// The selected message.
    pub position: Option<MessageIdx>,
    /// Filters that were in force during this run, the newest last.
    pub history: Vec<String>,
}

/// Messages that may have marks or links from earlier runs.
#[derive(Debug, Clone)]
pub struct Recall {
    /// The number of the opened inputs.
    pub generation: Generation,
    /// The messages.
    pub snapshot: Arc<Snapshot>,
    /// The first one to look at.
    pub first: MessageIdx,
}

/// How far the state of earlier runs was looked for.
#[derive(Debug, Clone, Default)]
pub struct Recalling {
    /// The inputs that it belongs to.
    pub(super) generation: Generation,
    /// Messages before this one were looked at.
    pub(super) scanned: MessageIdx,
    /// Whether a request was not answered yet, or no further one is needed.
    pub(super) is_settled: bool,
    /// The number of filters, marks, removed marks, changes of legs and changes of notes that were kept last.
    pub(super) kept: (usize, usize, usize, usize, usize),
}

impl Recalling {
    /// For other inputs: nothing was looked for.
    pub(super) fn again(&self) -> Self {
        Self { generation: self.generation + 1, kept: (self.kept.0, 0, 0, 0, 0), ..Self::default() }
    }
}
