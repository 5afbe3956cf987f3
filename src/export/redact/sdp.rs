//! Session descriptions: media, codecs and ports stay; addresses, session numbers, names and keys do not.
//!
//! Must not know: other bodies, header fields.

use memchr::memchr;

use super::Scrubber;
use super::fields::REDACTED;
use super::values::address_of;
use crate::base::bytes::{decimal, trim_end};

/// Attributes whose values are words and numbers of media.
const KNOWN: [&[u8]; 66] = [
    b"rtpmap",
    b"fmtp",
    b"ptime",
    b"maxptime",
    b"minptime",
    b"mid",
    b"group",
    b"setup",
    b"connection",
    b"framerate",
    b"framesize",
    b"imageattr",
    b"silencesupp",
    b"rtcp-fb",
    b"rtcp-xr",
    b"rtcp-mux",
    b"extmap",
    b"extmap-allow-mixed",
    b"ice-options",
    b"ice-lite",
    b"quality",
    b"orient",
    b"type",
    b"charset",
    b"lang",
    b"sdplang",
    b"maxprate",
    b"rid",
    b"simulcast",
    b"curr",
    b"des",
    b"conf",
    b"direction",
    b"sqn",
    b"cdsc",
    b"cpar",
    b"cparmin",
    b"cparmax",
    b"max-message-size",
    b"sctp-port",
    b"sctpmap",
    b"msid-semantic",
    b"content",
    b"pcfg",
    b"acfg",
    b"tcap",
    b"rmcap",
    b"accept-types",
    b"floorctrl",
    b"range",
    b"control",
    b"nortpproxy",
    b"t38faxversion",
    b"t38maxbitrate",
    b"t38faxratemanagement",
    b"t38faxmaxbuffer",
    b"t38faxmaxdatagram",
    b"t38faxmaxifp",
    b"t38faxudpec",
    b"t38faxudpecdepth",
    b"t38faxfillbitremoval",
    b"t38faxtranscodingmmr",
    b"t38faxtranscodingjbig",
    b"t38vendorinfo",
    b"x-google-flag",
    b"ecn-capable-rtp",
];

impl Scrubber {
    /// Appends a session description, line by line.
    pub(super) fn session(&mut self, out: &mut Vec<u8>, body: &[u8]) {
        for line in body.split_inclusive(|&b| b == b'\n') {
            let text = trim_end(line);
            if let Some(known) = self.sdp_lines.get(text) {
                out.extend_from_slice(known);
            } else {
                let from = out.len();
                self.sdp_line(out, text);
                self.remember_line(text, &out[from..]);
            }
            out.extend_from_slice(&line[text.len()..]);
        }
    }

    fn remember_line(&mut self, text: &[u8], shown: &[u8]) {
        const MOST: usize = 100_000;
        if self.sdp_lines.len() >= MOST {
            self.sdp_lines.clear();
        }
        // The line with the session's number is another one for each call.
        if text.len() < 200 && !text.starts_with(b"o=") {
            self.sdp_lines.insert(text.into(), shown.into());
        }
    }

    fn sdp_line(&mut self, out: &mut Vec<u8>, line: &[u8]) {
        let [kind @ b'a'..=b'z', b'=', value @ ..] = line else {
            if !line.is_empty() {
                out.extend_from_slice(REDACTED);
            }
            return;
        };
        out.extend_from_slice(&[*kind, b'=']);
        match kind {
            b'v' | b't' | b'r' | b'z' | b'b' => self.counter(out, value),
            b'm' => self.sdp_words(out, value),
            b'o' => self.origin(out, value),
            b'c' => self.connection(out, value),
            b'a' => self.attribute(out, value),
            b's' if matches!(value, b"-" | b" " | b"") || self.is_plain_product(value) => {
                out.extend_from_slice(value);
            }
            _ => self.removed(out, value),
        }
    }

    /// A name such as `FreeSWITCH`, and nothing else.
    fn is_plain_product(&self, text: &[u8]) -> bool {
        text.iter().all(|&b| b.is_ascii_alphabetic() || b == b' ' || b == b'-') && self.words.is_common(text)
    }

    fn sdp_words(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        self.counter(out, value);
    }

    /// `user session version IN IP4 address`. The version counts from the session's number.
    fn origin(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let words: Vec<&[u8]> = value.split(|&b| b == b' ').collect();
        let [user, session, version, net, family, address] = words.as_slice() else {
            return self.removed(out, value);
        };
        if user == b"-" || self.is_plain_product(user) {
            out.extend_from_slice(user);
        } else {
            self.user(out, user);
        }
        out.push(b' ');
        let from = out.len();
        self.session_number(out, session);
        let shown = decimal(&out[from..]);
        out.push(b' ');
        match (decimal(session), decimal(version), shown) {
            (Some(session), Some(version), Some(shown)) if version.abs_diff(session) < 1_000_000 => {
                let moved = shown.saturating_add(version.saturating_sub(session));
                out.extend_from_slice(moved.to_string().as_bytes());
            }
            _ => self.session_number(out, version),
        }
        for word in [net, family] {
            out.push(b' ');
            self.constant(out, word);
        }
        out.push(b' ');
        self.host(out, address);
    }

    fn session_number(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        if decimal(text).is_some() && text.len() <= 19 {
            self.serial(out, text);
        } else {
            self.token(out, text);
        }
    }

