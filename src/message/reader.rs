//! The lending reader of level 2: joins the frames of each stream and splits them into messages.
//!
//! Must not know: header fields other than those that end a message, stores, threads.

use std::io::Read;

use super::clock::Clock;
use super::message_ref::{Completeness, MessageRef};
use super::split::{self, Continuation, Split};
use super::streams::{Streams, push_extents};
use super::unsized_body::Unsized;
use crate::base::{Extent, Transport};
use crate::frame::{
    FrameEnd, FrameReader, FrameRef, Loss, LossReason, MessageCounts, ParseError, ParseStats, SkipTracking,
};

/// A stream that was silent for this long, by the dump's clock, will not continue.
const SILENCE_MICROS: u64 = 2 * 3600 * 1_000_000;
/// How often the reader looks for silent streams.
const SWEEP_MICROS: u64 = 60 * 1_000_000;

/// Reads messages from a dump in the order in which they are completed, and lends each one until the next call.
///
/// On UDP a frame is a message. On streams, frames of one transport, direction and peer are joined, and messages end
/// where their Content-Length says, or at the blank line without one. Line ends between messages are keep-alives.
/// Content that never becomes SIP is returned too, as [`Completeness::NotSip`], and a message that never ends as
/// [`Completeness::Cut`].
///
/// Nothing is allocated per message in steady state. All streams together hold at most 12 MiB, in at most 16,384
/// messages; beside that, messages of more than 8 MiB which announce their length, up to 64 MiB each and 128 MiB together.
///
/// ```
/// use sofiatui::message::MessageReader;
/// let dump = b"recv 12 bytes from tcp/[192.0.2.7]:5060 at 06:00:00.019608:\nBYE sip:a@b \x0b\n\
///     recv 28 bytes from tcp/[192.0.2.7]:5060 at 06:00:00.019710:\nSIP/2.0\r\nl: 2\r\n\r\nok\r\n\r\n\x0b\n";
/// let mut messages = MessageReader::new(&dump[..]);
/// let message = messages.next_message()?.unwrap();
/// assert_eq!(message.content, b"BYE sip:a@b SIP/2.0\r\nl: 2\r\n\r\nok");
/// assert_eq!((message.frame_count, message.offset), (2, 0));
/// assert!(messages.next_message()?.is_none());
/// assert_eq!(messages.parse_stats().keepalives(), 1);
/// # Ok::<(), sofiatui::ParseError>(())
/// ```
#[derive(Debug)]
pub struct MessageReader<R> {
    frames: FrameReader<R>,
    streams: Streams,
    clock: Clock,
    now: u64,
    swept: u64,
    /// Set while the current frame has unused bytes.
    in_frame: bool,
    /// How many bytes of the current frame's content are used.
    at: usize,
    current: Current,
    completeness: Completeness,
    /// Slots to return as cut messages, the next one last, and the reason.
    flush: Vec<u32>,
    flush_reason: LossReason,
    /// Gaps of the input so far.
    gaps: u64,
    extents: Vec<Extent>,
    error: Option<ParseError>,
}

/// Where the currently lent message is.
#[derive(Debug, Clone, Copy)]
enum Current {
    Nothing,
    /// These bytes of the current frame's content.
    Frame(usize, usize),
    /// The content of this slot, which is already removed from the table.
    Slot(u32),
}

impl<R: Read> MessageReader<R> {
    /// Reads messages from `input`, which is read in large pieces and needs no buffer of its own.
    pub fn new(input: R) -> Self {
        Self {
            frames: FrameReader::new(input),
            streams: Streams::default(),
            clock: Clock::default(),
            now: 0,
            swept: 0,
            in_frame: false,
            at: 0,
            current: Current::Nothing,
            completeness: Completeness::Complete,
            flush: Vec::new(),
            flush_reason: LossReason::EndOfInput,
            gaps: 0,
            extents: Vec::new(),
            error: None,
        }
    }

