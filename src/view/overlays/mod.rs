//! How each overlay is drawn.
//!
//! Must not know: what keys do.

mod columns;
mod filter_help;
mod help;
mod keys;
mod note;
mod palette;
mod save;
mod sort;

use ratatui::layout::Rect;

use crate::app::{App, Overlay};

use super::parts::Surface;

/// Whether an overlay is drawn over the screen.
pub(super) const fn covers(overlay: &Overlay) -> bool {
    matches!(overlay, Overlay::Help(_))
}

/// Draws an overlay in the area of the screen.
pub(super) fn draw(app: &App, overlay: &Overlay, area: Rect, surface: &mut Surface<'_>) {
    match overlay {
        Overlay::Help(view) => help::draw(app, *view, area, surface),
        Overlay::Columns(_) => columns::draw(&app.chooser, area, surface),
        Overlay::Sort => sort::draw(area, surface),
        Overlay::Palette => palette::draw(app, area, surface),
        Overlay::Note => note::draw(app, area, surface),
        Overlay::Save => save::draw(app, area, surface),
        Overlay::Copy(_) | Overlay::Only | Overlay::FromRow(_) => keys::draw(app, overlay, area, surface),
    }
}
