//! What was exchanged with each peer host, and how long it takes to respond.
//!
//! Must not know: filters, drawing.

use std::collections::HashMap;

use crate::base::{Direction, host_of};
use crate::store::{Flags, RowRef};

use super::response_times::ResponseTimes;
use super::{MOST_ROWS, is_failure};

/// How many rows of a Call-ID before a response are searched for its request.
const DEPTH: usize = 24;

/// What is counted of a peer host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeerCount {
    /// The host as the dump writes it, without the port: `[192.0.2.7]`.
    pub host: Vec<u8>,
    /// Messages that came from it.
    pub received: u64,
    /// Messages that went to it.
    pub sent: u64,
    /// Responses in either direction that refuse, other than challenges.
    pub failures: u64,
    /// From each request to the peer until its first response, which may be provisional.
    pub times: ResponseTimes,
}

/// The peers while they are counted.
#[derive(Debug, Default)]
pub(super) struct Peers {
    /// By the number of an address and port: the number of the host.
    hosts: Vec<u32>,
    by_name: HashMap<Vec<u8>, u32>,
    counts: Vec<PeerCount>,
}

impl Peers {
    pub(super) fn add(&mut self, row: &RowRef<'_>) {
        let number = self.number(row);
        let Some(peer) = self.counts.get_mut(number as usize) else { return };
        match row.row.direction() {
            Direction::Recv => peer.received += 1,
            Direction::Sent => peer.sent += 1,
        }
        peer.failures += u64::from(is_failure(row.row));
        if let Some(micros) = response_time(row) {
            peer.times.add(micros);
        }
    }

    /// The number of the host of a row's peer.
    fn number(&mut self, row: &RowRef<'_>) -> u32 {
        let address = row.row.peer as usize;
        if self.hosts.len() <= address {
            self.hosts.resize(address + 1, u32::MAX);
        }
        if self.hosts[address] == u32::MAX {
            let host = host_of(row.peer()).to_vec();
            let next = self.counts.len() as u32;
            let number = *self.by_name.entry(host).or_insert_with_key(|host| {
                self.counts.push(PeerCount { host: host.clone(), ..PeerCount::default() });
                next
            });
            self.hosts[address] = number;
        }
        self.hosts[address]
    }

    /// What was counted so far, the most messages first.
    pub(super) fn sorted(&self) -> Vec<PeerCount> {
        let mut order: Vec<&PeerCount> = self.counts.iter().collect();
        order.sort_by(|a, b| (b.received + b.sent, &a.host).cmp(&(a.received + a.sent, &b.host)));
        order.into_iter().take(MOST_ROWS).cloned().collect()
    }
}

/// Microseconds from a request to the peer until this message, if it is the first response to it.
fn response_time(row: &RowRef<'_>) -> Option<u64> {
    if row.row.status == 0 || row.row.direction() != Direction::Recv || row.row.call == 0 {
        return None;
    }
    let transaction = row.row.transaction();
    let mut at = row.row.prev;
    for _ in 0..DEPTH {
        let before = row.snapshot.row(at)?;
        at = before.row.prev;
        if before.row.transaction() != transaction {
            continue;
        }
        if before.row.status != 0 {
            return None;
        }
        // The time begins with the first transmission.
        if before.row.is_request() && !before.row.flags.has(Flags::RETRANSMISSION) {
            return u64::try_from(row.row.time - before.row.time).ok();
        }
    }
    None
}
