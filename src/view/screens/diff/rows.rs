//! The entries of a comparison as rows: the two values below each other, or side by side.
//!
//! Must not know: which messages are compared, tabs.

use std::borrow::Cow;

use ratatui::layout::Rect;

use crate::app::DiffScreen;
use crate::app::privacy::Privacy;
use crate::app::screens::diff::{DiffLine, Side};
use crate::app::styled_text::Line;
use crate::diff::{Change, Piece};
use crate::style::Role;
use crate::view::parts::wrap::{Style, Wrapped};
use crate::view::parts::{Surface, mask};

/// From this width on the values are side by side.
const BESIDE_FROM: u16 = 120;
/// Cells of the sign and the blank after it.
const SIGN: u16 = 2;
/// The labels get no more than this.
const MOST_LABEL: usize = 30;
/// A value is shown in at most so many rows.
const MOST_ROWS: usize = 40;

/// What is drawn.
pub(super) struct Rows<'a> {
    lines: Vec<Row<'a>>,
    columns: Columns,
    message: Option<&'static str>,
}

/// How much of it was visible.
pub(super) struct Drawn {
    pub(super) top: usize,
    pub(super) shown: usize,
    pub(super) last_top: usize,
}

/// One line before it is broken to its columns.
enum Row<'a> {
    Text(Line),
    Entry { change: Change, label: &'a str, values: Vec<(Column, &'a str, Line)> },
}

/// Where a value is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Left,
    Right,
    /// Across both: the value is the same.
    Both,
}

/// The cells of the columns.
#[derive(Debug, Clone, Copy)]
struct Columns {
    label: u16,
    name: u16,
    value: u16,
    beside: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn of(screen: &'a DiffScreen, sides: &'a [Side; 2], area: Rect, privacy: &Privacy) -> Self {
        let lines = screen.lines();
        let labels = lines.iter().map(|line| match line {
            DiffLine::Entry(entry) => entry.label.chars().count(),
            _ => 0,
        });
        let label = labels.max().unwrap_or_default().min(MOST_LABEL).min(usize::from(area.width / 3)) as u16;
        let name = sides.iter().map(|side| side.name.len()).max().unwrap_or_default() as u16;
        let columns = Columns::of(area.width, label, name);
        let message = match screen.current() {
            _ if screen.comparison.is_some() => None,
            Some(step) if step.left.1.is_none() || step.right.1.is_none() => {
                Some("Only one of the legs has this message.")
            }
            _ if screen.unreadable => Some("The texts of the messages cannot be read."),
            _ => Some("…"),
        };
        let mut hidden: fn(&mut Line, &Privacy) = masked;
        let rows = lines.into_iter().map(|line| {
            if let DiffLine::Heading(section) = line {
                hidden = if section.is_written { written } else { masked };
            }
            let mut row = row(line, sides);
            if let Row::Entry { values, .. } = &mut row {
                for (_, _, line) in values {
                    hidden(line, privacy);
                }
            }
            row
        });
        Self { lines: rows.collect(), columns, message }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Draws from the line `top` on, or from the last one from which the text fills the area.
    pub(super) fn draw(&self, top: usize, area: Rect, surface: &mut Surface<'_>) -> Drawn {
        if let Some(message) = self.message {
            surface.row(area, 0).put(&format!(" {message}"), Role::Dim);
        }
        let last_top = self.last_top(usize::from(area.height));
        let top = top.min(last_top);
        let (mut y, mut shown) = (0, 0);
        for line in self.lines.iter().skip(top) {
            if y >= area.height {
                break;
            }
            let below = Rect { y: area.y + y, height: area.height - y, ..area };
            y = y.saturating_add(self.draw_line(line, below, surface));
            shown += usize::from(y <= area.height);
        }
        Drawn { top, shown, last_top }
    }

    fn last_top(&self, height: usize) -> usize {
        let mut room = height;
        for (number, line) in self.lines.iter().enumerate().rev() {
            let rows = self.height(line);
            if rows > room {
                return (number + 1).min(self.lines.len().saturating_sub(1));
            }
            room -= rows;
        }
        0
    }

    fn wrap<'l>(&self, line: &'l Line, column: Column) -> Wrapped<'l> {
        Wrapped::new(line, usize::from(self.columns.width(column)), Style::Soft, MOST_ROWS)
    }

    fn height(&self, row: &Row<'_>) -> usize {
        let Row::Entry { values, .. } = row else { return 1 };
        let heights = values.iter().map(|(column, _, line)| self.wrap(line, *column).rows.len());
        if self.columns.beside { heights.max().unwrap_or(1) } else { heights.sum() }
    }

    /// Draws a line at the top of `area`; gives back how many rows it needs.
    fn draw_line(&self, row: &Row<'_>, area: Rect, surface: &mut Surface<'_>) -> u16 {
        let Row::Entry { change, label, values } = row else {
            let Row::Text(line) = row else { return 1 };
            let mut out = surface.row(area, 0);
            line.spans.iter().for_each(|span| out.put(&span.text, span.role));
            return 1;
        };
        let mut out = surface.row(area, 0);
        out.put(&format!("{} ", change.sign()), role(*change));
        out.put_in(label, usize::from(self.columns.label), Role::Label);
        let mut y = 0;
        for (column, name, line) in values {
            let at = if self.columns.beside { 0 } else { y };
            let rows = self.draw_value((*column, name, line), area, at, surface);
            y = if self.columns.beside { y.max(rows) } else { y + rows };
        }
        y.max(1)
    }

    fn draw_value(
        &self,
        (column, name, line): (Column, &str, &Line),
        area: Rect,
        y: u16,
        surface: &mut Surface<'_>,
    ) -> u16 {
        let wrapped = self.wrap(line, column);
        let x = self.columns.start(column);
        for (number, row) in (y..).zip(&wrapped.rows) {
            if number >= area.height {
                break;
            }
            let width = self.columns.name_width() + self.columns.width(column);
            let cells = Rect { x: area.x + x, width: width.min(area.width.saturating_sub(x)), ..area };
            let mut out = surface.row(cells, number);
            out.column(
                if number == y { name } else { "" },
                usize::from(self.columns.name_width()),
                Role::Heading,
            );
            out.skip(if number == y { 0 } else { wrapped.indent });
            wrapped.pieces(row).for_each(|(role, _, text)| out.put(text, role));
        }
        wrapped.rows.len() as u16
    }
}

