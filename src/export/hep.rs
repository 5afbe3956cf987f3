//! Packets of HEP3, the protocol in which capture agents send what they saw to HOMER and other servers.
//!
//! A packet is `HEP3`, its length, and chunks: vendor, type, length, value; all numbers are big-endian. Source: the
//! specification "HEP/EEP" of the SIPCAPTURE project, revision 36 (github.com/sipcapture/HEP).
//!
//! Must not know: sockets, calls.

use std::net::{IpAddr, SocketAddr};

/// The upper limit of a packet: its length field has 16 bits.
pub const LONGEST: usize = u16::MAX as usize;

/// The vendor of the chunks that the specification defines.
const GENERIC: u16 = 0;
/// Address families, as in the specification: those of Linux.
const IPV4: u8 = 2;
const IPV6: u8 = 10;
/// Protocol numbers of IP.
const TCP: u8 = 6;
const UDP: u8 = 17;
/// The payload is SIP.
const SIP: u8 = 1;

/// A message as a capture agent reports it.
#[derive(Debug, Clone, Copy)]
pub struct Captured<'a> {
    /// Who sent it.
    pub from: SocketAddr,
    /// Who received it.
    pub to: SocketAddr,
    /// Whether it came over a stream transport: all of them are reported as TCP.
    pub is_stream: bool,
    /// Microseconds since 1970-01-01 UTC.
    pub micros: i64,
    /// What all messages of a call have in common; empty if nothing.
    pub correlation: &'a [u8],
    /// The message.
    pub content: &'a [u8],
}

/// The name and the number by which the server knows who sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The number of the capture agent.
    pub id: u32,
    /// The name of the node.
    pub node: Option<String>,
}

impl Agent {
    /// Replaces `out` by the packet of a message.
    ///
    /// # Errors
    /// The length of the packet in bytes, if it is longer than [`LONGEST`].
    pub fn packet(&self, out: &mut Vec<u8>, message: &Captured<'_>) -> Result<(), usize> {
        out.clear();
        out.extend_from_slice(b"HEP3\0\0");
        addresses(out, message.from.ip(), message.to.ip());
        chunk(out, 2, &[if message.is_stream { TCP } else { UDP }]);
        chunk(out, 7, &message.from.port().to_be_bytes());
        chunk(out, 8, &message.to.port().to_be_bytes());
        chunk(out, 9, &(message.micros.div_euclid(1_000_000) as u32).to_be_bytes());
        chunk(out, 10, &(message.micros.rem_euclid(1_000_000) as u32).to_be_bytes());
        chunk(out, 11, &[SIP]);
        chunk(out, 12, &self.id.to_be_bytes());
        if let Some(node) = &self.node {
            chunk(out, 19, node.as_bytes());
        }
        if !message.correlation.is_empty() {
            chunk(out, 17, message.correlation);
        }
        chunk(out, 15, message.content);
        let length = u16::try_from(out.len()).map_err(|_| out.len())?;
        out[4..6].copy_from_slice(&length.to_be_bytes());
        Ok(())
    }
}

/// Appends the family and both addresses. The family of both is that of the peer.
fn addresses(out: &mut Vec<u8>, from: IpAddr, to: IpAddr) {
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            chunk(out, 1, &[IPV4]);
            chunk(out, 3, &from.octets());
            chunk(out, 4, &to.octets());
        }
        (from, to) => {
            let octets = |ip: IpAddr| match ip {
                IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
                IpAddr::V6(ip) => ip.octets(),
            };
            chunk(out, 1, &[IPV6]);
            chunk(out, 5, &octets(from));
            chunk(out, 6, &octets(to));
        }
    }
}

/// Appends a chunk. A value that is too long for its length field makes the packet too long as well.
fn chunk(out: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = u16::try_from(value.len() + 6).unwrap_or(u16::MAX);
    for field in [GENERIC, kind, length] {
        out.extend_from_slice(&field.to_be_bytes());
    }
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured<'a>(from: &str, to: &str, content: &'a [u8]) -> Captured<'a> {
        Captured {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            is_stream: false,
            micros: 1_700_000_000_000_007,
            correlation: b"a@b",
            content,
        }
    }

    #[test]
    fn a_packet_is_its_chunks_in_order() {
        let agent = Agent { id: 7, node: Some("fs1".to_owned()) };
        let mut out = b"rest of the packet before".to_vec();
        agent
            .packet(&mut out, &captured("192.0.2.7:5061", "203.0.113.5:5080", b"SIP/2.0 200 OK\r\n"))
            .unwrap();
        let want: &[&[u8]] = &[
            b"HEP3\x00\x85",
            b"\0\0\0\x01\0\x07\x02",
            b"\0\0\0\x03\0\x0a\xc0\x00\x02\x07",
            b"\0\0\0\x04\0\x0a\xcb\x00\x71\x05",
            b"\0\0\0\x02\0\x07\x11",
            b"\0\0\0\x07\0\x08\x13\xc5",
            b"\0\0\0\x08\0\x08\x13\xd8",
            b"\0\0\0\x09\0\x0a\x65\x53\xf1\x00",
            b"\0\0\0\x0a\0\x0a\0\0\0\x07",
            b"\0\0\0\x0b\0\x07\x01",
            b"\0\0\0\x0c\0\x0a\0\0\0\x07",
            b"\0\0\0\x13\0\x09fs1",
            b"\0\0\0\x11\0\x09a@b",
            b"\0\0\0\x0f\0\x16SIP/2.0 200 OK\r\n",
        ];
        assert_eq!(out.escape_ascii().to_string(), want.concat().escape_ascii().to_string());
    }

    #[test]
    fn a_packet_that_its_length_field_cannot_count_is_refused() {
        let agent = Agent { id: 1, node: None };
        let (mut out, content) = (Vec::new(), vec![b'x'; LONGEST]);
        let least =
            agent.packet(&mut out, &captured("[2001:db8::1]:1", "[2001:db8::2]:2", b"")).map(|()| out.len());
        let room = LONGEST - least.unwrap();
        let mut packet = |length: usize| {
            agent.packet(&mut out, &captured("[2001:db8::1]:1", "[2001:db8::2]:2", &content[..length]))
        };
        assert_eq!(packet(room), Ok(()));
        assert_eq!(packet(room + 1), Err(LONGEST + 1));
    }
}
