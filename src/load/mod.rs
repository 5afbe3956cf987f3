//! From what was named on the command line to a growing index: inputs, decompression, and the
//! background threads that load and search.
//!
//! Must not know: the browser's state, drawing.

mod ahead;
mod catalog;
mod count;
mod dates;
mod decode;
mod follow;
pub mod input;
mod lane;
mod loader;
mod members;
mod note;
mod pack;
mod piece;
mod places;
mod salvage;
mod search;
pub mod select;
pub mod sets;
mod siptrace;
mod sniff;
pub mod span;
mod trail;
mod watch;

pub use catalog::Cataloguer;
pub use count::Counter;
pub use follow::Follow;
pub use input::{Input, InputError, InputSpec};
pub use loader::{Loader, Publish};
pub use note::Note;
pub use places::files as trace_files;
pub use search::Searcher;
pub use sets::FileSet;
pub use trail::{Begun, Trail, Walk};
pub use watch::{Bell, Watch};
