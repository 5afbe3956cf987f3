//! Copies all frames of an input and the bytes allowed between them; bytes that belong to no dump are left out.
//!
//! Must not know: messages.

use std::io::{self, Read};

use crate::frame::{FrameReader, ParseError, ParseStats, SkipTracking};

/// An input that is copied one frame at a time, with the bytes before each frame.
pub(in crate::cli) struct Copy<R> {
    frames: FrameReader<R>,
    /// The frame that is being assembled.
    piece: Vec<u8>,
}

impl<R: Read> Copy<R> {
    /// Copies from `input`.
    pub(in crate::cli) fn new(input: R, tracking: SkipTracking) -> Self {
        let frames = FrameReader::new(input).skip_tracking(tracking).keep_between();
        Self { frames, piece: Vec::new() }
    }

    /// The statistics so far.
    pub(in crate::cli) fn stats(&self) -> &ParseStats {
        self.frames.stats()
    }

    /// Passes everything that is available to `out`; returns the error if the input breaks off or pauses.
    ///
    /// # Errors
    /// Errors of `out`.
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
