//! What values are made of: users, hosts, identifiers, display names.
//!
//! Must not know: URIs as a whole, fields, bodies.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use memchr::memchr;

use super::Scrubber;
use super::numbers::{self, Form};
use super::secrets::Kind;
use super::{addresses, key::Key};
use crate::base::bytes::trim;
use crate::sip::percent_decode;

const USER: u8 = 20;
const NAME: u8 = 21;
const TOKEN: u8 = 22;
const SERIAL: u8 = 23;
/// So many digits behind a mark are a service code of two digits and a number.
const LEAST_WITH_NUMBER: usize = 7;

/// Users that belong to no one.
const COMMON_USERS: [&[u8]; 20] = [
    b"mod_sofia",
    b"freeswitch",
    b"asterisk",
    b"anonymous",
    b"nobody",
    b"unknown",
    b"restricted",
    b"unavailable",
    b"private",
    b"operator",
    b"voicemail",
    b"park",
    b"ping",
    b"keepalive",
    b"sos",
    b"conference",
    b"parking",
    b"-",
    b"service",
    b"check_sync",
];

/// Display names that FreeSWITCH and networks write by themselves.
const COMMON_NAMES: [&[u8]; 11] = [
    b"anonymous",
    b"outbound call",
    b"inbound call",
    b"unknown",
    b"restricted",
    b"unavailable",
    b"private",
    b"freeswitch",
    b"asterisk",
    b"wireless caller",
    b"voicemail",
];

/// Whether a user belongs to no one.
pub(super) fn is_common_user(user: &[u8]) -> bool {
    is_one_of(&COMMON_USERS, user)
}

/// Whether a display name belongs to no one.
pub(super) fn is_common_name(name: &[u8]) -> bool {
    is_one_of(&COMMON_NAMES, name)
}

/// Marks that may separate the digits of a number (RFC 3966 §5.1.1).
pub(super) const fn is_separator(b: u8) -> bool {
    matches!(b, b'-' | b'.' | b'(' | b')' | b' ')
}

fn is_one_of(list: &[&[u8]], text: &[u8]) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(text))
}

/// Whether a text is a number: digits with separators, perhaps after a `+`.
pub(super) fn is_number(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"+").unwrap_or(text);
    let count = digits.iter().filter(|b| b.is_ascii_digit()).count();
    digits.first().is_some_and(|&b| b.is_ascii_digit() || b == b'(')
        && digits.iter().all(|&b| b.is_ascii_digit() || is_separator(b))
        && count <= numbers::MOST_DIGITS
        // `192.0.2.7` is none.
        && (memchr(b'.', digits).is_none() || address_of(digits).is_none())
}

impl Scrubber {
    /// Appends the pseudonym of a number, with the separators that it has.
    pub(super) fn number(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        let form = if text.starts_with(b"+") { Form::International } else { Form::Bare };
        let digits: Vec<u8> = text.iter().copied().filter(u8::is_ascii_digit).collect();
        let found = numbers::number(&mut self.secrets, &digits, form);
        let mut found = found.into_iter();
        out.extend(text.iter().map(|&b| if b.is_ascii_digit() { found.next().unwrap_or(b'0') } else { b }));
    }

    /// Appends the pseudonym of a user: of a URI, of credentials.
    pub(super) fn user(&mut self, out: &mut Vec<u8>, user: &[u8]) {
        if memchr(b'%', user).is_some() {
            let mut plain = Vec::new();
            self.plain_user(&mut plain, &percent_decode(user));
            return percent_encode(out, &plain);
        }
        self.plain_user(out, user);
    }

    /// A user without escapes.
    fn plain_user(&mut self, out: &mut Vec<u8>, user: &[u8]) {
        // Parameters of a number (RFC 3966): `+12025550185;npdi;rn=+12025550100`.
        if let Some(at) = memchr(b';', user) {
            self.bare_user(out, &user[..at]);
            return self.params(out, &user[at..]);
        }
        self.bare_user(out, user);
    }

