//! Header fields: names stay where they are known, and values are replaced as the rule for the name says.
//!
//! Must not know: start lines, bodies.

use memchr::memchr;

use super::Scrubber;
use super::rules::Rule;
use super::values::{address_of, is_number};
use crate::base::bytes::{trim, trim_start};
use crate::sip::{Address, List, unquote};

/// What replaces a value that is removed.
pub(super) const REDACTED: &[u8] = b"redacted";
/// Values of unknown fields that say nothing about anyone.
const FLAGS: [&[u8]; 8] = [b"true", b"false", b"yes", b"no", b"on", b"off", b"none", b"redacted"];
/// Memos are emptied when they have this many bytes.
const MOST_REMEMBERED: usize = 8 << 20;

impl Scrubber {
    /// Appends a field without its line end.
    pub(super) fn field(&mut self, out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
        let rule = self.rules.of(name);
        match rule {
            Rule::Unknown => self.unknown_name(out, name),
            _ => out.extend_from_slice(name),
        }
        out.extend_from_slice(b": ");
        self.value(out, rule, value);
    }

    /// Appends a value. Most values occur again and again.
    #[inline]
    pub(super) fn value(&mut self, out: &mut Vec<u8>, rule: Rule, value: &[u8]) {
        // Identifiers are remembered by themselves, and a sequence number is soon another one.
        if matches!(rule, Rule::CSeq | Rule::Identifiers | Rule::ContentLength) {
            return self.new_value(out, rule, value);
        }
        if let Some(known) = self.memos[rule as usize].get(value) {
            return out.extend_from_slice(known);
        }
        let from = out.len();
        self.new_value(out, rule, value);
        self.remembered += value.len() + out.len() - from + 64;
        if self.remembered > MOST_REMEMBERED {
            self.memos.iter_mut().for_each(hashbrown::HashMap::clear);
            self.remembered = 0;
        }
        self.memos[rule as usize].insert(value.into(), out[from..].into());
    }

    fn new_value(&mut self, out: &mut Vec<u8>, rule: Rule, value: &[u8]) {
        match rule {
            Rule::Addresses => self.list(out, value, Self::address),
            Rule::Via => self.list(out, value, Self::hop),
            Rule::Identifiers => self.list(out, value, Self::identifier),
            Rule::Constant if memchr(b';', value).is_some() => self.list(out, value, Self::media_type),
            Rule::Constant => self.constant(out, value),
            Rule::Counter => self.counted(out, value),
            Rule::ContentLength => self.counter(out, value),
            Rule::MediaType => self.media_type(out, value),
            Rule::CSeq => self.cseq(out, value),
            Rule::ContentId => self.bracketed_id(out, value),
            Rule::Credentials => self.credentials(out, value),
            Rule::Product => self.product(out, value),
            Rule::Reason => self.list(out, value, Self::reason),
            Rule::Warning => self.warning(out, value),
            Rule::Charging => self.params(out, &[b";", value].concat()),
            Rule::Removed => self.removed(out, value),
            Rule::Unknown => self.unknown_value(out, value),
            Rule::Kept => self.kept(out, value),
        }
    }

    /// The items of a list, each by `item`.
    fn list(&mut self, out: &mut Vec<u8>, value: &[u8], item: fn(&mut Self, &mut Vec<u8>, &[u8])) {
        for (at, one) in List::new(value).enumerate() {
            if at > 0 {
                out.extend_from_slice(b", ");
            }
            item(self, out, one);
        }
    }

    pub(super) fn address(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let address = Address::parse(value);
        if let Some(name) = address.display_name() {
            let is_quoted = address.raw_name.starts_with(b"\"");
            let mut shown = Vec::new();
            self.display_name(&mut shown, &name);
            let quote: &[u8] = if is_quoted { b"\"" } else { b"" };
            out.extend_from_slice(quote);
            out.extend(shown.into_iter().filter(|b| !matches!(b, b'"' | b'\\' | b'<' | b'>')));
            out.extend_from_slice(quote);
            out.push(b' ');
        }
        if address.bracketed {
            out.push(b'<');
            self.uri(out, address.uri);
            out.push(b'>');
        } else {
            self.uri(out, address.uri);
        }
        self.params(out, address.params.as_bytes());
    }

    /// `SIP/2.0/UDP host:port;branch=…`.
    fn hop(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let end = memchr(b';', value).unwrap_or(value.len());
        let (hop, params) = value.split_at(end);
        let host_at =
            hop.iter().rposition(|&b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).map_or(0, |at| at + 1);
        self.counter(out, &hop[..host_at]);
        if host_at < hop.len() {
            self.host_port(out, &hop[host_at..]);
        }
        self.params(out, params);
    }

    fn identifier(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let (id, params) = value.split_at(memchr(b';', value).unwrap_or(value.len()));
        // Who does not know the other end's identifier writes zeros (RFC 7989 §5).
        if id.iter().all(|&b| b == b'0') {
            out.extend_from_slice(id);
        } else {
            self.token(out, trim(id));
        }
        self.params(out, params);
    }

    fn bracketed_id(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let id = value.strip_prefix(b"<").and_then(|id| id.strip_suffix(b">"));
        match id {
            Some(id) => {
                out.push(b'<');
                self.content_id(out, id);
                out.push(b'>');
            }
            None => self.content_id(out, value),
        }
    }

    fn media_type(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let (kind, params) = value.split_at(memchr(b';', value).unwrap_or(value.len()));
        self.constant(out, kind);
        self.params(out, params);
    }

    fn cseq(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
        out.extend_from_slice(&value[..digits.min(20)]);
        let method = trim_start(&value[digits..]);
        if !method.is_empty() {
            out.push(b' ');
            self.constant(out, method);
        }
    }

