//! Breaks a line into rows of a width; the rows after the first are indented.
//!
//! Must not know: colours, where rows are drawn.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::app::styled_text::{Line, Role};

use super::cell_writer::{head, width};

/// Indentation of the rows after the first, if the line has no second column.
const INDENT: usize = 2;
/// The least that a second column has for itself; narrower ones go on at the left.
const LEAST_SECOND: usize = 24;
/// Narrower rows are not indented.
const LEAST_FOR_INDENT: usize = 16;

/// How rows after the first are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::view) enum Style {
    /// Broken after blanks, semicolons and commas where there are some, under the line's second
    /// column: for text to be read.
    Soft,
    /// Broken wherever the row is full: for text that must be seen exactly.
    Hard,
}

/// A line broken into rows.
#[derive(Debug)]
pub(in crate::view) struct Wrapped<'a> {
    line: &'a Line,
    /// Cells before the rows after the first.
    pub(in crate::view) indent: usize,
    /// The rows as ranges of bytes of the line's whole text.
    pub(in crate::view) rows: Vec<Range<usize>>,
}

impl<'a> Wrapped<'a> {
    /// Breaks `line` into rows of `width` cells, and stops after `most` rows.
    pub(in crate::view) fn new(line: &'a Line, width: usize, style: Style, most: usize) -> Self {
        let width = width.max(1);
        let indent = indent(line, width, style);
        let mut rows = Rows { width, indent, most, out: Vec::new(), start: 0, used: 0, soft: None };
        let mut at = 0;
        'line: for span in &line.spans {
            for (_, c) in span.text.char_indices() {
                if !rows.take(at, c, style) {
                    break 'line;
                }
                at += c.len_utf8();
            }
        }
        rows.finish(at);
        Self { line, indent, rows: rows.out }
    }

    /// The one row of `width` cells that begins at the cell `left` of `line`, and whether something is before and after it.
    pub(in crate::view) fn cut(line: &'a Line, left: usize, width: usize) -> (Self, [bool; 2]) {
        let (mut at, mut cells) = (0, 0);
        let (mut start, mut end) = (None, None);
        for c in line.spans.iter().flat_map(|span| span.text.chars()) {
            let next = cells + c.width().unwrap_or(0);
            if cells >= left && start.is_none() {
                start = Some(at);
            }
            if next > left + width {
                end = Some(at);
                break;
            }
            (at, cells) = (at + c.len_utf8(), next);
        }
        let row = start.unwrap_or(at)..end.unwrap_or(at).max(start.unwrap_or(at));
        let around = [left > 0 && at > 0, end.is_some()];
        (Self { line, indent: 0, rows: vec![row] }, around)
    }

    /// The pieces of a row with their roles, and where each begins in the line's text.
    pub(in crate::view) fn pieces(&self, row: &Range<usize>) -> impl Iterator<Item = (Role, usize, &'a str)> {
        let row = row.clone();
        let mut start = 0;
        self.line.spans.iter().filter_map(move |span| {
            let whole = start..start + span.text.len();
            start = whole.end;
            let (from, to) = (row.start.max(whole.start), row.end.min(whole.end));
            let text = span.text.get(from.checked_sub(whole.start)?..to.checked_sub(whole.start)?)?;
            (!text.is_empty()).then_some((span.role, from, text))
        })
    }
}

/// Rows in the making.
struct Rows {
    width: usize,
    indent: usize,
    most: usize,
    out: Vec<Range<usize>>,
    /// Where the present row begins.
    start: usize,
    /// Cells of it that are taken.
    used: usize,
    /// Where it can be broken softly, and the cells after that place.
    soft: Option<(usize, usize)>,
}

impl Rows {
    /// Takes the character at `at`; whether there is room for more rows.
    fn take(&mut self, at: usize, c: char, style: Style) -> bool {
        let cells = c.width().unwrap_or(0);
        // What is carried into a narrower row may leave no room for this character.
        while self.used + cells > self.room() && self.used > 0 {
            // Breaking within the first column would leave a row with nothing but a name.
            let first_column = if self.out.is_empty() { self.indent } else { 0 };
            let (end, carried) = match self.soft {
                Some((end, after)) if style == Style::Soft && self.used - after > first_column => {
                    (end, after)
                }
                _ => (at, 0),
            };
            self.out.push(self.start..end);
            if self.out.len() >= self.most {
                return false;
            }
            (self.start, self.used, self.soft) = (end, carried, None);
        }
        self.used += cells;
        if let Some((_, after)) = &mut self.soft {
            *after += cells;
        }
        if matches!(c, ' ' | ';' | ',') {
            self.soft = Some((at + c.len_utf8(), 0));
        }
        true
    }

    fn finish(&mut self, end: usize) {
        if self.out.len() < self.most && (end > self.start || self.out.is_empty()) {
            self.out.push(self.start..end);
        }
    }

    fn room(&self) -> usize {
        if self.out.is_empty() { self.width } else { self.width.saturating_sub(self.indent).max(1) }
    }
}

/// Where the line's second column begins, if it has one that leaves room for most of a row.
fn indent(line: &Line, width: usize, style: Style) -> usize {
    if width < LEAST_FOR_INDENT {
        return 0;
    }
    if style == Style::Hard {
        return INDENT;
    }
    let most = width.saturating_sub(LEAST_SECOND).max(width / 3);
    let (mut cells, mut blanks) = (0, 0);
    for c in line.spans.iter().flat_map(|s| s.text.chars()) {
        if c != ' ' && (blanks >= 2 || (blanks > 0 && blanks == cells)) {
            return cells;
        }
        blanks = if c == ' ' { blanks + 1 } else { 0 };
        cells += c.width().unwrap_or(0);
        if cells > most {
            break;
        }
    }
    INDENT
}

