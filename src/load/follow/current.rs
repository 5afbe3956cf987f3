//! A file that may grow, and what a look at it found.
//!
//! Must not know: names, other files.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

use super::tail::Tail;

/// The file that is read at present.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) file: File,
    /// Device and inode: they tell whether the name means another file by now.
    pub(super) id: (u64, u64),
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
}

impl Current {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let id = id(&file.metadata()?);
        Ok(Self { file, id, position: 0, tail: Tail::default() })
    }

    pub(super) fn look(&mut self, buffer: &mut [u8]) -> io::Result<Look> {
        let read = self.file.read_at(buffer, self.position)?;
        // Only after the read: whatever came before it is then seen.
        if !self.tail.ends_at(&self.file, self.position)? {
            return Ok(Look::Changed);
        }
        self.tail.push(&buffer[..read]);
        self.position += read as u64;
        Ok(if read == 0 { Look::End } else { Look::Bytes(read) })
    }
}

pub(super) fn id(meta: &Metadata) -> (u64, u64) {
    (meta.dev(), meta.ino())
}
