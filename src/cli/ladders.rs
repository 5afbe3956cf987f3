//! `--ladder`: collects the messages of the matching calls, and draws a ladder for each Call-ID.
//!
//! Must not know: how a ladder is laid out, which messages match.

use std::collections::HashMap;
use std::io;

use foldhash::fast::RandomState;

use crate::calls::LegRules;
use crate::export::ladder::{write_head, write_ladder};
use crate::export::styled_write::Style;
use crate::ladder::{Folding, Head, Ladder, wants_note};
use crate::sip::{Message, brief};
use crate::store::{CallIdx, MessageIdx};
use crate::style::Role;

use super::facts::MessageFacts;
use super::indexer::Indexer;

/// The messages collected so far: their rows, and what their texts add.
#[derive(Debug)]
pub(super) struct Ladders {
    index: Indexer,
    notes: HashMap<MessageIdx, String, RandomState>,
}

impl Ladders {
    /// Ladders of calls whose legs are also joined by `rules`.
    pub(super) fn new(rules: LegRules) -> Self {
        Self { index: Indexer::with_calls(rules), notes: HashMap::default() }
    }

    /// Adds a message.
    pub(super) fn add(&mut self, facts: &MessageFacts<'_>) {
        let row = self.index.push(facts);
        let Some((last, _)) = self.index.store.last() else { return };
        if !wants_note(last, self.index.draft.method()) {
            return;
        }
        let note = brief(&Message::parse(facts.entry.content));
        if !note.is_empty() {
            self.notes.insert(row, note);
        }
    }

    /// Draws the ladders in the order in which their calls were added, each below its Call-ID; `out` takes the content
    /// of the buffer.
    ///
    /// # Errors
    /// Errors of `out`.
    pub(super) fn write(
        &self,
        buffer: &mut Vec<u8>,
        style: Style,
        out: &mut dyn FnMut(&mut Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut snapshot = self.index.snapshot();
        snapshot.progress.done = true;
        for call in 1..=snapshot.call_count() as CallIdx {
            let mut ladder = Ladder::for_text(&snapshot, &snapshot.rows_of_call(call), Folding::Folded);
            let head = Head::of_call_id(&snapshot, call);
            ladder.add_findings(&head.findings);
            style.styled(buffer, Role::Strong, |out| style.inline(out, snapshot.call_id(call)));
            buffer.push(b'\n');
            let drawing = buffer.len();
            write_head(buffer, &head, style);
            write_ladder(buffer, &ladder, &self.notes)?;
            style.limit_signs(buffer, drawing);
            buffer.push(b'\n');
            out(buffer)?;
        }
        Ok(())
    }
}
