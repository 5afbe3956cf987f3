//! Messages as a libpcap or pcapng file: each in generated IP and UDP or TCP packets.
//!
//! The dump contains only the peer's address. Ours is given by the user, else learned from our own messages, else a
//! documentation address. Every stream transport becomes TCP.
//!
//! Must not know: files, filters.

mod container;
mod packet;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;

use crate::base::Direction;

use super::Entry;
use super::endpoints::{Family, Local, Ours, peer_of, sender_and_receiver};
use crate::store::{DAY, Dates};
use container::{Around, Container};
use packet::{Flow, Segment};

/// The limit for bytes of a message in one TCP packet: the header's length field has 16 bits.
const MOST_IN_SEGMENT: usize = 60_000;
/// The limit for bytes of a message in one UDP packet, from the length fields of UDP and IPv4.
const MOST_IN_DATAGRAM: usize = 65_507;

/// The limit for bytes of messages that are held while our address is not known.
const MOST_HELD: usize = 4 << 20;
/// Microseconds after which no message of ours is expected: a request is answered or abandoned by then (RFC 3261
/// §17.1.1.2).
const LONGEST_HELD: i64 = 32_000_000;

/// A libpcap or pcapng file that is being written.
///
/// Messages are held, up to limits, until a sent message contains our address on their profile.
#[derive(Debug)]
pub struct Pcap {
    container: Container,
    ours: Ours,
    held: VecDeque<Held>,
    held_bytes: usize,
    /// The time from which times are counted, once it is known.
    base: Option<i64>,
    /// Bytes sent so far on each generated TCP connection, by sender and receiver.
    sent: HashMap<(SocketAddr, SocketAddr), u32>,
}

/// A message as packets need it.
#[derive(Debug, Clone, Copy)]
struct Payload<'a> {
    direction: Direction,
    is_stream: bool,
    peer: SocketAddr,
    micros: i64,
    profile: &'a str,
    comment: &'a str,
    content: &'a [u8],
}

/// A message that waits for our address.
#[derive(Debug)]
struct Held {
    profile: Arc<str>,
    direction: Direction,
    is_stream: bool,
    peer: SocketAddr,
    micros: i64,
    comment: String,
    content: Vec<u8>,
}

impl Pcap {
    /// Starts a libpcap file in `out`.
    pub fn new(out: &mut Vec<u8>, local: Local) -> Self {
        Self::within(Container::libpcap(out), local)
    }

    /// Starts a pcapng file in `out`, with a comment on all of it.
    pub fn with_comments(out: &mut Vec<u8>, local: Local, comment: &str) -> Self {
        Self::within(Container::pcapng(out, comment), local)
    }

    fn within(container: Container, local: Local) -> Self {
        Self {
            container,
            ours: Ours::new(local),
            held: VecDeque::new(),
            held_bytes: 0,
            base: None,
            sent: HashMap::new(),
        }
    }

    /// Looks for our address in a message of this profile, whether or not it will be written.
    pub fn learn(&mut self, profile: &str, entry: &Entry<'_>) {
        if entry.direction == Direction::Sent {
            self.ours.learn(profile, entry, Family::of(peer_of(entry).ip()));
        }
    }

    /// Appends the packets of a message of this profile, or holds it. `micros` is its time since 1970; a dump without
    /// dates counts from its first day.
    pub fn message(&mut self, out: &mut Vec<u8>, profile: &str, entry: &Entry<'_>, micros: i64) {
        self.noted(out, (profile, ""), entry, micros);
    }

    /// The same with a comment, which a libpcap file has no place for.
    fn noted(&mut self, out: &mut Vec<u8>, (profile, comment): (&str, &str), entry: &Entry<'_>, micros: i64) {
        self.learn(profile, entry);
        self.release(out, micros);
        let peer = peer_of(entry);
        let (direction, is_stream) = (entry.direction, entry.transport.is_stream());
        let payload =
            Payload { direction, is_stream, peer, micros, profile, comment, content: entry.content };
        if let Some(ours) = self.ours.get(profile, Family::of(peer.ip())).filter(|_| self.held.is_empty()) {
            return self.packets(out, ours, payload);
        }
        self.held_bytes += entry.content.len() + size_of::<Held>();
        let profile = match self.held.back() {
            Some(last) if *last.profile == *profile => Arc::clone(&last.profile),
            _ => Arc::from(profile),
        };
        self.held.push_back(Held {
            profile,
            direction,
            is_stream,
            peer,
            micros,
            comment: comment.to_owned(),
            content: entry.content.to_vec(),
        });
        self.release(out, micros);
    }

    /// The same with a comment, at a time of the index, in microseconds, and with how its date is known.
    pub fn message_at(
        &mut self,
        out: &mut Vec<u8>,
        (profile, comment): (&str, &str),
        entry: &Entry<'_>,
        (time, dates): (i64, Dates),
    ) {
        // A pcap file cannot mark a date as inferred from the file's time: days then count from 1970.
        let first = if dates == Dates::OfFile { time.div_euclid(DAY) * DAY } else { 0 };
        let base = *self.base.get_or_insert(first);
        self.noted(out, (profile, comment), entry, time - base);
    }

    /// Appends the messages that are still held: no message of ours will come.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.release(out, i64::MAX);
    }

    /// Appends the messages that need not wait at this time, in order.
    fn release(&mut self, out: &mut Vec<u8>, now: i64) {
        while let Some(first) = self.held.front() {
            let family = Family::of(first.peer.ip());
            let Some(ours) = self.ours.get(&first.profile, family) else {
                if self.held_bytes <= MOST_HELD && now.saturating_sub(first.micros) <= LONGEST_HELD {
                    return;
                }
                let profile = Arc::clone(&first.profile);
                self.ours.give_up(&profile, family);
                continue;
            };
            let Some(held) = self.held.pop_front() else { return };
            self.held_bytes -= held.content.len() + size_of::<Held>();
            let Held { direction, is_stream, peer, micros, .. } = held;
            let (profile, comment, content) = (&*held.profile, &*held.comment, &*held.content);
            self.packets(
                out,
                ours,
                Payload { direction, is_stream, peer, micros, profile, comment, content },
            );
        }
    }

    fn packets(&mut self, out: &mut Vec<u8>, ours: SocketAddr, payload: Payload<'_>) {
        let Payload { direction, is_stream, peer, micros, profile, comment, content } = payload;
        let [from, to] = sender_and_receiver(direction, peer, ours);
        if !is_stream {
            let payload = &content[..content.len().min(MOST_IN_DATAGRAM)];
            let around = Around { micros, profile, comment };
            return self.container.packet(out, around, |out| packet::udp(out, Flow { from, to }, payload));
        }
        // What is said about a message is said at its first packet.
        let mut comment = comment;
        for payload in content.chunks(MOST_IN_SEGMENT) {
            let sequence = self.sent.get(&(from, to)).copied().unwrap_or(1);
            let acknowledged = self.sent.get(&(to, from)).copied().unwrap_or(1);
            self.sent.insert((from, to), sequence.wrapping_add(payload.len() as u32));
            let segment = Segment { sequence, acknowledged, payload };
            let around = Around { micros, profile, comment: std::mem::take(&mut comment) };
            self.container.packet(out, around, |out| packet::tcp(out, Flow { from, to }, segment));
        }
    }
}
