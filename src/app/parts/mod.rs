//! State that screens are made of.
//!
//! Must not know: which screen they are part of, drawing.

mod filter_memory;
mod line_edit;
mod list;
mod panes;
mod prefs;
mod text_view;

pub use filter_memory::FilterMemory;
pub use line_edit::LineEdit;
pub use list::{List, Motion};
pub use panes::{Focus, Panes};
pub use prefs::{Mouse, Prefs};
pub use text_view::{Side, TextExtent, TextView};
