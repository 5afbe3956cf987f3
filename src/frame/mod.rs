//! Level 1: the frames of a dump, and statistics about every byte that belongs to none.
//!
//! libsofia-sip-ua writes a frame for each read from and each write to the network (`tport_logging.c`):
//!
//! ```text
//! recv|sent N bytes from|to PROTO/[ADDR]:PORT[/FLOW][;comp=sigcomp] at STAMP:\n
//! N bytes of content
//! \x0B\n
//! ```
//!
//! PROTO is `udp`, `tcp`, `tls`, `sctp`, `ws` or `wss`. ADDR is the peer's address, for IPv4 with or without brackets.
//! STAMP is `HH:MM:SS.uuuuuu`; patched builds put `YYYY-MM-DD ` before it. When a file is opened, `dump started at …`
//! and blank lines come before the next frame. The content may be any bytes, even a boundary or a whole frame: N
//! decides where it ends.
//!
//! How [`FrameReader`] handles defects:
//!
//! - If no boundary follows the N bytes, the frame ends at the first boundary that is followed by a header, a marker, a
//!   hole or the end of the input ([`FrameEnd::Boundary`]), or where one of these begins without a boundary
//!   ([`FrameEnd::Cut`]).
//! - Profiles that share a file write between the pieces of each other's frames. If the counts prove it, the pieces of
//!   a frame are joined, and the frames between them are separate frames; frames come in the order of their headers.
//! - Bytes that belong to no frame are skipped, each run with its position and a [`SkipReason`].
//! - In a growing input, a frame waits for the bytes that its count promises. Once the input is [idle](Idle), a header
//!   or a marker after the frame ends it.
//! - A frame of more than 8 MiB is skipped. No search looks further than that, and all searches together take linear
//!   time.
//!
//! Bytes, offsets and counts refer to the input as the reader returned it, and start at 0.
//!
//! Must not know: SIP, threads, files.

mod asked;
mod buffer;
mod decoder;
mod error;
mod frame_end;
mod grep;
mod header;
mod idle;
mod interleave;
mod reader;
mod scan;
mod stats;

pub use decoder::FrameEnd;
pub use error::{Gap, Idle, ParseError};
pub use grep::GrepFilter;
pub(crate) use reader::Marker;
pub use reader::{FrameReader, FrameRef};
pub(crate) use stats::MessageCounts;
pub use stats::{Loss, LossReason, ParseStats, SkipReason, SkipTracking, UnparsedRegion};

/// The timestamps of all frame headers in a run of bytes that may be cut anywhere, in order. A header within a body
/// counts, too: the result is only an estimate of the time of a text.
#[cfg(feature = "cli")]
pub(crate) fn stamps(bytes: &[u8]) -> impl Iterator<Item = crate::base::Timestamp> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, header) = scan::next_header(bytes, at)?;
        at = start + header.len;
        Some(header.timestamp)
    })
}
