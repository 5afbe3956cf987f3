//! The sans-I/O decoder of level 1: examines a window of the input and classifies its first bytes.
//!
//! Must not know: readers, buffers, statistics, SIP.

use std::time::Duration;

use super::error::Idle;
use super::frame_end::{EndSearch, find_frame_end, next_plausible_boundary};
use super::header::{self, Header, MAX_HEADER, Parsed};
use super::idle;
use super::interleave::{self, Interleaved, MAX_MARKER, Outcome};
use super::scan::{self, Answer, BOUNDARY, End};
use super::stats::SkipCause;
use crate::base::Direction;

/// The length of the longest accepted frame in bytes. A read of sofia-sip is never larger than a socket's receive
/// buffer, which Linux limits to less than 6 MiB; the largest frame seen in a real dump had 1.5 MB.
pub(crate) const MAX_FRAME: usize = 8 << 20;

/// The limit of the credit for searches for interleaved frames, in examined bytes.
const MAX_CREDIT: usize = 8 * MAX_FRAME;
/// The cost of one attempt of such a search, in bytes that could be examined in that time.
const COST_OF_TRY: usize = 4096;
/// How much of the window the first search for interleaved frames sees, in bytes.
const FIRST_INTERLEAVE_WINDOW: usize = 64 * 1024;

/// How a frame's content ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FrameEnd {
    /// After the declared number of bytes.
    Declared,
    /// At a boundary at another position: sofia-sip before March 2019 wrote only the first chunk of what it sent.
    Boundary,
    /// At another frame's header, at a marker, or at a hole: the rest was never written or is lost.
    Cut,
    /// At the end of the input, not after the declared number of bytes.
    EndOfInput,
}

/// A frame at the start of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) header: Header,
    pub(crate) content_len: usize,
    /// 2 for a whole boundary, 1 if the input ends within it, 0 if it is missing.
    pub(crate) boundary_len: usize,
    pub(crate) end: FrameEnd,
}

impl Shape {
    pub(crate) fn total(&self) -> usize {
        self.header.len + self.content_len + self.boundary_len
    }
}

/// What the first bytes of the window are.
#[derive(Debug)]
pub(crate) enum Step {
    /// Not known until the window holds this many bytes.
    More(usize),
    /// This many bytes that are allowed between frames.
    Between(usize),
    /// This many bytes that belong to no frame.
    Skip(usize, SkipCause),
    /// A frame.
    Frame(Shape),
    /// Several frames whose pieces are interleaved.
    Interleaved(Interleaved),
    /// Nothing: the input has ended.
    End,
}

/// The decoder's state between two calls. Between calls, the window may grow at its end, and the
/// bytes of the last step are removed from its start.
#[derive(Debug)]
pub(crate) struct Decoder {
    /// Set while no frame begins at the window's start: bytes up to the next frame are skipped.
    skipping: Option<SkipCause>,
    /// The number of bytes of the window that need not be searched again.
    scanned: usize,
    /// Set when the frame at the window's start is known not to be interleaved with others.
    is_single: bool,
    /// The bytes that searches for interleaved frames may still examine. Frames add to it, so that all searches
    /// together take linear time.
    credit: usize,
    /// How much of the window the next search for interleaved frames sees. The sizes are fixed, so that the result does
    /// not depend on how the input was read.
    interleave_window: usize,
    /// Length of the marker and the blank lines directly before the frame: they are written together with it.
    marker_len: usize,
    /// Whether a frame sent by us ended at a boundary before its declared end, as old versions of sofia-sip write them.
    writes_short: bool,
    /// Whether a header or marker with a converted line end was skipped.
    is_converted: bool,
}

impl Default for Decoder {
    fn default() -> Self {
        Self {
            skipping: None,
            scanned: 0,
            is_single: false,
            credit: MAX_CREDIT,
            interleave_window: FIRST_INTERLEAVE_WINDOW,
            marker_len: 0,
            writes_short: false,
            is_converted: false,
        }
    }
}

