//! Bodies: session descriptions, fragments and counts are read and rewritten; parts keep their places; everything else is
//! removed.
//!
//! Must not know: start lines and header fields of the message around the body.
//!
//! A body can be in a body, and a message in a body: this file and message.rs call each other.

use memchr::{memchr, memmem};
use serde_json::Value;

use super::Scrubber;
use super::fields::REDACTED;
use super::rules::Rule;
use crate::base::bytes::{trim, trim_end};
use crate::sip::{ContentType, Message, Part, split_one_level};

const PART: u8 = 40;
/// A removed part of at least so many bytes is identified, so that the same part on another leg is recognised. Shorter texts
/// could be guessed from their being equal: digits that were dialled.
const LEAST_IDENTIFIED: usize = 64;
/// Bodies within bodies are read to this depth.
const DEEPEST: u8 = 4;
/// JSON longer than this is removed without a look.
const LONGEST_JSON: usize = 1 << 20;

impl Scrubber {
    /// Appends a body of this content type.
    pub(super) fn body(&mut self, out: &mut Vec<u8>, body: &[u8], content_type: &[u8], depth: u8) {
        let kind = ContentType::parse(content_type);
        let is = |main: &str, sub: &str| kind.as_ref().is_some_and(|kind| kind.is(main, sub));
        if trim(body).is_empty() {
            out.extend_from_slice(body);
        } else if is("application", "sdp") {
            self.session(out, body);
        } else if let Some(kind) = kind.as_ref().filter(|kind| kind.is_multipart() && depth < DEEPEST) {
            self.multipart(out, body, kind, depth);
        } else if is("message", "sipfrag") && depth < DEEPEST {
            self.fragment(out, body, depth);
        } else if is("application", "simple-message-summary") {
            self.fields_of_body(out, body);
        } else if kind.as_ref().is_some_and(|kind| self.rules.keeps(kind.essence().as_bytes())) {
            self.kept(out, body);
        } else if kind.as_ref().is_some_and(ContentType::is_json) && self.abandoned_call(out, body, depth) {
        } else {
            self.remove_body(out, body, kind.as_ref());
        }
    }

    /// A status line or header fields (RFC 3420).
    fn fragment(&mut self, out: &mut Vec<u8>, body: &[u8], depth: u8) {
        let message = Message::fragment(body);
        // `From: "Alice" 1001`, by which FreeSWITCH has a phone show a name.
        if message.start_line().is_none() {
            return self.fields_of_body(out, body);
        }
        self.message_text(out, body, depth + 1);
    }

    /// Lines that look like header fields.
    fn fields_of_body(&mut self, out: &mut Vec<u8>, body: &[u8]) {
        for line in body.split_inclusive(|&b| b == b'\n') {
            let text = trim_end(line);
            match memchr(b':', text) {
                Some(at) if self.rules.of(&text[..at]) != Rule::Unknown => {
                    self.shown(out, &text[..at], trim(&text[at + 1..]));
                }
                _ if text.is_empty() => {}
                _ => out.extend_from_slice(REDACTED),
            }
            out.extend_from_slice(&line[text.len()..]);
        }
    }

    /// A field; an address may be written as `"Alice" 1001`.
    fn shown(&mut self, out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
        let number = memchr::memrchr(b'"', value).map(|at| (&value[..=at], trim(&value[at + 1..])));
        match number {
            Some((display, user)) if !user.is_empty() && memchr(b'<', user).is_none() => {
                out.extend_from_slice(name);
                out.extend_from_slice(b": \"");
                self.display_name(out, trim_quotes(display));
                out.extend_from_slice(b"\" ");
                self.user(out, user);
            }
            _ => self.field(out, name, value),
        }
    }

    /// The parts, each after its delimiter, with its own fields and its own body.
    fn multipart(&mut self, out: &mut Vec<u8>, body: &[u8], kind: &ContentType<'_>, depth: u8) {
        let Some(boundary) = kind.boundary() else { return self.remove_body(out, body, None) };
        let parts = split_one_level(body, kind);
        let Some(first) = parts.first() else { return self.remove_body(out, body, None) };
        let mut delimiter = b"--".to_vec();
        self.token(&mut delimiter, &boundary);
        let line_end: &[u8] =
            if memmem::find(&body[..first.range.start], b"\r\n").is_some() { b"\r\n" } else { b"\n" };
        // The preamble, which readers ignore (RFC 2046 §5.1.1).
        let start = memmem::find(body, &[b"--", &*boundary].concat()).unwrap_or_default();
        if start > 0 {
            self.prose(out, trim_end(&body[..start]));
            out.extend_from_slice(&body[trim_end(&body[..start]).len()..start]);
        }
        for part in &parts {
            if part.range.start > first.range.start {
                out.extend_from_slice(line_end);
            }
            out.extend_from_slice(&delimiter);
            out.extend_from_slice(line_end);
            self.part(out, body, part, depth);
        }
        let last = parts.last().map_or(0, |part| part.range.end);
        let closing = [b"--", &*boundary, b"--"].concat();
        if let Some(at) = memmem::find(&body[last..], &closing) {
            out.extend_from_slice(line_end);
            out.extend_from_slice(&delimiter);
            out.extend_from_slice(b"--");
            let epilogue = &body[last + at + closing.len()..];
            let text = trim_end(epilogue);
            self.prose(out, text);
            out.extend_from_slice(&epilogue[text.len()..]);
        }
    }

