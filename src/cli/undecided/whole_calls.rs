//! Finds the calls that are over: the facts that a filter may ask about them no longer change.
//!
//! Must not know: which messages wait, filters.

use std::collections::HashMap;
use std::sync::Arc;

use crate::calls::{Calls, DialogRef, Handle, LegRef};
use crate::cli::facts::OfCall;
use crate::cli::indexer::Indexer;
use crate::store::{MessageIdx, Row, Snapshot, TIMER_B, TIMER_C};

use super::WaitLimit;

/// The calls at one moment.
pub(super) struct WholeCalls {
    snapshot: Arc<Snapshot>,
    at: i64,
    wait_limit: WaitLimit,
    /// By packed handle: whether it is over.
    known: HashMap<Handle, bool>,
}

impl WholeCalls {
    /// The calls of `snapshot` at the time `at`.
    pub(super) fn of(snapshot: Snapshot, at: i64, wait_limit: WaitLimit) -> Self {
        Self { snapshot: Arc::new(snapshot), at, wait_limit, known: HashMap::new() }
    }

    /// The facts about the call of a message.
    pub(super) fn of_call(&self, row: MessageIdx) -> OfCall {
        OfCall::Known(Arc::clone(&self.snapshot), row)
    }

    /// The time of the snapshot.
    pub(super) const fn at(&self) -> i64 {
        self.at
    }

    /// Whether the call of a message is over.
    pub(super) fn is_over(&mut self, index: &Indexer, row: MessageIdx) -> bool {
        let snapshot = &self.snapshot;
        let (Some(calls), Some(row)) = (Calls::of(snapshot), snapshot.row(row)) else { return false };
        let Some(handle) = calls.of_row(row.row) else { return true };
        // What is true of a leg's call is true of its first leg's.
        let handle = match handle {
            Handle::Leg(leg) => Handle::Leg(calls.joins().call_of(leg)),
            Handle::Dialog(_) => handle,
        };
        if let Some(known) = self.known.get(&handle) {
            return *known;
        }
        let is_over = match handle {
            Handle::Leg(leg) => calls.joins().legs_of(leg).into_iter().all(|leg| {
                let is_settled = self.wait_limit == WaitLimit::UntilSilence
                    || index.calls().is_some_and(|c| c.is_settled(leg));
                is_settled && calls.leg_ref(snapshot, leg).is_some_and(|leg| self.is_leg_over(&leg))
            }),
            Handle::Dialog(dialog) => {
                calls.dialog_ref(snapshot, dialog).is_some_and(|dialog| self.is_dialog_over(&dialog))
            }
        };
        self.known.insert(handle, is_over);
        is_over
    }

    fn silent_for(&self, last: MessageIdx) -> i64 {
        self.snapshot.row(last).map_or(0, |row| self.at - row.row.time)
    }

    fn is_leg_over(&self, leg: &LegRef<'_>) -> bool {
        let silent = self.silent_for(leg.leg.last);
        let gives_up =
            self.wait_limit == WaitLimit::UntilSilence && !leg.leg.is_answered() && silent > TIMER_C;
        leg.ended().is_some() && silent > TIMER_B || gives_up
    }

    /// Registrations and subscriptions are refreshed: they are over only when following, which does not wait for that.
    fn is_dialog_over(&self, dialog: &DialogRef<'_>) -> bool {
        self.wait_limit == WaitLimit::UntilSilence
            && (dialog.is_answered() || self.silent_for(dialog.dialog.fin) > TIMER_B)
    }
}

/// The facts about the call of the last message that are already known.
pub(super) fn open(index: &Indexer, row: &Row) -> OfCall {
    let calls = index.calls().map(crate::calls::Builder::calls);
    OfCall::Open(calls.map_or("", |calls| match calls.of_row(row) {
        Some(Handle::Leg(_)) => "call",
        Some(Handle::Dialog(dialog)) => calls.dialog(dialog).map_or("", |dialog| dialog.kind().as_str()),
        None => "",
    }))
}
