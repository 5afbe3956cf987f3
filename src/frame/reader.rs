//! The lending reader of level 1: a decoder over a rolling buffer, with statistics.
//!
//! Must not know: what a frame contains, threads, files.

use std::io::Read;
use std::time::Duration;

use super::asked::Asked;
use super::buffer::Buffer;
use super::decoder::{Decoder, FrameEnd, Shape, Step};
use super::error::{Gap, Idle, ParseError};
use super::header::Header;
use super::interleave::Interleaved;
use super::scan::{self, End};
use super::stats::{ParseStats, SkipTracking};
use crate::base::{Direction, Extent, Timestamp, Transport};

/// One frame of the dump, lent by a [`FrameReader`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct FrameRef<'a> {
    /// Received or sent.
    pub direction: Direction,
    /// The number of content bytes that the header declares.
    pub byte_count: usize,
    /// The transport.
    pub transport: Transport,
    /// The peer's address and port as written, without flow label and compression: `[192.0.2.7]:5060`.
    pub address: &'a str,
    /// When sofia-sip wrote it.
    pub timestamp: Timestamp,
    /// What was received or sent.
    pub content: &'a [u8],
    /// 0-based offset in the input of the header's first byte.
    pub offset: u64,
    /// The header line as written, including its line feed.
    pub header: &'a [u8],
    /// The extents of `content`: one, or several if frames of another profile were between its pieces.
    pub extents: &'a [Extent],
    /// How the content ended.
    pub end: FrameEnd,
}

/// Reads frames from a dump and lends each one until the next call.
///
/// Nothing is allocated per frame. The reader holds at most 8 MiB of the input (plus a quarter of that for reading
/// ahead).
///
/// ```
/// use sofiatui::frame::FrameReader;
/// let dump = b"recv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\nhello\x0b\n";
/// let mut frames = FrameReader::new(&dump[..]);
/// while let Some(frame) = frames.next_frame()? {
///     assert_eq!((frame.address, frame.content), ("[192.0.2.7]:5060", &b"hello"[..]));
/// }
/// assert_eq!(frames.stats().bytes_parsed(), dump.len() as u64);
/// # Ok::<(), sofiatui::ParseError>(())
/// ```
#[derive(Debug)]
pub struct FrameReader<R> {
    buffer: Buffer<R>,
    decoder: Decoder,
    stats: ParseStats,
    current: Current,
    /// The frames of an interleaved group, while they are lent one by one.
    interleaved: Interleaved,
    /// The joined content of such a frame.
    joined: Vec<u8>,
    /// The extents of the content of the current frame.
    extents: Vec<Extent>,
    /// The address of the current frame.
    address: String,
    /// Why the input could not be read to its end; reported after everything that was read.
    error: Option<ParseError>,
    /// Whether the input continues after the end of the window, behind a gap.
    at_gap: bool,
    /// How long the input has been idle, while the held bytes are checked again because of that.
    idle: Option<Duration>,
    asked: Asked,
    marker: Marker,
    /// The bytes between the preceding frame and the current one, if they are kept.
    between: Option<Vec<u8>>,
}

/// The last `dump started at` before the current frame: when the dump's file was opened, in local time. In a file of
/// several profiles it may be older than the frames before it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Marker {
    /// How many markers came so far.
    pub(crate) number: u64,
    /// The time of the last one.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the program dates messages by it"))]
    pub(crate) time: Option<Timestamp>,
}

impl Marker {
    /// No marker so far.
    pub(crate) const NONE: Self = Self { number: 0, time: None };
}

/// The frame that is currently lent.
#[derive(Debug, Clone, Copy)]
enum Current {
    Nothing,
    /// It begins at the window's start.
    Whole(Shape),
    /// The frame with this number of the interleaved group at the window's start.
    InterleavedFrame(usize),
}

