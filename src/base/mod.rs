//! What every level shares: extents, time, direction, transport, byte classes, escaping.
//!
//! Must not know: frames, SIP, files, threads.

mod aliases;
pub mod bytes;
pub mod charset;
mod direction;
pub mod escape;
mod extent;
mod hash;
#[cfg(feature = "cli")]
mod host;
pub mod interner;
pub mod number;
pub mod segments;
#[cfg(feature = "cli")]
pub(crate) mod small_map;
mod time_text;
mod timestamp;
mod transport;

pub use aliases::{Alias, Aliases};
pub use direction::{Direction, UnknownKeyword};
pub use extent::Extent;
pub use hash::{hash16, hash64};
#[cfg(feature = "cli")]
pub use host::host_of;
#[cfg(feature = "cli")]
pub(crate) use time_text::push_padded;
#[cfg(feature = "cli")]
pub use time_text::time_of_day;
pub use timestamp::Timestamp;
pub use transport::Transport;
