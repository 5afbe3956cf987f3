//! What screens are drawn with: cells, tables, broken lines, numbers and times as text.
//!
//! Must not know: which screen it is for.

pub(super) mod cell_writer;
pub(super) mod format;
pub(super) mod line_view;
pub(super) mod mask;
pub(super) mod table;
pub(super) mod time_range;
pub(super) mod wrap;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::{Area, Target, Targets};
use crate::style::Role;

use super::Theme;
use cell_writer::CellWriter;

/// What is drawn on, and what the drawing gives back.
pub(super) struct Surface<'a> {
    pub(super) theme: &'a Theme,
    pub(super) buf: &'a mut Buffer,
    /// Where things are.
    pub(super) targets: Targets,
    /// The terminal's cursor.
    cursor: Option<Position>,
}

impl<'a> Surface<'a> {
    pub(super) fn new(theme: &'a Theme, frame: &'a mut Frame<'_>) -> Self {
        Self { theme, buf: frame.buffer_mut(), targets: Targets::default(), cursor: None }
    }

    /// What the drawing gives back: the targets and the cursor.
    pub(super) fn finish(self) -> (Targets, Option<Position>) {
        self.theme.replace_characters(self.buf);
        (self.targets, self.cursor)
    }

    /// The style of a role.
    pub(super) fn style(&self, role: Role) -> Style {
        self.theme.role(role)
    }

    /// A writer at the left end of the row `y` of `area`, counted from the area's top.
    pub(super) fn row(&mut self, area: Rect, y: u16) -> CellWriter<'_> {
        CellWriter::new(self.buf, self.theme, area, y)
    }

    /// Adds a target.
    pub(super) fn target(&mut self, target: Target, rect: Rect) {
        self.targets.add(target, area(rect));
    }

    /// Puts the terminal's cursor at a cell, unless it was put somewhere already.
    pub(super) fn cursor(&mut self, x: u16, y: u16) {
        self.cursor.get_or_insert(Position { x, y });
    }

    /// Forgets where the cursor was put, and says it.
    pub(super) fn take_cursor(&mut self) -> Option<Position> {
        self.cursor.take()
    }

    /// Gives every cell of `area` a role.
    pub(super) fn paint(&mut self, area: Rect, role: Role) {
        let style = self.style(role);
        self.buf.set_style(area.intersection(self.buf.area), style);
    }

    /// Empties an area.
    pub(super) fn clear(&mut self, area: Rect) {
        use ratatui::widgets::{Clear, Widget};
        Clear.render(area.intersection(self.buf.area), self.buf);
    }

    /// Texts in the middle of an empty list: what is the matter, and what helps.
    pub(super) fn message(&mut self, area: Rect, what: &str, help: &str) {
        self.message_rows(area, &[(what, Role::Plain), (help, Role::Dim)]);
    }

    /// Texts one below the other in the middle of an empty list; long ones are wrapped. Where there is no room for all, the last
    /// rows are left out.
    pub(super) fn message_rows(&mut self, area: Rect, texts: &[(&str, Role)]) {
        let room = usize::from(area.width);
        let rows: Vec<(&str, Role)> = texts
            .iter()
            .flat_map(|(text, role)| wrap::at_blanks(text, room).into_iter().map(|row| (row, *role)))
            .collect();
        let y = (area.height / 3).min(area.height.saturating_sub(rows.len() as u16));
        for (line, (text, role)) in (y..).zip(rows) {
            let mut row = self.row(area, line);
            row.skip(room.saturating_sub(cell_writer::width(text)) / 2);
            row.put(text, role);
        }
    }
}

/// The same rectangle as the state knows it.
const fn area(rect: Rect) -> Area {
    Area { x: rect.x, y: rect.y, width: rect.width, height: rect.height }
}
