//! The statistics of a reader: every byte is parsed, between frames, or skipped with a reason; level 2
//! adds its losses.
//!
//! Must not know: how a reason is found, buffers, SIP.

use std::fmt;

use crate::base::Transport;

/// How many regions and losses are listed one by one; the counters also count those after these.
const MAX_LISTED: usize = 16_384;
/// Bytes of skipped regions that are kept with [`SkipTracking::CaptureData`], for all regions together.
const MAX_CAPTURED: usize = 4 << 20;
/// The longest skip that can be part of one frame: a datagram and its boundary. A longer one is not a dump.
pub(crate) const MAX_PARTIAL_FRAME: u64 = 65_537;

/// Why bytes were skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SkipReason {
    /// The input begins in the middle of a frame: a rotation cut it, or a pipe was opened late.
    PartialFirstFrame,
    /// More than 65,537 bytes in which no frame begins, or a frame longer than the reader's limit: more than part of
    /// one frame, something that is not a dump, or a wrong count.
    OversizedFrame,
    /// The end of a frame, repeated between two frames: a rotation by copying and collapsing the file leaves it.
    ReplayedFrame,
    /// Bytes between two frames that belong to neither: a hole, damage, the rest of a cut frame.
    MidStreamSkip,
    /// A frame header without content; or, for a frame at the end of the input, the bytes that its header declares and
    /// the input does not contain (such a region begins at the end of the input and is not counted as skipped).
    IncompleteFrame,
    /// Bytes that begin like a frame header but are not one; or an input without any frame.
    InvalidHeader,
}

impl SkipReason {
    /// The reason in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PartialFirstFrame => "partial first frame",
            Self::OversizedFrame => "oversized frame",
            Self::ReplayedFrame => "replayed frame",
            Self::MidStreamSkip => "mid-stream skip",
            Self::IncompleteFrame => "incomplete frame",
            Self::InvalidHeader => "invalid header",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How much is kept of skipped bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SkipTracking {
    /// Only the counters.
    #[default]
    CountOnly,
    /// Offset, length and reason of each region.
    TrackRegions,
    /// Also the bytes of each region.
    CaptureData,
}

/// One run of bytes that belong to no frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnparsedRegion {
    /// 0-based offset in the input of the first byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
    /// Why they were skipped.
    pub reason: SkipReason,
    /// The bytes, with [`SkipTracking::CaptureData`]; fewer than `length` if the limit for all regions was reached.
    pub data: Option<Vec<u8>>,
}

/// Why a message of a stream is incomplete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LossReason {
    /// The input ended in the middle of a message.
    EndOfInput,
    /// The stream was silent for two hours of the dump's own clock.
    Silence,
    /// A new message began where the rest of this one was expected: it is a new connection, or a frame is missing.
    NewMessage,
    /// The reader held more bytes than its limit.
    Ceiling,
    /// The frame contains fewer bytes than it declares; the missing bytes were never written.
    ShortFrame,
    /// Bytes of the input are missing before the end of the message.
    Gap,
}

impl LossReason {
    /// The reason in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EndOfInput => "end of input",
            Self::Silence => "silent stream",
            Self::NewMessage => "new message on the same stream",
            Self::Ceiling => "buffer limit reached",
            Self::ShortFrame => "frame shorter than declared",
            Self::Gap => "gap in the input",
        }
    }
}

impl fmt::Display for LossReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A message that stayed incomplete. Its bytes are still returned, as a cut message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// 0-based offset in the input of the header of the frame in which the message began.
    pub offset: u64,
    /// Number of bytes of the message that were found.
    pub bytes: u64,
    /// Why it stayed incomplete.
    pub reason: LossReason,
}

/// What was read, and how it was classified.
///
/// `bytes_parsed + bytes_between + bytes_skipped == bytes_read` at the end of the input. While reading, bytes that are
/// held but not classified yet are in none of the first three.
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
    pub(super) has_marker: bool,
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
    /// Counts a loss, and lists it if the list has room.
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

    /// Bytes that are allowed between frames: `dump started at` markers, blank lines, the `--` of a `grep -C` extract.
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

    /// Frames that contain fewer bytes than declared because the input ended.
    pub fn incomplete_frames(&self) -> u64 {
        self.incomplete_frames
    }

    /// Bytes that those frames declare and the input does not contain.
    pub fn incomplete_frame_bytes(&self) -> u64 {
        self.incomplete_frame_bytes
    }

    /// The skipped regions in the order of their offsets; empty with [`SkipTracking::CountOnly`].
    ///
    /// The list ends after 16,384 regions; [`unparsed_region_count`](Self::unparsed_region_count) counts all.
    pub fn unparsed_regions(&self) -> &[UnparsedRegion] {
        &self.regions
    }

    /// How many regions were skipped, listed or not.
    pub fn unparsed_region_count(&self) -> u64 {
        self.region_count
    }

    /// Removes and returns the listed regions, which makes room for more.
    pub fn drain_regions(&mut self) -> Vec<UnparsedRegion> {
        self.captured = 0;
        std::mem::take(&mut self.regions)
    }

    /// Messages returned, including cut messages and those that are not SIP. Level 2.
    pub fn messages(&self) -> u64 {
        self.messages.messages
    }

    /// Messages returned that are not SIP. Level 2.
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

    /// Messages whose bytes are in more than one frame. Level 2.
    pub fn multi_frame_messages(&self) -> u64 {
        self.messages.multi_frame
    }

    /// Messages that stayed incomplete, the first 16,384 of them. Level 2.
    pub fn losses(&self) -> &[Loss] {
        &self.messages.losses
    }

    /// How many messages stayed incomplete, listed or not. Level 2.
    pub fn loss_count(&self) -> u64 {
        self.messages.loss_count
    }

    /// Bytes of all messages that stayed incomplete. Level 2.
    pub fn loss_bytes(&self) -> u64 {
        self.messages.loss_bytes
    }

    /// Whether all of the input is a `dump started at` marker, or several, and the blank lines between them: FreeSWITCH has
    /// just opened the file.
    pub fn is_opening(&self) -> bool {
        self.has_marker && self.bytes_between == self.bytes_read
    }

    /// Whether there is no frame, but headers or markers whose line feeds became `\r\n`: a text-mode transfer damaged the
    /// dump.
    pub fn has_converted_line_ends(&self) -> bool {
        self.frames == 0 && self.is_converted
    }

    /// Positions at which bytes are missing, as reported by the reader of the input ([`Gap`](super::Gap)).
    pub fn gaps(&self) -> u64 {
        self.gaps
    }

    /// Bytes are missing here: the next bytes are read like the start of an input.
    pub(super) fn begin_section(&mut self) {
        self.close_skip(true);
        self.gaps += 1;
        self.frames_before = self.frames;
    }

    /// Counts bytes as skipped: they extend the open region or open a new one.
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

    /// Closes the open region if there is one: its reason is known now.
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

/// What is known about a region when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum SkipCause {
    /// No frame begins here.
    #[default]
    NoHeader,
    /// It begins with `recv ` or `sent `, but no header follows.
    BadHeader,
    /// A header whose content is missing.
    NoContent,
    /// A header whose frame does not end within the size limit.
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
