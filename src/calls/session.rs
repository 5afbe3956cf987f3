//! What a session description changes in its leg: media addresses, codecs, hold, fax.
//!
//! Must not know: how descriptions are written, outcomes.

use std::net::IpAddr;

use super::builder::{Arrival, Builder};
use super::codec::Codecs;
use super::leg::{LegFlags, LegIdx, Progress};
use super::list::Handle;
use super::media::{Flow, Media, Stream};
use super::method::Method;
use super::note::Noted;
use super::signals::Said;
use super::working::{Offer, Working};
use crate::store::{Flags, MessageIdx};

/// Whether an answer leaves the call without audio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MediaFault {
    Found,
    None,
    /// It is not about audio.
    Unknown,
}

impl Builder {
    /// Takes the session description of a message, if it has one.
    pub(super) fn session(&mut self, index: LegIdx, arrival: &Arrival<'_>) {
        // A description in a refusal says what could be accepted; it answers nothing (RFC 3261 §21.4.26).
        let Some(media) = arrival.signals.media.filter(|_| arrival.row.status < 300) else {
            self.missing_session(index, arrival);
            return;
        };
        self.media_address(index, arrival, &media);
        let Some(working) = self.bench.get_mut(index) else { return };
        match working.offer {
            Some(offer) if is_answer(&offer, arrival) => {
                // An answer in a provisional response may be repeated in the final one.
                let is_final = is_final(arrival);
                if is_final {
                    working.offer = None;
                }
                self.answered(index, arrival, &offer, &media);
                if is_final {
                    self.agreed(index, arrival, &offer, &media);
                }
            }
            _ => self.offered(index, arrival, media),
        }
    }

    fn offered(&mut self, index: LegIdx, arrival: &Arrival<'_>, media: Media) {
        // An INVITE that is sent again with credentials, or to fewer codecs, replaces the first offer.
        let is_again = arrival.is_initial_invite();
        let repeats = |working: &Working| {
            working.offer.is_some_and(|open| {
                open.is_first && open.cseq == arrival.row.cseq && open.sent == arrival.sent()
            })
        };
        let is_again = is_again || self.bench.get(index).is_some_and(repeats);
        let is_first = self
            .calls
            .leg(index)
            .is_some_and(|leg| leg.agreed.is_empty() && (is_again || leg.offered.is_empty()));
        if let Some(working) = self.bench.get_mut(index) {
            let (sent, cseq, status) = (arrival.sent(), arrival.row.cseq, arrival.row.status);
            let is_delayed = (200..300).contains(&status) && working.asked == Some(cseq);
            let message = arrival.index;
            working.offer = Some(Offer { sent, cseq, status, media, message, is_first, is_delayed });
        }
        if let Some(leg) = self.calls.legs.get_mut(index as usize) {
            leg.flags.set(LegFlags::SDP, true);
            if is_first {
                leg.offered = media.codecs;
            }
        }
    }

    fn answered(&mut self, index: LegIdx, arrival: &Arrival<'_>, offer: &Offer, media: &Media) {
        let answers = media.audio == Stream::On;
        if let Some(leg) = self.calls.legs.get_mut(index as usize) {
            let early = (101..200).contains(&arrival.row.status) && leg.progress != Progress::Answered;
            leg.flags.set(LegFlags::EARLY_MEDIA, leg.is(LegFlags::EARLY_MEDIA) || early);
            leg.flags.set(LegFlags::AGREED, true);
            if offer.is_first {
                let agreed = media.codecs.agreed(offer.media.codecs);
                leg.agreed = if answers { agreed } else { Codecs::default() };
            }
        }
        let offers = offer.media.audio == Stream::On;
        let handle = Handle::Leg(index);
        let is_foreign = offers && answers && !offer.media.all_codecs.is_answered_by(media.all_codecs);
        if is_foreign {
            self.note(handle, Noted::NoCommonCodec, arrival.index, u32::from(media.all_codecs.only_helps()));
        }
        let is_rejected = offers && !media.has_stream && is_final(arrival);
        if is_rejected {
            self.note(handle, Noted::MediaRejected, arrival.index, 0);
        }
        let fault = match (is_foreign || is_rejected, answers) {
            (true, _) => MediaFault::Found,
            (false, true) => MediaFault::None,
            (false, false) => MediaFault::Unknown,
        };
        self.without_media(index, arrival, fault);
        // Who takes the audio of an offer of both leaves the fax for later (RFC 3264 §6).
        let is_choice = offers && answers;
        if offer.media.image == Stream::On && media.image == Stream::Off && !is_choice {
            self.note(handle, Noted::FaxRefused, arrival.index, 0);
        }
    }

