//! `--ladder`: collects the messages of the matching calls, and draws a ladder for each Call-ID.
//!
//! Must not know: how a ladder is laid out, which messages match.

use std::collections::HashMap;
use std::io;
use std::thread;

use foldhash::fast::RandomState;

use crate::calls::LegRules;
use crate::export::ladder::{write_head, write_ladder};
use crate::export::styled_write::Style;
use crate::ladder::{Folding, Head, Ladder, wants_note};
use crate::sip::{Message, brief};
use crate::store::{CallIdx, MessageIdx, Snapshot};
use crate::style::Role;

use super::facts::MessageFacts;
use super::indexer::Indexer;

/// The number of calls that a thread draws before what it drew is written.
const CALLS_AT_ONCE: usize = 4096;

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

    /// Draws the ladders in the order in which their calls were added, each below its Call-ID, on all cores; `out` takes
    /// the content of the buffer.
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
        let snapshot = &snapshot;
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let calls: Vec<CallIdx> = (1..=snapshot.call_count() as CallIdx).collect();
        for round in calls.chunks(workers * CALLS_AT_ONCE) {
            thread::scope(|scope| {
                let drawings: Vec<_> = round
                    .chunks(CALLS_AT_ONCE)
                    .map(|calls| scope.spawn(move || self.draw(snapshot, calls, style)))
                    .collect();
                for drawing in drawings {
                    buffer.extend(drawing.join().map_err(|_| io::Error::other("a ladder cannot be drawn"))??);
                    out(buffer)?;
                }
                io::Result::Ok(())
            })?;
        }
        Ok(())
    }

    fn draw(&self, snapshot: &Snapshot, calls: &[CallIdx], style: Style) -> io::Result<Vec<u8>> {
        let mut drawn = Vec::new();
        for &call in calls {
            let mut ladder = Ladder::for_text(snapshot, &snapshot.rows_of_call(call), Folding::Folded);
            let head = Head::of_call_id(snapshot, call);
            ladder.add_findings(&head.findings);
            style.styled(&mut drawn, Role::Strong, |out| style.inline(out, snapshot.call_id(call)));
            drawn.push(b'\n');
            let drawing = drawn.len();
            write_head(&mut drawn, &head, style);
            write_ladder(&mut drawn, &ladder, &self.notes)?;
            style.limit_signs(&mut drawn, drawing);
            drawn.push(b'\n');
        }
        Ok(drawn)
    }
}
