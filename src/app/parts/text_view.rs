//! Scrolling through a text that has no selection.
//!
//! Must not know: what the text says, how its lines are broken.

use super::list::{Motion, moved};

/// How much of a text was visible when it was drawn. Lines count as they are scrolled; a long one can take several rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextExtent {
    /// How many lines were completely visible.
    pub shown: usize,
    /// The last line that may be at the top, 0-based: from there the text reaches the end of its area.
    pub last_top: usize,
    /// Cells of a row.
    pub columns: usize,
    /// How far it can be scrolled to the right, in cells, until the ends of all visible lines are visible.
    pub last_left: usize,
}

/// Where a text is scrolled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextView {
    /// The first visible line, 0-based.
    pub top: usize,
    /// The first visible cell of each line, 0-based, where lines are not broken.
    pub left: usize,
}

/// Where to scroll sideways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// To the beginnings of the lines.
    Left,
    /// To their ends.
    Right,
}

impl TextView {
    /// Moves by a motion.
    pub fn go(&mut self, motion: Motion, extent: TextExtent) {
        let len = extent.last_top + extent.shown;
        self.top = moved(motion, self.top, len, extent.shown).min(extent.last_top);
    }

    /// Moves sideways by half a row, as far as there is something to see.
    pub fn sideways(&mut self, side: Side, extent: TextExtent) {
        let step = (extent.columns / 2).max(1);
        self.left = match side {
            Side::Left => self.left.saturating_sub(step),
            Side::Right => (self.left + step).min(extent.last_left.max(self.left)),
        };
    }

    /// Moves by lines.
    pub fn wheel(&mut self, lines: isize, extent: TextExtent) {
        self.top = self.top.saturating_add_signed(lines).min(extent.last_top);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_scrolls_to_its_end_and_no_further() {
        let extent = TextExtent { shown: 10, last_top: 20, ..TextExtent::default() };
        let mut view = TextView::default();
        for (motion, top) in [
            (Motion::Up, 0),
            (Motion::Down, 1),
            (Motion::PageDown, 10),
            (Motion::HalfDown, 15),
            (Motion::Last, 20),
            (Motion::PageUp, 11),
            (Motion::First, 0),
        ] {
            view.go(motion, extent);
            assert_eq!(view.top, top, "{motion:?}");
        }
        view.wheel(99, extent);
        assert_eq!(view.top, 20);
    }

    #[test]
    fn a_text_scrolls_sideways_as_far_as_its_lines_reach() {
        let extent = TextExtent { columns: 40, last_left: 50, ..TextExtent::default() };
        let mut view = TextView::default();
        for (side, left) in [
            (Side::Left, 0),
            (Side::Right, 20),
            (Side::Right, 40),
            (Side::Right, 50),
            (Side::Right, 50),
            (Side::Left, 30),
        ] {
            view.sideways(side, extent);
            assert_eq!(view.left, left, "{side:?}");
        }
        // The lines that are visible now are shorter.
        view.sideways(Side::Right, TextExtent::default());
        assert_eq!(view.left, 30);
    }
}
