//! Rules about refusals: numbers, codecs, timers, loops.
//!
//! Must not know: texts of messages.

use std::fmt::Write;

use super::case::{Case, sender, span, status};
use super::{Check, Found, check};
use crate::calls::leg::{LegFlags, NO_MESSAGE};
use crate::calls::note::{Note, Noted};
use crate::calls::session_timer::{Refresher, SessionTimer};
use crate::calls::state::State;
use crate::store::RowRef;

pub(super) const CHECKS: &[Check] = &[
    check("unknown-number", "RFC 3261 §21.4.5", "no such user or number (404, 604, 484)", unknown_number),
    check("codec-refused", "RFC 3261 §21.4.26", "media not acceptable (488, 606)", codec_refused),
    check(
        "interval-too-small",
        "RFC 4028 §6, RFC 3261 §21.4.17",
        "422 or 423: the interval is too brief",
        interval,
    ),
    check("loop", "RFC 3261 §16.3", "loop or too many hops (482, 483)", routing_loop),
    check(
        "early-media-refused",
        "RFC 3960",
        "early media, and no answer: an announcement probably says why",
        early_media,
    ),
    check(
        "session-timer-expired",
        "RFC 4028 §10",
        "ended since the session was not refreshed",
        session_timer,
    ),
    check(
        "cut-by-restart",
        "RFC 3261 §15",
        "FreeSWITCH or the profile was restarted while it went on",
        cut_by_restart,
    ),
    check("never-ended", "RFC 3261 §15", "the trace goes on for long and there is no BYE", never_ended),
];

/// The final response that refused the call.
fn refusal<'c, 'a>(case: &'c Case<'a>) -> Option<&'c RowRef<'a>> {
    let leg = case.leg.filter(|leg| !leg.leg.is_answered())?;
    case.rows.iter().find(|row| row.index == leg.leg.fin)
}

fn unknown_number(case: &Case<'_>) -> Found {
    let row = refusal(case).filter(|row| matches!(row.row.status, 404 | 604 | 484 | 485 | 410))?;
    let number = String::from_utf8_lossy(row.to()).into_owned();
    Some((format!("{} answered {} for {number}", sender(row), status(row)), row.index))
}

fn codec_refused(case: &Case<'_>) -> Found {
    let row = case.responses(b"INVITE").find(|row| matches!(row.row.status, 488 | 606))?;
    // Of an answered call it is about a re-INVITE, and a refused fax has a rule of its own.
    let is_fax = case.noted(Noted::FaxRefused).is_some();
    let offered = offered_in(case, row);
    let of = if offered.is_empty() { String::new() } else { format!(" (offered: {offered})") };
    (!is_fax).then(|| (format!("{} answered {}{of}", sender(row), status(row)), row.index))
}

/// What the INVITE offered that a response refused; nothing where that is not known.
fn offered_in(case: &Case<'_>, refusal: &RowRef<'_>) -> String {
    let is_its = |note: &&Note| note.noted == Noted::RefusedOffer && note.message == refusal.index;
    let note = case.notes.iter().find(is_its);
    match (note, case.leg) {
        (Some(note), Some(leg)) => String::from_utf8_lossy(leg.calls.text(note.value)).into_owned(),
        (None, Some(leg)) if leg.leg.fin == refusal.index => leg.leg.offered.to_string(),
        _ => String::new(),
    }
}

fn interval(case: &Case<'_>) -> Found {
    let row = case.rows.iter().find(|row| matches!(row.row.status, 422 | 423))?;
    Some((format!("{} answered {}", sender(row), status(row)), row.index))
}

fn routing_loop(case: &Case<'_>) -> Found {
    if let Some(row) = case.rows.iter().find(|row| matches!(row.row.status, 482 | 483)) {
        return Some((format!("{} answered {}", sender(row), status(row)), row.index));
    }
    let note = case.noted(Noted::HopsUsedUp)?;
    Some(("the request has Max-Forwards 0: it probably went in a circle".to_owned(), note.message))
}

