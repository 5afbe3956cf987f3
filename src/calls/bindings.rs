//! Which bindings a REGISTER asks for, and which of those in its 200 are its own: a registrar lists those of all devices (RFC 3261
//! §10.3).
//!
//! Must not know: legs, sentences, states.

use hashbrown::HashMap;

use super::hash::hash;
use crate::base::bytes::decimal;
use crate::sip::Address;

/// A value of Contact in a REGISTER or its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Binding {
    /// Hash of the address without parameters: those are not returned by every registrar.
    address: u32,
    /// Its `expires`.
    expires: Option<u32>,
}

impl Binding {
    pub(super) fn read(contact: &Address<'_>) -> Self {
        let address = contact.parsed_uri().map_or_else(
            || hash(&[contact.uri]),
            |uri| {
                let port = uri.port.unwrap_or_default().to_be_bytes();
                hash(&[uri.user.unwrap_or_default(), b"@", &uri.host.to_ascii_lowercase(), &port])
            },
        );
        Self { address, expires: contact.params.raw("expires").and_then(seconds) }
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
    time: i64,
}

/// The requests without a final response, by dialog.
#[derive(Debug, Default)]
pub(super) struct Bindings(HashMap<u32, Asked>);

impl Bindings {
    /// Takes the bindings of a request and its Expires field; gives the seconds that it asks for.
    pub(super) fn asked(
        &mut self,
        dialog: u32,
        bindings: &[Binding],
        expires: Option<u32>,
        time: i64,
    ) -> Option<u32> {
        let mut own = [Binding::default(); MOST_OWN];
        own.iter_mut().zip(bindings).for_each(|(slot, one)| *slot = *one);
        let wanted = bindings.iter().map(|one| one.expires.or(expires)).max().unwrap_or(expires);
        let asked = Asked { own, count: bindings.len().min(MOST_OWN), removes: wanted == Some(0), time };
        self.0.insert(dialog, asked);
        if self.0.len() > MOST_OPEN {
            self.0.retain(|_, asked| time - asked.time < OLD);
        }
        wanted
    }

    /// What a 2xx with these bindings and this Expires field grants.
    pub(super) fn granted(&mut self, dialog: u32, bindings: &[Binding], expires: Option<u32>) -> Grant {
        let asked = self.0.remove(&dialog);
        if asked.is_some_and(|asked| asked.removes) {
            return Grant::Removed;
        }
        let own = asked.as_ref().map_or(&[][..], |asked| &asked.own[..asked.count]);
        let is_own = |one: &&Binding| own.iter().any(|own| own.address == one.address);
        let lasts = |one: &Binding| one.expires.or(expires);
        let granted = match bindings {
            [] => return expires.filter(|secs| *secs > 0).map_or(Grant::Removed, Grant::Seconds),
            // A registrar may write the address from which the request came.
            [only] => lasts(only),
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
            (&[], None, &[granted], None, Grant::Seconds(1800)),
        ] {
            let mut open = Bindings::default();
            open.asked(1, &read(asked), expires, 0);
            let found = open.granted(1, &read(answer), answer_expires);
            assert_eq!(found, expected, "{asked:?} {expires:?} {answer:?}");
        }
    }
}
