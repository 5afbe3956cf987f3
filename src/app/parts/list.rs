//! Moving a selection through a list and keeping it in sight: a pure machine.
//!
//! Must not know: what is listed.

/// How to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Motion {
    /// One up.
    Up,
    /// One down.
    Down,
    /// A screen up, less a line.
    PageUp,
    /// A screen down, less a line.
    PageDown,
    /// Half a screen up.
    HalfUp,
    /// Half a screen down.
    HalfDown,
    /// To the first.
    First,
    /// To the last.
    Last,
}

/// A list: the selected item and the first visible one, both 0-based, and how many have room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    /// The selected item.
    pub selected: usize,
    /// The uppermost visible item.
    pub top: usize,
    /// How many items were visible when it was drawn.
    pub height: usize,
}

impl Default for List {
    fn default() -> Self {
        Self { selected: 0, top: 0, height: 1 }
    }
}

impl List {
    /// Moves the selection through `len` items.
    pub fn go(&mut self, motion: Motion, len: usize) {
        self.selected = moved(motion, self.selected, len, self.height);
        self.keep_in_sight(len);
    }

    /// Selects an item.
    pub fn select(&mut self, item: usize, len: usize) {
        self.selected = item.min(len.saturating_sub(1));
        self.keep_in_sight(len);
    }

    /// Moves the view by lines; the selection stays until it would leave the view.
    pub fn wheel(&mut self, lines: isize, len: usize) {
        self.top = self.top.saturating_add_signed(lines).min(len.saturating_sub(self.height));
        let bottom = (self.top + self.height.max(1) - 1).min(len.saturating_sub(1));
        self.selected = self.selected.clamp(self.top.min(bottom), bottom);
    }

    /// After a change of length or height: the selection inside the list, and visible.
    pub fn keep_in_sight(&mut self, len: usize) {
        let height = self.height.max(1);
        self.selected = self.selected.min(len.saturating_sub(1));
        self.top = self.top.clamp((self.selected + 1).saturating_sub(height), self.selected);
        self.top = self.top.min(len.saturating_sub(height));
    }

    /// The same list in another height.
    #[must_use]
    pub fn in_height(mut self, height: usize, len: usize) -> Self {
        self.height = height;
        self.keep_in_sight(len);
        self
    }
}

/// Where a motion leads from an item in a list of `len` items that shows `height` at once.
pub(super) fn moved(motion: Motion, from: usize, len: usize, height: usize) -> usize {
    let last = len.saturating_sub(1);
    let page = height.saturating_sub(1).max(1);
    let half = (height / 2).max(1);
    match motion {
        Motion::Up => from.saturating_sub(1),
        Motion::Down => from + 1,
        Motion::PageUp => from.saturating_sub(page),
        Motion::PageDown => from + page,
        Motion::HalfUp => from.saturating_sub(half),
        Motion::HalfDown => from + half,
        Motion::First => 0,
        Motion::Last => last,
    }
    .min(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn motions_move_selection_and_top() {
        use Motion::{Down, First, HalfDown, Last, PageDown, PageUp, Up};
        // Ten visible of a hundred: (motions, selected, top).
        for (motions, selected, top) in [
            (&[][..], 0, 0),
            (&[Up], 0, 0),
            (&[Down, Down], 2, 0),
            (&[PageDown], 9, 0),
            (&[PageDown, Down], 10, 1),
            (&[PageDown, PageDown], 18, 9),
            (&[PageDown, PageDown, PageUp], 9, 9),
            (&[PageDown, PageDown, PageUp, Up], 8, 8),
            (&[Last], 99, 90),
            (&[Last, Down], 99, 90),
            (&[Last, First], 0, 0),
            (&[HalfDown, HalfDown], 10, 1),
        ] {
            let mut list = List { height: 10, ..List::default() };
            for motion in motions {
                list.go(*motion, 100);
            }
            assert_eq!((list.selected, list.top), (selected, top), "{motions:?}");
        }
    }

    #[test]
    fn the_wheel_takes_the_selection_along_only_at_the_edges() {
        let mut list = List { selected: 5, top: 0, height: 10 };
        for (lines, selected, top) in [(3, 5, 3), (3, 6, 6), (-3, 6, 3), (-99, 6, 0), (999, 90, 90)] {
            list.wheel(lines, 100);
            assert_eq!((list.selected, list.top), (selected, top), "{lines}");
        }
    }

    #[test]
    fn an_empty_or_shrunk_list_keeps_everything_inside() {
        let mut list = List { selected: 50, top: 45, height: 10 };
        list.keep_in_sight(20);
        assert_eq!((list.selected, list.top), (19, 10));
        list.keep_in_sight(0);
        assert_eq!((list.selected, list.top), (0, 0));
        list.height = 0;
        list.wheel(3, 0);
        assert_eq!((list.selected, list.top), (0, 0));
    }
}
