//! Counts the bytes that go through a reader.
//!
//! Must not know: what they are.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// After this many bytes a reader of a long input pauses, so that its progress can be shown.
const PACE: usize = 16 << 20;

/// Bytes read so far, to be looked at from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Counter {
    counts: Arc<Counts>,
    is_shown: bool,
}

#[derive(Debug, Default)]
struct Counts {
    bytes: AtomicU64,
    /// A pause was only for progress.
    has_more: AtomicBool,
}

impl Counter {
    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.counts.bytes.load(Ordering::Relaxed)
    }

    /// The same, and somebody sees it grow: a [`Paced`] reader pauses for it.
    #[must_use]
    pub(in crate::load) fn shown(self) -> Self {
        Self { is_shown: true, ..self }
    }

    /// Whether the last pause was only for progress: there is more to read. Asking resets it.
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

/// A reader that pauses after each [`PACE`] bytes where their number is shown: a long region without messages keeps nobody waiting for a sign of progress.
#[derive(Debug)]
pub(in crate::load) struct Paced<R> {
    inner: R,
    counter: Counter,
    left: usize,
}

impl<R> Paced<R> {
    /// Tells `counter` why it pauses.
    pub(in crate::load) fn new(inner: R, counter: Counter) -> Self {
        Self { inner, counter, left: PACE }
    }
}

impl<R: Read> Read for Paced<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && self.counter.is_shown {
            self.left = PACE;
            self.counter.counts.has_more.store(true, Ordering::Relaxed);
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let read = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}
