//! Messages as a libpcap file: each in IP and UDP or TCP packets that are made up around it.
//!
//! The dump tells the peer's address alone; ours is what the user says, or an address for documentation (RFC 5737,
//! RFC 3849). Every stream transport becomes TCP, and our port 5060, so that a reader sees SIP in it.
//!
//! Must not know: files, filters.

mod packet;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::base::Direction;

use super::Entry;
use packet::{Flow, Segment};

/// The port that SIP has for itself.
const SIP_PORT: u16 = 5060;
/// Bytes of a message in one TCP packet: the header's length field has 16 bits.
const MOST_IN_SEGMENT: usize = 60_000;
/// Bytes of a message in one UDP packet: so many the length fields of UDP and IPv4 can say.
const MOST_IN_DATAGRAM: usize = 65_507;
/// The longest packet, as the file's header says it.
const SNAP_LEN: u32 = 262_144;
/// `LINKTYPE_RAW`: a packet begins with its IPv4 or IPv6 header.
const LINK_RAW: u32 = 101;

/// Our side, as it is shown in packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Local {
    /// The address towards IPv4 peers.
    pub v4: Ipv4Addr,
    /// The address towards IPv6 peers.
    pub v6: Ipv6Addr,
    /// Our port.
    pub port: u16,
}

impl Default for Local {
    fn default() -> Self {
        Self {
            v4: Ipv4Addr::new(192, 0, 2, 1),
            v6: Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1),
            port: SIP_PORT,
        }
    }
}

impl Local {
    /// Our side with this address for the peers of its kind; `192.0.2.7`, `192.0.2.7:5080`, `2001:db8::7`, `[2001:db8::7]:5080`.
    ///
    /// `None` where it is no address.
    #[must_use]
    pub fn with(mut self, address: &str) -> Option<Self> {
        let (ip, port) = parse_address(address.as_bytes())?;
        match ip {
            IpAddr::V4(ip) => self.v4 = ip,
            IpAddr::V6(ip) => self.v6 = ip,
        }
        self.port = port.unwrap_or(self.port);
        Some(self)
    }

    fn towards(&self, peer: IpAddr) -> SocketAddr {
        let ip = match peer {
            IpAddr::V4(_) => IpAddr::V4(self.v4),
            IpAddr::V6(_) => IpAddr::V6(self.v6),
        };
        SocketAddr::new(ip, self.port)
    }
}

/// A libpcap file on its way.
#[derive(Debug)]
pub struct Pcap {
    local: Local,
    /// Bytes sent so far on each made-up TCP connection, by who sent and who received.
    sent: HashMap<(SocketAddr, SocketAddr), u32>,
}

impl Pcap {
    /// Begins a file in `out`.
    pub fn new(out: &mut Vec<u8>, local: Local) -> Self {
        for field in [0xa1b2_c3d4, 2 | 4 << 16, 0, 0, SNAP_LEN, LINK_RAW] {
            out.extend_from_slice(&u32::to_le_bytes(field));
        }
        Self { local, sent: HashMap::new() }
    }

    /// Appends the packets of a message. `micros` is its time since 1970; a dump without dates counts from its first day.
    pub fn message(&mut self, out: &mut Vec<u8>, entry: &Entry<'_>, micros: i64) {
        let unknown = (IpAddr::V4(Ipv4Addr::UNSPECIFIED), None);
        let (ip, port) = parse_address(entry.address).unwrap_or(unknown);
        let peer = SocketAddr::new(ip, port.unwrap_or(SIP_PORT));
        let ours = self.local.towards(ip);
        let (from, to) = match entry.direction {
            Direction::Recv => (peer, ours),
            Direction::Sent => (ours, peer),
        };
        if !entry.transport.is_stream() {
            let payload = &entry.content[..entry.content.len().min(MOST_IN_DATAGRAM)];
            return record(out, micros, |out| packet::udp(out, Flow { from, to }, payload));
        }
        for payload in entry.content.chunks(MOST_IN_SEGMENT) {
            let sequence = self.sent.get(&(from, to)).copied().unwrap_or(1);
            let acknowledged = self.sent.get(&(to, from)).copied().unwrap_or(1);
            self.sent.insert((from, to), sequence.wrapping_add(payload.len() as u32));
            let segment = Segment { sequence, acknowledged, payload };
            record(out, micros, |out| packet::tcp(out, Flow { from, to }, segment));
        }
    }
}

/// Appends a record: its time, the length of the packet twice, the packet.
fn record(out: &mut Vec<u8>, micros: i64, packet: impl FnOnce(&mut Vec<u8>)) {
    let seconds = micros.div_euclid(1_000_000) as u32;
    out.extend_from_slice(&seconds.to_le_bytes());
    out.extend_from_slice(&(micros.rem_euclid(1_000_000) as u32).to_le_bytes());
    let lengths = out.len();
    out.extend_from_slice(&[0; 8]);
    packet(out);
    let length = ((out.len() - lengths - 8) as u32).to_le_bytes();
    out[lengths..lengths + 4].copy_from_slice(&length);
    out[lengths + 4..lengths + 8].copy_from_slice(&length);
}

/// Reads `[192.0.2.7]:5060`, `192.0.2.7:5060`, `[2001:db8::7]:5060`, and these without a port.
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
