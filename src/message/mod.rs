//! Level 2: the messages in the frames of a dump.
//!
//! - A UDP frame is one message: complete, cut, or not SIP.
//! - On streams (TCP, TLS, SCTP, WebSocket) a frame is one read of the pending bytes: a part of a message, several
//!   messages, or the end of one and the start of the next, cut at any byte. Frames of one transport, direction and
//!   peer are joined, even if frames of other streams are between them, and split where Content-Length ends a message
//!   (RFC 3261 §18.3). Without Content-Length a message ends at the blank line (§20.14); in a WebSocket message it ends
//!   with the frame (RFC 7118 §5).
//! - Line ends between messages keep a connection open (RFC 5626 §3.5.1): they are counted and belong to no message.
//! - A start line where the rest of a message was expected begins another message. The held bytes are returned as
//!   [`Completeness::Cut`] and counted as a loss. The same happens to held bytes when their stream was silent for two
//!   hours of the dump's own clock, and at the end of the input.
//! - Content that never becomes SIP is returned as [`Completeness::NotSip`].
//!
//! See [`MessageReader`].
//!
//! Must not know: what messages mean, stores, threads.

mod clock;
mod message_ref;
mod reader;
mod split;
mod streams;
mod unsized_body;

pub(crate) use crate::frame::Marker;
pub use message_ref::{Completeness, MessageRef};
pub use reader::MessageReader;
