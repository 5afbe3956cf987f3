//! Calls that are counted (`--stats --calls`) or listed (`--calls --follow`) at the end: an index of all messages, and which
//! of them match.
//!
//! Must not know: filters, how the counts are printed.

use std::io;

use crate::calls::{Calls, Chosen, LegRules, Registrations, Summary, calls_of};
use crate::export::call_stats::CallCounts;
use crate::store::{MessageIdx, Snapshot};

use super::by_hand::ByHand;
use super::facts::MessageFacts;
use super::index_thread::IndexThread;
use super::plan::{Listed, Print};

/// The calls so far. It stores no text.
#[derive(Debug)]
pub(super) struct CallTally {
    index: IndexThread,
    /// The messages that match; `None` where all do.
    matching: Option<Vec<MessageIdx>>,
    by_hand: ByHand,
}

impl CallTally {
    /// Without calls; `chosen` are the matching messages, none at first; it is `None` where all match.
    pub(super) fn new(rules: LegRules, chosen: Option<Vec<MessageIdx>>, by_hand: ByHand) -> Self {
        Self { index: IndexThread::new(rules), matching: chosen, by_hand }
    }

    /// Takes every message, matching or not, in the order of their numbers.
    ///
    /// # Errors
    /// If it cannot be indexed.
    pub(super) fn see(&mut self, facts: &MessageFacts<'_>) -> io::Result<()> {
        self.index.push(facts).map(drop)
    }

    /// Takes a message that matches; it was seen before.
    pub(super) fn add(&mut self, facts: &MessageFacts<'_>) {
        if let Some(matching) = &mut self.matching {
            matching.push((facts.position().number.saturating_sub(1)) as MessageIdx);
        }
    }

    /// The counts of the calls and registrations with a matching message.
    ///
    /// # Errors
    /// If a message could not be indexed.
    pub(super) fn counts(&mut self) -> io::Result<CallCounts> {
        let snapshot = self.by_hand.applied(self.index.snapshot()?);
        let Some(calls) = Calls::of(&snapshot) else { return Ok(CallCounts::default()) };
        let chosen = self.chosen(&snapshot, calls);
        let found = calls_of(calls, &snapshot, |leg| chosen.has_leg(leg));
        let dialogs = calls.dialogs(&snapshot).filter(|dialog| chosen.has_dialog(dialog.index));
        Ok(CallCounts {
            calls: Summary::of(found.into_iter().map(|call| call.legs)),
            registrations: Registrations::of(dialogs),
        })
    }

    /// Appends the calls with a matching message, and dialogs of other kinds if the filter asks for them.
    ///
    /// # Errors
    /// If a message could not be indexed.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, print: &Print) -> io::Result<()> {
        let snapshot = self.by_hand.applied(self.index.snapshot()?);
        let Some(calls) = Calls::of(&snapshot) else { return Ok(()) };
        let chosen = self.chosen(&snapshot, calls);
        let has_dialogs = print.chosen && print.listed == Listed::Dialogs;
        let legs: Vec<bool> = (0..calls.leg_count() as u32).map(|leg| chosen.has_leg(leg)).collect();
        let dialogs = if has_dialogs { calls.dialog_count() as u32 } else { 0 };
        let dialogs: Vec<bool> = (0..dialogs).map(|dialog| chosen.has_dialog(dialog)).collect();
        super::calls::write(out, print, (&snapshot, calls), (&legs, &dialogs));
        Ok(())
    }

    fn chosen(&self, snapshot: &Snapshot, calls: &Calls) -> Chosen {
        let Some(matching) = &self.matching else { return Chosen::all() };
        let mut chosen = Chosen::default();
        for row in matching.iter().filter_map(|&message| snapshot.row(message)) {
            chosen.add(calls, row.row);
        }
        chosen
    }
}
