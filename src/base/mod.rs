//! What every level shares: places in the input, time, direction, transport, byte classes, escaping.
//!
//! Must not know: frames, SIP, files, threads.

pub mod bytes;
mod direction;
pub mod escape;
mod extent;
pub mod interner;
pub mod number;
pub mod segments;
mod timestamp;
mod transport;

pub use direction::{Direction, UnknownKeyword};
pub use extent::Extent;
pub use timestamp::Timestamp;
pub use transport::Transport;
