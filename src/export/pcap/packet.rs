//! Adds IPv4, IPv6, UDP and TCP headers to bytes.
//!
//! Must not know: messages, files.

use std::net::{IpAddr, SocketAddr};

use etherparse::{IpHeaders, PacketBuilder, PacketBuilderStep};

/// Time to live, hop limit.
const HOPS: u8 = 64;
/// The window of TCP packets.
const WINDOW: u16 = 0xffff;

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
    let packet = ip(flow).udp(flow.from.port(), flow.to.port());
    // This fails only if the length exceeds the length fields; the caller prevents that. The same applies below.
    let _ = packet.write_to_vec(out, payload);
}

/// Appends a TCP packet.
pub(super) fn tcp(out: &mut Vec<u8>, flow: Flow, segment: Segment<'_>) {
    let packet = ip(flow)
        .tcp(flow.from.port(), flow.to.port(), segment.sequence, WINDOW)
        .psh()
        .ack(segment.acknowledged);
    let _ = packet.write_to_vec(out, segment.payload);
}

fn ip(flow: Flow) -> PacketBuilderStep<IpHeaders> {
    match (flow.from.ip(), flow.to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => PacketBuilder::ipv4(from.octets(), to.octets(), HOPS),
        (from, to) => PacketBuilder::ipv6(six(from), six(to), HOPS),
    }
}

fn six(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
        IpAddr::V6(ip) => ip.octets(),
    }
}
