//! All frames of an input, and what may stand between them; what belongs to no dump is left out.
//!
//! Must not know: messages.

use std::io::{self, Read};

use crate::frame::{FrameReader, ParseError, ParseStats, SkipTracking};

/// An input on its way through, a frame at a time with what stands before it.
pub(in crate::cli) struct Copy<R> {
    frames: FrameReader<R>,
    /// The frame that is put together.
    piece: Vec<u8>,
}

impl<R: Read> Copy<R> {
    /// Of `input`.
    pub(in crate::cli) fn new(input: R, tracking: SkipTracking) -> Self {
        let frames = FrameReader::new(input).skip_tracking(tracking).keep_between();
        Self { frames, piece: Vec::new() }
    }

    /// The accounts so far.
    pub(in crate::cli) fn stats(&self) -> &ParseStats {
        self.frames.stats()
    }

    /// Hands all that there is to `out`; gives why the input broke off, or pauses, if it does.
    ///
    /// # Errors
    /// What `out` says.
    pub(in crate::cli) fn go_on(
        &mut self,
        mut out: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<Option<ParseError>> {
        loop {
            match self.frames.advance() {
                Ok(_) => out(self.frames.between())?,
                Err(error) => return Ok(Some(error)),
            }
            let Some(frame) = self.frames.current() else { return Ok(None) };
            self.piece.clear();
            for bytes in [frame.header, frame.content, self.frames.boundary()] {
                self.piece.extend_from_slice(bytes);
            }
            out(&self.piece)?;
        }
    }
}
