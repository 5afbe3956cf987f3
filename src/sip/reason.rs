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
    /// Whose numbers the cause counts in: `SIP`, `Q.850`, `FreeSWITCH`.
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

    /// The text for people, quotes taken out.
    pub fn text(&self) -> Option<Cow<'a, [u8]>> {
        self.params.get("text")
    }
}
