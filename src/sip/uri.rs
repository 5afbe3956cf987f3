//! URIs: sip, sips, tel, urn and any other scheme (RFC 3261 §19.1, RFC 3966, RFC 8141).
//!
//! Must not know: the field that contains a URI.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::params::Params;
use crate::base::bytes::{decimal, trim};

/// A URI, taken apart. Nothing in it is unescaped.
///
/// ```
/// use sofiatui::sip::Uri;
/// let uri = Uri::parse(b"sip:+15553940441@[2001:db8::1]:5060;transport=tcp?Subject=x").unwrap();
/// assert_eq!(uri.user, Some(&b"+15553940441"[..]));
/// assert_eq!((uri.host, uri.port), (&b"[2001:db8::1]"[..], Some(5060)));
/// assert_eq!(uri.params.raw("transport"), Some(&b"tcp"[..]));
/// assert_eq!(Uri::parse(b"urn:service:sos").unwrap().opaque, b"service:sos");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uri<'a> {
    /// The scheme as it is written, without the colon.
    pub scheme: &'a [u8],
    /// Everything after the colon.
    pub opaque: &'a [u8],
    /// sip, sips: what precedes the `@` or the password; tel: the number.
    pub user: Option<&'a [u8]>,
    /// sip, sips: the password, which no one should use.
    pub password: Option<&'a [u8]>,
    /// sip, sips: the host, an IPv6 address with its brackets; empty for other schemes.
    pub host: &'a [u8],
    /// sip, sips: the port.
    pub port: Option<u16>,
    /// sip, sips, tel: the parameters.
    pub params: Params<'a>,
    /// sip, sips: what follows the `?`.
    pub headers: Option<&'a [u8]>,
}

impl<'a> Uri<'a> {
    /// Reads a URI; `None` where there is no scheme.
    #[inline]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let text = trim(text);
        let colon = memchr(b':', text)?;
        let (scheme, opaque) = (&text[..colon], &text[colon + 1..]);
        if !is_scheme(scheme) {
            return None;
        }
        let bare = Self {
            scheme,
            opaque,
            user: None,
            password: None,
            host: b"",
            port: None,
            params: Params::default(),
            headers: None,
        };
        Some(match scheme {
            s if s.eq_ignore_ascii_case(b"sip") || s.eq_ignore_ascii_case(b"sips") => sip_uri(bare),
            s if s.eq_ignore_ascii_case(b"tel") => {
                let (number, params) = split_at_first(opaque, b';');
                Self { user: Some(number), params: Params::new(params), ..bare }
            }
            _ => bare,
        })
    }

    /// Whether the scheme is this one; case does not count.
    pub fn is_scheme(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme.as_bytes())
    }

    /// The user part with its `%XX` escapes read (RFC 3261 §19.1.2).
    pub fn user_text(&self) -> Option<Cow<'a, [u8]>> {
        self.user.map(percent_decode)
    }
}

/// `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`
fn is_scheme(scheme: &[u8]) -> bool {
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

fn sip_uri(bare: Uri<'_>) -> Uri<'_> {
    // A user part may hold `;`, `?` and `/`, an unescaped `@` may stand nowhere else (RFC 3261 §25.1).
    let (user_info, rest) = match memchr(b'@', bare.opaque) {
        Some(at) => (Some(&bare.opaque[..at]), &bare.opaque[at + 1..]),
        None => (None, bare.opaque),
    };
    let (user, password) = match user_info {
        Some(info) => match memchr(b':', info) {
            Some(at) => (Some(&info[..at]), Some(&info[at + 1..])),
            None => (Some(info), None),
        },
        None => (None, None),
    };
    let (rest, headers) = match memchr(b'?', rest) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let (host_port, params) = split_at_first(rest, b';');
    let (host, port) = host_and_port(host_port);
    Uri { user, password, host, port, params: Params::new(params), headers, ..bare }
}

/// What precedes the first `byte`, and the rest from it on.
fn split_at_first(text: &[u8], byte: u8) -> (&[u8], &[u8]) {
    text.split_at(memchr(byte, text).unwrap_or(text.len()))
}

/// Host and port of `host[:port]`. What follows the colon and is no port stays out of both.
pub(crate) fn host_and_port(text: &[u8]) -> (&[u8], Option<u16>) {
    let text = trim(text);
    let host_len = match text.first() {
        Some(b'[') => memchr(b']', text).map_or(text.len(), |at| at + 1),
        _ => memchr2(b':', b' ', text).unwrap_or(text.len()),
    };
    let (host, rest) = text.split_at(host_len);
    let port = trim(rest).strip_prefix(b":").and_then(|port| decimal(trim(port)));
    (host, port.and_then(|port| u16::try_from(port).ok()))
}

/// Reads `%XX` escapes; what is no escape stays as it is.
pub fn percent_decode(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr(b'%', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [b, tail @ ..] = rest {
        match tail {
            [high, low, after @ ..] if *b == b'%' && hex(*high).is_some() && hex(*low).is_some() => {
                out.push(hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0));
                rest = after;
            }
            _ => {
                out.push(*b);
                rest = tail;
            }
        }
    }
    Cow::Owned(out)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}
