//! What can be clicked, and where the last drawing put it.
//!
//! Must not know: what is drawn there, which screen it belongs to.

use super::columns::ColumnValue;
use super::details::Tab;
use super::parts::TextExtent;
use super::section::Section;

/// A rectangle of cells, 0-based from the upper left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// Leftmost column.
    pub x: u16,
    /// Uppermost row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Area {
    /// Whether the cell is inside.
    pub const fn contains(self, x: u16, y: u16) -> bool {
        x >= self.x && x - self.x < self.width && y >= self.y && y - self.y < self.height
    }
}

/// Something on the screen that can be clicked or that the wheel can scroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// The panes: list, border and details together.
    Panes,
    /// The line above the list: the filter, the time range.
    Line,
    /// The rows of the screen's list, without its headings.
    Rows,
    /// One of these rows, by its 0-based position in the list.
    Row(usize),
    /// The heading of a column.
    Heading(ColumnValue),
    /// The border between list and details.
    Border,
    /// A tab of the details.
    Tab(Tab),
    /// The text of the details, without the tabs.
    Details,
    /// A part of the body, by its 0-based number.
    Part(usize),
    /// A line of the details that names this part, by its 0-based number.
    Link(usize),
    /// A step of a comparison, by its 0-based number.
    Step(usize),
    /// The columns of the histogram over time.
    Timeline,
    /// The heading of a section of the statistics.
    Section(Section),
    /// The text of an overlay.
    Overlay,
    /// Something that can be saved, by its 0-based position.
    SaveWhat(usize),
    /// A format, by its 0-based position.
    SaveFormat(usize),
    /// Whether the file is redacted.
    SaveRedact,
    /// The name of the file.
    SaveFile,
}

/// The result of a drawing: what is where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Targets {
    /// What is where; what was drawn later covers what was drawn before.
    areas: Vec<(Target, Area)>,
    /// How much of the details' text was visible.
    pub details: TextExtent,
    /// How much of the overlay's text was visible.
    pub overlay: TextExtent,
}

impl Targets {
    /// Adds a target.
    pub fn add(&mut self, target: Target, area: Area) {
        if area.width > 0 && area.height > 0 {
            self.areas.push((target, area));
        }
    }

    /// What is at a cell.
    pub fn at(&self, x: u16, y: u16) -> Option<Target> {
        self.areas.iter().rev().find(|(_, area)| area.contains(x, y)).map(|(target, _)| *target)
    }

    /// Where a target is; an empty area if it was not drawn.
    pub fn area(&self, target: Target) -> Area {
        self.areas.iter().find(|(t, _)| *t == target).map(|(_, area)| *area).unwrap_or_default()
    }

    /// The rows of a target.
    pub fn height(&self, target: Target) -> usize {
        usize::from(self.area(target).height)
    }
}
