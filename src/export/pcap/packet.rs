//! Adds IPv4, IPv6, UDP and TCP headers (RFC 791, 8200, 768, 9293) with their checksums (RFC 1071).
//!
//! Must not know: messages, files.

use std::net::{IpAddr, SocketAddr};

const UDP: u8 = 17;
const TCP: u8 = 6;
/// Time to live, hop limit.
const HOPS: u8 = 64;
/// PSH and ACK.
const TCP_FLAGS: u8 = 0x18;

/// Source and destination; both addresses are of one family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flow {
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
}

/// A segment of a TCP stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment<'a> {
    pub(super) sequence: u32,
    pub(super) acknowledged: u32,
    pub(super) payload: &'a [u8],
}

/// Appends a UDP packet.
pub(super) fn udp(out: &mut Vec<u8>, flow: Flow, payload: &[u8]) {
    let length = 8 + payload.len();
    ip(out, flow, UDP, length);
    let start = out.len();
    ports(out, flow);
    // A datagram has at most 65,507 bytes.
    out.extend_from_slice(&(length as u16).to_be_bytes());
    out.extend_from_slice(&[0; 2]);
    out.extend_from_slice(payload);
    // 0 means that there is no checksum (RFC 768).
    let sum = match checksum(pseudo_header(flow, UDP, length), &out[start..]) {
        0 => 0xffff,
        sum => sum,
    };
    out[start + 6..start + 8].copy_from_slice(&sum.to_be_bytes());
}

/// Appends a TCP packet.
pub(super) fn tcp(out: &mut Vec<u8>, flow: Flow, segment: Segment<'_>) {
    let length = 20 + segment.payload.len();
    ip(out, flow, TCP, length);
    let start = out.len();
    ports(out, flow);
    out.extend_from_slice(&segment.sequence.to_be_bytes());
    out.extend_from_slice(&segment.acknowledged.to_be_bytes());
    // Five words of header, the flags, the window, no checksum yet, no urgent data.
    out.extend_from_slice(&[5 << 4, TCP_FLAGS, 0xff, 0xff, 0, 0, 0, 0]);
    out.extend_from_slice(segment.payload);
    let sum = checksum(pseudo_header(flow, TCP, length), &out[start..]);
    out[start + 16..start + 18].copy_from_slice(&sum.to_be_bytes());
}

fn ports(out: &mut Vec<u8>, flow: Flow) {
    out.extend_from_slice(&flow.from.port().to_be_bytes());
    out.extend_from_slice(&flow.to.port().to_be_bytes());
}

/// Appends the IP header of a packet with `length` bytes of `protocol`.
fn ip(out: &mut Vec<u8>, flow: Flow, protocol: u8, length: usize) {
    let start = out.len();
    match (flow.from.ip(), flow.to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            out.extend_from_slice(&[0x45, 0]);
            out.extend_from_slice(&((20 + length) as u16).to_be_bytes());
            // No identification, "don't fragment".
            out.extend_from_slice(&[0, 0, 0x40, 0, HOPS, protocol, 0, 0]);
            out.extend_from_slice(&from.octets());
            out.extend_from_slice(&to.octets());
            let sum = checksum(0, &out[start..]);
            out[start + 10..start + 12].copy_from_slice(&sum.to_be_bytes());
        }
        (from, to) => {
            out.extend_from_slice(&[0x60, 0, 0, 0]);
            out.extend_from_slice(&(length as u16).to_be_bytes());
            out.extend_from_slice(&[protocol, HOPS]);
            out.extend_from_slice(&six(from));
            out.extend_from_slice(&six(to));
        }
    }
}

fn six(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
        IpAddr::V6(ip) => ip.octets(),
    }
}

/// The sum of what the checksum covers besides the packet itself.
fn pseudo_header(flow: Flow, protocol: u8, length: usize) -> u64 {
    let addresses = match (flow.from.ip(), flow.to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => sum(&from.octets()) + sum(&to.octets()),
        (from, to) => sum(&six(from)) + sum(&six(to)),
    };
    addresses + u64::from(protocol) + length as u64
}

fn sum(bytes: &[u8]) -> u64 {
    bytes.chunks(2).map(|pair| u64::from(pair[0]) << 8 | pair.get(1).map_or(0, |low| u64::from(*low))).sum()
}

/// The ones' complement of the ones' complement sum.
fn checksum(before: u64, bytes: &[u8]) -> u16 {
    let mut total = before + sum(bytes);
    while total > 0xffff {
        total = (total & 0xffff) + (total >> 16);
    }
    !(total as u16)
}
