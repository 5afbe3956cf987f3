//! The streams that hold a part of a message, found by transport, direction and peer address.
//!
//! Must not know: how a message is recognised, where its bytes are used.

use std::hash::{BuildHasher, RandomState};

use super::unsized_body::Unsized;
use crate::base::{Direction, Extent, Timestamp, Transport};
use crate::frame::FrameRef;
use crate::sip::framing::HeadScan;

/// Upper limit of streams that hold a message at the same time.
const MAX_STREAMS: usize = 16_384;
/// The memory limit for all streams together, in bytes, without the long messages.
const MAX_HELD: usize = 12 << 20;
/// The length limit of a joined message, in bytes, unless it announces its length; the default of sofia-sip itself is 2 MiB.
const MAX_MESSAGE: usize = 8 << 20;
/// The length limit of a message that announces its length, in bytes.
const MAX_LONG: usize = 64 << 20;
/// The memory limit for all long messages together, in bytes: those that hold more than [`MAX_MESSAGE`].
const MAX_HELD_LONG: usize = 2 * MAX_LONG;
/// The memory of a slot besides its buffers for bytes and extents.
const SLOT_COST: usize = size_of::<Held>() + 64;
/// Upper limit of free slots that keep their buffers for the next streams.
const MAX_ROOMY: usize = 32;
/// The largest buffer that a free slot keeps, in bytes.
const MAX_KEPT_ROOM: usize = 64 * 1024;

/// A message whose first bytes were read.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) direction: Direction,
    pub(super) transport: Transport,
    pub(super) address: String,
    /// Timestamp and header offset of the frame that contains the first byte.
    pub(super) timestamp: Timestamp,
    pub(super) offset: u64,
    pub(super) frame_count: usize,
    pub(super) data: Vec<u8>,
    pub(super) extents: Vec<Extent>,
    pub(super) scan: HeadScan,
    /// Length of the whole message, once all its header fields are there.
    pub(super) needed: Option<usize>,
    /// When the last frame came, by the dump's clock.
    pub(super) touched: u64,
    hash: u64,
}

/// Memory of held messages, in bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Memory {
    /// Of those up to [`MAX_MESSAGE`].
    usual: usize,
    /// Of longer ones.
    long: usize,
}

impl Memory {
    fn plus(self, other: Self) -> Self {
        Self { usual: self.usual + other.usual, long: self.long + other.long }
    }

    fn minus(self, other: Self) -> Self {
        Self { usual: self.usual - other.usual, long: self.long - other.long }
    }

    fn is_within(self, most: Self) -> bool {
        self.usual <= most.usual && self.long <= most.long
    }

    const fn is_too_much(self) -> bool {
        self.usual > MAX_HELD || self.long > MAX_HELD_LONG
    }

    /// The limits, halved where this exceeds them.
    const fn reduced(self) -> Self {
        Self {
            usual: if self.usual > MAX_HELD { MAX_HELD / 2 } else { MAX_HELD },
            long: if self.long > MAX_HELD_LONG { MAX_HELD_LONG / 2 } else { MAX_HELD_LONG },
        }
    }
}

/// All streams that hold a message. Slots are reused with their buffers, so that holding soon costs no allocation.
#[derive(Debug)]
pub(super) struct Streams {
    slots: Vec<Held>,
    /// Free slots that kept their buffers.
    roomy: Vec<u32>,
    /// Free slots without buffers.
    bare: Vec<u32>,
    /// Open addressing with linear probing: slot + 1, or 0 where free. Always a power of two.
    table: Vec<u32>,
    count: usize,
    held: Memory,
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
            held: Memory::default(),
            hasher: RandomState::new(),
        }
    }
}

impl Streams {
    /// Whether no stream holds a message.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether the streams hold more than allowed.
    pub(super) fn is_over_ceiling(&self) -> bool {
        self.held.is_too_much() || self.count > MAX_STREAMS
    }

    /// Puts into `out` the slots to be given up while all hold too much, the longest silent first: the most recent ones stay, up to
    /// half of each limit that is exceeded, and `grown` stays.
    pub(super) fn given_up(&self, grown: u32, out: &mut Vec<u32>) {
        self.oldest_first(out);
        let most = self.held.reduced();
        let most_streams = if self.count > MAX_STREAMS { MAX_STREAMS / 2 } else { MAX_STREAMS };
        let (mut kept, mut count) = (Memory::default(), 0);
        out.reverse();
        out.retain(|&slot| {
            let cost = self.get(slot).cost();
            let stays = slot == grown || (kept.plus(cost).is_within(most) && count < most_streams);
            if stays {
                kept = kept.plus(cost);
                count += 1;
            }
            !stays
        });
        out.reverse();
    }

