//! The header fields that calls look at, found by their names.
//!
//! Must not know: their values.

/// A header field, or several that say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// P-Asserted-Identity, P-Preferred-Identity, Remote-Party-ID.
    Identity,
    Diversion,
    MaxForwards,
    Reason,
    Contact,
    /// `X-…`.
    Extension,
    /// In-Reply-To.
    CallIdReference,
    SessionId,
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
    Warning,
    Geolocation,
}

const NAMES: [(&str, Field); 27] = [
    ("P-Asserted-Identity", Field::Identity),
    ("P-Preferred-Identity", Field::Identity),
    ("Remote-Party-ID", Field::Identity),
    ("Diversion", Field::Diversion),
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
    ("Subscription-State", Field::SubscriptionState),
    ("Event", Field::Event),
    ("RSeq", Field::RSeq),
    ("Warning", Field::Warning),
    ("Geolocation", Field::Geolocation),
];

/// Lengths of names that are in the table: most fields are passed by theirs.
const LENGTHS: u32 = {
    let mut set = 0;
    let mut at = 0;
    while at < NAMES.len() {
        set |= 1 << NAMES[at].0.len();
        at += 1;
    }
    set
};

impl Field {
    /// The field with this name; `None` for one that calls do not look at.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        if let [b'X' | b'x', b'-', ..] = name {
            return Some(Self::Extension);
        }
        if name.len() >= 32 || LENGTHS & 1 << name.len() == 0 {
            return None;
        }
        let first = name.first()?.to_ascii_lowercase();
        let same = |known: &str| {
            known.len() == name.len()
                && known.as_bytes()[0].to_ascii_lowercase() == first
                && known.as_bytes().eq_ignore_ascii_case(name)
        };
        NAMES.iter().find(|(known, _)| same(known)).map(|(_, field)| *field)
    }
}
