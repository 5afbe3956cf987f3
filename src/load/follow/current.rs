//! A file that may grow, and what a look at it found.
//!
//! Must not know: names, other files.

use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

use super::tail::Tail;
use crate::store::PooledFile;

/// The file that is read at present.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) file: PooledFile,
    pub(super) position: u64,
    pub(super) tail: Tail,
}

/// What a look at a file found.
pub(super) enum Look {
    Bytes(usize),
    End,
    /// Nothing, and no other file may be read yet.
    Waits,
    /// What was read before stands no longer where it stood.
    Changed,
    /// It was closed meanwhile, and is nowhere any more.
    Gone,
}

impl Current {
    pub(super) fn new(file: PooledFile) -> Self {
        Self { file, position: 0, tail: Tail::default() }
    }

    /// Whether the file has no name any more.
    pub(super) fn is_deleted(&self) -> bool {
        self.file.file().and_then(|file| file.metadata()).map_or(true, |meta| meta.nlink() == 0)
    }

    /// Whether there is more of it than was read.
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
        // Only after the read: whatever came before it is then seen.
        if !self.tail.ends_at(&file, self.position)? {
            return Ok(Look::Changed);
        }
        self.tail.push(&buffer[..read]);
        self.position += read as u64;
        Ok(if read == 0 { Look::End } else { Look::Bytes(read) })
    }
}
