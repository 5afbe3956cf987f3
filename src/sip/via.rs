//! Via: the way a message came (RFC 3261 §20.42).
//!
//! Must not know: messages.

use memchr::memchr;

use super::params::{List, Params};
use super::uri::host_and_port;
use crate::base::bytes::{first_of, trim, trim_start};

/// One hop of a Via field.
///
/// ```
/// use sofiatui::sip::Via;
/// let via = Via::parse(b"SIP / 2.0\r\n /UDP [2001:db8::1]:5061;branch=z9hG4bK1;rport").unwrap();
/// assert_eq!((via.transport, via.host, via.port), (&b"UDP"[..], &b"[2001:db8::1]"[..], Some(5061)));
/// assert_eq!(via.branch(), Some(&b"z9hG4bK1"[..]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Via<'a> {
    /// The protocol's name: `SIP`.
    pub protocol: &'a [u8],
    /// The protocol's version: `2.0`.
    pub version: &'a [u8],
    /// The transport as it is written: `UDP`, `TCP`, `TLS`, `WS`, …
    pub transport: &'a [u8],
    /// The host of sent-by, an IPv6 address with its brackets.
    pub host: &'a [u8],
    /// The port of sent-by.
    pub port: Option<u16>,
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> Via<'a> {
    /// Reads one hop; `None` where protocol, version, transport or host is missing.
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let value = trim(value);
        let end = memchr(b';', value).unwrap_or(value.len());
        let (hop, params) = value.split_at(end);
        let slash = memchr(b'/', hop)?;
        let (protocol, rest) = (trim(&hop[..slash]), &hop[slash + 1..]);
        let slash = memchr(b'/', rest)?;
        let (version, rest) = (trim(&rest[..slash]), trim_start(&rest[slash + 1..]));
        let space = rest.iter().position(u8::is_ascii_whitespace)?;
        let (transport, sent_by) = (&rest[..space], trim(&rest[space..]));
        let (host, port) = host_and_port(sent_by);
        let empty = [protocol, version, transport, host].iter().any(|piece| piece.is_empty());
        (!empty).then_some(Self { protocol, version, transport, host, port, params: Params::new(params) })
    }

    /// The hops of one field's value, the topmost first; what is no hop is left out.
    pub fn list(value: &'a [u8]) -> impl Iterator<Item = Self> {
        List::new(value).filter_map(Self::parse)
    }

    /// The `branch` parameter, which names the transaction.
    pub fn branch(&self) -> Option<&'a [u8]> {
        self.params.raw("branch")
    }

    /// The `received` parameter: the address that the next hop saw.
    pub fn received(&self) -> Option<&'a [u8]> {
        self.params.raw("received")
    }

    /// The `rport` parameter (RFC 3581): the port that the next hop saw; empty in a request.
    pub fn rport(&self) -> Option<&'a [u8]> {
        self.params
            .iter()
            .find(|p| p.name.eq_ignore_ascii_case(b"rport"))
            .map(|p| p.value.unwrap_or_default())
    }
}

/// The branch of the topmost hop of a Via value; empty where it has none.
#[inline]
pub(crate) fn top_branch(value: &[u8]) -> &[u8] {
    let mut rest = value;
    while let Some(at) = first_of([b';', b',', b'"'], rest) {
        match rest[at] {
            b';' => {
                rest = &rest[at + 1..];
                let text = trim_start(rest);
                if let Some((name, after)) = text.split_at_checked(6)
                    && name.eq_ignore_ascii_case(b"branch")
                    && let Some(value) = trim_start(after).strip_prefix(b"=")
                {
                    let end = first_of([b';', b',', b'"'], value).unwrap_or(value.len());
                    return trim(&value[..end]);
                }
            }
            b',' => return b"",
            // Separators in a quoted string are none: the long way round.
            _ => return List::new(value).next().and_then(hop_branch).unwrap_or_default(),
        }
    }
    b""
}

fn hop_branch(hop: &[u8]) -> Option<&[u8]> {
    let semicolon = memchr(b';', hop)?;
    Params::new(&hop[semicolon..]).raw("branch")
}
