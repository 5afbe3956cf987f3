//! How each screen is drawn.
//!
//! A new screen is a folder here and a variant in [`of`].
//!
//! Must not know: what keys do.

mod calls;
mod diff;
mod ladder;
pub(super) mod messages;
mod profiles;
mod statistics;

use ratatui::layout::Rect;

use crate::app::{App, Screen};

use super::parts::Surface;
use super::parts::cell_writer::CellWriter;
use super::title;

/// What every screen draws.
pub(super) trait ScreenView {
    /// The title.
    fn title(&self, app: &App, row: &mut CellWriter<'_>) {
        title::draw(app, row);
    }

    /// What could not be read, one line each.
    fn errors<'a>(&'a self, app: &'a App) -> &'a [String] {
        &app.session.snapshot.progress.errors
    }

    /// Everything between banner and footer.
    fn body(&self, app: &App, area: Rect, surface: &mut Surface<'_>);

    /// The signs in its list, and what the help says about them.
    fn signs(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
}

/// The drawing of a screen.
pub(super) fn of(screen: &Screen) -> &dyn ScreenView {
    match screen {
        Screen::Messages(screen) => &**screen,
        Screen::Calls(screen) => &**screen,
        Screen::Ladder(screen) => &**screen,
        Screen::Diff(screen) => &**screen,
        Screen::Profiles(screen) => &**screen,
        Screen::Statistics(screen) => &**screen,
    }
}
