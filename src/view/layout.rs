//! Where the pieces of a screen stand: title, banner, filter line, list, details, footer.
//!
//! Must not know: what is drawn in them.

use ratatui::layout::Rect;

use crate::app::{App, Focus};

/// Less than this and nothing but a note fits.
pub(super) const SMALLEST: (u16, u16) = (20, 5);
/// From this width on the details stand beside the list.
const BESIDE_FROM: u16 = 140;
/// A pane of fewer rows, its head line included, is of no use: the other one gets all the room.
const LEAST_ROWS: u16 = 3;
/// A pane of fewer columns is of no use.
const LEAST_COLUMNS: u16 = 24;

/// The rectangles of one drawing. Empty ones are not drawn.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Layout {
    /// What is open and how far it is loaded.
    pub(super) title: Rect,
    /// What went wrong with an input.
    pub(super) banner: Rect,
    /// The filter line.
    pub(super) filter: Rect,
    /// Column heads and rows of the list, or the ladder with its heads.
    pub(super) list: Rect,
    /// What stands between list and details, where both are there: a column beside them, or the row
    /// of tabs below the list.
    pub(super) border: Rect,
    /// The details: a row of tabs, then the text.
    pub(super) details: Rect,
    /// The keys.
    pub(super) footer: Rect,
}

impl Layout {
    /// The rectangles for a screen.
    pub(super) fn of(app: &App, screen: Rect) -> Self {
        let banner = u16::from(!app.snapshot.progress.errors.is_empty() && screen.height > SMALLEST.1);
        let mut rest = screen;
        let mut layout = Self {
            title: take_top(&mut rest, 1),
            banner: take_top(&mut rest, banner),
            filter: take_top(&mut rest, 1),
            footer: take_bottom(&mut rest),
            ..Self::default()
        };
        layout.panes(app, rest);
        layout
    }

    fn panes(&mut self, app: &App, body: Rect) {
        let beside = body.width >= BESIDE_FROM;
        let room = if beside { body.width } else { body.height };
        let least = if beside { LEAST_COLUMNS } else { LEAST_ROWS };
        if app.zoomed || room < 2 * least + u16::from(beside) {
            match app.focus {
                Focus::List => self.list = body,
                Focus::Details => self.details = body,
            }
            return;
        }
        let share = u32::from(room) * u32::from(app.split) / 100;
        let share = (share as u16).clamp(least, room - least - u16::from(beside));
        if beside {
            self.list = Rect { width: share, ..body };
            self.border = Rect { x: body.x + share, width: 1, ..body };
            let taken = share + 1;
            self.details = Rect { x: body.x + taken, width: body.width - taken, ..body };
        } else {
            self.list = Rect { height: share, ..body };
            self.details = Rect { y: body.y + share, height: body.height - share, ..body };
            self.border = Rect { height: 1, ..self.details };
        }
    }
}

/// Takes the uppermost `rows` off `rest`.
pub(super) fn take_top(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    let taken = Rect { height: rows, ..*rest };
    *rest = Rect { y: rest.y + rows, height: rest.height - rows, ..*rest };
    taken
}

pub(super) fn take_bottom(rest: &mut Rect) -> Rect {
    let rows = rest.height.min(1);
    *rest = Rect { height: rest.height - rows, ..*rest };
    Rect { y: rest.bottom(), height: rows, ..*rest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;

    fn panes(width: u16, height: u16, change: impl FnOnce(&mut App)) -> (Rect, Rect, Rect) {
        let mut app = App::new(Filter::all());
        change(&mut app);
        let layout = Layout::of(&app, Rect::new(0, 0, width, height));
        (layout.list, layout.border, layout.details)
    }

    #[test]
    fn details_stand_below_and_from_140_columns_on_beside() {
        let below = (Rect::new(0, 2, 139, 10), Rect::new(0, 12, 139, 1), Rect::new(0, 12, 139, 11));
        assert_eq!(panes(139, 24, |app| app.split = 50), below);
        let beside = (Rect::new(0, 2, 70, 21), Rect::new(70, 2, 1, 21), Rect::new(71, 2, 69, 21));
        assert_eq!(panes(140, 24, |app| app.split = 50), beside);
    }

    #[test]
    fn the_focused_pane_has_all_the_room_when_zoomed_or_when_there_is_little() {
        let all = Rect::new(0, 2, 80, 21);
        assert_eq!(panes(80, 24, |app| app.zoomed = true), (all, Rect::ZERO, Rect::ZERO));
        let small = Rect::new(0, 2, 20, 2);
        assert_eq!(panes(20, 5, |app| app.focus = Focus::Details), (Rect::ZERO, Rect::ZERO, small));
    }

    #[test]
    fn nothing_leaves_the_screen_at_any_size() {
        for (width, height) in (0..30).chain([80, 140, 141, 200]).flat_map(|w| (0..30).map(move |h| (w, h))) {
            let screen = Rect::new(0, 0, width, height);
            for split in [15, 50, 85] {
                let mut app = App::new(Filter::all());
                app.split = split;
                let l = Layout::of(&app, screen);
                for rect in [l.title, l.banner, l.filter, l.list, l.border, l.details, l.footer] {
                    assert!(rect.is_empty() || screen.union(rect) == screen, "{screen:?} {rect:?}");
                }
            }
        }
    }
}