impl Decoder {
    /// Whether headers or markers with converted line ends were skipped.
    pub(crate) fn is_converted(&self) -> bool {
        self.is_converted
    }

    /// Classifies the start of the window, given that the input has had no new bytes for `idle`. `None` if only more bytes
    /// can decide it; the window is then searched again when they come.
    pub(crate) fn step_idle(&mut self, window: &[u8], idle: Duration) -> Option<Step> {
        if self.skipping.is_some() {
            return None;
        }
        let (window, _) = at_most(window, MAX_FRAME, End::Open);
        match header::parse(window) {
            Parsed::Header(header) => self.end_idle(header, window, idle),
            _ if window.starts_with(b"recv ") || window.starts_with(b"sent ") => {
                let len = idle::next_frame(window, 1)?;
                Some(Step::Skip(len, SkipCause::BadHeader))
            }
            _ => None,
        }
    }

    /// Finds the end of the frame at the window's start, given that the input is idle.
    fn end_idle(&mut self, header: Header, window: &[u8], idle: Duration) -> Option<Step> {
        if self.credit > window.len() && may_be_interleaved(window, &header, End::Input) {
            let (outcome, tries) = interleave::separate(window, header, End::Input);
            self.credit = self.credit.saturating_sub(window.len() + tries * COST_OF_TRY);
            if let Outcome::Found(interleaved) = outcome {
                self.forget_search();
                return Some(Step::Interleaved(interleaved));
            }
        }
        match idle::stop(window, &header) {
            EndSearch::Boundary(at) => Some(self.found(header, at, BOUNDARY.len(), FrameEnd::Boundary)),
            // Other profiles write between the pages of a frame: its rest may only be late.
            EndSearch::Cut(at) if self.is_page(at) && idle < Idle::LONG && !idle::is_marker(window, at) => {
                None
            }
            EndSearch::Cut(at) => Some(self.cut_at(header, window, at)),
            EndSearch::None | EndSearch::Unknown { .. }
                if self.writes_short && idle::is_whole_write(window, &header) =>
            {
                Some(self.found(header, window.len() - BOUNDARY.len(), BOUNDARY.len(), FrameEnd::Boundary))
            }
            EndSearch::None | EndSearch::Unknown { .. } => None,
        }
    }

    /// Whether the first `len` bytes of a frame are whole pages.
    fn is_page(&self, len: usize) -> bool {
        len.is_multiple_of(interleave::PAGE) || (len + self.marker_len).is_multiple_of(interleave::PAGE)
    }

    /// Whether the next skip may continue the region of the last one.
    pub(crate) fn is_skipping(&self) -> bool {
        self.skipping.is_some()
    }

    /// Classifies the start of the window.
    #[inline]
    pub(crate) fn step(&mut self, window: &[u8], at_end: End) -> Step {
        if let Some(cause) = self.skipping {
            return self.skip_on(window, at_end, cause);
        }
        match header::parse(window) {
            Parsed::Header(header) => self.frame(header, window, at_end),
            _ => self.no_header(window, at_end),
        }
    }

    #[inline]
    fn frame(&mut self, header: Header, window: &[u8], at_end: End) -> Step {
        let Some(end) = header.len.checked_add(header.byte_count).filter(|&end| end <= MAX_FRAME) else {
            return self.find_end(header, window, at_end);
        };
        let declared = |boundary_len| {
            Step::Frame(Shape {
                header,
                content_len: header.byte_count,
                boundary_len,
                end: FrameEnd::Declared,
            })
        };
        match window.get(end..) {
            Some([0x0b, b'\n', ..]) => {
                self.credit = (self.credit + end).min(MAX_CREDIT);
                self.marker_len = 0;
                declared(BOUNDARY.len())
            }
            Some([_, _, ..]) => self.find_end(header, window, at_end),
            _ if at_end == End::Open => Step::More(end + BOUNDARY.len()),
            Some([0x0b]) => declared(1),
            Some([]) => declared(0),
            _ => self.find_end(header, window, at_end),
        }
    }

