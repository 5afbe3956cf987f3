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

/// A selected item and the first visible one, both 0-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scroll {
    /// The selected item.
    pub selected: usize,
    /// The uppermost visible item.
    pub top: usize,
}

impl Scroll {
    /// Moves the selection through `len` items of which `height` are visible.
    pub fn go(&mut self, motion: Motion, len: usize, height: usize) {
        self.selected = target(motion, self.selected, len, height);
        self.keep_in_sight(len, height);
    }

    /// Selects an item.
    pub fn select(&mut self, item: usize, len: usize, height: usize) {
        self.selected = item.min(len.saturating_sub(1));
        self.keep_in_sight(len, height);
    }

    /// Moves the view by lines; the selection stays where it is until it would leave the view.
    pub fn wheel(&mut self, lines: isize, len: usize, height: usize) {
        self.top = self.top.saturating_add_signed(lines).min(len.saturating_sub(height));
        let bottom = (self.top + height.max(1) - 1).min(len.saturating_sub(1));
        self.selected = self.selected.clamp(self.top.min(bottom), bottom);
    }

    /// After a change of length or height: the selection inside, and in sight.
    pub fn keep_in_sight(&mut self, len: usize, height: usize) {
        let height = height.max(1);
        self.selected = self.selected.min(len.saturating_sub(1));
        self.top = self.top.clamp((self.selected + 1).saturating_sub(height), self.selected);
        self.top = self.top.min(len.saturating_sub(height));
    }
}

/// Moves the first visible line of a text that has no selection.
pub fn scroll_text(top: usize, motion: Motion, len: usize, height: usize) -> usize {
    target(motion, top, len, height).min(len.saturating_sub(height.max(1)))
}

fn target(motion: Motion, from: usize, len: usize, height: usize) -> usize {
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
            let mut scroll = Scroll::default();
            for motion in motions {
                scroll.go(*motion, 100, 10);
            }
            assert_eq!((scroll.selected, scroll.top), (selected, top), "{motions:?}");
        }
    }

    #[test]
    fn the_wheel_takes_the_selection_along_only_at_the_edges() {
        let mut scroll = Scroll { selected: 5, top: 0 };
        for (lines, selected, top) in [(3, 5, 3), (3, 6, 6), (-3, 6, 3), (-99, 6, 0), (999, 90, 90)] {
            scroll.wheel(lines, 100, 10);
            assert_eq!((scroll.selected, scroll.top), (selected, top), "{lines}");
        }
    }

    #[test]
    fn an_empty_or_shrunk_list_keeps_everything_inside() {
        let mut scroll = Scroll { selected: 50, top: 45 };
        scroll.keep_in_sight(20, 10);
        assert_eq!((scroll.selected, scroll.top), (19, 10));
        scroll.keep_in_sight(0, 10);
        assert_eq!((scroll.selected, scroll.top), (0, 0));
        scroll.wheel(3, 0, 0);
        assert_eq!((scroll.selected, scroll.top), (0, 0));
        assert_eq!(scroll_text(0, Motion::Last, 30, 10), 20);
    }
}
