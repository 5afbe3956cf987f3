//! Every list of the program: headings, rows, the selected one.
//!
//! ```text
//!   # time            peer                        message      from      headings
//! ▸ 1 06:00:00.019608 udp 198.51.100.9:5060     → INVITE (SDP) 15553940  rows; the margin marks the selected one
//! ```
//!
//! Must not know: what is listed, who chose the columns.

use ratatui::layout::Rect;

use crate::app::columns::{Align, CallColumn, ColumnSpec, ColumnValue};
use crate::app::{List, Target};
use crate::filter::Field;
use crate::style::Role;

use super::Surface;
use super::cell_writer::{CellWriter, Private, head};
use crate::view::layout::take_top;

/// A list of fewer rows has no headings.
const LEAST_FOR_HEADINGS: u16 = 4;
/// The sign of the selected row.
const SELECTED: &str = "▸";

/// The columns that have room, with their cells.
#[derive(Debug, Clone)]
pub(in crate::view) struct Table<'a> {
    columns: Vec<(&'a ColumnSpec, usize)>,
    /// Cells before the first column: the sign of the selected row, and marks.
    margin: usize,
    /// Cells between two columns.
    gap: usize,
}

/// What is listed.
pub(in crate::view) trait Rows {
    /// The heading of a column in that many cells.
    fn heading(&self, column: &ColumnSpec, cells: usize) -> String {
        head(column.heading, cells).to_owned()
    }

    /// Writes what is in the margin after the sign of the selected row.
    fn margin(&self, position: usize, row: &mut CellWriter<'_>) {
        let _ = (position, row);
    }

    /// Writes a cell at its left end, in at most `cells` cells.
    fn cell(&self, position: usize, column: &ColumnSpec, cells: usize, row: &mut CellWriter<'_>);
}

impl<'a> Table<'a> {
    /// As many columns as have room, the most important first. `wanted` is how many cells the values of each column need; none
    /// for a column that is not shown.
    pub(in crate::view) fn fit(
        room: usize,
        (margin, gap): (usize, usize),
        columns: &'a [ColumnSpec],
        wanted: impl Fn(&ColumnSpec) -> usize,
    ) -> Self {
        let wanted: Vec<usize> = columns.iter().map(wanted).collect();
        let mut order: Vec<usize> = (0..columns.len()).filter(|at| wanted[*at] > 0).collect();
        order.sort_by_key(|at| columns[*at].priority);
        let mut room = room.saturating_sub(margin.saturating_sub(gap));
        let mut cells = vec![0; columns.len()];
        for (step, at) in (0..3).flat_map(|step| order.iter().map(move |at| (step, *at))) {
            let goal = wanted[at].min(columns[at].widths[step]);
            widen(&mut cells[at], goal, gap, &mut room);
        }
        let columns = columns.iter().zip(cells).filter(|(_, cells)| *cells > 0).collect();
        Self { columns, margin, gap }
    }

    /// The cells of a column; 0 if it is not shown.
    pub(in crate::view) fn width(&self, shown: impl Fn(&ColumnSpec) -> bool) -> usize {
        self.columns.iter().find(|(column, _)| shown(column)).map_or(0, |(_, cells)| *cells)
    }