    /// The count is wrong or bytes are missing: finds where the frame ends.
    fn find_end(&mut self, header: Header, window: &[u8], at_end: End) -> Step {
        // The decision must not depend on how many more bytes than needed were read.
        let (window, at_end) = at_most(window, MAX_FRAME, at_end);
        match self.separate(header, window, at_end) {
            Ok(None) => {}
            Ok(Some(interleaved)) => return Step::Interleaved(interleaved),
            Err(wanted) => return Step::More(wanted),
        }
        let from = self.scanned.max(header.len);
        let is_full = window.len() == MAX_FRAME;
        match find_frame_end(window, from, header.len.saturating_add(header.byte_count), at_end) {
            EndSearch::Boundary(at) => self.found(header, at, BOUNDARY.len(), FrameEnd::Boundary),
            EndSearch::Cut(at) => self.cut_at(header, window, at),
            EndSearch::Unknown { scanned, wanted } if !is_full => {
                self.scanned = scanned;
                Step::More(wanted.min(MAX_FRAME))
            }
            EndSearch::None if !is_full => self.cut_at(header, window, window.len()),
            EndSearch::Unknown { .. } | EndSearch::None => {
                self.forget_search();
                self.skipping = Some(SkipCause::Ceiling);
                Step::Skip(window.len() - MAX_HEADER, SkipCause::Ceiling)
            }
        }
    }

    /// Looks for another frame's header within the content of this frame, with this frame continuing after it. `Err`
    /// with the number of bytes needed to decide.
    fn separate(&mut self, header: Header, window: &[u8], at_end: End) -> Result<Option<Interleaved>, usize> {
        let declared = header.len.saturating_add(header.byte_count).min(MAX_FRAME);
        while !self.is_single && self.credit > self.interleave_window {
            let wanted = self.interleave_window.max((2 * declared).next_power_of_two()).min(MAX_FRAME);
            if window.len() < wanted && at_end == End::Open {
                return Err(wanted);
            }
            let (part, part_end) = at_most(window, wanted, at_end);
            if !may_be_interleaved(part, &header, part_end) {
                break;
            }
            let (outcome, tries) = interleave::separate(part, header, part_end);
            let cost = part.len() + tries * COST_OF_TRY;
            match outcome {
                Outcome::Found(interleaved) => {
                    self.forget_search();
                    return Ok(Some(interleaved));
                }
                Outcome::More if wanted < MAX_FRAME => self.interleave_window = 2 * wanted,
                Outcome::More | Outcome::Nothing => self.is_single = true,
            }
            self.credit = self.credit.saturating_sub(cost);
        }
        self.is_single = true;
        Ok(None)
    }

    /// Resets the search state for the next frame.
    fn forget_search(&mut self) {
        self.scanned = 0;
        self.is_single = false;
        self.interleave_window = FIRST_INTERLEAVE_WINDOW;
        self.marker_len = 0;
    }

    /// Another frame or the end of the input comes at `at`, without a boundary before it. If only line ends are between
    /// the declared end and `at`, the frame is whole and only its boundary is lost.
    fn cut_at(&mut self, header: Header, window: &[u8], at: usize) -> Step {
        let declared = header.len.saturating_add(header.byte_count);
        if declared <= at && window[declared..at].iter().all(|b| matches!(b, b'\r' | b'\n')) {
            return self.found(header, declared, 0, FrameEnd::Declared);
        }
        self.found(header, at, 0, if at == window.len() { FrameEnd::EndOfInput } else { FrameEnd::Cut })
    }

    fn found(&mut self, header: Header, at: usize, boundary_len: usize, end: FrameEnd) -> Step {
        self.forget_search();
        self.writes_short |= end == FrameEnd::Boundary && header.direction == Direction::Sent;
        if at == header.len && boundary_len == 0 {
            return Step::Skip(header.len, SkipCause::NoContent);
        }
        Step::Frame(Shape { header, content_len: at - header.len, boundary_len, end })
    }