    /// Notes that audio was agreed after all.
    fn without_media(&mut self, index: LegIdx, arrival: &Arrival<'_>, fault: MediaFault) {
        let Some(working) = self.bench.get_mut(index) else { return };
        match fault {
            MediaFault::Found => working.lacks_media = true,
            MediaFault::None if std::mem::take(&mut working.lacks_media) => {
                self.note(Handle::Leg(index), Noted::MediaAgreed, arrival.index, 0);
            }
            _ => {}
        }
    }

    /// A request or a final response without a description, where one may be missing.
    fn missing_session(&mut self, index: LegIdx, arrival: &Arrival<'_>) {
        let incomplete = arrival.row.flags.has(Flags::INCOMPLETE);
        match (arrival.signals.method, arrival.row.status) {
            (Method::Invite, 0) => {
                if let Some(working) = self.bench.get_mut(index) {
                    // What is asked for is an offer in the response (RFC 3261 §13.2.1).
                    working.asked = (!incomplete).then_some(arrival.row.cseq);
                }
                if arrival.is_initial_invite() && arrival.signals.said.has(Said::MULTIPART) && !incomplete {
                    self.note(Handle::Leg(index), Noted::NoSdpPart, arrival.index, 0);
                }
            }
            (Method::Invite, 200..) => self.missing_answer(index, arrival),
            (Method::Ack, 0) if !incomplete => self.missing_answer_in_ack(index, arrival),
            _ => {}
        }
    }

    /// A 2xx or a failure to an offer, without a description.
    fn missing_answer(&mut self, index: LegIdx, arrival: &Arrival<'_>) {
        let status = arrival.row.status;
        let Some(working) = self.bench.get_mut(index) else { return };
        let Some(offer) = working.offer.filter(|offer| is_answer(offer, arrival)) else { return };
        working.offer = None;
        if status < 300 && offer.is_first && self.calls.leg(index).is_some_and(|leg| leg.agreed.is_empty()) {
            self.note(Handle::Leg(index), Noted::NoAnswerSdp, arrival.index, 0);
        } else if status >= 300 && offer.media.image == Stream::On && is_about_media(status) {
            self.note(Handle::Leg(index), Noted::FaxRefused, arrival.index, u32::from(status));
        } else if matches!(status, 488 | 606) {
            let offered = self.texts.intern(offer.media.named().as_bytes());
            self.note(Handle::Leg(index), Noted::RefusedOffer, arrival.index, offered);
        }
    }

    /// An ACK without a description, although the INVITE asked for an offer and the 2xx has it.
    fn missing_answer_in_ack(&mut self, index: LegIdx, arrival: &Arrival<'_>) {
        let is_of_answer = self
            .calls
            .leg(index)
            .is_some_and(|leg| leg.is_answered() && leg.to_tag == arrival.signals.to_tag);
        let Some(working) = self.bench.get_mut(index) else { return };
        let is_missing = |offer: &Offer| offer.is_delayed && is_answer(offer, arrival);
        if working.offer.as_ref().is_some_and(is_missing) {
            working.offer = None;
            if is_of_answer {
                self.note(Handle::Leg(index), Noted::NoAnswerSdp, arrival.index, 0);
            }
        }
    }

    fn media_address(&mut self, index: LegIdx, arrival: &Arrival<'_>, media: &Media) {
        let Some(address) = media.address.filter(|address| !address.is_unspecified() && media.port != 0)
        else {
            return;
        };
        let number = self.address(address);
        let Some(leg) = self.calls.legs.get_mut(index as usize) else { return };
        let sent = arrival.sent();
        let old = if sent { leg.our_media } else { leg.peer_media };
        if sent {
            leg.our_media = number;
        } else {
            leg.peer_media = number;
        }
        leg.media_ports[usize::from(sent)] = media.port;
        if old != number
            && !media.has_ice
            && is_private(address)
            && let Some(peer) = host_address(arrival.host)
            && !is_private(peer)
        {
            self.note(Handle::Leg(index), Noted::PrivateMedia, arrival.index, number);
        }
    }

