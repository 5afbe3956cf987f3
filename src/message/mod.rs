//! Level 2: the messages in the frames of a dump.
//!
//! - A UDP frame is a message, whole or no SIP at all.
//! - On streams (TCP, TLS, SCTP, WebSocket) a frame is one read of whatever was pending: a part of a message, several, or the
//!   end of one and the start of the next, cut anywhere. Frames of one transport, direction and peer are joined, whatever
//!   frames of others come in between, and split where Content-Length ends a message (RFC 3261 §18.3); without one, at
//!   the blank line (§20.14), and in a WebSocket message at its end (RFC 7118 §5).
//! - Line ends between messages keep a connection open (RFC 5626 §3.5.1): they are counted, and part of no message.
//! - Where a start line stands and the rest of a message was expected, another message begins. What was held comes out as
//!   [`Completeness::Cut`], and is counted as a loss; so does what is held when its stream was silent for two hours of the
//!   dump's own clock, and at the end of the input.
//! - What never becomes SIP comes out as [`Completeness::NotSip`].
//!
//! See [`MessageReader`].
//!
//! Must not know: what messages mean, stores, threads.

mod clock;
mod lent;
mod reader;
mod split;
mod streams;
mod unsized_body;

pub(crate) use crate::frame::Marker;
pub use lent::{Completeness, MessageRef};
pub use reader::MessageReader;
