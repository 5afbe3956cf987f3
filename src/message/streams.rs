//! The streams that hold a part of a message, found by transport, direction and peer address.
//!
//! Must not know: how a message is recognised, where its bytes go.

use std::hash::{BuildHasher, RandomState};

use super::unsized_body::Unsized;
use crate::base::{Direction, Extent, Timestamp, Transport};
use crate::frame::FrameRef;
use crate::sip::framing::HeadScan;

/// Streams that may hold something at the same time.
pub(super) const MAX_STREAMS: usize = 16_384;
/// Bytes of memory that all streams together may take.
pub(super) const MAX_HELD: usize = 12 << 20;
/// The longest message that is joined, in bytes; sofia-sip itself takes 2 MiB unless told otherwise.
const MAX_MESSAGE: usize = 8 << 20;
/// What a slot takes besides the room for bytes and extents.
const SLOT_COST: usize = size_of::<Held>() + 64;
/// So many free slots keep their room for the next streams.
const MAX_ROOMY: usize = 32;
/// A free slot keeps so much room at most, in bytes.
const MAX_KEPT_ROOM: usize = 64 * 1024;

/// A message of which the first bytes are there.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) direction: Direction,
    pub(super) transport: Transport,
    pub(super) address: String,
    /// Stamp and header offset of the frame in which the first byte stands.
    pub(super) timestamp: Timestamp,
    pub(super) offset: u64,
    pub(super) frame_count: usize,
    pub(super) data: Vec<u8>,
    pub(super) extents: Vec<Extent>,
    pub(super) scan: HeadScan,
    /// Length of the whole message, once its head is there.
    pub(super) needed: Option<usize>,
    /// When the last frame came, by the dump's clock.
    pub(super) touched: u64,
    hash: u64,
}

/// All streams that hold something. Slots are reused with their room, so that holding costs no allocation for long.
#[derive(Debug)]
pub(super) struct Streams {
    slots: Vec<Held>,
    /// Free slots that kept their room.
    roomy: Vec<u32>,
    /// Free slots without room.
    bare: Vec<u32>,
    /// Open addressing with linear probing: slot + 1, or 0 where free. Always a power of two.
    table: Vec<u32>,
    count: usize,
    bytes: usize,
    hasher: RandomState,
}

impl Default for Streams {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            roomy: Vec::new(),
            bare: Vec::new(),
            table: vec![0; 64],
            count: 0,
            bytes: 0,
            hasher: RandomState::new(),
        }
    }
}

impl Streams {
    /// Whether no stream holds anything.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether more is held than allowed.
    pub(super) fn is_over_ceiling(&self) -> bool {
        self.bytes > MAX_HELD || self.count > MAX_STREAMS
    }

