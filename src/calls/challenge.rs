//! Challenges and what came of them: whether a request that follows has credentials for the realm and the nonce that were
//! asked for (RFC 3261 §22.2), so that a refused password is told from a client that sends none, or an old nonce.
//!
//! Must not know: sentences, outcomes of legs and dialogs.

use hashbrown::HashMap;

use super::hash::hash;
use super::method::Method;
use crate::base::bytes::trim;

/// Realm and nonce of a challenge or of credentials, as hashes.
pub(super) type Protection = (u32, u32);

/// What a client did about a challenge before it was challenged again, or refused with 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    /// It sent its request again without credentials.
    Nothing,
    /// Its credentials were for this realm and this nonce.
    Credentials,
    /// Its credentials were for another nonce of this realm, or the server says that the nonce is stale.
    OldNonce,
    /// Its credentials were for another realm.
    OtherRealm,
}

impl Reply {
    const ALL: [Self; 4] = [Self::Nothing, Self::Credentials, Self::OldNonce, Self::OtherRealm];

    /// The reply that a note's value names, and how often in a row it was challenged although it sent credentials.
    pub(super) fn of_note(value: u32) -> (Self, u32) {
        (Self::ALL[(value & 3) as usize], value >> 2)
    }

    pub(super) const fn note(self, times: u32) -> u32 {
        self as u32 | times << 2
    }
}

/// A challenge that nothing followed but requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    /// Up to two, which differ in their algorithms.
    pub(super) asked: [Protection; 2],
    pub(super) method: Method,
    pub(super) sent: bool,
    pub(super) reply: Option<Reply>,
    /// How often it was challenged in a row although it sent credentials.
    pub(super) times: u32,
    pub(super) time: i64,
}

/// The open challenges by leg or dialog.
#[derive(Debug, Default)]
pub(super) struct Challenges(pub(super) HashMap<u32, Open>);

impl Open {
    pub(super) fn reply_of(&self, credentials: &[Protection]) -> Reply {
        let has = |is: &dyn Fn(&Protection) -> bool| {
            credentials
                .iter()
                .any(|one| self.asked.iter().any(|asked| asked.0 == one.0 && is(&(asked.1, one.1))))
        };
        match credentials {
            [] => Reply::Nothing,
            _ if has(&|(asked, given)| asked == given) => Reply::Credentials,
            _ if has(&|_| true) => Reply::OldNonce,
            _ => Reply::OtherRealm,
        }
    }

    /// What the reply was in the light of the challenge that followed it.
    pub(super) fn judged(&self, is_stale: bool, again: &[Protection]) -> Option<Reply> {
        let is_same = |one: &Protection| self.asked.iter().any(|asked| asked.0 == one.0);
        match self.reply? {
            Reply::Nothing => Some(Reply::Nothing),
            _ if is_stale => Some(Reply::OldNonce),
            _ if !again.iter().any(is_same) => Some(Reply::OtherRealm),
            reply => Some(reply),
        }
    }
}

/// Realm and nonce of a Digest; `None` of another scheme.
pub(super) fn read(value: &[u8]) -> Option<Protection> {
    let params =
        value.get(..6).filter(|scheme| scheme.eq_ignore_ascii_case(b"Digest")).and(value.get(6..))?;
    let (mut realm, mut nonce) = (&b""[..], &b""[..]);
    for param in crate::sip::List::new(params) {
        let Some(at) = memchr::memchr(b'=', param) else { continue };
        let (name, text) = (trim(&param[..at]), trim(&param[at + 1..]));
        let text = text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text);
        if name.eq_ignore_ascii_case(b"realm") {
            realm = text;
        } else if name.eq_ignore_ascii_case(b"nonce") {
            nonce = text;
        }
    }
    Some((hash(&[realm]), hash(&[nonce])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn realm_and_nonce_are_found_in_any_order_and_case() {
        let both = read(b"Digest realm=\"a, b\", nonce=\"n\"");
        for same in [
            "Digest  nonce=\"n\" ,realm=\"a, b\", stale=false",
            "digest username=\"x\",REALM=\"a, b\",Nonce=n",
        ] {
            assert_eq!(read(same.as_bytes()), both, "{same}");
        }
        assert_ne!(read(b"Digest realm=\"a, b\", nonce=\"m\""), both);
        assert_eq!(read(b"Basic realm=\"a\""), None);
        assert_eq!(read(b"Digest"), read(b"Digest realm=\"\""));
    }
}
