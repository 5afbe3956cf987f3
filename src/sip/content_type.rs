//! Content-Type: media type and parameters (RFC 3261 §20.15, RFC 2045 §5.1).
//!
//! Must not know: bodies.

use std::borrow::Cow;

use memchr::memchr;

use super::params::Params;
use crate::base::bytes::{is_token_str, trim};

/// A media type with its parameters.
///
/// ```
/// use sofiatui::sip::ContentType;
/// let ct = ContentType::parse(b"Multipart/Mixed; boundary=\"a b\"").unwrap();
/// assert!(ct.is("multipart", "mixed"));
/// assert_eq!(ct.boundary().as_deref(), Some(&b"a b"[..]));
/// assert!(ContentType::parse(b"application/vnd.eido+JSON;v=1").unwrap().is_json());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentType<'a> {
    /// The type as it is written: `application`.
    pub kind: &'a [u8],
    /// The subtype as it is written: `sdp`.
    pub subtype: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> ContentType<'a> {
    /// Reads a value; `None` where it is not `token "/" token`.
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let end = memchr(b';', value).unwrap_or(value.len());
        let (media_type, params) = value.split_at(end);
        let slash = memchr(b'/', media_type)?;
        let (kind, subtype) = (trim(&media_type[..slash]), trim(&media_type[slash + 1..]));
        let whole = is_token_str(kind) && is_token_str(subtype);
        whole.then_some(Self { kind, subtype, params: Params::new(params) })
    }

    /// Whether this is `kind/subtype`; case does not count.
    pub fn is(&self, kind: &str, subtype: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind.as_bytes())
            && self.subtype.eq_ignore_ascii_case(subtype.as_bytes())
    }

    /// Whether this is one of the multipart types.
    pub fn is_multipart(&self) -> bool {
        self.kind.eq_ignore_ascii_case(b"multipart")
    }

    /// Whether this is `application/sdp`.
    pub fn is_sdp(&self) -> bool {
        self.is("application", "sdp")
    }

    /// Whether this is `message/sipfrag` or `message/sip`.
    pub fn is_sip(&self) -> bool {
        self.is("message", "sipfrag") || self.is("message", "sip")
    }

    /// Whether this is `application/json` or `application/*+json` (RFC 6839 §3.1).
    pub fn is_json(&self) -> bool {
        self.kind.eq_ignore_ascii_case(b"application")
            && (self.subtype.eq_ignore_ascii_case(b"json") || self.has_suffix(b"+json"))
    }

    /// Whether this is XML: `application/xml`, `text/xml` or `*/*+xml` (RFC 7303).
    pub fn is_xml(&self) -> bool {
        self.subtype.eq_ignore_ascii_case(b"xml") || self.has_suffix(b"+xml")
    }

    /// The `boundary` parameter, without quotes and escapes.
    pub fn boundary(&self) -> Option<Cow<'a, [u8]>> {
        self.params.get("boundary")
    }

    /// `type/subtype` in lower case, without parameters.
    pub fn essence(&self) -> String {
        let mut text = String::with_capacity(self.kind.len() + 1 + self.subtype.len());
        // Both are tokens, and so ASCII.
        text.extend(self.kind.iter().chain(b"/").chain(self.subtype).map(|&b| char::from(b)));
        text.make_ascii_lowercase();
        text
    }

    fn has_suffix(&self, suffix: &[u8]) -> bool {
        let start = self.subtype.len().checked_sub(suffix.len());
        start.is_some_and(|start| self.subtype[start..].eq_ignore_ascii_case(suffix))
    }
}
