//! The owned iterators and values that most programs start with: a convenience layer over the lending readers.
//!
//! Must not know: how frames are found, how messages are joined.

mod frame;
mod message;
mod parsed;

pub use frame::{Frame, FrameIterator};
pub use message::{MessageIterator, SipMessage};
pub use parsed::{HeaderIter, Headers, MimePart, ParsedMessageIterator, ParsedSipMessage, SipMessageType};
