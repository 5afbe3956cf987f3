//! The rows of a section: as many columns as have room, as wide as what is visible of them needs.
//!
//! Must not know: which section it is, what keys do.

use ratatui::layout::Rect;

use crate::app::columns::Align;
use crate::app::screens::statistics::sections::{Cell, Column};
use crate::app::{App, StatisticsScreen, Target};
use crate::style::Role;
use crate::view::layout::take_top;
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::width;

/// A table of fewer rows has no headings.
const LEAST_FOR_HEADINGS: u16 = 4;
/// The sign of the selected row, and the cells of the margin.
const SELECTED: &str = "▸";
/// The sign of the rows in the selected range of times.
const IN_RANGE: &str = "▎";
const MARGIN: usize = 2;
/// Cells between two columns.
const GAP: usize = 2;
/// A text that is longer gives way to other columns down to this width.
const LEAST: usize = 16;

/// Columns from this rank on come only after the others have all the cells that they need.
const EXTRA: u8 = 6;
/// A shorter beginning of a text says nothing.
const SHORTEST: usize = 8;

/// Draws the table.
pub(super) fn draw(screen: &StatisticsScreen, app: &App, area: Rect, surface: &mut Surface<'_>) {
    let histogram = usize::from(surface.targets.area(Target::Timeline).width);
    let rows = screen.rows(&app.session, histogram);
    let (columns, len) = (rows.columns(), rows.count());
    let mut area = area;
    let head = (area.height >= LEAST_FOR_HEADINGS).then(|| take_top(&mut area, 1));
    surface.target(Target::Rows, area);
    if len == 0 {
        let [what, help] = if screen.is_stale { ["counting…", ""] } else { rows.nothing() };
        return surface.message(area, what, help);
    }
    let list = screen.list(&app.session, histogram).in_height(usize::from(area.height), len);
    let shown: Vec<(usize, Vec<Cell>)> =
        (list.top..len).take(usize::from(area.height)).map(|at| (at, rows.cells(at))).collect();
    let widths = widths(columns, &shown, usize::from(area.width));
    if let Some(head) = head {
        headings(columns, &widths, head, surface);
    }
    for (y, (at, cells)) in (0_u16..).zip(&shown) {
        let line = Rect { y: area.y + y, height: 1, ..area };
        surface.target(Target::Row(*at), line);
        draw_row(columns, &widths, cells, line, surface);
        if screen.is_in_range(*at, &app.session, histogram) {
            surface.row(line, 0).put(IN_RANGE, Role::Accent);
        }
        if *at == list.selected {
            surface.row(line, 0).put(SELECTED, Role::Accent);
            surface.paint(line, Role::Selected);
            surface.cursor(line.x, line.y);
        }
    }
}

fn headings(columns: &[Column], widths: &[usize], area: Rect, surface: &mut Surface<'_>) {
    let mut row = surface.row(area, 0);
    row.skip(MARGIN);
    for (column, cells) in columns.iter().zip(widths).filter(|(_, cells)| **cells > 0) {
        match column.align {
            Align::Left => row.column(column.heading, *cells, Role::Dim),
            Align::Right => row.column_right(column.heading, *cells, Role::Dim),
        }
        row.skip(GAP);
    }
}

fn draw_row(columns: &[Column], widths: &[usize], cells: &[Cell], area: Rect, surface: &mut Surface<'_>) {
    let mut row = surface.row(area, 0);
    row.skip(MARGIN);
    for ((cell, column), cells) in cells.iter().zip(columns).zip(widths).filter(|(_, cells)| **cells > 0) {
        match column.align {
            Align::Left => row.column(&cell.text, *cells, cell.role),
            Align::Right => row.column_right(&cell.text, *cells, cell.role),
        }
        row.skip(GAP);
    }
}

/// The cells of each column; none for one that has no room. The least important go first; long texts give way before that.
fn widths(columns: &[Column], shown: &[(usize, Vec<Cell>)], room: usize) -> Vec<usize> {
    let wanted = |number: usize, column: &Column| {
        let values = shown.iter().filter_map(|(_, cells)| cells.get(number)).map(|cell| width(&cell.text));
        values.max().unwrap_or(0).max(width(column.heading)).min(column.most)
    };
    let wanted: Vec<usize> =
        columns.iter().enumerate().map(|(number, column)| wanted(number, column)).collect();
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|number| columns[*number].rank);
    // The gap after the last column needs no room.
    let mut room = (room + GAP).saturating_sub(MARGIN);
    let mut widths = vec![0; columns.len()];
    for (place, number) in order.iter().enumerate() {
        if columns[*number].rank >= EXTRA {
            widen(&mut widths, &wanted, &order[..place], &mut room);
        }
        // A number is whole or not there.
        let is_text = columns[*number].align == Align::Left;
        let least = if is_text { wanted[*number].min(LEAST) } else { wanted[*number] };
        let cells = if is_text { least.min(room.saturating_sub(GAP)) } else { least };
        if cells + GAP > room || cells < least.min(SHORTEST) {
            break;
        }
        widths[*number] = cells;
        room -= cells + GAP;
    }
    widen(&mut widths, &wanted, &order, &mut room);
    widths
}

/// Widens the columns that are there as far as their values need and there is room.
fn widen(widths: &mut [usize], wanted: &[usize], order: &[usize], room: &mut usize) {
    for &number in order {
        if widths[number] == 0 {
            continue;
        }
        let more = (wanted[number] - widths[number]).min(*room);
        widths[number] += more;
        *room -= more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::screens::statistics::sections::{Rows, Source, rows};
    use crate::app::section::Section;
    use crate::statistics::{Scale, Statistics};
    use crate::store::Snapshot;

    #[test]
    fn columns_never_take_more_than_there_is_and_the_first_is_always_there() {
        let (statistics, snapshot) = (Statistics::default(), Snapshot::default());
        let source = Source { statistics: &statistics, snapshot: &snapshot, scale: Scale::default() };
        for section in Section::ALL {
            let rows: Box<dyn Rows> = rows(section, source);
            let columns = rows.columns();
            let cell = Cell { text: "x".repeat(50), role: Role::Plain };
            let shown = vec![(0, vec![cell; columns.len()])];
            for room in 20..250 {
                let widths = widths(columns, &shown, room);
                let taken: usize = widths.iter().filter(|cells| **cells > 0).map(|cells| cells + GAP).sum();
                assert!(taken + MARGIN <= room + GAP, "{section:?} {room}: {widths:?}");
                assert!(widths.iter().any(|cells| *cells > 0), "{section:?} {room}");
            }
        }
    }
}
