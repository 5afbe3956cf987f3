//! `--ladder`: gathers the messages of the calls that match, and draws a ladder for each Call-ID.
//!
//! Must not know: how a ladder is laid out, which messages match.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::export::ladder::write_ladder;
use crate::export::styled_write::{Ink, Style};
use crate::frame::Marker;
use crate::ladder::{Folding, Ladder};
use crate::message::MessageRef;
use crate::sip::{Message, sdp};
use crate::store::{CallIdx, MessageIdx, Moment, RowBuilder, Source, Store};

use super::facts::{MessageFacts, Position};

/// The messages gathered so far: what an index knows of them, and what their SDP says.
#[derive(Debug, Default)]
pub(super) struct Ladders {
    store: Store,
    builder: RowBuilder,
    sources: Vec<Arc<Source>>,
    notes: HashMap<MessageIdx, String>,
}

impl Ladders {
    /// Takes a message.
    pub(super) fn add(&mut self, facts: &MessageFacts<'_>) {
        let number = self.source(facts.position().source);
        let entry = &facts.entry;
        let message = MessageRef {
            direction: entry.direction,
            transport: entry.transport,
            // The grammar of frame headers lets only ASCII through.
            address: std::str::from_utf8(entry.address).unwrap_or_default(),
            timestamp: entry.stamp,
            content: entry.content,
            frame_count: entry.frames as usize,
            offset: entry.offset,
            extents: &[],
            completeness: facts.completeness(),
            marker: &Marker::NONE,
        };
        // The locator counted the days already, in the order of the input; calls come here in another one.
        let Position { time, dates, .. } = *facts.position();
        self.builder.fill_at(&message, number as u16, Moment { time, dates });
        let note = sdp::brief(&Message::parse(entry.content));
        if !note.is_empty() {
            self.notes.insert(self.store.len() as MessageIdx, note);
        }
        self.store.push(&self.builder);
    }

    fn source(&mut self, source: &Arc<Source>) -> usize {
        // The files of a rotation set are one profile.
        let folder = |source: &Source| Path::new(&source.file).parent().map(Path::to_owned);
        let is_same = |known: &Arc<Source>| {
            Arc::ptr_eq(known, source) || (known.profile == source.profile && folder(known) == folder(source))
        };
        let known = self.sources.iter().position(is_same);
        known.unwrap_or_else(|| {
            self.sources.push(Arc::clone(source));
            self.sources.len() - 1
        })
    }

    /// Appends the ladders in the order in which their calls came, each below its Call-ID.
    pub(super) fn write(&self, out: &mut Vec<u8>, style: Style) {
        let mut snapshot = self.store.snapshot();
        snapshot.sources = self.sources.iter().map(|source| Source::clone(source)).collect();
        snapshot.progress.done = true;
        for call in 1..=snapshot.call_count() as CallIdx {
            let mut ladder = Ladder::of(&snapshot, &snapshot.rows_of_call(call), Folding::Folded);
            ladder.make_room(&self.notes);
            style.inked(out, Ink::Strong, |out| style.inline(out, snapshot.call_id(call)));
            out.push(b'\n');
            // Appending to a vector cannot fail.
            let _ = write_ladder(out, &ladder, &self.notes);
            out.push(b'\n');
        }
    }
}
