//! A search in the lines of a page: what is typed, and where the lines contain it.
//!
//! Must not know: what the lines are of, how they are drawn, threads.

use std::ops::Range;
use std::sync::Arc;

use crate::app::event::Generation;
use crate::app::parts::LineEdit;
use crate::app::styled_text::Line;
use crate::base::number::grouped;
use crate::explain::line_limit::continued;
use crate::filter::PlainText;

/// Lines that are searched between two questions whether the result is still wanted.
const STEP: usize = 4096;

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub struct PageSearch {
    /// What is typed.
    pub edit: LineEdit,
    /// Whether it gets the keys.
    pub editing: bool,
    /// Where it is; `None` while it is searched for.
    pub matches: Option<Matches>,
    /// The selected match, 0-based.
    pub current: Option<usize>,
    /// The top line when editing began: matches are selected from there on, and Esc goes back to it.
    pub(super) origin: usize,
    /// Whether the first match after the origin is to be selected when the matches are known.
    pub(super) seeks: bool,
    /// Whether the lines are to be searched in the background.
    pub(super) waiting: bool,
    /// The number of the request.
    pub(super) generation: Option<Generation>,
}

impl PageSearch {
    /// What is searched for.
    pub fn text(&self) -> PlainText {
        PlainText::new(self.edit.text())
    }

    /// `match 3 of 17`; empty while nothing is typed.
    pub fn position(&self) -> String {
        match (&self.matches, self.current) {
            _ if self.edit.text().is_empty() => String::new(),
            (None, _) => "searching…".to_owned(),
            (Some(matches), _) if matches.is_empty() => "no match".to_owned(),
            (Some(matches), Some(at)) => {
                format!("match {} of {}", grouped(at as u64 + 1), grouped(matches.len() as u64))
            }
            (Some(matches), None) => match matches.len() {
                1 => "1 match".to_owned(),
                len => format!("{} matches", grouped(len as u64)),
            },
        }
    }

    /// The selected match: its line, and which one of those that begin in this line it is.
    pub fn selected(&self) -> Option<(usize, usize)> {
        self.matches.as_ref()?.place(self.current?)
    }
}

/// Where lines contain a text. Of each line with matches only their number is kept: a page may have millions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matches {
    /// Lines with matches, 0-based, and how many matches are before each.
    lines: Vec<(u32, u32)>,
    len: u32,
}

impl Matches {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The line of a match, and which one of those of this line it is.
    fn place(&self, number: usize) -> Option<(usize, usize)> {
        let after = self.lines.partition_point(|(_, before)| *before as usize <= number);
        let (line, before) = self.lines.get(after.checked_sub(1)?)?;
        (number < self.len()).then_some((*line as usize, number - *before as usize))
    }

    /// The first match at or after a line; around the end.
    pub(super) fn first_at(&self, line: usize) -> Option<usize> {
        let at = self.lines.partition_point(|(known, _)| (*known as usize) < line);
        let found = self.lines.get(at).or_else(|| self.lines.first());
        found.map(|(_, before)| *before as usize)
    }

    fn add(&mut self, line: usize, count: usize) {
        if count > 0 {
            self.lines.push((line as u32, self.len));
            self.len = self.len.saturating_add(count as u32);
        }
    }
}

/// Lines, and what is to be found in them.
#[derive(Debug, Clone)]
pub struct Find {
    /// The lines.
    pub lines: Arc<Vec<Line>>,
    /// The text.
    pub text: PlainText,
}

impl Find {
    /// Searches all lines; `None` if the result is no longer wanted.
    pub fn matches(&self, is_replaced: &dyn Fn() -> bool) -> Option<Matches> {
        let mut matches = Matches::default();
        let mut taken = 0;
        for line in 0..self.lines.len() {
            if line % STEP == STEP - 1 && is_replaced() {
                return None;
            }
            let found = beginning_in(&self.lines, line, &self.text, taken);
            let len = self.lines[line].spans.iter().map(|span| span.text.len()).sum();
            taken = found.last().map_or(0, |last| last.end.saturating_sub(len));
            matches.add(line, found.len());
        }
        Some(matches)
    }
}

