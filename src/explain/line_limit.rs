//! Breaks very long lines, so that scrolling by lines reaches every part of them.
//!
//! Must not know: what the lines are of.

use std::borrow::Cow;

use crate::style::styled_text::{Line, Role, Span};

/// Characters that one line may have: some rows of any pane.
const MOST: usize = 480;

/// Begins each line that continues a broken one.
const MORE: Span = Span { role: Role::Dim, text: Cow::Borrowed("↪ ") };

/// The bytes of the sign at the beginning of a line that continues the one before it.
pub fn continued(line: &Line) -> Option<usize> {
    line.spans.first().filter(|span| **span == MORE).map(|span| span.text.len())
}

/// `lines` with every longer one broken into several, which all keep its source.
pub fn long(lines: Vec<Line>) -> Vec<Line> {
    if lines.iter().all(is_short) {
        return lines;
    }
    let mut out = Vec::with_capacity(lines.len() + 64);
    for line in lines {
        if is_short(&line) { out.push(line) } else { chop(line, &mut out) }
    }
    out
}

/// Whether the line needs no breaking, by its number of bytes: a character has at least one.
fn is_short(line: &Line) -> bool {
    line.spans.iter().map(|span| span.text.len()).sum::<usize>() <= MOST
}

fn chop(line: Line, out: &mut Vec<Line>) {
    let source = line.source;
    let (mut spans, mut room) = (Vec::new(), MOST);
    for span in line.spans {
        let mut rest: &str = &span.text;
        while let Some((end, _)) = rest.char_indices().nth(room) {
            if end > 0 {
                spans.push(Span { role: span.role, text: Cow::Owned(rest[..end].to_owned()) });
            }
            out.push(Line { spans: std::mem::replace(&mut spans, vec![MORE]), source: source.clone() });
            rest = &rest[end..];
            room = MOST;
        }
        room -= rest.chars().count();
        if !rest.is_empty() {
            spans.push(Span { role: span.role, text: Cow::Owned(rest.to_owned()) });
        }
    }
    out.push(Line { spans, source });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_and_nothing_is_lost() {
        let long_line =
            Line::of(Role::Label, "name ").and(Role::Plain, "é".repeat(1_000)).and(Role::Dim, r"\r\n");
        let text = long_line.text();
        let lines = long(vec![Line::of(Role::Plain, "short"), Line { source: Some(3..9), ..long_line }]);
        assert_eq!(lines.len(), 4);
        let put_together: String =
            lines[1..].iter().map(|l| l.text().trim_start_matches("↪ ").to_owned()).collect();
        assert_eq!(put_together, text);
        assert!(
            lines[1..]
                .iter()
                .all(|line| line.source == Some(3..9) && line.text().chars().count() <= MOST + 2)
        );
    }

    #[test]
    fn a_line_of_just_the_allowed_length_stays_whole() {
        for (length, lines) in [(MOST, 1), (MOST + 1, 2), (2 * MOST, 2), (2 * MOST + 1, 3)] {
            assert_eq!(long(vec![Line::of(Role::Plain, "x".repeat(length))]).len(), lines, "{length}");
        }
    }
}
