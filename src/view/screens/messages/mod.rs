//! The message list: filter line, list, details.
//!
//! Must not know: which rows match, what keys do.

mod filter_line;
pub(in crate::view) mod label;
mod list;

use ratatui::layout::Rect;

use crate::app::{App, MessagesScreen, Target};
use crate::view::details;
use crate::view::layout::{Split, take_top};
use crate::view::parts::Surface;

use super::ScreenView;

impl ScreenView for MessagesScreen {
    fn body(&self, app: &App, area: Rect, surface: &mut Surface<'_>) {
        let mut body = area;
        let line = take_top(&mut body, 1);
        surface.target(Target::Panes, body);
        let split = Split::of(self.panes, app.prefs.split, body);
        filter_line::draw(self, &app.session, line, surface);
        if !split.list.is_empty() {
            list::draw(self, app, split.list, surface);
        }
        details::draw((app, self.panes, &self.filter.filter), &split, surface);
        filter_line::draw_below(self, Rect { y: line.bottom(), ..line }, surface);
    }

    fn signs(&self) -> &'static [(&'static str, &'static str)] {
        &label::SIGNS
    }
}
