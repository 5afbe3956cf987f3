//! The columns of what can be opened: which have room, and what they say of an entry.
//!
//! Must not know: which entries are visible, selected or marked.

use ratatui::style::Style;

use crate::base::escape::escape;
use crate::store::catalog::{Entry, EntryRange};

use super::super::Theme;
use super::super::figures::bytes;
use super::super::pen::{self, Pen, width};
use super::super::span::{self, Precision};
use super::{EDGE, GAP};

/// Cells of a number of files, of a size.
const FILES: usize = 5;
const SIZE: usize = 8;
/// The most cells of a name, unless the other columns leave more.
const MOST_NAME: usize = 28;
/// Cells that a name has at least before a column is left out.
const LEAST_NAME: usize = 7;

/// The columns that have room, with their cells; 0 where one is left out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    profile: usize,
    folder: usize,
    files: usize,
    size: usize,
    span: usize,
    precision: Precision,
    newest: usize,
}

impl Columns {
    /// As many columns as have room, those that matter most first.
    pub(super) fn fit(room: usize, entries: &[Entry]) -> Self {
        let longest = widest(entries, |e| escape(e.profile.as_bytes()).into_owned());
        let profile = longest.clamp(LEAST_NAME, MOST_NAME);
        let folder =
            widest(entries, |e| escape(e.folder.as_bytes()).into_owned()).clamp(LEAST_NAME, MOST_NAME);
        let wants = Folders::of(entries);
        let mut left = Room(room.saturating_sub(EDGE + profile + 1));
        let needed = if wants == Folders::Needed { left.take(folder) } else { 0 };
        let (precision, span) = times(&mut left, entries);
        let size = left.take(SIZE);
        // A number alone would be a riddle.
        let files = if size > 0 { left.take(FILES) } else { 0 };
        let folder = if wants == Folders::Telling { left.take(folder) } else { needed };
        let dated = precision == Precision::Seconds && entries.iter().any(|e| e.range.newest().is_some());
        let newest = widest(entries, |e| span::newest(&e.range, Precision::Seconds));
        let newest = if dated { left.take(newest) } else { 0 };
        // What nobody else needs goes to names that are longer.
        let profile = longest.clamp(profile, profile + left.0).min(room.saturating_sub(EDGE));
        Self { profile, folder, files, size, span, precision, newest }
    }

    /// Draws their heads.
    pub(super) fn heads(&self, theme: &Theme, mut pen: Pen<'_>) {
        let dim = theme.dim();
        pen.skip(EDGE);
        pen.column("profile", self.profile, dim);
        let span = if self.precision == Precision::Newest { " newest" } else { " span" };
        put(&mut pen, "folder", self.folder, dim);
        put_right(&mut pen, "files", self.files, dim);
        put_right(&mut pen, "size", self.size, dim);
        put(&mut pen, span, self.span, dim);
        put(&mut pen, " newest", self.newest, dim);
    }

    /// Draws an entry.
    pub(super) fn row(&self, entry: &Entry, theme: &Theme, mut pen: Pen<'_>) {
        pen.column(&escape(entry.profile.as_bytes()), self.profile, theme.strong());
        let folder = escape(entry.folder.as_bytes());
        put(&mut pen, &pen::fit_tail(&folder, self.folder), self.folder, theme.dim());
        put_right(&mut pen, &entry.files.to_string(), self.files, Style::new());
        put_right(&mut pen, &bytes(entry.bytes), self.size, Style::new());
        let style = match entry.range {
            EntryRange::Times { .. } => Style::new(),
            EntryRange::Nothing => theme.warning(),
            EntryRange::Unread => theme.dim(),
        };
        put(&mut pen, &span::span(&entry.range, self.precision), self.span, style);
        put(&mut pen, &span::newest(&entry.range, Precision::Seconds), self.newest, theme.dim());
    }
}

/// What folders tell of profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Folders {
    /// Nothing: there are none, or they are named as the profiles are.
    Idle,
    /// Something.
    Telling,
    /// What tells profiles of the same name apart.
    Needed,
}

