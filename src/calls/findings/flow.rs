//! Rules about transactions: what was repeated, late, never answered or crossed.
//!
//! Must not know: texts of messages.

use super::case::{Case, code, name, sender, span, status};
use super::{Check, Found, check};
use crate::base::{Direction, Transport};
use crate::calls::leg::LegFlags;
use crate::calls::note::Noted;
use crate::store::{Flags, MANY_TRANSMISSIONS, Row, RowRef, TIMER_B};

pub(super) const CHECKS: &[Check] = &[
    check("retransmitted", "RFC 3261 §17", "a message was sent more than once", retransmitted),
    check("unanswered", "RFC 3261 §17.1", "a request has no final response", unanswered),
    check(
        "too-large-for-udp",
        "RFC 3261 §18.1.1",
        "a request over 1,300 bytes went over UDP and was not answered",
        too_large,
    ),
    check("no-ack", "RFC 3261 §13.3.1.4", "a 2xx to INVITE has no ACK", |case| no_ack(case, true)),
    check(
        "refusal-without-ack",
        "RFC 3261 §17.2.1",
        "a final response to INVITE other than 2xx has no ACK",
        |case| no_ack(case, false),
    ),
    check("no-prack", "RFC 3262 §3", "a reliable provisional response has no PRACK", no_prack),
    check("late-ack", "RFC 6026", "the ACK came after the response was repeated", late_ack),
    check("late-final", "RFC 4320 §4", "a final response came after its request had timed out", late_final),
    check(
        "response-without-request",
        "RFC 3261 §17.1.3",
        "a response to nothing in the trace",
        stray_response,
    ),
    check("cancel-crossed-answer", "RFC 3261 §9.1", "CANCEL and 200 crossed", crossed),
    check(
        "cancel-without-effect",
        "RFC 3261 §9.2",
        "answered although the CANCEL had been responded to",
        cancel_without_effect,
    ),
    check("glare", "RFC 3261 §14.1", "both sides changed the session at once (491)", glare),
    check(
        "call-gone",
        "RFC 3261 §12.2.1.2",
        "a request within the answered call was answered 481 or 408",
        call_gone,
    ),
    check("bye-unanswered", "RFC 3261 §15.1", "the BYE has no response", bye_unanswered),
    check("bye-refused", "RFC 3261 §15.1.2", "the BYE was answered 481", bye_refused),
    check(
        "cut-by-nat",
        "RFC 3261 §12.2.1, RFC 5626",
        "requests for a private Contact of a public peer come to nothing",
        cut_by_nat,
    ),
];

fn retransmitted(case: &Case<'_>) -> Found {
    let repeated = case.rows.iter().filter(|row| row.row.flags.has(Flags::RETRANSMISSION));
    let worst = repeated.max_by_key(|row| (case.transmissions(row), std::cmp::Reverse(row.index)))?;
    let times = case.transmissions(worst);
    let text = format!("{} sent {times} times by {}", name(worst), sender(worst));
    (times > 1).then_some((text, worst.index))
}

/// Whether a message that nothing answers had the time to get an answer, or was sent again and again: else the trace ends before.
pub(super) fn has_waited(case: &Case<'_>, row: &RowRef<'_>) -> bool {
    case.until - row.row.time > TIMER_B || case.copies(row) >= MANY_TRANSMISSIONS
}

/// The first request that has had its time and no final response.
fn first_unanswered<'c, 'a>(case: &'c Case<'a>) -> Option<&'c RowRef<'a>> {
    // Of a registration the last result counts.
    let registered = if case.is_registration() { case.last_success(b"REGISTER") } else { None };
    case.rows.iter().filter(|row| Some(row.index) > registered).find(|row| {
        let is_open = row.row.is_request() && !matches!(row.method(), b"ACK" | b"BYE");
        // A phone may ring for longer; that is not the network's fault.
        let may_wait = row.method() == b"INVITE" && case.has_response(row);
        is_open && !may_wait && case.final_of(row).is_none() && has_waited(case, row)
    })
}

fn unanswered(case: &Case<'_>) -> Found {
    let row = first_unanswered(case)?;
    let waited = case.until - row.row.time;
    let text = if waited > TIMER_B {
        format!("{} of {} was never answered", name(row), sender(row))
    } else {
        let (times, waited) = (case.copies(row), span(waited));
        format!(
            "{} of {}, sent {times} times, has no answer in the {waited} until the trace ends",
            name(row),
            sender(row)
        )
    };
    Some((text, row.index))
}

