//! The rows of each section: what they say, and what they mean as a filter. Only the rows that are asked for are made.
//!
//! Must not know: widths, which row is selected.

mod agents;
mod calls;
mod input;
mod kinds;
mod peers;
mod phones;
mod time;

use std::borrow::Cow;

use crate::app::columns::Align;
use crate::app::section::Section;
use crate::app::styled_text::Role;
use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::filter::Filter;
use crate::statistics::{Scale, Statistics};
use crate::store::{Region, Snapshot};

pub use time::stamp;

/// A column of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub heading: &'static str,
    /// At which end its values are.
    pub align: Align,
    /// The most cells that it takes.
    pub most: usize,
    /// Columns with a higher number are omitted first where there is no room.
    pub rank: u8,
}

/// A column whose values are at its left end.
const fn left(heading: &'static str, most: usize, rank: u8) -> Column {
    Column { heading, align: Align::Left, most, rank }
}

/// A column whose values are at its right end.
const fn right(heading: &'static str, most: usize, rank: u8) -> Column {
    Column { heading, align: Align::Right, most, rank }
}

/// A cell: escaped text and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// What it is.
    pub role: Role,
}

fn cell(role: Role, text: impl Into<String>) -> Cell {
    Cell { text: text.into(), role }
}

/// A number; nothing is shown for 0.
fn number(role: Role, number: u64) -> Cell {
    let role = if number == 0 { Role::Dim } else { role };
    cell(role, if number == 0 { "–".to_owned() } else { grouped(number) })
}

/// Text from a trace.
fn text(role: Role, bytes: &[u8]) -> Cell {
    cell(role, escape(bytes))
}

/// A share: `12.3 %`, `<0.1 %`; nothing for 0.
fn share(role: Role, part: u64, whole: u64) -> Cell {
    if part == 0 || whole == 0 {
        return cell(Role::Dim, "–");
    }
    let tenths = (part * 2000 + whole) / (whole * 2);
    cell(role, if tenths == 0 { "<0.1 %".to_owned() } else { format!("{}.{} %", tenths / 10, tenths % 10) })
}

/// What a row means.
#[derive(Debug, Clone)]
pub enum Meaning {
    /// These messages.
    Filter(Filter),
    /// These bytes of the input with this number.
    Bytes(u16, Region),
    /// Nothing that can be shown, and why.
    Nothing(&'static str),
}

impl Meaning {
    fn of(filter: Option<Filter>) -> Self {
        filter.map_or(Self::Nothing("no filter can name this value"), Self::Filter)
    }
}

/// The rows of a section.
pub trait Rows {
    /// Its columns.
    fn columns(&self) -> &'static [Column];

    /// How many rows there are.
    fn count(&self) -> usize;

    /// The cells of a row, one for each column.
    fn cells(&self, at: usize) -> Vec<Cell>;

    /// What a row means.
    fn meaning(&self, at: usize) -> Meaning;

    /// What identifies a row while the counts change.
    fn name(&self, at: usize) -> Cow<'_, [u8]>;

    /// Whether a row is a heading, which cannot be selected.
    fn is_heading(&self, at: usize) -> bool {
        let _ = at;
        false
    }

    /// What an empty section says, and what helps.
    fn nothing(&self) -> [&'static str; 2];
}

/// What the rows of a section are made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The counts.
    pub statistics: &'a Statistics,
    /// What they were made from.
    pub snapshot: &'a Snapshot,
    /// The intervals over time.
    pub scale: Scale,
}

/// The rows of a section.
pub fn rows<'a>(section: Section, source: Source<'a>) -> Box<dyn Rows + 'a> {
    match section {
        Section::Time => Box::new(time::Intervals::of(source)),
        Section::Calls => Box::new(calls::Figures::of(source.statistics)),
        Section::Methods => Box::new(kinds::Methods(source.statistics)),
        Section::Codes => Box::new(kinds::Codes(source.statistics)),
        Section::Peers => Box::new(peers::Peers(source.statistics, &source.snapshot.aliases)),
        Section::Agents => Box::new(agents::Agents(source.statistics)),
        Section::Phones => Box::new(phones::Phones(source.statistics)),
        Section::Input => Box::new(input::Inputs::of(source)),
    }
}

/// A section as text, its columns as wide as their values.
pub(super) fn as_text(section: Section, source: Source<'_>) -> String {
    use unicode_width::UnicodeWidthStr;
    let rows = rows(section, source);
    let columns = rows.columns();
    let heading: Vec<String> = columns.iter().map(|column| column.heading.to_owned()).collect();
    let body = (0..rows.count()).map(|at| rows.cells(at).into_iter().map(|cell| cell.text).collect());
    let lines: Vec<Vec<String>> = std::iter::once(heading).chain(body).collect();
    let width =
        |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|text| text.width()).max();
    let widths: Vec<usize> = (0..columns.len()).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = format!("{}\n", section.title());
    for line in lines {
        let mut row = String::new();
        for ((text, column), width) in line.iter().zip(columns).zip(&widths) {
            let blanks = " ".repeat(width - text.width().min(*width));
            match column.align {
                Align::Left => row.extend([text, blanks.as_str(), "  "]),
                Align::Right => row.extend([blanks.as_str(), text, "  "]),
            }
        }
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}
