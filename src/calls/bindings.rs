//! Which bindings a REGISTER asks for, and which of those in its 200 are its own: a registrar lists those of all devices (RFC 3261
//! §10.3).
//!
//! Must not know: legs, sentences, states.

use std::net::IpAddr;

use hashbrown::HashMap;

use super::hash::hash;
use crate::base::bytes::decimal;
use crate::sip::Address;

/// A value of Contact in a REGISTER or its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Binding {
    /// Hash of the address without parameters: those are not returned by every registrar.
    address: u32,
    /// Its host, where that is an address.
    host: Option<IpAddr>,
    /// Its `expires`.
    expires: Option<u32>,
}

impl Binding {
    pub(super) fn read(contact: &Address<'_>) -> Self {
        let expires = contact.params.raw("expires").and_then(seconds);
        let Some(uri) = contact.parsed_uri() else {
            return Self { address: hash(&[contact.uri]), host: None, expires };
        };
        let port = uri.port.unwrap_or_default().to_be_bytes();
        let address = hash(&[uri.user.unwrap_or_default(), b"@", &uri.host.to_ascii_lowercase(), &port]);
        let host = uri.host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(uri.host);
        let host = std::str::from_utf8(host).ok().and_then(|host| host.parse().ok());
        Self { address, host, expires }
    }
}

/// A number of seconds; too large ones are as large as can be (RFC 3261 §20.19).
pub(super) fn seconds(text: &[u8]) -> Option<u32> {
    decimal(text).map(|secs| secs.min(u64::from(u32::MAX)) as u32)
}

/// What a registration came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grant {
    /// It lasts for these seconds.
    Seconds(u32),
    /// It is there; for how long is not said.
    Open,
    /// It is removed.
    Removed,
    /// Nothing was asked for but the list of bindings, which has some (RFC 3261 §10.2.3).
    Listed,
}

/// Where and when a request came from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    pub(super) time: i64,
    /// The address of who sent it; `None` of FreeSWITCH.
    pub(super) from: Option<IpAddr>,
}

/// The bindings that one request asks for: more devices in one request are not compared.
const MOST_OWN: usize = 4;
/// The number of open requests above which the old ones are forgotten.
const MOST_OPEN: usize = 8192;
/// Requests that are older, in microseconds, are forgotten.
const OLD: i64 = 64_000_000;

#[derive(Debug, Clone, Copy)]
struct Asked {
    own: [Binding; MOST_OWN],
    count: usize,
    removes: bool,
    origin: Origin,
}

impl Asked {
    fn own(&self) -> &[Binding] {
        &self.own[..self.count]
    }

    fn has(&self, binding: &Binding) -> bool {
        self.own().iter().any(|own| own.address == binding.address)
    }

    /// Whether a registrar may have written `binding` for the one that was asked for: a registrar may write the address from which
    /// the request came, and does not need to where that is the one in the request.
    fn may_become(&self, binding: &Binding) -> bool {
        let from = self.origin.from;
        let is_direct = from.is_some() && self.own().iter().all(|own| own.host == from);
        self.has(binding) || !is_direct || binding.host == from
    }
}

/// The requests without a final response, by dialog.
#[derive(Debug, Default)]
pub(super) struct Bindings(HashMap<u32, Asked>);

impl Bindings {
    /// Takes the bindings of a request and its Expires field.
    pub(super) fn asked(&mut self, dialog: u32, bindings: &[Binding], expires: Option<u32>, origin: Origin) {
        let mut own = [Binding::default(); MOST_OWN];
        own.iter_mut().zip(bindings).for_each(|(slot, one)| *slot = *one);
        let wanted = bindings.iter().map(|one| one.expires.or(expires)).max().unwrap_or(expires);
        let asked = Asked { own, count: bindings.len().min(MOST_OWN), removes: wanted == Some(0), origin };
        self.0.insert(dialog, asked);
        if self.0.len() > MOST_OPEN {
            self.0.retain(|_, asked| origin.time - asked.origin.time < OLD);
        }
    }

