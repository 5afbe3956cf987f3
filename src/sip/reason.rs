//! Reason: why a request was sent or a call ended (RFC 3326).
//!
//! Must not know: messages.

use std::borrow::Cow;

use memchr::memchr;

use super::params::{List, Params};
use crate::base::bytes::{decimal, trim};

/// One reason: `SIP;cause=200;text="Call completed elsewhere"`.
///
/// ```
/// use sofiatui::sip::Reason;
/// let reason = Reason::list(b"Q.850;cause=16;text=\"NORMAL_CLEARING\"").next().unwrap();
/// assert_eq!((reason.protocol, reason.cause()), (&b"Q.850"[..], Some(16)));
/// assert_eq!(reason.text().as_deref(), Some(&b"NORMAL_CLEARING"[..]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason<'a> {
    /// The protocol that defines the cause: `SIP`, `Q.850`, `FreeSWITCH`.
    pub protocol: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> Reason<'a> {
    /// The reasons of one field's value.
    pub fn list(value: &'a [u8]) -> impl Iterator<Item = Self> {
        List::new(value).map(|item| {
            let (protocol, params) = item.split_at(memchr(b';', item).unwrap_or(item.len()));
            Self { protocol: trim(protocol), params: Params::new(params) }
        })
    }

    /// The cause, a status code of SIP or a cause value of Q.850; `None` where there is none or it is no number.
    pub fn cause(&self) -> Option<u32> {
        decimal(self.params.raw("cause")?).and_then(|cause| u32::try_from(cause).ok())
    }

    /// What the cause is called: of a cause of Q.850, its name.
    pub fn cause_name(&self) -> Option<&'static str> {
        if self.protocol.eq_ignore_ascii_case(b"Q.850") { q850_name(self.cause()?) } else { None }
    }

    /// The readable text, without quotes.
    pub fn text(&self) -> Option<Cow<'a, [u8]>> {
        self.params.get("text")
    }
}

/// The name of a cause value of ITU-T Q.850. FreeSWITCH's own causes, which are beyond 127, have the protocol `FreeSWITCH`
/// and say their name in `text`.
///
/// ```
/// assert_eq!(sofiatui::sip::q850_name(17), Some("user busy"));
/// assert_eq!(sofiatui::sip::q850_name(4711), None);
/// ```
pub fn q850_name(cause: u32) -> Option<&'static str> {
    let at = Q850.binary_search_by_key(&cause, |(value, _)| u32::from(*value)).ok()?;
    Some(Q850[at].1)
}

/// Cause values and their names, sorted.
const Q850: &[(u16, &str)] = &[
    (1, "unallocated number"),
    (2, "no route to transit network"),
    (3, "no route to destination"),
    (4, "send special information tone"),
    (5, "misdialled trunk prefix"),
    (6, "channel unacceptable"),
    (7, "call awarded and being delivered"),
    (8, "preemption"),
    (9, "preemption, circuit reserved for reuse"),
    (14, "query on release, number ported"),
    (16, "normal call clearing"),
    (17, "user busy"),
    (18, "no user responding"),
    (19, "no answer from user"),
    (20, "subscriber absent"),
    (21, "call rejected"),
    (22, "number changed"),
    (23, "redirection to new destination"),
    (24, "rejected by a feature at the destination"),
    (25, "exchange routing error"),
    (26, "non-selected user clearing"),
    (27, "destination out of order"),
    (28, "invalid number format"),
    (29, "facility rejected"),
    (30, "response to status enquiry"),
    (31, "normal, unspecified"),
    (34, "no circuit or channel available"),
    (38, "network out of order"),
    (39, "permanent connection out of service"),
    (40, "permanent connection operational"),
    (41, "temporary failure"),
    (42, "switching equipment congestion"),
    (43, "access information discarded"),
    (44, "requested circuit or channel not available"),
    (46, "precedence call blocked"),
    (47, "resource unavailable, unspecified"),
    (49, "quality of service not available"),
    (50, "requested facility not subscribed"),
    (52, "outgoing calls barred"),
    (53, "outgoing calls barred within closed user group"),
    (54, "incoming calls barred"),
    (55, "incoming calls barred within closed user group"),
    (57, "bearer capability not authorized"),
    (58, "bearer capability not presently available"),
    (62, "inconsistent outgoing access information and subscriber class"),
    (63, "service or option not available"),
    (65, "bearer capability not implemented"),
    (66, "channel type not implemented"),
    (69, "requested facility not implemented"),
    (70, "only restricted digital information available"),
    (79, "service or option not implemented"),
    (81, "invalid call reference value"),
    (82, "identified channel does not exist"),
    (83, "a suspended call exists, but not this identity"),
    (84, "call identity in use"),
    (85, "no call suspended"),
    (86, "call with this identity has been cleared"),
    (87, "user not member of closed user group"),
    (88, "incompatible destination"),
    (90, "non-existent closed user group"),
    (91, "invalid transit network selection"),
    (95, "invalid message, unspecified"),
    (96, "mandatory information element missing"),
    (97, "message type not implemented"),
    (98, "message not compatible with call state"),
    (99, "information element not implemented"),
    (100, "invalid information element contents"),
    (101, "message not compatible with call state"),
    (102, "recovery on timer expiry"),
    (103, "parameter not implemented, passed on"),
    (110, "message with unrecognized parameter discarded"),
    (111, "protocol error, unspecified"),
    (127, "interworking, unspecified"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_have_names_and_the_table_is_sorted() {
        assert!(Q850.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (cause, name) in [
            (1, Some("unallocated number")),
            (16, Some("normal call clearing")),
            (102, Some("recovery on timer expiry")),
            (127, Some("interworking, unspecified")),
            (0, None),
            (128, None),
            (u32::MAX, None),
        ] {
            assert_eq!(q850_name(cause), name, "{cause}");
        }
    }

    #[test]
    fn only_a_cause_of_q850_has_such_a_name() {
        for (value, expected) in [
            ("Q.850;cause=17", Some("user busy")),
            ("q.850 ; cause=17", Some("user busy")),
            ("SIP;cause=200", None),
            ("Q.850", None),
        ] {
            let reason = Reason::list(value.as_bytes()).next().unwrap();
            assert_eq!(reason.cause_name(), expected, "{value}");
        }
    }
}
