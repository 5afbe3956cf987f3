//! All frames of an input, and what may stand between them; what belongs to no dump is left out.
//!
//! Must not know: messages.

use std::cell::RefCell;
use std::io::{self, Read};
use std::ops::Range;
use std::rc::Rc;

use crate::frame::{FrameReader, FrameRef, ParseError, ParseStats, SkipTracking};

/// Bytes that are dropped at once, at least.
const LITTER: usize = 1 << 18;

/// An input on its way through, a frame at a time with what stands before it.
pub(in crate::cli) struct Copy<R> {
    frames: FrameReader<Recorder<R>>,
    record: Rc<RefCell<Record>>,
    /// Offset behind the last frame.
    at: u64,
    /// Number of the first skipped region behind it.
    region: usize,
    /// The frame that is put together.
    piece: Vec<u8>,
}

impl<R: Read> Copy<R> {
    /// Of `input`.
    pub(in crate::cli) fn new(input: R, tracking: SkipTracking) -> Self {
        // What is skipped must be told from what stands between frames.
        let tracking =
            if tracking == SkipTracking::CountOnly { SkipTracking::TrackRegions } else { tracking };
        let record = Rc::new(RefCell::new(Record::default()));
        let recorder = Recorder { inner: input, record: Rc::clone(&record) };
        let frames = FrameReader::new(recorder).skip_tracking(tracking);
        Self { frames, record, at: 0, region: 0, piece: Vec::new() }
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
            let next = match self.frames.next_frame() {
                Ok(Some(frame)) => {
                    self.piece.extend_from_slice(frame.header);
                    self.piece.extend_from_slice(frame.content);
                    Some(position(&frame))
                }
                Ok(None) => None,
                Err(error) => return Ok(Some(error)),
            };
            let stats = self.frames.stats();
            let mut record = self.record.borrow_mut();
            let until = next.as_ref().map_or(stats.bytes_read(), |position| position.start);
            for skipped in &stats.unparsed_regions()[self.region..] {
                out(record.bytes(self.at..skipped.offset.min(until)))?;
                self.at = self.at.max(skipped.offset + skipped.length);
            }
            self.region = stats.unparsed_regions().len();
            out(record.bytes(self.at..until))?;
            let Some(position) = next else { return Ok(None) };
            let boundary = boundary_len(record.bytes(position.end..position.end + 2));
            self.piece.extend_from_slice(&b"\x0b\n"[..boundary]);
            out(&self.piece)?;
            self.piece.clear();
            self.at = self.at.max(position.end + boundary as u64);
            record.forget(self.at);
        }
    }
}

/// From a frame's header to the end of its content.
fn position(frame: &FrameRef<'_>) -> Range<u64> {
    let header = frame.offset + frame.header.len() as u64;
    frame.offset..frame.extents.iter().map(|extent| extent.end()).fold(header, u64::max)
}

/// How much of a boundary stands at the start of `bytes`: the input may end within it.
fn boundary_len(bytes: &[u8]) -> usize {
    b"\x0b\n".iter().zip(bytes).take_while(|(want, byte)| want == byte).count()
}

/// What was read of the input, as long as it may be looked at.
#[derive(Debug, Default)]
struct Record {
    /// Offset in the input of the first byte.
    offset: u64,
    bytes: Vec<u8>,
}

impl Record {
    /// The bytes at these offsets, as far as they were read.
    fn bytes(&self, offsets: Range<u64>) -> &[u8] {
        let index = |offset: u64| (offset.saturating_sub(self.offset) as usize).min(self.bytes.len());
        let (from, to) = (index(offsets.start), index(offsets.end));
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// Drops what stands before `offset`, when that is worth the while.
    fn forget(&mut self, offset: u64) {
        let len = (offset.saturating_sub(self.offset) as usize).min(self.bytes.len());
        if len >= LITTER.max(self.bytes.len() / 2) {
            self.bytes.drain(..len);
            self.offset += len as u64;
        }
    }
}

/// A reader that writes down what it reads.
struct Recorder<R> {
    inner: R,
    record: Rc<RefCell<Record>>,
}

impl<R: Read> Read for Recorder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.inner.read(buffer)?;
        self.record.borrow_mut().bytes.extend_from_slice(&buffer[..len]);
        Ok(len)
    }
}
