//! What a message changes in a dialog that is no call.
//!
//! Must not know: legs.

use super::builder::{Arrival, Builder};
use super::dialog::{Dialog, DialogKind, DialogState};
use super::list::Handle;
use super::method::Method;
use super::note::Noted;
use super::signals::Said;
use crate::store::Flags;

impl Builder {
    /// Takes a message of a dialog; gives its ordinal.
    pub(super) fn dialog_message(&mut self, index: u32, arrival: &Arrival<'_>) -> u8 {
        let rows = arrival.row;
        let Some(dialog) = self.calls.dialogs.get_mut(index as usize) else { return 0 };
        dialog.messages = dialog.messages.saturating_add(1);
        let ordinal = dialog.ordinal;
        if rows.is_request() {
            request(dialog, arrival);
        } else if rows.status >= 200 {
            response(dialog, arrival);
        }
        self.note_carried(Handle::Dialog(index), arrival);
        if arrival.signals.method == Method::Register
            && is_refusal(rows.status)
            && !rows.flags.has(Flags::RETRANSMISSION)
        {
            let count = self.refused.entry(rows.to).or_default();
            *count += 1;
            let count = *count;
            self.note(Handle::Dialog(index), Noted::RegistrationRefused, arrival.index, count);
        }
        if !rows.flags.has(Flags::RETRANSMISSION) {
            self.authentication(Handle::Dialog(index), arrival);
        }
        ordinal
    }
}

/// A final response that refuses a registration: neither a challenge nor an interval that is too brief.
const fn is_refusal(status: u16) -> bool {
    status >= 400 && !matches!(status, 401 | 407 | 423)
}

fn request(dialog: &mut Dialog, arrival: &Arrival<'_>) {
    let signals = arrival.signals;
    if signals.method == Method::Notify && signals.said.has(Said::TERMINATED) {
        dialog.set_state(DialogState::Ended);
        return;
    }
    if signals.method != Method::Notify && dialog.state() != DialogState::Ended {
        dialog.set_state(DialogState::Open);
    }
    if matches!(signals.method, Method::Register | Method::Subscribe) {
        // What is asked for holds unless the response grants something else.
        dialog.lasts = signals.expires.unwrap_or_default();
    }
}

fn response(dialog: &mut Dialog, arrival: &Arrival<'_>) {
    let (status, signals) = (arrival.row.status, arrival.signals);
    (dialog.fin, dialog.status) = (arrival.index, status);
    if dialog.state() == DialogState::Ended {
        return;
    }
    let state = match status {
        200..300 => DialogState::Accepted,
        401 | 407 => DialogState::Unauthorised,
        _ => DialogState::Refused,
    };
    if state == DialogState::Refused {
        dialog.failures = dialog.failures.saturating_add(1);
    }
    dialog.set_state(state);
    if state == DialogState::Accepted
        && matches!(dialog.kind(), DialogKind::Register | DialogKind::Subscription)
    {
        // Without a granted time: the time that was asked for, and none at all means that it ended.
        dialog.lasts =
            signals.expires.unwrap_or(if dialog.kind() == DialogKind::Register { 0 } else { dialog.lasts });
        if dialog.lasts == 0 && signals.method != Method::Notify {
            dialog.set_state(DialogState::Ended);
        }
    }
}
