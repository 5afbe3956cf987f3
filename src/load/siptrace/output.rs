//! Writes entries as the frames of a dump.
//!
//! Must not know: logs, readers.

use std::io::Write;

use super::entry::Entry;
use super::restore::restore;
use crate::base::Timestamp;

/// The end of a frame.
const BOUNDARY: &[u8] = b"\x0b\n";
/// Upper limit of cut frames whose declared ends are remembered.
const MAX_DECLARED: usize = 64;

/// Frames that are not read yet.
#[derive(Debug, Default)]
pub(super) struct Output {
    bytes: Vec<u8>,
    taken: usize,
    /// Offset in the dump of the first of `bytes`.
    offset: u64,
    /// The ends of cut messages' frames according to their own counts, as far as they are in later output. No boundary
    /// may be there: it would be parsed as theirs, and the bytes before it as their content.
    declared: Vec<u64>,
}

impl Output {
    pub(super) fn is_empty(&self) -> bool {
        self.taken == self.bytes.len()
    }

    /// Returns as many bytes as `buffer` can hold.
    pub(super) fn take(&mut self, buffer: &mut [u8]) -> usize {
        let rest = &self.bytes[self.taken..];
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        self.taken += len;
        if self.is_empty() {
            self.offset += self.bytes.len() as u64;
            self.bytes.clear();
            self.taken = 0;
        }
        len
    }

    /// Appends the frame of an entry that has ended. Returns whether it has fewer bytes than declared.
    pub(super) fn frame(&mut self, entry: &Entry, stamp: Timestamp) -> bool {
        let head = &entry.head;
        let start = self.bytes.len();
        self.bytes.extend_from_slice(if head.is_received { b"recv " } else { b"sent " });
        self.bytes.extend_from_slice(&head.middle);
        // Writing to memory does not fail.
        let _ = writeln!(self.bytes, " at {stamp}:");
        let content = self.bytes.len();
        restore(entry.text(), entry.written(), &mut self.bytes);
        let is_cut = self.bytes.len() - content < head.count;
        self.bytes.extend_from_slice(BOUNDARY);
        let shift = self.keep_off(start);
        if is_cut {
            let end = (self.offset + (content + shift) as u64).saturating_add(head.count as u64);
            self.declared.push(end);
            let excess = self.declared.len().saturating_sub(MAX_DECLARED);
            self.declared.drain(..excess);
        }
        is_cut
    }

    /// Moves the frame that begins at `start` behind blank lines, which mean nothing there, until no boundary in it is
    /// at the declared end of an earlier cut frame. Returns the distance.
    fn keep_off(&mut self, start: usize) -> usize {
        let from = self.offset + start as u64;
        self.declared.retain(|&end| end >= from);
        let is_hit = |shift: usize| {
            self.declared.iter().any(|&end| {
                let at = (end - from).checked_sub(shift as u64).and_then(|at| usize::try_from(at).ok());
                at.and_then(|at| self.bytes.get(start.checked_add(at)?..))
                    .is_some_and(|rest| rest.starts_with(BOUNDARY))
            })
        };
        let Some(shift) = (0..=MAX_DECLARED).find(|&shift| !is_hit(shift)).filter(|&shift| shift > 0) else {
            return 0;
        };
        self.bytes.splice(start..start, std::iter::repeat_n(b'\n', shift));
        shift
    }

    /// Ends the dump, but not at the declared end of a cut frame, because that frame would then be complete.
    pub(super) fn finish(&mut self) {
        while self.declared.contains(&(self.offset + self.bytes.len() as u64)) {
            self.bytes.push(b'\n');
        }
    }
}
