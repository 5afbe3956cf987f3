//! Reads ahead on another thread, so that decompression runs in parallel with parsing.
//!
//! Must not know: what is decompressed.

use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::frame::Idle;

use crate::load::decode::chunk_reader::ChunkReader;
use crate::load::follow::Follow;
use crate::load::follow::watch::Bell;

/// Size of a chunk in bytes.
const CHUNK: usize = 1 << 18;
/// Upper limit of the chunks that wait to be read.
const WAITING: usize = 4;

/// Time between two reads of a non-blocking pipe.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Upper limit of prefetching threads: beyond it, decompression happens in the reading thread.
const MOST: usize = 16;

/// The number of prefetching threads.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// A reader whose data another thread reads.
#[derive(Debug)]
pub(in crate::load) struct Prefetch {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: ChunkReader,
    /// For a live input: whether the end of the available data is the end of the input.
    live: Option<Live>,
}

/// The handle that ends the input, and when its last bytes were read.
#[derive(Debug)]
struct Live {
    follow: Follow,
    grew: Instant,
}

impl Prefetch {
    /// Starts to read `inner`. The thread ends with its input, or when this reader is dropped.
    pub(in crate::load) fn new(inner: impl Read + Send + 'static) -> Self {
        let (sender, chunks) = sync_channel(WAITING);
        THREADS.fetch_add(1, Ordering::Relaxed);
        thread::spawn(move || {
            read_all(inner, &sender);
            THREADS.fetch_sub(1, Ordering::Relaxed);
        });
        Self { chunks, chunk: ChunkReader::default(), live: None }
    }

    /// Whether the limit of prefetching threads is reached.
    pub(in crate::load) fn is_crowded() -> bool {
        THREADS.load(Ordering::Relaxed) >= MOST
    }

    /// Reads ahead on a live input: if nothing is available, a read returns `WouldBlock`, and `bell` rings when there
    /// is more. The input ends when `follow` ends.
    pub(in crate::load) fn live(inner: impl Read + Send + 'static, follow: Follow, bell: Bell) -> Self {
        let (sender, chunks) = sync_channel(WAITING);
        thread::spawn(move || {
            read_live(inner, sender, &bell);
            // The end also rings the bell.
            bell.ring();
        });
        Self { chunks, chunk: ChunkReader::default(), live: Some(Live { follow, grew: Instant::now() }) }
    }
}

/// The next chunk, if there is one.
fn next(chunks: &Receiver<io::Result<Vec<u8>>>, live: Option<&mut Live>) -> io::Result<Option<Vec<u8>>> {
    let next = if let Some(live) = live {
        match chunks.try_recv() {
            Err(TryRecvError::Empty) if !live.follow.is_ended() => {
                return Err(Idle::pause(live.grew.elapsed()));
            }
            next => {
                live.grew = Instant::now();
                next.ok()
            }
        }
    } else {
        chunks.recv().ok()
    };
    // If the channel is closed, the thread has ended: this is the end of the input.
    next.transpose()
}

fn read_all(mut inner: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let result = inner.by_ref().take(CHUNK as u64).read_to_end(&mut chunk);
        let ended = result.is_err() || chunk.is_empty();
        // Data that was read before an error is sent before the error.
        if !chunk.is_empty() && sender.send(Ok(chunk)).is_err() {
            return;
        }
        if let Err(error) = result {
            // The receiver may be gone; then there is nothing left to do.
            let _ = sender.send(Err(error));
        }
        if ended {
            return;
        }
    }
}

/// Sends the result of each read at once.
#[expect(clippy::needless_pass_by_value, reason = "the channel must be closed when this ends")]
fn read_live(mut inner: impl Read, sender: SyncSender<io::Result<Vec<u8>>>, bell: &Bell) {
    let mut buffer = vec![0; CHUNK];
    loop {
        let chunk = match inner.read(&mut buffer) {
            Ok(0) => return,
            Ok(read) => Ok(buffer[..read].to_vec()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // Another process made the pipe non-blocking, so this thread waits.
                thread::sleep(POLL_INTERVAL);
                continue;
            }
            Err(error) => Err(error),
        };
        let broken = chunk.is_err();
        if sender.send(chunk).is_err() || broken {
            return;
        }
        bell.ring();
    }
}

impl Read for Prefetch {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Self { chunks, chunk, live } = self;
        chunk.read(buffer, || next(chunks, live.as_mut()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Failing(usize);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::Error::other("broken"));
            }
            let len = self.0.min(buffer.len()).min(1000);
            buffer[..len].fill(7);
            self.0 -= len;
            Ok(len)
        }
    }

    #[test]
    fn all_bytes_are_read_before_the_error() {
        let mut out = Vec::new();
        let error = Prefetch::new(Failing(CHUNK * 3 + 5)).read_to_end(&mut out).unwrap_err();
        assert_eq!((out.len(), error.to_string().as_str()), (CHUNK * 3 + 5, "broken"));
        let mut whole = Vec::new();
        Prefetch::new(&[1_u8, 2, 3][..]).read_to_end(&mut whole).unwrap();
        assert_eq!(whole, [1, 2, 3]);
    }
}