fn too_large(case: &Case<'_>) -> Found {
    let row = first_unanswered(case)?;
    // What FreeSWITCH received, came through.
    let is_large =
        row.row.transport() == Transport::Udp && row.row.len > 1300 && row.row.direction() == Direction::Sent;
    let text = format!(
        "{} has {} bytes and went over UDP: its fragments were probably lost",
        name(row),
        row.row.len
    );
    is_large.then_some((text, row.index))
}

/// The first final response to an INVITE, a 2xx or another, without an ACK that had time to come.
fn unacknowledged<'c, 'a>(case: &'c Case<'a>, accepts: bool) -> Option<&'c RowRef<'a>> {
    let ack = case.number_of(b"ACK");
    let has_ack = |row: &Row| {
        ack.is_some_and(|ack| case.first_request(row.cseq, ack, row.direction().opposite()).is_some())
    };
    case.responses(b"INVITE").find(|row| {
        row.row.status >= 200
            && (row.row.status < 300) == accepts
            && !has_ack(row.row)
            && has_waited(case, row)
    })
}

fn no_ack(case: &Case<'_>, accepts: bool) -> Found {
    case.leg?;
    let row = unacknowledged(case, accepts)?;
    let text =
        format!("no ACK to the {}, which {} sent {} times", status(row), sender(row), case.copies(row));
    Some((text.replace(" sent 1 times", " sent once"), row.index))
}

fn no_prack(case: &Case<'_>) -> Found {
    let note = case.noted(Noted::NoPrack)?;
    let of = |message: u32| case.rows.iter().find(|row| row.index == message);
    let (row, answer) = of(note.message).zip(of(note.value))?;
    // A final response that follows at once may overtake the PRACK.
    let is_missing = case.copies(row) > 1 || answer.row.time - row.row.time > 2 * ROUND_TRIP;
    let times = case.copies(row);
    let sent = if times == 1 { "once".to_owned() } else { format!("{times} times") };
    let refused = case.responses(b"PRACK").find(|answer| {
        let is_refused = answer.row.status >= 300 && !matches!(answer.row.status, 401 | 407);
        is_refused && answer.index > row.index && answer.row.direction() == row.row.direction()
    });
    let refused = refused.map_or_else(String::new, |answer| {
        format!("; the PRACK that came names another one and was answered {}", status(answer))
    });
    let text =
        format!("no PRACK to the reliable {}, which {} sent {sent}{refused}", status(row), sender(row));
    is_missing.then_some((text, row.index))
}

fn late_ack(case: &Case<'_>) -> Found {
    let (ack, invite) = (case.number_of(b"ACK")?, case.number_of(b"INVITE")?);
    let earliest =
        |found: [Option<&'_ RowRef<'_>>; 2]| found.into_iter().flatten().map(|row| row.index).min();
    let late = case.requests(b"ACK").find_map(|row| {
        let cseq = row.row.cseq;
        let first = Direction::BOTH.map(|way| case.first_final(cseq, invite, way));
        let first = first.into_iter().flatten().min_by_key(|row| row.index)?;
        let acks = Direction::BOTH.map(|way| case.first_request(cseq, ack, way));
        let is_late = row.row.time - first.row.time >= 400_000 && earliest(acks) == Some(row.index);
        (is_late && case.copies(first) > 1).then_some((row, first))
    });
    let (ack, first) = late?;
    let late = span(ack.row.time - first.row.time);
    Some((format!("ACK came {late} after the {}", status(first)), ack.index))
}

fn late_final(case: &Case<'_>) -> Found {
    let late = case.rows.iter().find_map(|request| {
        let waits = request.row.is_request() && !matches!(request.method(), b"ACK" | b"INVITE");
        let answer = case.final_of(request).filter(|_| waits)?;
        (answer.row.time - request.row.time > TIMER_B).then_some((request, answer))
    });
    let (request, answer) = late?;
    let after = span(answer.row.time - request.row.time);
    Some((format!("{} came {after} after its request", name(answer)), answer.index))
}

fn stray_response(case: &Case<'_>) -> Found {
    if case.is_begun_before() {
        return None;
    }
    let row = case.rows.iter().find(|row| row.row.status > 0 && !case.has_request(row))?;
    Some((format!("{} answers no request of the trace", name(row)), row.index))
}

