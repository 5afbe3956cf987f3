//! Puts text into cells: cut where there is no more room, never over an edge.
//!
//! All that comes from a trace must be escaped before it comes here.
//!
//! Must not know: what the text means.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::style::Role;
use crate::view::{Masks, Theme};

use super::mask;

/// Stands for what was cut.
pub(in crate::view) const CUT: char = '…';

/// Cells that a text takes.
pub(in crate::view) fn width(text: &str) -> usize {
    // Trace text is nearly always ASCII, where a character is a cell.
    if text.is_ascii() { text.len() } else { text.width() }
}

/// The longest head of `text` that takes at most `most` cells.
pub(in crate::view) fn head(text: &str, most: usize) -> &str {
    if text.is_ascii() {
        return &text[..text.len().min(most)];
    }
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > most {
            return &text[..at];
        }
    }
    text
}

/// The longest tail of `text` that takes at most `most` cells.
fn tail(text: &str, most: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(0);
        if used > most {
            return &text[at + c.len_utf8()..];
        }
    }
    text
}

/// `text` in at most `most` cells; its end is cut where it is longer.
pub(in crate::view) fn fit(text: &str, most: usize) -> Cow<'_, str> {
    if width(text) <= most {
        return Cow::Borrowed(text);
    }
    match most {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{}{CUT}", head(text, most - 1))),
    }
}

/// `text` in at most `most` cells; its beginning is cut where it is longer.
pub(in crate::view) fn fit_tail(text: &str, most: usize) -> Cow<'_, str> {
    if width(text) <= most {
        return Cow::Borrowed(text);
    }
    match most {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{CUT}{}", tail(text, most - 1))),
    }
}

/// `text` in at most `most` cells; its middle is cut where it is longer, and the end keeps no less than the beginning.
pub(in crate::view) fn fit_middle(text: &str, most: usize) -> Cow<'_, str> {
    if width(text) <= most {
        return Cow::Borrowed(text);
    }
    match most.checked_sub(1) {
        None => Cow::Borrowed(""),
        Some(room) => Cow::Owned(format!("{}{CUT}{}", head(text, room / 2), tail(text, room - room / 2))),
    }
}

/// Whether a text is private: a number, a name or an address of someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::view) enum Private {
    /// It is.
    Yes,
    /// It is not, as far as its role says.
    No,
}

/// Writes on one row of a buffer, from left to right, and stops at its end.
pub(in crate::view) struct CellWriter<'a> {
    buf: &'a mut Buffer,
    theme: &'a Theme,
    /// The next cell.
    pub(in crate::view) x: u16,
    y: u16,
    /// The first cell that may not be written.
    end: u16,
    /// Whether all that is written is private.
    is_private: bool,
}

impl<'a> CellWriter<'a> {
    /// A writer at the left end of the row `y` of `area`, counted from the area's top.
    pub(in crate::view) fn new(buf: &'a mut Buffer, theme: &'a Theme, area: Rect, y: u16) -> Self {
        let row = Rect { y: area.y.saturating_add(y), height: 1, ..area };
        let row = row.intersection(buf.area);
        let row = if y < area.height && !row.is_empty() { row } else { Rect::ZERO };
        Self { x: row.x, y: row.y, end: row.right(), is_private: false, buf, theme }
    }

    /// The style of a role.
    pub(in crate::view) fn style(&self, role: Role) -> Style {
        self.theme.role(role)
    }

    /// Cells that are left.
    pub(in crate::view) const fn room(&self) -> usize {
        self.end.saturating_sub(self.x) as usize
    }

    /// Writes `text`, cut where the row ends.
    pub(in crate::view) fn put(&mut self, text: &str, role: Role) {
        let room = self.room();
        self.put_in(text, room, role);
    }

    /// Writes `text` in at most `most` cells.
    pub(in crate::view) fn put_in(&mut self, text: &str, most: usize, role: Role) {
        let was_private = self.is_private;
        self.is_private |= mask::is_private(role);
        self.put_styled(text, most, self.theme.role(role));
        self.is_private = was_private;
    }

    /// All that is written from now on is private, or it is not.
    pub(in crate::view) fn set_private(&mut self, is_private: Private) {
        self.is_private = is_private == Private::Yes;
    }

    /// Writes `text` in at most `most` cells, in a style that is not that of a role alone.
    pub(in crate::view) fn put_styled(&mut self, text: &str, most: usize, style: Style) {
        let most = most.min(self.room());
        if most > 0 {
            let masks = self.is_private && self.theme.masks == Masks::Private;
            let text = if masks { Cow::Owned(mask::whole(text)) } else { Cow::Borrowed(text) };
            let text = self.theme.charset.spelled(&text);
            let text = fit(&text, most);
            (self.x, _) = self.buf.set_stringn(self.x, self.y, &text, most, style);
        }
    }