    /// The window does not start with a header.
    fn no_header(&mut self, window: &[u8], at_end: End) -> Step {
        if window.is_empty() {
            return if at_end == End::Input { Step::End } else { Step::More(1) };
        }
        if let Ok(len) = scan::marker_len(window) {
            self.marker_len = len;
            return Step::Between(len);
        }
        match scan::blank_before_frame(window, at_end) {
            Ok(len) if len > 0 => {
                self.marker_len += len;
                return Step::Between(len);
            }
            Err(Answer::Unknown) => return Step::More(window.len() + 1),
            _ => {}
        }
        if !window.starts_with(b"recv ") && !window.starts_with(b"sent ") {
            self.skipping = Some(SkipCause::NoHeader);
            return self.skip_on(window, at_end, SkipCause::NoHeader);
        }
        self.bad_header(window, at_end)
    }

    /// A header with an invalid field: if its count is right, exactly that frame is skipped, whatever its content is. A
    /// header or a marker in the same line shows that this one was cut, and that the count is of no use.
    fn bad_header(&mut self, window: &[u8], at_end: End) -> Step {
        let cause = SkipCause::BadHeader;
        let line = &window[..window.len().min(MAX_HEADER)];
        let line_end = memchr::memchr(b'\n', line);
        if let Some(at) = line_end.and_then(|line_end| scan::next_start(&line[..=line_end], 1)) {
            return Step::Skip(at, cause);
        }
        let declared = line_end.and_then(|line_end| {
            let (_, count, _) = header::parse_count(&line[..line_end])?;
            count.checked_add(line_end + 1).filter(|&end| end <= MAX_FRAME)
        });
        if let Some(end) = declared {
            match window.get(end..) {
                Some([0x0b, b'\n', ..]) => return Step::Skip(end + BOUNDARY.len(), cause),
                Some([_, _, ..]) => {}
                _ if at_end == End::Open => return Step::More(end + BOUNDARY.len()),
                _ => {}
            }
        }
        self.skipping = Some(cause);
        self.scanned = 1;
        self.skip_on(window, at_end, cause)
    }

    /// Skips up to the next header or marker.
    fn skip_on(&mut self, window: &[u8], at_end: End, cause: SkipCause) -> Step {
        let from = self.scanned.min(window.len());
        self.is_converted = self.is_converted || scan::has_converted_line(window, from.saturating_sub(1));
        if let Some(at) = scan::next_start(window, from) {
            self.skipping = None;
            self.scanned = 0;
            return if at == 0 { self.step(window, at_end) } else { Step::Skip(at, cause) };
        }
        if at_end == End::Input {
            self.skipping = None;
            self.scanned = 0;
            return if window.is_empty() { Step::End } else { Step::Skip(window.len(), cause) };
        }
        // The last bytes may be the beginning of a header or a marker.
        let decided = window.len().saturating_sub(MAX_HEADER);
        self.scanned = self.scanned.saturating_sub(decided);
        if decided == 0 { Step::More(window.len() + 1) } else { Step::Skip(decided, cause) }
    }
}

/// The first `len` bytes of the window; the result is open-ended if bytes were cut off.
fn at_most(window: &[u8], len: usize, at_end: End) -> (&[u8], End) {
    if window.len() > len { (&window[..len], End::Open) } else { (window, at_end) }
}

/// Whether another frame's header, or a marker before one, begins within the content that `header` declares, without a
/// boundary before it.
fn may_be_interleaved(window: &[u8], header: &Header, at_end: End) -> bool {
    let declared = header.len.saturating_add(header.byte_count);
    scan::next_header(window, header.len).is_some_and(|(inner, _)| {
        inner < declared.saturating_add(MAX_MARKER)
            && next_plausible_boundary(window, header.len, inner, at_end) == Ok(None)
    })
}
