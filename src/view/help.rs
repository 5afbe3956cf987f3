//! The help screen: every key of the keymap, and what the signs in the list mean.
//!
//! Must not know: what keys do.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::keymap::{self, HelpSection};
use crate::app::{App, Screen};

use super::Theme;
use super::label::MARKS;
use super::pen::{Pen, width};
use super::picker::MARKS as PROFILE_MARKS;

/// From this width on there are two columns.
const TWO_FROM: u16 = 100;
/// Cells for the keys of a line.
const KEYS: usize = 14;

/// A line of the help.
enum HelpLine {
    Heading(&'static str),
    Key(String, &'static str),
    Blank,
}

/// Draws the help from the line `top` on; how many lines there are.
pub(super) fn draw(app: &App, theme: &Theme, top: usize, area: Rect, buf: &mut Buffer) -> usize {
    let columns = columns(app, area.width);
    let lines = columns.iter().map(Vec::len).max().unwrap_or(0);
    let top = top.min(lines.saturating_sub(usize::from(area.height)));
    let cells = area.width / columns.len().max(1) as u16;
    for (number, column) in columns.iter().enumerate() {
        let area = Rect { x: area.x + cells * number as u16, width: cells, ..area };
        for (y, line) in column.iter().skip(top).take(usize::from(area.height)).enumerate() {
            draw_line(theme, line, Pen::new(buf, area, y as u16));
        }
    }
    lines
}

fn draw_line(theme: &Theme, line: &HelpLine, mut pen: Pen<'_>) {
    pen.skip(1);
    match line {
        HelpLine::Heading(text) => pen.put(text, theme.accent()),
        HelpLine::Key(key, help) => {
            pen.skip(1);
            pen.column(key, KEYS.max(width(key)), theme.strong());
            pen.skip(1);
            pen.put(help, ratatui::style::Style::new());
        }
        HelpLine::Blank => {}
    }
}

/// The lines in one column, or in two of about the same length; a section is never torn apart.
fn columns(app: &App, width: u16) -> Vec<Vec<HelpLine>> {
    let sections = sections(app);
    let total: usize = sections.iter().map(Vec::len).sum();
    let mut columns = vec![Vec::new()];
    for section in sections {
        let first = columns.len() == 1;
        let filled = columns.last().map_or(0, Vec::len);
        if width >= TWO_FROM && first && filled > 0 && filled + section.len() > total.div_ceil(2) + 2 {
            columns.push(Vec::new());
        }
        if let Some(column) = columns.last_mut() {
            column.extend(section);
        }
    }
    columns
}

/// What helps on the screen that is up.
fn help(app: &App) -> Vec<HelpSection> {
    if matches!(app.screen, Screen::Picker(_)) {
        return signed(keymap::picker_help(), &PROFILE_MARKS);
    }
    signed(keymap::trace_help(), &MARKS)
}

/// The same with what signs mean.
fn signed(mut all: Vec<HelpSection>, marks: &[(&str, &'static str)]) -> Vec<HelpSection> {
    let marks = marks.iter().map(|(sign, help)| ((*sign).to_owned(), *help)).collect();
    all.push(("Signs in the list", marks));
    all
}

fn sections(app: &App) -> Vec<Vec<HelpLine>> {
    let mut all = help(app);
    if matches!(app.screen, Screen::Picker(_)) {
        return all.into_iter().map(lines).collect();
    }
    // The longest section stands first, so that two columns come out even; the others keep their
    // order.
    let longest = all.iter().map(|(_, lines)| lines.len()).max();
    all.sort_by_key(|(_, lines)| Some(lines.len()) != longest);
    all.into_iter().map(lines).collect()
}

fn lines((heading, keys): HelpSection) -> Vec<HelpLine> {
    let keys = keys.into_iter().map(|(key, help)| HelpLine::Key(key, help));
    std::iter::once(HelpLine::Heading(heading)).chain(keys).chain([HelpLine::Blank]).collect()
}
