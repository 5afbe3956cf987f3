//! Level 1: the frames of a dump, and an account of every byte that is in none.
//!
//! libsofia-sip-ua writes a frame for each read from and each write to the network (`tport_logging.c`):
//!
//! ```text
//! recv|sent N bytes from|to PROTO/[ADDR]:PORT[/FLOW][;comp=sigcomp] at STAMP:\n
//! N bytes of content
//! \x0B\n
//! ```
//!
//! PROTO is `udp`, `tcp`, `tls`, `sctp`, `ws` or `wss`; ADDR the peer's address, for IPv4 with brackets or without; STAMP
//! `HH:MM:SS.uuuuuu`, in patched builds with `YYYY-MM-DD ` in front. When a file is opened, `dump started at …` and blank
//! lines come before the next frame. The content may hold any bytes, a boundary or a whole frame too: N tells.
//!
//! What can be wrong with it, and what [`FrameReader`] makes of it:
//!
//! - Where no boundary stands after N bytes, the frame ends at the first boundary that a header, a marker, a hole or the end
//!   of the input follows ([`FrameEnd::Boundary`]), or where one of these begins without one ([`FrameEnd::Cut`]).
//! - Profiles that share a file write between each other's pieces. Where the counts prove it, a frame's pieces are joined,
//!   and the frames between them stand by themselves; frames come in the order of their headers.
//! - Bytes that belong to no frame are skipped, each run with its place and a [`SkipReason`].
//! - In an input that grows, a frame waits for the bytes that its count promises. Once the input is [idle](Idle), a header or
//!   a marker behind it ends it.
//! - A frame of more than 8 MiB is skipped. No search looks further than that, and all of them together are linear.
//!
//! Bytes, offsets and counts are of the input as the reader gave it, from 0.
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

/// The stamps of all frame headers in a run of bytes that may be cut anywhere, in their order. A header in a body is taken
/// for one too: good enough for a glance at what time a text is of.
#[cfg(feature = "cli")]
pub(crate) fn stamps(bytes: &[u8]) -> impl Iterator<Item = crate::base::Timestamp> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, header) = scan::next_header(bytes, at)?;
        at = start + header.len;
        Some(header.timestamp)
    })
}
