//! The visible part of a line that is being typed.
//!
//! Must not know: what it is for.

use crate::app::LineEdit;

use super::cell_writer::{fit_tail, width};

/// The part of a typed text that is visible.
pub(in crate::view) struct LineView {
    pub(in crate::view) text: String,
    /// Cell of the cursor, from the start of the visible part.
    pub(in crate::view) cursor: u16,
    /// Characters of the text before the visible part.
    hidden: usize,
}

impl LineView {
    /// As much as has room, the cursor in sight.
    pub(in crate::view) fn of(edit: &LineEdit, room: usize) -> Self {
        let (before, after) = edit.text().split_at(edit.cursor());
        // The cursor needs a cell of its own at the end.
        let visible = fit_tail(before, room.saturating_sub(1));
        let hidden = before.chars().count() + usize::from(before != visible) - visible.chars().count();
        let cursor = width(&visible);
        Self { text: format!("{visible}{after}"), cursor: cursor as u16, hidden }
    }

    /// The cell of a 1-based column of the whole text, where it is visible.
    pub(in crate::view) fn cell_of(&self, column: usize) -> Option<u16> {
        let at = column.checked_sub(1)?.checked_sub(self.hidden)?;
        // A sign replaces the beginning if it is cut.
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
        let view = LineView::of(&edit, 40);
        assert_eq!((view.text.as_str(), view.cursor), ("from:1583 日 to:42", 18));
        assert_eq!((view.cell_of(1), view.cell_of(13)), (Some(0), Some(13)));
        let view = LineView::of(&edit, 8);
        assert_eq!((view.text.as_str(), view.cursor), ("… to:42", 7));
        assert_eq!((view.cell_of(1), view.cell_of(13)), (None, Some(2)));
        (0..5).for_each(|_| assert!(edit.key(Key::Left)));
        let view = LineView::of(&edit, 8);
        assert_eq!((view.text.as_str(), view.cursor), ("…83 日 to:42", 7));
    }
}