impl<R: Read> FrameReader<R> {
    /// Reads frames from `input`, which is read in large pieces and needs no buffer of its own.
    pub fn new(input: R) -> Self {
        Self {
            buffer: Buffer::new(input),
            decoder: Decoder::default(),
            stats: ParseStats::default(),
            current: Current::Nothing,
            interleaved: Interleaved::default(),
            joined: Vec::new(),
            extents: Vec::new(),
            address: String::new(),
            error: None,
            at_gap: false,
            idle: None,
            asked: Asked::default(),
            marker: Marker::NONE,
            between: None,
        }
    }

    /// Uses little memory: for programs with many readers.
    #[must_use]
    #[cfg(feature = "cli")]
    pub(crate) fn small(mut self) -> Self {
        self.buffer.keep_small();
        self
    }

    /// Sets how much is kept of skipped bytes; by default only the counters.
    #[must_use]
    pub fn skip_tracking(mut self, tracking: SkipTracking) -> Self {
        self.stats.tracking = tracking;
        self
    }

    /// Keeps the bytes between frames, for [`between`](Self::between).
    #[cfg(feature = "cli")]
    pub(crate) fn keep_between(mut self) -> Self {
        self.between = Some(Vec::new());
        self
    }

    /// The next frame, in the order of the headers; `None` after the last.
    ///
    /// # Errors
    /// [`ParseError::Io`] when the input cannot be read, after everything read before it was returned. Then there are
    /// no more frames, unless it [is a pause](ParseError::is_pause).
    pub fn next_frame(&mut self) -> Result<Option<FrameRef<'_>>, ParseError> {
        self.advance()?;
        Ok(self.current())
    }

    /// The statistics so far.
    pub fn stats(&self) -> &ParseStats {
        &self.stats
    }

    /// Whether everything that was read was returned: the input could end here.
    #[cfg(feature = "cli")]
    pub(crate) fn holds_nothing(&self) -> bool {
        matches!(self.current, Current::Nothing) && self.buffer.window().is_empty()
    }

    /// The last marker before the current frame.
    #[inline]
    pub(crate) fn marker(&self) -> &Marker {
        &self.marker
    }

    /// The statistics so far, mutable, for draining the regions.
    pub fn stats_mut(&mut self) -> &mut ParseStats {
        &mut self.stats
    }

    /// Advances to the next frame, which [`current`](Self::current) then lends. `false` after the last.
    #[inline]
    pub(crate) fn advance(&mut self) -> Result<bool, ParseError> {
        if self.leave_current() {
            return Ok(true);
        }
        loop {
            let at_end = if self.buffer.at_end() { End::Input } else { End::Open };
            let step = match self.decoder.step(self.buffer.window(), at_end) {
                Step::More(wanted) => match self.more(wanted)? {
                    Some(step) => step,
                    None => continue,
                },
                step => step,
            };
            if let Some(found) = self.take(step)? {
                return Ok(found);
            }
        }
    }

    /// Processes a step of the decoder: whether a frame is there, once that is known.
    #[inline]
    fn take(&mut self, step: Step) -> Result<Option<bool>, ParseError> {
        match step {
            Step::Frame(shape) => {
                self.enter(shape);
                return Ok(Some(true));
            }
            Step::Interleaved(interleaved) => {
                self.enter_interleaved(interleaved);
                return Ok(Some(true));
            }
            Step::More(_) => {}
            Step::Between(len) => {
                self.stats.has_marker |= scan::marker_len(&self.buffer.window()[..len]).is_ok();
                if let Some(time) = scan::marker_time(&self.buffer.window()[..len]) {
                    self.marker = Marker { number: self.marker.number + 1, time: Some(time) };
                }
                if let Some(between) = &mut self.between {
                    between.extend_from_slice(&self.buffer.window()[..len]);
                }
                self.stats.bytes_between += len as u64;
                self.buffer.consume(len);
            }
            Step::Skip(len, cause) => {
                self.stats.skip(self.buffer.offset(), &self.buffer.window()[..len], cause);
                self.buffer.consume(len);
                self.stats.is_converted |= self.decoder.is_converted();
                if !self.decoder.is_skipping() {
                    self.stats.close_skip(self.buffer.at_end() && self.buffer.window().is_empty());
                }
            }
            Step::End if std::mem::take(&mut self.at_gap) => {
                self.stats.begin_section();
                self.buffer.reopen();
            }
            Step::End => return self.error.take().map_or(Ok(Some(false)), Err),
        }
        Ok(None)
    }

    /// Reads more; in an idle input, decides first what can be decided without more bytes.
    fn more(&mut self, wanted: usize) -> Result<Option<Step>, ParseError> {
        if self.idle.is_none() {
            match self.fill(wanted) {
                Err(ParseError::Io(pause)) if Idle::of(&pause).is_some() => self.idle = Idle::of(&pause),
                filled => return filled.map(|()| None),
            }
        }
        let Some(idle) = self.idle else { return Ok(None) };
        let step = self.asked.step(&mut self.decoder, &self.buffer, idle);
        if step.is_none() {
            self.idle = None;
            return Err(ParseError::Io(Idle::pause(idle)));
        }
        Ok(step)
    }

    /// The stamp of the frame that [`advance`](Self::advance) went to.
    #[inline]
    pub(crate) fn current_timestamp(&self) -> Option<Timestamp> {
        match self.current {
            Current::Nothing => None,
            Current::Whole(shape) => Some(shape.header.timestamp),
            Current::InterleavedFrame(nth) => {
                self.interleaved.frames.get(nth).map(|strand| strand.header.timestamp)
            }
        }
    }

    /// The frame that [`advance`](Self::advance) went to.
    #[inline]
    pub(crate) fn current(&self) -> Option<FrameRef<'_>> {
        match self.current {
            Current::Nothing => None,
            Current::Whole(shape) => {
                let content = shape.header.len..shape.header.len + shape.content_len;
                Some(self.frame_ref(&shape.header, 0, &self.buffer.window()[content], shape.end))
            }
            Current::InterleavedFrame(nth) => {
                let strand = self.interleaved.frames.get(nth)?;
                let content = match strand.pieces[..] {
                    [(from, to)] => &self.buffer.window()[from..to],
                    _ => &self.joined,
                };
                Some(self.frame_ref(&strand.header, strand.start, content, FrameEnd::Declared))
            }
        }
    }

    #[inline]
    fn frame_ref<'a>(&'a self, header: &Header, at: usize, content: &'a [u8], end: FrameEnd) -> FrameRef<'a> {
        FrameRef {
            direction: header.direction,
            byte_count: header.byte_count,
            transport: header.transport,
            address: &self.address,
            timestamp: header.timestamp,
            content,
            offset: self.buffer.offset() + at as u64,
            header: &self.buffer.window()[at..at + header.len],
            extents: &self.extents,
            end,
        }
    }

    /// The bytes allowed between frames that precede the current frame, or the end of the input.
    #[cfg(feature = "cli")]
    pub(crate) fn between(&self) -> &[u8] {
        self.between.as_deref().unwrap_or_default()
    }

    /// The boundary of the current frame: two bytes, fewer if the input ends there.
    #[cfg(feature = "cli")]
    pub(crate) fn boundary(&self) -> &[u8] {
        let end = match self.current {
            Current::Nothing => return b"",
            Current::Whole(shape) => shape.header.len + shape.content_len,
            Current::InterleavedFrame(nth) => self.interleaved.frames[nth].content_end(),
        };
        let rest = &self.buffer.window()[end..];
        let len = scan::BOUNDARY.iter().zip(rest).take_while(|(want, byte)| want == byte).count();
        &rest[..len]
    }

    /// Drops the bytes of the frame that was lent. `true` if the next frame of an interleaved group is there instead.
    #[inline]
    fn leave_current(&mut self) -> bool {
        if let (Some(between), false) = (&mut self.between, matches!(self.current, Current::Nothing)) {
            between.clear();
        }
        match std::mem::replace(&mut self.current, Current::Nothing) {
            Current::Nothing => false,
            Current::Whole(shape) => {
                self.buffer.consume(shape.total());
                false
            }
            Current::InterleavedFrame(nth) if nth + 1 < self.interleaved.frames.len() => {
                self.keep_between_strands(nth + 1);
                self.enter_strand(nth + 1);
                true
            }
            Current::InterleavedFrame(_) => {
                self.buffer.consume(self.interleaved.len);
                self.interleaved = Interleaved::default();
                self.joined = Vec::new();
                false
            }
        }
    }

    #[inline]
    fn enter(&mut self, shape: Shape) {
        self.stats.frames += 1;
        self.stats.frames_by[shape.header.transport as usize] += 1;
        self.stats.bytes_parsed += shape.total() as u64;
        self.extents.clear();
        let from = self.buffer.offset() + shape.header.len as u64;
        self.extents.push(Extent::new(from, shape.content_len as u64));
        if shape.end == FrameEnd::EndOfInput && shape.content_len < shape.header.byte_count {
            let missing = (shape.header.byte_count - shape.content_len) as u64;
            self.stats.note_missing(self.buffer.bytes_read(), missing);
        }
        self.set_address(&shape.header, 0);
        self.current = Current::Whole(shape);
    }

    fn enter_interleaved(&mut self, interleaved: Interleaved) {
        self.stats.bytes_between += interleaved.between as u64;
        self.stats.bytes_parsed += (interleaved.len - interleaved.between) as u64;
        self.interleaved = interleaved;
        self.enter_strand(0);
    }

    /// Keeps the bytes before this frame's header in an interleaved group.
    fn keep_between_strands(&mut self, nth: usize) {
        let Some(between) = &mut self.between else { return };
        let (before, rest) = self.interleaved.frames.split_at(nth);
        let end = before.iter().map(|strand| strand.content_end() + scan::BOUNDARY.len()).max();
        if let (Some(end), Some(strand)) = (end, rest.first()) {
            between.extend_from_slice(self.buffer.window().get(end..strand.start).unwrap_or_default());
        }
    }

    fn enter_strand(&mut self, nth: usize) {
        self.stats.frames += 1;
        self.extents.clear();
        self.joined.clear();
        let window = self.buffer.window();
        let pieces = &self.interleaved.frames[nth].pieces;
        for &(from, to) in pieces {
            self.extents.push(Extent::new(self.buffer.offset() + from as u64, (to - from) as u64));
            if pieces.len() > 1 {
                self.joined.extend_from_slice(&window[from..to]);
            }
        }
        let strand = &self.interleaved.frames[nth];
        let (header, at) = (strand.header, strand.start);
        self.stats.frames_by[header.transport as usize] += 1;
        self.set_address(&header, at);
        self.current = Current::InterleavedFrame(nth);
    }

    /// Stores the address of the frame whose header begins at `at` in the window.
    #[inline]
    fn set_address(&mut self, header: &Header, at: usize) {
        let (from, to) = header.address;
        let address = &self.buffer.window()[at + usize::from(from)..at + usize::from(to)];
        if self.address.as_bytes() != address {
            self.address.clear();
            // The grammar allows only ASCII.
            self.address.push_str(std::str::from_utf8(address).unwrap_or_default());
        }
    }

    /// Reads more. A read error ends the input, but keeps what was read before it. If nothing more is available at the
    /// moment, nothing changes until the next call.
    fn fill(&mut self, wanted: usize) -> Result<(), ParseError> {
        let error = self.buffer.fill(wanted).err().map(ParseError::Io);
        self.stats.bytes_read = self.buffer.bytes_read();
        match error {
            Some(pause) if pause.is_pause() => return Err(pause),
            Some(ParseError::Io(error)) if Gap::is(&error) => self.at_gap = true,
            error => self.error = error,
        }
        Ok(())
    }
}
