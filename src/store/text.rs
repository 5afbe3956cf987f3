//! Reads text back by extent, from the file that contains it or from the kept blocks.
//!
//! Must not know: rows beyond their extents, how inputs are opened.

use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use crate::base::Extent;

use super::backing::{Backing, PlainFile, Storage};
use super::blocks::Blocks;

/// How many decompressed blocks a reader keeps: neighbours in a list are neighbours in the file.
const CACHED: usize = 8;

/// The exact bytes of a message, and their extents in the input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageText {
    /// All bytes of the message.
    pub bytes: Vec<u8>,
    /// The extents that the message was joined from, in order.
    pub pieces: Vec<Piece>,
}

/// A part of a message that is contiguous in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where the part begins in the message.
    pub start: usize,
    /// Its position in the file.
    pub extent: Extent,
    /// The file, if the input consists of several.
    pub file: Option<Arc<str>>,
    /// The frame header directly before it, without its line end; empty if the part begins in the middle of a frame.
    pub header: Vec<u8>,
}

/// Upper limit of the length of a frame header: direction, two numbers, transport, address, timestamp.
const HEADER_MOST: u64 = 160;

/// Identifies a block: the source, its part, and the number of the block in that part.
type BlockId = (u16, usize, usize);

/// Reads text of one snapshot's sources and keeps a few decompressed blocks. Each thread has its own reader.
#[derive(Debug, Default)]
pub struct TextReader {
    /// The most recent last.
    cache: Vec<(BlockId, Arc<Vec<u8>>)>,
}

impl TextReader {
    /// Appends the bytes of `extent` of the source to `out`.
    ///
    /// # Errors
    /// `UnexpectedEof` if the source is shorter than it was when it was indexed; otherwise the error of the file or the
    /// decompressor.
    pub fn read(
        &mut self,
        source: u16,
        backing: &Backing,
        extent: Extent,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let (mut offset, end) = (extent.offset, extent.end());
        while offset < end {
            let (number, part, part_end) = backing.part(offset).ok_or(io::ErrorKind::UnexpectedEof)?;
            let here = Extent::new(part.file.position(offset), end.min(part_end) - offset);
            match &part.storage {
                Storage::File(file) => read_file(file, here, out)?,
                Storage::Blocks(blocks, from) => {
                    let here = Extent::new(here.offset - from, here.len);
                    self.read_blocks((source, number), blocks, here, out)?;
                }
            }
            offset += here.len;
        }
        Ok(())
    }

    /// Reads a message with these `extents`.
    ///
    /// # Errors
    /// As [`TextReader::read`].
    pub fn message(&mut self, source: u16, backing: &Backing, extents: &[Extent]) -> io::Result<MessageText> {
        let mut text = MessageText::default();
        for extent in extents {
            let start = text.bytes.len();
            self.read(source, backing, *extent, &mut text.bytes)?;
            let header = self.header_before(source, backing, extent.offset);
            let (file, offset) = backing.locate(extent.offset);
            let extent = Extent::new(offset, extent.len);
            text.pieces.push(Piece { start, extent, file: file.cloned(), header });
        }
        Ok(text)
    }

    fn header_before(&mut self, source: u16, backing: &Backing, offset: u64) -> Vec<u8> {
        let len = offset.min(HEADER_MOST);
        let mut before = Vec::new();
        if self.read(source, backing, Extent::new(offset - len, len), &mut before).is_err() {
            return Vec::new();
        }
        let Some(line) = before.strip_suffix(b":\n") else { return Vec::new() };
        let start = memchr::memrchr(b'\n', line).map_or(0, |at| at + 1);
        let line = &line[start..];
        let is_header = line.starts_with(b"recv ") || line.starts_with(b"sent ");
        if is_header { line.to_vec() } else { Vec::new() }
    }

    fn read_blocks(
        &mut self,
        (source, part): (u16, usize),
        blocks: &Blocks,
        extent: Extent,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let (mut offset, end) = (extent.offset, extent.end());
        while offset < end {
            let (number, start) = Blocks::locate(offset);
            let wanted = (end - offset) as usize;
            let took = if number == blocks.sealed_len() {
                take(blocks.open(), start, wanted, out)
            } else {
                take(&self.block((source, part, number), blocks)?, start, wanted, out)
            };
            if took == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            offset += took as u64;
        }
        Ok(())
    }

