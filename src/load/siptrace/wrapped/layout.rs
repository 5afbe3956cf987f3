//! How a collector arranged the lines of a log: which lines have the prefix.
//!
//! Must not know: readers, how the log continues.

use super::prefix::Prefix;
use crate::load::siptrace::lines::{self, HeaderAt};
use crate::sip::start_line;

/// How lines are to be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) prefix: Prefix,
    pub(super) rest: Rest,
    /// No line of dashes follows a header.
    pub(super) lacks_dashes: bool,
    /// Each record is one line, with `#012` for each line feed, as rsyslog writes it.
    pub(super) is_escaped: bool,
}

/// What precedes the lines of a record after its first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// The same prefix.
    Same,
    /// This many blanks, as `journalctl` writes.
    Blanks(usize),
    /// Nothing.
    Bare,
}

impl Layout {
    /// A layout in which every line has this prefix.
    pub(super) fn of_lines(prefix: Prefix) -> Self {
        Self { prefix, rest: Rest::Same, lacks_dashes: false, is_escaped: false }
    }

    /// The layout of a header that follows `before` on its line, and of the line after it; `None` if these two lines
    /// are not the start of an entry.
    pub(super) fn at(before: &[u8], header: &HeaderAt, next: Option<&[u8]>) -> Option<Self> {
        let mut layout = Self::of_lines(Prefix::of(before));
        if header.is_escaped {
            layout.is_escaped = true;
            return Some(layout);
        }
        let next = lines::without_crs(next?);
        let same = layout.prefix.strip(next).map(|stripped| stripped.text);
        if same.is_some_and(is_dashes) {
            return Some(layout);
        }
        let blanks = next.split_at_checked(before.len()).filter(|_| !before.is_empty());
        if blanks.is_some_and(|(blanks, text)| blanks.iter().all(|b| *b == b' ') && is_dashes(text)) {
            layout.rest = Rest::Blanks(before.len());
        } else if is_dashes(next) {
            layout.rest = Rest::Bare;
        } else if !layout.prefix.is_empty() && same.is_some_and(is_start_line) {
            layout.lacks_dashes = true;
        } else if !layout.prefix.is_empty() && is_start_line(next) {
            layout.rest = Rest::Bare;
            layout.lacks_dashes = true;
        } else {
            return None;
        }
        Some(layout)
    }

    /// Whether only the prefix is on `line` before the offset `at`.
    pub(super) fn precedes(&self, line: &[u8], at: usize) -> bool {
        self.rest == Rest::Same
            && self.prefix.strip(line).is_some_and(|stripped| line.len() - stripped.text.len() == at)
    }

    /// Whether `line` is the line of dashes after a header.
    pub(super) fn is_dashes(&self, line: &[u8]) -> bool {
        let text = self.prefix.strip(lines::without_crs(line)).map(|stripped| stripped.text);
        !self.prefix.is_empty() && text.is_some_and(is_dashes)
    }
}

/// Whether a line is the dashes after a header, of the present or of the old format.
fn is_dashes(line: &[u8]) -> bool {
    lines::is_dashes(line.strip_prefix(b"   ").unwrap_or(line))
}

fn is_start_line(line: &[u8]) -> bool {
    start_line::parse(line).is_some()
}
