//! The rules of the verdict, the most telling first.
//!
//! Must not know: how findings are made.

use super::transfer::Transfer;
use super::{Trial, Verdict};
use crate::calls::cause::cause_name;
use crate::calls::facts::LegRef;
use crate::calls::findings::{name, sender, span, status};
use crate::calls::leg::{End, Leg, LegFlags, NO_MESSAGE, Side};
use crate::calls::note::Noted;
use crate::calls::state::State;
use crate::store::{MessageIdx, RowRef, TIMER_B};

type Judge = fn(&Trial<'_>) -> Option<(String, MessageIdx)>;

/// The rule for a call that a restart ended.
pub(super) const RESTARTED: &str = "cut-by-restart";

/// The rule for an answered call that is over.
pub(super) const ANSWERED: &str = "answered";

pub(super) const RULES: &[(&str, Judge)] = &[
    ("unknown-call", unknown_call),
    ("response-only", response_only),
    ("no-ack", no_ack),
    (RESTARTED, restarted),
    ("answered-no-bye", still_up),
    ("answered-cut", answered_before),
    (ANSWERED, answered),
    ("lost-fork", lost_fork),
    ("wrong-password", wrong_password),
    ("not-authorised", not_authorised),
    ("busy", busy),
    ("no-answer-timeout", gave_up_ringing),
    ("no-answer", no_answer),
    ("caller-gave-up", caller_gave_up),
    ("cancelled", cancelled),
    ("unreachable", unreachable),
    ("body-type", body_type),
    ("codec", codec),
    ("unknown-number", unknown_number),
    ("loop", hops),
    ("redirected", redirected),
    ("server-failed", server_failed),
    ("refused", refused),
    ("ringing", ringing),
    ("trying", trying),
    ("challenged", challenged),
];

impl<'a> Trial<'a> {
    fn row(&self, message: MessageIdx) -> Option<RowRef<'a>> {
        self.leg.snapshot.row(message)
    }

    /// The final response, where the state is `state`.
    fn final_in(&self, state: State) -> Option<RowRef<'a>> {
        (self.leg.state() == state).then(|| self.row(self.leg.leg.fin)).flatten()
    }

    /// Who refused: the peer, or FreeSWITCH on an A leg; where the trace does not say whose leg it is, who sent the response.
    fn answerer(&self) -> String {
        let by_us = match self.leg.ending_end() {
            Some(end) if self.leg.leg.side == Side::Unknown => end == End::Us,
            _ => self.leg.leg.side == Side::A,
        };
        if by_us { "FreeSWITCH".to_owned() } else { self.leg.host() }
    }

    /// The caller of an A leg is the peer; of a B leg the peer is the callee.
    fn role(&self, end: End) -> &'static str {
        match (end, self.leg.leg.side) {
            (End::Us, _) => "FreeSWITCH",
            (End::Peer, Side::A) => "caller",
            (End::Peer, Side::B) => "callee",
            (End::Peer, Side::Unknown) => "peer",
        }
    }

    fn because(&self) -> String {
        reason_of(self.leg)
    }

    /// Why a final response refused, as its Reason or Warning field says it: the cause, else the text.
    fn reason(&self) -> String {
        reason_of(self.leg)
    }

    fn after(&self, message: MessageIdx) -> String {
        span(self.leg.time(message).map_or(0, |time| time - self.leg.start()))
    }

    /// ` after 0.4 s`; nothing where the INVITE is not in the trace.
    fn after_invite(&self, message: MessageIdx) -> String {
        let is_known = !self.leg.leg.is(LegFlags::BEGUN_BEFORE);
        if is_known { format!(" after {}", self.after(message)) } else { String::new() }
    }

    /// Whether no response to the INVITE came.
    fn is_silent(&self) -> bool {
        let leg = self.leg.leg;
        let is_known = !leg.is(LegFlags::BEGUN_BEFORE);
        is_known && [leg.trying, leg.ringing, leg.fin] == [NO_MESSAGE; 3] && leg.forks == 0
    }

    pub(super) fn user(&self) -> String {
        String::from_utf8_lossy(self.leg.to()).into_owned()
    }
}

/// Why a leg ended, as a Reason field says it, where it says more than that it ended.
fn because(leg: &Leg) -> String {
    match leg.cause {
        0 | 16 => String::new(),
        cause if cause_name(cause).is_empty() => format!(" (Q.850 cause {cause})"),
        cause => format!(" (Q.850 {cause}, {})", cause_name(cause)),
    }
}

