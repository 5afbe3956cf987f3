//! The profiles of a directory.
//!
//! ```text
//!  sofiatui  /var/log/freeswitch/sip_traces                     3 profiles  7 files  1.2 GB   title
//!  external/external.dump.2.xz: permission denied                                             banner
//!  from 05:53  until 06:10                                                                    time_range
//!      profile   files      size   time range
//!  ▸ ● internal      3  812.4 MB  2026-11-23 05:53:38 – 06:59:01
//!    ● external      3  411.0 MB  2026-11-22 23:10:00 – 2026-11-23 06:58:11
//!  Enter opens 2 profiles: 6 files, 1.2 GB, from 05:53 until 06:10  merged by time            hint
//!  Enter open  Space mark  a all  t times  ? help  q quit                                     footer
//! ```
//!
//! Must not know: how profiles are found, what opening them does.

mod time_range;

use ratatui::layout::Rect;

use crate::app::columns::{self, ColumnSpec, ColumnValue};
use crate::app::{App, ProfilesScreen, Target};
use crate::base::escape::escape;
use crate::filter::Field;
use crate::store::catalog::{Entry, EntryRange};
use crate::style::Role;
use crate::view::layout::{take_bottom, take_top};
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::{CellWriter, fit_tail, width};
use crate::view::parts::format::{bytes, counted};
use crate::view::parts::table::{Rows, Table};
use crate::view::parts::time_range::{self as range, INFERRED, Precision, UNREAD};
use crate::view::title::NAME;

use super::ScreenView;

/// The signs in the list, and what they mean.
const SIGNS: [(&str, &str); 3] = [
    (MARKED, "marked: opened with the others"),
    (INFERRED, "the date is inferred: the dump has none"),
    (UNREAD, "not read yet"),
];
const MARKED: &str = "●";
/// Shown in the title until everything is known.
const READING: &str = "reading…";
/// From this many rows on the screen says what Enter opens.
const HINT_FROM: u16 = 6;
/// Cells for the signs of the selected and of marked rows.
const MARGIN: usize = 4;
/// Cells between two columns.
const GAP: usize = 2;
/// Cells of the number and the size of files, with their gaps.
const FILES_AND_SIZE: usize = 5 + 8 + 2 * GAP;

impl ScreenView for ProfilesScreen {
    fn title(&self, _: &App, row: &mut CellWriter<'_>) {
        let catalog = &self.catalog;
        row.skip(1);
        let place = escape(catalog.place.as_bytes());
        let (files, size) = sums(catalog.entries.iter());
        let all = format!("{}  {files}  {size} ", counted(catalog.entries.len() as u64, "profile"));
        // What has no room is omitted; the directory has it first.
        if width(NAME) + width(&place) + width(&all) + 3 * GAP <= row.room() {
            row.put_at_end(&all, GAP, Role::Plain);
        }
        if !catalog.done && width(NAME) + width(&place) + width(READING) + 3 * GAP <= row.room() {
            row.put_at_end(READING, GAP, Role::Accent);
        }
        if width(NAME) + width(&place) + GAP <= row.room() {
            row.put(NAME, Role::Accent);
            row.skip(GAP);
        }
        let room = row.room();
        row.put(&fit_tail(&place, room), Role::Strong);
    }

    fn errors<'a>(&'a self, _: &'a App) -> &'a [String] {
        &self.catalog.errors
    }

    fn body(&self, _: &App, area: Rect, surface: &mut Surface<'_>) {
        let mut rest = area;
        let line = take_top(&mut rest, 1);
        surface.target(Target::Line, line);
        if area.height >= HINT_FROM {
            hint(self, &mut surface.row(take_bottom(&mut rest), 0));
        }
        time_range::draw(self, line, surface);
        list(self, rest, surface);
        time_range::draw_below(self, Rect { y: line.bottom(), ..line }, surface);
    }

    fn signs(&self) -> &'static [(&'static str, &'static str)] {
        &SIGNS
    }
}

