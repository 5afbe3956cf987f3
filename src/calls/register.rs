//! What a message changes in a dialog that is no call.
//!
//! Must not know: legs.

use super::bindings::{Grant, Origin};
use super::builder::{Arrival, Builder};
use super::dialog::{Dialog, DialogState};
use super::leg::NO_MESSAGE;
use super::list::Handle;
use super::method::Method;
use super::note::Noted;
use super::session::host_address;
use super::signals::Said;
use crate::store::Flags;

impl Builder {
    /// Takes a message of a dialog; gives its ordinal.
    pub(super) fn dialog_message(&mut self, index: u32, arrival: &Arrival<'_>) -> u8 {
        let rows = arrival.row;
        let Some(dialog) = self.calls.dialogs.get_mut(index as usize) else { return 0 };
        dialog.messages = dialog.messages.saturating_add(1);
        let ordinal = dialog.ordinal;
        match (arrival.signals.method, rows.status) {
            (Method::Notify, 0) => {
                notify(dialog, arrival);
                self.note_end(index, arrival);
            }
            (Method::Register, 0) => {
                request(dialog, arrival);
                let (bindings, expires) = (&arrival.signals.bindings, &arrival.signals.expires);
                let from = if arrival.sent() { None } else { host_address(arrival.host) };
                self.bindings.asked(index, bindings, *expires, Origin { time: rows.time, from });
            }
            (_, 0) => request(dialog, arrival),
            (Method::Register, 200..300) => {
                let (bindings, expires) = (&arrival.signals.bindings, arrival.signals.expires);
                let grant = self.bindings.granted(index, bindings, expires);
                response(dialog, arrival);
                registered(dialog, arrival, grant);
            }
            (_, 200..) => response(dialog, arrival),
            _ => {}
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

impl Builder {
    /// Keeps why a NOTIFY ends a subscription.
    fn note_end(&mut self, index: u32, arrival: &Arrival<'_>) {
        let signals = arrival.signals;
        let is_again = arrival.row.flags.has(Flags::RETRANSMISSION);
        if signals.said.has(Said::TERMINATED) && !signals.reason.is_empty() && !is_again {
            let reason = self.texts.intern(&signals.reason);
            self.note(Handle::Dialog(index), Noted::Terminated, arrival.index, reason);
        }
    }
}

/// A final response that refuses a registration: neither a challenge nor an interval that is too brief.
const fn is_refusal(status: u16) -> bool {
    status >= 400 && !matches!(status, 401 | 407 | 423)
}

/// A request other than NOTIFY.
fn request(dialog: &mut Dialog, arrival: &Arrival<'_>) {
    let signals = arrival.signals;
    let is_again = arrival.row.flags.has(Flags::RETRANSMISSION);
    // What ended may begin again: a registration, and a subscription as a new dialog.
    let begins = matches!(signals.method, Method::Register)
        || signals.method == Method::Subscribe && signals.to_tag == 0;
    if dialog.state() != DialogState::Ended || begins && !is_again {
        dialog.set_state(DialogState::Open);
    }
    if signals.method == Method::Subscribe {
        // What is asked for holds unless the response grants something else.
        dialog.lasts = signals.expires.unwrap_or_default();
    }
}

/// What a NOTIFY says of its subscription (RFC 6665 §4.1.3).
fn notify(dialog: &mut Dialog, arrival: &Arrival<'_>) {
    let signals = arrival.signals;
    let state = dialog.state();
    if signals.said.has(Said::TERMINATED) {
        dialog.set_state(DialogState::Ended);
    } else if state != DialogState::Ended {
        if signals.said.has(Said::PENDING) {
            dialog.set_state(DialogState::Pending);
        } else if signals.said.has(Said::ACTIVE) && state == DialogState::Pending {
            dialog.set_state(DialogState::Accepted);
        }
        if let Some(secs) = signals.expires {
            (dialog.fin, dialog.lasts) = (arrival.index, secs);
        }
    }
}

fn response(dialog: &mut Dialog, arrival: &Arrival<'_>) {
    let (status, signals) = (arrival.row.status, arrival.signals);
    let state = match status {
        200..300 => DialogState::Accepted,
        401 | 407 => DialogState::Unauthorised,
        _ => DialogState::Refused,
    };
    let is_success = state == DialogState::Accepted;
    let is_wrong = matches!(dialog.state(), DialogState::Refused | DialogState::Unauthorised);
    if signals.method == Method::Notify && is_success && dialog.status != 0 && !is_wrong {
        // Who gets a NOTIFY says nothing of the subscription by accepting it.
        return;
    }
    dialog.status = status;
    let is_its_time = signals.method == Method::Notify && is_success && dialog.lasts > 0;
    if !is_its_time || dialog.fin == NO_MESSAGE {
        dialog.fin = arrival.index;
    }
    if dialog.state() == DialogState::Ended || is_success && dialog.state() == DialogState::Pending {
        return;
    }
    if state == DialogState::Refused {
        dialog.failures = dialog.failures.saturating_add(1);
    }
    dialog.set_state(state);
    if is_success && signals.method == Method::Subscribe {
        let asked = dialog.lasts;
        dialog.lasts = signals.expires.unwrap_or(asked);
        if dialog.lasts == 0 {
            dialog.set_state(DialogState::Ended);
        }
    }
}

/// What a 2xx to REGISTER says.
fn registered(dialog: &mut Dialog, arrival: &Arrival<'_>, grant: Grant) {
    (dialog.granted, dialog.lasts) = match grant {
        Grant::Seconds(secs) => (arrival.index, secs),
        Grant::Open | Grant::Removed => (arrival.index, 0),
        Grant::Listed => (dialog.granted, dialog.lasts),
    };
    if grant == Grant::Removed {
        dialog.set_state(DialogState::Ended);
    }
}