/// The cause of a Reason field, else its text, where FreeSWITCH's words are known as a colleague would say them.
fn reason_of(leg: LegRef<'_>) -> String {
    let cause = because(leg.leg);
    let text = leg.reason();
    let is_plain = ["NORMAL_CLEARING", "Normal Clearing", "Normal Call Clearing"]
        .iter()
        .any(|plain| text.eq_ignore_ascii_case(plain.as_bytes()));
    if !cause.is_empty() || text.is_empty() || is_plain {
        return cause;
    }
    format!(" ({})", super::refusals::meaning(text).map_or_else(|| String::from_utf8_lossy(text), Into::into))
}

/// Whether the verdict on the first leg says for what it failed, so that FreeSWITCH gave up the others for that reason.
pub(super) fn explains(own: &Verdict) -> bool {
    let causes = ["codec", "body-type", "wrong-password", "not-authorised", "unknown-number", "loop"];
    causes.contains(&own.rule)
}

/// The first request that the trace holds of it was answered 481: there was no such call.
fn unknown_call(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    trial.leg.leg.is(LegFlags::BEGUN_BEFORE).then_some(())?;
    let request = trial.case.rows.iter().find(|row| row.row.is_request() && row.method() != b"ACK")?;
    let answer = trial.case.final_of(request).filter(|row| row.row.status == 481)?;
    Some((format!("{} for a call that {} does not know (481)", name(request), sender(answer)), answer.index))
}

/// Nothing but responses: what was asked is not in the trace.
fn response_only(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    trial.leg.leg.is(LegFlags::BEGUN_BEFORE).then_some(())?;
    let rows = &trial.case.rows;
    let last = rows.iter().rfind(|row| row.row.status >= 200).or(rows.last())?;
    let method = String::from_utf8_lossy(last.method());
    let text = format!("… {} answered {}; the {method} is not in the trace", sender(last), status(last));
    rows.iter().all(|row| !row.row.is_request()).then_some((text, last.index))
}

fn no_ack(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    trial.leg.leg.is_answered().then_some(())?;
    if is_acknowledged(trial) {
        return None;
    }
    let found = trial.found("no-ack")?;
    let row = trial.row(found.message)?;
    // About the answer, not about a re-INVITE.
    (found.message == trial.leg.leg.fin).then_some(())?;
    let times = trial.case.copies(&row);
    let sent = if times == 1 { "sent once".to_owned() } else { format!("sent {times} times") };
    let end = trial.leg.talk().filter(|_| trial.leg.leg.end != NO_MESSAGE);
    let end = end.map_or_else(String::new, |talk| format!(", ended after {}", span(talk)));
    let is_over = trial.leg.leg.end != NO_MESSAGE || trial.case.until - row.row.time > TIMER_B;
    let (never, cut) =
        if is_over { ("the ACK never came", "") } else { ("no ACK came until the trace ends", " …") };
    Some((format!("answered, but {never}: {} {sent}{end}{cut}", row.row.status), found.message))
}

/// Whether the ACK to the answer is known, as of most calls: then no finding about a missing one is about the answer.
fn is_acknowledged(trial: &Trial<'_>) -> bool {
    let rows = trial.row(trial.leg.leg.fin).zip(trial.row(trial.leg.leg.ack));
    rows.is_some_and(|(answer, ack)| {
        ack.row.cseq == answer.row.cseq && ack.row.direction() != answer.row.direction()
    })
}

fn restarted(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let leg = trial.leg;
    let restart = leg.restart()?;
    let since = |start: i64| span(restart.time - start);
    let when = match leg.state() {
        State::Answered => match leg.answered() {
            Some(answered) => format!("after {} of talk", since(answered)),
            None => "during a call that began before the trace".to_owned(),
        },
        State::Ringing => format!("after {} of ringing", span(leg.rang().unwrap_or_default())),
        State::Trying => format!("{} after the INVITE", since(leg.start())),
        _ => return None,
    };
    Some((format!("cut, probably: FreeSWITCH restarted {when} …"), leg.leg.last))
}