    /// The slot of the stream of `frame`, if it holds a message.
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

    /// The held message in a slot that `find`, `open` or `slots` returned.
    pub(super) fn get(&self, slot: u32) -> &Held {
        &self.slots[slot as usize]
    }

    /// Opens a slot for the stream of `frame`, which must not hold a message yet.
    pub(super) fn open(&mut self, frame: &FrameRef<'_>, now: u64) -> u32 {
        let hash = self.hash(frame);
        let slot = self.roomy.pop().or_else(|| self.bare.pop()).unwrap_or_else(|| {
            self.slots.push(Held::empty());
            (self.slots.len() - 1) as u32
        });
        let held = &mut self.slots[slot as usize];
        held.reset(frame, hash, now);
        self.held = self.held.plus(held.cost());
        if (self.count + 1) * 2 > self.table.len() {
            self.grow();
        }
        insert(&mut self.table, hash, slot);
        self.count += 1;
        slot
    }

    /// Appends to a slot the bytes of `frame`'s content that belong to its message, starting at `from`. Returns where
    /// they end, and whether the message is complete.
    pub(super) fn extend(
        &mut self,
        slot: u32,
        frame: &FrameRef<'_>,
        from: usize,
        unsized_body: Unsized,
    ) -> (usize, bool) {
        let held = &mut self.slots[slot as usize];
        self.held = self.held.minus(held.cost());
        let before = held.data.len();
        let rest = &frame.content[from..];
        let wanted = held.needed.map_or(rest.len(), |needed| rest.len().min(needed - before));
        if before + wanted > MAX_MESSAGE && held.may_be_long() {
            // Once, and only when this much has come: what is announced may never come.
            held.data.reserve_exact(held.needed.unwrap_or(0).saturating_sub(before));
        }
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
        self.held = self.held.plus(held.cost());
        (from + taken, held.needed == Some(held.data.len()))
    }

    /// Notes that another frame came for a slot.
    pub(super) fn touch(&mut self, slot: u32, now: u64) {
        let held = &mut self.slots[slot as usize];
        held.touched = now;
    }

    /// Removes a slot from the table: its stream holds nothing now. The slot's bytes stay until it is released.
    pub(super) fn take(&mut self, slot: u32) {
        let mask = self.table.len() - 1;
        let mut hole = self.slots[slot as usize].hash as usize & mask;
        while self.table[hole] != slot + 1 {
            hole = (hole + 1) & mask;
        }
        // Entries after the hole move up, unless their probe sequence begins after the hole.
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
        self.held = self.held.minus(self.slots[slot as usize].cost());
    }

    /// Makes a removed slot free for another stream.
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

    /// Puts all slots that hold a message into `out`, the longest silent first.
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

    /// Its memory.
    fn cost(&self) -> Memory {
        let bytes = self.data.capacity() + self.extents.capacity() * size_of::<Extent>() + SLOT_COST;
        if self.data.len() > MAX_MESSAGE {
            Memory { usual: 0, long: bytes }
        } else {
            Memory { usual: bytes, long: 0 }
        }
    }

    /// Whether it announced a length that is allowed.
    fn may_be_long(&self) -> bool {
        self.needed.is_some_and(|needed| needed <= MAX_LONG)
    }

    /// Whether it is longer than the limit for joined messages.
    pub(super) fn is_too_long(&self) -> bool {
        self.data.len() > if self.may_be_long() { MAX_LONG } else { MAX_MESSAGE }
    }

    fn is_of(&self, frame: &FrameRef<'_>) -> bool {
        self.transport == frame.transport
            && self.direction == frame.direction
            && self.address == frame.address
    }
}

/// Appends to `out` the extents of the content bytes `from..to`, given the extents of the whole content.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exceeded_limit_is_halved() {
        for (usual, long, most) in [
            (MAX_HELD, MAX_HELD_LONG, [MAX_HELD, MAX_HELD_LONG]),
            (MAX_HELD + 1, 0, [MAX_HELD / 2, MAX_HELD_LONG]),
            (0, MAX_HELD_LONG + 1, [MAX_HELD, MAX_HELD_LONG / 2]),
        ] {
            let held = Memory { usual, long };
            assert_eq!([held.reduced().usual, held.reduced().long], most);
            assert_eq!(held.is_too_much(), !held.is_within(Memory { usual: MAX_HELD, long: MAX_HELD_LONG }));
        }
    }
}
