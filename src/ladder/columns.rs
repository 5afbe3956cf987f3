//! The participants: our profiles and the hosts of the peers, each a column.
//!
//! Must not know: the messages between them.

use crate::base::bytes::decimal;
use crate::base::escape::{escape, escape_into};
use crate::base::number::grouped;
use crate::base::small_map::SmallMap;
use crate::base::{Aliases, Direction};
use crate::store::{Row, RowRef, Source};

/// This many peers have their own column; all others share one, so that the size of a ladder is in proportion to its
/// messages.
const MOST_PEERS: usize = 24;
/// Profiles that have a column of their own, for the same reason.
const MOST_PROFILES: usize = 24;

/// One vertical line of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Its title, escaped: our profile's name; a peer's `IP:port` if it used one port, else its IP. IPv6 addresses are
    /// in brackets.
    pub title: String,
    /// Whether it is FreeSWITCH.
    pub ours: bool,
    /// The peer's addresses as in the dump, escaped, in the order of their first use; empty for ours.
    pub addresses: Vec<String>,
    /// The peer's legs, where legs have names; empty for ours.
    pub legs: Vec<LegName>,
}

/// The name of a leg on a ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegName {
    /// The position of the leg among those of the ladder; it decides about the colour.
    pub number: u8,
    /// Its letter, with a question mark if the leg is only offered.
    pub text: String,
}

/// Whether the addresses and ports of one host share a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hosts {
    /// They do.
    #[default]
    Folded,
    /// Each has its own.
    Unfolded,
}

impl Hosts {
    /// The other setting.
    #[must_use]
    pub const fn toggled(self) -> Self {
        match self {
            Self::Folded => Self::Unfolded,
            Self::Unfolded => Self::Folded,
        }
    }
}

/// The position of a column relative to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Ours,
    Right,
}

/// The columns while they are collected.
#[derive(Debug, Default)]
pub(super) struct Columns {
    fold: Hosts,
    /// Columns in the order of their first message.
    met: Vec<Column>,
    /// Their sides.
    sides: Vec<Side>,
    /// The index in `met` of each source.
    sources: SmallMap<u16, usize>,
    /// The index in `met` of each peer address.
    peers: SmallMap<u32, usize>,
    /// Hosts with their own column.
    own: usize,
    /// The index in `met` of the column that the other hosts share, and how many they are.
    others: Option<(usize, usize)>,
    /// Profiles with a column of their own.
    profiles: usize,
    /// Which of `met` the other profiles share, and how many they are.
    other_profiles: Option<(usize, usize)>,
    /// The column of each of `met`, from the left.
    places: Vec<usize>,
}

impl Columns {
    /// The columns that these messages need.
    pub(super) fn of(messages: &[RowRef<'_>], fold: Hosts) -> Self {
        let mut columns = Self { fold, ..Self::default() };
        let mut hosts: SmallMap<&[u8], usize> = SmallMap::default();
        for message in messages {
            columns.meet_source(message);
            columns.meet_peer(message, &mut hosts);
        }
        columns.order();
        columns
    }

    /// The columns of a message's sender and receiver.
    pub(super) fn ends(&self, row: &Row) -> (usize, usize) {
        let place =
            |met: Option<&usize>| met.and_then(|met| self.places.get(*met)).copied().unwrap_or_default();
        let (ours, peer) = (place(self.sources.get(&row.source)), place(self.peers.get(&row.peer)));
        match row.direction() {
            Direction::Recv => (peer, ours),
            Direction::Sent => (ours, peer),
        }
    }

    /// The columns from left to right.
    pub(super) fn into_list(self) -> Vec<Column> {
        let Self { met: mut list, mut places, .. } = self;
        for at in 0..list.len() {
            // Each column is moved to its place at once, so that few moves are enough.
            while let Some(&place) = places.get(at).filter(|place| **place != at) {
                list.swap(at, place);
                places.swap(at, place);
            }
        }
        list
    }

    fn meet_source(&mut self, message: &RowRef<'_>) {
        if self.sources.contains(&message.row.source) {
            return;
        }
        let next = self.met.len();
        let at = if self.profiles < MOST_PROFILES { next } else { self.meet_other_profile() };
        self.sources.get_or_insert(message.row.source, at);
        if self.profiles < MOST_PROFILES {
            self.profiles += 1;
            let title = |source: &'_ Source| source.title(&message.snapshot.aliases).to_owned();
            let profile = message.source().map(title).unwrap_or_default();
            let title = if profile.is_empty() {
                "FreeSWITCH".into()
            } else {
                escape(profile.as_bytes()).into_owned()
            };
            self.add(Side::Ours, Column { title, ours: true, ..Column::default() });
        }
    }

    fn add(&mut self, side: Side, column: Column) {
        self.met.push(column);
        self.sides.push(side);
    }

    /// Adds the peer of the message: one column per host. A host that sent the first message is left of us; a host to
    /// which we sent the first message is right of us.
    fn meet_peer<'a>(&mut self, message: &RowRef<'a>, hosts: &mut SmallMap<&'a [u8], usize>) {
        if self.peers.contains(&message.row.peer) {
            return;
        }
        let address = message.peer();
        let host = if self.fold == Hosts::Folded { host_of(address) } else { address };
        let next = self.met.len();
        let at = match hosts.get(&host) {
            Some(at) => *at,
            None if self.own < MOST_PEERS => next,
            None => self.meet_other(),
        };
        hosts.get_or_insert(host, at);
        self.peers.get_or_insert(message.row.peer, at);
        if self.others.is_some_and(|(others, _)| others == at) {
            return;
        }
        if at == next {
            self.own += 1;
            let side = match message.row.direction() {
                Direction::Recv => Side::Left,
                Direction::Sent => Side::Right,
            };
            let title = title_in(&message.snapshot.aliases, address, self.fold);
            self.add(side, Column { title, ..Column::default() });
        } else if let Some(column) = self.met.get_mut(at) {
            // A name of one of the ports is not that of all of them.
            let alias = message.snapshot.aliases.of_peer(&column_host(host));
            column.title = alias.map_or_else(|| bracketed(host), clean);
        }
        if let Some(column) = self.met.get_mut(at) {
            column.addresses.push(escape(address).into_owned());
        }
    }

