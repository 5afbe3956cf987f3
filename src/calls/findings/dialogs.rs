//! Rules about subscriptions, messages and other requests outside of calls: refused, or ended by the other side.
//!
//! Must not know: registrations, texts of messages.

use super::case::{Case, sender, status};
use super::{Check, Found, check};
use crate::calls::dialog::{DialogKind, DialogState};
use crate::calls::note::Noted;

pub(super) const CHECKS: &[Check] = &[
    check(
        "request-refused",
        "RFC 3261 §8.1.3, RFC 6665 §4",
        "a request outside of a call is refused",
        refused,
    ),
    check("subscription-ended", "RFC 6665 §4.1.3", "a NOTIFY ended the subscription with a fault", ended),
];

/// Registrations have their own rules, and a ping that is refused was answered.
fn refused(case: &Case<'_>) -> Found {
    let dialog = case.dialog.filter(|dialog| dialog.dialog.state() == DialogState::Refused)?;
    if matches!(dialog.dialog.kind(), DialogKind::Register | DialogKind::Ping) {
        return None;
    }
    // An interval that is too brief has its own rule.
    let row = case.rows.iter().find(|row| row.index == dialog.dialog.fin && row.row.status != 423)?;
    let method = String::from_utf8_lossy(row.method()).into_owned();
    let (from, to) = (String::from_utf8_lossy(row.from()), String::from_utf8_lossy(row.to()));
    let means = match (method.as_str(), row.row.status) {
        ("MESSAGE", _) => ": it was not delivered",
        ("NOTIFY", 481) => ": it knows no such subscription",
        ("SUBSCRIBE", 489) => ": it does not know this event package",
        _ => "",
    };
    let text = format!("{} answered {} to the {method} of {from} for {to}{means}", sender(row), status(row));
    Some((text, row.index))
}

/// Reasons with which a subscription does not end as it should.
const FAULTS: [(&[u8], &str); 3] = [
    (b"rejected", "it is not allowed"),
    (b"giveup", "no one granted it in time"),
    (b"probation", "to be tried again later"),
];

fn ended(case: &Case<'_>) -> Found {
    let dialog = case.dialog?;
    let note = *case.notes.iter().rfind(|note| note.noted == Noted::Terminated)?;
    let reason = dialog.calls.text(note.value);
    let (_, means) = FAULTS.iter().find(|(name, _)| reason.eq_ignore_ascii_case(name))?;
    let row = case.rows.iter().find(|row| row.index == note.message)?;
    let reason = String::from_utf8_lossy(reason);
    Some((format!("{} ended the subscription with reason {reason}: {means}", sender(row)), row.index))
}
