//! Level 3 as owned values: parsed messages, their header fields, their parts.
//!
//! Must not know: how frames are joined to messages, files, threads.

mod headers;
mod iter;
mod kind;
mod message;
mod part;

pub use headers::{HeaderIter, Headers};
pub use iter::ParsedMessageIterator;
pub use kind::SipMessageType;
pub use message::ParsedSipMessage;
pub use part::MimePart;
