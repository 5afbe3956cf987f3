//! URIs: users, hosts and parameters are replaced, services stay.
//!
//! Must not know: fields, bodies.
//!
//! A URI can have header fields in it, and a header field has URIs: the functions of these files call each other.

use memchr::memchr;

use super::Scrubber;
use super::values::{is_number, percent_encode};
use crate::base::bytes::trim;
use crate::sip::{Uri, percent_decode};

impl Scrubber {
    /// Appends the pseudonym of a URI.
    pub(super) fn uri(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        /// URIs within URIs are read to this depth.
        const DEEPEST: u8 = 4;
        let Some(uri) = Uri::parse(text).filter(|_| self.depth < DEEPEST) else {
            return if self.depth < DEEPEST { self.no_uri(out, text) } else { self.token(out, text) };
        };
        self.depth += 1;
        self.known_uri(out, text, &uri);
        self.depth -= 1;
    }

    fn known_uri(&mut self, out: &mut Vec<u8>, text: &[u8], uri: &Uri<'_>) {
        match uri.scheme.to_ascii_lowercase().as_slice() {
            b"sip" | b"sips" => self.sip_uri(out, uri),
            b"tel" => {
                out.extend_from_slice(uri.scheme);
                out.push(b':');
                self.user(out, uri.opaque);
            }
            b"urn" => self.urn(out, uri.opaque),
            b"cid" | b"mid" => {
                out.extend_from_slice(uri.scheme);
                out.push(b':');
                self.content_id(out, &percent_decode(uri.opaque));
            }
            b"im" | b"pres" | b"mailto" | b"xmpp" => {
                out.extend_from_slice(uri.scheme);
                out.push(b':');
                self.mailbox(out, uri.opaque);
            }
            b"http" | b"https" | b"ws" | b"wss" => self.web(out, uri),
            _ => self.no_uri(out, text),
        }
    }

    /// What is written where a URI should be.
    fn no_uri(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        match memchr(b'@', text) {
            Some(_) => self.mailbox(out, text),
            None if is_number(text) => self.number(out, text),
            None if text == b"*" => out.push(b'*'),
            None if text.iter().any(|&b| matches!(b, b'.' | b'[')) => self.host_port(out, text),
            None => self.token(out, text),
        }
    }

    fn sip_uri(&mut self, out: &mut Vec<u8>, uri: &Uri<'_>) {
        out.extend_from_slice(uri.scheme);
        out.push(b':');
        let rest = match memchr(b'@', uri.opaque) {
            Some(at) => {
                self.user(out, uri.user.unwrap_or_default());
                if let Some(password) = uri.password {
                    self.secrets.remove(password);
                    out.extend_from_slice(b":redacted");
                }
                out.push(b'@');
                &uri.opaque[at + 1..]
            }
            None => uri.opaque,
        };
        let end = memchr::memchr2(b';', b'?', rest).unwrap_or(rest.len());
        self.host_port(out, &rest[..end]);
        self.params(out, uri.params.as_bytes());
        if let Some(headers) = uri.headers {
            self.uri_headers(out, headers);
        }
    }

    /// Header fields in a URI: `?Replaces=…&Subject=…` (RFC 3261 §19.1.1).
    fn uri_headers(&mut self, out: &mut Vec<u8>, headers: &[u8]) {
        for (at, header) in headers.split(|&b| b == b'&').enumerate() {
            out.push(if at == 0 { b'?' } else { b'&' });
            let (name, value) = header.split_at(memchr(b'=', header).unwrap_or(header.len()));
            let value = percent_decode(value.strip_prefix(b"=").unwrap_or(value)).into_owned();
            let mut field = Vec::new();
            self.field(&mut field, name, &value);
            let (name, value) = field.split_at(memchr(b':', &field).unwrap_or(field.len()));
            out.extend_from_slice(name);
            out.push(b'=');
            percent_encode(out, trim(value.strip_prefix(b":").unwrap_or(value)));
        }
    }

    /// Services and identifiers: `urn:service:sos` stays, `urn:uuid:…` does not (RFC 8141).
    fn urn(&mut self, out: &mut Vec<u8>, opaque: &[u8]) {
        const EMERGENCY: &[u8] = b"emergency:uid:";
        out.extend_from_slice(b"urn:");
        let is_service = opaque.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"service:"));
        if is_service && self.words.is_common(opaque) {
            out.extend_from_slice(opaque);
        } else if opaque.get(..EMERGENCY.len()).is_some_and(|start| start.eq_ignore_ascii_case(EMERGENCY)) {
            // `incidentid:STRING:HOST` (NENA-STA-010).
            out.extend_from_slice(EMERGENCY);
            let mut pieces = opaque[EMERGENCY.len()..].splitn(3, |&b| b == b':');
            self.constant(out, pieces.next().unwrap_or_default());
            out.push(b':');
            self.token(out, pieces.next().unwrap_or_default());
            if let Some(host) = pieces.next() {
                out.push(b':');
                self.host(out, host);
            }
        } else {
            let (space, id) = opaque.split_at(memchr(b':', opaque).unwrap_or(opaque.len()));
            self.constant(out, space);
            out.push(b':');
            self.token(out, id.strip_prefix(b":").unwrap_or(id));
        }
    }

    /// `user@host`, or something else.
    fn mailbox(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        match memchr(b'@', text) {
            Some(at) => {
                self.user(out, &text[..at]);
                out.push(b'@');
                let end = text[at..]
                    .iter()
                    .position(|b| matches!(b, b';' | b'?'))
                    .map_or(text.len(), |end| at + end);
                self.host_port(out, &text[at + 1..end]);
            }
            None => self.user(out, text),
        }
    }

    /// Of a web address only the host is replaced by one; path and query are an identifier.
    fn web(&mut self, out: &mut Vec<u8>, uri: &Uri<'_>) {
        out.extend_from_slice(uri.scheme);
        out.extend_from_slice(b"://");
        let rest = uri.opaque.strip_prefix(b"//").unwrap_or(uri.opaque);
        let end = rest.iter().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
        let host = rest[..end].rsplit(|&b| b == b'@').next().unwrap_or_default();
        self.host_port(out, host);
        if end < rest.len() {
            out.push(b'/');
            self.token(out, &rest[end..]);
        }
    }
}
