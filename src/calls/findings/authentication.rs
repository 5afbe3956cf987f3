//! Rules about challenges: wrong passwords, clients that do not authenticate, loops.
//!
//! Must not know: texts of messages.

use super::case::{Case, sender, status};
use super::{Check, Found, check};
use crate::calls::challenge::Reply;
use crate::calls::leg::NO_MESSAGE;
use crate::calls::note::{Note, Noted};
use crate::store::RowRef;

pub(super) const CHECKS: &[Check] = &[
    check("auth-loop", "RFC 3261 §22.2", "challenged again and again", auth_loop),
    check("wrong-password", "RFC 3261 §22.2", "refused after the digest", wrong_password),
    check(
        "not-authenticated",
        "RFC 3261 §22.2",
        "challenged, and sent again without credentials",
        not_authenticated,
    ),
];

/// The first reply to a challenge, of those that came to nothing in the end, with the challenge or 403 that says so.
fn replied<'c, 'a>(case: &'c Case<'a>, is: impl Fn(Reply, u32) -> bool) -> Option<(&'c RowRef<'a>, u32)> {
    let again = case.notes.iter().filter(|note| note.noted == Noted::ChallengedAgain);
    again.filter(|note| is_of(note, &is)).find_map(|note| {
        let row = case.rows.iter().find(|row| row.index == note.message)?;
        let is_last = Some(row.index) > case.last_success(row.method());
        is_last.then_some((row, Reply::of_note(note.value).1))
    })
}

fn is_of(note: &Note, is: impl Fn(Reply, u32) -> bool) -> bool {
    let (reply, times) = Reply::of_note(note.value);
    is(reply, times)
}

/// Credentials that were just rejected must not be sent again (RFC 3261 §22.2).
fn auth_loop(case: &Case<'_>) -> Found {
    let again = case.notes.iter().filter(|note| note.noted == Noted::ChallengedAgain);
    let worst = again.max_by_key(|note| Reply::of_note(note.value).1)?;
    let (_, times) = Reply::of_note(worst.value);
    let last = case.rows.iter().find(|row| row.index == worst.message).filter(|_| times >= 2)?;
    let text = format!("{} challenged {} times in a row, although credentials came", sender(last), times + 1);
    Some((text, last.index))
}

/// The refusal that follows a digest for the realm and the nonce that were asked for, and who it was. `None` where another
/// reply was accepted in the end.
pub(in crate::calls) fn refused_digest<'c, 'a>(case: &'c Case<'a>) -> Option<(&'c RowRef<'a>, String)> {
    // A server says 100 before it acts on an INVITE whose digest was right; then 403 is about something else.
    let is_accepted =
        case.leg.is_some_and(|leg| leg.leg.trying != NO_MESSAGE || leg.leg.ringing != NO_MESSAGE);
    let (row, _) = replied(case, |reply, _| reply == Reply::Credentials)?;
    let is_telling = row.row.status != 403 || !is_accepted;
    is_telling.then(|| (row, who_authenticates(case, row)))
}

/// Who authenticates, for a sentence.
fn who_authenticates(case: &Case<'_>, row: &RowRef<'_>) -> String {
    let user = match case.noted(Noted::Credentials) {
        Some(note) => case.leg.map(|leg| leg.calls.text(note.value).to_vec()).unwrap_or_default(),
        None => row.from().to_vec(),
    };
    String::from_utf8_lossy(&user).into_owned()
}

/// A client that is challenged and sends the same again.
fn not_authenticated(case: &Case<'_>) -> Found {
    let (row, _) = replied(case, |reply, _| reply == Reply::Nothing)?;
    let user = who_authenticates(case, row);
    let method = String::from_utf8_lossy(row.method()).into_owned();
    Some((
        format!(
            "{user} did not authenticate: it sent the {method} again without credentials after {}",
            row.row.status
        ),
        row.index,
    ))
}

fn wrong_password(case: &Case<'_>) -> Found {
    let (row, user) = refused_digest(case)?;
    let count = case.noted(Noted::RegistrationRefused).filter(|note| note.message == row.index);
    let count = count.map_or_else(String::new, |note| refused_so_far(note.value));
    let text = format!("{} after {user} sent credentials: probably a wrong password{count}", status(row));
    Some((text, row.index))
}

/// All registrations of a user count together: phones begin again with another Call-ID.
pub(super) fn refused_so_far(times: u32) -> String {
    if times < 2 { String::new() } else { format!(" (refused {times} times so far)") }
}
