//! From what was named on the command line to a growing index: inputs, decompression, and the
//! background threads that load and search.
//!
//! Must not know: the browser's state, drawing.

mod background;
mod catalog;
mod decode;
mod error;
mod follow;
pub mod input;
mod keeper;
mod loader;
mod merge_input;
mod note;
mod search;
mod seen_values;
pub mod sets;
mod siptrace;
mod term_counts;

pub use background::give_way;
pub use catalog::Cataloguer;
pub use catalog::discover::files as trace_files;
pub use catalog::newcomers::Newcomers;
pub use decode::count::Counter;
pub use error::{InputError, Problem};
pub use follow::Follow;
pub use follow::watch::{Bell, Watch};
pub use input::{Input, InputCount, InputSpec, MadeInput};
pub use keeper::Publish;
pub use loader::Loader;
pub use note::Note;
pub use search::Searcher;
pub use seen_values::seen_values;
pub use sets::FileSet;
pub use sets::provenance::{FileCursor, FileStart, Provenance};
pub use sets::prune;
pub use term_counts::count_terms;