    /// Takes little room: this is one of very many readers.
    #[must_use]
    #[cfg(feature = "cli")]
    pub(crate) fn small(mut self) -> Self {
        self.frames = self.frames.small();
        self
    }

    /// Sets how much is kept of skipped bytes; by default only the counters.
    #[must_use]
    pub fn skip_tracking(mut self, tracking: SkipTracking) -> Self {
        self.frames = self.frames.skip_tracking(tracking);
        self
    }

    /// The next message; `None` after the last.
    ///
    /// # Errors
    /// [`ParseError::Io`] when the input cannot be read, after everything read before it was returned. Then there are
    /// no more messages, unless it [is a pause](ParseError::is_pause).
    #[inline]
    pub fn next_message(&mut self) -> Result<Option<MessageRef<'_>>, ParseError> {
        if let Current::Slot(slot) = std::mem::replace(&mut self.current, Current::Nothing) {
            self.streams.release(slot);
        }
        if self.advance()? { Ok(self.current()) } else { Ok(None) }
    }

    /// Whether everything that was read was returned and no message is open: the input could end here without cutting
    /// one.
    #[cfg(feature = "cli")]
    pub(crate) fn holds_nothing(&self) -> bool {
        !self.in_frame && self.flush.is_empty() && self.streams.is_empty() && self.frames.holds_nothing()
    }

    /// The statistics so far, including those of level 1.
    pub fn parse_stats(&self) -> &ParseStats {
        self.frames.stats()
    }

    /// The statistics so far, mutable, for draining the regions.
    pub fn parse_stats_mut(&mut self) -> &mut ParseStats {
        self.frames.stats_mut()
    }

    fn advance(&mut self) -> Result<bool, ParseError> {
        loop {
            if let Some(slot) = self.flush.pop() {
                self.lend_cut(slot, self.flush_reason);
                return Ok(true);
            }
            if self.in_frame {
                if self.next_in_frame() {
                    return Ok(true);
                }
            } else if self.next_frame()? {
                self.enter_frame();
            } else if !self.flush_held(LossReason::EndOfInput) {
                return self.error.take().map_or(Ok(false), Err);
            }
        }
    }

    /// The message that is currently lent.
    #[inline]
    pub(crate) fn current(&self) -> Option<MessageRef<'_>> {
        match self.current {
            Current::Nothing => None,
            Current::Frame(from, to) => {
                let frame = self.frames.current()?;
                Some(MessageRef {
                    direction: frame.direction,
                    transport: frame.transport,
                    address: frame.address,
                    timestamp: frame.timestamp,
                    content: &frame.content[from..to],
                    frame_count: 1,
                    offset: frame.offset,
                    extents: if to - from == frame.content.len() { frame.extents } else { &self.extents },
                    completeness: self.completeness,
                    marker: self.frames.marker(),
                })
            }
            Current::Slot(slot) => {
                let held = self.streams.get(slot);
                Some(MessageRef {
                    direction: held.direction,
                    transport: held.transport,
                    address: &held.address,
                    timestamp: held.timestamp,
                    content: &held.data,
                    frame_count: held.frame_count,
                    offset: held.offset,
                    extents: &held.extents,
                    completeness: self.completeness,
                    marker: self.frames.marker(),
                })
            }
        }
    }

    fn counts(&mut self) -> &mut MessageCounts {
        &mut self.frames.stats_mut().messages
    }

    /// Advances to the next frame. An error ends the input; it is reported after everything that is held was returned. A
    /// pause is reported at once, because the held messages may continue.
    #[inline]
    fn next_frame(&mut self) -> Result<bool, ParseError> {
        match self.frames.advance() {
            Err(error) if !error.is_pause() => {
                self.error = Some(error);
                Ok(false)
            }
            advanced => advanced,
        }
    }

    /// Takes the time of a new frame, and gives up streams that were silent for too long.
    #[inline]
    fn enter_frame(&mut self) {
        self.in_frame = true;
        self.at = 0;
        if self.gaps != self.frames.stats().gaps() {
            self.gaps = self.frames.stats().gaps();
            self.flush_held(LossReason::Gap);
        }
        let Some(timestamp) = self.frames.current_timestamp() else { return };
        self.now = self.clock.tick(timestamp);
        if self.now - self.swept >= SWEEP_MICROS {
            self.swept = self.now;
            self.flush_silent();
        }
    }

    fn flush_silent(&mut self) {
        if self.streams.is_empty() {
            return;
        }
        self.streams.oldest_first(&mut self.flush);
        let limit = self.now.saturating_sub(SILENCE_MICROS);
        let silent = self.flush.partition_point(|&slot| self.streams.get(slot).touched <= limit);
        self.flush.truncate(if self.now >= SILENCE_MICROS { silent } else { 0 });
        self.flush.reverse();
        self.flush_reason = LossReason::Silence;
    }

    /// At the end of the input and at a gap, returns all held messages in the order in which they began.
    fn flush_held(&mut self, reason: LossReason) -> bool {
        self.streams.oldest_first(&mut self.flush);
        self.flush.sort_unstable_by_key(|&slot| std::cmp::Reverse(self.streams.get(slot).offset));
        self.flush_reason = reason;
        !self.flush.is_empty()
    }

    /// A slot has grown. A message that is too long is given up at once. If all slots together take too much memory,
    /// those that were silent longest are given up until half is left.
    fn keep_ceiling(&mut self, grown: u32) -> bool {
        if self.streams.get(grown).is_too_long() {
            return self.lend_cut(grown, LossReason::Ceiling);
        }
        if !self.streams.is_over_ceiling() {
            return false;
        }
        self.streams.given_up(grown, &mut self.flush);
        self.flush.reverse();
        self.flush_reason = LossReason::Ceiling;
        false
    }

    /// Continues in the current frame; `true` if a message is lent. `false` if the frame is used up or streams must be
    /// flushed first.
    fn next_in_frame(&mut self) -> bool {
        let Some(frame) = self.frames.current() else {
            self.in_frame = false;
            return false;
        };
        if !frame.transport.is_stream() {
            let (from, len) = (split::keepalive_len(frame.content), frame.content.len());
            let completeness = datagram_completeness(&frame, from);
            return self.datagram(from, len, completeness);
        }
        if self.at == 0
            && let Some(slot) = self.streams.find(&frame)
        {
            return self.continue_with(slot);
        }
        let end = frame.content.len();
        let blank = split::keepalive_len(&frame.content[self.at..]);
        let start = self.at + blank;
        let split = split::next(&frame.content[start..], unsized_body(&frame));
        if blank > 0 {
            self.count_keepalive(blank);
        }
        match split {
            Split::Nothing => self.leave_frame(),
            Split::Message(len) => self.lend_frame(start, start + len, end, Completeness::Complete),
            Split::NotSip(len) => self.lend_frame(start, start + len, end, Completeness::NotSip),
            Split::Partial => self.begin(start, end),
        }
    }

    fn count_keepalive(&mut self, len: usize) {
        let counts = self.counts();
        counts.keepalives += 1;
        counts.keepalive_bytes += len as u64;
    }

    fn leave_frame(&mut self) -> bool {
        self.in_frame = false;
        false
    }

    /// A UDP frame of `len` bytes is one message, without the line ends before `from`.
    #[inline]
    fn datagram(&mut self, from: usize, len: usize, completeness: Completeness) -> bool {
        if from > 0 {
            self.count_keepalive(from);
        }
        if from == len { self.leave_frame() } else { self.lend_frame(from, len, len, completeness) }
    }

    /// Lends the bytes `from..to` of the current frame, whose content has `len` bytes.
    #[inline]
    fn lend_frame(&mut self, from: usize, to: usize, len: usize, completeness: Completeness) -> bool {
        self.current = Current::Frame(from, to);
        self.at = to;
        self.in_frame = to < len;
        if to - from < len
            && let Some(frame) = self.frames.current()
        {
            self.extents.clear();
            push_extents(&mut self.extents, frame.extents, from, to);
        }
        if let Completeness::Cut(reason) = completeness {
            let offset = self.frames.current().map_or(0, |frame| frame.offset);
            self.counts().lose(Loss { offset, bytes: (to - from) as u64, reason });
        }
        self.count(completeness, 1)
    }

    /// A message begins in the current frame and does not end in it.
    fn begin(&mut self, from: usize, to: usize) -> bool {
        let Some(frame) = self.frames.current() else { return false };
        if is_short(&frame) {
            return self.lend_frame(from, to, to, Completeness::Cut(LossReason::ShortFrame));
        }
        let slot = self.streams.open(&frame, self.now);
        self.streams.extend(slot, &frame, from, unsized_body(&frame));
        self.in_frame = false;
        self.keep_ceiling(slot)
    }

    /// The stream of the current frame holds an incomplete message.
    fn continue_with(&mut self, slot: u32) -> bool {
        let Some(frame) = self.frames.current() else { return false };
        let held = self.streams.get(slot);
        if self.now.saturating_sub(held.touched) >= SILENCE_MICROS {
            return self.lend_cut(slot, LossReason::Silence);
        }
        if split::continuation(held, frame.content) == Continuation::NewMessage {
            return self.lend_cut(slot, LossReason::NewMessage);
        }
        let (to, is_whole) = self.streams.extend(slot, &frame, 0, unsized_body(&frame));
        self.streams.touch(slot, self.now);
        self.at = to;
        self.in_frame = to < frame.content.len();
        if is_whole {
            return self.lend_slot(slot, Completeness::Complete);
        }
        if is_short(&frame) {
            return self.lend_cut(slot, LossReason::ShortFrame);
        }
        self.keep_ceiling(slot)
    }

    /// Lends the content of a slot although it is incomplete.
    fn lend_cut(&mut self, slot: u32, reason: LossReason) -> bool {
        let held = self.streams.get(slot);
        if !split::is_or_may_be_sip(&held.data) {
            return self.lend_slot(slot, Completeness::NotSip);
        }
        let loss = Loss { offset: held.offset, bytes: held.data.len() as u64, reason };
        self.counts().lose(loss);
        self.lend_slot(slot, Completeness::Cut(reason))
    }

    fn lend_slot(&mut self, slot: u32, completeness: Completeness) -> bool {
        self.streams.take(slot);
        self.current = Current::Slot(slot);
        let frames = self.streams.get(slot).frame_count;
        self.count(completeness, frames)
    }

    #[inline]
    fn count(&mut self, completeness: Completeness, frames: usize) -> bool {
        self.completeness = completeness;
        let counts = self.counts();
        counts.messages += 1;
        counts.multi_frame += u64::from(frames > 1);
        counts.not_sip += u64::from(completeness == Completeness::NotSip);
        true
    }
}

/// The completeness of the datagram in `frame`, whose message begins at `from`.
#[inline]
fn datagram_completeness(frame: &FrameRef<'_>, from: usize) -> Completeness {
    if !split::begins_with_start_line(&frame.content[from..]) {
        Completeness::NotSip
    } else if is_short(frame) {
        Completeness::Cut(LossReason::ShortFrame)
    } else if frame.end == FrameEnd::EndOfInput && frame.content.len() < frame.byte_count {
        Completeness::Cut(LossReason::EndOfInput)
    } else {
        Completeness::Complete
    }
}

/// How a message without Content-Length ends on the transport of `frame`.
fn unsized_body(frame: &FrameRef<'_>) -> Unsized {
    match frame.transport {
        Transport::Udp | Transport::Ws | Transport::Wss => Unsized::ToFrameEnd,
        Transport::Tcp | Transport::Tls | Transport::Sctp => Unsized::NoBody,
    }
}

/// Whether bytes of the frame were never written.
fn is_short(frame: &FrameRef<'_>) -> bool {
    matches!(frame.end, FrameEnd::Boundary | FrameEnd::Cut) && frame.content.len() < frame.byte_count
}
