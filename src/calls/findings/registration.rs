//! Rules about registrations: refused, flapping, registered only after several attempts.
//!
//! Must not know: texts of messages, which users fail.

use super::authentication::{refused_digest, refused_so_far};
use super::case::{Case, sender, status};
use super::flow::has_waited;
use super::{Check, Found, check, note};
use crate::calls::challenge::Reply;
use crate::calls::note::{Note, Noted};
use crate::store::RowRef;

pub(super) const CHECKS: &[Check] = &[
    check("registration-flaps", "RFC 3261 §10.2", "registered and removed again and again", flaps),
    check("registration-fails", "RFC 3261 §10.3", "a registration is refused", registration_fails),
    note("registered-late", "RFC 3261 §10.2", "registered, but not at the first attempt", registered_late),
];

fn flaps(case: &Case<'_>) -> Found {
    case.dialog?;
    let mut changes = 0;
    let mut last: Option<&RowRef<'_>> = None;
    for row in case.responses(b"REGISTER").filter(|row| row.row.status == 200 && !case.is_repeat(row)) {
        // Registrations are refreshed every minute at most by a healthy phone that is behind NAT.
        if last.is_some_and(|last| row.row.time - last.row.time < 15_000_000) {
            changes += 1;
        }
        last = Some(row);
    }
    let row = last.filter(|_| changes >= 4)?;
    let user = String::from_utf8_lossy(row.to()).into_owned();
    let text = format!("{user} registered {} times, each within 15 s of the one before", changes + 1);
    Some((text, row.index))
}

fn registration_fails(case: &Case<'_>) -> Found {
    case.dialog?;
    // The last result counts.
    let registered = case.last_success(b"REGISTER");
    let refused = |note: &&Note| note.noted == Noted::RegistrationRefused && Some(note.message) > registered;
    let note = case.notes.iter().rfind(refused)?;
    let row = case.rows.iter().find(|row| row.index == note.message)?;
    // One response is one finding.
    if refused_digest(case).is_some_and(|(refused, _)| refused.index == row.index) {
        return None;
    }
    let user = String::from_utf8_lossy(row.to()).into_owned();
    let count = refused_so_far(note.value);
    Some((
        format!("{} answered {} to the registration of {user}{count}", sender(row), status(row)),
        row.index,
    ))
}

/// Requests that nothing answered although they had the time, or that another one followed.
pub(super) fn lost(case: &Case<'_>) -> u32 {
    let requests = || case.requests(b"REGISTER").filter(|row| !case.is_repeat(row));
    let newest = requests().last().map(|row| row.index);
    let is_lost = |row: &&RowRef<'_>| {
        case.final_of(row).is_none() && (Some(row.index) < newest || has_waited(case, row))
    };
    requests().filter(is_lost).count() as u32
}

/// The attempts since the last success.
#[derive(Default, Clone, Copy)]
struct Attempts<'c, 'a> {
    lost: usize,
    refused: usize,
    refusal: Option<&'c RowRef<'a>>,
}

impl Attempts<'_, '_> {
    /// `registered at the 3rd attempt: 2 were not answered`.
    fn said(&self, user: &str) -> String {
        let refused = self.refusal.map(|row| {
            format!("{} with {}", counted(self.refused, "was refused", "were refused"), status(row))
        });
        let lost = (self.lost > 0).then(|| counted(self.lost, "was not answered", "were not answered"));
        let why: Vec<String> = lost.into_iter().chain(refused).collect();
        format!(
            "{user} registered at the {} attempt: {}",
            ordinal(self.lost + self.refused + 1),
            why.join(", ")
        )
    }
}

/// The newest success to which more than one attempt led.
fn registered_late(case: &Case<'_>) -> Found {
    if !case.is_registration() || case.is_begun_before() {
        return None;
    }
    let (mut attempts, mut late) = (Attempts::default(), None);
    for row in case.rows.iter().filter(|row| row.method() == b"REGISTER" && !case.is_repeat(row)) {
        if row.row.is_request() {
            attempts.lost += usize::from(case.final_of(row).is_none());
        } else if (200..300).contains(&row.row.status) {
            let before = std::mem::take(&mut attempts);
            late = if before.lost + before.refused > 0 { Some((before, row)) } else { late };
        } else if is_refused(case, row) {
            (attempts.refused, attempts.refusal) = (attempts.refused + 1, Some(row));
        }
    }
    let (before, row) = late?;
    Some((before.said(&String::from_utf8_lossy(row.to())), row.index))
}

/// A refusal, or another challenge to credentials.
fn is_refused(case: &Case<'_>, row: &RowRef<'_>) -> bool {
    let again = |note: &&Note| note.noted == Noted::ChallengedAgain && note.message == row.index;
    match row.row.status {
        401 | 407 => case
            .notes
            .iter()
            .find(again)
            .is_some_and(|note| Reply::of_note(note.value).0 == Reply::Credentials),
        status => status >= 300 && status != 423,
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// `2nd`, `3rd`, `11th`.
fn ordinal(number: usize) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
