//! Where a message came from and went to. The dump contains only the peer's address; ours is given by the user, else
//! found in our own messages.
//!
//! Must not know: packets, files.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::base::Direction;
use crate::sip::{Address, Message, StartLine, Via};

use super::Entry;

/// The default port of SIP.
const SIP_PORT: u16 = 5060;

/// Our address, as far as the user gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Local {
    /// The address towards IPv4 peers.
    pub v4: Option<Ipv4Addr>,
    /// The address towards IPv6 peers.
    pub v6: Option<Ipv6Addr>,
    /// Our port.
    pub port: Option<u16>,
}

impl Local {
    /// Adds an address for the peers of its family; `192.0.2.7`, `192.0.2.7:5080`, `2001:db8::7`, `[2001:db8::7]:5080`.
    ///
    /// `None` if the text is not an address.
    #[must_use]
    pub fn with(mut self, address: &str) -> Option<Self> {
        let (ip, port) = parse_address(address.as_bytes())?;
        match ip {
            IpAddr::V4(ip) => self.v4 = Some(ip),
            IpAddr::V6(ip) => self.v6 = Some(ip),
        }
        self.port = port.or(self.port);
        Some(self)
    }

    fn said(&self, family: Family) -> Option<SocketAddr> {
        let ip = match family {
            Family::V4 => self.v4.map(IpAddr::V4),
            Family::V6 => self.v6.map(IpAddr::V6),
        };
        ip.map(|ip| SocketAddr::new(ip, self.port.unwrap_or(SIP_PORT)))
    }
}

/// The family of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// The family of this address.
    pub fn of(ip: IpAddr) -> Self {
        if ip.is_ipv4() { Self::V4 } else { Self::V6 }
    }

    /// An address for documentation (RFC 5737, RFC 3849).
    pub fn placeholder(self) -> SocketAddr {
        let ip = match self {
            Self::V4 => IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
            Self::V6 => IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
        };
        SocketAddr::new(ip, SIP_PORT)
    }
}

/// What is known about our addresses.
#[derive(Debug, Default)]
pub struct Ours {
    local: Local,
    /// By profile and address family.
    known: HashMap<(String, Family), SocketAddr>,
}

impl Ours {
    /// Nothing is known but what the user said.
    pub fn new(local: Local) -> Self {
        Self { local, known: HashMap::new() }
    }

    /// Our address on this profile towards peers of this family, if it is known.
    pub fn get(&self, profile: &str, family: Family) -> Option<SocketAddr> {
        // A lookup by parts would need an owned name; a dump has few profiles.
        let found = || self.known.iter().find(|((name, kind), _)| *kind == family && name == profile);
        self.local.said(family).or_else(|| found().map(|(_, ours)| *ours))
    }

    /// Stops waiting: the documentation address is used from now on.
    pub fn give_up(&mut self, profile: &str, family: Family) {
        self.known.insert((profile.to_owned(), family), family.placeholder());
    }

    /// Learns our address from a message that we sent. Returns whether it was unknown.
    pub fn learn(&mut self, profile: &str, entry: &Entry<'_>, family: Family) -> bool {
        if entry.direction != Direction::Sent || self.get(profile, family).is_some() {
            return false;
        }
        let Some(found) = own_address(entry.content, family) else { return false };
        self.known.insert((profile.to_owned(), family), found);
        true
    }
}

/// The address that the sender of a message gives as its own: the topmost Via of a request (RFC 3261 §18.1.1), else
/// Contact (§8.1.1.8, §12.1.1), unless Contact is an address of others: the bindings in a response to REGISTER (§10.3),
/// other targets (§21.3).
fn own_address(content: &[u8], family: Family) -> Option<SocketAddr> {
    let message = Message::parse(content);
    let status = match message.start_line()? {
        StartLine::Request { .. } => None,
        StartLine::Status { code, .. } => Some(code),
    };
    if status.is_none() {
        let via = message.header("Via");
        let hop = via.as_ref().and_then(|via| Via::list(&via.value).next());
        if let Some(found) = hop.and_then(|hop| literal(hop.host, hop.port, family)) {
            return Some(found);
        }
    }
    let is_ours = status.is_none_or(|code| !matches!(code, 300..=399 | 485));
    let answers_register = status.is_some() && message.cseq().is_some_and(|cseq| cseq.method == b"REGISTER");
    if !is_ours || answers_register {
        return None;
    }
    let contact = message.header("Contact")?;
    let uri = Address::parse(&contact.value).parsed_uri()?;
    literal(uri.host, uri.port, family)
}

