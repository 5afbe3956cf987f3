//! The accounts of a reader: every byte parsed, between frames, or skipped with a reason; and what the level above lost.
//!
//! Must not know: how a reason is found, buffers, SIP.

use std::fmt;

use crate::base::Transport;

/// Regions and losses that are listed one by one; beyond them the counters go on.
const MAX_LISTED: usize = 16_384;
/// Bytes of skipped regions that are kept with [`SkipTracking::CaptureData`], over all regions.
const MAX_CAPTURED: usize = 4 << 20;
/// The longest skip that can be a part of one frame: a datagram and its boundary. Longer ones are no dump at all.
pub(crate) const MAX_PARTIAL_FRAME: u64 = 65_537;

/// Why bytes were skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SkipReason {
    /// The input begins in the middle of a frame: rotation cut it, or a pipe joined late.
    PartialFirstFrame,
    /// More than 65,537 bytes in which no frame begins, or a frame past the ceiling of the reader: more than one frame's
    /// part, no dump at all, or a count that is wrong.
    OversizedFrame,
    /// A frame's tail that was written again between two frames, as a rotation by copy and collapse leaves it.
    ReplayedFrame,
    /// Bytes between two frames that belong to none: a hole, damage, the rest of a cut frame.
    MidStreamSkip,
    /// A frame's header without content; or, for a frame at the end of the input, the bytes that its header promises and
    /// the input does not hold (such a region begins at the end of the input, and counts nowhere as skipped).
    IncompleteFrame,
    /// Bytes that begin as a frame header does, and are none; or an input without any frame.
    InvalidHeader,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::PartialFirstFrame => "partial first frame",
            Self::OversizedFrame => "oversized frame",
            Self::ReplayedFrame => "replayed frame",
            Self::MidStreamSkip => "mid-stream skip",
            Self::IncompleteFrame => "incomplete frame",
            Self::InvalidHeader => "invalid header",
        })
    }
}

/// How much is kept of what was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SkipTracking {
    /// The counters alone.
    #[default]
    CountOnly,
    /// Place, length and reason of each region.
    TrackRegions,
    /// The bytes of each region too.
    CaptureData,
}

/// One run of bytes that no frame holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnparsedRegion {
    /// 0-based offset in the input of the first byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
    /// Why they were skipped.
    pub reason: SkipReason,
    /// The bytes, with [`SkipTracking::CaptureData`]; fewer than `length` where the ceiling for all regions was reached.
    pub data: Option<Vec<u8>>,
}

/// Why bytes of a stream were not joined to a whole message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LossReason {
    /// The input ended in the middle of a message.
    EndOfInput,
    /// The stream was silent for two hours of the dump's own clock.
    Silence,
    /// A new message began where the rest of this one was expected: the connection was another one, or a frame is missing.
    NewMessage,
    /// More bytes were held than the reader allows.
    Ceiling,
    /// The frame holds fewer bytes than it declares, and what is missing was never written.
    ShortFrame,
    /// Bytes of the input are missing, and it was not whole before.
    Gap,
}

impl fmt::Display for LossReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::EndOfInput => "end of input",
            Self::Silence => "silent stream",
            Self::NewMessage => "new message on the same stream",
            Self::Ceiling => "too much held",
            Self::ShortFrame => "frame shorter than declared",
            Self::Gap => "a gap in the input",
        })
    }
}

/// A message that was begun and never became whole. Its bytes are shown all the same, as a cut message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// 0-based offset in the input of the header of the frame in which the message began.
    pub offset: u64,
    /// Number of bytes that were there.
    pub bytes: u64,
    /// Why it never became whole.
    pub reason: LossReason,
}

/// What was read, and what became of it.
///
/// `bytes_parsed + bytes_between + bytes_skipped == bytes_read` at the end of the input. While reading, what is held but
/// not decided yet is in none of the first three.
#[derive(Debug, Clone, Default)]
pub struct ParseStats {
    pub(super) bytes_read: u64,
    pub(super) bytes_parsed: u64,
    pub(super) bytes_between: u64,
    pub(super) bytes_skipped: u64,
    pub(super) frames: u64,
    /// By the number of the transport in [`Transport::ALL`].
    pub(super) frames_by: [u64; Transport::ALL.len()],
    pub(super) incomplete_frames: u64,
    pub(super) incomplete_frame_bytes: u64,
    pub(super) tracking: SkipTracking,
    pub(super) is_converted: bool,
    regions: Vec<UnparsedRegion>,
    captured: usize,
    region_count: u64,
    skip: OpenSkip,
    gaps: u64,
    /// Frames before the last gap.
    frames_before: u64,
    pub(crate) messages: MessageCounts,
}

