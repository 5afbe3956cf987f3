//! Decompresses on a thread, and compresses at once into the blocks that the store keeps.
//!
//! The next files of a set can therefore be decompressed ahead on all cores: the waiting blocks are needed later anyway.
//!
//! A reader that waits long for a block pauses, so that the progress can be shown: a log without entries has no block.
//!
//! Must not know: which file it is, what is in it.

use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::store::{BLOCK, Blocks, Sealer, unseal};

use crate::load::decode::chunk_reader::ChunkReader;
use crate::load::decode::count::Counter;
use crate::load::decode::workers;

/// Upper limit of blocks that wait as text, too; blocks beyond it are decompressed again when they are read.
const RAW_BLOCKS: usize = 16;

/// After this time without a block the reader pauses.
const PATIENCE: Duration = Duration::from_millis(100);

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
    counter: Counter,
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
    /// that were read from here; if the number of waiting blocks is limited, they are not kept. If the growth of `counter`
    /// is displayed, reads pause for it.
    pub(in crate::load) fn new(
        inner: impl Read + Send + 'static,
        room: Room,
        counter: Counter,
    ) -> (Self, SharedBlocks) {
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
        (Self { blocks, raw_blocks, text: ChunkReader::default(), kept, counter }, shared)
    }
}

/// The text of the next block, if there is one; the block is added to `blocks` if it is to be kept.
fn next(
    blocks: &Receiver<io::Result<Block>>,
    raw_blocks: &AtomicUsize,
    kept: Option<&SharedBlocks>,
    counter: &Counter,
) -> io::Result<Option<Vec<u8>>> {
    let block = match blocks.recv_timeout(PATIENCE) {
        Err(RecvTimeoutError::Timeout) => match counter.pause() {
            Some(pause) => return Err(pause),
            None => blocks.recv().ok(),
        },
        block => block.ok(),
    };
    // If the channel is closed, the thread has ended: this is the end of the input.
    let Some(block) = block else { return Ok(None) };
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
        let Self { blocks, raw_blocks, text, kept, counter } = self;
        text.read(buffer, || next(blocks, raw_blocks, kept.as_ref(), counter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits for each read until it is permitted.
    struct Gate(Receiver<()>, &'static [u8]);

    impl Read for Gate {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            // The test may have ended.
            let _ = self.0.recv();
            self.1.read(buffer)
        }
    }

    #[test]
    fn a_long_wait_for_a_block_is_a_pause_only_if_progress_is_displayed() {
        for room in [Room::ForAll, Room::For(1)] {
            let counter = Counter::default().shown();
            let (permit, permits) = channel();
            let (mut reader, _) = PrefetchBlocks::new(Gate(permits, b"text"), room, counter.clone());
            let mut buffer = [0; 9];
            for _ in 0..2 {
                assert_eq!(reader.read(&mut buffer).unwrap_err().kind(), io::ErrorKind::WouldBlock);
                assert!(counter.take_has_more() && !counter.take_has_more());
            }
            drop(permit);
            let mut out = Vec::new();
            loop {
                match reader.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(read) => out.extend_from_slice(&buffer[..read]),
                    Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
                }
            }
            assert_eq!(out, b"text");
        }
        let (permit, permits) = channel();
        let (mut reader, _) = PrefetchBlocks::new(Gate(permits, b"text"), Room::ForAll, Counter::default());
        let releases = thread::spawn(move || {
            thread::sleep(2 * PATIENCE);
            drop(permit);
        });
        assert_eq!(io::read_to_string(&mut reader).unwrap(), "text");
        releases.join().unwrap();
    }
}
