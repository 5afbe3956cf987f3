//! What can follow a key that chooses: a small window above the footer, which names the same keys in short.
//!
//! ```text
//! ┌ copy ──────────────────────────────────┐
//! │ m  message                             │
//! │ b  body                                │
//! ```
//!
//! Must not know: what keys do.

use ratatui::layout::Rect;
use ratatui::widgets::{Block, Widget};

use crate::app::overlays::REDACTED;
use crate::app::row_part::{Keep, row_keys};
use crate::app::saving::Redaction;
use crate::app::{App, Overlay};
use crate::style::Role;
use crate::view::footer;
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::width;

/// A narrower screen has the footer alone.
const LEAST_WIDTH: u16 = 40;

/// Draws the window in the lower left corner, if all keys have room there.
pub(super) fn draw(app: &App, overlay: &Overlay, area: Rect, surface: &mut Surface<'_>) {
    let (title, keys) = keys(app, overlay);
    let widest = keys.iter().map(|(key, what)| width(key) + width(what)).max().unwrap_or(0) as u16 + 6;
    let size = (widest.max(title.len() as u16 + 4), keys.len() as u16 + 2);
    if area.width < size.0.max(LEAST_WIDTH) || area.height < size.1 {
        return;
    }
    let window = Rect { x: area.x, y: area.bottom() - size.1, width: size.0, height: size.1 };
    surface.clear(window);
    let block = Block::bordered().border_style(surface.style(Role::Accent)).title(title);
    let inside = block.inner(window);
    block.render(window, surface.buf);
    for (y, (key, what)) in (0..inside.height).zip(&keys) {
        let mut row = surface.row(inside, y);
        row.skip(1);
        row.put(key, Role::Strong);
        row.skip(2);
        row.put(what, Role::Plain);
    }
}

/// The title, and each key with what it does.
fn keys(app: &App, overlay: &Overlay) -> (&'static str, Vec<(String, &'static str)>) {
    match overlay {
        Overlay::Copy(Redaction::Off) => {
            let keys = footer::copies(app).map(|(key, _, _, help)| (key.to_string(), *help));
            (" copy ", keys.chain([(REDACTED.to_string(), "redacted: then one of these keys")]).collect())
        }
        Overlay::Copy(Redaction::On) => {
            let keys = footer::copies(app).filter(|(_, what, ..)| what.can_be_redacted());
            (" copy redacted ", keys.map(|(key, _, _, help)| (key.to_string(), *help)).collect())
        }
        Overlay::FromRow(keep) => {
            let (title, other) = match keep {
                Keep::These => (" filter by this row ", "without: then one of these keys"),
                Keep::Others => (" filter out what is like this row ", "only: then one of these keys"),
            };
            let keys = row_keys(&app.prefs.columns).into_iter().map(|(key, _, name)| (key.to_string(), name));
            (title, keys.chain([("x".to_owned(), other)]).collect())
        }
        _ => (" show alone ", vec![("i".to_owned(), "this transaction, or everything again")]),
    }
}
