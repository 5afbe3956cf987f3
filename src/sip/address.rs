//! name-addr and addr-spec: the values of From, To, Contact, Route and their like (RFC 3261 §20.10, §25.1).
//!
//! Must not know: the field that contains an address.

use std::borrow::Cow;

use memchr::memchr;

use super::params::{List, Params, quoted_end, unquote};
use super::uri::Uri;
use crate::base::bytes::trim;

/// One address with its parameters. Reading never fails: what is no address is all `uri`.
///
/// ```
/// use sofiatui::sip::Address;
/// let from = Address::parse(b"\"Ann \\\"A\\\" Lee\" <sip:ann@192.0.2.7:5060;lr>;tag=79fbe33b24");
/// assert_eq!(from.display_name().as_deref(), Some(&b"Ann \"A\" Lee"[..]));
/// assert_eq!(from.uri, b"sip:ann@192.0.2.7:5060;lr");
/// assert_eq!(from.tag(), Some(&b"79fbe33b24"[..]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address<'a> {
    /// What precedes the `<`, as it is written, quotes included; empty where there is nothing.
    pub raw_name: &'a [u8],
    /// The URI: what is between `<` and `>`, otherwise what precedes the first `;`.
    pub uri: &'a [u8],
    /// The parameters of the field, not those of the URI.
    pub params: Params<'a>,
    /// Whether the URI is in angle brackets.
    pub bracketed: bool,
}

impl<'a> Address<'a> {
    /// Reads one address.
    #[inline]
    pub fn parse(value: &'a [u8]) -> Self {
        let value = trim(value);
        if let Some(open) = bracket(value) {
            let inside = &value[open + 1..];
            let close = memchr(b'>', inside).unwrap_or(inside.len());
            return Self {
                raw_name: trim(&value[..open]),
                uri: trim(&inside[..close]),
                params: Params::new(inside.get(close + 1..).unwrap_or_default()),
                bracketed: true,
            };
        }
        // Without brackets a parameter belongs to the field, not to the URI (RFC 3261 §20).
        let (uri, params) = value.split_at(memchr(b';', value).unwrap_or(value.len()));
        Self { raw_name: b"", uri: trim(uri), params: Params::new(params), bracketed: false }
    }

    /// The addresses of a comma-separated value (Contact, Route, Record-Route, P-Asserted-Identity).
    pub fn list(value: &'a [u8]) -> impl Iterator<Item = Self> {
        List::new(value).map(Self::parse)
    }

    /// The display name, without quotes and escapes; `None` where there is none.
    pub fn display_name(&self) -> Option<Cow<'a, [u8]>> {
        (!self.raw_name.is_empty()).then(|| unquote(self.raw_name))
    }

    /// The `tag` parameter.
    pub fn tag(&self) -> Option<&'a [u8]> {
        self.params.raw("tag")
    }

    /// The URI taken apart; `None` where it has no scheme.
    #[inline]
    pub fn parsed_uri(&self) -> Option<Uri<'a>> {
        Uri::parse(self.uri)
    }

    /// What a list shows of this address: the user, otherwise the telephone number, the host, or the URI's text.
    #[inline]
    pub fn user(&self) -> &'a [u8] {
        let Some(uri) = self.parsed_uri() else { return self.uri };
        match uri.user {
            Some(user) if !user.is_empty() => user,
            _ if !uri.host.is_empty() => uri.host,
            _ if !uri.opaque.is_empty() => uri.opaque,
            _ => self.uri,
        }
    }
}

/// The `<` that opens the URI, not one in a quoted display name.
#[inline]
fn bracket(value: &[u8]) -> Option<usize> {
    let mut at = 0;
    if value.first() == Some(&b'"') {
        // A quote that is never closed is no reason to hide the URI.
        at = quoted_end(value).unwrap_or(0);
    }
    memchr(b'<', &value[at..]).map(|found| at + found)
}