    fn block(&mut self, id: BlockId, blocks: &Blocks) -> io::Result<Arc<Vec<u8>>> {
        if let Some(at) = self.cache.iter().position(|(known, _)| *known == id) {
            let entry = self.cache.remove(at);
            let text = Arc::clone(&entry.1);
            self.cache.push(entry);
            return Ok(text);
        }
        let text = Arc::new(blocks.decompress(id.2)?);
        if self.cache.len() == CACHED {
            self.cache.remove(0);
        }
        self.cache.push((id, Arc::clone(&text)));
        Ok(text)
    }
}

/// Appends at most `wanted` bytes of `block` from `start` on; returns how many.
fn take(block: &[u8], start: usize, wanted: usize, out: &mut Vec<u8>) -> usize {
    let rest = block.get(start..).unwrap_or_default();
    let part = &rest[..rest.len().min(wanted)];
    out.extend_from_slice(part);
    part.len()
}

fn read_file(file: &PlainFile, extent: Extent, out: &mut Vec<u8>) -> io::Result<()> {
    let start = out.len();
    out.resize(start + extent.len as usize, 0);
    let read = file.file().and_then(|file| file.read_exact_at(&mut out[start..], extent.offset));
    if read.is_err() {
        out.truncate(start);
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{BlockWriter, FilePart, Part, PooledFile};

    fn text(len: u32) -> Vec<u8> {
        (0..len).map(|n| (n % 251) as u8).collect()
    }

    fn blocks(text: &[u8]) -> Blocks {
        let mut writer = BlockWriter::default();
        text.chunks(70_001).for_each(|part| writer.write(part).unwrap());
        writer.blocks()
    }

    #[test]
    fn text_is_read_back_from_blocks_and_across_their_borders() {
        let text = text(3_000_000);
        let backing = Backing::of_blocks(blocks(&text));
        let mut reader = TextReader::default();
        for (offset, len) in [(0, 10), (1_048_570, 20), (1_000_000, 1_900_000), (2_999_990, 10)] {
            let mut out = Vec::new();
            reader.read(0, &backing, Extent::new(offset, len), &mut out).unwrap();
            assert!(out == text[offset as usize..(offset + len) as usize], "{offset}+{len}");
        }
        let past = reader.read(0, &backing, Extent::new(2_999_995, 10), &mut Vec::new());
        assert_eq!(past.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn the_parts_of_a_set_are_one_text() {
        let text = text(3_000);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.dump");
        // The first hundred bytes of this file are already at the end of the previous part.
        std::fs::write(&path, &text[900..2_000]).unwrap();
        let plain = Arc::new(PlainFile::new(PooledFile::open(&path).unwrap()).unwrap());
        let part = |start, skip, name: &str, storage| Part {
            file: FilePart { name: Arc::from(name), start, skip },
            storage,
        };
        let backing = Backing::of_set(vec![
            part(0, 0, "x.dump.2.xz", Storage::Blocks(blocks(&text[..1_000]), 0)),
            part(1_000, 100, "x.dump.1", Storage::File(plain)),
            part(2_000, 0, "x.dump", Storage::Blocks(blocks(&text[2_000..]), 0)),
        ]);
        let mut reader = TextReader::default();
        for (offset, len) in [(0, 3_000), (990, 20), (1_990, 20), (1_500, 100), (2_500, 1)] {
            let mut out = Vec::new();
            reader.read(0, &backing, Extent::new(offset, len), &mut out).unwrap();
            assert!(out == text[offset as usize..(offset + len) as usize], "{offset}+{len}");
        }
        for (offset, name, storage) in
            [(999, "x.dump.2.xz", 999), (1_000, "x.dump.1", 100), (2_001, "x.dump", 1)]
        {
            let (file, at) = backing.locate(offset);
            assert_eq!((file.map(|name| &**name), at), (Some(name), storage));
        }
    }
}
