//! The filter line, and the line below it while it is edited: what is wrong, what Tab offers.
//!
//! Must not know: how expressions are parsed, which rows match.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::{App, LineEdit};
use crate::base::escape::escape;
use crate::base::number::grouped;

use super::Theme;
use super::figures::took;
use super::pen::{self, Pen, width};

const PROMPT: &str = " / ";
/// Stands behind the prompt while there is no filter: together they read as a sentence.
const HINT: &str = "to filter, as in:  invite  from:1583  status:4xx  -method:options";

/// Draws the line; gives back the cursor's place while it is edited.
pub(super) fn draw(app: &App, theme: &Theme, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let line = &app.filter;
    let mut pen = Pen::new(buf, area, 0);
    let prompt = if line.editing { theme.accent() } else { theme.dim() };
    pen.put(PROMPT, prompt);
    // What is typed comes first: the count has the room that is left, but not less than half.
    let style = if app.shown.searching { theme.accent() } else { theme.dim() };
    let typed = width(line.edit.text()).min(usize::from(area.width) / 2) + 2;
    let long = count(app, true);
    let count = if width(&long) + 1 + typed <= pen.room() { long } else { count(app, false) };
    pen.put_at_end(&format!("{count} "), 1, style);
    if !line.editing && line.edit.text().is_empty() {
        if width(HINT) < pen.room() {
            pen.put(HINT, theme.dim());
        }
        return None;
    }
    let view = View::of(&line.edit, pen.room());
    let start = pen.x;
    pen.put(&view.text, if line.editing { theme.strong() } else { Style::new() });
    let wrong = line.error.as_ref().filter(|_| line.editing).and_then(|error| view.cell_of(error.column));
    if let Some(cell) = wrong {
        pen::paint(buf, Rect { x: start + cell, y: area.y, width: 1, height: 1 }, theme.error_place());
    }
    line.editing.then(|| Position { x: (start + view.cursor).min(area.right().saturating_sub(1)), y: area.y })
}

/// Draws what stands below the line while it is edited: a caret under the wrong place and what was
/// expected there, or what Tab offers. Nothing where there is nothing to say.
pub(super) fn draw_below(app: &App, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let line = &app.filter;
    if !line.editing || (line.error.is_none() && line.offers.is_empty()) {
        return;
    }
    let mut pen = Pen::new(buf, area, 0);
    pen.fill(" ", Style::reset());
    let mut pen = Pen::new(buf, area, 0);
    if line.offers.is_empty() {
        let Some(error) = &line.error else { return };
        let view = View::of(&line.edit, usize::from(area.width).saturating_sub(PROMPT.len()));
        let caret = usize::from(view.cell_of(error.column).unwrap_or(view.cursor)) + PROMPT.len();
        let text = escape(error.to_string().as_bytes()).into_owned();
        if caret + 2 + width(&text) <= usize::from(area.width) {
            pen.skip(caret);
            pen.put("^ ", theme.error());
            pen.put(&text, theme.error());
        } else if width(&text) + 1 < caret {
            // The text stands before its caret where it has no room behind it.
            pen.skip(caret - width(&text) - 1);
            pen.put(&text, theme.error());
            pen.put(" ^", theme.error());
        } else {
            pen.skip(1);
            pen.put(&text, theme.error());
        }
    } else {
        offers(app, theme, &mut pen);
    }
}

fn offers(app: &App, theme: &Theme, pen: &mut Pen<'_>) {
    pen.skip(PROMPT.len());
    let offers = &app.filter.offers;
    for (at, offer) in offers.iter().enumerate() {
        let text = escape(offer.text.as_bytes());
        let more = format!("+{}", offers.len() - at);
        let last = at + 1 == offers.len();
        if width(&text) + if last { 0 } else { more.len() + 2 } > pen.room() {
            pen.put(&more, theme.dim());
            return;
        }
        pen.put(&text, theme.accent());
        pen.skip(2);
    }
}

/// How many of how many, and how long it took; only while a filter is in force.
fn count(app: &App, long: bool) -> String {
    if !app.shown.is_filtered() {
        return String::new();
    }
    let shown = grouped(app.shown_len() as u64);
    let gone = match app.shown.unreadable {
        0 => String::new(),
        gone => format!("  {} not searched: text gone", grouped(gone)),
    };
    if !long {
        return shown + &gone;
    }
    let all = grouped(app.snapshot.len() as u64);
    let time = if app.shown.searching { "searching…".to_owned() } else { took(app.shown.elapsed) };
    format!("{shown} of {all}{gone}  {time}")
}

/// The part of a typed text that is visible.
pub(super) struct View {
    pub(super) text: String,
    /// Cell of the cursor, from the start of the visible part.
    pub(super) cursor: u16,
    /// Characters of the text before the visible part.
    hidden: usize,
}

impl View {
    /// As much as has room, the cursor in sight.
    pub(super) fn of(edit: &LineEdit, room: usize) -> Self {
        let (before, after) = edit.text().split_at(edit.cursor());
        // The cursor needs a cell of its own at the end.
        let visible = pen::fit_tail(before, room.saturating_sub(1));
        let hidden = before.chars().count() + usize::from(before != visible) - visible.chars().count();
        let cursor = width(&visible);
        Self { text: format!("{visible}{after}"), cursor: cursor as u16, hidden }
    }

    /// The cell of a 1-based column of the whole text, where it is visible.
    fn cell_of(&self, column: usize) -> Option<u16> {
        let at = column.checked_sub(1)?.checked_sub(self.hidden)?;
        // Where the beginning is cut, a sign stands in its place.
        let at = at + usize::from(self.hidden > 0);
        Some(self.text.chars().take(at).map(|c| width(c.encode_utf8(&mut [0; 4])) as u16).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Key;

    #[test]
    fn the_cursor_and_the_wrong_place_stay_in_sight() {
        let mut edit = LineEdit::default();
        edit.set("from:1583 日 to:42");
        let view = View::of(&edit, 40);
        assert_eq!((view.text.as_str(), view.cursor), ("from:1583 日 to:42", 18));
        assert_eq!((view.cell_of(1), view.cell_of(13)), (Some(0), Some(13)));
        let view = View::of(&edit, 8);
        assert_eq!((view.text.as_str(), view.cursor), ("… to:42", 7));
        assert_eq!((view.cell_of(1), view.cell_of(13)), (None, Some(2)));
        (0..5).for_each(|_| assert!(edit.key(Key::Left)));
        let view = View::of(&edit, 8);
        assert_eq!((view.text.as_str(), view.cursor), ("…83 日 to:42", 7));
    }
}
