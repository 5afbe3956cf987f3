//! A message of the index as a capture agent would have seen it.
//!
//! Must not know: protocols, files of a database, which messages are wanted.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;

use crate::base::Direction;
use crate::calls::{Calls, Handle};
use crate::export::endpoints::{Family, Local, Ours, peer_of, sender_and_receiver};
use crate::export::stored::{Stored, with_next};
use crate::store::{Dates, MessageIdx, RowRef, WindowReader};

use super::zone::Zone;

/// The limit for messages of ours that are read in search of our address.
const LOOKED_AT: usize = 1000;

/// Reads messages back and completes them.
#[derive(Debug)]
pub(super) struct Capture {
    ours: Ours,
    zone: Zone,
    reader: WindowReader,
    /// Up to where an input was searched for our address.
    searched: HashMap<(u16, Family), MessageIdx>,
}

/// What the dump does not say itself about a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    /// Who sent it.
    pub(super) from: SocketAddr,
    /// Who received it.
    pub(super) to: SocketAddr,
    /// Microseconds since 1970-01-01 UTC; of a dump without any date, since the midnight before its first message.
    pub(super) micros: i64,
    /// The Call-ID of the first leg of its call, or its own; empty if it has none.
    pub(super) correlation: &'a [u8],
}

impl Capture {
    pub(super) fn new(local: Local) -> Self {
        Self {
            ours: Ours::new(local),
            zone: Zone::here(),
            reader: WindowReader::default(),
            searched: HashMap::new(),
        }
    }

    /// Gives a message to `use_it`.
    ///
    /// # Errors
    /// If its text cannot be read back.
    pub(super) fn with<T>(
        &mut self,
        row: &RowRef<'_>,
        use_it: impl FnOnce(&Stored<'_>, Context<'_>) -> T,
    ) -> io::Result<T> {
        let ours = self.ours_for(row)?;
        let correlation = correlation(row);
        let Self { zone, reader, .. } = self;
        with_next(row, reader, |stored| {
            let peer = peer_of(&stored.entry);
            let ours = ours.unwrap_or_else(|| Family::of(peer.ip()).placeholder());
            let [from, to] = sender_and_receiver(stored.entry.direction, peer, ours);
            let micros = match stored.dates {
                Dates::Unknown => stored.time,
                _ => zone.utc(stored.time),
            };
            use_it(stored, Context { from, to, micros, correlation })
        })
    }

    /// Our address on the profile of a message: said by the user, or in a message of ours, which may come later.
    fn ours_for(&mut self, row: &RowRef<'_>) -> io::Result<Option<SocketAddr>> {
        let family = family_of(row);
        let profile = row.source().map_or("", |source| &source.profile);
        if let Some(ours) = self.ours.get(profile, family) {
            return Ok(Some(ours));
        }
        let Self { ours, reader, searched, .. } = self;
        let begin = searched.entry((row.row.source, family)).or_insert(row.index);
        let is_ours = |other: &RowRef<'_>| {
            other.row.source == row.row.source
                && other.row.direction() == Direction::Sent
                && family_of(other) == family
        };
        let rest = row.snapshot.rows_from(*begin);
        *begin = row.snapshot.len() as MessageIdx;
        for other in rest.filter(is_ours).take(LOOKED_AT) {
            let learned = with_next(&other, reader, |stored| ours.learn(profile, &stored.entry, family))?;
            if learned {
                break;
            }
        }
        Ok(ours.get(profile, family))
    }
}

fn family_of(row: &RowRef<'_>) -> Family {
    // IPv6 addresses have several colons; an IPv4 address has at most one, before the port.
    if memchr::memchr_iter(b':', row.peer()).nth(1).is_some() { Family::V6 } else { Family::V4 }
}

/// The Call-ID of the first leg of the call of a message, or its own Call-ID.
fn correlation<'a>(row: &RowRef<'a>) -> &'a [u8] {
    let first = || {
        let calls = Calls::of(row.snapshot)?;
        let Handle::Leg(leg) = calls.of_row(row.row)? else { return None };
        Some(row.snapshot.call_id(calls.leg(calls.joins().call_of(leg))?.call_id))
    };
    first().unwrap_or_else(|| row.call_id())
}
