//! A file that may grow, and the result of reading it.
//!
//! Must not know: names, other files.

use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

use super::successors::Identity;
use super::tail::Tail;
use crate::store::{PooledFile, read_at_most};

/// The file that is currently read.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) file: PooledFile,
    pub(super) position: u64,
    pub(super) tail: Tail,
    pub(super) identity: Identity,
}

/// The result of reading a file.
pub(super) enum Look {
    Bytes(usize),
    End,
    /// No bytes, and no other file may be read yet.
    Waits,
    /// The bytes that were read before have changed or moved.
    Changed,
    /// It was closed meanwhile, and no longer exists.
    Gone,
}

impl Current {
    pub(super) fn new(file: PooledFile) -> Self {
        let identity = Identity::of(&file);
        Self { file, position: 0, tail: Tail::default(), identity }
    }

    /// The file after a read up to `position`; with the bytes before it, as far as `len` goes.
    pub(super) fn at(file: PooledFile, position: u64, len: u64) -> io::Result<(Self, Vec<u8>)> {
        let (mut before, from) = (Vec::new(), position.saturating_sub(len));
        read_at_most(&*file.file()?, from, position - from, &mut before)?;
        let mut current = Self::new(file);
        current.position = position;
        current.tail.push(&before);
        Ok((current, before))
    }

    /// Whether the file has been deleted.
    pub(super) fn is_deleted(&self) -> bool {
        self.file.file().and_then(|file| file.metadata()).map_or(true, |meta| meta.nlink() == 0)
    }

    /// Whether the file is longer than what was read.
    pub(super) fn has_more(&self) -> bool {
        let meta = self.file.file().and_then(|file| file.metadata());
        meta.is_ok_and(|meta| meta.len() > self.position)
    }

    pub(super) fn look(&mut self, buffer: &mut [u8]) -> io::Result<Look> {
        let file = match self.file.file() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Look::Gone),
            file => file?,
        };
        let read = file.read_at(buffer, self.position)?;
        // Checked after the read, so that a change before the read is detected.
        if !self.tail.ends_at(&file, self.position)? {
            return Ok(Look::Changed);
        }
        self.tail.push(&buffer[..read]);
        self.identity.push(&buffer[..read], self.position);
        self.position += read as u64;
        Ok(if read == 0 { Look::End } else { Look::Bytes(read) })
    }
}
