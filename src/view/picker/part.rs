//! The line of the times that are wanted, while they are typed too.
//!
//! Must not know: profiles, which times there are.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::{End, LineEdit, Part, PartEdit, Picker};
use crate::base::escape::escape;

use super::super::Theme;
use super::super::filter_line::View;
use super::super::pen::Pen;
use super::GAP;

/// From this many columns on both times have room while they are typed.
const BOTH_FROM: u16 = 48;
/// What can be typed.
const HINT: &str = "HH:MM, HH:MM:SS, or with a date in front; nothing: open";

/// Draws which times are wanted, or what is typed of them and a line below; gives back the cursor's place then.
pub(super) fn draw(picker: &Picker, theme: &Theme, area: Rect, buf: &mut Buffer) -> Option<Position> {
    if let Some(edit) = &picker.editing {
        draw_below(edit, theme, Rect { y: area.y + 1, ..area }, buf);
        return Some(draw_edit(edit, theme, area, buf));
    }
    let mut pen = Pen::new(buf, area, 0);
    pen.skip(1);
    if picker.part.is_all() {
        pen.put("all times", theme.dim());
    }
    for (label, text) in [("from ", &picker.part.since), ("until ", &picker.part.until)] {
        if !text.is_empty() {
            pen.put(label, theme.dim());
            pen.put(&escape(text.as_bytes()), theme.accent());
            pen.skip(GAP);
        }
    }
    None
}

/// The times as the end of a sentence.
pub(super) fn said(part: &Part) -> String {
    let ends = [("from", &part.since), ("until", &part.until)];
    let words =
        ends.iter().filter(|(_, text)| !text.is_empty()).map(|(word, text)| format!(" {word} {text}"));
    let said: String = words.collect();
    if said.is_empty() { said } else { format!(",{said}") }
}

fn draw_edit(edit: &PartEdit, theme: &Theme, area: Rect, buf: &mut Buffer) -> Position {
    let mut pen = Pen::new(buf, area, 0);
    let ends = [(End::Since, " from ", &edit.since), (End::Until, " until ", &edit.until)];
    let is_narrow = area.width < BOTH_FROM;
    let mut x = area.x;
    for end in ends.into_iter().filter(|(end, ..)| !is_narrow || *end == edit.end) {
        // The first one leaves room for the other.
        let room = if end.0 == End::Since && !is_narrow { usize::from(area.width / 2) } else { pen.room() };
        x = draw_end(edit, end, theme, (&mut pen, room)).unwrap_or(x);
    }
    Position { x: x.min(area.right().saturating_sub(1)), y: area.y }
}

/// Draws one of the times in `room` cells; gives back the cursor's column where it gets the keys.
fn draw_end(
    edit: &PartEdit,
    (end, label, line): (End, &str, &LineEdit),
    theme: &Theme,
    (pen, room): (&mut Pen<'_>, usize),
) -> Option<u16> {
    let has_keys = edit.end == end;
    pen.put(label, if has_keys { theme.accent() } else { theme.dim() });
    let style = match &edit.error {
        Some((wrong, _)) if *wrong == end => theme.error_place(),
        _ if has_keys => theme.strong(),
        _ => Style::new(),
    };
    let view = View::of(line, room.saturating_sub(label.len() + 1).max(1));
    let cursor = has_keys.then_some(pen.x + view.cursor);
    pen.put(&view.text, style);
    // What is being typed keeps a cell for the cursor.
    pen.skip(GAP - 1 + usize::from(has_keys));
    cursor
}

/// What is wrong, or what can be typed.
fn draw_below(edit: &PartEdit, theme: &Theme, area: Rect, buf: &mut Buffer) {
    Pen::new(buf, area, 0).fill(" ", Style::reset());
    let mut pen = Pen::new(buf, area, 0);
    pen.skip(1);
    match &edit.error {
        Some((_, error)) => pen.put(&escape(error.kind.to_string().as_bytes()), theme.error()),
        None => pen.put(HINT, theme.dim()),
    }
}
