//! Counts the bytes that go through a reader.
//!
//! Must not know: what they are.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// After this many bytes the reader of a long input pauses, so that its progress can be shown.
const PACE: usize = 16 << 20;

/// Bytes read so far, shared with other threads.
#[derive(Debug, Clone, Default)]
pub struct Counter {
    counts: Arc<Counts>,
    is_shown: bool,
}

#[derive(Debug, Default)]
struct Counts {
    bytes: AtomicU64,
    /// Whether the last pause was only for progress.
    has_more: AtomicBool,
}

impl Counter {
    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.counts.bytes.load(Ordering::Relaxed)
    }

    /// The same counter, and its growth is displayed: a [`Paced`] reader pauses for it.
    #[must_use]
    pub(in crate::load) fn shown(self) -> Self {
        Self { is_shown: true, ..self }
    }

    /// A pause that is only for progress, if the growth is displayed.
    pub(in crate::load) fn pause(&self) -> Option<io::Error> {
        self.is_shown.then(|| {
            self.counts.has_more.store(true, Ordering::Relaxed);
            io::ErrorKind::WouldBlock.into()
        })
    }

    /// Whether the last pause was only for progress, so that there is more to read. The call resets it.
    pub(in crate::load) fn take_has_more(&self) -> bool {
        self.counts.has_more.swap(false, Ordering::Relaxed)
    }
}

/// A reader that counts.
#[derive(Debug)]
pub(in crate::load) struct Counting<R> {
    inner: R,
    counter: Counter,
}

impl<R> Counting<R> {
    pub(in crate::load) fn new(inner: R, counter: Counter) -> Self {
        Self { inner, counter }
    }
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.counter.counts.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A reader that pauses after each [`PACE`] bytes if their number is displayed, so that progress is visible in a long
/// region without messages.
#[derive(Debug)]
pub(in crate::load) struct Paced<R> {
    inner: R,
    counter: Counter,
    left: usize,
}

impl<R> Paced<R> {
    /// Reads `inner`; `counter` records that a pause is only for progress.
    pub(in crate::load) fn new(inner: R, counter: Counter) -> Self {
        Self { inner, counter, left: PACE }
    }
}

impl<R: Read> Read for Paced<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0
            && let Some(pause) = self.counter.pause()
        {
            self.left = PACE;
            return Err(pause);
        }
        let read = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}
