//! The parts of a body in the Parts tab, and what is left of the pane for the selected part.
//!
//! ```text
//! ▸application/sdp  312 bytes            │ v=0                 a wide pane: the tree, and the part beside it
//!  application/pidf+xml  1,094 bytes     │ …
//!
//! part 2/4  pidf+xml  1,094 B            [ ] other parts       a small pane: one line above the part
//! ```
//!
//! Must not know: how parts are found, how their lines are drawn.

use ratatui::layout::Rect;

use crate::app::{Details, Focus, Target};
use crate::base::number::grouped;
use crate::style::Role;

use super::layout::{take_left, take_top};
use super::parts::Surface;
use super::parts::cell_writer::width;

/// From this many columns on, the part is beside the tree.
const WIDE: u16 = 100;
/// In fewer rows, the tree is one line.
const TALL: u16 = 24;
/// The keys that choose another part, where there is room for them.
const KEYS: &str = "[ ] other parts";
/// Columns of the tree beside a part.
const TREE: std::ops::RangeInclusive<u16> = 24..=60;

/// Draws the parts, and takes their cells away from `text`.
pub(super) fn draw(details: &Details, focus: Focus, text: &mut Rect, surface: &mut Surface<'_>) {
    if text.width >= WIDE {
        let area = take_left(text, tree_width(details, *text));
        let line = take_left(text, 1);
        for y in 0..line.height {
            surface.row(line, y).put("│", Role::Dim);
        }
        take_left(text, 1);
        tree(details, focus, area, surface);
    } else if text.height < TALL {
        summary(details, take_top(text, 1), surface);
    } else {
        let rows = u16::try_from(details.parts.len()).unwrap_or(u16::MAX).min(text.height / 2);
        tree(details, focus, take_top(text, rows), surface);
        surface.row(take_top(text, 1), 0).fill("┄", Role::Dim);
    }
}

/// The columns that the tree needs; the part needs more.
fn tree_width(details: &Details, text: Rect) -> u16 {
    let rows = usize::from(text.height);
    let first = first_row(details, rows);
    let visible = details.parts.iter().skip(first).take(rows);
    let widths = visible.map(|part| {
        let title: usize = part.title.iter().map(|span| width(&span.text)).sum();
        2 + 2 * part.depth + title
    });
    let needed = u16::try_from(widths.max().unwrap_or(0)).unwrap_or(u16::MAX);
    needed.clamp(*TREE.start(), *TREE.end()).min(text.width / 5 * 2)
}

/// The part in the first row: the selected part is always visible.
fn first_row(details: &Details, rows: usize) -> usize {
    (details.part + 1).saturating_sub(rows)
}

fn tree(details: &Details, focus: Focus, area: Rect, surface: &mut Surface<'_>) {
    let rows = usize::from(area.height);
    let first = first_row(details, rows);
    for (y, (number, part)) in details.parts.iter().enumerate().skip(first).take(rows).enumerate() {
        let line = Rect { y: area.y + y as u16, height: 1, ..area };
        let is_selected = number == details.part;
        let mut row = surface.row(line, 0);
        row.put(if is_selected { "▸" } else { " " }, Role::Accent);
        row.skip(2 * part.depth);
        for span in &part.title {
            row.put(&span.text, span.role);
        }
        surface.target(Target::Part(number), line);
        if is_selected {
            surface.paint(line, if focus == Focus::Details { Role::Selected } else { Role::Strong });
        }
    }
}

/// One line for the selected part. A click on it chooses the next one.
fn summary(details: &Details, line: Rect, surface: &mut Surface<'_>) {
    let Some(part) = details.parts.get(details.part) else { return };
    let count = details.parts.len();
    let mut row = surface.row(line, 0);
    let number = grouped(details.part as u64 + 1);
    row.put(&format!("part {number}/{}  ", grouped(count as u64)), Role::Strong);
    let (name, size) = part.short_title();
    if width(&name) + width(&size) + width(KEYS) + 5 < row.room() {
        row.put_at_end(KEYS, 2, Role::Dim);
    }
    row.put(&name, Role::Label);
    row.put(&format!("  {size}"), Role::Plain);
    surface.target(Target::Part((details.part + 1) % count.max(1)), line);
}
