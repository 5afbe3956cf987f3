//! The bytes of a wrapped log. Those whose lines are still needed are kept: they may have to be read in another way.
//!
//! Must not know: what is in a line.

use std::io::{self, ErrorKind, Read};

use crate::load::siptrace::lines::BOM;

/// Upper limit of the length of a line.
const MAX_LINE: usize = 1 << 20;
/// Bytes of a read.
const CHUNK: usize = 64 * 1024;

/// Bytes that were read.
#[derive(Debug, Default)]
pub(super) struct Input {
    bytes: Vec<u8>,
    /// How many of them were returned as lines.
    start: usize,
    pub(super) at_end: bool,
    /// Why the end was not reached.
    pub(super) error: Option<io::Error>,
}

impl Input {
    /// The next line without its line feed, and its length in bytes; `None` if more bytes are needed.
    pub(super) fn next_line(&mut self) -> Option<(&[u8], usize)> {
        let window = &self.bytes[self.start..];
        let is_last = self.at_end || window.len() >= MAX_LINE;
        let (line, len) = match memchr::memchr(b'\n', window) {
            Some(end) => (&window[..end], end + 1),
            None if is_last && !window.is_empty() => (window, window.len()),
            None => return None,
        };
        self.start += len;
        Some((line.strip_prefix(BOM).unwrap_or(line), len))
    }

    /// Whether all lines were returned and the input has ended.
    pub(super) fn is_used_up(&self) -> bool {
        self.at_end && self.start == self.bytes.len()
    }

    /// The last `len` returned bytes are returned again.
    pub(super) fn rewind(&mut self, len: u64) {
        self.start = self.kept_from(len);
    }

    /// Removes the last `len` returned bytes, and all that follow.
    pub(super) fn take_from(&mut self, len: u64) -> Vec<u8> {
        let rest = self.bytes.split_off(self.kept_from(len));
        *self = Self::default();
        rest
    }

    /// Where the last `len` returned bytes begin.
    fn kept_from(&self, len: u64) -> usize {
        usize::try_from(len).map_or(0, |len| self.start.saturating_sub(len))
    }

    /// Reads more bytes from `text`. The last `kept` returned bytes stay.
    pub(super) fn fill(&mut self, text: &mut impl Read, kept: u64) -> io::Result<()> {
        let from = self.kept_from(kept);
        self.bytes.drain(..from);
        self.start -= from;
        let end = self.bytes.len();
        self.bytes.resize(end + CHUNK, 0);
        let read = text.read(&mut self.bytes[end..]);
        self.bytes.truncate(end + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(0) => self.at_end = true,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Err(error),
            Err(error) => {
                self.at_end = true;
                self.error = Some(error);
            }
        }
        Ok(())
    }
}