/// A numeric address that can be an address of a host.
fn literal(host: &[u8], port: Option<u16>, family: Family) -> Option<SocketAddr> {
    let (ip, _) = parse_address(host)?;
    let fits = Family::of(ip) == family && !ip.is_unspecified() && !ip.is_multicast();
    fits.then(|| SocketAddr::new(ip, port.unwrap_or(SIP_PORT)))
}

/// The peer's address, or the unspecified IPv4 address if it cannot be parsed.
pub fn peer_of(entry: &Entry<'_>) -> SocketAddr {
    let unknown = || SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), SIP_PORT);
    address(entry.address).unwrap_or_else(unknown)
}

/// The address of a peer as in the dump; the default port is 5060.
pub fn address(text: &[u8]) -> Option<SocketAddr> {
    let (ip, port) = parse_address(text)?;
    Some(SocketAddr::new(ip, port.unwrap_or(SIP_PORT)))
}

/// Parses `[192.0.2.7]:5060`, `192.0.2.7:5060`, `[2001:db8::7]:5060`, and these without a port.
fn parse_address(text: &[u8]) -> Option<(IpAddr, Option<u16>)> {
    let text = std::str::from_utf8(text).ok()?;
    if let Ok(ip) = text.parse() {
        return Some((ip, None));
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
        _ => (text, None),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    Some((host.parse().ok()?, port))
}

/// The sender and the receiver of a message that this peer exchanged with us.
pub fn sender_and_receiver(direction: Direction, peer: SocketAddr, ours: SocketAddr) -> [SocketAddr; 2] {
    match direction {
        Direction::Recv => [peer, ours],
        Direction::Sent => [ours, peer],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_address_is_learned_from_our_own_messages() {
        let request = "OPTIONS sip:a@b SIP/2.0\r\n";
        let ok = "SIP/2.0 200 OK\r\n";
        for (head, family, want) in [
            (
                format!("{request}Via: SIP/2.0/UDP 203.0.113.5:5080;branch=z9\r\n"),
                Family::V4,
                Some("203.0.113.5:5080"),
            ),
            (format!("{request}v: SIP/2.0/UDP 203.0.113.5\r\n"), Family::V4, Some("203.0.113.5:5060")),
            (
                format!("{request}Via: SIP/2.0/TLS [2001:db8::5]:5061\r\n"),
                Family::V6,
                Some("[2001:db8::5]:5061"),
            ),
            (format!("{request}Via: SIP/2.0/UDP 203.0.113.5\r\n"), Family::V6, None),
            (
                format!(
                    "{request}Via: SIP/2.0/UDP pbx.example\r\nm: <sip:a@203.0.113.6:5070;transport=tcp>\r\n"
                ),
                Family::V4,
                Some("203.0.113.6:5070"),
            ),
            (
                format!(
                    "{ok}Via: SIP/2.0/UDP 192.0.2.7\r\nCSeq: 1 INVITE\r\nContact: <sip:a@203.0.113.5:5080>\r\n"
                ),
                Family::V4,
                Some("203.0.113.5:5080"),
            ),
            (
                format!(
                    "{ok}Via: SIP/2.0/UDP 192.0.2.7\r\nCSeq: 1 REGISTER\r\nContact: <sip:a@192.0.2.7>\r\n"
                ),
                Family::V4,
                None,
            ),
            (
                "SIP/2.0 302 Moved\r\nCSeq: 1 INVITE\r\nContact: <sip:a@192.0.2.9>\r\n".to_owned(),
                Family::V4,
                None,
            ),
            (format!("{request}Via: SIP/2.0/UDP 0.0.0.0\r\n"), Family::V4, None),
            ("no SIP at all".to_owned(), Family::V4, None),
        ] {
            let found = own_address(format!("{head}\r\n").as_bytes(), family);
            assert_eq!(found, want.map(|text| text.parse().unwrap()), "{head}");
        }
    }

    #[test]
    fn addresses_are_parsed_in_the_forms_of_dumps_and_people() {
        for (text, want) in [
            ("[192.0.2.7]:5060", Some(("192.0.2.7", Some(5060)))),
            ("192.0.2.7:5060", Some(("192.0.2.7", Some(5060)))),
            ("192.0.2.7", Some(("192.0.2.7", None))),
            ("[2001:db8::7]:5060", Some(("2001:db8::7", Some(5060)))),
            ("[2001:db8::7]", Some(("2001:db8::7", None))),
            ("2001:db8::7", Some(("2001:db8::7", None))),
            ("pbx.example", None),
            ("[192.0.2.7]:70000", None),
            ("", None),
        ] {
            let want = want.map(|(ip, port)| (ip.parse().unwrap(), port));
            assert_eq!(parse_address(text.as_bytes()), want, "{text}");
        }
    }
}
