//! The line in which a note is written, at the lower end of the screen.
//!
//! Must not know: what keys do, where notes are kept.

use ratatui::layout::Rect;

use crate::app::App;
use crate::style::Role;
use crate::view::parts::Surface;
use crate::view::parts::line_view::LineView;

/// Draws the line over the last row of `area`.
pub(super) fn draw(app: &App, area: Rect, surface: &mut Surface<'_>) {
    let line = Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
    surface.clear(line);
    let mut row = surface.row(line, 0);
    let title = format!(" note on message {}: ", app.note.message + 1);
    row.put(if line.width < 40 { " note: " } else { &title }, Role::Accent);
    let view = LineView::of(&app.note.edit, row.room());
    let start = row.x;
    row.put(&view.text, Role::Strong);
    surface.cursor((start + view.cursor).min(line.right().saturating_sub(1)), line.y);
}
