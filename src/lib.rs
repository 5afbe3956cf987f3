//! Reads the dumps of SIP traffic that FreeSWITCH's `mod_sofia` writes.
//!
//! # Three levels
//!
//! A dump is a sequence of *frames*, one for each read from or write to the network. [`frame`] finds them; [`message`]
//! joins and splits them into SIP messages; [`sip`] says what a message contains. Each level has two forms: a reader
//! that lends its items and allocates nothing per item ([`FrameReader`], [`MessageReader`], and the views of [`sip`]),
//! and an iterator of owned items ([`FrameIterator`], [`MessageIterator`], [`ParsedMessageIterator`]).
//!
//! ```
//! use sofiatui::ParsedMessageIterator;
//! let dump = b"dump started at Mon Nov 23 04:09:00 2026\n\n\n\
//!     recv 61 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\n\
//!     OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 3eae0032\r\nCSeq: 1 OPTIONS\r\n\x0b\n";
//! for message in ParsedMessageIterator::new(&dump[..]) {
//!     let message = message?;
//!     println!("{} {} {} {}", message.timestamp, message.direction, message.address, message.message_type);
//! }
//! # Ok::<(), sofiatui::ParseError>(())
//! ```
//!
//! # What holds for every input
//!
//! 1. Parsing never fails on content. Bad bytes become a skip (level 1, [`UnparsedRegion`]), a loss (level 2, [`Loss`])
//!    or a finding (level 3, [`sip::Finding`]), each with its position in the input. A [`ParseError`] means that the
//!    input could not be read; it comes after everything that was read before it, and nothing comes after it, unless it
//!    is a [pause](ParseError::is_pause) of a growing input. Content that is not SIP is a message too
//!    ([`Completeness::NotSip`]).
//! 2. Every byte is accounted for ([`ParseStats`]): parsed + between frames + skipped = read.
//! 3. Chunking is invisible: the output is the same whether the input comes byte by byte, in random chunks or as a
//!    whole.
//! 4. Memory is bounded: every buffer has a size limit, reaching it is a recorded skip or loss, and time is never
//!    quadratic.
//! 5. A message has the time and the offset of the frame that contains its first byte, also in the middle of a stream.
//!
//! And for the program that is built on these levels:
//!
//! 6. Its index contains rows and positions, not text. Text is read back when it is shown, searched or saved.
//! 7. Drawing a screen and handling a key take no lock: the browser owns a snapshot that never changes.
//! 8. The browser's state depends on events only: it reads no clock and no file.
//! 9. Drawing changes no state, and reads only what is visible on the screen.
//! 10. No byte of a trace reaches the terminal unescaped ([`escape`]): C0, DEL, C1, bidi controls, invalid UTF-8.
//! 11. There is no unsafe code, and no file is mapped: a dump may be truncated while it is read.
//! 12. The terminal is restored on every exit: quit, error, panic, SIGINT, SIGTERM, SIGHUP, suspend.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
#![deny(clippy::print_stdout, clippy::print_stderr)]

#[doc(hidden)]
pub mod base;
pub mod frame;
pub mod message;
pub mod owned;
pub mod sip;

#[cfg(feature = "filter")]
pub mod filter;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod calls;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod config;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod explain;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod export;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod ladder;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod load;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod state;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod store;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod style;

#[cfg(feature = "tui")]
#[doc(hidden)]
pub mod statistics;

#[cfg(feature = "tui")]
#[doc(hidden)]
pub mod app;
#[cfg(feature = "tui")]
#[doc(hidden)]
pub mod diff;
#[cfg(feature = "tui")]
#[doc(hidden)]
pub mod tui;
#[cfg(feature = "tui")]
#[doc(hidden)]
pub mod view;

pub use base::{Direction, Extent, Timestamp, Transport, UnknownKeyword, escape};
pub use frame::{
    FrameEnd, FrameReader, FrameRef, Gap, GrepFilter, Idle, Loss, LossReason, ParseError, ParseStats,
    SkipReason, SkipTracking, UnparsedRegion,
};
pub use message::{Completeness, MessageReader, MessageRef};
pub use owned::{
    Frame, FrameIterator, HeaderIter, Headers, MessageIterator, MimePart, ParsedMessageIterator,
    ParsedSipMessage, SipMessage, SipMessageType,
};

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
