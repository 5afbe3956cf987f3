//! Rules about what the text of a message showed while it was indexed.
//!
//! Must not know: how texts are read.

use super::case::{Case, sender, span};
use super::{Check, Found, check};
use crate::base::Direction;
use crate::calls::leg::{LegFlags, NO_MESSAGE};
use crate::calls::note::Noted;
use crate::store::{MessageIdx, RowRef};

pub(super) const CHECKS: &[Check] = &[
    check("codec-mismatch", "RFC 3264 §6", "offer and answer have no codec in common", codec_mismatch),
    check("media-rejected", "RFC 3264 §6", "the answer rejects all media that were offered", media_rejected),
    check(
        "no-answer-sdp",
        "RFC 3264 §5, RFC 3261 §13.2.1",
        "the answer to an offer has no session description",
        no_answer_sdp,
    ),
    check(
        "no-sdp-part",
        "RFC 3261 §13.2.1, RFC 5621 §3.1",
        "an INVITE with a multipart body has no session description, and none was agreed",
        no_sdp_part,
    ),
    check("empty-sdp", "RFC 3261 §7.4", "Content-Type says SDP, and there is no body", empty_sdp),
    check("two-sdp", "RFC 5621 §5.3", "two session descriptions in one multipart body", two_sdp),
    check("hold-not-released", "RFC 3264 §8.4", "ended while it was on hold for long", hold),
    check(
        "private-media",
        "RFC 3264 §5, RFC 1918",
        "a private media address for a public peer",
        private_media,
    ),
    check(
        "media-elsewhere",
        "RFC 3264 §5",
        "ended for want of audio, and the peer's audio is not at its signalling address",
        media_elsewhere,
    ),
    check("part-missing", "RFC 2392", "a cid: names a part that the body does not have", missing_part),
    check("fax-refused", "RFC 6913, ITU-T T.38", "T.38 was offered and refused", fax),
    check("transfer-failed", "RFC 3515 §2.4.5", "a transfer was refused or reported a failure", transfer),
];

fn row_of<'c, 'a>(case: &'c Case<'a>, message: MessageIdx) -> Option<&'c RowRef<'a>> {
    case.rows.iter().find(|row| row.index == message)
}

/// What a note of this kind says, with who sent the message in front.
fn noted(case: &Case<'_>, kind: Noted, what: &str) -> Found {
    let note = case.noted(kind)?;
    let who = row_of(case, note.message).map(sender).unwrap_or_default();
    Some((format!("{who} {what}"), note.message))
}

fn codec_mismatch(case: &Case<'_>) -> Found {
    let note = case.noted(Noted::NoCommonCodec)?;
    let leg = case.leg?.leg;
    let has = if note.value == 1 { "nothing but telephone-event".to_owned() } else { leg.agreed.to_string() };
    let what = format!("accepted none of the codecs offered (offered: {}; its SDP has: {has})", leg.offered);
    noted(case, Noted::NoCommonCodec, &what)
}

fn media_rejected(case: &Case<'_>) -> Found {
    noted(case, Noted::MediaRejected, "rejected all media: each stream of its SDP has port 0")
}

fn no_answer_sdp(case: &Case<'_>) -> Found {
    let note = case.noted(Noted::NoAnswerSdp)?;
    let is_ack = row_of(case, note.message).is_some_and(|row| row.row.is_request());
    let what =
        if is_ack { "sent an ACK without a session description" } else { "sent no session description" };
    noted(case, Noted::NoAnswerSdp, &format!("{what} in reply to the offer"))
}

fn no_sdp_part(case: &Case<'_>) -> Found {
    let leg = case.leg?;
    // What was refused for another reason may have been agreed in time; one that asks for an offer gets it in the response.
    let is_refused = matches!(leg.leg.status, 400 | 415 | 488 | 500 | 606);
    let is_over = leg.leg.is_answered() && leg.leg.ack != NO_MESSAGE || is_refused;
    (is_over && !leg.leg.is(LegFlags::AGREED)).then_some(())?;
    noted(case, Noted::NoSdpPart, "sent a multipart body without a session description")
}

