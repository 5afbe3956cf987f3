//! What is selected when the browser is left, for `--pick`.
//!
//! Must not know: how it is printed.

use std::collections::BTreeSet;

use crate::calls::{Calls, Handle};
use crate::store::{MessageIdx, Snapshot};

use super::App;

impl App {
    /// The picked messages, in their order: what the top screen gives, or the marked messages, or the selected one.
    pub fn picked(&self) -> Vec<MessageIdx> {
        let session = &self.session;
        match self.screen().state().picked(session) {
            Some(messages) => messages,
            None if !session.marks.is_empty() => session.marks.iter().copied().collect(),
            None => self.selected().into_iter().collect(),
        }
    }
}

/// All messages of legs and dialogs, in their order.
pub(in crate::app) fn messages_of(
    snapshot: &Snapshot,
    calls: &Calls,
    handles: impl IntoIterator<Item = Handle>,
) -> Vec<MessageIdx> {
    let call_id = |handle| match handle {
        Handle::Leg(leg) => calls.leg(leg).map(|leg| leg.call_id),
        Handle::Dialog(dialog) => calls.dialog(dialog).map(|dialog| dialog.call_id),
    };
    let of_handle = |handle: Handle| {
        let messages = call_id(handle).map(|id| snapshot.rows_of_call(id)).unwrap_or_default();
        let is_own = move |message: &MessageIdx| {
            snapshot.row(*message).and_then(|row| calls.of_row(row.row)) == Some(handle)
        };
        messages.into_iter().filter(is_own)
    };
    let messages: BTreeSet<MessageIdx> = handles.into_iter().flat_map(of_handle).collect();
    messages.into_iter().collect()
}