/// Where a line contains the text: bytes of its own text, also those of a match that begins in the line which it continues;
/// whether the first one does.
pub fn in_line(lines: &[Line], line: usize, text: &PlainText) -> (Vec<Range<usize>>, bool) {
    let Some(this) = lines.get(line) else { return (Vec::new(), false) };
    let mut taken = 0;
    if let (Some(before), Some(_)) = (line.checked_sub(1), continued(this)) {
        let len = lines[before].whole().len();
        let last = beginning_in(lines, before, text, 0).pop();
        taken = last.map_or(0, |last| last.end.saturating_sub(len));
    }
    let sign = continued(this).unwrap_or(0);
    let rest = (taken > 0).then(|| sign..sign + taken);
    let begins_before = rest.is_some();
    (rest.into_iter().chain(beginning_in(lines, line, text, taken)).collect(), begins_before)
}

/// The matches that begin in a line. They may end after it, in the line that continues it; `taken` bytes of this line, after its
/// sign, belong to such a match of the line before.
fn beginning_in(lines: &[Line], line: usize, text: &PlainText, taken: usize) -> Vec<Range<usize>> {
    let whole = lines[line].whole();
    let next = lines.get(line + 1).and_then(|next| Some((next, continued(next)?)));
    let first = continued(&lines[line]).unwrap_or(0) + taken;
    let beginning = whole.len().min(first);
    let found = |all: &str| -> Vec<Range<usize>> {
        let matches = text.matches(&all.as_bytes()[beginning..]);
        let placed = matches.map(|found| found.start + beginning..found.end + beginning);
        placed.take_while(|found| found.start < whole.len()).collect()
    };
    match next {
        None => found(&whole),
        Some((next, sign)) => {
            // A letter can have another length in the other case.
            let more = 3 * text.len_bytes();
            let next = next.whole();
            let end = next.char_indices().map(|(at, _)| at).find(|at| *at >= sign + more);
            found(&format!("{whole}{}", &next[sign..end.unwrap_or(next.len())]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::styled_text::Role;
    use crate::explain::line_limit;

    fn find(lines: Vec<Line>, text: &str) -> (Arc<Vec<Line>>, Matches) {
        let find = Find { lines: Arc::new(lines), text: PlainText::new(text) };
        let matches = find.matches(&|| false).unwrap();
        (find.lines, matches)
    }

    #[test]
    fn matches_are_counted_by_line_and_found_again() {
        let lines = ["Via: a Via", "To: b", "via", ""].map(|text| Line::of(Role::Plain, text));
        let (_, matches) = find(lines.into(), "via");
        assert_eq!(matches.len(), 3);
        let places: Vec<_> = (0..4).map(|number| matches.place(number)).collect();
        assert_eq!(places, [Some((0, 0)), Some((0, 1)), Some((2, 0)), None]);
        let from: Vec<_> = (0..4).map(|line| matches.first_at(line)).collect();
        assert_eq!(from, [Some(0), Some(2), Some(2), Some(0)]);
    }

    #[test]
    fn a_match_over_the_end_of_a_broken_line_is_one_match() {
        let text = format!("{}needle{}", "x".repeat(477), "needle".repeat(100));
        let lines = line_limit::long(vec![Line::of(Role::Plain, text)]);
        let (lines, matches) = find(lines, "NEEDLE");
        assert_eq!((matches.len(), lines.len()), (0, 3));
        let (lines, matches) = find(lines.to_vec(), "needle");
        assert_eq!(matches.len(), 101);
        let needle = PlainText::new("needle");
        let (first, begins_before) = in_line(&lines, 0, &needle);
        assert!(!begins_before && first.len() == 1 && first[0] == (477..483));
        let (second, begins_before) = in_line(&lines, 1, &needle);
        assert!(begins_before);
        assert_eq!(second[..2], [4..7, 7..13]);
    }

    #[test]
    fn a_search_that_is_replaced_stops() {
        let find =
            Find { lines: Arc::new(vec![Line::of(Role::Plain, "a"); STEP * 2]), text: PlainText::new("a") };
        assert_eq!(find.matches(&|| true), None);
        assert_eq!(find.matches(&|| false).unwrap().len(), STEP * 2);
    }
}
