//! Which header fields are known, and how the value of each is replaced.
//!
//! Must not know: how a value of a kind is replaced.

use hashbrown::HashMap;

/// How the value of a header field is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Addresses with parameters, separated by commas.
    Addresses,
    /// Hops.
    Via,
    /// One identifier, or several separated by commas, each with parameters.
    Identifiers,
    /// Words of the protocol.
    Constant,
    /// Words and numbers of the protocol.
    Counter,
    /// A media type: its boundary is an identifier.
    MediaType,
    /// A method behind a number.
    CSeq,
    /// The length of the body, which changes.
    ContentLength,
    /// `<id@host>`.
    ContentId,
    /// Challenges and credentials.
    Credentials,
    /// A product.
    Product,
    /// Protocol, cause and text.
    Reason,
    /// Code, agent and text.
    Warning,
    /// Host names and identifiers of charging.
    Charging,
    /// The value is removed.
    Removed,
    /// The field is known to no list: its name and its value become identifiers.
    Unknown,
    /// The user keeps it: what is recognised in it is replaced.
    Kept,
}

/// The number of rules.
pub(super) const RULES: usize = Rule::Kept as usize + 1;

const KNOWN: [(Rule, &str); 14] = [
    (
        Rule::Addresses,
        "from to contact route record-route path service-route refer-to referred-by reply-to p-asserted-identity \
         p-preferred-identity remote-party-id p-called-party-id p-associated-uri p-served-user diversion history-info alert-info \
         call-info error-info geolocation permission-missing trigger-consent message-account",
    ),
    (Rule::Via, "via"),
    (Rule::Identifiers, "call-id in-reply-to replaces join target-dialog session-id sip-etag sip-if-match"),
    (
        Rule::Constant,
        "accept accept-encoding accept-language accept-contact reject-contact accept-resource-priority resource-priority allow \
         allow-events event supported require unsupported proxy-require content-disposition content-encoding content-language \
         content-transfer-encoding mime-version privacy priority request-disposition answer-mode priv-answer-mode p-early-media \
         refer-sub feature-caps recv-info info-package geolocation-routing subscription-state suppress-if-match \
         p-asserted-service p-preferred-service security-client security-server security-verify messages-waiting voice-message \
         fax-message pager-message multimedia-message text-message x-fs-support authentication-info-qop",
    ),
    (
        Rule::Counter,
        "max-forwards max-breadth expires min-expires min-se session-expires rseq rack date timestamp retry-after flow-timer",
    ),
    (Rule::MediaType, "content-type"),
    (Rule::CSeq, "cseq"),
    (Rule::ContentLength, "content-length"),
    (Rule::ContentId, "content-id"),
    (
        Rule::Credentials,
        "www-authenticate proxy-authenticate authorization proxy-authorization authentication-info proxy-authentication-info",
    ),
    (Rule::Product, "user-agent server"),
    (Rule::Reason, "reason"),
    (Rule::Warning, "warning geolocation-error"),
    (Rule::Charging, "p-charging-vector p-charging-function-addresses"),
];

/// Fields whose names stay although their values are removed.
const REMOVED: &str = "identity identity-info subject organization p-access-network-info p-visited-network-id p-user-database \
     content-location user-to-user p-profile-key policy-contact encryption response-key";

/// The longest name that is known.
const LONGEST: usize = 40;

/// The rules by names in lower case.
#[derive(Debug)]
pub(super) struct Rules(HashMap<Box<[u8]>, Rule>);

impl Rules {
    pub(super) fn new() -> Self {
        let known = KNOWN.iter().copied().chain([(Rule::Removed, REMOVED)]);
        let names = known.flat_map(|(rule, names)| {
            names.split_ascii_whitespace().map(move |name| (name.as_bytes().into(), rule))
        });
        Self(names.collect())
    }

    /// The user keeps a field, or a media type: what is recognised in it is replaced.
    pub(super) fn keep(&mut self, name: &str) {
        self.0.entry(name.to_ascii_lowercase().into_bytes().into()).or_insert(Rule::Kept);
        if let Some(rule @ Rule::Removed) = self.0.get_mut(name.to_ascii_lowercase().as_bytes()) {
            *rule = Rule::Kept;
        }
    }

    /// The rule for a field.
    #[inline]
    pub(super) fn of(&self, name: &[u8]) -> Rule {
        let name = crate::sip::names::canonical(name);
        let mut lower = [0; LONGEST];
        let Some(lower) = lower.get_mut(..name.len()) else { return self.long(name) };
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        self.0.get(&*lower).copied().unwrap_or(Rule::Unknown)
    }

    fn long(&self, name: &[u8]) -> Rule {
        self.0.get(name.to_ascii_lowercase().as_slice()).copied().unwrap_or(Rule::Unknown)
    }

    /// Whether the user keeps what has this name.
    pub(super) fn keeps(&self, name: &[u8]) -> bool {
        self.of(name) == Rule::Kept
    }
}