fn still_up(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let leg = trial.leg.leg;
    (leg.is_answered() && leg.end == NO_MESSAGE && leg.fin != NO_MESSAGE).then_some(())?;
    let talk = span(trial.leg.talk().unwrap_or_default());
    if let Some(row) = trial.leg.gone().and_then(|message| trial.row(message)) {
        let (who, method) = (sender(&row), String::from_utf8_lossy(row.method()));
        let text = format!(
            "answered, lost after {talk}: {who} replied {} to {method}, and no BYE came",
            status(&row)
        );
        return Some((text, row.index));
    }
    if trial.found("never-ended").is_some() {
        return Some((format!("answered, no BYE in the {talk} that the trace goes on"), leg.last));
    }
    Some((format!("answered, still up after {talk} when the trace ends …"), leg.fin))
}

fn answered_before(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let leg = trial.leg.leg;
    (leg.is_answered() && leg.fin == NO_MESSAGE).then_some(())?;
    let why = if begins_with_invite(trial) { " (its first INVITE has a To tag)" } else { "" };
    match leg.ended_by() {
        Some(end) => {
            let (role, because) = (trial.role(end), trial.because());
            Some((format!("… answered before the trace begins{why}, {role} hung up{because}"), leg.end))
        }
        None if trial.leg.gone().is_some() => {
            let found = trial.found("call-gone")?;
            Some((
                format!(
                    "… answered before the trace begins{why}, lost: {}",
                    found.text.replace(" answered ", " replied ")
                ),
                found.message,
            ))
        }
        None => {
            Some((format!("… answered before the trace begins{why}, still up when it ends …"), leg.first))
        }
    }
}

/// Whether the first message of a call that began before the trace is an INVITE: one within the dialog (RFC 3261 §14).
fn begins_with_invite(trial: &Trial<'_>) -> bool {
    trial.case.rows.first().is_some_and(|row| row.row.is_request() && row.method() == b"INVITE")
}

fn answered(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let leg = trial.leg.leg;
    let end = leg.ended_by().filter(|_| leg.is_answered())?;
    let ended = Ended { by: trial.role(end), leg: trial.leg };
    Some((answered_text(trial, &ended), leg.end))
}

/// Who ended an answered call, and the leg that says why.
pub(super) struct Ended<'a> {
    pub(super) by: &'static str,
    pub(super) leg: LegRef<'a>,
}

/// The findings that the sentence about an answered call names, the first one of them.
const PROBLEMS: [&str; 7] = [
    "codec-mismatch",
    "media-rejected",
    "private-media",
    "session-timer-expired",
    "no-answer-sdp",
    "no-sdp-part",
    "transfer-failed",
];

/// Those that a later offer may mend.
const MENDABLE: [&str; 2] = ["codec-mismatch", "media-rejected"];

/// Whether audio was agreed after the last answer that left the call without any.
fn has_media_again(trial: &Trial<'_>) -> bool {
    let is_told = |noted| matches!(noted, Noted::NoCommonCodec | Noted::MediaRejected | Noted::MediaAgreed);
    let last = trial.case.notes.iter().rfind(|note| is_told(note.noted));
    last.is_some_and(|note| note.noted == Noted::MediaAgreed)
}

/// The sentence about an answered call that is over.
pub(super) fn answered_text(trial: &Trial<'_>, ended: &Ended<'_>) -> String {
    let talk = span(trial.leg.talk().unwrap_or_default());
    let moved = Transfer::of(trial.leg).filter(|_| trial.leg.leg.is(LegFlags::TRANSFERRED));
    let moved = moved.map_or_else(String::new, |moved| format!(" after a transfer {}", moved.between()));
    let is_mended = |name: &&str| MENDABLE.contains(name) && has_media_again(trial);
    let problem = PROBLEMS.into_iter().filter(|name| !is_mended(name)).find_map(|name| trial.found(name));
    let problem = problem.map_or_else(String::new, |finding| format!("; {}", finding.text));
    let because = reason_of(ended.leg);
    format!("answered, talked {talk}, {} hung up{moved}{because}{problem}", ended.by)
}

fn lost_fork(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let leg = trial.leg.leg;
    (leg.is(LegFlags::ELSEWHERE) && !leg.is_answered()).then_some(())?;
    let rang = trial.leg.rang().map_or_else(String::new, |rang| format!(" after {} of ringing", span(rang)));
    Some((format!("answered elsewhere{rang}"), leg.end))
}

