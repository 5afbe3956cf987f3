//! `--ladder`: collects the messages of the matching calls, and draws a ladder for each Call-ID.
//!
//! Must not know: how a ladder is laid out, which messages match.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::thread;

use foldhash::fast::RandomState;

use crate::calls::{Calls, LegRules};
use crate::export::ladder::{write_head, write_ladder};
use crate::export::styled_write::Style;
use crate::ladder::{Folding, Head, Ladder, legs_of};
use crate::sip::{Message, brief};
use crate::store::{CallIdx, MessageIdx, Snapshot};
use crate::style::Role;

use super::facts::MessageFacts;
use super::index_thread::IndexThread;

/// The number of calls that a thread draws before what it drew is written.
const CALLS_AT_ONCE: usize = 4096;

/// The messages collected so far: their rows, and what their texts add.
#[derive(Debug)]
pub(super) struct Ladders {
    index: IndexThread,
    notes: HashMap<MessageIdx, String, RandomState>,
}

impl Ladders {
    /// Ladders of calls whose legs are also joined by `rules`.
    pub(super) fn new(rules: LegRules) -> Self {
        Self { index: IndexThread::new(rules), notes: HashMap::default() }
    }

    /// Adds a message.
    ///
    /// # Errors
    /// If it cannot be indexed.
    pub(super) fn add(&mut self, facts: &MessageFacts<'_>) -> io::Result<()> {
        let (row, draft) = self.index.push(facts)?;
        if draft.wants_note() {
            let note = brief(&Message::parse(facts.entry.content));
            if !note.is_empty() {
                self.notes.insert(row, note);
            }
        }
        Ok(())
    }

    /// Draws the ladders in the order in which their calls were added, each below its Call-ID, on all cores; `out` takes
    /// the content of the buffer.
    ///
    /// # Errors
    /// Errors of `out`.
    pub(super) fn write(
        &mut self,
        buffer: &mut Vec<u8>,
        style: Style,
        out: &mut dyn FnMut(&mut Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut snapshot = self.index.snapshot()?;
        snapshot.progress.done = true;
        let drawing = Drawing { snapshot: &snapshot, notes: &self.notes, style };
        // While one drawing is written, each core has another one to do.
        let most = thread::available_parallelism().map_or(1, usize::from) + 1;
        let calls: Vec<CallIdx> = (1..=snapshot.call_count() as CallIdx).collect();
        let mut waiting = calls.chunks(CALLS_AT_ONCE);
        thread::scope(|scope| {
            let (mut drawings, mut memory) = (VecDeque::new(), Vec::new());
            loop {
                while drawings.len() < most
                    && let Some(calls) = waiting.next()
                {
                    let drawn = memory.pop().unwrap_or_default();
                    drawings.push_back(scope.spawn(move || drawing.append_to(drawn, calls)));
                }
                let Some(next) = drawings.pop_front() else { return Ok(()) };
                let mut drawn = next.join().map_err(|_| io::Error::other("a ladder cannot be drawn"))?;
                buffer.append(&mut drawn);
                memory.push(drawn);
                out(buffer)?;
            }
        })
    }
}

/// What is drawn, and how.
#[derive(Debug, Clone, Copy)]
struct Drawing<'a> {
    snapshot: &'a Snapshot,
    notes: &'a HashMap<MessageIdx, String, RandomState>,
    style: Style,
}

impl Drawing<'_> {
    /// Appends the ladders of these calls to `drawn`.
    fn append_to(self, mut drawn: Vec<u8>, calls: &[CallIdx]) -> Vec<u8> {
        let Self { snapshot, notes, style } = self;
        for &call in calls {
            let mut ladder = Ladder::for_text(snapshot, &snapshot.rows_of_call(call), Folding::Folded);
            let head = Head::of_call_id(snapshot, call);
            ladder.add_findings(&head.findings);
            if let Some(calls) = Calls::of(snapshot) {
                ladder.explain_longest(snapshot, calls, || legs_of(calls, call));
            }
            style.styled(&mut drawn, Role::Strong, |out| style.inline(out, snapshot.call_id(call)));
            drawn.push(b'\n');
            let drawing = drawn.len();
            write_head(&mut drawn, &head, style);
            write_ladder(&mut drawn, &ladder, notes);
            style.limit_signs(&mut drawn, drawing);
            drawn.push(b'\n');
        }
        drawn
    }
}