    fn part(&mut self, out: &mut Vec<u8>, body: &[u8], part: &Part<'_>, depth: u8) {
        let head = &body[part.range.start..part.body_range.start];
        let mut length = None;
        self.head_lines(out, head, &mut length);
        let content_type = part.header("Content-Type").map(|header| header.value.into_owned());
        let body_at = out.len();
        self.body(out, part.body, content_type.as_deref().unwrap_or_default(), depth + 1);
        super::message::correct_length(out, length, (part.body.len(), out.len() - body_at));
    }

    /// Appends what replaces a body, in the form of its type.
    fn remove_body(&mut self, out: &mut Vec<u8>, body: &[u8], kind: Option<&ContentType<'_>>) {
        self.removals += 1;
        let mut text = REDACTED.to_vec();
        let is_text = kind
            .is_some_and(|kind| kind.is("text", "plain") || kind.essence().starts_with("application/dtmf"));
        if body.len() >= LEAST_IDENTIFIED && !is_text {
            text.push(b' ');
            text.extend(self.secrets.key.bytes(PART, body).letters(16));
        }
        self.uris_of(body);
        self.emergency_identifiers(&mut text, body);
        match kind {
            Some(kind) if kind.is_json() => {
                out.extend_from_slice(&[b"{\"redacted\":\"", &text[..], b"\"}"].concat());
            }
            Some(kind) if kind.is_xml() => {
                out.extend_from_slice(&[b"<redacted>", &text[..], b"</redacted>"].concat());
            }
            _ => out.extend_from_slice(&text),
        }
        let tail = trim_end(body).len();
        out.extend_from_slice(&body[tail..]);
    }

    /// Emergency calls are recognised by identifiers in their bodies, and joined by them: they stay as pseudonyms.
    fn emergency_identifiers(&mut self, out: &mut Vec<u8>, body: &[u8]) {
        const URN: &[u8] = b"urn:emergency:uid:";
        const MOST: usize = 8;
        let mut seen: Vec<&[u8]> = Vec::new();
        for at in memmem::find_iter(body, URN) {
            let rest = &body[at..];
            let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'.' | b'-' | b'_');
            let urn = &rest[..rest.iter().position(|b| !is_part(b)).unwrap_or(rest.len())];
            if seen.len() < MOST && !seen.contains(&urn) {
                seen.push(urn);
                out.push(b' ');
                self.uri(out, urn);
            }
        }
    }

    /// Numbers and users that a removed body names: nothing of them may be anywhere in the output.
    fn uris_of(&mut self, body: &[u8]) {
        const MOST: usize = 64;
        let mut unused = Vec::new();
        for scheme in [&b"sip:"[..], b"tel:", b"sips:"] {
            for at in memmem::find_iter(body, scheme).take(MOST) {
                let rest = &body[at..];
                let is_part = |b: &u8| {
                    b.is_ascii_alphanumeric() || matches!(b, b':' | b'.' | b'-' | b'_' | b'+' | b'@')
                };
                let uri = &rest[..rest.iter().position(|b| !is_part(b)).unwrap_or(rest.len())];
                unused.clear();
                self.uri(&mut unused, uri);
            }
        }
    }

    /// The INVITE of a caller who gave up, as JSON (NENA-STA-010, `AbandonedCall`). `false` if it is another object.
    fn abandoned_call(&mut self, out: &mut Vec<u8>, body: &[u8], depth: u8) -> bool {
        if body.len() > LONGEST_JSON || depth >= DEEPEST || memmem::find(body, b"\"invite\"").is_none() {
            return false;
        }
        let Ok(Value::Object(object)) = serde_json::from_slice::<Value>(body) else { return false };
        if !object.get("invite").is_some_and(|invite| {
            invite.as_str().is_some_and(|text| Message::parse(text.as_bytes()).is_sip())
        }) {
            return false;
        }
        let mut shown = serde_json::Map::new();
        for (at, (name, value)) in object.iter().enumerate() {
            let name = if matches!(name.as_str(), "invite" | "inviteTimestamp" | "cancelTimestamp") {
                name.clone()
            } else {
                format!("redacted{at}")
            };
            shown.insert(name, self.abandoned_value(value, depth));
        }
        self.removals += 1;
        out.extend_from_slice(Value::Object(shown).to_string().as_bytes());
        let tail = trim_end(body).len();
        out.extend_from_slice(&body[tail..]);
        true
    }

    fn abandoned_value(&mut self, value: &Value, depth: u8) -> Value {
        let Some(text) = value.as_str() else { return Value::Null };
        let is_time = text.len() < 40
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'.' | b'T' | b'Z' | b'+'));
        if is_time && text.bytes().filter(|b| *b == b':').count() >= 2 {
            return Value::String(text.to_owned());
        }
        if Message::parse(text.as_bytes()).is_sip() {
            let mut shown = Vec::new();
            self.message_text(&mut shown, text.as_bytes(), depth + 1);
            return Value::String(String::from_utf8_lossy(&shown).into_owned());
        }
        Value::String("redacted".to_owned())
    }
}

fn trim_quotes(text: &[u8]) -> &[u8] {
    let text = trim(text);
    text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text)
}
