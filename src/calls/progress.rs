//! What a message changes in its leg: times, outcome, who ended it.
//!
//! Must not know: which leg a message belongs to, session descriptions.

use super::builder::{Arrival, Builder, is_unset};
use super::evidence::{Event, Mark};
use super::leg::{Leg, LegFlags, LegIdx, NO_MESSAGE, Progress};
use super::list::Handle;
use super::method::Method;
use super::note::Noted;
use super::session::{host_address, is_private};
use super::signals::Said;
use super::working::{Answer, Working};
use crate::store::Flags;

impl Builder {
    /// Takes a message of a leg; gives the leg's ordinal.
    pub(super) fn leg_message(&mut self, index: LegIdx, arrival: &Arrival<'_>) -> u8 {
        let Some(leg) = self.calls.legs.get_mut(index as usize) else { return 0 };
        leg.last = arrival.index;
        leg.messages += 1;
        if leg.from_tag == 0 || arrival.is_initial_invite() {
            leg.from_tag = arrival.signals.from_tag;
        }
        let ordinal = leg.ordinal;
        if arrival.row.flags.has(Flags::RETRANSMISSION) {
            leg.retransmissions = leg.retransmissions.saturating_add(1);
            return ordinal;
        }
        if let Some(working) = self.bench.get_mut(index) {
            remember(working, arrival);
            advance(leg, working, arrival);
        } else {
            advance(leg, &mut Working::default(), arrival);
        }
        self.end_text(index, arrival);
        if matches!(arrival.signals.method, Method::Invite | Method::Update | Method::Info) {
            self.note_gone(index, arrival);
        }
        self.note_prack(index, arrival);
        self.session(index, arrival);
        self.note_fields(index, arrival);
        ordinal
    }

    /// Keeps what a BYE, CANCEL or failure says of its reason.
    fn end_text(&mut self, index: LegIdx, arrival: &Arrival<'_>) {
        let (signals, status) = (arrival.signals, arrival.row.status);
        let ends = matches!(signals.method, Method::Bye | Method::Cancel)
            || signals.method == Method::Invite && status >= 300;
        // 200 says that another fork was answered, which has a flag.
        let has_code = !matches!(signals.reported, 0 | 200);
        if !(ends && (!signals.reason.is_empty() || signals.cause != 0 || has_code)) {
            return;
        }
        let Some(leg) = self.calls.legs.get_mut(index as usize) else { return };
        // Neither the BYE of a fork that lost nor the refusal of a re-INVITE ended it.
        if leg.end != arrival.index && leg.fin != arrival.index {
            return;
        }
        leg.cause = signals.cause;
        leg.reason = if signals.reason.is_empty() && signals.cause == 0 {
            self.texts.intern(format!("SIP {}", signals.reported).as_bytes())
        } else {
            self.texts.intern(&signals.reason)
        };
    }

    /// Whether the other side still knows an answered call.
    fn note_gone(&mut self, index: LegIdx, arrival: &Arrival<'_>) {
        let Some(leg) = self.calls.legs.get_mut(index as usize).filter(|leg| leg.is_answered()) else {
            return;
        };
        match arrival.row.status {
            481 | 408 if !(leg.is(LegFlags::BEGUN_BEFORE) && is_alone(leg)) => {
                leg.flags.set(LegFlags::GONE, true);
                self.note(Handle::Leg(index), Noted::Gone, arrival.index, 0);
            }
            200..300 => leg.flags.set(LegFlags::GONE, false),
            _ => {}
        }
    }

    /// Whether each reliable provisional response gets its PRACK before the final response (RFC 3262 §3).
    fn note_prack(&mut self, index: LegIdx, arrival: &Arrival<'_>) {
        let Some(working) = self.bench.get_mut(index) else { return };
        let is_reliable = arrival.signals.rseq != 0 && arrival.signals.said.has(Said::RELIABLE);
        match (arrival.signals.method, arrival.row.status) {
            (Method::Invite, 101..200) if is_reliable => working.reliable = Some(arrival.index),
            (Method::Prack, 0) => working.reliable = None,
            (Method::Invite, 200..) => {
                if let Some(response) = working.reliable.take() {
                    self.note(Handle::Leg(index), Noted::NoPrack, response, arrival.index);
                }
            }
            _ => {}
        }
    }

    /// A Contact to which no request can be sent, of an INVITE or its answer.
    fn note_contact(&mut self, index: LegIdx, arrival: &Arrival<'_>) {
        let is_target =
            arrival.signals.method == Method::Invite && arrival.row.status < 300 && !arrival.sent();
        let contact = arrival.signals.contact.filter(|address| is_target && is_private(*address));
        if let Some(contact) = contact
            && host_address(arrival.host).is_some_and(|peer| !is_private(peer))
        {
            let number = self.address(contact);
            self.note(Handle::Leg(index), Noted::PrivateContact, arrival.index, number);
        }
    }

