//! What calls need of a body: the session description, parts, incident identifiers, the status in a sipfrag.
//!
//! Must not know: legs, header fields of the message.

use memchr::memmem;

use super::evidence::Kind;
use super::hash::{Number, call_id_hash, wide_hash};
use super::media::Media;
use super::method::Method;
use super::note::Noted;
use super::signals::{Said, Signals, starts_with};
use crate::base::bytes::trim;
use crate::sip::{ContentType, Message, Part, StartLine, json, split_one_level, start_line};

/// Reads a body of this content type.
pub(super) fn read(signals: &mut Signals, body: &[u8], content_type: &[u8]) {
    if starts_with(content_type, b"application/sdp") {
        if body.iter().all(u8::is_ascii_whitespace) {
            signals.said.add(Said::EMPTY_SDP);
        } else {
            session(signals, body);
        }
    } else if starts_with(content_type, b"multipart/") {
        multipart(signals, body, content_type, 0);
    } else if starts_with(content_type, b"message/sipfrag") {
        if signals.sent && signals.method == Method::Info {
            shown(signals, body);
        }
        let line = &body[..memchr::memchr(b'\n', body).unwrap_or(body.len())];
        if let Some(StartLine::Status { code, .. }) = start_line::parse(line) {
            signals.reported = code;
        }
    } else if !body.is_empty() {
        incidents(signals, body);
        invite_inside(signals, body, content_type);
    }
}

/// Whom FreeSWITCH has a phone show: `From: "Alice" 1001` or `To: "Alice" 1001`, where the phone takes no UPDATE.
fn shown(signals: &mut Signals, body: &[u8]) {
    for line in body.split(|&b| b == b'\n') {
        let Some(at) = line.iter().position(|&b| b == b':') else { continue };
        if matches!(&line[..at], b"From" | b"To") {
            let value = line[at + 1..].rsplit(|&b| b == b'"').next().unwrap_or_default();
            signals.mark(Kind::Identity, Number::read(trim(value)).packed());
        }
    }
}

/// The INVITE of a caller who gave up, in the JSON that says so (NENA-STA-010, AbandonedCall): its Call-ID names that leg.
fn invite_inside(signals: &mut Signals, body: &[u8], content_type: &[u8]) {
    let is_json = || ContentType::parse(content_type).is_some_and(|kind| kind.is_json());
    if memmem::find(body, b"\"invite\"").is_none() || !is_json() {
        return;
    }
    let Some(invite) = json::string_field(body, "invite") else { return };
    if let Some(call_id) = Message::parse(invite.as_bytes()).call_id() {
        signals.mark(Kind::CallId, call_id_hash(call_id));
    }
}

fn session(signals: &mut Signals, body: &[u8]) {
    if signals.media.is_some() {
        signals.said.add(Said::TWO_SDP);
        // FreeSWITCH passes on the caller's description among the parts of an emergency call, and appends its own.
        if signals.sent {
            signals.media = Some(Media::read(body));
        }
        return;
    }
    let media = Media::read(body);
    signals.mark(Kind::Session, u64::from(media.session));
    signals.mark(Kind::Endpoint, u64::from(media.endpoint()));
    signals.media = Some(media);
}

/// Bodies are looked into up to this depth.
const DEEPEST: u8 = 4;

fn multipart(signals: &mut Signals, body: &[u8], content_type: &[u8], depth: u8) {
    signals.said.add(Said::MULTIPART);
    let Some(content_type) = ContentType::parse(content_type) else { return };
    let (outside, is_choice) = (signals.media, content_type.is("multipart", "alternative"));
    for part in split_one_level(body, &content_type) {
        let kind = part.header("Content-Type");
        let kind = kind.as_ref().map_or(&b""[..], |header| header.value.as_ref());
        if starts_with(kind, b"application/sdp") {
            // Of alternatives the last one counts (RFC 2046 §5.1.4).
            signals.media = if is_choice { outside } else { signals.media };
            if is_session(&part) {
                session(signals, part.body);
            }
        } else if starts_with(kind, b"multipart/") && depth < DEEPEST {
            multipart(signals, part.body, kind, depth + 1);
        } else {
            let hash = wide_hash(&[part.body]);
            signals.mark(Kind::Part, hash);
            let name = media_type_name(kind);
            signals.carry(Noted::Part, &[name, format!(" {hash:x}").as_bytes()].concat());
            incidents(signals, part.body);
            invite_inside(signals, part.body, kind);
        }
    }
}

/// Whether the description in a part is of the session, and not of early media alone (RFC 3959).
fn is_session(part: &Part<'_>) -> bool {
    part.content_disposition().is_none_or(|value| starts_with(&value, b"session"))
}

/// `application/pidf+xml`, without parameters.
fn media_type_name(value: &[u8]) -> &[u8] {
    let end = memchr::memchr2(b';', b' ', value).unwrap_or(value.len());
    &value[..end]
}

/// The identifiers of incidents and emergency calls in a text, each once.
fn incidents(signals: &mut Signals, body: &[u8]) {
    const URN: &[u8] = b"urn:emergency:uid:";
    let mut seen = [0_u64; 8];
    for at in memmem::find_iter(body, URN) {
        let rest = &body[at..];
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'.' | b'-' | b'_');
        let end = rest.iter().position(|b| !is_part(b)).unwrap_or(rest.len());
        let value = wide_hash(&[&rest[..end]]);
        if let Some(free) = seen.iter_mut().find(|slot| **slot == 0 || **slot == value)
            && *free == 0
        {
            *free = value;
            signals.incident(&rest[..end]);
        }
    }
}
