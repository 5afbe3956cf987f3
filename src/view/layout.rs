//! The rectangles of a screen: title, banner, line, list, details, footer.
//!
//! Must not know: what is drawn in them.

use ratatui::layout::Rect;

use crate::app::Focus;
use crate::app::parts::Panes;

/// Less than this and nothing but a note fits.
pub(in crate::view) const SMALLEST: (u16, u16) = (20, 5);
/// From this width on the details are beside the list.
const BESIDE_FROM: u16 = 180;
/// From this height on a new user is told what keys are for.
const HINTS_FROM: u16 = 20;
/// A pane of fewer rows, its head line included, is of no use: the other one gets all the room.
const LEAST_ROWS: u16 = 3;
/// A pane of fewer columns is of no use.
const LEAST_COLUMNS: u16 = 24;

/// What every screen has. Empty rectangles are not drawn.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Frame {
    /// What is open and how far it is loaded.
    pub(super) title: Rect,
    /// What went wrong with an input.
    pub(super) banner: Rect,
    /// The screen itself.
    pub(super) body: Rect,
    /// What keys are for, as long as the user is new.
    pub(super) hints: Rect,
    /// The keys.
    pub(super) footer: Rect,
}

impl Frame {
    /// The rectangles of `area`, with a banner if there are errors, and a row for hints if there are any.
    pub(super) fn of(area: Rect, errors: &[String], hints: usize) -> Self {
        let banner = u16::from(!errors.is_empty() && area.height > SMALLEST.1);
        let mut body = area;
        let title = take_top(&mut body, 1);
        let banner = take_top(&mut body, banner);
        let footer = take_bottom(&mut body);
        let has_hints = hints > 0 && area.height >= HINTS_FROM;
        let hints = if has_hints { take_bottom(&mut body) } else { Rect::default() };
        Self { title, banner, body, hints, footer }
    }
}

/// List, border and details of a screen. Empty rectangles are not drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Split {
    /// Headings and rows of the list.
    pub(super) list: Rect,
    /// What is between list and details if both are there: a column beside them, or the row of tabs below the list.
    pub(super) border: Rect,
    /// The details: a row of tabs, then the text.
    pub(super) details: Rect,
}

impl Split {
    /// The rectangles of `body`; `share` is that of the list, in percent.
    pub(super) fn of(panes: Panes, share: u16, body: Rect) -> Self {
        Self::placed(panes, share, body, body.width >= BESIDE_FROM)
    }

    /// The same with the details below the list at any width.
    pub(super) fn below(panes: Panes, share: u16, body: Rect) -> Self {
        Self::placed(panes, share, body, false)
    }

    fn placed(panes: Panes, share: u16, body: Rect, beside: bool) -> Self {
        let room = if beside { body.width } else { body.height };
        let least = if beside { LEAST_COLUMNS } else { LEAST_ROWS };
        if panes.zoomed || room < 2 * least + u16::from(beside) {
            return match panes.focus {
                Focus::List => Self { list: body, ..Self::default() },
                Focus::Details => Self { details: body, ..Self::default() },
            };
        }
        let share = (u32::from(room) * u32::from(share) / 100) as u16;
        let share = share.clamp(least, room - least - u16::from(beside));
        if beside {
            let taken = share + 1;
            Self {
                list: Rect { width: share, ..body },
                border: Rect { x: body.x + share, width: 1, ..body },
                details: Rect { x: body.x + taken, width: body.width - taken, ..body },
            }
        } else {
            let details = Rect { y: body.y + share, height: body.height - share, ..body };
            Self { list: Rect { height: share, ..body }, border: Rect { height: 1, ..details }, details }
        }
    }
}

/// Takes the uppermost `rows` off `rest`.
pub(in crate::view) fn take_top(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    let taken = Rect { height: rows, ..*rest };
    *rest = Rect { y: rest.y + rows, height: rest.height - rows, ..*rest };
    taken
}

/// Takes the leftmost `columns` off `rest`.
pub(in crate::view) fn take_left(rest: &mut Rect, columns: u16) -> Rect {
    let columns = columns.min(rest.width);
    let taken = Rect { width: columns, ..*rest };
    *rest = Rect { x: rest.x + columns, width: rest.width - columns, ..*rest };
    taken
}

pub(in crate::view) fn take_bottom(rest: &mut Rect) -> Rect {
    let rows = rest.height.min(1);
    *rest = Rect { height: rest.height - rows, ..*rest };
    Rect { y: rest.bottom(), height: rows, ..*rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(width: u16, height: u16, panes: Panes) -> Split {
        Split::of(panes, 50, Rect::new(0, 2, width, height))
    }

    #[test]
    fn details_are_below_and_from_180_columns_on_beside() {
        let below = split(179, 21, Panes::default());
        assert_eq!((below.list, below.details), (Rect::new(0, 2, 179, 10), Rect::new(0, 12, 179, 11)));
        assert_eq!(below.border, Rect::new(0, 12, 179, 1));
        let beside = split(180, 21, Panes::default());
        assert_eq!((beside.list, beside.details), (Rect::new(0, 2, 90, 21), Rect::new(91, 2, 89, 21)));
        assert_eq!(beside.border, Rect::new(90, 2, 1, 21));
    }

    #[test]
    fn the_focused_pane_has_all_the_room_when_zoomed_or_when_there_is_little() {
        let zoomed = Panes { zoomed: true, ..Panes::default() };
        assert_eq!(split(80, 21, zoomed), Split { list: Rect::new(0, 2, 80, 21), ..Split::default() });
        let details = Panes { focus: Focus::Details, ..Panes::default() };
        assert_eq!(split(20, 2, details), Split { details: Rect::new(0, 2, 20, 2), ..Split::default() });
    }

    #[test]
    fn nothing_leaves_the_screen_at_any_size() {
        for (width, height) in (0..30).chain([80, 180, 181, 200]).flat_map(|w| (0..30).map(move |h| (w, h))) {
            let screen = Rect::new(0, 0, width, height);
            for share in [15, 50, 85] {
                let frame = Frame::of(screen, &[String::new()], 4);
                let split = Split::of(Panes::default(), share, frame.body);
                let rects = [
                    frame.title,
                    frame.banner,
                    frame.hints,
                    frame.footer,
                    split.list,
                    split.border,
                    split.details,
                ];
                for rect in rects {
                    assert!(rect.is_empty() || screen.union(rect) == screen, "{screen:?} {rect:?}");
                }
            }
        }
    }
}
