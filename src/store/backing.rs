//! Where the text of an input is: in unchanged files, or in blocks kept in memory.
//!
//! The files of a rotation set are one text: each file is a part of it.
//!
//! Must not know: rows, how inputs are opened.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use super::blocks::{BLOCK, BlockWriter, Blocks};
use super::pooled_file::PooledFile;

/// This many bytes at a file's start show whether it is still the same file: its first frames have timestamps.
const HEAD: u64 = 1024;

/// Where the text of an input is: its parts in order. A clone shares everything large.
#[derive(Debug, Clone, Default)]
pub struct Backing {
    parts: Vec<Part>,
    /// Whether the input has several files, or will have.
    is_set: bool,
}

/// Where the text of a file begins in the text of its input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePart {
    /// The file's name.
    pub name: Arc<str>,
    /// Offset in the input's text of its first byte.
    pub start: u64,
    /// Bytes at the start of the file's own text that the previous file already contains.
    pub skip: u64,
}

impl FilePart {
    /// The position in the file of the byte at an offset of the input.
    pub fn position(&self, offset: u64) -> u64 {
        offset - self.start + self.skip
    }
}

/// A part of an input's text: a file's text, or the rest of it.
#[derive(Debug, Clone)]
pub struct Part {
    /// The file, and where it begins.
    pub file: FilePart,
    /// Where the file's text is.
    pub storage: Storage,
}

/// Where the text of one file is.
#[derive(Debug, Clone)]
pub enum Storage {
    /// In the file itself.
    File(Arc<PlainFile>),
    /// In memory, compressed: the input is compressed or a pipe, or it may be truncated at any time.
    ///
    /// With the offset in the file's text of the first byte of the blocks.
    Blocks(Blocks, u64),
}

/// A file whose bytes are the text. It is read with `read_at`, never mapped, because it may be truncated at any time.
#[derive(Debug)]
pub struct PlainFile {
    file: PooledFile,
    /// Its first bytes when it was opened.
    head: Vec<u8>,
}

impl PlainFile {
    /// Remembers how the file begins.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn new(file: PooledFile) -> io::Result<Self> {
        let mut head = Vec::new();
        read_at_most(&*file.file()?, 0, HEAD, &mut head)?;
        Ok(Self { file, head })
    }

    /// The last `len` bytes before the byte at `end`, or fewer.
    pub(crate) fn before(&self, end: u64, len: usize) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        let len = (len as u64).min(end);
        read_at_most(&*self.file()?, end - len, len, &mut out)?;
        Ok(out)
    }

    /// The open file.
    pub(super) fn file(&self) -> io::Result<Arc<File>> {
        self.file.file()
    }

    /// The text of a range, copied into blocks. `None` if the file has other text there now.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn copy(&self, from: u64, to: u64) -> io::Result<Option<BlockWriter>> {
        let (mut writer, mut bytes, mut at) = (BlockWriter::default(), Vec::new(), from);
        while at < to {
            read_at_most(&*self.file()?, at, (to - at).min(BLOCK as u64), &mut bytes)?;
            // Checked after each read, so that a change before the read is detected.
            if bytes.is_empty() || !self.is_same() {
                return Ok(None);
            }
            writer.write(&bytes)?;
            at += bytes.len() as u64;
        }
        Ok(Some(writer))
    }

    /// Whether it still begins in the same way. A dump only grows, unless it is truncated, collapsed or overwritten:
    /// then every position may have other text.
    pub(super) fn is_same(&self) -> bool {
        let mut head = Vec::new();
        let read = self.file().and_then(|file| read_at_most(&file, 0, self.head.len() as u64, &mut head));
        read.is_ok() && head == self.head
    }
}

impl Backing {
    /// The text of a rotation set in parts; each part begins where the previous one ends.
    pub fn of_set(parts: Vec<Part>) -> Self {
        Self { parts, is_set: true }
    }

    /// The text of an input that is not a set, in parts like these.
    pub fn of_file_parts(parts: Vec<Part>) -> Self {
        Self { parts, is_set: false }
    }

    /// A text that is the whole file.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        Ok(Self::of(Storage::File(Arc::new(PlainFile::new(PooledFile::open(path)?)?))))
    }

    /// A text in blocks.
    pub fn of_blocks(blocks: Blocks) -> Self {
        Self::of(Storage::Blocks(blocks, 0))
    }

    fn of(storage: Storage) -> Self {
        let file = FilePart { name: Arc::from(""), start: 0, skip: 0 };
        Self::of_file_parts(vec![Part { file, storage }])
    }

    /// The number of the part that contains the byte at `offset`, the part, and where the next one begins.
    pub(super) fn part(&self, offset: u64) -> Option<(usize, &Part, u64)> {
        let number = self.parts.partition_point(|part| part.file.start <= offset).checked_sub(1)?;
        let end = self.parts.get(number + 1).map_or(u64::MAX, |next| next.file.start);
        Some((number, self.parts.get(number)?, end))
    }

    /// Whether the file that contains the byte at `offset` has changed since it was opened.
    pub(super) fn may_differ(&self, offset: u64) -> bool {
        match self.part(offset) {
            Some((_, Part { storage: Storage::File(file), .. }, _)) => !file.is_same(),
            _ => false,
        }
    }

    /// The name of the file that contains the byte at `offset`, and the position in that file's text. No name if the
    /// input is one file.
    pub fn locate(&self, offset: u64) -> (Option<&Arc<str>>, u64) {
        match self.part(offset) {
            Some((_, part, _)) => {
                let name = self.is_set.then_some(&part.file.name);
                (name, part.file.position(offset))
            }
            None => (None, offset),
        }
    }
}

/// Fills `out` with the bytes from `offset` on, at most `most`; fewer at the end of the file.
pub(crate) fn read_at_most(file: &File, offset: u64, most: u64, out: &mut Vec<u8>) -> io::Result<()> {
    out.resize(most as usize, 0);
    let mut filled = 0;
    while filled < out.len() {
        match file.read_at(&mut out[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    out.truncate(filled);
    Ok(())
}
