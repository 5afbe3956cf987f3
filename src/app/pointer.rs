//! The mouse: what a click or a turn of the wheel means where it happens.
//!
//! Must not know: the terminal's mouse protocol.

use super::event::{Effect, MouseAction};
use super::{App, Focus, Motion, Screen};

/// Lines that one notch of the wheel moves.
const NOTCH: isize = 3;

impl App {
    /// Takes a mouse event at a cell.
    pub(super) fn mouse(&mut self, action: MouseAction, x: u16, y: u16) -> Vec<Effect> {
        match action {
            MouseAction::WheelUp => self.wheel(-NOTCH, x, y),
            MouseAction::WheelDown => self.wheel(NOTCH, x, y),
            MouseAction::Click => self.click(x, y),
            MouseAction::Drag if self.dragging => self.drag(x, y),
            MouseAction::Drag => {}
            MouseAction::Release => self.dragging = false,
        }
        Vec::new()
    }

    fn wheel(&mut self, lines: isize, x: u16, y: u16) {
        let place = &self.geometry;
        if let Some(top) = self.help {
            self.help = Some(turn(lines, top, |top, motion| place.scroll_help(top, motion)));
        } else if let Screen::Picker(picker) = &mut self.screen {
            picker.wheel(lines, usize::from(place.picker.height));
        } else if place.details.contains(x, y) {
            let top = self.details.top;
            self.details.top = turn(lines, top, |top, motion| place.scroll_details(top, motion));
        } else if place.ladder.contains(x, y) {
            let height = usize::from(place.ladder.height);
            if let Screen::Ladder(ladder) = &mut self.screen {
                ladder.wheel(lines, height);
            }
        } else if place.list.contains(x, y) {
            let (len, height) = (self.shown_len(), self.list_rows);
            self.list.wheel(lines, len, height);
            self.row_chosen();
        }
    }

    fn click(&mut self, x: u16, y: u16) {
        self.notice = None;
        if self.help.take().is_some() {
            return;
        }
        let place = self.geometry.clone();
        if let Screen::Picker(picker) = &mut self.screen {
            if place.picker.contains(x, y) {
                picker.click(usize::from(y - place.picker.y));
            } else if place.filter.contains(x, y) {
                picker.edit_part();
            }
            return;
        }
        if let Some((tab, _)) = place.tabs.iter().find(|(_, area)| area.contains(x, y)) {
            self.details.choose(*tab);
        } else if place.border.contains(x, y) {
            self.dragging = true;
        } else if place.filter.contains(x, y) {
            if !self.filter.editing {
                self.edit_filter();
            }
        } else if place.list.contains(x, y) {
            let item = self.list.top + usize::from(y - place.list.y);
            if item < self.shown_len() {
                self.list.selected = item;
                self.row_chosen();
            }
            self.focus = Focus::List;
        } else if place.ladder.contains(x, y) {
            if let Screen::Ladder(ladder) = &mut self.screen {
                ladder.click(usize::from(y - place.ladder.y), usize::from(place.ladder.height));
            }
            self.focus = Focus::List;
        } else if place.parts.contains(x, y) {
            self.details.choose_part(place.parts_top + usize::from(y - place.parts.y));
            self.focus = Focus::Details;
        } else if place.details.contains(x, y) {
            self.focus = Focus::Details;
        }
    }

    /// Moves the border under the pointer.
    fn drag(&mut self, x: u16, y: u16) {
        // Beside the list the border is a column, below it a row. Rounding up brings it back under
        // the pointer where the drawing rounds down.
        let percent = if self.geometry.border.height > 1 {
            (u32::from(x) * 100).div_ceil(u32::from(self.geometry.screen.width.max(1)))
        } else {
            let space = self.geometry.screen.height.saturating_sub(3).max(1);
            (u32::from(y.saturating_sub(2)) * 100).div_ceil(u32::from(space))
        };
        self.set_split(percent.min(100) as u16);
    }
}

/// Moves a text's first line by as many single steps.
fn turn(lines: isize, top: usize, step: impl Fn(usize, Motion) -> usize) -> usize {
    let motion = if lines < 0 { Motion::Up } else { Motion::Down };
    (0..lines.unsigned_abs()).fold(top, |top, _| step(top, motion))
}
