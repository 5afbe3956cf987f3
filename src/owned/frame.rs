//! Level 1 as an iterator of owned frames.
//!
//! Must not know: messages.

use std::io::Read;

use crate::base::{Direction, Timestamp, Transport};
use crate::frame::{FrameReader, FrameRef, ParseError, ParseStats, SkipTracking};

/// One frame of a dump.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// Received or sent.
    pub direction: Direction,
    /// The number of content bytes that the header declares.
    pub byte_count: usize,
    /// The transport.
    pub transport: Transport,
    /// The peer's address and port as written: `[192.0.2.7]:5060`.
    pub address: String,
    /// When sofia-sip wrote it.
    pub timestamp: Timestamp,
    /// What was received or sent.
    pub content: Vec<u8>,
    /// 0-based offset in the input of the header's first byte.
    pub offset: u64,
}

impl From<FrameRef<'_>> for Frame {
    fn from(frame: FrameRef<'_>) -> Self {
        Self {
            direction: frame.direction,
            byte_count: frame.byte_count,
            transport: frame.transport,
            address: frame.address.to_owned(),
            timestamp: frame.timestamp,
            content: frame.content.to_vec(),
            offset: frame.offset,
        }
    }
}

/// The frames of a dump, owned. [`FrameReader`] does the same without allocating.
///
/// ```
/// use sofiatui::{Direction, FrameIterator};
/// let dump = b"recv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\nhello\x0b\n";
/// let frames: Result<Vec<_>, _> = FrameIterator::new(&dump[..]).collect();
/// let frames = frames?;
/// assert_eq!((frames[0].direction, &frames[0].content[..]), (Direction::Recv, &b"hello"[..]));
/// # Ok::<(), sofiatui::ParseError>(())
/// ```
#[derive(Debug)]
pub struct FrameIterator<R> {
    frames: FrameReader<R>,
}

impl<R: Read> FrameIterator<R> {
    /// Reads frames from `input`, which needs no buffer of its own.
    pub fn new(input: R) -> Self {
        Self { frames: FrameReader::new(input) }
    }

    /// Sets how much to keep of skipped bytes; only the counters by default.
    #[must_use]
    pub fn skip_tracking(self, tracking: SkipTracking) -> Self {
        Self { frames: self.frames.skip_tracking(tracking) }
    }

    /// The statistics so far.
    pub fn stats(&self) -> &ParseStats {
        self.frames.stats()
    }

    /// The statistics so far, mutable, for draining the regions.
    pub fn stats_mut(&mut self) -> &mut ParseStats {
        self.frames.stats_mut()
    }
}

impl<R: Read> Iterator for FrameIterator<R> {
    type Item = Result<Frame, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.frames.next_frame().map(|frame| frame.map(Frame::from)).transpose()
    }
}

impl<R: Read> std::iter::FusedIterator for FrameIterator<R> {}
