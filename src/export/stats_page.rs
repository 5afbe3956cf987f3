//! The text format of statistics: lines with names, and lists with counts.
//!
//! Must not know: what is counted.

use crate::base::number::grouped;
use crate::style::Role;

use super::styled_write::Style;

/// How many names a list of the text format has; the JSON format has all.
pub(super) const LISTED: usize = 20;
/// How many regions and losses a list of the text format has.
const PLACES: usize = 10;

/// The text format while it is being written.
pub(super) struct Page<'o> {
    pub(super) out: &'o mut Vec<u8>,
    pub(super) style: Style,
}

impl Page<'_> {
    pub(super) fn line(&mut self, name: &str, text: &str) {
        self.style.styled(self.out, Role::Dim, |out| out.extend_from_slice(format!("{name:<12}").as_bytes()));
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'\n');
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.out.push(b'\n');
        self.style.styled(self.out, Role::Strong, |out| out.extend_from_slice(text.as_bytes()));
        self.out.push(b'\n');
    }

    /// A list of names and counts, the largest counts first.
    pub(super) fn counts(&mut self, heading: &str, mut counts: Vec<(String, u64)>) {
        if counts.is_empty() {
            return;
        }
        self.heading(heading);
        counts.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
        let width = counts.iter().map(|(_, n)| grouped(*n).len()).max().unwrap_or_default();
        for (name, count) in counts.iter().take(LISTED) {
            self.out.extend_from_slice(format!("  {:>width$}  {name}\n", grouped(*count)).as_bytes());
        }
        self.rest(counts.len().saturating_sub(LISTED) as u64);
    }

    pub(super) fn rest(&mut self, more: u64) {
        if more > 0 {
            self.out.extend_from_slice(format!("  and {} more\n", grouped(more)).as_bytes());
        }
    }

    pub(super) fn places(&mut self, heading: &str, lines: &[String], unlisted: u64) {
        if lines.is_empty() {
            return;
        }
        self.heading(heading);
        for line in lines.iter().take(PLACES) {
            self.out.extend_from_slice(format!("  {line}\n").as_bytes());
        }
        self.rest(lines.len().saturating_sub(PLACES) as u64 + unlisted);
    }

    /// Text as it is.
    pub(super) fn text(&mut self, text: &str) {
        self.out.extend_from_slice(self.style.signs(text).as_bytes());
    }

    /// Text that is less important.
    pub(super) fn dim(&mut self, text: &str) {
        self.style.styled(self.out, Role::Dim, |out| out.extend_from_slice(text.as_bytes()));
    }
}
