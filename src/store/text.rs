//! Reads text back: by extent, from the file it stands in or from the blocks that were kept.
//!
//! Must not know: rows beyond their extents, how inputs are opened.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use crate::base::Extent;

use super::blocks::Blocks;

/// How many decompressed blocks a reader keeps: neighbours in a list are neighbours in the file.
const CACHED: usize = 8;

/// Where a source's text is.
#[derive(Debug, Clone)]
pub enum Backing {
    /// In the file itself, which is read with `read_at`, never mapped: it may shrink under us.
    File(Arc<File>),
    /// In memory, compressed: the input was compressed itself, or a pipe.
    Blocks(Blocks),
}

/// A message's exact bytes, and how they lay in the input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageText {
    /// All bytes of the message.
    pub bytes: Vec<u8>,
    /// The runs of the input that it was put together from, in order.
    pub pieces: Vec<Piece>,
}

/// A part of a message that lay in one run of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where the piece begins in the message.
    pub start: usize,
    /// Where it stands in the input.
    pub extent: Extent,
    /// The frame header that stands directly before it, without its line end; empty where the
    /// piece begins in the middle of a frame.
    pub header: Vec<u8>,
}

/// No frame header is longer: direction, two numbers, transport, address, stamp.
const HEADER_MOST: u64 = 160;

/// Reads text of one snapshot's sources, with a few open blocks kept. Each thread has its own.
#[derive(Debug, Default)]
pub struct TextReader {
    /// Source, block number, text; the youngest last.
    cache: Vec<(u16, usize, Arc<Vec<u8>>)>,
}

impl TextReader {
    /// Appends the bytes of `extent` of the source to `out`.
    ///
    /// # Errors
    /// `UnexpectedEof` where the source is shorter than it was when it was indexed; else what the
    /// file or the decompressor says.
    pub fn read(
        &mut self,
        source: u16,
        backing: &Backing,
        extent: Extent,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        match backing {
            Backing::File(file) => read_file(file, extent, out),
            Backing::Blocks(blocks) => self.read_blocks(source, blocks, extent, out),
        }
    }

    /// Reads a message that lies in `extents`.
    ///
    /// # Errors
    /// As [`TextReader::read`].
    pub fn message(&mut self, source: u16, backing: &Backing, extents: &[Extent]) -> io::Result<MessageText> {
        let mut text = MessageText::default();
        for extent in extents {
            let start = text.bytes.len();
            self.read(source, backing, *extent, &mut text.bytes)?;
            let header = self.header_before(source, backing, extent.offset);
            text.pieces.push(Piece { start, extent: *extent, header });
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
        source: u16,
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
                take(&self.block(source, blocks, number)?, start, wanted, out)
            };
            if took == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            offset += took as u64;
        }
        Ok(())
    }

    fn block(&mut self, source: u16, blocks: &Blocks, number: usize) -> io::Result<Arc<Vec<u8>>> {
        if let Some(at) = self.cache.iter().position(|(s, n, _)| (*s, *n) == (source, number)) {
            let entry = self.cache.remove(at);
            let text = Arc::clone(&entry.2);
            self.cache.push(entry);
            return Ok(text);
        }
        let text = Arc::new(blocks.decompress(number)?);
        if self.cache.len() == CACHED {
            self.cache.remove(0);
        }
        self.cache.push((source, number, Arc::clone(&text)));
        Ok(text)
    }
}

/// Appends at most `wanted` bytes of `block` from `start` on; how many.
fn take(block: &[u8], start: usize, wanted: usize, out: &mut Vec<u8>) -> usize {
    let rest = block.get(start..).unwrap_or_default();
    let part = &rest[..rest.len().min(wanted)];
    out.extend_from_slice(part);
    part.len()
}

fn read_file(file: &File, extent: Extent, out: &mut Vec<u8>) -> io::Result<()> {
    let start = out.len();
    out.resize(start + extent.len as usize, 0);
    let read = file.read_exact_at(&mut out[start..], extent.offset);
    if read.is_err() {
        out.truncate(start);
    }
    read
}

/// Fills `out` with the bytes from `offset` on, at most `most`, fewer at the end of the file.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::BlockWriter;

    #[test]
    fn text_comes_back_out_of_blocks_also_across_their_borders() {
        let text: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
        let mut writer = BlockWriter::default();
        text.chunks(70_001).for_each(|part| writer.write(part).unwrap());
        let backing = Backing::Blocks(writer.blocks());
        let mut reader = TextReader::default();
        for (offset, len) in [(0, 10), (1_048_570, 20), (1_000_000, 1_900_000), (2_999_990, 10)] {
            let mut out = Vec::new();
            reader.read(0, &backing, Extent::new(offset, len), &mut out).unwrap();
            assert!(out == text[offset as usize..(offset + len) as usize], "{offset}+{len}");
        }
        let past = reader.read(0, &backing, Extent::new(2_999_995, 10), &mut Vec::new());
        assert_eq!(past.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
