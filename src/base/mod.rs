//! What every level shares: places in the input, time, direction, transport, byte classes, escaping.
//!
//! Must not know: frames, SIP, files, threads.

pub mod bytes;
pub mod charset;
mod direction;
pub mod escape;
pub mod interner;
pub mod number;
mod place;
pub mod segments;
mod timestamp;
mod transport;

pub use direction::{Direction, UnknownKeyword};
pub use place::Extent;
pub use timestamp::Timestamp;
pub use transport::Transport;
