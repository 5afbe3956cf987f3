//! The line of the time range, and how it is typed.
//!
//! Must not know: profiles, which times there are.

use ratatui::layout::Rect;

use crate::app::screens::profiles::{RangeEnd, TimeRangeEdit, TypedRange};
use crate::app::{LineEdit, ProfilesScreen};
use crate::base::escape::escape;
use crate::style::Role;
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::CellWriter;
use crate::view::parts::line_view::LineView;

use super::GAP;

/// From this many columns on both times have room while they are typed.
const BOTH_FROM: u16 = 48;
/// What can be typed.
const HINT: &str = "HH:MM, HH:MM:SS, or with a date in front; leave empty for no limit";

/// Draws which times are wanted, or what is typed with the cursor in it.
pub(super) fn draw(screen: &ProfilesScreen, area: Rect, surface: &mut Surface<'_>) {
    if let Some(edit) = &screen.editing {
        let x = draw_edit(edit, area.width, &mut surface.row(area, 0)).unwrap_or(area.x);
        return surface.cursor(x.min(area.right().saturating_sub(1)), area.y);
    }
    let mut row = surface.row(area, 0);
    row.skip(1);
    if screen.range.is_all() {
        row.put("all times", Role::Dim);
    }
    for (label, text) in [("from ", &screen.range.since), ("until ", &screen.range.until)] {
        if !text.is_empty() {
            row.put(label, Role::Dim);
            row.put(&escape(text.as_bytes()), Role::Accent);
            row.skip(GAP);
        }
    }
}

/// The times as the end of a sentence.
pub(super) fn as_words(range: &TypedRange) -> String {
    let ends = [("from", &range.since), ("until", &range.until)];
    let words =
        ends.iter().filter(|(_, text)| !text.is_empty()).map(|(word, text)| format!(" {word} {text}"));
    let words: String = words.collect();
    if words.is_empty() { words } else { format!(",{words}") }
}

/// Draws what is typed; gives back the column of the cursor.
fn draw_edit(edit: &TimeRangeEdit, width: u16, row: &mut CellWriter<'_>) -> Option<u16> {
    let ends = [(RangeEnd::Since, " from ", &edit.since), (RangeEnd::Until, " until ", &edit.until)];
    let is_narrow = width < BOTH_FROM;
    let mut cursor = None;
    for end in ends.into_iter().filter(|(end, ..)| !is_narrow || *end == edit.end) {
        // The first one leaves room for the other.
        let room = if end.0 == RangeEnd::Since && !is_narrow { usize::from(width / 2) } else { row.room() };
        cursor = draw_end(edit, end, room, row).or(cursor);
    }
    cursor
}

/// Draws one of the times in `room` cells; gives back the column of the cursor if it gets the keys.
fn draw_end(
    edit: &TimeRangeEdit,
    (end, label, line): (RangeEnd, &str, &LineEdit),
    room: usize,
    row: &mut CellWriter<'_>,
) -> Option<u16> {
    let has_keys = edit.end == end;
    row.put(label, if has_keys { Role::Accent } else { Role::Dim });
    let role = match &edit.error {
        Some((wrong, _)) if *wrong == end => Role::ErrorPosition,
        _ if has_keys => Role::Strong,
        _ => Role::Plain,
    };
    let view = LineView::of(line, room.saturating_sub(label.len() + 1).max(1));
    let cursor = has_keys.then_some(row.x + view.cursor);
    row.put(&view.text, role);
    // What is being typed keeps a cell for the cursor.
    row.skip(GAP - 1 + usize::from(has_keys));
    cursor
}

/// Draws the error, or what can be typed, below the line while it is edited.
pub(super) fn draw_below(screen: &ProfilesScreen, area: Rect, surface: &mut Surface<'_>) {
    let Some(edit) = &screen.editing else { return };
    surface.clear(area);
    let mut row = surface.row(area, 0);
    row.skip(1);
    match &edit.error {
        Some((_, error)) => row.put(&escape(error.kind.to_string().as_bytes()), Role::Error),
        None => row.put(HINT, Role::Dim),
    }
}
