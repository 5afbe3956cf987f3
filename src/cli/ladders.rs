//! `--ladder`: gathers the messages of the calls that match, and draws a ladder for each Call-ID.
//!
//! Must not know: how a ladder is laid out, which messages match.

use std::collections::HashMap;

use crate::export::ladder::write_ladder;
use crate::export::styled_write::Style;
use crate::ladder::{Folding, Ladder};
use crate::sip::{Message, sdp};
use crate::store::{CallIdx, MessageIdx, Source};
use crate::style::Role;

use super::facts::MessageFacts;
use super::indexer::Indexer;

/// The messages gathered so far: what an index knows of them, and what their SDP says.
#[derive(Debug, Default)]
pub(super) struct Ladders {
    index: Indexer,
    notes: HashMap<MessageIdx, String>,
}

impl Ladders {
    /// Takes a message.
    pub(super) fn add(&mut self, facts: &MessageFacts<'_>) {
        let row = self.index.push(facts);
        let note = sdp::brief(&Message::parse(facts.entry.content));
        if !note.is_empty() {
            self.notes.insert(row, note);
        }
    }

    /// Appends the ladders in the order in which their calls came, each below its Call-ID.
    pub(super) fn write(&self, out: &mut Vec<u8>, style: Style) {
        let mut snapshot = self.index.store.snapshot();
        snapshot.sources = self.index.sources.iter().map(|source| Source::clone(source)).collect();
        snapshot.progress.done = true;
        for call in 1..=snapshot.call_count() as CallIdx {
            let mut ladder = Ladder::of(&snapshot, &snapshot.rows_of_call(call), Folding::Folded);
            ladder.make_room(&self.notes);
            style.styled(out, Role::Strong, |out| style.inline(out, snapshot.call_id(call)));
            out.push(b'\n');
            // Appending to a vector cannot fail.
            let _ = write_ladder(out, &ladder, &self.notes);
            out.push(b'\n');
        }
    }
}
