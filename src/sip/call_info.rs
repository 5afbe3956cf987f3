//! Call-Info: what else is known of a call, by reference (RFC 3261 §20.9).
//!
//! Must not know: messages.

use std::borrow::Cow;

use super::address::Address;
use super::params::{List, Params};

/// One item: `<urn:emergency:uid:callid:…>;purpose=emergency-CallId`.
///
/// ```
/// use sofiatui::sip::CallInfo;
/// let info = CallInfo::list(b"<urn:x:1>;purpose=emergency-CallId, <http://h/p,q>;purpose=icon").nth(1).unwrap();
/// assert_eq!((info.uri, info.purpose().as_deref()), (&b"http://h/p,q"[..], Some(&b"icon"[..])));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallInfo<'a> {
    /// The URI between the angle brackets.
    pub uri: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> CallInfo<'a> {
    /// The items of one field's value.
    pub fn list(value: &'a [u8]) -> impl Iterator<Item = Self> {
        List::new(value).map(|item| {
            let address = Address::parse(item);
            Self { uri: address.uri, params: address.params }
        })
    }

    /// What the item is for: `icon`, `info`, `card`, `emergency-CallId`, `emergency-IncidentId`, …
    pub fn purpose(&self) -> Option<Cow<'a, [u8]>> {
        self.params.get("purpose")
    }
}
