//! By which columns the calls can be sorted: a small window above the footer.
//!
//! Must not know: how they are sorted.

use ratatui::layout::Rect;
use ratatui::widgets::{Block, Widget};

use crate::app::columns::CallColumn;
use crate::style::Role;
use crate::view::parts::Surface;

/// Columns and rows of the window, its border included.
const SIZE: (u16, u16) = (20, CallColumn::ALL.len() as u16 + 2);

/// Draws the window in the lower left corner.
pub(super) fn draw(area: Rect, surface: &mut Surface<'_>) {
    let height = SIZE.1.min(area.height);
    let window = Rect { x: area.x, y: area.bottom() - height, width: SIZE.0.min(area.width), height };
    surface.clear(window);
    let block = Block::bordered().border_style(surface.style(Role::Accent)).title(" sort by ");
    let inside = block.inner(window);
    block.render(window, surface.buf);
    for (y, (key, _, name)) in (0..inside.height).zip(CallColumn::ALL) {
        let mut row = surface.row(inside, y);
        row.skip(1);
        row.put(&key.to_string(), Role::Strong);
        row.skip(2);
        row.put(name, Role::Plain);
    }
}