fn wrong_password(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    if trial.leg.leg.is_answered() {
        return None;
    }
    let (row, user) = crate::calls::findings::refused_digest(&trial.case)?;
    let code = row.row.status;
    let text = if code == 403 {
        format!("probably a wrong password for {user}: 403 after it sent credentials")
    } else {
        format!("wrong password for {user}: {code} again after it sent credentials")
    };
    Some((text, row.index))
}

fn not_authorised(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let row = trial.final_in(State::Rejected).filter(|row| matches!(row.row.status, 401 | 407))?;
    if let Some(found) = trial.found("not-authenticated").or_else(|| trial.found("auth-loop")) {
        return Some((found.text, found.message));
    }
    let sent = trial.leg.leg.is(LegFlags::DIGEST);
    let none = if sent { "none that it accepts came" } else { "none came" };
    let text = format!("{} asked for credentials ({}), and {none}", trial.answerer(), row.row.status);
    Some((text, row.index))
}

fn busy(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let row = trial.final_in(State::Busy)?;
    Some((
        format!("busy: {} answered {}{}", trial.answerer(), status(&row), trial.after_invite(row.index)),
        row.index,
    ))
}

fn gave_up_ringing(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let leg = trial.leg.leg;
    (trial.leg.state() == State::NoAnswer && leg.end != NO_MESSAGE).then_some(())?;
    let who = leg.ended_by().map_or("", |end| trial.role(end));
    let at = if leg.side == Side::B { format!(" at {}", trial.leg.host()) } else { String::new() };
    Some((format!("no one answered{at}: {who} cancelled after {}", trial.after(leg.end)), leg.end))
}

fn no_answer(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let row = trial.final_in(State::NoAnswer)?;
    Some((
        format!(
            "no one answered: {} replied {}{}",
            trial.answerer(),
            status(&row),
            trial.after_invite(row.index)
        ),
        row.index,
    ))
}

fn caller_gave_up(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let leg = trial.leg.leg;
    let is_caller = leg.side == Side::A && leg.ended_by() == Some(End::Peer);
    (trial.leg.state() == State::Cancelled && is_caller).then_some(())?;
    let text = match trial.leg.rang() {
        _ if leg.is(LegFlags::BEGUN_BEFORE) => {
            "… caller gave up a call that began before the trace".to_owned()
        }
        Some(rang) => format!("caller gave up after {} of ringing", span(rang)),
        None if trial.is_silent() => {
            format!("caller gave up after {}, to which FreeSWITCH had answered nothing", trial.after(leg.end))
        }
        None => format!("caller gave up after {}, before it rang", trial.after(leg.end)),
    };
    Some((text, leg.end))
}

fn cancelled(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let leg = trial.leg.leg;
    (trial.leg.state() == State::Cancelled).then_some(())?;
    let message = if leg.end == NO_MESSAGE { leg.fin } else { leg.end };
    let who = leg.ended_by().map_or("the call was", |end| trial.role(end));
    if leg.is(LegFlags::BEGUN_BEFORE) && leg.end == NO_MESSAGE {
        let row = trial.row(leg.fin)?;
        let text = format!("the call was cancelled: {} answered {}", trial.answerer(), status(&row));
        return Some((text, row.index));
    }
    let rang = match trial.leg.rang() {
        _ if leg.is(LegFlags::BEGUN_BEFORE) => "a call that began before the trace".to_owned(),
        None if trial.is_silent() => format!("after {}, to which nothing had answered", trial.after(message)),
        Some(rang) => format!("after {} of ringing", span(rang)),
        None => format!("after {}", trial.after(message)),
    };
    Some((format!("{who} cancelled {rang}{}", trial.because()), message))
}

fn unreachable(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let leg = trial.leg.leg;
    (trial.leg.state() == State::Failed && leg.fin == NO_MESSAGE).then_some(())?;
    let times = trial.case.requests(b"INVITE").count();
    let sent = if times > 1 { format!(", sent {times} times") } else { String::new() };
    if leg.side == Side::A {
        return Some((
            format!("FreeSWITCH answered nothing to the INVITE of {}{sent}", trial.leg.host()),
            leg.first,
        ));
    }
    let large =
        if trial.found("too-large-for-udp").is_some() { " (it is probably too large for UDP)" } else { "" };
    Some((
        format!("nothing answered the INVITE in 32 s{sent}: is {} reachable?{large}", trial.leg.host()),
        leg.first,
    ))
}