impl Columns {
    fn of(width: u16, label: u16, name: u16) -> Self {
        let beside = width >= BESIDE_FROM;
        let room = width.saturating_sub(SIGN + label + 2);
        let value = if beside { room.saturating_sub(2) / 2 } else { room }.saturating_sub(name + 1);
        Self { label, name, value: value.max(1), beside }
    }

    fn name_width(self) -> u16 {
        self.name + 1
    }

    fn start(self, column: Column) -> u16 {
        let first = SIGN + self.label + 2;
        let moved = self.beside && column == Column::Right;
        first + if moved { self.name_width() + self.value + 2 } else { 0 }
    }

    fn width(self, column: Column) -> u16 {
        match column {
            Column::Both if self.beside => 2 * self.value + self.name_width() + 2,
            _ => self.value,
        }
    }
}

fn row<'a>(line: DiffLine<'a>, sides: &'a [Side; 2]) -> Row<'a> {
    match line {
        DiffLine::Heading(section) => Row::Text(Line::of(Role::Heading, section.title.clone())),
        DiffLine::Hidden(count) => {
            let text = match count {
                1 => "  1 is the same (a shows it)".to_owned(),
                _ => format!("  {count} are the same (a shows them)"),
            };
            Row::Text(Line::of(Role::Dim, text))
        }
        DiffLine::Entry(entry) => {
            let left = |role| (Column::Left, &*sides[0].name, value(&entry.left, role));
            let right = |role| (Column::Right, &*sides[1].name, value(&entry.right, role));
            let values = match entry.change {
                Change::Same => vec![(Column::Both, "", value(&entry.left, Role::Dim))],
                Change::Rewritten => vec![left(Role::Plain), right(Role::Plain)],
                Change::Dropped => vec![left(Role::Dropped)],
                Change::Added => vec![right(Role::Added)],
            };
            Row::Entry { change: entry.change, label: &entry.label, values }
        }
    }
}

/// Masks what is private in a value, before it is broken to its column.
fn masked(line: &mut Line, privacy: &Privacy) {
    if let Cow::Owned(masked) = mask::line(line, privacy) {
        *line = masked;
    }
}

/// Masks a value that someone wrote.
fn written(line: &mut Line, privacy: &Privacy) {
    for span in line.spans.iter_mut().filter(|_| privacy.is_masked()) {
        span.text = mask::whole(&span.text).into();
    }
}

fn value(pieces: &[Piece], unchanged: Role) -> Line {
    pieces.iter().fold(Line::default(), |line, piece| {
        line.and(if piece.changed { Role::Changed } else { unchanged }, piece.text.clone())
    })
}

const fn role(change: Change) -> Role {
    match change {
        Change::Same => Role::Dim,
        Change::Rewritten => Role::Rewritten,
        Change::Dropped => Role::Dropped,
        Change::Added => Role::Added,
    }
}