    fn note_fields(&mut self, index: LegIdx, arrival: &Arrival<'_>) {
        let (signals, handle) = (arrival.signals, Handle::Leg(index));
        if signals.method == Method::Refer && arrival.row.is_request() {
            let to = self.texts.intern(&signals.refer_to);
            self.note(handle, Noted::Refer, arrival.index, to);
        }
        if signals.method == Method::Notify && arrival.row.is_request() && signals.reported >= 200 {
            self.note(handle, Noted::ReferResult, arrival.index, u32::from(signals.reported));
        }
        let is_redirected = signals.method == Method::Invite && (300..400).contains(&arrival.row.status);
        if is_redirected && !signals.refer_to.is_empty() {
            let to = self.texts.intern(&signals.refer_to);
            self.note(handle, Noted::Redirected, arrival.index, to);
        }
        self.authentication(handle, arrival);
        self.note_carried(handle, arrival);
        self.note_contact(index, arrival);
        let plain = [(Said::EMPTY_SDP, Noted::EmptySdp), (Said::TWO_SDP, Noted::TwoSdp)];
        for (said, noted) in plain {
            // Of a message that the dump holds in part, the body may be what is missing.
            let is_cut = noted == Noted::EmptySdp && arrival.row.flags.has(Flags::INCOMPLETE);
            if signals.said.has(said) && !is_cut {
                self.note(handle, noted, arrival.index, 0);
            }
        }
        if signals.said.has(Said::DIGEST) && !signals.user.is_empty() && signals.method == Method::Invite {
            let user = self.texts.intern(&signals.user);
            self.note(handle, Noted::Credentials, arrival.index, user);
        }
        if let (Method::Invite | Method::Update, 200..300, Some(timer)) =
            (signals.method, arrival.row.status, signals.session_timer)
        {
            self.note(handle, Noted::SessionTimer, arrival.index, timer.note());
        }
        if signals.max_forwards == Some(0) && arrival.row.is_request() {
            self.note(handle, Noted::HopsUsedUp, arrival.index, 0);
        }
        if arrival.is_initial_invite() && signals.said.has(Said::REPLACES) {
            self.note(handle, Noted::Replaces, arrival.index, 0);
        }
    }
}

/// Keeps what legs may be joined by.
fn remember(working: &mut Working, arrival: &Arrival<'_>) {
    let (row, message) = (arrival.row, arrival.index);
    let told = !row.is_request() || matches!(arrival.signals.method, Method::Update | Method::Info);
    for &(kind, value) in &arrival.signals.marks {
        working.evidence.add(Mark { value, message, kind, sent: arrival.sent(), told });
    }
    let method = arrival.signals.method;
    if !matches!(method, Method::Ack | Method::Prack) {
        working.evidence.happened(Event {
            time: row.time,
            message,
            method,
            status: row.status,
            sent: arrival.sent(),
        });
    }
}

fn advance(leg: &mut Leg, working: &mut Working, arrival: &Arrival<'_>) {
    let said = arrival.signals.said;
    leg.flags.set(LegFlags::EMERGENCY, leg.is(LegFlags::EMERGENCY) || said.has(Said::EMERGENCY));
    match (arrival.signals.method, arrival.row.status) {
        (Method::Invite, 0) => invite(leg, working, arrival),
        (Method::Invite, _) if arrival.row.cseq == working.invite || leg.is(LegFlags::BEGUN_BEFORE) => {
            response(leg, working, arrival);
        }
        (Method::Ack, _) if leg.is_answered() => ack(leg, working, arrival),
        (Method::Cancel, 0) => cancel(leg, arrival),
        (Method::Bye, 0) if ends_one_of_several(leg, working, arrival) => {}
        (Method::Bye, 0) => bye(leg, arrival),
        (Method::Bye | Method::Cancel, 481) if leg.is(LegFlags::BEGUN_BEFORE) && is_alone(leg) => {
            // There was no such call.
            leg.progress = Progress::Refused;
            (leg.fin, leg.status, leg.end) = (arrival.index, 481, NO_MESSAGE);
        }
        (Method::Bye, _) if leg.is(LegFlags::BEGUN_BEFORE) => was_answered(leg),
        (Method::Refer, 0) => {
            working.was_transferred = leg.is(LegFlags::TRANSFERRED);
            leg.flags.set(LegFlags::TRANSFERRED, true);
        }
        // What was refused was no transfer; a challenge is none.
        (Method::Refer, 300..=400 | 402..=406 | 408..) => {
            leg.flags.set(LegFlags::TRANSFERRED, working.was_transferred);
        }
        _ => {}
    }
}

/// Whether only one request, and this response to it, was seen.
fn is_alone(leg: &Leg) -> bool {
    leg.messages - u32::from(leg.retransmissions) <= 2
}

