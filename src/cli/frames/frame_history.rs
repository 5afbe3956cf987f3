//! Passes the frames of an input on to a message reader and keeps the most recent ones, so that the frames that contain
//! a message can be returned byte for byte.
//!
//! Positions count the bytes that were passed on: frame after frame, without the bytes between them.
//!
//! Must not know: messages, why frames are needed.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::ops::Range;
use std::rc::Rc;

use super::Carriers;
use crate::base::Extent;
use crate::frame::{FrameEnd, FrameReader, Gap, ParseError, ParseStats, SkipTracking};

/// Minimum of the kept frames, in bytes, as far as there are any: the frames of one message are rarely further apart.
const KEPT: usize = 4 << 20;

/// The frame history. Clones share it.
pub(in crate::cli) struct FrameHistory<R>(Rc<RefCell<State<R>>>);

impl<R> Clone for FrameHistory<R> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

struct State<R> {
    frames: FrameReader<R>,
    kept: KeptFrames,
    /// The end of the bytes that were passed on.
    given: u64,
    /// The number of gaps that were reported.
    gaps: u64,
    /// The number of this input's first byte.
    first: u64,
    broken: Option<ParseError>,
}

/// The most recent frames and their positions.
#[derive(Debug, Default)]
struct KeptFrames {
    /// Position of the first byte.
    start: u64,
    bytes: Vec<u8>,
    offsets: VecDeque<Position>,
}

/// The position of a frame in the bytes that were passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Position {
    start: u64,
    content: u64,
    content_end: u64,
    end: u64,
}

impl<R: Read> FrameHistory<R> {
    /// A history of the frames of the input with this number.
    pub(in crate::cli) fn new(input: R, tracking: SkipTracking, number: u16) -> Self {
        let frames = FrameReader::new(input).skip_tracking(tracking);
        let first = u64::from(number) << 48;
        Self(Rc::new(RefCell::new(State {
            frames,
            kept: KeptFrames::default(),
            given: 0,
            gaps: 0,
            first,
            broken: None,
        })))
    }

    /// The statistics of the input, and its error if it broke off.
    pub(in crate::cli) fn take_stats(&self) -> (ParseStats, Option<ParseError>) {
        let mut state = self.0.borrow_mut();
        (state.frames.stats().clone(), state.broken.take())
    }
}

impl<R: Read> Carriers for FrameHistory<R> {
    fn carriers(&self, extents: &[Extent], out: &mut Vec<u8>) -> bool {
        let state = self.0.borrow();
        let before = out.len();
        let mut last = None;
        for extent in extents {
            let Some(position) = state.kept.find(extent.offset) else {
                out.truncate(before);
                return false;
            };
            if last.replace(position.start) != Some(position.start) {
                let whole = position.content == extent.offset && position.content_end == extent.end();
                let number = (!whole).then_some(state.first + position.start);
                keep(out, number, state.kept.bytes(position.start..position.end));
            }
        }
        true
    }
}

impl<R: Read> Read for FrameHistory<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().give(buffer)
    }
}

impl<R: Read> State<R> {
    /// Fills `buffer` with bytes of one frame; 0 after the last frame and where the input breaks off (`take_stats` then
    /// returns the error). A pause is returned as an error.
    fn give(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.kept.end() {
            let frame = match self.frames.next_frame() {
                Ok(Some(frame)) => frame,
                Ok(None) => return Ok(0),
                Err(ParseError::Io(pause)) if pause.kind() == io::ErrorKind::WouldBlock => return Err(pause),
                Err(error) => {
                    self.broken = Some(error);
                    return Ok(0);
                }
            };
            let boundary: &[u8] = match frame.end {
                FrameEnd::Declared | FrameEnd::Boundary => b"\x0b\n",
                _ => b"",
            };
            self.kept.push(frame.header, frame.content, boundary);
            // The message reader must not join messages over a gap.
            if self.gaps != self.frames.stats().gaps() {
                self.gaps = self.frames.stats().gaps();
                return Err(Gap::error());
            }
        }
        let rest = self.kept.bytes(self.given..self.kept.end());
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        self.given += len as u64;
        Ok(len)
    }
}

impl KeptFrames {
    fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    fn bytes(&self, offsets: Range<u64>) -> &[u8] {
        let index = |position: u64| position.saturating_sub(self.start) as usize;
        self.bytes.get(index(offsets.start)..index(offsets.end)).unwrap_or_default()
    }

    fn push(&mut self, header: &[u8], content: &[u8], boundary: &[u8]) {
        if self.bytes.len() >= 2 * KEPT {
            self.drop_oldest();
        }
        let start = self.end();
        let content_start = start + header.len() as u64;
        let content_end = content_start + content.len() as u64;
        for piece in [header, content, boundary] {
            self.bytes.extend_from_slice(piece);
        }
        self.offsets.push_back(Position { start, content: content_start, content_end, end: self.end() });
    }

    fn drop_oldest(&mut self) {
        let keep_from = self.end() - KEPT as u64;
        while self.offsets.front().is_some_and(|position| position.start < keep_from) {
            self.offsets.pop_front();
        }
        let start = self.offsets.front().map_or(self.end(), |position| position.start);
        self.bytes.drain(..(start - self.start) as usize);
        self.start = start;
    }

    fn find(&self, position: u64) -> Option<Position> {
        let after = self.offsets.partition_point(|p| p.start <= position);
        self.offsets.get(after.checked_sub(1)?).copied().filter(|p| position < p.end)
    }
}

/// Length of the prefix of each kept frame: its number plus one, and its length.
const PREFIX: usize = 8 + 4;

/// Appends a frame for [`each_kept`]. A frame that can occur again with another message has a number.
pub(in crate::cli) fn keep(out: &mut Vec<u8>, number: Option<u64>, frame: &[u8]) {
    out.extend_from_slice(&number.map_or(0, |number| number + 1).to_le_bytes());
    out.extend_from_slice(&(frame.len() as u32).to_le_bytes());
    out.extend_from_slice(frame);
}

/// Reads what [`keep`] appended: the number of each frame, if it has one, and its bytes.
pub(in crate::cli) fn each_kept(mut kept: &[u8], mut visit: impl FnMut(Option<u64>, &[u8])) {
    while let Some((prefix, rest)) = kept.split_at_checked(PREFIX) {
        let number = prefix[..8].try_into().map_or(0, u64::from_le_bytes);
        let len = prefix[8..].try_into().map_or(0, u32::from_le_bytes) as usize;
        let Some((frame, rest)) = rest.split_at_checked(len) else { return };
        visit(number.checked_sub(1), frame);
        kept = rest;
    }
}
