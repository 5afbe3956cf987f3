//! The store's writing side: appends drafts, interns their strings, chains the rows of each call.
//!
//! Must not know: where drafts come from, who reads the snapshots.

use crate::base::interner::Interner;

use super::MessageIdx;
use super::row::{Flags, Row};
use super::row_builder::RowBuilder;
use super::snapshot::{Call, Scattered, Snapshot};

/// How many rows of a call are looked at for the first sending of a retransmission. SIP's timers
/// repeat a message at most eleven times, and other messages of the call come in between.
const RETRANSMISSION_DEPTH: usize = 48;

/// The growing index. Cheap to publish: [`Store::snapshot`] shares all that is full.
#[derive(Debug, Default)]
pub struct Store {
    /// Everything but the strings, which live in the interners until they are published.
    lists: Snapshot,
    peers: Interner,
    call_ids: Interner,
    users: Interner,
    words: Interner,
}

impl Store {
    /// Appends a message as the last row.
    pub fn push(&mut self, builder: &RowBuilder) {
        let index = self.lists.rows.len() as u32;
        let mut row = builder.row;
        row.peer = self.peers.intern(&builder.address);
        row.call = self.call_ids.intern(&builder.call_id);
        row.from = self.users.intern(&builder.from);
        row.to = self.users.intern(&builder.to);
        row.what = self.words.intern(&builder.what);
        row.method = self.words.intern(&builder.method);
        while self.lists.calls.len() <= row.call as usize {
            self.lists.calls.push(Call { first: index, last: Row::NONE, count: 0 });
        }
        if row.call != 0 {
            row.prev = self.lists.calls.get(row.call as usize).map_or(Row::NONE, |c| c.last);
            row.flags = row.flags.with(Flags::RETRANSMISSION, self.was_sent_before(&row));
            self.link(&row, index);
        }
        if row.flags.has(Flags::SCATTERED) {
            let first = self.lists.extents.len() as u32;
            builder.extents.iter().for_each(|e| self.lists.extents.push(*e));
            self.lists.scattered.push(Scattered { row: index, first, count: builder.extents.len() as u32 });
        }
        self.lists.rows.push(row);
    }

    /// The row that was appended last, and its number.
    pub fn last(&self) -> Option<(&Row, MessageIdx)> {
        self.lists.rows.last().map(|row| (row, self.len() as MessageIdx - 1))
    }

    /// Says which of the legs with its Call-ID the last row belongs to.
    pub fn set_leg(&mut self, ordinal: u8) {
        if ordinal > 0
            && let Some(row) = self.lists.rows.get_mut(self.len() - 1)
        {
            row.set_leg_ordinal(ordinal);
        }
    }

    /// What is there now, to be read while the store grows.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            peers: self.peers.strings().clone(),
            call_ids: self.call_ids.strings().clone(),
            users: self.users.strings().clone(),
            words: self.words.strings().clone(),
            ..self.lists.clone()
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.lists.rows.len()
    }

    /// Whether there is no row yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn link(&mut self, row: &Row, index: u32) {
        if let Some(call) = self.lists.calls.get_mut(row.call as usize) {
            call.last = index;
            call.count += 1;
        }
    }

    /// A retransmission is the same message of the same transaction on the same way (RFC 3261
    /// §17): same branch, `CSeq` and kind, to or from the same peer, of the same size. Only over
    /// UDP: streams don't repeat.
    fn was_sent_before(&self, row: &Row) -> bool {
        if row.transport().is_stream() || !row.flags.has(Flags::SIP) {
            return false;
        }
        let same = |before: &Row| {
            (before.branch, before.cseq, before.method) == (row.branch, row.cseq, row.method)
                && (before.status, before.what, before.len) == (row.status, row.what, row.len)
                && (before.peer, before.direction(), before.source) == (row.peer, row.direction(), row.source)
        };
        let mut at = row.prev;
        for _ in 0..RETRANSMISSION_DEPTH {
            match self.lists.rows.get(at as usize) {
                Some(before) if same(before) => return true,
                Some(before) => at = before.prev,
                None => return false,
            }
        }
        false
    }
}
