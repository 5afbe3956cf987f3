//! Lines with explanations beside them, in one column.
//!
//! Must not know: what is explained.

use crate::style::styled_text::{Line, Role};

use super::format::blanks;

/// Lines longer than this do not push the explanations of the others to the right.
const TEXT_MOST: usize = 44;

/// Puts each line's explanation after it, in a column that they share.
pub(super) fn annotate(lines: Vec<(Line, Option<String>)>) -> Vec<Line> {
    let noted = lines.iter().filter(|(_, note)| note.is_some());
    let widths = noted.map(|(line, _)| width(line));
    let column = widths.filter(|&width| width <= TEXT_MOST).max().unwrap_or(0) + 3;
    lines
        .into_iter()
        .map(|(line, note)| match note {
            Some(note) => {
                let gap = column.saturating_sub(width(&line)).max(3);
                line.and(Role::Plain, blanks(gap)).and(Role::Note, note)
            }
            None => line,
        })
        .collect()
}

fn width(line: &Line) -> usize {
    line.spans.iter().map(|span| span.text.chars().count()).sum()
}
