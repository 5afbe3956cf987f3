//! The store's writing side: appends messages, interns their strings, chains the rows of each call.
//!
//! Must not know: where messages come from, who reads the snapshots.

use crate::base::interner::Interner;

use super::MessageIdx;
use super::row::{Flags, Row};
use super::row_batch::RowParts;
use super::row_builder::RowBuilder;
use super::snapshot::{Call, Scattered, Snapshot};
use super::waiting::{TIMER_B, Waited};

/// How many earlier rows of a call are searched for the first transmission of a retransmission. SIP's timers repeat a
/// message at most eleven times, and other messages of the call come in between.
const RETRANSMISSION_DEPTH: usize = 48;
/// How many rows of a call before a final response are searched for its request.
const ANSWER_DEPTH: usize = 512;

/// The growing index. Publishing is cheap: [`Store::snapshot`] shares all full segments.
#[derive(Debug, Default)]
pub struct Store {
    /// Everything except the strings, which are in the interners until they are published.
    lists: Snapshot,
    peers: Interner,
    call_ids: Interner,
    parties: Interner,
    words: Interner,
}

impl Store {
    /// Appends a message as the last row.
    pub fn push(&mut self, builder: &RowBuilder) {
        self.push_parts(builder.parts());
    }

    /// Appends a message that waited in a batch.
    pub(crate) fn push_parts(&mut self, parts: RowParts<'_>) {
        let index = self.lists.rows.len() as u32;
        let mut row = *parts.row;
        row.peer = self.peers.intern(parts.address());
        row.call = self.call_ids.intern(parts.call_id());
        row.from = self.parties.intern(parts.from());
        row.to = self.parties.intern(parts.to());
        row.what = self.words.intern(parts.what());
        // The word of a request is its method.
        row.method = if row.is_request() { row.what } else { self.words.intern(parts.method()) };
        while self.lists.calls.len() <= row.call as usize {
            self.lists.calls.push(Call { first: index, last: Row::NONE, count: 0 });
        }
        if row.call != 0 {
            row.prev = self.lists.calls.get(row.call as usize).map_or(Row::NONE, |c| c.last);
            self.relate(&mut row, parts.is_reliable);
            self.link(&row, index);
        }
        if row.flags.has(Flags::SCATTERED) {
            let first = self.lists.extents.len() as u32;
            parts.extents.iter().for_each(|e| self.lists.extents.push(*e));
            self.lists.scattered.push(Scattered { row: index, first, count: parts.extents.len() as u32 });
        }
        self.lists.rows.push(row);
    }

    /// The row that was appended last, and its number.
    pub fn last(&self) -> Option<(&Row, MessageIdx)> {
        self.lists.rows.last().map(|row| (row, self.len() as MessageIdx - 1))
    }

    /// Sets the leg, among those with its Call-ID, that the last row belongs to.
    pub fn set_leg(&mut self, ordinal: u8) {
        if ordinal > 0
            && let Some(row) = self.lists.rows.get_mut(self.len() - 1)
        {
            row.set_leg_ordinal(ordinal);
        }
    }

    /// The current contents, to be read while the store grows.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            peers: self.peers.strings().clone(),
            call_ids: self.call_ids.strings().clone(),
            parties: self.parties.strings().clone(),
            words: self.words.strings().clone(),
            ..self.lists.clone()
        }
    }

    /// The row with this number.
    pub(crate) fn row(&self, index: MessageIdx) -> Option<&Row> {
        self.lists.rows.get(index as usize)
    }

    /// Whether `row` is a request that needs a final response and has none so far.
    pub(crate) fn is_waiting(&self, row: &Row) -> bool {
        row.wants_answer() && !self.is(row, b"ACK") && !row.flags.has(Flags::ANSWERED)
    }

    /// How a request without a final response has waited for it until `now`.
    pub(crate) fn waited(&self, row: &Row, now: i64) -> Waited {
        Waited::of(row, self.lists.rows_backwards(row.call), |row| self.is(row, b"INVITE"), now)
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.lists.rows.len()
    }

    /// Whether there is no row yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Relates a message to the earlier messages of its call: retransmissions and answered requests.
    fn relate(&mut self, row: &mut Row, is_reliable: bool) {
        let before = self.sent_before(row, is_reliable);
        if let Some(before) = before.and_then(|at| self.lists.rows.get(at as usize)) {
            let is_answered = before.flags.has(Flags::ANSWERED);
            row.flags = row.flags.with(Flags::RETRANSMISSION, true).with(Flags::ANSWERED, is_answered);
        } else if row.status >= 200 {
            self.answer(row);
        }
    }

    fn link(&mut self, row: &Row, index: u32) {
        if let Some(call) = self.lists.calls.get_mut(row.call as usize) {
            call.last = index;
            call.count += 1;
        }
    }

    /// The first transmission of a message, if it was sent before.
    ///
    /// A retransmission is the same message of the same transaction (RFC 3261 §17) between the same ends; for a
    /// response also of the same dialog, and for a reliable provisional one with the same `RSeq` (RFC 3262 §3). A
    /// provisional response that comes a minute later is none: it says that the call still rings (§13.3.1.1). On
    /// streams only messages with end-to-end retransmission are repeated: a 2xx to an INVITE (RFC 3261 §13.3.1.4), the
    /// ACKs to it, and reliable provisional responses.
    fn sent_before(&self, row: &Row, is_reliable: bool) -> Option<MessageIdx> {
        let is_repeated_end_to_end = match row.status {
            0 => self.is(row, b"ACK"),
            200..=299 => self.is(row, b"INVITE"),
            _ => is_reliable,
        };
        if !row.flags.has(Flags::SIP) || row.transport().is_stream() && !is_repeated_end_to_end {
            return None;
        }
        let sending = row.sending();
        self.earlier(row, RETRANSMISSION_DEPTH)
            .find(|(_, before)| before.sending() == sending)
            .filter(|(_, before)| !matches!(row.status, 101..200) || row.time - before.time < TIMER_B)
            .map(|(at, _)| at)
    }

    /// A final response answers all transmissions of its request.
    fn answer(&mut self, response: &Row) {
        let transaction = response.transaction();
        let mut at = response.prev;
        for _ in 0..ANSWER_DEPTH {
            let Some(row) = self.lists.rows.get(at as usize) else { return };
            let (is_request, prev) = (row.is_request() && row.transaction() == transaction, row.prev);
            let is_first = !row.flags.has(Flags::RETRANSMISSION);
            if is_request && let Some(row) = self.lists.rows.get_mut(at as usize) {
                row.flags = row.flags.with(Flags::ANSWERED, true);
                if is_first {
                    return;
                }
            }
            at = prev;
        }
    }

    fn is(&self, row: &Row, method: &[u8]) -> bool {
        self.words.strings().get(row.method) == method
    }

    /// Up to `most` rows of the same Call-ID before this one, the latest first.
    fn earlier(&self, row: &Row, most: usize) -> impl Iterator<Item = (MessageIdx, &Row)> {
        let rows = &self.lists.rows;
        let at = |at: MessageIdx| rows.get(at as usize).map(|row| (at, row));
        std::iter::successors(at(row.prev), move |(_, row)| at(row.prev)).take(most)
    }
}
