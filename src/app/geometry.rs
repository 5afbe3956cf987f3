//! Where things are on the screen: what a drawing gives back, so that a click finds its mark.
//!
//! Must not know: what is drawn there.

use super::details::Tab;
use super::scroll::{Motion, scroll_text};

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

/// What the last drawing put where. Areas that were not drawn are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Geometry {
    /// The whole screen.
    pub screen: Area,
    /// The filter line, or the one of the times in its place.
    pub filter: Area,
    /// The rows of the message list, without its column heads.
    pub list: Area,
    /// The rows of the ladder, without its column heads.
    pub ladder: Area,
    /// The rows of what can be opened, without their column heads.
    pub picker: Area,
    /// The text of the details pane, without its tabs.
    pub details: Area,
    /// How many of the details' lines are visible, whole. Long lines take several rows.
    pub details_shown: usize,
    /// The last of the details' lines that may stand at the top, 0-based: from there on the text
    /// reaches the pane's end.
    pub details_last: usize,
    /// The tree of parts inside the details, where it is drawn.
    pub parts: Area,
    /// The part in the uppermost row of the tree, 0-based.
    pub parts_top: usize,
    /// The tabs of the details pane.
    pub tabs: Vec<(Tab, Area)>,
    /// The border between list and details.
    pub border: Area,
    /// The text of the help screen.
    pub help: Area,
    /// How many lines the help has, as it was laid out.
    pub help_lines: usize,
}

impl Geometry {
    /// The first line of the details after a motion. What is visible counts in lines, not in rows.
    pub(super) fn scroll_details(&self, top: usize, motion: Motion) -> usize {
        scroll_text(top, motion, self.details_last + self.details_shown, self.details_shown)
    }

    /// The first line of the help after a motion.
    pub(super) fn scroll_help(&self, top: usize, motion: Motion) -> usize {
        scroll_text(top, motion, self.help_lines, usize::from(self.help.height))
    }
}
