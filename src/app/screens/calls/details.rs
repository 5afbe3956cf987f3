//! What the details say of the selected line.
//!
//! Must not know: how a verdict is found, drawing.

use crate::app::notes::Notes;
use crate::app::session::Session;
use crate::app::styled_text::{Line, Role};
use crate::calls::{CallRef, Calls, State};
use crate::store::{MessageIdx, Snapshot};

use super::listing::Entry;
use super::{CallsScreen, summary};

/// The role of an outcome, which is a word or two.
pub fn outcome_role(state: State) -> Role {
    match state {
        State::Answered => Role::Success,
        State::Busy | State::NoAnswer | State::Rejected | State::Failed => Role::Failure,
        State::Cancelled => Role::CallEnd,
        State::Redirected => Role::Redirection,
        State::Ringing | State::Trying | State::InProgress => Role::Provisional,
    }
}

/// The role of a verdict, which is a sentence: in green it would be hard to read on a light background.
pub fn verdict_role(state: State) -> Role {
    if state.is_failure() { Role::Failure } else { Role::Plain }
}

impl CallsScreen {
    /// The selected call; of a selected leg that leg alone.
    pub(super) fn call<'a>(&self, session: &'a Session) -> Option<CallRef<'a>> {
        let (calls, entry) = (Calls::of(&session.snapshot)?, self.entry()?);
        let leg = |leg| calls.leg_ref(&session.snapshot, leg);
        match entry {
            Entry::Leg(one) => CallRef::of(leg(one).into_iter().collect()),
            _ => CallRef::of(self.listing.legs(entry).iter().filter_map(|&one| leg(one)).collect()),
        }
    }

    /// The first message of the selected call, leg or dialog.
    pub fn first_message(&self, session: &Session) -> Option<MessageIdx> {
        let calls = Calls::of(&session.snapshot)?;
        match self.entry()? {
            Entry::Dialog(dialog) => calls.dialog(dialog).map(|dialog| dialog.first),
            entry => calls.leg(self.listing.leg(entry)?).map(|leg| leg.first),
        }
    }

    /// What the details say.
    pub fn details(&self, session: &Session) -> Vec<Line> {
        let snapshot = &session.snapshot;
        let (Some(calls), Some(entry)) = (Calls::of(snapshot), self.entry()) else { return Vec::new() };
        let notes = self
            .notes_of(entry, &session.notes, snapshot)
            .map(|(message, text)| summary::note(message, text));
        let notes: Vec<Line> = notes.collect();
        let mut lines = match entry {
            Entry::Dialog(dialog) => {
                calls.dialog_ref(snapshot, dialog).map(|d| summary::of_dialog(&d)).unwrap_or_default()
            }
            Entry::Incident { text, calls: count, dialogs, .. } => {
                summary::of_incident(calls.text(text), count, dialogs)
            }
            Entry::Leg(_) | Entry::Call { .. } => self
                .call(session)
                .map(|call| summary::of_call(&call, verdict_role(call.state()), &session.links))
                .unwrap_or_default(),
        };
        // After the verdict.
        let at = lines.len().min(1);
        lines.splice(at..at, notes);
        lines
    }

    /// The notes on messages of a line's call, leg or dialog.
    pub fn notes_of<'a>(
        &'a self,
        entry: Entry,
        notes: &'a Notes,
        snapshot: &'a Snapshot,
    ) -> impl Iterator<Item = (MessageIdx, &'a str)> {
        let legs = match entry {
            Entry::Call { .. } => self.listing.legs(entry).to_vec(),
            Entry::Leg(leg) => vec![leg],
            Entry::Dialog(_) | Entry::Incident { .. } => Vec::new(),
        };
        let dialog = if let Entry::Dialog(dialog) = entry { Some(dialog) } else { None };
        notes.of(snapshot, legs, dialog)
    }
}