/// The counters of level 2; all zero at level 1.
#[derive(Debug, Clone, Default)]
pub(crate) struct MessageCounts {
    pub(crate) messages: u64,
    pub(crate) keepalives: u64,
    pub(crate) keepalive_bytes: u64,
    pub(crate) multi_frame: u64,
    pub(crate) not_sip: u64,
    losses: Vec<Loss>,
    loss_count: u64,
    loss_bytes: u64,
}

impl MessageCounts {
    /// Counts a loss, and lists it while the list has room.
    pub(crate) fn lose(&mut self, loss: Loss) {
        self.loss_count += 1;
        self.loss_bytes += loss.bytes;
        if self.losses.len() < MAX_LISTED {
            self.losses.push(loss);
        }
    }
}

impl ParseStats {
    /// Bytes taken from the input.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// Bytes of frames: headers, contents and boundaries.
    pub fn bytes_parsed(&self) -> u64 {
        self.bytes_parsed
    }

    /// Bytes that may stand between frames: `dump started at` markers, blank lines, the `--` of a `grep -C` extract.
    pub fn bytes_between(&self) -> u64 {
        self.bytes_between
    }

    /// Bytes that belong to no frame and should not be there.
    pub fn bytes_skipped(&self) -> u64 {
        self.bytes_skipped
    }

    /// Frames found.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Frames of one transport.
    pub fn frames_by(&self, transport: Transport) -> u64 {
        self.frames_by[transport as usize]
    }

    /// Frames that hold fewer bytes than declared because the input ended.
    pub fn incomplete_frames(&self) -> u64 {
        self.incomplete_frames
    }

    /// Bytes that those frames declare and the input does not hold.
    pub fn incomplete_frame_bytes(&self) -> u64 {
        self.incomplete_frame_bytes
    }

    /// The skipped regions in the order of their places; empty with [`SkipTracking::CountOnly`].
    ///
    /// The list is cut after 16,384 regions; [`unparsed_region_count`](Self::unparsed_region_count) goes on.
    pub fn unparsed_regions(&self) -> &[UnparsedRegion] {
        &self.regions
    }

    /// How many regions were skipped, listed or not.
    pub fn unparsed_region_count(&self) -> u64 {
        self.region_count
    }

    /// Takes the listed regions out, which makes room for more.
    pub fn drain_regions(&mut self) -> Vec<UnparsedRegion> {
        self.captured = 0;
        std::mem::take(&mut self.regions)
    }

    /// Messages given out, cut ones and those that are no SIP included. Level 2.
    pub fn messages(&self) -> u64 {
        self.messages.messages
    }

    /// Messages given out that are no SIP. Level 2.
    pub fn not_sip_messages(&self) -> u64 {
        self.messages.not_sip
    }

    /// Runs of line ends outside messages that keep a connection open (RFC 5626 §3.5.1). Level 2.
    pub fn keepalives(&self) -> u64 {
        self.messages.keepalives
    }

    /// Bytes of those runs. Level 2.
    pub fn keepalive_bytes(&self) -> u64 {
        self.messages.keepalive_bytes
    }

    /// Messages whose bytes lie in more than one frame. Level 2.
    pub fn multi_frame_messages(&self) -> u64 {
        self.messages.multi_frame
    }

    /// Messages that never became whole, the first 16,384 of them. Level 2.
    pub fn losses(&self) -> &[Loss] {
        &self.messages.losses
    }

    /// How many messages never became whole, listed or not. Level 2.
    pub fn loss_count(&self) -> u64 {
        self.messages.loss_count
    }

    /// Bytes of all messages that never became whole. Level 2.
    pub fn loss_bytes(&self) -> u64 {
        self.messages.loss_bytes
    }

