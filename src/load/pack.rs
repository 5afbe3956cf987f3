//! Decompresses on a thread of its own, and compresses at once into the blocks that the store keeps.
//!
//! So the next files of a set can be decompressed as far ahead as there are cores: what waits is what will be kept anyway.
//!
//! Must not know: which file it is, what is in it.

use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;

use crate::store::{BLOCK, Blocks, Sealer, unseal};

/// So many blocks wait as they were read, too; those further ahead are decompressed again when their turn comes.
const RAW_BLOCKS: usize = 16;

/// A block on its way.
struct Block {
    sealed: Arc<[u8]>,
    raw: Option<Vec<u8>>,
}

/// What another thread reads and packs for us.
pub(super) struct Packed {
    blocks: Receiver<io::Result<Block>>,
    /// How many blocks wait with their text.
    raw_blocks: Arc<AtomicUsize>,
    text: Vec<u8>,
    taken: usize,
    kept: SharedBlocks,
}

/// The blocks of a file as far as it was read.
pub(super) type SharedBlocks = Arc<Mutex<Blocks>>;

/// Whether the thread that decompresses a file is still at work: it holds one end.
#[derive(Debug, Clone)]
pub(super) struct AtWork(Weak<()>);

impl AtWork {
    /// Whether it is.
    pub(super) fn is(&self) -> bool {
        self.0.strong_count() > 0
    }
}

impl Packed {
    /// Begins to read `inner`. The thread ends with its input, or when this reader is dropped. With it come the blocks, as
    /// far as they were read from here, and whether the thread is at work.
    pub(super) fn new(inner: impl Read + Send + 'static) -> (Self, SharedBlocks, AtWork) {
        let (sender, blocks) = channel();
        let raw_blocks = Arc::new(AtomicUsize::new(0));
        let waiting = Arc::clone(&raw_blocks);
        let working = Arc::new(());
        let at_work = AtWork(Arc::downgrade(&working));
        thread::spawn(move || {
            pack_all(inner, &sender, &waiting);
            drop(working);
        });
        let kept = SharedBlocks::default();
        (Self { blocks, raw_blocks, text: Vec::new(), taken: 0, kept: Arc::clone(&kept) }, kept, at_work)
    }

    fn next(&self) -> io::Result<Option<Vec<u8>>> {
        // Without a block the thread is gone: the input is at its end.
        let Ok(block) = self.blocks.recv() else { return Ok(None) };
        let Block { sealed, raw } = block?;
        let text = match raw {
            Some(raw) => {
                self.raw_blocks.fetch_sub(1, Ordering::Relaxed);
                raw
            }
            None => unseal(&sealed)?,
        };
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push_sealed(sealed);
        Ok(Some(text))
    }
}

fn pack_all(mut inner: impl Read, sender: &Sender<io::Result<Block>>, raw_blocks: &AtomicUsize) {
    let mut sealer = Sealer::default();
    loop {
        let mut raw = Vec::with_capacity(BLOCK);
        let result = inner.by_ref().take(BLOCK as u64).read_to_end(&mut raw);
        let ended = result.is_err() || raw.is_empty();
        // What was read before an error comes before the error.
        if !raw.is_empty() {
            let block = sealer.seal(&raw).map(|sealed| {
                let is_near = raw_blocks.load(Ordering::Relaxed) < RAW_BLOCKS;
                raw_blocks.fetch_add(usize::from(is_near), Ordering::Relaxed);
                Block { sealed, raw: is_near.then_some(raw) }
            });
            if sender.send(block).is_err() {
                return;
            }
        }
        if let Err(error) = result {
            // Nobody may be listening any more, which is as good an end as any.
            let _ = sender.send(Err(error));
        }
        if ended {
            return;
        }
    }
}

impl Read for Packed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.text.len() {
            match self.next()? {
                Some(text) => (self.text, self.taken) = (text, 0),
                None => return Ok(0),
            }
        }
        let rest = &self.text[self.taken..];
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        self.taken += len;
        Ok(len)
    }
}