    /// Writes `text` into a column of `cells` cells, at its left.
    pub(in crate::view) fn column(&mut self, text: &str, cells: usize, role: Role) {
        let end = self.after(cells);
        self.put_in(text, cells, role);
        self.x = end;
    }

    /// Writes `text` into a column of `cells` cells, at its right.
    pub(in crate::view) fn column_right(&mut self, text: &str, cells: usize, role: Role) {
        let blanks = cells.saturating_sub(width(text));
        self.skip(blanks);
        self.column(text, cells - blanks, role);
    }

    /// Moves to a cell of the row.
    pub(in crate::view) fn go_to(&mut self, x: u16) {
        self.x = x.min(self.end.max(self.x));
    }

    /// Moves on by `cells`.
    pub(in crate::view) fn skip(&mut self, cells: usize) {
        self.x = self.after(cells);
    }

    /// Writes `text` so that it ends at the end of the row, where all of it has room with
    /// `distance` cells before it. The row ends before it from then on.
    pub(in crate::view) fn put_at_end(&mut self, text: &str, distance: usize, role: Role) -> bool {
        let style = self.theme.role(role);
        let needed = width(text);
        if needed + distance > self.room() {
            return false;
        }
        let start = self.end - needed as u16;
        self.buf.set_stringn(start, self.y, text, needed, style);
        self.end = start - distance as u16;
        true
    }

    /// Fills what is left of the row.
    pub(in crate::view) fn fill(&mut self, symbol: &str, role: Role) {
        let style = self.theme.role(role);
        for x in self.x..self.end {
            if let Some(cell) = self.buf.cell_mut((x, self.y)) {
                cell.set_symbol(symbol).set_style(style);
            }
        }
        self.x = self.end;
    }

    fn after(&self, cells: usize) -> u16 {
        let cells = u16::try_from(cells).unwrap_or(u16::MAX);
        self.x.saturating_add(cells).min(self.end.max(self.x))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_either_end_and_never_wider_than_its_room() {
        for (text, most, cut, cut_before) in [
            ("abcdef", 6, "abcdef", "abcdef"),
            ("abcdef", 4, "abc…", "…def"),
            ("abcdef", 1, "…", "…"),
            ("abcdef", 0, "", ""),
            ("日本語", 5, "日本…", "…本語"),
            ("日本語", 4, "日…", "…語"),
            ("née😀", 4, "née…", "…e😀"),
        ] {
            assert_eq!(
                (fit(text, most).as_ref(), fit_tail(text, most).as_ref()),
                (cut, cut_before),
                "{text} {most}"
            );
            assert!(width(&fit(text, most)) <= most && width(&fit_tail(text, most)) <= most);
        }
    }

    #[test]
    fn a_writer_stays_inside_its_area_and_the_buffer() {
        let theme = Theme::default();
        let mut buf = Buffer::empty(Rect::new(0, 0, 10, 2));
        let mut row = CellWriter::new(&mut buf, &theme, Rect::new(2, 1, 5, 1), 0);
        assert!(row.put_at_end("yz", 1, Role::Plain));
        assert!(!row.put_at_end("too long", 0, Role::Plain));
        row.put("abcdef", Role::Plain);
        CellWriter::new(&mut buf, &theme, Rect::new(8, 1, 20, 1), 0).put("0123", Role::Plain);
        CellWriter::new(&mut buf, &theme, Rect::new(0, 0, 20, 1), 1).put("no", Role::Plain);
        CellWriter::new(&mut buf, &theme, Rect::new(0, 7, 20, 9), 3).put("no", Role::Plain);
        let text: String = (0..10).map(|x| buf[(x, 1)].symbol()).collect();
        assert_eq!(text, "  a… yz 0…");
    }

    #[test]
    fn columns_keep_their_width_whatever_is_in_them() {
        let theme = Theme::default();
        let mut buf = Buffer::empty(Rect::new(0, 0, 16, 1));
        let mut row = CellWriter::new(&mut buf, &theme, Rect::new(0, 0, 16, 1), 0);
        row.column("ab", 4, Role::Plain);
        row.column_right("12", 4, Role::Plain);
        row.column("abcdef", 4, Role::Plain);
        row.column_right("123456", 4, Role::Plain);
        let text: String = (0..16).map(|x| buf[(x, 0)].symbol()).collect();
        assert_eq!(text, "ab    12abc…123…");
    }
}