    /// `IN IP4 224.2.1.1/127`.
    fn connection(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let at = value.iter().rposition(|&b| b == b' ').map_or(0, |at| at + 1);
        self.constant(out, &value[..at]);
        let (address, ttl) = value[at..].split_at(memchr(b'/', &value[at..]).unwrap_or(value.len() - at));
        self.host(out, address);
        self.counter(out, ttl);
    }

    /// Of attributes that no list has the values are removed.
    fn attribute(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let (name, rest) = value.split_at(memchr(b':', value).unwrap_or(value.len()));
        self.constant(out, name);
        let Some(value) = rest.strip_prefix(b":") else { return };
        out.push(b':');
        match name.to_ascii_lowercase().as_slice() {
            b"crypto" => self.crypto(out, value),
            b"ice-pwd" | b"key-mgmt" | b"pgmpw" => self.removed(out, value),
            b"ice-ufrag" | b"msid" | b"mslabel" | b"label" | b"cname" | b"identity" | b"tls-id"
            | b"confid" | b"userid" | b"floorid" => {
                self.each_word(out, value, Self::token);
            }
            b"fingerprint" => self.fingerprint(out, value),
            b"candidate" => self.candidate(out, value),
            b"remote-candidates" | b"rtcp" => self.each_word(out, value, Self::word_of_candidate),
            b"ssrc" => self.source(out, value),
            b"ssrc-group" => self.each_word(out, value, Self::number_or_word),
            name if KNOWN.contains(&name) => self.attribute_words(out, value),
            _ => self.removed(out, value),
        }
    }

    /// Codecs, formats and parameters. What is longer than a word of a protocol and not known becomes an identifier.
    fn attribute_words(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        for (at, word) in value.split(|&b| b == b' ').enumerate() {
            if at > 0 {
                out.push(b' ');
            }
            if is_uri_of_extension(word) { out.extend_from_slice(word) } else { self.counter(out, word) }
        }
    }

    fn each_word(&mut self, out: &mut Vec<u8>, value: &[u8], each: fn(&mut Self, &mut Vec<u8>, &[u8])) {
        for (at, word) in value.split(|&b| b == b' ').enumerate() {
            if at > 0 {
                out.push(b' ');
            }
            each(self, out, word);
        }
    }

    /// `1 AES_CM_128_HMAC_SHA1_80 inline:KEY|…` (RFC 4568).
    fn crypto(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let mut words = value.splitn(3, |&b| b == b' ');
        for word in words.by_ref().take(2) {
            self.counter(out, word);
            out.push(b' ');
        }
        let keys = words.next().unwrap_or_default();
        self.secrets.remove(keys.strip_prefix(b"inline:").unwrap_or(keys));
        self.removals += 1;
        out.extend_from_slice(b"inline:redacted");
    }

    /// The hash of a certificate, as another one of the same length.
    fn fingerprint(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let (function, hash) = value.split_at(memchr(b' ', value).unwrap_or(value.len()));
        self.counter(out, function);
        let mut name = Vec::new();
        self.token(&mut name, hash.trim_ascii());
        let bytes = hash.split(|&b| b == b':').count();
        let stream = self.secrets.key.bytes(0, &name);
        for at in 0..bytes.min(64) {
            out.push(if at == 0 { b' ' } else { b':' });
            out.extend_from_slice(format!("{:02X}", stream.0[at % 32] ^ (at / 32) as u8).as_bytes());
        }
    }

    /// `foundation component transport priority address port typ …` (RFC 8839).
    fn candidate(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let mut words = value.splitn(2, |&b| b == b' ');
        self.token(out, words.next().unwrap_or_default());
        if let Some(rest) = words.next() {
            out.push(b' ');
            self.each_word(out, rest, Self::word_of_candidate);
        }
    }

    fn word_of_candidate(&mut self, out: &mut Vec<u8>, word: &[u8]) {
        let is_digits = word.iter().all(u8::is_ascii_digit);
        if is_digits || self.words.is_known(word) {
            out.extend_from_slice(word);
        } else if address_of(word).is_some() || memchr(b'.', word).is_some() {
            self.host(out, word);
        } else {
            self.constant(out, word);
        }
    }

    /// `123456 cname:NAME`.
    fn source(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let (number, rest) = value.split_at(memchr(b' ', value).unwrap_or(value.len()));
        self.serial(out, number);
        if rest.is_empty() {
            return;
        }
        out.push(b' ');
        let (name, text) = rest[1..].split_at(memchr(b':', &rest[1..]).unwrap_or(rest.len() - 1));
        self.constant(out, name);
        if let Some(text) = text.strip_prefix(b":") {
            out.push(b':');
            self.each_word(out, text, Self::token);
        }
    }

    fn number_or_word(&mut self, out: &mut Vec<u8>, word: &[u8]) {
        if word.iter().all(u8::is_ascii_digit) { self.serial(out, word) } else { self.constant(out, word) }
    }
}

/// The names of RTP header extensions, which RFCs and WebRTC define.
fn is_uri_of_extension(word: &[u8]) -> bool {
    word.starts_with(b"urn:ietf:params:rtp-hdrext:") && word.len() < 80
        || word.starts_with(b"http://www.webrtc.org/experiments/rtp-hdrext/")
}