/// What a list shows of a From or To value: the user part, else the telephone number, else the host, else the
/// value itself.
///
/// ```
/// use sofiatui::sip::user_of;
/// assert_eq!(user_of(b"\"x\" <sip:1688@pbx.example>;tag=1"), b"1688");
/// assert_eq!(user_of(b"<tel:+15551234;phone-context=x>"), b"+15551234");
/// assert_eq!(user_of(b"<urn:service:sos>"), b"service:sos");
/// ```
#[inline]
pub fn user_of(name_addr: &[u8]) -> &[u8] {
    if let Some(user) = bracketed_sip_user(name_addr) {
        return user;
    }
    match Address::parse(name_addr).user() {
        b"" => name_addr,
        user => user,
    }
}

/// A From or To value without the parameters of the field: display name and URI as they are written. It names who is meant,
/// the same one in each message of a dialog and in each dialog.
///
/// ```
/// use sofiatui::sip::without_params;
/// assert_eq!(without_params(b"\"x\" <sip:1688@pbx.example;lr>;tag=1"), b"\"x\" <sip:1688@pbx.example;lr>");
/// assert_eq!(without_params(b"tel:+15551234;tag=1"), b"tel:+15551234");
/// ```
#[inline]
pub fn without_params(name_addr: &[u8]) -> &[u8] {
    let end = match bracket(name_addr) {
        Some(open) => memchr(b'>', &name_addr[open..]).map_or(name_addr.len(), |len| open + len + 1),
        None => memchr(b';', name_addr).unwrap_or(name_addr.len()),
    };
    // Of a value that has nothing but parameters they are all that can be shown.
    if end == 0 { name_addr } else { &name_addr[..end] }
}

/// The `tag` parameter of a From or To value, without taking the rest apart; empty where there is none.
#[inline]
#[cfg(feature = "cli")]
pub(crate) fn tag_of<'a>(name_addr: &'a [u8]) -> &'a [u8] {
    // Without brackets the first part is the URI, which is no tag.
    let params = &name_addr[memchr::memrchr(b'>', name_addr).map_or(0, |at| at + 1)..];
    let tag = |param: &'a [u8]| {
        let (name, value) = param.trim_ascii().split_at_checked(3)?;
        let value = value.trim_ascii_start().strip_prefix(b"=")?;
        name.eq_ignore_ascii_case(b"tag").then(|| value.trim_ascii())
    };
    params.split(|b| *b == b';').find_map(tag).unwrap_or_default()
}

/// The fast path for nearly every value: `<sip:user@`, with or without a display name before it.
#[inline]
fn bracketed_sip_user(name_addr: &[u8]) -> Option<&[u8]> {
    let uri = &name_addr[bracket(name_addr)? + 1..];
    let rest = uri.strip_prefix(b"sip:").or_else(|| uri.strip_prefix(b"sips:"))?;
    let len = rest.iter().position(|b| matches!(b, b'@' | b':' | b'>'))?;
    let user = &rest[..len];
    // Before the `@` there may be a password; without any `@` there is no user.
    let is_user =
        rest[len] == b'@' || (rest[len] == b':' && memchr(b'@', &rest[len..memchr(b'>', rest)?]).is_some());
    (is_user && !user.is_empty()).then_some(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_the_same_on_the_fast_and_the_slow_path() {
        for (value, user) in [
            ("<sip:1688@pbx.example>;tag=1", "1688"),
            ("\"<sip:no@x>\" <sips:1688:secret@pbx.example;lr>", "1688"),
            ("\"open <sip:1688@pbx.example>", "1688"),
            ("<sip:pbx.example:5060>", "pbx.example"),
            ("<sip:@pbx.example>", "pbx.example"),
            ("<sip:a:b>;x=@", "a"),
            ("< SIP:1688@pbx.example >", "1688"),
            ("sip:1688@pbx.example;tag=1", "1688"),
            ("<sip:a@b", "a"),
            ("<sip:>", "sip:"),
            ("<tel:+1555;x=1>", "+1555"),
            ("anonymous", "anonymous"),
            ("<>", "<>"),
            ("", ""),
        ] {
            let slow = match Address::parse(value.as_bytes()).user() {
                b"" => value.as_bytes(),
                user => user,
            };
            assert_eq!((user_of(value.as_bytes()), slow), (user.as_bytes(), user.as_bytes()), "{value}");
            assert_eq!(user_of(without_params(value.as_bytes())), user.as_bytes(), "{value}");
        }
    }
}