fn empty_sdp(case: &Case<'_>) -> Found {
    noted(case, Noted::EmptySdp, "says that the body is SDP, and sends none")
}

fn two_sdp(case: &Case<'_>) -> Found {
    let note = case.noted(Noted::TwoSdp)?;
    // FreeSWITCH passes the caller's description on beside its own in emergency calls: most peers take the right one.
    let by_us = row_of(case, note.message).is_some_and(|row| row.row.direction() == Direction::Sent);
    case.leg.filter(|leg| !by_us || leg.is_failed())?;
    noted(case, Noted::TwoSdp, "sent two session descriptions in one body")
}

fn hold(case: &Case<'_>) -> Found {
    let leg = case.leg.filter(|leg| leg.leg.is(LegFlags::ON_HOLD) && leg.leg.ended_by().is_some())?;
    let holds = |noted| matches!(noted, Noted::PeerHolds | Noted::WeHold);
    let note = case.notes.iter().rfind(|note| holds(note.noted))?;
    let held = leg.ended()? - leg.time(note.message)?;
    // A transfer ends the leg while it is on hold, as it should.
    let is_transfer = leg.leg.is(LegFlags::TRANSFERRED);
    let who = row_of(case, note.message).map(sender).unwrap_or_default();
    let text = format!("put on hold by {who} and held for {} until it ended", span(held));
    (!is_transfer && held > 30_000_000).then_some((text, note.message))
}

fn private_media(case: &Case<'_>) -> Found {
    let note = case.noted(Noted::PrivateMedia)?;
    let leg = case.leg?;
    let address = leg.calls.address(note.value)?;
    let row = row_of(case, note.message)?;
    let text = format!(
        "{} wants audio at {address}, which is private, while the peer is {}: audio is probably one-way",
        sender(row),
        case.peer()
    );
    Some((text, note.message))
}

fn fax(case: &Case<'_>) -> Found {
    let note = case.noted(Noted::FaxRefused)?;
    let how = if note.value == 0 { "port 0".to_owned() } else { note.value.to_string() };
    noted(case, Noted::FaxRefused, &format!("refused T.38 with {how}"))
}

fn transfer(case: &Case<'_>) -> Found {
    let leg = case.leg?;
    if let Some(row) =
        case.responses(b"REFER").find(|row| row.row.status >= 300 && !matches!(row.row.status, 401 | 407))
    {
        return Some((format!("{} refused the transfer with {}", sender(row), row.row.status), row.index));
    }
    let failed = |note: &&crate::calls::note::Note| note.noted == Noted::ReferResult && note.value >= 300;
    let note = leg.calls.notes(super::Handle::Leg(leg.index)).iter().find(failed).copied()?;
    Some((format!("the transfer failed: {} was reported", note.value), note.message))
}

/// FreeSWITCH's own reason for a call on which no audio arrived: `MEDIA_TIMEOUT`.
fn media_elsewhere(case: &Case<'_>) -> Found {
    let leg = case.leg.filter(|leg| leg.leg.is_answered() && leg.leg.end != NO_MESSAGE)?;
    if leg.reason().is_empty() {
        return None;
    }
    let reason = String::from_utf8_lossy(leg.reason()).to_ascii_lowercase().replace(['_', ' '], "");
    if !reason.contains("mediatimeout") && !reason.contains("rtptimeout") {
        return None;
    }
    let media = leg.peer_media()?;
    let is_elsewhere = media.ip().to_string() != case.peer();
    let text = format!(
        "ended after {} without audio: {} wants its audio at {media}, which is not where it signals from",
        span(leg.talk().unwrap_or_default()),
        case.peer()
    );
    is_elsewhere.then_some((text, leg.leg.end))
}

fn missing_part(case: &Case<'_>) -> Found {
    let note = case.noted(Noted::MissingPart)?;
    let text = |calls: &crate::calls::Calls| String::from_utf8_lossy(calls.text(note.value)).into_owned();
    let uri = case.leg.map(|leg| text(leg.calls)).or_else(|| case.dialog.map(|dialog| text(dialog.calls)))?;
    noted(case, Noted::MissingPart, &format!("names the part {uri}, which the body does not have"))
}
