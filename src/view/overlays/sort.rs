//! By which columns the calls can be sorted: a small window above the footer.
//!
//! Must not know: how they are sorted.

use ratatui::layout::Rect;
use ratatui::widgets::{Block, Widget};

use crate::app::columns::CallColumn;
use crate::style::Role;
use crate::view::parts::Surface;

/// Rows of keys; they are in two columns.
const ROWS: usize = CallColumn::ALL.len().div_ceil(2);
/// Cells of the first column.
const FIRST: u16 = 16;
/// Columns and rows of the window, its border included.
const SIZE: (u16, u16) = (34, ROWS as u16 + 2);

/// Draws the window in the lower left corner.
pub(super) fn draw(area: Rect, surface: &mut Surface<'_>) {
    let height = SIZE.1.min(area.height);
    let window = Rect { x: area.x, y: area.bottom() - height, width: SIZE.0.min(area.width), height };
    surface.clear(window);
    let block = Block::bordered().border_style(surface.style(Role::Accent)).title(" sort by ");
    let inside = block.inner(window);
    block.render(window, surface.buf);
    for (at, (key, _, name)) in CallColumn::ALL.into_iter().enumerate() {
        let (x, y) = (FIRST * (at / ROWS) as u16, (at % ROWS) as u16);
        if y >= inside.height || x >= inside.width {
            continue;
        }
        let mut row = surface.row(Rect { x: inside.x + x, width: inside.width - x, ..inside }, y);
        row.skip(1);
        row.put(&key.to_string(), Role::Strong);
        row.skip(2);
        row.put(name, Role::Plain);
    }
}
