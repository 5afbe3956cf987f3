//! Rules about subscriptions, messages and other requests outside of calls: refused, or ended by the other side.
//!
//! Must not know: registrations, texts of messages.

use super::case::{Case, sender, status};
use super::{Check, Found, check};
use crate::calls::dialog::{DialogKind, DialogState};
use crate::calls::note::Noted;
use crate::store::{RowRef, TIMER_B};

pub(super) const CHECKS: &[Check] = &[
    check(
        "request-refused",
        "RFC 3261 §8.1.3, RFC 6665 §4",
        "a request outside of a call is refused",
        refused,
    ),
    check("subscription-ended", "RFC 6665 §4.1.3", "a NOTIFY ended the subscription with a fault", ended),
];

/// The refusal of a message that was not sent again with success: each MESSAGE is one of its own (RFC 3428 §4).
fn undelivered<'c, 'a>(case: &'c Case<'a>) -> Option<&'c RowRef<'a>> {
    let refusals = case
        .responses(b"MESSAGE")
        .filter(|row| row.row.status >= 300 && !matches!(row.row.status, 401 | 407));
    refusals.into_iter().find(|refusal| {
        let way = refusal.row.direction().opposite();
        let Some(refused) = case.first_request(refusal.row.cseq, refusal.row.method, way) else {
            return false;
        };
        // Its size tells the same message from another one.
        let is_again = |later: &RowRef<'_>| {
            later.index > refusal.index
                && later.row.direction() == way
                && later.row.len.abs_diff(refused.row.len) <= 2
                && later.row.time - refusal.row.time <= TIMER_B
                && case.final_of(later).is_some_and(|answer| answer.row.status < 300)
        };
        !case.requests(b"MESSAGE").any(is_again)
    })
}

/// Registrations have their own rules, and a ping that is refused was answered.
fn refused(case: &Case<'_>) -> Found {
    let dialog = case.dialog?.dialog;
    // An interval that is too brief has its own rule.
    let is_last = |row: &&RowRef<'_>| row.index == dialog.fin && row.row.status != 423;
    let row = match (dialog.kind(), dialog.state()) {
        (DialogKind::Register | DialogKind::Ping, _) => None,
        (_, DialogState::Refused) => case.rows.iter().find(is_last),
        (DialogKind::Message, _) => undelivered(case),
        _ => None,
    }?;
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
