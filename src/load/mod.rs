//! From what was named on the command line to a growing index: inputs, decompression, and the
//! background threads that load and search.
//!
//! Must not know: the browser's state, drawing.

mod ahead;
mod count;
mod follow;
pub mod input;
mod lane;
mod loader;
mod search;
#[allow(dead_code, unused_imports)] // wired in by input
mod siptrace;
mod watch;

pub use count::Counter;
pub use follow::{Follow, Note};
pub use input::{Input, InputError, InputSpec};
pub use loader::{Loader, Publish};
pub use search::Searcher;
pub use watch::{Bell, Watch};
