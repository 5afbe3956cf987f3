//! Reads data that another thread supplies in chunks.
//!
//! Must not know: what is read, how chunks are transferred.

use std::io;

/// The current chunk.
#[derive(Debug, Default)]
pub(in crate::load) struct ChunkReader {
    bytes: Vec<u8>,
    given: usize,
}

impl ChunkReader {
    /// Reads from the current chunk, or from the `next` one if it is used up; 0 if there is none.
    ///
    /// # Errors
    /// Errors of `next`.
    pub(in crate::load) fn read(
        &mut self,
        buffer: &mut [u8],
        next: impl FnOnce() -> io::Result<Option<Vec<u8>>>,
    ) -> io::Result<usize> {
        if self.given == self.bytes.len() {
            match next()? {
                Some(bytes) => (self.bytes, self.given) = (bytes, 0),
                None => return Ok(0),
            }
        }
        let rest = &self.bytes[self.given..];
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        self.given += len;
        Ok(len)
    }
}
