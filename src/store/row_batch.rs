//! Messages that wait to be added to the store, in few large buffers that are used again: they cross to another thread.
//!
//! Must not know: interned numbers, what else is kept of a message.

use crate::base::Extent;

use super::row::Row;

/// The strings of a row: the peer's address, Call-ID, From, To, the start line's method or reason phrase, and the method.
pub(super) const STRINGS: usize = 6;
/// Where each of them ends.
pub(super) type Ends = [u32; STRINGS];

/// What the store takes of one message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowParts<'a> {
    pub(super) row: &'a Row,
    pub(super) text: &'a [u8],
    pub(super) ends: &'a Ends,
    pub(super) extents: &'a [Extent],
    pub(super) is_reliable: bool,
}

impl<'a> RowParts<'a> {
    /// The peer's address as written.
    pub(crate) fn address(&self) -> &'a [u8] {
        self.string(0)
    }

    pub(super) fn call_id(&self) -> &'a [u8] {
        self.string(1)
    }

    pub(super) fn from(&self) -> &'a [u8] {
        self.string(2)
    }

    pub(super) fn to(&self) -> &'a [u8] {
        self.string(3)
    }

    /// A request's method, or a response's reason phrase.
    pub(super) fn what(&self) -> &'a [u8] {
        self.string(4)
    }

    /// A request's method, or the method of a response's `CSeq`.
    pub(super) fn method(&self) -> &'a [u8] {
        self.string(5)
    }

    fn string(&self, number: usize) -> &'a [u8] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start as usize..self.ends[number] as usize).unwrap_or_default()
    }
}

/// Bytes for which a batch keeps its room when it is emptied.
pub(crate) const KEPT_BYTES: usize = 1 << 20;

/// Rows with their strings, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct RowBatch {
    entries: Vec<Entry>,
    text: Vec<u8>,
    extents: Vec<Extent>,
}

#[derive(Debug)]
struct Entry {
    row: Row,
    ends: Ends,
    /// Where its text and its extents end in those of the batch.
    text_end: usize,
    extents_end: usize,
    is_reliable: bool,
}

impl RowBatch {
    /// Copies a message.
    pub(crate) fn push(&mut self, parts: RowParts<'_>) {
        let RowParts { row, text, ends, extents, is_reliable } = parts;
        self.text.extend_from_slice(text);
        self.extents.extend_from_slice(extents);
        let (text_end, extents_end) = (self.text.len(), self.extents.len());
        self.entries.push(Entry { row: *row, ends: *ends, text_end, extents_end, is_reliable });
    }

    /// Number of messages.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The messages in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = RowParts<'_>> {
        let (mut text_start, mut extents_start) = (0, 0);
        self.entries.iter().map(move |entry| {
            let Entry { row, ends, text_end, extents_end, is_reliable } = entry;
            let text = self.text.get(text_start..*text_end).unwrap_or_default();
            let extents = self.extents.get(extents_start..*extents_end).unwrap_or_default();
            (text_start, extents_start) = (*text_end, *extents_end);
            RowParts { row, text, ends, extents, is_reliable: *is_reliable }
        })
    }

    /// Removes all messages; the room stays unless it is very large.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.extents.clear();
        self.text.clear();
        self.text.shrink_to(KEPT_BYTES);
    }
}
