//! What another thread read for us, a piece at a time.
//!
//! Must not know: what is read, how pieces come.

use std::io;

/// The piece that is given out at present.
#[derive(Debug, Default)]
pub(in crate::load) struct ChunkReader {
    bytes: Vec<u8>,
    given: usize,
}

impl ChunkReader {
    /// Reads on in the piece, or in the `next` one where it is used up; the end where there is none.
    ///
    /// # Errors
    /// Those of `next`.
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
