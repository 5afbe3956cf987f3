//! One line of cells; texts are drawn into it, one over the other.
//!
//! Must not know: ladders, colours.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a cell shows; the caller chooses its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Ink {
    /// Nothing.
    #[default]
    Blank,
    /// The title of a peer's column.
    Title,
    /// The title of one of our columns.
    OurTitle,
    /// The time column.
    Time,
    /// The line of a peer.
    Lifeline,
    /// One of our lines.
    OurLifeline,
    /// The line of a peer with one leg, by the leg's position.
    LegLifeline(u8),
    /// The name of a leg, by its position.
    LegName(u8),
    /// What FreeSWITCH passed on from one profile to another one.
    Passed,
    /// An arrow.
    Shaft,
    /// The label of an arrow.
    Label,
    /// The remark of an arrow.
    Remark,
    /// A pause.
    Gap,
}

/// One cell of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    /// A character with its combining marks; empty in the right half of a wide character.
    pub text: &'a str,
    /// What it shows.
    pub ink: Ink,
}

impl Cell<'_> {
    const BLANK: Cell<'static> = Cell { text: " ", ink: Ink::Blank };
}

/// A line of cells.
#[derive(Debug, Clone)]
pub struct Canvas<'a> {
    cells: Vec<Cell<'a>>,
    /// Whether a character of two cells was put on it.
    has_wide: bool,
}

impl<'a> Canvas<'a> {
    /// An empty line of `width` cells.
    pub fn new(width: usize) -> Self {
        Self::reusing(Vec::new(), width)
    }

    /// The same in the memory of a line that is no longer needed.
    pub(super) fn reusing(mut memory: Vec<Cell<'static>>, width: usize) -> Self {
        memory.clear();
        memory.resize(width, Cell::BLANK);
        Self { cells: memory, has_wide: false }
    }