fn invite(leg: &mut Leg, working: &mut Working, arrival: &Arrival<'_>) {
    let said = arrival.signals.said;
    if said.has(Said::DIGEST) {
        leg.flags.set(LegFlags::DIGEST, true);
    }
    if !arrival.is_initial_invite() {
        if leg.is(LegFlags::BEGUN_BEFORE) {
            // Only a dialog that was answered has a re-INVITE.
            was_answered(leg);
            leg.to_tag = arrival.signals.to_tag;
        }
        return;
    }
    leg.flags.set(LegFlags::TRANSFERRED, leg.is(LegFlags::TRANSFERRED) || said.has(Said::REPLACES));
    if leg.is_answered() || arrival.row.cseq < working.invite {
        return;
    }
    working.invite = arrival.row.cseq;
    working.tags.clear();
    leg.progress = Progress::Trying;
    leg.to_tag = 0;
    (leg.trying, leg.fin, leg.status) = (NO_MESSAGE, NO_MESSAGE, 0);
}

fn response(leg: &mut Leg, working: &mut Working, arrival: &Arrival<'_>) {
    let (status, tag) = (arrival.row.status, arrival.signals.to_tag);
    if leg.is_answered() && !(200..300).contains(&status) {
        return;
    }
    if (101..300).contains(&status) && tag != 0 && !working.tags.contains(&tag) && working.tags.len() < 255 {
        working.tags.push(tag);
        leg.forks = working.tags.len() as u8;
    }
    match status {
        100 if is_unset(leg.trying) => leg.trying = arrival.index,
        180..=189 if leg.progress != Progress::Refused => {
            if is_unset(leg.ringing) {
                leg.ringing = arrival.index;
            }
            leg.progress = Progress::Ringing;
            leg.to_tag = tag;
        }
        200..300 if !leg.is_answered() => {
            leg.progress = Progress::Answered;
            (leg.fin, leg.status, leg.to_tag) = (arrival.index, status, tag);
            // A CANCEL that came too late did not end it.
            leg.end = NO_MESSAGE;
        }
        // The other dialogs of the fork.
        200..300 if ![0, leg.to_tag, leg.from_tag].contains(&tag) && arrival.row.cseq == working.invite => {
            working.answers.push(Answer { tag, message: arrival.index, ack: NO_MESSAGE });
        }
        401 | 407 => {
            leg.progress = Progress::Challenged;
            (leg.fin, leg.status) = (arrival.index, status);
        }
        300.. if leg.progress != Progress::Refused => {
            leg.progress = Progress::Refused;
            (leg.fin, leg.status) = (arrival.index, status);
        }
        _ => {}
    }
    if leg.to_tag == 0 {
        leg.to_tag = tag;
    }
}

fn cancel(leg: &mut Leg, arrival: &Arrival<'_>) {
    leg.flags.set(LegFlags::CANCELLED, true);
    if leg.is_answered() || leg.progress == Progress::Refused {
        return;
    }
    leg.end = arrival.index;
    leg.flags.set(LegFlags::ENDED_BY_US, arrival.sent());
    leg.flags.set(LegFlags::ELSEWHERE, arrival.signals.reported == 200);
    // FreeSWITCH's own cause of a time that was over: ALLOTTED_TIMEOUT.
    leg.flags.set(LegFlags::TOO_LONG, arrival.signals.reported == 802);
}

fn ack(leg: &mut Leg, working: &mut Working, arrival: &Arrival<'_>) {
    let other = working.answers.iter_mut().find(|answer| answer.tag == arrival.signals.to_tag);
    let slot = other.map_or(&mut leg.ack, |answer| &mut answer.ack);
    if is_unset(*slot) {
        *slot = arrival.index;
    }
}

/// Whether a BYE ends one dialog of a fork while another goes on: each 2xx is a dialog, and the caller keeps one of them (RFC 3261
/// §13.2.2.4). The leg follows the one that goes on.
fn ends_one_of_several(leg: &mut Leg, working: &mut Working, arrival: &Arrival<'_>) -> bool {
    let signals = arrival.signals;
    let tag = if signals.to_tag == leg.from_tag { signals.from_tag } else { signals.to_tag };
    if !leg.is_answered() {
        return false;
    }
    if tag != leg.to_tag {
        working.answers.retain(|answer| answer.tag != tag);
        return working.tags.contains(&tag);
    }
    // An answer without an ACK was not kept.
    let kept = working.answers.iter().position(|answer| !is_unset(answer.ack));
    let Some(kept) = kept.filter(|_| is_unset(leg.end)) else { return false };
    let kept = working.answers.remove(kept);
    (leg.to_tag, leg.fin, leg.ack) = (kept.tag, kept.message, kept.ack);
    true
}

/// A request says that a leg that began before the trace was answered: what was refused in the trace was a re-INVITE.
fn was_answered(leg: &mut Leg) {
    if leg.progress == Progress::Refused {
        (leg.fin, leg.status) = (NO_MESSAGE, 0);
    }
    leg.progress = Progress::Answered;
}

fn bye(leg: &mut Leg, arrival: &Arrival<'_>) {
    if leg.is(LegFlags::BEGUN_BEFORE) {
        was_answered(leg);
    }
    if is_unset(leg.end) {
        leg.end = arrival.index;
        leg.flags.set(LegFlags::ENDED_BY_US, arrival.sent());
        // From here on the CANCEL of an answered leg no longer counts.
        leg.flags.set(LegFlags::CANCELLED, false);
    }
}