impl Folders {
    fn of(entries: &[Entry]) -> Self {
        let is_twin = |(at, e): (usize, &Entry)| entries[..at].iter().any(|other| other.profile == e.profile);
        if entries.iter().enumerate().any(is_twin) {
            Self::Needed
        } else if entries.iter().any(|e| !e.folder.is_empty() && e.folder != e.profile) {
            Self::Telling
        } else {
            Self::Idle
        }
    }
}

/// Cells that are left.
struct Room(usize);

impl Room {
    /// Takes cells for a column and its distance; 0 where there are not so many.
    fn take(&mut self, cells: usize) -> usize {
        let fits = self.0 >= cells + GAP;
        self.0 -= if fits { cells + GAP } else { 0 };
        if fits { cells } else { 0 }
    }
}

/// How precisely there is room for spans, and their cells. Files and sizes matter more than the last digits of times.
fn times(left: &mut Room, entries: &[Entry]) -> (Precision, usize) {
    let cells = |precision| widest(entries, |e| span::span(&e.range, precision)).max(" newest".len());
    for precision in [Precision::Seconds, Precision::Minutes] {
        let cells = cells(precision);
        if left.0 >= cells + SIZE + FILES + 3 * GAP {
            return (precision, left.take(cells));
        }
    }
    (Precision::Newest, left.take(cells(Precision::Newest)))
}

fn widest(entries: &[Entry], text: impl Fn(&Entry) -> String) -> usize {
    entries.iter().map(|entry| width(&text(entry))).max().unwrap_or(0)
}

/// Writes a column with its distance, where it is there at all.
fn put(pen: &mut Pen<'_>, text: &str, cells: usize, style: Style) {
    if cells > 0 {
        pen.skip(GAP);
        pen.column(text, cells, style);
    }
}

/// The same for numbers.
fn put_right(pen: &mut Pen<'_>, text: &str, cells: usize, style: Style) {
    if cells > 0 {
        pen.skip(GAP);
        pen.column_right(text, cells, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Dates;

    fn entry(profile: &str, folder: &str) -> Entry {
        let (first, last) = (20_780 * 86_400_000_000, 20_780 * 86_400_000_000 + 1);
        Entry {
            profile: profile.to_owned(),
            folder: folder.to_owned(),
            range: EntryRange::Times { first, last, dates: Dates::Stamped },
            ..Entry::default()
        }
    }

    #[test]
    fn what_matters_most_has_room_first() {
        let idle = [entry("internal", "internal"), entry("external", "")];
        let telling = [entry("internal", "old"), entry("external", "")];
        let needed = [entry("internal", "old"), entry("internal", "new")];
        // Folder, files, size, span, newest.
        for (room, entries, want) in [
            (100, &idle, (0, 5, 8, 31, 20)),
            (80, &idle, (0, 5, 8, 31, 0)),
            (80, &telling, (7, 5, 8, 31, 0)),
            (61, &telling, (7, 5, 8, 20, 0)),
            (55, &telling, (0, 5, 8, 20, 0)),
            (61, &needed, (7, 5, 8, 20, 0)),
            (40, &needed, (7, 0, 0, 12, 0)),
            (30, &telling, (0, 0, 0, 12, 0)),
            (20, &telling, (0, 0, 0, 0, 0)),
        ] {
            let Columns { folder, files, size, span, newest, .. } = Columns::fit(room, entries);
            assert_eq!((folder, files, size, span, newest), want, "{room}");
            assert!(Columns::fit(room, entries).profile + EDGE <= room);
        }
    }

    #[test]
    fn a_long_name_has_what_the_other_columns_leave() {
        let long = [entry(&"n".repeat(60), "")];
        // Profile, span, newest.
        for (room, want) in [(80, (36, 20, 0)), (100, (45, 31, 0)), (160, (60, 31, 20))] {
            let Columns { profile, span, newest, .. } = Columns::fit(room, &long);
            assert_eq!((profile, span, newest), want, "{room}");
        }
    }
}