    /// Draws the headings and the visible ones of `len` rows. `role` is that of the selected row.
    pub(in crate::view) fn draw(
        &self,
        rows: &impl Rows,
        (list, len): (List, usize),
        role: Role,
        (area, surface): (Rect, &mut Surface<'_>),
    ) {
        let mut area = area;
        if area.height >= LEAST_FOR_HEADINGS {
            self.headings(rows, take_top(&mut area, 1), surface);
        }
        surface.target(Target::Rows, area);
        // The state may not know the new height yet: the selection is visible all the same.
        let list = list.in_height(usize::from(area.height), len);
        for (y, position) in (list.top..len).take(usize::from(area.height)).enumerate() {
            let line = Rect { y: area.y + y as u16, height: 1, ..area };
            let is_selected = position == list.selected;
            self.row(rows, position, is_selected, &mut surface.row(line, 0));
            surface.target(Target::Row(position), line);
            if is_selected {
                surface.paint(line, role);
                // Without the focus the cursor belongs to another pane.
                if role == Role::Selected {
                    surface.cursor(line.x, line.y);
                }
            }
        }
    }

    fn headings(&self, rows: &impl Rows, area: Rect, surface: &mut Surface<'_>) {
        let mut x = area.x + self.margin.saturating_sub(self.gap) as u16;
        for (column, cells) in &self.columns {
            x += self.gap as u16;
            let place = Rect { x, width: *cells as u16, height: 1, ..area };
            surface.target(Target::Heading(column.value), place.intersection(area));
            x += *cells as u16;
            let mut row = surface.row(place.intersection(area), 0);
            let heading = rows.heading(column, *cells);
            match column.align {
                Align::Left => row.column(&heading, *cells, Role::Dim),
                Align::Right => row.column_right(&heading, *cells, Role::Dim),
            }
        }
    }

    fn row(&self, rows: &impl Rows, position: usize, is_selected: bool, row: &mut CellWriter<'_>) {
        let start = row.x;
        if is_selected {
            row.put(SELECTED, Role::Accent);
        } else {
            rows.margin(position, row);
        }
        let mut x = start + (self.margin.saturating_sub(self.gap)) as u16;
        for (column, cells) in &self.columns {
            row.go_to(x + self.gap as u16);
            x = row.x + *cells as u16;
            row.set_private(private(column.value));
            rows.cell(position, column, *cells, row);
            row.set_private(Private::No);
        }
    }
}

/// Whether the values of a column are private: who called whom. Numbers of rows
/// are not, if a phone has the same number. Addresses and Call-IDs are recognised by what they are.
const fn private(value: ColumnValue) -> Private {
    match value {
        ColumnValue::Field(Field::From | Field::To | Field::Contact | Field::Uri)
        | ColumnValue::Call(CallColumn::From | CallColumn::To)
        | ColumnValue::Named(..) => Private::Yes,
        ColumnValue::Field(Field::N | Field::Status | Field::Size | Field::Frames | Field::Cseq)
        | ColumnValue::Call(CallColumn::Number) => Private::Never,
        _ => Private::No,
    }
}

/// Widens a column as far as there is room. A new column comes with all of its cells or not at all.
fn widen(now: &mut usize, goal: usize, gap: usize, room: &mut usize) {
    if goal <= *now {
        return;
    }
    let is_new = *now == 0;
    let step = goal - *now + if is_new { gap } else { 0 };
    if step <= *room {
        *now = goal;
        *room -= step;
    } else if !is_new {
        *now += *room;
        *room = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::columns::{self, ColumnValue};
    use crate::filter::Field;

    fn wanted(column: &ColumnSpec) -> usize {
        match column.value {
            ColumnValue::Date => 0,
            ColumnValue::Field(Field::N) => 3,
            ColumnValue::Field(Field::Profile) => 8,
            ColumnValue::Field(Field::Time) => 15,
            ColumnValue::Field(Field::Addr) => 27,
            ColumnValue::Field(Field::From | Field::To) => 12,
            _ => column.widths[2],
        }
    }

    fn names(room: usize, wanted: impl Fn(&ColumnSpec) -> usize) -> String {
        let specs = columns::messages();
        let table = Table::fit(room, (2, 1), &specs, wanted);
        let shown = table.columns.iter().map(|(column, cells)| format!("{}:{cells}", column.heading));
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_least_important_columns_go_first() {
        for (room, want) in [
            (20, ":1 message:16"),
            (40, "#:3 time:12 :1 message:19"),
            (60, "#:3 time:12 peer:19 :1 message:19"),
            (80, "#:3 time:12 peer:19 :1 profile:8 message:16 from:6 to:6"),
            (100, "#:3 time:12 Δ:8 peer:19 :1 profile:8 message:18 from:6 to:6 call-id:8"),
            (120, "#:3 time:15 Δ:8 peer:23 :1 profile:8 message:25 from:9 to:9 call-id:8"),
        ] {
            assert_eq!(names(room, wanted), want, "{room}");
        }
    }

    #[test]
    fn the_date_comes_early_if_there_are_several_days() {
        let with_date = |column: &ColumnSpec| {
            if column.value == ColumnValue::Date { 11 } else { wanted(column) }
        };
        assert_eq!(names(60, with_date), "#:3 date:6 time:12 :1 message:18 from:6 to:6");
        assert!(names(200, with_date).starts_with("#:3 date:11 time:15 "));
    }

    #[test]
    fn columns_never_take_more_than_there_is() {
        let specs = columns::messages();
        for room in 0..300 {
            let table = Table::fit(room, (2, 1), &specs, wanted);
            let taken: usize = table.columns.iter().map(|(_, cells)| cells + 1).sum();
            assert!(taken < room.max(1), "{room}: {taken}");
        }
    }
}