    /// An offer and its answer hold from here on; what is refused changes nothing (RFC 3261 §14.1).
    fn agreed(&mut self, index: LegIdx, arrival: &Arrival<'_>, offer: &Offer, answer: &Media) {
        let (by, other) = (usize::from(offer.sent), usize::from(!offer.sent));
        let Some(working) = self.bench.get_mut(index) else { return };
        working.asked = None;
        let before = working.media[by].replace(offer.media);
        working.media[other] = Some(*answer);
        let (holds, flow) = (offer.media.holds(), offer.media.flow);
        // An offer that repeats what was agreed only refreshes the session.
        if before.is_none_or(|before| (before.holds(), before.flow) != (holds, flow)) {
            self.hold(index, by, holds, offer.message);
        }
        // Other offers dictate the answer (RFC 3264 §6.1).
        let is_free = !holds && flow == Flow::Both && !offer.is_first;
        if is_free {
            self.hold(index, other, answer.holds(), arrival.index);
        }
    }

    /// The peer (`by` 0) or FreeSWITCH (1) holds, or no longer, which `message` asked for.
    fn hold(&mut self, index: LegIdx, by: usize, holds: bool, message: MessageIdx) {
        let Some(working) = self.bench.get_mut(index) else { return };
        if std::mem::replace(&mut working.holds[by], holds) == holds {
            return;
        }
        let Some(leg) = self.calls.legs.get_mut(index as usize) else { return };
        leg.flags.set(LegFlags::ON_HOLD, working.holds.contains(&true));
        let noted = match (holds, by) {
            (false, _) => Noted::Released,
            (true, 0) => Noted::PeerHolds,
            (true, _) => Noted::WeHold,
        };
        if holds {
            leg.holds = leg.holds.saturating_add(1);
            leg.flags.set(LegFlags::HELD, true);
        }
        self.note(Handle::Leg(index), noted, message, by as u32);
    }
}

/// Whether a message may carry the answer to an offer (RFC 3264 §4, RFC 3261 §13.2.1, RFC 3262 §5).
fn is_answer(offer: &Offer, arrival: &Arrival<'_>) -> bool {
    let is_same = offer.cseq == arrival.row.cseq;
    let fits = match (arrival.signals.method, arrival.row.status) {
        (Method::Prack, 0) => (101..200).contains(&offer.status),
        (Method::Ack, 0) => is_same && offer.status >= 200,
        (_, 0) => false,
        _ => is_same && offer.status == 0,
    };
    fits && offer.sent != arrival.sent()
}

/// Whether a refusal may be about what was offered: not a challenge (RFC 3261 §22), a glare (§14.1), the end of a CANCEL (§9), an
/// interval that is too brief (RFC 4028 §6) or a call that is gone.
const fn is_about_media(status: u16) -> bool {
    !matches!(status, 401 | 407 | 408 | 422 | 481 | 487 | 491)
}

/// Whether no other answer to the same offer follows.
fn is_final(arrival: &Arrival<'_>) -> bool {
    arrival.row.status == 0 || arrival.row.status >= 200
}

/// The address in `[192.0.2.7]:5060`, or in the form without brackets.
pub(super) fn host_address(peer: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(peer).ok()?;
    match text.strip_prefix('[') {
        Some(inside) => inside.split(']').next()?.parse().ok(),
        None => text.parse().or_else(|_| text.rsplit_once(':').map_or(text, |(host, _)| host).parse()).ok(),
    }
}

/// An address that the other side of a public peer cannot reach (RFC 1918, 6598, 4193, link-local, loopback).
pub(super) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || a == 100 && (64..128).contains(&b)
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || matches!(v6.segments()[0] & 0xffc0, 0xfe80)
                || v6.segments()[0] & 0xfe00 == 0xfc00
        }
    }
}