    /// Counts one more host in the column of hosts without their own.
    fn meet_other(&mut self) -> usize {
        let (at, count) = self.others.map_or((self.met.len(), 1), |(at, count)| (at, count + 1));
        self.others = Some((at, count));
        let title = if count == 1 {
            "1 other peer".to_owned()
        } else {
            format!("{} other peers", grouped(count as u64))
        };
        match self.met.get_mut(at) {
            Some(column) => column.title = title,
            None => self.add(Side::Right, Column { title, ..Column::default() }),
        }
        at
    }

    /// One more profile in the column of those that have none of their own.
    fn meet_other_profile(&mut self) -> usize {
        let (at, count) = self.other_profiles.map_or((self.met.len(), 1), |(at, count)| (at, count + 1));
        self.other_profiles = Some((at, count));
        let title = if count == 1 {
            "1 other profile".to_owned()
        } else {
            format!("{} other profiles", grouped(count as u64))
        };
        match self.met.get_mut(at) {
            Some(column) => column.title = title,
            None => self.add(Side::Ours, Column { title, ours: true, ..Column::default() }),
        }
        at
    }

    /// The first peer is next to us, so that the most used arrows cross nothing.
    fn order(&mut self) {
        let count = |wanted: Side| self.sides.iter().filter(|side| **side == wanted).count();
        let (mut left, mut ours) = (count(Side::Left), count(Side::Left));
        let mut right = ours + count(Side::Ours);
        let next = |place: &mut usize| {
            *place += 1;
            *place - 1
        };
        let places = self.sides.iter().map(|side| match side {
            Side::Left => {
                left -= 1;
                left
            }
            Side::Ours => next(&mut ours),
            Side::Right => next(&mut right),
        });
        self.places = places.collect();
    }
}

/// The host of an address in the dump, without brackets: `[192.0.2.7]:5060`, `192.0.2.7:5060`, `[2001:db8::1]:5061`.
/// The whole address if there is no port.
fn host_of(address: &[u8]) -> &[u8] {
    split(address).map_or(address, |(host, _)| host)
}

/// The name of the peer; if each of its ports has a column, with the port.
fn title_in(aliases: &Aliases, address: &[u8], fold: Hosts) -> String {
    let title = || title_of(address);
    match (aliases.of_port(address), aliases.of_peer(address), split(address)) {
        (Some(name), ..) => clean(name),
        (None, Some(name), Some((_, port))) if fold == Hosts::Unfolded => {
            format!("{}:{}", clean(name), escape(port))
        }
        (None, name, _) => name.map_or_else(title, clean),
    }
}

/// The host of a column as an address without a port.
fn column_host(host: &[u8]) -> Vec<u8> {
    [b"[", host, b"]"].concat()
}

fn clean(name: &str) -> String {
    escape(name.as_bytes()).into_owned()
}

fn title_of(address: &[u8]) -> String {
    let Some((host, port)) = split(address) else { return escape(address).into_owned() };
    let mut title = String::with_capacity(address.len() + 2);
    push_bracketed(host, &mut title);
    title.push(':');
    escape_into(port, &mut title);
    title
}

fn split(address: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memrchr(b':', address)?;
    let (host, port) = (&address[..colon], &address[colon + 1..]);
    decimal(port)?;
    let bare = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]"));
    // An IPv6 address without brackets and port ends like a host with a port.
    if bare.is_none() && host.contains(&b':') { None } else { Some((bare.unwrap_or(host), port)) }
}

fn bracketed(host: &[u8]) -> String {
    let mut text = String::new();
    push_bracketed(host, &mut text);
    text
}

fn push_bracketed(host: &[u8], text: &mut String) {
    let wants_brackets = host.contains(&b':') && !host.starts_with(b"[");
    text.push_str(if wants_brackets { "[" } else { "" });
    escape_into(host, text);
    text.push_str(if wants_brackets { "]" } else { "" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_keep_brackets_only_for_ipv6() {
        for (address, host, title) in [
            ("[192.0.2.7]:5060", "192.0.2.7", "192.0.2.7:5060"),
            ("192.0.2.7:5060", "192.0.2.7", "192.0.2.7:5060"),
            ("[2001:db8::1]:5061", "2001:db8::1", "[2001:db8::1]:5061"),
            ("2001:db8::1", "2001:db8::1", "2001:db8::1"),
            ("[x\x1b]:9", "x\x1b", "x\\x1b:9"),
            ("nothing", "nothing", "nothing"),
            ("", "", ""),
        ] {
            assert_eq!(host_of(address.as_bytes()), host.as_bytes(), "{address}");
            assert_eq!(title_of(address.as_bytes()), title, "{address}");
        }
    }
}