    /// The memory of the line, for another one.
    pub(super) fn into_memory(mut self) -> Vec<Cell<'static>> {
        self.cells.clear();
        // Nothing is left to be converted; the vector keeps its memory.
        self.cells.into_iter().map(|_| Cell::BLANK).collect()
    }

    /// The cells from left to right.
    pub fn cells(&self) -> &[Cell<'a>] {
        &self.cells
    }

    /// Draws a text at a column, over the existing cells; parts outside the line are left out.
    pub fn put(&mut self, x: i32, text: &'a str, ink: Ink) {
        self.put_within(x, usize::MAX, text, ink);
    }

    /// Draws a text into at most `room` cells; a truncated text ends with `…`.
    pub fn put_within(&mut self, x: i32, room: usize, text: &'a str, ink: Ink) {
        if text.len() <= room && text.is_ascii() && !self.has_wide {
            return self.put_ascii(x, text, ink);
        }
        let fits = text.len() <= room || width_of(text) <= room;
        let full = room;
        let room = if fits { full } else { full.saturating_sub(1) };
        let mut used = 0;
        for (cluster, width) in clusters(text) {
            if used + width > room {
                break;
            }
            self.set(x.saturating_add(used as i32), cluster, width, ink);
            used += width;
        }
        if !fits && full > 0 {
            self.set(x.saturating_add(used as i32), "…", 1, ink);
        }
    }

    /// Puts a character into each cell: no line end and no mark is ASCII that is put here, and nothing wide is overwritten.
    fn put_ascii(&mut self, x: i32, text: &'a str, ink: Ink) {
        let mut rest = text.get(x.min(0).unsigned_abs() as usize..).unwrap_or_default();
        let cells = self.cells.get_mut(x.max(0) as usize..).unwrap_or_default();
        for cell in cells {
            let Some((text, after)) = rest.split_at_checked(1) else { break };
            *cell = Cell { text, ink };
            rest = after;
        }
    }

    /// Draws a text of one cell.
    #[inline]
    pub fn put_sign(&mut self, x: i32, sign: &'static str, ink: Ink) {
        self.fill(x, x.saturating_add(1), sign, ink);
    }

    /// Fills the cells from `from` to before `to` with a text of one cell.
    #[inline]
    pub fn fill(&mut self, from: i32, to: i32, text: &'a str, ink: Ink) {
        let cells = from.max(0) as usize..(to.max(0) as usize).min(self.cells.len());
        if self.has_wide {
            cells.for_each(|x| self.set(x as i32, text, 1, ink));
        } else if let Some(cells) = self.cells.get_mut(cells) {
            cells.fill(Cell { text, ink });
        }
    }

    /// The line as text, without trailing blanks.
    pub fn text(&self) -> String {
        let mut text = Vec::new();
        self.append_line(&mut text);
        text.pop();
        // What cells show is text.
        String::from_utf8(text).unwrap_or_default()
    }

    /// Appends the line to a text, without trailing blanks, and a line feed.
    pub(super) fn append_line(&self, text: &mut Vec<u8>) {
        let is_shown = |cell: &Cell<'_>| cell.text != " " && !cell.text.trim_end().is_empty();
        let count = self.cells.iter().rposition(is_shown).map_or(0, |last| last + 1);
        // A line is drawn with signs of three bytes.
        text.reserve(count * 3 + 1);
        if let Some((last, cells)) = self.cells[..count].split_last() {
            for cell in cells {
                // Where its length is known, a text is copied without a call.
                match cell.text.as_bytes() {
                    [one] => text.push(*one),
                    [first, second, third] => text.extend_from_slice(&[*first, *second, *third]),
                    more => text.extend_from_slice(more),
                }
            }
            text.extend_from_slice(last.text.trim_end().as_bytes());
        }
        text.push(b'\n');
    }

    fn set(&mut self, x: i32, text: &'a str, width: usize, ink: Ink) {
        let Ok(x) = usize::try_from(x) else { return };
        if x + width > self.cells.len() {
            return;
        }
        self.has_wide |= width > 1;
        // Half a wide character cannot stay.
        if self.cells[x].text.is_empty() && x > 0 {
            self.cells[x - 1].text = " ";
        }
        if let Some(right) = self.cells.get_mut(x + width).filter(|cell| cell.text.is_empty()) {
            right.text = " ";
        }
        for (n, cell) in self.cells[x..x + width].iter_mut().enumerate() {
            *cell = Cell { text: if n == 0 { text } else { "" }, ink };
        }
    }
}

/// How many cells a text occupies.
#[inline]
pub fn width_of(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { UnicodeWidthStr::width(text) }
}

/// The characters of a text, each with its combining marks, and their widths: 1 or 2.
fn clusters(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let marks = rest[first.len_utf8()..].chars().take_while(|c| c.width() == Some(0));
        let len = first.len_utf8() + marks.map(char::len_utf8).sum::<usize>();
        let (cluster, after) = rest.split_at(len);
        rest = after;
        Some((cluster, first.width().unwrap_or(1).max(1)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_truncated_at_both_edges_and_to_their_room() {
        for (x, room, text, line) in [
            (0, 9, "abc", "abc"),
            (-1, 9, "abc", "bc"),
            (4, 9, "abc", "    ab"),
            (0, 2, "abc", "a…"),
            (1, 3, "日本語", " 日…"),
            (-1, 9, "日本", " 本"),
            (5, 9, "日", ""),
            (0, 9, "e\u{301}x", "e\u{301}x"),
            (0, 0, "abc", ""),
            (i32::MAX, 9, "abc", ""),
            (i32::MIN, 9, "abc", ""),
        ] {
            let mut canvas = Canvas::new(6);
            canvas.put_within(x, room, text, Ink::Label);
            assert_eq!(canvas.text(), line, "{text} at {x}");
        }
    }

    #[test]
    fn half_a_wide_character_never_remains() {
        for (x, line) in [(0, "a 本"), (1, " a本"), (2, "日a"), (3, "日 a")] {
            let mut canvas = Canvas::new(4);
            canvas.put(0, "日本", Ink::Label);
            canvas.put(x, "a", Ink::Label);
            assert_eq!(canvas.text(), line, "{x}");
        }
    }
}
