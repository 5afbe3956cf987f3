//! Calls that are counted (`--stats --calls`) or listed (`--calls --follow`) at the end: an index of all messages, and which
//! of them match.
//!
//! Must not know: filters, how the counts are printed.

use std::io;

use crate::calls::{Calls, Handle, LegRules, Registrations, Summary};
use crate::export::call_stats::CallCounts;
use crate::export::calls::calls_of;
use crate::store::{MessageIdx, Snapshot};

use super::facts::MessageFacts;
use super::index_thread::IndexThread;
use super::plan::{Listed, Print};

/// The calls so far. It stores no text.
#[derive(Debug)]
pub(super) struct CallTally {
    index: IndexThread,
    /// The messages that match; `None` where all do.
    matching: Option<Vec<MessageIdx>>,
}

/// The legs and dialogs that have a matching message.
struct Chosen {
    legs: Vec<bool>,
    dialogs: Vec<bool>,
}

impl CallTally {
    /// Without calls; `chosen` are the matching messages, none at first; it is `None` where all match.
    pub(super) fn new(rules: LegRules, chosen: Option<Vec<MessageIdx>>) -> Self {
        Self { index: IndexThread::new(rules), matching: chosen }
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
        let snapshot = self.index.snapshot()?;
        let Some(calls) = Calls::of(&snapshot) else { return Ok(CallCounts::default()) };
        let chosen = self.chosen(&snapshot, calls);
        let has = |list: &[bool], index: u32| list.get(index as usize).copied().unwrap_or_default();
        let found = calls_of(calls, &snapshot, |leg| has(&chosen.legs, leg));
        let dialogs = calls.dialogs(&snapshot).filter(|dialog| has(&chosen.dialogs, dialog.index));
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
        let snapshot = self.index.snapshot()?;
        let Some(calls) = Calls::of(&snapshot) else { return Ok(()) };
        let chosen = self.chosen(&snapshot, calls);
        let has_dialogs = print.chosen && print.listed == Listed::Dialogs;
        let dialogs = if has_dialogs { &chosen.dialogs[..] } else { &[] };
        super::calls::write(out, print, (&snapshot, calls), (&chosen.legs, dialogs));
        Ok(())
    }

    fn chosen(&self, snapshot: &Snapshot, calls: &Calls) -> Chosen {
        let all = self.matching.is_none();
        let mut chosen =
            Chosen { legs: vec![all; calls.leg_count()], dialogs: vec![all; calls.dialog_count()] };
        for row in self.matching.iter().flatten().filter_map(|&message| snapshot.row(message)) {
            let place = match calls.of_row(row.row) {
                Some(Handle::Leg(leg)) => chosen.legs.get_mut(leg as usize),
                Some(Handle::Dialog(dialog)) => chosen.dialogs.get_mut(dialog as usize),
                None => None,
            };
            if let Some(place) = place {
                *place = true;
            }
        }
        chosen
    }
}