/// A short text of ours in rows of `room` cells, broken at blanks; a word that is longer keeps its row.
pub(in crate::view) fn at_blanks(text: &str, room: usize) -> Vec<&str> {
    let (mut rows, mut rest) = (Vec::new(), text);
    while width(rest) > room {
        let fits = head(rest, room + 1).rfind(' ').filter(|at| *at > 0);
        let Some(at) = fits.or_else(|| rest.find(' ').filter(|at| *at > 0)) else { break };
        rows.push(rest[..at].trim_end());
        rest = rest[at..].trim_start();
    }
    rows.push(rest);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_broken_at_blanks() {
        for (text, room, rows) in [
            ("to:1 54 · together 0", 20, &["to:1 54 · together 0"][..]),
            ("to:1 54 · together 0", 12, &["to:1 54 ·", "together 0"]),
            ("to:1  54", 5, &["to:1", "54"]),
            ("together 0", 3, &["together", "0"]),
            ("", 3, &[""]),
        ] {
            assert_eq!(at_blanks(text, room), rows, "{text} {room}");
        }
    }

    fn wrapped(spans: &[&str], width: usize, style: Style, most: usize) -> Vec<String> {
        let line = spans.iter().fold(Line::default(), |line, s| line.and(Role::Plain, (*s).to_owned()));
        let wrapped = Wrapped::new(&line, width, style, most);
        let text = |(_, _, piece): (Role, usize, &str)| piece.to_owned();
        wrapped.rows.iter().map(|row| wrapped.pieces(row).map(text).collect::<Vec<_>>().join("|")).collect()
    }

    #[test]
    fn rows_break_softly_where_they_can_and_nothing_is_lost() {
        for (spans, width, style, want) in [
            (&["abc"][..], 5, Style::Soft, &["abc"][..]),
            (&[], 5, Style::Soft, &[""]),
            (&["ab cd ef"], 5, Style::Soft, &["ab ", "cd ef"]),
            (&["ab;c", "d,ef"], 5, Style::Soft, &["ab;", "c|d,ef"]),
            (&["abcdefghijk"], 5, Style::Soft, &["abcde", "fghij", "k"]),
            (&["ab cd ef"], 5, Style::Hard, &["ab cd", " ef"]),
            (&["日本語"], 5, Style::Hard, &["日本", "語"]),
            (&["日"], 1, Style::Hard, &["日"]),
        ] {
            assert_eq!(wrapped(spans, width, style, 99), want, "{spans:?} {width}");
        }
    }

    #[test]
    fn no_row_is_wider_than_its_room_and_nothing_is_lost() {
        let agent =
            "User-Agent          FreeSWITCH-mod_sofia/1.11.3-dev+git~20260821T141014Z~cc93a683ca~64bit";
        for text in [
            agent,
            ";xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "a 日本語日本語日本語日本語日本語日本語",
            "To  ab,cd;ef 日本語 gh",
        ] {
            let line = Line::of(Role::Plain, text);
            for (width, style) in (2..100).flat_map(|w| [(w, Style::Soft), (w, Style::Hard)]) {
                let wrapped = Wrapped::new(&line, width, style, 999);
                let rows: Vec<&str> = wrapped.rows.iter().map(|row| &text[row.clone()]).collect();
                assert_eq!(rows.concat(), text, "{width} {style:?}");
                for (number, row) in rows.iter().enumerate() {
                    let room = if number == 0 { width } else { width - wrapped.indent };
                    let cells: usize = row.chars().map(|c| c.width().unwrap_or(0)).sum();
                    assert!(cells <= room, "{width} {style:?}: {row:?} in {room}");
                }
            }
        }
    }

    #[test]
    fn rows_after_the_first_stand_under_the_second_column() {
        for (text, width, want) in [
            ("From      <sip:a@b>;tag=1", 40, 10),
            ("  indented", 40, 2),
            ("one two three", 40, 2),
            ("a very long first column here     second", 40, 2),
            ("a=rtpmap:101 telephone-event/8000     DTMF", 78, 38),
            ("From      x", 10, 0),
        ] {
            let line = Line::of(Role::Plain, text);
            assert_eq!(Wrapped::new(&line, width, Style::Soft, 9).indent, want, "{text}");
        }
        assert_eq!(Wrapped::new(&Line::of(Role::Plain, "a     b"), 40, Style::Hard, 9).indent, 2);
    }

    #[test]
    fn a_line_that_is_not_broken_shows_its_cells_from_the_left_on() {
        for (text, left, width, want, around) in [
            ("abcdef", 0, 6, "abcdef", [false, false]),
            ("abcdef", 0, 4, "abcd", [false, true]),
            ("abcdef", 2, 3, "cde", [true, true]),
            ("abcdef", 3, 3, "def", [true, false]),
            ("abcdef", 9, 3, "", [true, false]),
            ("", 9, 3, "", [false, false]),
            ("a日本b", 2, 3, "本", [true, true]),
            ("a日本b", 0, 2, "a", [false, true]),
        ] {
            let line = Line::of(Role::Plain, text);
            let (wrapped, found) = Wrapped::cut(&line, left, width);
            assert_eq!((&text[wrapped.rows[0].clone()], found), (want, around), "{text} {left} {width}");
        }
    }

    #[test]
    fn a_huge_line_is_looked_at_only_as_far_as_it_is_shown() {
        let text = "x".repeat(10_000_000);
        assert_eq!(wrapped(&[&text], 10, Style::Soft, 3).len(), 3);
    }
}