    /// `Digest realm="…", nonce="…"` and their like: what proves a password is removed.
    fn credentials(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let scheme = value.iter().position(|&b| matches!(b, b' ' | b'=' | b',')).unwrap_or(value.len());
        let has_scheme = value.get(scheme) == Some(&b' ') || scheme == value.len();
        let params = if has_scheme { &value[scheme..] } else { value };
        if has_scheme {
            self.constant(out, &value[..scheme]);
            out.push(b' ');
        }
        for (at, param) in List::new(params).enumerate() {
            if at > 0 {
                out.extend_from_slice(b", ");
            }
            let (name, text) = param.split_at(memchr(b'=', param).unwrap_or(param.len()));
            match text.strip_prefix(b"=") {
                Some(text) if !text.is_empty() && text.iter().any(|&b| b != b'=') => {
                    self.credential(out, trim(name), trim(text));
                }
                // A token, as of Basic.
                _ => self.removed(out, param),
            }
        }
    }

    fn credential(&mut self, out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
        self.constant(out, name);
        out.push(b'=');
        let quote: &[u8] = if value.starts_with(b"\"") { b"\"" } else { b"" };
        out.extend_from_slice(quote);
        let text = unquote(value);
        match name.to_ascii_lowercase().as_slice() {
            b"realm" => self.realm(out, &text),
            b"nonce" | b"nextnonce" | b"opaque" => self.token(out, &text),
            b"username" => self.credentials_user(out, &text),
            b"uri" | b"domain" => self.uri(out, &text),
            // It is eight hexadecimal digits.
            b"nc" if text.len() != 8 => self.removed(out, &text),
            b"qop" | b"algorithm" | b"stale" | b"nc" | b"charset" | b"userhash" => self.counter(out, &text),
            _ => self.removed(out, &text),
        }
        out.extend_from_slice(quote);
    }

    /// Who authenticates: `1001`, `1001@pbx.example`.
    fn credentials_user(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        match memchr(b'@', text) {
            Some(at) => {
                self.user(out, &text[..at]);
                out.push(b'@');
                self.host_port(out, &text[at + 1..]);
            }
            None => self.user(out, text),
        }
    }

    fn realm(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        if self.words.is_common(text) && !text.iter().any(u8::is_ascii_digit) {
            out.extend_from_slice(text);
        } else {
            self.host_port(out, text);
        }
    }

    /// `Q.850;cause=16;text="NORMAL_CLEARING"`.
    fn reason(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let (protocol, params) = value.split_at(memchr(b';', value).unwrap_or(value.len()));
        self.counter(out, protocol);
        self.params(out, params);
    }

    /// `399 host "text"`.
    fn warning(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let mut pieces = value.splitn(3, |&b| b == b' ');
        self.counter(out, pieces.next().unwrap_or_default());
        if let Some(agent) = pieces.next() {
            out.push(b' ');
            if agent.starts_with(b"\"") { self.prose(out, agent) } else { self.host_port(out, agent) }
        }
        if let Some(text) = pieces.next() {
            out.push(b' ');
            self.prose(out, text);
        }
    }

    /// A value that is removed whole.
    pub(super) fn removed(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        if !value.is_empty() {
            self.removals += 1;
            self.secrets.remove(value);
            out.extend_from_slice(REDACTED);
        }
    }

    /// The name of an unknown field is one of someone's dialplan; fields that join legs keep it.
    pub(super) fn unknown_name(&mut self, out: &mut Vec<u8>, name: &[u8]) {
        if self.leg_headers.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name)) {
            return out.extend_from_slice(name);
        }
        out.extend_from_slice(b"X-Removed-");
        self.token(out, &name.to_ascii_lowercase());
    }

    /// The same value has the same replacement: legs are joined by such fields, and a value may be a number, an address or a
    /// Call-ID that is elsewhere, too.
    fn unknown_value(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        self.removals += 1;
        if FLAGS.iter().any(|flag| flag.eq_ignore_ascii_case(value)) {
            out.extend_from_slice(value);
        } else if is_number(value) {
            self.number(out, value);
        } else if address_of(value).is_some() {
            self.host_port(out, value);
        } else if value.contains(&b'<') || is_sip_uri(value) {
            self.list(out, value, Self::address);
        } else {
            self.token(out, value);
        }
    }

    /// What the user keeps: words stay, and what is recognised is replaced.
    pub(super) fn kept(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        for piece in value.split_inclusive(|&b| {
            matches!(b, b' ' | b'\t' | b'"' | b'\'' | b'<' | b'>' | b',' | b'\n' | b'\r')
        }) {
            let (word, mark) = match piece.split_last() {
                Some((&mark, word))
                    if matches!(mark, b' ' | b'\t' | b'"' | b'\'' | b'<' | b'>' | b',' | b'\n' | b'\r') =>
                {
                    (word, Some(mark))
                }
                _ => (piece, None),
            };
            self.kept_word(out, word);
            out.extend(mark);
        }
    }

    fn kept_word(&mut self, out: &mut Vec<u8>, word: &[u8]) {
        let is_uri = is_sip_uri(word) || word.starts_with(b"urn:") || word.starts_with(b"http");
        if is_uri && memchr(b':', word).is_some() || memchr(b'@', word).is_some() {
            self.uri(out, word);
        } else if address_of(word).is_some() && word.len() > 2 {
            self.host_port(out, word);
        } else if is_number(word) && word.len() > 2 {
            self.number(out, word);
        } else if let Some(known) = self.secrets.any(word) {
            out.extend_from_slice(known);
        } else {
            out.extend_from_slice(word);
        }
    }
}

pub(super) fn is_sip_uri(text: &[u8]) -> bool {
    [&b"sip:"[..], b"sips:", b"tel:", b"pres:"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}
