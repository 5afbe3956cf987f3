//! The bytes of the packets.

use super::*;
use crate::base::{Timestamp, Transport};

fn entry<'a>(direction: Direction, transport: Transport, address: &'a str, content: &'a [u8]) -> Entry<'a> {
    Entry {
        date: None,
        file: "x.dump",
        offset: 0,
        direction,
        transport,
        address: address.as_bytes(),
        stamp: Timestamp::TimeOnly { hour: 0, min: 0, sec: 0, usec: 0 },
        frames: 1,
        content,
    }
}

/// The sum of all 16-bit words that a checksum covers; 0xffff if the checksum is right.
fn folded(bytes: &[u8]) -> u32 {
    let mut sum = bytes.chunks(2).map(|p| u32::from(p[0]) << 8 | u32::from(*p.get(1).unwrap_or(&0))).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum
}

#[test]
fn a_datagram_is_written_byte_for_byte() {
    let mut out = Vec::new();
    let mut pcap = Pcap::new(&mut out, Local::default().with("203.0.113.5:5080").unwrap());
    let header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0];
    assert_eq!(out, header);
    out.clear();
    let entry = entry(Direction::Sent, Transport::Udp, "[192.0.2.7]:5062", b"BYE");
    pcap.message(&mut out, "internal", &entry, 7_000_009);
    assert_eq!(out[..16], [7, 0, 0, 0, 9, 0, 0, 0, 31, 0, 0, 0, 31, 0, 0, 0]);
    let ip = &out[16..36];
    assert_eq!(ip[..10], [0x45, 0, 0, 31, 0, 0, 0x40, 0, 64, 17]);
    assert_eq!(ip[12..], [203, 0, 113, 5, 192, 0, 2, 7]);
    assert_eq!(folded(ip), 0xffff);
    let udp = &out[36..];
    assert_eq!(udp[..6], [0x13, 0xd8, 0x13, 0xc6, 0, 11]);
    assert_eq!(&udp[8..], b"BYE");
    let covered = [&ip[12..], &[0, 17, 0, 11], udp].concat();
    assert_eq!(folded(&covered), 0xffff);
}

#[test]
fn a_stream_counts_its_bytes_in_each_direction_and_long_messages_are_split() {
    let mut out = Vec::new();
    let mut pcap = Pcap::new(&mut out, Local::default().with("2001:db8::1").unwrap());
    let long = vec![b'x'; MOST_IN_SEGMENT + 5];
    let mut packets = Vec::new();
    for (direction, content) in
        [(Direction::Recv, &b"abc"[..]), (Direction::Sent, &long), (Direction::Recv, b"d")]
    {
        out.clear();
        pcap.message(
            &mut out,
            "internal",
            &entry(direction, Transport::Tls, "[2001:db8::7]:40312", content),
            0,
        );
        let mut rest = &out[..];
        while !rest.is_empty() {
            let length = u32::from_le_bytes(rest[8..12].try_into().unwrap()) as usize;
            packets.push(rest[16..16 + length].to_vec());
            rest = &rest[16 + length..];
        }
    }
    let number = |packet: &[u8], at: usize| u32::from_be_bytes(packet[at..at + 4].try_into().unwrap());
    let seen: Vec<_> = packets.iter().map(|p| (p.len() - 60, number(p, 44), number(p, 48))).collect();
    let most = MOST_IN_SEGMENT as u32;
    assert_eq!(seen, [(3, 1, 1), (MOST_IN_SEGMENT, 1, 4), (5, 1 + most, 4), (1, 4, 6 + most)]);
    for packet in &packets {
        let length = (packet.len() - 40) as u32;
        assert_eq!((packet[0], packet[6], packet[7]), (0x60, 6, 64));
        let covered = [&packet[8..40], &length.to_be_bytes(), &[0, 0, 0, 6], &packet[40..]].concat();
        assert_eq!(folded(&covered), 0xffff);
    }
}

/// Sources and destinations of the packets over IPv4.
fn ends(out: &[u8]) -> Vec<(String, String)> {
    let mut ends = Vec::new();
    let mut rest = out;
    while rest.len() > 16 {
        let length = u32::from_le_bytes(rest[8..12].try_into().unwrap()) as usize;
        let ip = &rest[16..16 + length];
        let end = |at: usize, port: usize| {
            let host = <[u8; 4]>::try_from(&ip[at..at + 4]).unwrap();
            SocketAddr::from((host, u16::from_be_bytes([ip[port], ip[port + 1]]))).to_string()
        };
        ends.push((end(12, 20), end(16, 22)));
        rest = &rest[16 + length..];
    }
    ends
}

const OURS: &[u8] = b"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.5:5080;branch=z9\r\n\r\n";
const THEIRS: &[u8] = b"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7:5060;branch=z9\r\n\r\n";

#[test]
fn messages_wait_until_one_of_ours_tells_our_address() {
    let mut out = Vec::new();
    let mut pcap = Pcap::new(&mut out, Local::default());
    out.clear();
    let recv = entry(Direction::Recv, Transport::Udp, "[192.0.2.7]:5060", THEIRS);
    let sent = entry(Direction::Sent, Transport::Udp, "[192.0.2.7]:5060", OURS);
    pcap.message(&mut out, "internal", &recv, 0);
    // An address in a message of another profile says nothing about this one.
    pcap.learn("external", &sent);
    pcap.message(&mut out, "external", &recv, 1);
    assert_eq!(out, b"");
    pcap.message(&mut out, "internal", &sent, 2);
    let (us, them) = ("203.0.113.5:5080".to_owned(), "192.0.2.7:5060".to_owned());
    assert_eq!(ends(&out), [(them.clone(), us.clone()), (them.clone(), us.clone()), (us, them)]);
}

#[test]
fn held_messages_are_limited_in_time_and_bytes_and_by_the_end() {
    let recv = entry(Direction::Recv, Transport::Udp, "[192.0.2.7]:5060", THEIRS);
    let placeholder = ("192.0.2.7:5060".to_owned(), "192.0.2.1:5060".to_owned());
    let written = |count: i64, step: i64| {
        let mut out = Vec::new();
        let mut pcap = Pcap::new(&mut out, Local::default());
        out.clear();
        (0..count).for_each(|number| pcap.message(&mut out, "internal", &recv, number * step));
        let before = ends(&out);
        pcap.finish(&mut out);
        assert!(ends(&out).iter().all(|end| *end == placeholder));
        (before.len() as i64, ends(&out).len() as i64)
    };
    assert_eq!(written(3, 1_000_000), (0, 3));
    assert_eq!(written(34, 1_000_000), (34, 34));
    assert_eq!(written(40_000, 1), (40_000, 40_000));
}