    /// Whether there is no frame, but headers whose line feeds became `\r\n`: a text transfer did that to a dump.
    pub fn has_converted_line_ends(&self) -> bool {
        self.frames == 0 && self.is_converted
    }

    /// Places where bytes are missing, as the reader of the input said ([`Gap`](super::Gap)).
    pub fn gaps(&self) -> u64 {
        self.gaps
    }

    /// Bytes are missing here: what comes next is a new beginning.
    pub(super) fn begin_section(&mut self) {
        self.close_skip(true);
        self.gaps += 1;
        self.frames_before = self.frames;
    }

    /// Counts bytes as skipped: they go on with the open region, or open one.
    pub(super) fn skip(&mut self, offset: u64, bytes: &[u8], cause: SkipCause) {
        if self.skip.len == 0 {
            self.skip = OpenSkip { offset, cause, ..OpenSkip::default() };
        }
        self.bytes_skipped += bytes.len() as u64;
        self.skip.add(bytes);
        if self.tracking == SkipTracking::CaptureData {
            let room = (MAX_CAPTURED - self.captured).min(bytes.len());
            self.captured += room;
            self.skip.data.extend_from_slice(&bytes[..room]);
        }
    }

    /// Closes the open region, where there is one: now its reason is known.
    pub(super) fn close_skip(&mut self, at_end: bool) {
        if self.skip.len == 0 {
            return;
        }
        let skip = std::mem::take(&mut self.skip);
        let reason = skip.reason(self.frames - self.frames_before, at_end);
        let data = (self.tracking == SkipTracking::CaptureData).then_some(skip.data);
        self.list(UnparsedRegion { offset: skip.offset, length: skip.len, reason, data });
    }

    /// Notes that the input ended before the frame that its header declares.
    pub(super) fn note_missing(&mut self, end_of_input: u64, missing: u64) {
        self.incomplete_frames += 1;
        self.incomplete_frame_bytes += missing;
        let reason = SkipReason::IncompleteFrame;
        self.list(UnparsedRegion { offset: end_of_input, length: missing, reason, data: None });
    }

    fn list(&mut self, region: UnparsedRegion) {
        self.region_count += 1;
        if self.tracking != SkipTracking::CountOnly && self.regions.len() < MAX_LISTED {
            self.regions.push(region);
        }
    }
}

/// What is known of a region when it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum SkipCause {
    /// No frame begins here.
    #[default]
    NoHeader,
    /// It begins with `recv ` or `sent `, but no header follows.
    BadHeader,
    /// A header, and its content is missing.
    NoContent,
    /// A header whose frame does not end within the ceiling.
    Ceiling,
}

/// A region whose end is not known yet.
#[derive(Debug, Clone, Default)]
struct OpenSkip {
    offset: u64,
    len: u64,
    cause: SkipCause,
    /// The last bytes of the region.
    tail: [u8; 6],
    data: Vec<u8>,
}

impl OpenSkip {
    fn add(&mut self, bytes: &[u8]) {
        self.len += bytes.len() as u64;
        let keep = self.tail.len();
        let fresh = &bytes[bytes.len().saturating_sub(keep)..];
        self.tail.rotate_left(fresh.len());
        self.tail[keep - fresh.len()..].copy_from_slice(fresh);
    }

    fn reason(&self, frames: u64, at_end: bool) -> SkipReason {
        match self.cause {
            SkipCause::Ceiling => SkipReason::OversizedFrame,
            SkipCause::NoContent => SkipReason::IncompleteFrame,
            SkipCause::BadHeader => SkipReason::InvalidHeader,
            SkipCause::NoHeader if frames == 0 && at_end => SkipReason::InvalidHeader,
            SkipCause::NoHeader if self.len > MAX_PARTIAL_FRAME => SkipReason::OversizedFrame,
            SkipCause::NoHeader if frames == 0 => SkipReason::PartialFirstFrame,
            SkipCause::NoHeader if self.len >= 6 && self.tail == *b"\r\n\r\n\x0b\n" => {
                SkipReason::ReplayedFrame
            }
            SkipCause::NoHeader => SkipReason::MidStreamSkip,
        }
    }
}