    /// A user without parameters.
    fn bare_user(&mut self, out: &mut Vec<u8>, user: &[u8]) {
        let mut user = user;
        let (code, rest) = user.split_at(service_code(user));
        out.extend_from_slice(code);
        user = rest;
        if let Some(gateway) = user.strip_prefix(b"gw+") {
            out.extend_from_slice(b"gw+");
            user = gateway;
        }
        if is_number(user) {
            return self.number(out, user);
        }
        if user.is_empty() || is_one_of(&COMMON_USERS, user) {
            return out.extend_from_slice(user);
        }
        self.pseudonym(out, Kind::User, user, |key, text| {
            b"u-".iter().copied().chain(key.bytes(USER, text).letters(8)).collect()
        });
    }

    /// Appends the pseudonym that was made before, or makes it.
    fn pseudonym(
        &mut self,
        out: &mut Vec<u8>,
        kind: Kind,
        original: &[u8],
        make: impl Fn(&Key, &[u8]) -> Vec<u8>,
    ) {
        if let Some(known) = self.secrets.known(kind, original) {
            return out.extend_from_slice(known);
        }
        let pseudonym = make(&self.secrets.key, original);
        self.secrets.keep(kind, original, &pseudonym);
        out.extend_from_slice(&pseudonym);
    }

    /// Appends the pseudonym of a display name, without quotes.
    pub(super) fn display_name(&mut self, out: &mut Vec<u8>, name: &[u8]) {
        let name = trim(name);
        if name.is_empty() || is_one_of(&COMMON_NAMES, name) {
            return out.extend_from_slice(name);
        }
        if is_number(name) {
            return self.number(out, name);
        }
        if name.starts_with(b"sip:") || name.starts_with(b"tel:") {
            return self.uri(out, name);
        }
        self.learn_name(name);
        self.pseudonym(out, Kind::Name, name, |key, text| {
            b"Name ".iter().copied().chain(key.bytes(NAME, text).letters(8)).collect()
        });
    }

    /// Appends the pseudonym of an identifier. One with a host, as many Call-IDs have, keeps that it has one.
    pub(super) fn token(&mut self, out: &mut Vec<u8>, token: &[u8]) {
        if token.is_empty() {
            return;
        }
        if let Some(known) = self.secrets.known(Kind::Token, token) {
            return out.extend_from_slice(known);
        }
        let from = out.len();
        if let Some(at) = memchr::memrchr(b'@', token).filter(|&at| at > 0 && at + 1 < token.len()) {
            opaque(&self.secrets.key, out, &token[..at]);
            out.push(b'@');
            self.host_port(out, &token[at + 1..]);
        } else {
            opaque(&self.secrets.key, out, token);
        }
        let (secrets, made) = (&mut self.secrets, &out[from..]);
        secrets.keep(Kind::Token, token, made);
    }

    /// Appends the pseudonym of a word: the one that an identifier of these letters has.
    pub(super) fn unknown_word(&mut self, out: &mut Vec<u8>, word: &[u8]) {
        self.pseudonym(out, Kind::Word, word, |key, text| {
            let mut made = Vec::new();
            opaque(key, &mut made, text);
            made
        });
    }

    /// Appends the pseudonym of an identifier that is a number with as many digits.
    pub(super) fn serial(&mut self, out: &mut Vec<u8>, digits: &[u8]) {
        if digits.len() < 5 || digits.len() > 32 {
            return out.extend_from_slice(if digits.len() < 5 { digits } else { b"0" });
        }
        self.pseudonym(out, Kind::Token, digits, |key, text| {
            key.bytes(SERIAL, text).digits(text.len()).collect()
        });
    }

    /// Appends an address without brackets.
    pub(super) fn ip(&mut self, out: &mut Vec<u8>, address: IpAddr) {
        let found = addresses::address(&mut self.secrets, address);
        out.extend_from_slice(found.to_string().as_bytes());
    }

    /// Appends the pseudonym of a host: a name, or an address with or without brackets.
    pub(super) fn host(&mut self, out: &mut Vec<u8>, host: &[u8]) {
        if let Some(known) = self.hosts.get(host) {
            return out.extend_from_slice(known);
        }
        let from = out.len();
        if let Some(inner) = host.strip_prefix(b"[") {
            out.push(b'[');
            self.bare_host(out, inner.strip_suffix(b"]").unwrap_or(inner));
            out.push(b']');
        } else {
            self.bare_host(out, host);
        }
        self.hosts.insert(host.into(), out[from..].into());
    }