fn early_media(case: &Case<'_>) -> Found {
    let leg = case.leg.filter(|leg| leg.leg.is(LegFlags::EARLY_MEDIA) && !leg.leg.is_answered())?;
    let is_refused = matches!(leg.state(), State::Rejected | State::Failed);
    // What is refused for want of a PRACK has its reason.
    let row = refusal(case).filter(|_| is_refused && case.noted(Noted::NoPrack).is_none())?;
    let ringing = if leg.leg.ringing == NO_MESSAGE { row.index } else { leg.leg.ringing };
    let text = format!(
        "{} sent early media before its {}: an announcement probably says why",
        sender(row),
        status(row)
    );
    Some((text, ringing))
}

fn session_timer(case: &Case<'_>) -> Found {
    let leg = case.leg.filter(|leg| leg.leg.is_answered() && leg.leg.end != NO_MESSAGE)?;
    let end = case.rows.iter().find(|row| row.index == leg.leg.end)?;
    let timer = last_timer(case, end);
    let is_due = timer.is_some_and(|(timer, idle, by_refresher)| !by_refresher && timer.is_due(idle));
    // The cause alone may be about another timer.
    let has_cause = leg.leg.cause == 102 && timer.is_some_and(|(timer, idle, _)| timer.is_overdue(idle));
    if !(is_due || has_cause || names_session_timer(leg.reason())) {
        return None;
    }
    let talked = span(leg.talk().unwrap_or_default());
    let mut text = format!("{} ended it after {talked} since the session timer ran out", sender(end));
    if let Some((timer, idle, _)) = timer.filter(|_| is_due || has_cause) {
        let _ = write!(text, ": Session-Expires {}, and no refresh for {}", timer.secs, span(idle));
    }
    Some((text, end.index))
}

/// The session timer that ran when `end` was sent, since when, and whether who sent that had to refresh it.
fn last_timer(case: &Case<'_>, end: &RowRef<'_>) -> Option<(SessionTimer, i64, bool)> {
    // A 2xx without Session-Expires stops the timer (RFC 4028 §7.2).
    let is_refresh = |row: &&RowRef<'_>| {
        let is_success = (200..300).contains(&row.row.status) && row.index < end.index;
        is_success && matches!(row.method(), b"INVITE" | b"UPDATE") && !case.is_repeat(row)
    };
    let last = case.rows.iter().rfind(is_refresh)?;
    let is_its = |note: &&Note| note.noted == Noted::SessionTimer && note.message == last.index;
    let timer = SessionTimer::of_note(case.notes.iter().find(is_its)?.value);
    let is_server = end.row.direction() == last.row.direction();
    let by_refresher = match timer.refresher {
        Refresher::Unknown => false,
        Refresher::Client => !is_server,
        Refresher::Server => is_server,
    };
    Some((timer, end.row.time - last.row.time, by_refresher))
}

/// Whether a Reason field says it: `Session timeout`, `session timer expired`; not `session closed, timestamp 5`.
fn names_session_timer(reason: &[u8]) -> bool {
    let reason = String::from_utf8_lossy(reason).to_ascii_lowercase();
    let has = |wanted: &[&str]| {
        reason.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| wanted.contains(&word))
    };
    let is_one_word = has(&["sessiontimeout", "sessiontimer", "sessionexpired"]);
    is_one_word || has(&["session"]) && has(&["timeout", "timer", "timers", "expired", "expires", "expiry"])
}

/// Without a message for so long, a call that is up is in no trace: the longest usual session timer, twice.
const SILENCE: i64 = 3600 * 1_000_000;

fn cut_by_restart(case: &Case<'_>) -> Found {
    let leg = case.leg?;
    let restart = leg.restart()?;
    let after = span(restart.time - leg.start());
    Some((format!("nothing of it after FreeSWITCH was restarted, {after} after it began"), leg.leg.last))
}

fn never_ended(case: &Case<'_>) -> Found {
    let leg = case.leg.filter(|leg| leg.leg.is_answered() && leg.leg.end == NO_MESSAGE)?;
    let last = case.rows.last().filter(|_| leg.restart().is_none())?;
    let silent = case.now - last.row.time;
    (silent > SILENCE).then(|| {
        let text = format!("no BYE, and nothing of the call in the last {} of the trace", span(silent));
        (text, leg.leg.last)
    })
}