    /// What a 2xx with these bindings and this Expires field grants.
    pub(super) fn granted(&mut self, dialog: u32, bindings: &[Binding], expires: Option<u32>) -> Grant {
        let asked = self.0.remove(&dialog);
        if asked.is_some_and(|asked| asked.removes) {
            return Grant::Removed;
        }
        if asked.is_some_and(|asked| asked.count == 0) && !bindings.is_empty() {
            return Grant::Listed;
        }
        let is_own = |one: &&Binding| asked.is_some_and(|asked| asked.has(one));
        let lasts = |one: &Binding| one.expires.or(expires);
        let granted = match bindings {
            [] => return expires.filter(|secs| *secs > 0).map_or(Grant::Removed, Grant::Seconds),
            [only] if asked.is_none_or(|asked| asked.may_become(only)) => lasts(only),
            _ => match bindings.iter().filter(is_own).map(lasts).max() {
                Some(granted) => granted,
                None => expires,
            },
        };
        match granted {
            Some(0) => Grant::Removed,
            Some(secs) => Grant::Seconds(secs),
            None => Grant::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(contacts: &[&str]) -> Vec<Binding> {
        contacts.iter().map(|one| Binding::read(&Address::parse(one.as_bytes()))).collect()
    }

    #[test]
    fn only_the_binding_that_was_asked_for_counts() {
        let own = "<sip:1016@192.0.2.7:5060;transport=udp>";
        let (granted, other) = ("<sip:1016@192.0.2.7:5060>;expires=1800", "<sip:1016@192.0.2.9>;expires=17");
        for (asked, expires, answer, answer_expires, expected) in [
            (&[own][..], Some(3600), &[other, granted][..], None, Grant::Seconds(1800)),
            (&[own], None, &[granted, other], Some(5), Grant::Seconds(1800)),
            (&[own], Some(3600), &["<sip:1016@203.0.113.9:1024>;expires=60"], None, Grant::Seconds(60)),
            (&[own], Some(3600), &[other, other], Some(90), Grant::Seconds(90)),
            (&[own], Some(3600), &[other, other], None, Grant::Open),
            (&[own], Some(3600), &["<sip:1016@192.0.2.7:5060>"], None, Grant::Open),
            (&[own], Some(0), &[other], None, Grant::Removed),
            (&["<sip:1016@192.0.2.7:5060>;expires=0"], Some(9), &[other], None, Grant::Removed),
            (&[own], Some(60), &[], Some(60), Grant::Seconds(60)),
            (&[own], Some(60), &[], None, Grant::Removed),
            (&[], None, &[granted], None, Grant::Listed),
            (&[], None, &[], None, Grant::Removed),
        ] {
            let mut open = Bindings::default();
            open.asked(1, &read(asked), expires, Origin { time: 0, from: None });
            let found = open.granted(1, &read(answer), answer_expires);
            assert_eq!(found, expected, "{asked:?} {expires:?} {answer:?}");
        }
    }

    #[test]
    fn a_single_binding_of_another_device_is_not_that_of_who_asked() {
        let phone = "<sip:1016@192.0.2.7:5060>";
        let other = "<sip:1016@192.0.2.9>;expires=17";
        for (asked, from, answer, expected) in [
            (phone, Some("192.0.2.7"), other, Grant::Open),
            (phone, Some("192.0.2.7"), "<sip:1016@192.0.2.7:1024>;expires=60", Grant::Seconds(60)),
            // Behind NAT, and at another registrar, the address may be rewritten.
            (phone, Some("203.0.113.9"), other, Grant::Seconds(17)),
            (phone, None, other, Grant::Seconds(17)),
        ] {
            let mut open = Bindings::default();
            let origin = Origin { time: 0, from: from.map(|from| from.parse().unwrap()) };
            open.asked(1, &read(&[asked]), None, origin);
            assert_eq!(open.granted(1, &read(&[answer]), None), expected, "{from:?} {answer}");
        }
    }
}
