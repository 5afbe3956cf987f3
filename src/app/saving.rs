//! What is to be saved, and what became of it.
//!
//! Must not know: files, how a format is written, how it was chosen.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::calls::{Calls, Handle};
use crate::export::format::{Format, Rows};
use crate::store::{MessageIdx, Snapshot};

use super::generation::Generation;
use super::picked::messages_of;

/// Messages that were chosen, without a list of them where they are many.
#[derive(Debug, Clone)]
pub enum Selection {
    /// All messages.
    All,
    /// These, in their order.
    Messages(Arc<Vec<MessageIdx>>),
    /// Those of these legs and dialogs.
    Of(Vec<Handle>),
}

impl Selection {
    /// One message.
    pub(super) fn one(message: MessageIdx) -> Self {
        Self::Messages(Arc::new(vec![message]))
    }

    /// Whether a message is one of them.
    pub(super) fn contains(&self, snapshot: &Snapshot, message: MessageIdx) -> bool {
        match self {
            Self::All => true,
            Self::Messages(messages) => messages.binary_search(&message).is_ok(),
            Self::Of(handles) => {
                let row = snapshot.row(message);
                let handle = row.and_then(|row| Calls::of(snapshot)?.of_row(row.row));
                handle.is_some_and(|handle| handles.contains(&handle))
            }
        }
    }
}

/// What happens to an existing file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// It is kept, and the user is asked.
    Ask,
    /// The user wants it to be replaced.
    Yes,
}

/// Whether what identifies someone is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Redaction {
    /// The originals are saved.
    #[default]
    Off,
    /// Pseudonyms are, and secrets are removed.
    On,
}

/// A file that is to be saved.
#[derive(Debug, Clone)]
pub struct SaveRequest {
    /// Comes back with the answers.
    pub generation: Generation,
    /// The index.
    pub snapshot: Arc<Snapshot>,
    /// The messages.
    pub selection: Selection,
    /// What the file has a row for.
    pub rows: Rows,
    /// Its format.
    pub format: Format,
    /// Its name, as typed.
    pub path: String,
    /// What happens to an existing file.
    pub overwrite: Overwrite,
    /// Whether it is redacted.
    pub redaction: Redaction,
    /// The notes on messages.
    pub notes: BTreeMap<MessageIdx, String>,
    /// The names of the columns of the message list.
    pub columns: Vec<String>,
    /// The names of the columns of the calls.
    pub call_columns: Vec<String>,
}

impl SaveRequest {
    /// The messages, in their order. It takes time that grows with them.
    pub fn messages(&self) -> Vec<MessageIdx> {
        let snapshot = &self.snapshot;
        match (&self.selection, Calls::of(snapshot)) {
            (Selection::All, _) => (0..snapshot.len() as MessageIdx).collect(),
            (Selection::Messages(messages), _) => messages.to_vec(),
            (Selection::Of(handles), Some(calls)) => messages_of(snapshot, calls, handles.iter().copied()),
            (Selection::Of(_), None) => Vec::new(),
        }
    }
}

/// A file that is being saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saving {
    /// The number of its request.
    pub generation: Generation,
    /// The file.
    pub path: String,
    /// How many messages are written.
    pub done: usize,
    /// Of how many.
    pub total: usize,
}

/// A file that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Its name.
    pub path: String,
    /// What it has rows for.
    pub rows: Rows,
    /// How many.
    pub count: u64,
    /// Its bytes.
    pub bytes: u64,
    /// Messages that are missing because their text is gone.
    pub unreadable: u64,
}

/// Why no file was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSaved {
    /// There is such a file.
    Exists,
    /// The user stopped it.
    Stopped,
    /// What is wrong.
    Failed(String),
}
