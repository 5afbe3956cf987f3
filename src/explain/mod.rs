//! A message as lines for people: its head with what is wrong, its body explained or exact, its parts, its frames.
//!
//! What the details pane and the HTML report show. A text is laid out from its bytes alone; lines are text with meaning.
//!
//! Must not know: colours, widths, which tab or page shows the lines, the terminal.

mod annotations;
pub mod body;
mod charset;
mod codecs;
mod content;
mod fields;
mod format;
pub mod headers;
pub mod hex;
mod json;
pub mod line_limit;
pub mod links;
mod location;
mod look;
pub mod parts;
mod passport;
pub mod raw;
pub mod remarks;
mod sdp;
mod text;
mod values;
mod xml;

pub use look::Look;
