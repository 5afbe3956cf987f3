//! A rolling buffer over a reader: a window that grows at its end and is consumed at its start.
//!
//! Must not know: what the bytes are.

use std::io::{self, Read};

/// Initial capacity in bytes: small, because thousands of small inputs may be open at the same time.
const INITIAL: usize = 16 * 1024;
/// Capacity of a buffer that was full several times, in bytes: large enough for cheap reads, small enough for the
/// second-level cache.
const USUAL: usize = 256 * 1024;
/// The same if thousands of inputs are open.
#[cfg(feature = "cli")]
const SMALL: usize = 2 * INITIAL;

/// The bytes of the input that are held, and their offset.
///
/// Bytes are moved only to make room for a read, and only if the moved bytes are at most four times as many as can be
/// read then: each byte is moved a bounded number of times, whatever the sizes of frames and reads are.
#[derive(Debug)]
pub(crate) struct Buffer<R> {
    input: R,
    bytes: Vec<u8>,
    /// The buffer grows beyond this size only for longer frames.
    usual: usize,
    start: usize,
    end: usize,
    /// Offset in the input of `bytes[start]`.
    offset: u64,
    at_end: bool,
}

impl<R: Read> Buffer<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, bytes: Vec::new(), usual: USUAL, start: 0, end: 0, offset: 0, at_end: false }
    }

    /// Takes little room: this is one of very many.
    #[cfg(feature = "cli")]
    pub(crate) fn keep_small(&mut self) {
        self.usual = SMALL;
    }

    /// The bytes that are held and not consumed.
    #[inline]
    pub(crate) fn window(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// The offset in the input of the window's first byte.
    #[inline]
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The offset in the input of the first byte that has not been read yet.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.offset + (self.end - self.start) as u64
    }

    /// Whether the input has ended: the window will not grow.
    #[inline]
    pub(crate) fn at_end(&self) -> bool {
        self.at_end
    }

    /// Continues after a gap, at which the window ended.
    pub(crate) fn reopen(&mut self) {
        self.at_end = false;
    }

    /// Drops the first `len` bytes of the window.
    #[inline]
    pub(crate) fn consume(&mut self, len: usize) {
        debug_assert!(len <= self.end - self.start);
        self.start += len;
        self.offset += len as u64;
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
        }
    }

    /// Reads until the window holds `wanted` bytes or the input ends. Any error except `WouldBlock` ends the input.
    /// `WouldBlock` is returned only if the window did not grow, because fewer bytes than wanted may be enough for a
    /// decision.
    pub(crate) fn fill(&mut self, wanted: usize) -> io::Result<()> {
        let before = self.bytes_read();
        while self.end - self.start < wanted && !self.at_end {
            self.make_room(wanted);
            match self.input.read(&mut self.bytes[self.end..]) {
                Ok(0) => self.at_end = true,
                // A reader that reports more bytes than fit is broken; the number is limited to the room.
                Ok(n) => self.end += n.min(self.bytes.len() - self.end),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return if self.bytes_read() > before { Ok(()) } else { Err(error) };
                }
                Err(error) => {
                    self.at_end = true;
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Makes room after the window if there is none.
    fn make_room(&mut self, wanted: usize) {
        if self.start + wanted <= self.bytes.len() && self.end < self.bytes.len() {
            return;
        }
        let held = self.end - self.start;
        let grown = if self.end == self.bytes.len() { 2 * self.bytes.len() } else { 0 };
        let needed = (wanted + wanted / 4).max(grown.clamp(INITIAL, self.usual));
        self.bytes.copy_within(self.start..self.end, 0);
        self.start = 0;
        self.end = held;
        if self.bytes.len() < needed {
            self.bytes.resize(needed, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns one byte at a time; every second call is interrupted.
    struct Drip<'a>(&'a [u8], bool);

    impl Read for Drip<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            out[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn the_window_equals_the_input_at_its_offset() {
        let text: Vec<u8> = (0..=255).cycle().take(3000).collect();
        let mut buffer = Buffer::new(Drip(&text, false));
        let mut wanted = 1;
        while !buffer.at_end() {
            buffer.fill(wanted).unwrap();
            let from = buffer.offset() as usize;
            assert_eq!(buffer.window(), &text[from..from + buffer.window().len()]);
            buffer.consume(buffer.window().len() / 2);
            wanted = wanted % 700 + 13;
        }
        assert_eq!(buffer.bytes_read(), 3000);
    }
}