    /// The slot of the stream to which `frame` belongs, where it holds something.
    pub(super) fn find(&self, frame: &FrameRef<'_>) -> Option<u32> {
        if self.count == 0 {
            return None;
        }
        let hash = self.hash(frame);
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        while let Some(slot) = self.table[at].checked_sub(1) {
            let held = &self.slots[slot as usize];
            if held.hash == hash && held.is_of(frame) {
                return Some(slot);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// The held message in a slot that `find`, `open` or `slots` named.
    pub(super) fn get(&self, slot: u32) -> &Held {
        &self.slots[slot as usize]
    }

    /// Opens a slot for the stream of `frame`, which must hold nothing yet.
    pub(super) fn open(&mut self, frame: &FrameRef<'_>, now: u64) -> u32 {
        let hash = self.hash(frame);
        let slot = self.roomy.pop().or_else(|| self.bare.pop()).unwrap_or_else(|| {
            self.slots.push(Held::empty());
            (self.slots.len() - 1) as u32
        });
        let held = &mut self.slots[slot as usize];
        held.reset(frame, hash, now);
        self.bytes += held.cost();
        if (self.count + 1) * 2 > self.table.len() {
            self.grow();
        }
        insert(&mut self.table, hash, slot);
        self.count += 1;
        slot
    }

    /// Appends to what a slot holds the bytes of `frame`'s content from `from` on that belong to its message. Gives where
    /// they end, and whether the message is whole.
    pub(super) fn extend(
        &mut self,
        slot: u32,
        frame: &FrameRef<'_>,
        from: usize,
        unsized_body: Unsized,
    ) -> (usize, bool) {
        let held = &mut self.slots[slot as usize];
        self.bytes -= held.cost();
        let before = held.data.len();
        let rest = &frame.content[from..];
        let wanted = held.needed.map_or(rest.len(), |needed| rest.len().min(needed - before));
        held.data.extend_from_slice(&rest[..wanted]);
        if held.needed.is_none()
            && let Some(head) = held.scan.find(&held.data)
        {
            let unsized_len = if unsized_body == Unsized::NoBody { head.len } else { held.data.len() };
            let needed = head.message_len().unwrap_or(unsized_len);
            held.needed = Some(needed);
            held.data.reserve_exact(needed.min(MAX_MESSAGE).saturating_sub(held.data.len()));
        }
        held.data.truncate(held.needed.unwrap_or(usize::MAX));
        let taken = held.data.len() - before;
        push_extents(&mut held.extents, frame.extents, from, from + taken);
        held.frame_count += usize::from(taken > 0);
        self.bytes += held.cost();
        (from + taken, held.needed == Some(held.data.len()))
    }

    /// Notes that another frame came for a slot.
    pub(super) fn touch(&mut self, slot: u32, now: u64) {
        let held = &mut self.slots[slot as usize];
        held.touched = now;
    }

    /// Takes a slot out of the table: its stream holds nothing any more. The slot's bytes stay until it is released.
    pub(super) fn take(&mut self, slot: u32) {
        let mask = self.table.len() - 1;
        let mut hole = self.slots[slot as usize].hash as usize & mask;
        while self.table[hole] != slot + 1 {
            hole = (hole + 1) & mask;
        }
        // Entries behind the hole move up, unless they stand where their probe begins or after the hole.
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let Some(other) = self.table[at].checked_sub(1) else { break };
            let begin = self.slots[other as usize].hash as usize & mask;
            if (at.wrapping_sub(begin) & mask) >= (at.wrapping_sub(hole) & mask) {
                self.table[hole] = self.table[at];
                hole = at;
            }
        }
        self.table[hole] = 0;
        self.count -= 1;
        self.bytes -= self.slots[slot as usize].cost();
    }

    /// Makes a slot that was taken free for another stream.
    pub(super) fn release(&mut self, slot: u32) {
        let held = &mut self.slots[slot as usize];
        held.data.clear();
        held.extents.clear();
        if self.roomy.len() < MAX_ROOMY {
            held.data.shrink_to(MAX_KEPT_ROOM);
            held.extents.shrink_to(MAX_KEPT_ROOM / size_of::<Extent>());
            self.roomy.push(slot);
        } else {
            held.data = Vec::new();
            held.extents = Vec::new();
            held.address = String::new();
            self.bare.push(slot);
        }
    }

    /// Puts all slots that hold something into `out`, the longest silent first.
    pub(super) fn oldest_first(&self, out: &mut Vec<u32>) {
        out.clear();
        out.extend(self.table.iter().filter_map(|entry| entry.checked_sub(1)));
        out.sort_unstable_by_key(|&slot| (self.get(slot).touched, self.get(slot).offset, slot));
    }

    fn hash(&self, frame: &FrameRef<'_>) -> u64 {
        self.hasher.hash_one((frame.transport, frame.direction, frame.address))
    }

    fn grow(&mut self) {
        let mut table = vec![0; self.table.len() * 2];
        for slot in self.table.iter().filter_map(|entry| entry.checked_sub(1)) {
            insert(&mut table, self.slots[slot as usize].hash, slot);
        }
        self.table = table;
    }
}

fn insert(table: &mut [u32], hash: u64, slot: u32) {
    let mask = table.len() - 1;
    let mut at = hash as usize & mask;
    while table[at] != 0 {
        at = (at + 1) & mask;
    }
    table[at] = slot + 1;
}

impl Held {
    fn empty() -> Self {
        Self {
            direction: Direction::Recv,
            transport: Transport::Tcp,
            address: String::new(),
            timestamp: Timestamp::TimeOnly { hour: 0, min: 0, sec: 0, usec: 0 },
            offset: 0,
            frame_count: 0,
            data: Vec::new(),
            extents: Vec::new(),
            scan: HeadScan::default(),
            needed: None,
            touched: 0,
            hash: 0,
        }
    }

    fn reset(&mut self, frame: &FrameRef<'_>, hash: u64, now: u64) {
        self.direction = frame.direction;
        self.transport = frame.transport;
        self.address.clear();
        self.address.push_str(frame.address);
        self.timestamp = frame.timestamp;
        self.offset = frame.offset;
        self.frame_count = 0;
        self.scan = HeadScan::default();
        self.needed = None;
        self.touched = now;
        self.hash = hash;
    }

    /// Bytes of memory that it takes.
    pub(super) fn cost(&self) -> usize {
        self.data.capacity() + self.extents.capacity() * size_of::<Extent>() + SLOT_COST
    }

    /// Whether it is longer than any message that is joined.
    pub(super) fn is_too_long(&self) -> bool {
        self.data.len() > MAX_MESSAGE
    }

    fn is_of(&self, frame: &FrameRef<'_>) -> bool {
        self.transport == frame.transport
            && self.direction == frame.direction
            && self.address == frame.address
    }
}

/// Appends to `out` the places of the content bytes `from..to`, given the places of the whole content.
pub(super) fn push_extents(out: &mut Vec<Extent>, extents: &[Extent], from: usize, to: usize) {
    let (mut from, mut left) = (from as u64, (to - from) as u64);
    for extent in extents {
        if from >= extent.len {
            from -= extent.len;
            continue;
        }
        let len = left.min(extent.len - from);
        if len == 0 {
            return;
        }
        out.push(Extent::new(extent.offset + from, len));
        left -= len;
        from = 0;
    }
}
