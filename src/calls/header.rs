//! The header fields that calls look at, found by their names.
//!
//! Must not know: their values.

/// A header field, or several that say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// P-Asserted-Identity, P-Preferred-Identity, Remote-Party-ID.
    Identity,
    /// Diversion, History-Info.
    Diversion,
    MaxForwards,
    Reason,
    Contact,
    /// `X-…`.
    Extension,
    /// In-Reply-To.
    CallIdReference,
    SessionId,
    SessionExpires,
    ChargingVector,
    CallInfo,
    Replaces,
    ReferTo,
    ReferredBy,
    Expires,
    /// WWW-Authenticate, Proxy-Authenticate.
    Challenge,
    /// Authorization, Proxy-Authorization.
    Authorization,
    SubscriptionState,
    Event,
    RSeq,
    Require,
    Warning,
    Geolocation,
}

const NAMES: [(&str, Field); 31] = [
    ("P-Preferred-Identity", Field::Identity),
    ("Remote-Party-ID", Field::Identity),
    ("Diversion", Field::Diversion),
    ("History-Info", Field::Diversion),
    ("Max-Forwards", Field::MaxForwards),
    ("Reason", Field::Reason),
    ("Contact", Field::Contact),
    ("m", Field::Contact),
    ("In-Reply-To", Field::CallIdReference),
    ("Session-ID", Field::SessionId),
    ("P-Charging-Vector", Field::ChargingVector),
    ("Call-Info", Field::CallInfo),
    ("Replaces", Field::Replaces),
    ("Refer-To", Field::ReferTo),
    ("r", Field::ReferTo),
    ("Referred-By", Field::ReferredBy),
    ("b", Field::ReferredBy),
    ("Expires", Field::Expires),
    ("WWW-Authenticate", Field::Challenge),
    ("Proxy-Authenticate", Field::Challenge),
    ("Authorization", Field::Authorization),
    ("Proxy-Authorization", Field::Authorization),
    ("P-Asserted-Identity", Field::Identity),
    ("Subscription-State", Field::SubscriptionState),
    ("Event", Field::Event),
    ("RSeq", Field::RSeq),
    ("Require", Field::Require),
    ("Warning", Field::Warning),
    ("Geolocation", Field::Geolocation),
    ("Session-Expires", Field::SessionExpires),
    ("x", Field::SessionExpires),
];

/// By its length and its first letter: the first name of the table that a field may have, and how many from there on.
///
/// Names of one length and letter follow each other in the table, so that two bytes identify most fields.
const PLACES: [[(u8, u8); 32]; 32] = {
    let mut places = [[(0, 0); 32]; 32];
    let mut at = 0;
    while at < NAMES.len() {
        let name = NAMES[at].0.as_bytes();
        let (first, count) = places[name.len()][letter(name[0])];
        assert!(
            count == 0 || first as usize + count as usize == at,
            "names of one length and letter are apart"
        );
        places[name.len()][letter(name[0])] = (if count == 0 { at as u8 } else { first }, count + 1);
        at += 1;
    }
    places
};

/// A letter of either case as a number below 32; others collide with some letter.
const fn letter(byte: u8) -> usize {
    (byte & 31) as usize
}

impl Field {
    /// The field with this name; `None` for one that calls do not look at.
    #[inline]
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        if let [b'X' | b'x', b'-', ..] = name {
            return Some(Self::Extension);
        }
        let (first, count) = *PLACES.get(name.len())?.get(letter(*name.first()?))?;
        let names = NAMES.get(usize::from(first)..usize::from(first + count))?;
        // Nearly every name is written as in the RFC that defines it.
        let is_name = |known: &str| known.as_bytes() == name || known.as_bytes().eq_ignore_ascii_case(name);
        names.iter().find(|(known, _)| is_name(known)).map(|(_, field)| *field)
    }
}
