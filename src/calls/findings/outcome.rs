//! Rules about refusals: passwords, numbers, codecs, timers, loops.
//!
//! Must not know: texts of messages.

use hashbrown::HashSet;

use super::case::{Case, sender, span, status};
use super::{Check, Found, check};
use crate::base::Direction;
use crate::calls::leg::{LegFlags, NO_MESSAGE};
use crate::calls::note::Noted;
use crate::calls::state::State;
use crate::store::{MessageIdx, RowRef};

pub(super) const CHECKS: &[Check] = &[
    check("auth-loop", "RFC 3261 §22.2", "challenged again and again", auth_loop),
    check("wrong-password", "RFC 3261 §22.2", "refused after the digest", wrong_password),
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
    check("registration-flaps", "RFC 3261 §10.2", "registered and removed again and again", flaps),
    check("registration-fails", "RFC 3261 §10.3", "a registration is refused", registration_fails),
];

fn is_challenge(row: &RowRef<'_>) -> bool {
    matches!(row.row.status, 401 | 407)
}

/// Challenges that follow each other without a success between them, a stale one not counted: the longest run of them.
fn challenges<'c, 'a>(case: &'c Case<'a>) -> Vec<&'c RowRef<'a>> {
    if !case.rows.iter().any(is_challenge) {
        return Vec::new();
    }
    let stale = case.notes.iter().filter(|note| note.noted == Noted::Stale).map(|note| note.message);
    let stale: HashSet<MessageIdx> = stale.collect();
    let (mut run, mut longest): (Vec<&RowRef<'_>>, Vec<&RowRef<'_>>) = (Vec::new(), Vec::new());
    for row in case.rows.iter().filter(|row| row.row.status >= 200 && !case.is_repeat(row)) {
        // A new try after a pause is no answer to the challenge.
        let goes_on = |last: &&RowRef<'_>| {
            row.row.time - last.row.time <= 5_000_000 && row.row.method == last.row.method
        };
        if !is_challenge(row) || !run.last().is_none_or(goes_on) {
            keep_longer(&mut run, &mut longest);
        }
        if is_challenge(row) && !stale.contains(&row.index) {
            run.push(row);
        }
    }
    keep_longer(&mut run, &mut longest);
    longest
}

/// Empties `run`, and keeps it if it is the longest so far.
fn keep_longer<T>(run: &mut Vec<T>, longest: &mut Vec<T>) {
    if run.len() > longest.len() {
        std::mem::swap(run, longest);
    }
    run.clear();
}

fn auth_loop(case: &Case<'_>) -> Found {
    let run = challenges(case);
    let last = run.last().filter(|_| run.len() >= 3)?;
    Some((format!("{} challenged {} times in a row", sender(last), run.len()), last.index))
}

/// The refusal that follows a digest, and who it was.
pub(in crate::calls) fn refused_digest<'c, 'a>(case: &'c Case<'a>) -> Option<(&'c RowRef<'a>, String)> {
    let run = challenges(case);
    let again = run.get(1).copied();
    // FreeSWITCH says 100 before it acts on an INVITE whose digest was right; then 403 is about something else.
    let is_accepted = case.leg.is_some_and(|leg| leg.leg.trying != NO_MESSAGE);
    let forbidden = || {
        if is_accepted {
            return None;
        }
        let first = case.rows.iter().find(|row| is_challenge(row))?;
        case.rows.iter().find(|row| {
            row.row.status == 403
                && (row.method() == b"REGISTER" || first.row.direction() == Direction::Sent)
                && row.index > first.index
                && row.row.time - first.row.time < 5_000_000
                && row.row.method == first.row.method
        })
    };
    let row = again.or_else(forbidden)?;
    let user = match case.noted(Noted::Credentials) {
        Some(note) => case.leg.map(|leg| leg.calls.text(note.value).to_vec()).unwrap_or_default(),
        None => row.from().to_vec(),
    };
    Some((row, String::from_utf8_lossy(&user).into_owned()))
}

fn wrong_password(case: &Case<'_>) -> Found {
    let (row, user) = refused_digest(case)?;
    let count = case.noted(Noted::RegistrationRefused).filter(|note| note.message == row.index);
    let count = count.map_or_else(String::new, |note| refused_so_far(note.value));
    let text = format!("{} after {user} sent credentials: probably a wrong password{count}", status(row));
    Some((text, row.index))
}

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
    let offered = case.leg.map(|leg| leg.leg.offered.to_string()).unwrap_or_default();
    let of = if offered.is_empty() { String::new() } else { format!(" (offered: {offered})") };
    (!is_fax).then(|| (format!("{} answered {}{of}", sender(row), status(row)), row.index))
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
    let row = refusal(case).filter(|_| is_refused)?;
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
    let reason = String::from_utf8_lossy(leg.reason()).to_ascii_lowercase();
    let says = leg.leg.cause == 102
        || reason.contains("session") && (reason.contains("expire") || reason.contains("time"));
    says.then(|| {
        let talked = span(leg.talk().unwrap_or_default());
        let who = case.rows.iter().find(|row| row.index == leg.leg.end).map(sender).unwrap_or_default();
        (format!("{who} ended it after {talked} since the session timer ran out"), leg.leg.end)
    })
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

/// All registrations of a user count together: phones begin again with another Call-ID.
fn refused_so_far(times: u32) -> String {
    if times < 2 { String::new() } else { format!(" (refused {times} times so far)") }
}

fn registration_fails(case: &Case<'_>) -> Found {
    case.dialog?;
    let note = case.noted(Noted::RegistrationRefused)?;
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