/// A CANCEL and the 2xx to its INVITE.
fn cancelled_and_answered<'c, 'a>(case: &'c Case<'a>) -> Option<(&'c RowRef<'a>, &'c RowRef<'a>)> {
    let cancel = case.requests(b"CANCEL").next()?;
    let answer = case
        .responses(b"INVITE")
        .find(|row| (200..300).contains(&row.row.status) && row.row.cseq == cancel.row.cseq)?;
    Some((cancel, answer))
}

/// The response to a CANCEL that came before the 2xx, and not only since packets overtook each other.
fn settled_before<'c, 'a>(
    case: &'c Case<'a>,
    cancel: &RowRef<'_>,
    answer: &RowRef<'_>,
) -> Option<&'c RowRef<'a>> {
    // Sooner than a round trip, whoever answers did not know of the CANCEL.
    case.final_of(cancel).filter(|settled| answer.row.time - settled.row.time > ROUND_TRIP)
}

/// T1, the estimate of a round trip (RFC 3261 §17.1.1.1).
const ROUND_TRIP: i64 = 500_000;

fn cancel_without_effect(case: &Case<'_>) -> Found {
    let (cancel, answer) = cancelled_and_answered(case)?;
    let settled = settled_before(case, cancel, answer)?;
    let was = match settled.row.status {
        200..300 => "accepted".to_owned(),
        refused => format!("refused with {}", code(refused)),
    };
    let later = span(answer.row.time - settled.row.time);
    let text =
        format!("the CANCEL of {} was {was}, and the {} came {later} later", sender(cancel), status(answer));
    Some((text, settled.index))
}

fn crossed(case: &Case<'_>) -> Found {
    let (cancel, answer) = cancelled_and_answered(case)?;
    if settled_before(case, cancel, answer).is_some() {
        return None;
    }
    let apart = span((answer.row.time - cancel.row.time).abs());
    Some((
        format!("the CANCEL of {} and the {} crossed ({apart} apart)", sender(cancel), status(answer)),
        cancel.index,
    ))
}

fn glare(case: &Case<'_>) -> Found {
    let row = case.rows.iter().find(|row| row.row.status == 491)?;
    Some((format!("{} answered 491: both sides changed the session at once", sender(row)), row.index))
}

fn call_gone(case: &Case<'_>) -> Found {
    case.leg.filter(|leg| leg.leg.is(LegFlags::GONE))?;
    let note = case.notes.iter().rfind(|note| note.noted == Noted::Gone)?;
    let row = case.rows.iter().find(|row| row.index == note.message)?;
    let (who, method) = (sender(row), String::from_utf8_lossy(row.method()));
    let text = format!("{who} answered {} to {method}: the call no longer exists there", status(row));
    Some((text, row.index))
}

fn bye_unanswered(case: &Case<'_>) -> Found {
    let bye = case.requests(b"BYE").next()?;
    // The other side's BYE ends the call as well.
    let is_answered = case.responses(b"BYE").any(|row| row.row.status >= 200);
    (!is_answered && has_waited(case, bye))
        .then(|| (format!("the BYE of {} was never answered", sender(bye)), bye.index))
}

fn bye_refused(case: &Case<'_>) -> Found {
    let row = case.responses(b"BYE").find(|row| row.row.status == 481)?;
    // Two BYEs that cross are both right.
    let by_both = case.requests(b"BYE").any(|bye| bye.row.direction() == row.row.direction());
    let knows = case.leg.is_some_and(|leg| !leg.leg.is(LegFlags::BEGUN_BEFORE));
    (knows && !by_both).then(|| {
        (format!("{} answered the BYE with 481: it knew nothing of the call", sender(row)), row.index)
    })
}

/// A private Contact, and what FreeSWITCH sent for it never arrived.
fn cut_by_nat(case: &Case<'_>) -> Found {
    let note = case.noted(Noted::PrivateContact)?;
    let address = case.leg?.calls.address(note.value)?;
    let lost = case.rows.iter().find(|row| {
        let waits = row.row.is_request() && !matches!(row.method(), b"ACK" | b"CANCEL");
        let is_lost = waits && !case.has_response(row) && has_waited(case, row);
        is_lost && row.row.direction() == Direction::Sent && row.index > note.message
    });
    let answer = unacknowledged(case, true)
        .filter(|row| row.row.direction() == Direction::Sent && (200..300).contains(&row.row.status));
    let row = lost.or(answer)?;
    let what = if row.row.is_request() { "was never answered" } else { "has no ACK" };
    let text = format!(
        "{} gave {address} as its Contact, which is private, and the {} of FreeSWITCH {what}: probably cut by NAT",
        case.peer(),
        name(row)
    );
    Some((text, row.index))
}
