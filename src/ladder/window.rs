//! The visible lines of a ladder: arrows, and the pauses before them.
//!
//! Must not know: how a line is drawn.

use super::{Arrow, Ladder, time};

/// A line of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The pause before an arrow, by the arrow's number.
    Gap(usize),
    /// An arrow, by its number.
    Arrow(usize),
}

impl Line {
    /// The arrow that the line belongs to.
    pub const fn arrow(self) -> usize {
        match self {
            Self::Gap(arrow) | Self::Arrow(arrow) => arrow,
        }
    }
}

impl Arrow {
    /// The text of the pause before it: `7.5 s`.
    pub fn pause(&self) -> String {
        time::pause(self.since_previous)
    }
}

impl Ladder {
    /// The visible lines in a window of `height` lines that begins at the arrow `top`, or later if that is necessary to
    /// show the arrow `selected`.
    ///
    /// Takes time in proportion to `height`.
    pub fn window(&self, top: usize, selected: usize, height: usize) -> Vec<Line> {
        if height == 0 {
            return Vec::new();
        }
        let selected = selected.min(self.arrows.len().saturating_sub(1));
        let mut top = top.clamp((selected + 1).saturating_sub(height), selected);
        let mut lines: usize = 1 + (top + 1..=selected).map(|arrow| self.lines_of(arrow)).sum::<usize>();
        while lines > height && top < selected {
            top += 1;
            // The pause before the first visible arrow is not drawn.
            lines -= self.lines_of(top);
        }
        let mut window = Vec::with_capacity(height);
        for arrow in top..self.arrows.len() {
            if arrow > top && self.lines_of(arrow) > 1 {
                window.push(Line::Gap(arrow));
            }
            window.push(Line::Arrow(arrow));
            if window.len() >= height {
                break;
            }
        }
        window.truncate(height);
        window
    }

    /// How many arrows a window of `height` lines shows, at `top` or at the end of the ladder if that is fewer: the
    /// size of a page.
    ///
    /// Takes time in proportion to `height`.
    pub fn page(&self, top: usize, height: usize) -> usize {
        // The pause before the first visible arrow is not drawn.
        let mut lines = 1;
        let below = (top + 1..self.arrows.len()).take_while(|arrow| {
            lines += self.lines_of(*arrow);
            lines <= height
        });
        let here = 1 + below.count();
        let mut lines = 0;
        let at_end = (0..self.arrows.len()).rev().take_while(|arrow| {
            let fits = lines < height;
            lines += self.lines_of(*arrow);
            fits
        });
        here.min(at_end.count()).max(1)
    }

    fn lines_of(&self, arrow: usize) -> usize {
        if self.arrows.get(arrow).is_some_and(|arrow| arrow.gap) { 2 } else { 1 }
    }
}
