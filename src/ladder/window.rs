//! The visible lines of a ladder: arrows, and the pauses before them.
//!
//! Must not know: how a line is drawn.

use super::Ladder;

/// A line of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The pause before an arrow in words, by the arrow's number.
    Gap(usize),
    /// A line of the pause before an arrow, where time is drawn to scale.
    Blank(usize),
    /// An arrow, by its number.
    Arrow(usize),
}

impl Line {
    /// The arrow that the line belongs to.
    pub const fn arrow(self) -> usize {
        match self {
            Self::Gap(arrow) | Self::Blank(arrow) | Self::Arrow(arrow) => arrow,
        }
    }
}

/// How time is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// A pause of more than a second is a line with its length in words.
    #[default]
    Words,
    /// Each line is the same time; a pause has as many as it needs.
    Time,
}

impl Scale {
    /// The other setting.
    #[must_use]
    pub const fn toggled(self) -> Self {
        match self {
            Self::Words => Self::Time,
            Self::Time => Self::Words,
        }
    }
}

/// Lines that all pauses have together where time is drawn to scale, about.
const SCALED_LINES: i64 = 60;
/// The least time of a line, in microseconds.
const LEAST_PER_LINE: i64 = 1000;

impl Ladder {
    /// Draws time to scale, or pauses in words.
    pub fn scale(&mut self, scale: Scale) {
        let pauses: i64 = self.arrows.iter().map(|arrow| arrow.since_previous.max(0)).sum();
        let least = (pauses / SCALED_LINES).max(LEAST_PER_LINE);
        let steps = (0..12).flat_map(|power| [1, 2, 5].map(|step| step * 10_i64.pow(power)));
        let per_line = steps.into_iter().find(|step| *step >= least);
        self.per_line = per_line.filter(|_| scale == Scale::Time);
    }

    /// Microseconds of a line, where time is drawn to scale.
    pub fn per_line(&self) -> Option<i64> {
        self.per_line
    }

    /// The lines of the pause before an arrow.
    pub(super) fn pause_lines(&self, number: usize) -> impl Iterator<Item = Line> + use<> {
        let count = self.lines_of(number) - 1;
        let is_gap = self.arrows.get(number).is_some_and(|arrow| arrow.gap);
        let middle = count.saturating_sub(1) / 2;
        (0..count).map(
            move |line| {
                if is_gap && line == middle { Line::Gap(number) } else { Line::Blank(number) }
            },
        )
    }

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
            if arrow > top {
                window.extend(self.pause_lines(arrow).take(height));
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
        let at_end = at_end.count();
        // Where the ladder ends within the window, the window has room for more above.
        let is_last = top + here >= self.arrows.len();
        (if is_last { at_end } else { here.min(at_end) }).max(1)
    }

    fn lines_of(&self, arrow: usize) -> usize {
        let Some(arrow) = self.arrows.get(arrow) else { return 1 };
        match self.per_line {
            Some(per_line) => 1 + (arrow.since_previous.max(0) / per_line) as usize,
            None => 1 + usize::from(arrow.gap),
        }
    }
}
