//! The last bytes that were read of a file. They show whether the file is still the same, and where reading continues
//! after it was copied, cut or collapsed.
//!
//! Must not know: why files change.

use std::fs::File;
use std::io;

use memchr::memmem::Finder;

use crate::store::read_at_most;

/// Number of bytes that are kept: two frames with equal ends differ within this length.
const KEPT: usize = 1024;
/// Fewer bytes than this could be found anywhere by chance.
const TELLING: usize = 32;
/// Fewer bytes than this could be at the head of a file by chance.
const TELLING_HEAD: usize = 8;
/// Bytes that are searched at once.
const CHUNK: usize = 1 << 20;

/// The last bytes that were read.
#[derive(Debug, Clone, Default)]
pub(super) struct Tail {
    bytes: Vec<u8>,
    scratch: Vec<u8>,
}

impl Tail {
    /// Adds bytes that were read.
    pub(super) fn push(&mut self, read: &[u8]) {
        if read.len() >= KEPT {
            self.bytes.clear();
        }
        self.bytes.extend_from_slice(&read[read.len().saturating_sub(KEPT)..]);
        let surplus = self.bytes.len().saturating_sub(KEPT);
        self.bytes.drain(..surplus);
    }

    /// Whether `file` has these bytes directly before `position`.
    pub(super) fn ends_at(&mut self, file: &File, position: u64) -> io::Result<bool> {
        let len = self.bytes.len() as u64;
        let Some(from) = position.checked_sub(len) else { return Ok(false) };
        read_at_most(file, from, len, &mut self.scratch)?;
        Ok(self.scratch == self.bytes)
    }

    /// Whether the bytes end with `end`, or nothing was read.
    pub(super) fn ends_with(&self, end: &[u8]) -> bool {
        self.bytes.is_empty() || self.bytes.ends_with(end)
    }

    /// Whether there are enough bytes to recognise a file.
    pub(super) fn is_telling(&self) -> bool {
        self.bytes.len() >= TELLING
    }

    /// The position after these bytes in a file whose head was removed. Bytes that were removed with the head are
    /// dropped from the tail.
    pub(super) fn find_end(&mut self, file: &File) -> io::Result<Option<u64>> {
        if !self.is_telling() {
            return Ok(None);
        }
        let finder = Finder::new(&self.bytes);
        let (mut chunk, mut from) = (Vec::new(), 0);
        loop {
            read_at_most(file, from, CHUNK as u64, &mut chunk)?;
            if let Some(at) = finder.find(&chunk) {
                return Ok(Some(from + (at + self.bytes.len()) as u64));
            }
            if from == 0
                && let Some(len) = self.rest_at_head(&chunk)
            {
                self.bytes.drain(..self.bytes.len() - len);
                return Ok(Some(len as u64));
            }
            if chunk.len() < CHUNK {
                return Ok(None);
            }
            from += (CHUNK - self.bytes.len()) as u64;
        }
    }

    /// How many of the last bytes are at the start of `head`.
    fn rest_at_head(&self, head: &[u8]) -> Option<usize> {
        let most = self.bytes.len().min(head.len());
        (TELLING_HEAD..=most).rev().find(|&len| self.bytes.ends_with(&head[..len]))
    }
}
