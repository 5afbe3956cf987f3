//! Decompresses on a thread, and compresses at once into the blocks that the store keeps.
//!
//! The next files of a set can therefore be decompressed ahead on all cores: the waiting blocks are needed later anyway.
//!
//! Must not know: which file it is, what is in it.

use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::store::{BLOCK, Blocks, Sealer, unseal};

use crate::load::decode::chunk_reader::ChunkReader;
use crate::load::decode::workers;

/// Upper limit of blocks that wait as text, too; blocks beyond it are decompressed again when they are read.
const RAW_BLOCKS: usize = 16;

/// A block between the two threads.
struct Block {
    sealed: Arc<[u8]>,
    raw: Option<Vec<u8>>,
}

/// A reader whose data another thread decompresses and compresses.
pub(in crate::load) struct PrefetchBlocks {
    blocks: Receiver<io::Result<Block>>,
    /// The number of blocks that wait with their text.
    raw_blocks: Arc<AtomicUsize>,
    text: ChunkReader,
    kept: Option<SharedBlocks>,
}

/// The blocks of a file, as far as it was read.
pub(in crate::load) type SharedBlocks = Arc<Mutex<Blocks>>;

/// How many blocks may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::load) enum Room {
    /// Any number, because the store keeps them.
    ForAll,
    /// Up to this number.
    For(usize),
}

impl PrefetchBlocks {
    /// Starts to read `inner`. The thread ends with its input, or when this reader is dropped. Also returns the blocks
    /// that were read from here; if the number of waiting blocks is limited, they are not kept.
    pub(in crate::load) fn new(inner: impl Read + Send + 'static, room: Room) -> (Self, SharedBlocks) {
        let raw_blocks = Arc::new(AtomicUsize::new(0));
        let waiting = Arc::clone(&raw_blocks);
        let (blocks, kept) = match room {
            Room::ForAll => {
                let (sender, blocks) = channel();
                workers::start(move || compress_all(inner, |block| sender.send(block).is_ok(), &waiting));
                (blocks, Some(SharedBlocks::default()))
            }
            Room::For(most) => {
                let (sender, blocks) = sync_channel(most);
                thread::spawn(move || compress_all(inner, |block| sender.send(block).is_ok(), &waiting));
                (blocks, None)
            }
        };
        let shared = kept.clone().unwrap_or_default();
        (Self { blocks, raw_blocks, text: ChunkReader::default(), kept }, shared)
    }
}

/// The text of the next block, if there is one; the block is added to `blocks` if it is to be kept.
fn next(
    blocks: &Receiver<io::Result<Block>>,
    raw_blocks: &AtomicUsize,
    kept: Option<&SharedBlocks>,
) -> io::Result<Option<Vec<u8>>> {
    // If the channel is closed, the thread has ended: this is the end of the input.
    let Ok(block) = blocks.recv() else { return Ok(None) };
    let Block { sealed, raw } = block?;
    let text = match raw {
        Some(raw) => {
            raw_blocks.fetch_sub(1, Ordering::Relaxed);
            raw
        }
        None => unseal(&sealed)?,
    };
    if let Some(kept) = kept {
        kept.lock().unwrap_or_else(PoisonError::into_inner).push_sealed(sealed);
    }
    Ok(Some(text))
}

/// Reads and compresses everything; `send` returns whether the receiver still exists.
fn compress_all(mut inner: impl Read, send: impl Fn(io::Result<Block>) -> bool, raw_blocks: &AtomicUsize) {
    let mut sealer = Sealer::default();
    loop {
        let mut raw = Vec::with_capacity(BLOCK);
        let result = inner.by_ref().take(BLOCK as u64).read_to_end(&mut raw);
        let ended = result.is_err() || raw.is_empty();
        // Data that was read before an error is sent before the error.
        if !raw.is_empty() {
            let block = sealer.seal(&raw).map(|sealed| {
                let is_near = raw_blocks.load(Ordering::Relaxed) < RAW_BLOCKS;
                raw_blocks.fetch_add(usize::from(is_near), Ordering::Relaxed);
                Block { sealed, raw: is_near.then_some(raw) }
            });
            if !send(block) {
                return;
            }
        }
        if let Err(error) = result {
            // The receiver may be gone; then there is nothing left to do.
            let _ = send(Err(error));
        }
        if ended {
            return;
        }
    }
}

impl Read for PrefetchBlocks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Self { blocks, raw_blocks, text, kept } = self;
        text.read(buffer, || next(blocks, raw_blocks, kept.as_ref()))
    }
}