/// RFC 3261 §21.4.13: about Content-Type and Content-Encoding, not about codecs.
fn body_type(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let row = trial.final_in(State::Rejected).filter(|row| row.row.status == 415)?;
    let text = format!(
        "the body's type or encoding is not supported: {} answered {}{}{}",
        trial.answerer(),
        status(&row),
        trial.after_invite(row.index),
        trial.reason()
    );
    Some((text, row.index))
}

fn codec(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let row = trial.final_in(State::Rejected).filter(|row| matches!(row.row.status, 488 | 606))?;
    let offered = trial.leg.leg.offered;
    let offered = if offered.is_empty() { String::new() } else { format!("; offered were {offered}") };
    Some((
        format!(
            "no common codec, probably: {} answered {}{}{}{offered}",
            trial.answerer(),
            status(&row),
            trial.after_invite(row.index),
            trial.reason()
        ),
        row.index,
    ))
}

fn unknown_number(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let row = trial
        .final_in(State::Rejected)
        .filter(|row| matches!(row.row.status, 404 | 604 | 484 | 485 | 410))?;
    if trial.refusal().is_some() {
        return Some((refusal(trial, &row, ""), row.index));
    }
    Some((
        format!(
            "no such number: {} answered {} for {}{}",
            trial.answerer(),
            status(&row),
            trial.user(),
            trial.after_invite(row.index)
        ),
        row.index,
    ))
}

fn hops(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let row = trial.final_in(State::Rejected).filter(|row| matches!(row.row.status, 482 | 483))?;
    Some((
        format!(
            "the call probably went in a circle: {} answered {}{}",
            trial.answerer(),
            status(&row),
            trial.after_invite(row.index)
        ),
        row.index,
    ))
}

fn redirected(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let row = trial.final_in(State::Redirected)?;
    let after = trial.after_invite(row.index);
    let to = trial.case.noted(Noted::Redirected);
    let to = to.map_or_else(String::new, |note| {
        format!(", to {}", String::from_utf8_lossy(trial.leg.calls.text(note.value)))
    });
    Some((format!("redirected: {} answered {}{after}{to}", trial.answerer(), status(&row)), row.index))
}

/// Why a final response refused, where FreeSWITCH says it, else only how, and the response.
fn refusal(trial: &Trial<'_>, row: &RowRef<'_>, how: &str) -> String {
    let known = trial.refusal();
    let reason = if known.is_some() { String::new() } else { trial.reason() };
    let why = known.unwrap_or_else(|| how.to_owned());
    format!("{why}: {} answered {}{}{reason}", trial.answerer(), status(row), trial.after_invite(row.index))
}

fn server_failed(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let row = trial.final_in(State::Failed)?;
    let prack = trial.found("no-prack");
    let prack = prack.map_or_else(String::new, |found| format!("; {}", found.text));
    Some((refusal(trial, &row, "failed") + &prack, row.index))
}

fn refused(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let row = trial.final_in(State::Rejected)?;
    let text = refusal(trial, &row, "rejected");
    Some((text, row.index))
}

fn ringing(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    (trial.leg.state() == State::Ringing).then_some(())?;
    let rang = span(trial.leg.rang().unwrap_or_default());
    let leg = trial.leg.leg;
    let shown = if leg.ringing == NO_MESSAGE { leg.last } else { leg.ringing };
    Some((format!("still ringing after {rang} when the trace ends …"), shown))
}

fn trying(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    (trial.leg.state() == State::Trying).then_some(())?;
    let waited = span(trial.case.now - trial.leg.start());
    let sent = trial.case.requests(b"INVITE").next().map_or(1, |invite| trial.case.copies(invite));
    let sent = if sent > 1 { format!("; the INVITE was sent {sent} times") } else { String::new() };
    let text =
        format!("no final response of {} in the {waited} until the trace ends{sent} …", trial.answerer());
    Some((text, trial.leg.leg.last))
}

fn challenged(trial: &Trial<'_>) -> Option<(String, MessageIdx)> {
    let row = trial.final_in(State::InProgress)?;
    let who = trial.answerer();
    Some((format!("challenged by {who} with {} when the trace ends …", status(&row)), row.index))
}
