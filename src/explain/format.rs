//! Numbers and small pieces of text that several tabs write in the same way.
//!
//! Must not know: messages.

use std::borrow::Cow;

use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::style::styled_text::{Line, Role};

/// Blanks to cut indentation from.
const BLANKS: &str = "                                                                                ";

/// `width` blanks, at most 80: what is nested deeper is not indented further, so that text stays
/// in sight and deep nesting costs no more than flat text.
pub(super) fn blanks(width: usize) -> Cow<'static, str> {
    Cow::Borrowed(&BLANKS[..width.min(BLANKS.len())])
}

/// `1 byte`, `1,234 bytes`.
pub(super) fn bytes(number: usize) -> String {
    let unit = if number == 1 { "byte" } else { "bytes" };
    format!("{} {unit}", grouped(number as u64))
}

/// The escaped text, owned.
pub(super) fn shown(text: &[u8]) -> Cow<'static, str> {
    Cow::Owned(escape(text).into_owned())
}

/// A heading between blocks: `── text ──`.
pub(super) fn heading(text: &str) -> Line {
    Line::of(Role::Heading, format!("── {text} ──"))
}

/// Moves the sources of lines that were made of a part of a text, which begins at `by`.
pub(super) fn shift(lines: &mut [Line], by: usize) {
    for source in lines.iter_mut().filter_map(|line| line.source.as_mut()) {
        *source = source.start + by..source.end + by;
    }
}