    /// A host without brackets.
    fn bare_host(&mut self, out: &mut Vec<u8>, host: &[u8]) {
        if let Some(address) = address_of(host) {
            self.ip(out, address);
        } else if host == b"*" || host.is_empty() {
            out.extend_from_slice(host);
        } else if host.iter().all(|&b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_')) {
            addresses::host_name(&mut self.secrets, out, host);
        } else {
            // No host: whatever it is, its name would show it.
            opaque(&self.secrets.key, out, host);
            out.extend_from_slice(b".invalid");
            self.secrets.remove(host);
        }
    }

    /// Appends host and port: `192.0.2.7:5060`, `[2001:db8::7]:5060`, `2001:db8::7`, `pbx.example:5060`.
    pub(super) fn host_port(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        let at = match text.first() {
            Some(b'[') => memchr(b']', text).map_or(text.len(), |at| at + 1),
            _ if address_of(text).is_some() => text.len(),
            _ => memchr(b':', text).unwrap_or(text.len()),
        };
        let (host, port) = text.split_at(at);
        self.host(out, trim(host));
        let port = trim(port.strip_prefix(b":").unwrap_or(port));
        if !port.is_empty() && port.len() <= 5 && port.iter().all(u8::is_ascii_digit) {
            out.push(b':');
            out.extend_from_slice(port);
        } else if !port.is_empty() {
            out.extend_from_slice(b":redacted");
        }
    }

    /// A Content-ID without its angle brackets, and what `cid:` names: `id@host` (RFC 2392).
    pub(super) fn content_id(&mut self, out: &mut Vec<u8>, id: &[u8]) {
        self.token(out, id);
    }
}

/// An address without brackets.
pub(super) fn address_of(text: &[u8]) -> Option<IpAddr> {
    if !text.iter().all(|&b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':')) {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    text.parse::<Ipv4Addr>().map(IpAddr::V4).or_else(|_| text.parse::<Ipv6Addr>().map(IpAddr::V6)).ok()
}

/// The length of the service code that precedes a number, or is alone: `*98`, `*67` of `*6712025550185`, `**` of `**347`, `*` of
/// `*347`. Only a code of two digits behind one mark is the same everywhere; other digits are an extension.
pub(super) fn service_code(user: &[u8]) -> usize {
    let marks = |text: &[u8]| text.iter().take_while(|b| matches!(b, b'*' | b'#')).count();
    let first = marks(user);
    let digits = user[first..].iter().take_while(|b| b.is_ascii_digit()).count();
    let len = match (first, digits) {
        (1, 1 | 2) => 1 + digits,
        (1, LEAST_WITH_NUMBER..) => 3,
        _ => first,
    };
    len + if len > first { marks(&user[len..]) } else { 0 }
}

/// What an identifier becomes: one of the same form.
fn opaque(key: &Key, out: &mut Vec<u8>, token: &[u8]) {
    const MAGIC: &[u8] = b"z9hG4bK";
    let found = key.bytes(TOKEN, token);
    let is_uuid = token.len() == 36
        && token
            .iter()
            .enumerate()
            .all(|(at, &b)| if matches!(at, 8 | 13 | 18 | 23) { b == b'-' } else { b.is_ascii_hexdigit() });
    if is_uuid {
        return out.extend_from_slice(&found.uuid());
    }
    if (16..=64).contains(&token.len()) && token.iter().all(u8::is_ascii_hexdigit) {
        let nibbles = found.0.iter().flat_map(|b| [b >> 4, b & 15]);
        return out.extend(
            nibbles.cycle().take(token.len()).map(|nibble| b"0123456789abcdef"[usize::from(nibble)]),
        );
    }
    if token.starts_with(MAGIC) {
        out.extend_from_slice(MAGIC);
    }
    out.extend(found.letters(token.len().clamp(10, 20)));
}

/// Appends a text as a part of a URI.
pub(super) fn percent_encode(out: &mut Vec<u8>, text: &[u8]) {
    for &b in text {
        if b.is_ascii_alphanumeric()
            || matches!(b, b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')')
        {
            out.push(b);
        } else {
            out.extend_from_slice(format!("%{b:02X}").as_bytes());
        }
    }
}
