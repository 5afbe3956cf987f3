//! The palette: a line to type in, and below it the commands that match, with their keys.
//!
//! Must not know: how commands are matched, what they do.

use ratatui::layout::Rect;
use ratatui::widgets::{Block, Widget};

use crate::app::App;
use crate::style::Role;
use crate::view::layout::take_top;
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::{fit, width};
use crate::view::parts::line_view::LineView;

/// The widest window, its border included.
const WIDEST: u16 = 100;
/// From this size on there is a border.
const LEAST_FOR_BORDER: (u16, u16) = (40, 8);
/// Shown while nothing is typed.
const HINT: &str = "a command, a message number, or a time: 06:00:12.5, +10s";

/// Draws the window at the top of the screen.
pub(super) fn draw(app: &App, area: Rect, surface: &mut Surface<'_>) {
    let offers = app.palette.offers(app);
    let has_border = area.width >= LEAST_FOR_BORDER.0 && area.height >= LEAST_FOR_BORDER.1;
    let border = if has_border { 2 } else { 0 };
    let width_of = area.width.min(WIDEST);
    let height = (offers.len().max(1) as u16 + 1 + border).min(area.height);
    let window = Rect { x: area.x + (area.width - width_of) / 2, y: area.y, width: width_of, height };
    surface.clear(window);
    let mut inside = window;
    if has_border {
        let block = Block::bordered().border_style(surface.style(Role::Accent)).title(" commands ");
        inside = block.inner(window);
        block.render(window, surface.buf);
    }
    draw_line(app, take_top(&mut inside, 1), surface);
    surface.target(crate::app::Target::Overlay, inside);
    if offers.is_empty() {
        surface.row(inside, 0).put("  nothing matches; Esc closes", Role::Dim);
    }
    let list = app.palette.list.in_height(usize::from(inside.height), offers.len());
    let keys = offers
        .iter()
        .map(|offer| width(&offer.keys))
        .max()
        .unwrap_or(0)
        .min(16)
        .min(usize::from(inside.width) / 4);
    for (y, (at, offer)) in (0_u16..inside.height).zip(offers.iter().enumerate().skip(list.top)) {
        let mut row = surface.row(inside, y);
        row.put(if at == list.selected { "▸ " } else { "  " }, Role::Accent);
        row.column(&fit(&offer.keys, keys), keys, Role::Strong);
        row.skip(2);
        row.put_at_end(offer.place, 2, Role::Dim);
        row.put(&offer.help, Role::Plain);
        if at == list.selected {
            surface.paint(Rect { y: inside.y + y, height: 1, ..inside }, Role::Selected);
        }
    }
}

fn draw_line(app: &App, area: Rect, surface: &mut Surface<'_>) {
    let mut row = surface.row(area, 0);
    row.put(": ", Role::Accent);
    let view = LineView::of(&app.palette.edit, row.room());
    let start = row.x;
    if app.palette.edit.text().is_empty() {
        row.put(HINT, Role::Dim);
    } else {
        row.put(&view.text, Role::Strong);
    }
    surface.cursor((start + view.cursor).min(area.right().saturating_sub(1)), area.y);
}
