//! What can be saved from a screen, with the number of messages of each.
//!
//! Must not know: keys, formats' details, drawing.

use std::sync::Arc;

use crate::app::saving::Selection;
use crate::app::screens::calls::incident_of;
use crate::app::session::Session;
use crate::calls::{Calls, Handle};
use crate::export::format::{Format, Rows};
use crate::store::{MessageIdx, Snapshot};

/// What a screen offers to save.
#[derive(Debug, Clone, Default)]
pub struct Saves {
    /// The selected message.
    pub message: Option<MessageIdx>,
    /// The selected leg, or dialog of another kind.
    pub handle: Option<Handle>,
    /// All that is shown, and how many messages that are.
    pub shown: Option<(Selection, usize)>,
    /// The legs and dialogs of a list of calls, and how many calls and dialogs these are.
    pub calls: Option<(Vec<Handle>, usize)>,
    /// What is proposed unless messages are marked.
    pub proposed: What,
}

/// What is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum What {
    /// The selected message.
    #[default]
    Message,
    /// The marked messages.
    Marked,
    /// The selected leg.
    Leg,
    /// The call with all legs, or the dialog.
    Call,
    /// What belongs to the incident of the call.
    Incident,
    /// All that the filter shows.
    Shown,
    /// The calls, not their messages.
    Calls,
}

impl What {
    /// What it is, in words.
    const fn label(self) -> &'static str {
        match self {
            Self::Message => "this message",
            Self::Marked => "the marked messages",
            Self::Leg => "this leg",
            Self::Call => "the call with all legs",
            Self::Incident => "the incident, with all of its calls",
            Self::Shown => "all that is shown",
            Self::Calls => "the list of calls",
        }
    }

    /// What a file has a row for.
    pub const fn rows(self) -> Rows {
        if matches!(self, Self::Calls) { Rows::Calls } else { Rows::Messages }
    }

    /// The formats in which it can be saved: a report has whole calls.
    pub fn formats(self) -> Vec<Format> {
        let has_calls = matches!(self, Self::Leg | Self::Call | Self::Incident | Self::Shown | Self::Calls);
        Format::all().filter(|format| format.has(self.rows()) && (has_calls || !format.is_report())).collect()
    }
}

/// Something that can be saved, or is not there now.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What it is.
    pub what: What,
    /// Its messages; `None` if it is not there now.
    pub selection: Option<Selection>,
    /// How many there are: messages, or calls.
    pub count: usize,
    /// The leg or dialog that it is named after.
    pub handle: Option<Handle>,
    /// The message that it is named after.
    pub message: Option<MessageIdx>,
}

impl Choice {
    /// What it is, in words.
    pub const fn label(&self) -> &'static str {
        match (self.what, self.handle) {
            // A registration, or another dialog; or no dialog at all.
            (What::Call, Some(Handle::Dialog(_)) | None) => "all with this Call-ID",
            _ => self.what.label(),
        }
    }

    /// Whether it is there now.
    pub const fn is_there(&self) -> bool {
        self.selection.is_some()
    }
}

/// What can be saved, in the order of the dialog.
pub(super) fn of(saves: &Saves, session: &Session) -> Vec<Choice> {
    let snapshot = &session.snapshot;
    let message = saves.message.map(|message| (Selection::one(message), 1));
    let marks: Vec<MessageIdx> = session.marks.iter().copied().collect();
    let marked = (!marks.is_empty()).then(|| (marks.len(), Selection::Messages(Arc::new(marks))));
    let calls = Calls::of(snapshot);
    let handles = |of: &dyn Fn(&Calls, Handle) -> Option<Vec<Handle>>| {
        let (calls, handle) = (calls?, saves.handle?);
        let handles = of(calls, handle)?;
        let count = handles.iter().map(|handle| message_count(calls, *handle)).sum();
        Some((Selection::Of(handles), count))
    };
    let leg = handles(&|_, handle| matches!(handle, Handle::Leg(_)).then(|| vec![handle]));
    let call = handles(&|calls, handle| Some(call_of(calls, handle)));
    let call = call.or_else(|| of_call_id(snapshot, saves.message?));
    let incident = handles(&|calls, handle| incident_of(calls, &call_of(calls, handle)));
    let list = saves.calls.clone().map(|(handles, count)| (Selection::Of(handles), count));
    let found = [
        (What::Message, message),
        (What::Marked, marked.map(|(count, marked)| (marked, count))),
        (What::Leg, leg),
        (What::Call, call),
        (What::Incident, incident),
        (What::Shown, saves.shown.clone()),
        (What::Calls, list),
    ];
    let choice = |(what, found): (What, Option<(Selection, usize)>)| {
        let (selection, count) = found.filter(|(_, count)| *count > 0).unzip();
        let count = count.unwrap_or_default();
        Choice { what, selection, count, handle: saves.handle, message: saves.message }
    };
    found.into_iter().map(choice).collect()
}

/// The one that is chosen at first: marks were made for something; else what the screen proposes, or the first that is there.
pub(super) fn proposed(choices: &[Choice], saves: &Saves) -> Option<usize> {
    let is_there = |what: What| choices.iter().position(|choice| choice.what == what && choice.is_there());
    let first = || choices.iter().position(Choice::is_there);
    is_there(What::Marked).or_else(|| is_there(saves.proposed)).or_else(first)
}

/// The legs of the call of a leg, or the dialog alone.
fn call_of(calls: &Calls, handle: Handle) -> Vec<Handle> {
    match handle {
        Handle::Leg(leg) => calls.joins().legs_of(leg).into_iter().map(Handle::Leg).collect(),
        Handle::Dialog(_) => vec![handle],
    }
}

/// The messages with the Call-ID of one that belongs to no call.
fn of_call_id(snapshot: &Snapshot, message: MessageIdx) -> Option<(Selection, usize)> {
    let row = snapshot.row(message).filter(|row| row.row.call != 0)?;
    let messages = snapshot.rows_of_call(row.row.call);
    Some((Selection::Messages(Arc::new(messages.clone())), messages.len()))
}

fn message_count(calls: &Calls, handle: Handle) -> usize {
    let count = match handle {
        Handle::Leg(leg) => calls.leg(leg).map(|leg| u64::from(leg.messages)),
        Handle::Dialog(dialog) => calls.dialog(dialog).map(|dialog| u64::from(dialog.messages)),
    };
    count.unwrap_or_default() as usize
}