/// Files and bytes of some entries.
fn sums<'a>(entries: impl Iterator<Item = &'a Entry>) -> (String, String) {
    let sums = entries.fold((0, 0), |(files, size), entry| (files + entry.files, size + entry.bytes));
    (counted(sums.0 as u64, "file"), bytes(sums.1))
}

/// What Enter opens.
fn hint(screen: &ProfilesScreen, row: &mut CellWriter<'_>) {
    let numbers = screen.to_open();
    let entries: Vec<&Entry> = numbers.iter().filter_map(|number| screen.entry(*number)).collect();
    row.skip(1);
    let what = match entries[..] {
        [] => return,
        [entry] => escape(entry.profile.as_bytes()).into_owned(),
        _ => counted(entries.len() as u64, "profile"),
    };
    let merged = if entries.len() > 1 { "  merged by time" } else { "" };
    let (files, size) = sums(entries.into_iter());
    row.put("Enter opens ", Role::Dim);
    row.put(&what, Role::Strong);
    let rest = format!(": {files}, {size}{}", time_range::as_words(&screen.range));
    row.put(&escape(rest.as_bytes()), Role::Plain);
    if width(merged) < row.room() {
        row.put(merged, Role::Dim);
    }
}

fn list(screen: &ProfilesScreen, area: Rect, surface: &mut Surface<'_>) {
    if screen.rows.is_empty() {
        let (what, help) = if screen.catalog.done {
            ("no traces here", "try 'sofiatui FILE', or 'sofiatui --demo' for the built-in sample")
        } else {
            ("looking for traces…", "")
        };
        surface.target(Target::Rows, area);
        return surface.message(area, what, help);
    }
    let mut specs = columns::profiles();
    let rows = ProfileRows::fit(screen, usize::from(area.width), &mut specs);
    let wanted = |column: &ColumnSpec| rows.wanted(column);
    let table = Table::fit(usize::from(area.width), (MARGIN, GAP), &specs, wanted);
    table.draw(&rows, (screen.list, screen.rows.len()), Role::Selected, (area, surface));
}

/// The rows, with times as precise as there is room.
struct ProfileRows<'a> {
    screen: &'a ProfilesScreen,
    precision: Precision,
}

impl<'a> ProfileRows<'a> {
    /// Times as precise as there is room beside the columns that matter more: names, folders if only they distinguish profiles,
    /// numbers and sizes of files.
    fn fit(screen: &'a ProfilesScreen, room: usize, specs: &mut [ColumnSpec]) -> Self {
        let entries = &screen.catalog.entries;
        let mut rows = Self { screen, precision: Precision::Newest };
        let needs_folders = has_twins(entries);
        let mut taken = MARGIN + FILES_AND_SIZE;
        for spec in specs {
            if needs_folders && spec.value == ColumnValue::Folder {
                spec.priority = 1;
            }
            if spec.priority < 2 {
                taken += rows.wanted(spec).min(spec.widths[0]) + GAP;
            }
        }
        rows.precision = Precision::fit(room.saturating_sub(taken), entries);
        rows
    }

    fn wanted(&self, column: &ColumnSpec) -> usize {
        let entries = &self.screen.catalog.entries;
        let has_dates = || entries.iter().any(|e| e.range.newest().is_some());
        match column.value {
            ColumnValue::Folder if !tells_apart(entries) => 0,
            ColumnValue::Newest if self.precision != Precision::Seconds || !has_dates() => 0,
            _ => {
                let widths = entries.iter().map(|entry| width(&self.text(entry, column.value).0));
                widths.max().unwrap_or(0).max(column.heading.len())
            }
        }
    }

    fn text(&self, entry: &Entry, value: ColumnValue) -> (String, Role) {
        match value {
            ColumnValue::Field(Field::Profile) => {
                (escape(entry.profile.as_bytes()).into_owned(), Role::Strong)
            }
            ColumnValue::Folder => (escape(entry.folder.as_bytes()).into_owned(), Role::Dim),
            ColumnValue::Files => (entry.files.to_string(), Role::Plain),
            ColumnValue::Field(Field::Size) => (bytes(entry.bytes), Role::Plain),
            ColumnValue::TimeRange => {
                let role = match entry.range {
                    EntryRange::Times { .. } => Role::Plain,
                    EntryRange::Nothing => Role::Warning,
                    EntryRange::Unread => Role::Dim,
                };
                (range::span(&entry.range, self.precision), role)
            }
            ColumnValue::Newest => (range::newest(&entry.range, Precision::Seconds), Role::Dim),
            _ => (String::new(), Role::Plain),
        }
    }
}

