//! Notes that the user wrote on messages. The note on a call is the one on its first message.
//!
//! Must not know: where notes are kept, drawing.

use std::collections::{BTreeMap, BTreeSet};

use crate::calls::{Calls, Handle, LegIdx};
use crate::store::{MessageIdx, Snapshot};

/// A longer note is cut.
const MOST_CHARS: usize = 400;

/// The notes on messages.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    texts: BTreeMap<MessageIdx, String>,
    /// Messages whose note was written or removed in this run.
    written: BTreeSet<MessageIdx>,
    /// How often that happened.
    changes: usize,
}

impl Notes {
    /// The note on a message.
    pub fn get(&self, message: MessageIdx) -> Option<&str> {
        self.texts.get(&message).map(String::as_str)
    }

    /// All notes, by their messages.
    pub fn texts(&self) -> &BTreeMap<MessageIdx, String> {
        &self.texts
    }

    /// Writes the note on a message; an empty text removes it.
    pub(super) fn write(&mut self, message: MessageIdx, text: &str) {
        let text: String = text.trim().chars().take(MOST_CHARS).collect();
        self.written.insert(message);
        self.changes += 1;
        if text.is_empty() {
            self.texts.remove(&message);
        } else {
            self.texts.insert(message, text);
        }
    }

    /// Takes a note of an earlier run.
    pub(super) fn recall(&mut self, message: MessageIdx, text: &str) {
        if !self.written.contains(&message) {
            self.texts.insert(message, text.to_owned());
        }
    }

    /// What was written in this run: the message, and its note if it still has one.
    pub fn written(&self) -> impl Iterator<Item = (MessageIdx, Option<&str>)> {
        self.written.iter().map(|message| (*message, self.get(*message)))
    }

    /// The number of changes in this run.
    pub(super) fn changes(&self) -> usize {
        self.changes
    }

    /// The notes on messages of these legs, or of this dialog.
    pub fn of<'a>(
        &'a self,
        snapshot: &'a Snapshot,
        legs: Vec<LegIdx>,
        dialog: Option<u32>,
    ) -> impl Iterator<Item = (MessageIdx, &'a str)> {
        let calls = Calls::of(snapshot);
        let is_of = move |message: MessageIdx| match calls?.of_row(snapshot.row(message)?.row)? {
            Handle::Leg(leg) => legs.contains(&leg).then_some(()),
            Handle::Dialog(one) => (dialog == Some(one)).then_some(()),
        };
        let texts = self.texts.iter().map(|(message, text)| (*message, text.as_str()));
        texts.filter(move |(message, _)| is_of(*message).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_run_wrote_replaces_what_earlier_ones_did() {
        let mut notes = Notes::default();
        notes.write(3, "  ask Bob ");
        notes.write(4, "");
        for message in [3, 4, 5] {
            notes.recall(message, "earlier");
        }
        assert_eq!(notes.get(3), Some("ask Bob"));
        assert_eq!((notes.get(4), notes.get(5)), (None, Some("earlier")));
        assert_eq!(notes.written().collect::<Vec<_>>(), [(3, Some("ask Bob")), (4, None)]);
    }
}
