//! What calls need of a body: the session description, parts, incident identifiers, the status in a sipfrag.
//!
//! Must not know: legs, header fields of the message.

use memchr::memmem;

use super::evidence::Kind;
use super::hash::wide_hash;
use super::media::Media;
use super::note::Noted;
use super::signals::{Said, Signals, starts_with};
use crate::sip::{ContentType, StartLine, split_one_level, start_line};

/// Reads a body of this content type.
pub(super) fn read(signals: &mut Signals, body: &[u8], content_type: &[u8]) {
    if starts_with(content_type, b"application/sdp") {
        if body.iter().all(u8::is_ascii_whitespace) {
            signals.said.add(Said::EMPTY_SDP);
        } else {
            session(signals, body);
        }
    } else if starts_with(content_type, b"multipart/") {
        multipart(signals, body, content_type);
    } else if starts_with(content_type, b"message/sipfrag") {
        let line = &body[..memchr::memchr(b'\n', body).unwrap_or(body.len())];
        if let Some(StartLine::Status { code, .. }) = start_line::parse(line) {
            signals.reported = code;
        }
    } else if !body.is_empty() {
        incidents(signals, body);
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

fn multipart(signals: &mut Signals, body: &[u8], content_type: &[u8]) {
    signals.said.add(Said::MULTIPART);
    let Some(content_type) = ContentType::parse(content_type) else { return };
    for part in split_one_level(body, &content_type) {
        let kind = part.header("Content-Type");
        let kind = kind.as_ref().map_or(&b""[..], |header| header.value.as_ref());
        if starts_with(kind, b"application/sdp") {
            session(signals, part.body);
        } else {
            let hash = wide_hash(&[part.body]);
            signals.mark(Kind::Part, hash);
            let name = media_type_name(kind);
            signals.carry(Noted::Part, &[name, format!(" {hash:x}").as_bytes()].concat());
            incidents(signals, part.body);
        }
    }
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
