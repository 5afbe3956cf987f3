//! Text that cannot be read back from its input: kept as compressed blocks in memory.
//!
//! Must not know: what the text is.

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::base::segments::Segments;

/// Bytes of text in a block.
pub(crate) const BLOCK: usize = 1 << 20;
/// The fastest level that still halves text.
const LEVEL: i32 = 1;

/// The blocks at one moment. Cloning shares them.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    sealed: Segments<Arc<[u8]>>,
    /// The last, unfinished block, not compressed.
    open: Arc<Vec<u8>>,
}

/// Compresses one block after the other and reuses its memory.
#[derive(Default)]
pub(crate) struct Sealer(Option<zstd::bulk::Compressor<'static>>);

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// Compresses a whole block: every block except the last must be [`BLOCK`] bytes of text.
    ///
    /// # Errors
    /// If the compressor fails, which it does only without memory.
    pub(crate) fn seal(&mut self, text: &[u8]) -> io::Result<Arc<[u8]>> {
        let compressor = match &mut self.0 {
            Some(compressor) => compressor,
            none => none.insert(zstd::bulk::Compressor::new(LEVEL)?),
        };
        compressor.compress(text).map(Arc::from)
    }
}

/// The text of a compressed block.
///
/// # Errors
/// If `block` is not a compressed block.
pub(crate) fn unseal(block: &[u8]) -> io::Result<Vec<u8>> {
    zstd::bulk::decompress(block, BLOCK)
}

impl Blocks {
    /// Appends a block that was already compressed.
    pub(crate) fn push_sealed(&mut self, block: Arc<[u8]>) {
        self.sealed.push(block);
    }

    /// The text of the last blocks, at least `len` bytes if there are that many.
    pub(crate) fn tail(&self, len: usize) -> io::Result<Vec<u8>> {
        let count = len.div_ceil(BLOCK) + 1;
        let mut out = Vec::new();
        for number in self.sealed_len().saturating_sub(count)..self.sealed_len() {
            out.extend(self.decompress(number)?);
        }
        out.extend_from_slice(&self.open);
        Ok(out)
    }

    /// Number of compressed blocks.
    pub(super) fn sealed_len(&self) -> usize {
        self.sealed.len()
    }

    /// The block with this number, decompressed.
    ///
    /// # Errors
    /// If there is no such block, or it does not decompress.
    pub(super) fn decompress(&self, number: usize) -> io::Result<Vec<u8>> {
        let block = self.sealed.get(number).ok_or(io::ErrorKind::UnexpectedEof)?;
        unseal(block)
    }

    /// The unfinished block.
    pub(super) fn open(&self) -> &[u8] {
        &self.open
    }

    /// The number of the block that contains the byte at `offset`, and the position in it.
    pub(super) const fn locate(offset: u64) -> (usize, usize) {
        ((offset / BLOCK as u64) as usize, (offset % BLOCK as u64) as usize)
    }
}

/// Fills blocks one after the other.
#[derive(Debug, Default)]
pub struct BlockWriter {
    blocks: Blocks,
    sealer: Sealer,
}

impl BlockWriter {
    /// Appends text.
    ///
    /// # Errors
    /// If the compressor fails, which it does only without memory.
    pub fn write(&mut self, mut text: &[u8]) -> io::Result<()> {
        while !text.is_empty() {
            let open = Arc::make_mut(&mut self.blocks.open);
            let (head, rest) = text.split_at(text.len().min(BLOCK - open.len()));
            open.extend_from_slice(head);
            text = rest;
            if open.len() == BLOCK {
                let sealed = self.sealer.seal(open)?;
                open.clear();
                self.blocks.sealed.push(sealed);
            }
        }
        Ok(())
    }

    /// All text written so far, read-only.
    pub fn blocks(&self) -> Blocks {
        self.blocks.clone()
    }
}
