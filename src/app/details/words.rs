//! Numbers and small pieces of text that several tabs write in the same way.
//!
//! Must not know: messages.

use std::borrow::Cow;

use crate::app::paper::{Line, Role};
use crate::base::escape::escape;

/// Blanks to cut indentation from.
const BLANKS: &str = "                                                                                ";

/// `width` blanks, at most 80: what is nested deeper is not indented further, so that text stays
/// in sight and deep nesting costs no more than flat text.
pub(super) fn blanks(width: usize) -> Cow<'static, str> {
    Cow::Borrowed(&BLANKS[..width.min(BLANKS.len())])
}

/// `1234567` as `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_515_629, "1,515,629")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!((bytes(1).as_str(), bytes(2_048).as_str()), ("1 byte", "2,048 bytes"));
    }
}
