//! XML with its elements indented; text keeps every byte.
//!
//! Only white space between tags is laid out again, and only where an element holds nothing but elements. An element
//! that holds text is shown as it is written. What is not well-formed is not touched at all.
//!
//! Must not know: what the elements mean.

mod layout;
mod tokens;

pub(super) use layout::lines;

/// Whether this is an XML document.
pub(super) fn is_well_formed(document: &[u8]) -> bool {
    tokens::tokens(document).is_some()
}