impl Rows for ProfileRows<'_> {
    fn margin(&self, position: usize, row: &mut CellWriter<'_>) {
        let is_marked =
            self.screen.rows.get(position).is_some_and(|number| self.screen.marked.contains(number));
        row.skip(MARGIN - GAP);
        row.put(if is_marked { MARKED } else { "" }, Role::Accent);
    }

    fn cell(&self, position: usize, column: &ColumnSpec, cells: usize, row: &mut CellWriter<'_>) {
        let entry = self.screen.rows.get(position).and_then(|number| self.screen.entry(*number));
        let Some(entry) = entry else { return };
        let (text, role) = self.text(entry, column.value);
        match (column.align, column.value) {
            (columns::Align::Right, _) => row.column_right(&text, cells, role),
            (_, ColumnValue::Folder) => row.put_in(&fit_tail(&text, cells), cells, role),
            _ => row.put_in(&text, cells, role),
        }
    }
}

/// Whether only the folders distinguish some profiles.
fn has_twins(entries: &[Entry]) -> bool {
    let mut names: Vec<&str> = entries.iter().map(|e| e.profile.as_str()).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

/// Whether the folders say more than the names of the profiles.
fn tells_apart(entries: &[Entry]) -> bool {
    entries.iter().any(|e| !e.folder.is_empty() && e.folder != e.profile)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Dates;
    use crate::store::catalog::Catalog;

    /// Cells of each column that is shown: profile, folder, files, size, time range, newest.
    fn widths(profiles: &[(&str, &str)], room: usize) -> [usize; 6] {
        let (first, last) = (20_780 * 86_400_000_000, 20_780 * 86_400_000_000 + 1);
        let entry = |(profile, folder): &(&str, &str)| Entry {
            profile: (*profile).to_owned(),
            folder: (*folder).to_owned(),
            range: EntryRange::Times { first, last, dates: Dates::Stamped },
            ..Entry::default()
        };
        let catalog = Catalog { entries: profiles.iter().map(entry).collect(), ..Catalog::default() };
        let mut screen = ProfilesScreen::default();
        screen.catalog = catalog.into();
        let mut specs = columns::profiles();
        let rows = ProfileRows::fit(&screen, room, &mut specs);
        let table = Table::fit(room, (MARGIN, GAP), &specs, |column| rows.wanted(column));
        std::array::from_fn(|at| table.width(|column| column.value == specs[at].value))
    }

    #[test]
    fn what_matters_most_has_room_first() {
        let idle = [("internal", "internal"), ("external", "")];
        let useful = [("internal", "old"), ("external", "")];
        let needed = [("internal", "old"), ("internal", "new")];
        for (room, profiles, want) in [
            (100, &idle, [8, 0, 5, 4, 31, 20]),
            (80, &idle, [8, 0, 5, 4, 31, 20]),
            (80, &useful, [8, 6, 5, 4, 31, 0]),
            (61, &useful, [8, 6, 5, 4, 20, 0]),
            (61, &needed, [8, 6, 5, 4, 20, 0]),
            (30, &useful, [8, 0, 0, 0, 12, 0]),
            (20, &useful, [8, 0, 0, 4, 0, 0]),
        ] {
            assert_eq!(widths(profiles, room), want, "{room} {profiles:?}");
        }
    }

    #[test]
    fn a_long_name_has_what_the_other_columns_leave() {
        let name = "n".repeat(60);
        for (room, profile, range) in [(80, 41, 20), (100, 28, 31), (160, 60, 31)] {
            let widths = widths(&[(&name, "")], room);
            assert_eq!((widths[0], widths[4]), (profile, range), "{room}");
        }
    }
}
