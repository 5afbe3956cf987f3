//! The help: the keys of the screen first, then those that work everywhere, then the signs of its list.
//!
//! Must not know: what keys do.

use ratatui::layout::{Margin, Rect};
use ratatui::widgets::{Block, Scrollbar, ScrollbarOrientation, ScrollbarState, StatefulWidget, Widget};

use crate::app::App;
use crate::app::keymap::{Context, HelpSection};
use crate::app::overlays::help_sections;
use crate::app::parts::{TextExtent, TextView};
use crate::style::Role;
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::{CellWriter, width};
use crate::view::screens;

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

/// Draws the help.
pub(super) fn draw(app: &App, view: TextView, area: Rect, surface: &mut Surface<'_>) {
    let columns = columns(app, area.width);
    let lines = columns.iter().map(Vec::len).max().unwrap_or(0);
    let shown = usize::from(area.height.saturating_sub(1)).min(lines);
    let extent = TextExtent { shown, last_top: lines - shown, ..TextExtent::default() };
    let top = view.top.min(extent.last_top);
    let text = frame(area, (top, extent), surface);
    surface.targets.overlay = extent;
    surface.target(crate::app::Target::Overlay, text);
    let cells = text.width / columns.len().max(1) as u16;
    for (number, column) in columns.iter().enumerate() {
        let area = Rect { x: text.x + cells * number as u16, width: cells, ..text };
        for (y, line) in column.iter().skip(top).take(shown).enumerate() {
            draw_line(line, &mut surface.row(area, y as u16));
        }
    }
}

/// Draws the border above with the position, and the scroll bar; gives back the area of the text.
fn frame(area: Rect, (top, extent): (usize, TextExtent), surface: &mut Surface<'_>) -> Rect {
    let total = extent.last_top + extent.shown;
    let mut block = Block::new()
        .borders(ratatui::widgets::Borders::TOP)
        .border_style(surface.style(Role::Accent))
        .title("─ Help ");
    if extent.last_top > 0 {
        let position = format!(" {}–{} of {total} ─", top + 1, top + extent.shown);
        block = block.title(ratatui::text::Line::raw(position).right_aligned());
    }
    let text = block.inner(area);
    block.render(area, surface.buf);
    if extent.last_top > 0 {
        let mut state =
            ScrollbarState::new(extent.last_top + 1).position(top).viewport_content_length(extent.shown);
        Scrollbar::new(ScrollbarOrientation::VerticalRight)
            .begin_symbol(None)
            .end_symbol(None)
            .track_symbol(Some("│"))
            .style(surface.style(Role::Dim))
            .render(text.inner(Margin::default()), surface.buf, &mut state);
    }
    Rect { width: text.width.saturating_sub(1), ..text }
}

fn draw_line(line: &HelpLine, row: &mut CellWriter<'_>) {
    row.skip(1);
    match line {
        HelpLine::Heading(text) => row.put(text, Role::Accent),
        HelpLine::Key(key, help) => {
            row.skip(1);
            row.column(key, KEYS.max(width(key)), Role::Strong);
            row.skip(1);
            row.put(help, Role::Plain);
        }
        HelpLine::Blank => {}
    }
}

/// The lines in one column, or in two of about the same length; a section is never split.
fn columns(app: &App, width: u16) -> Vec<Vec<HelpLine>> {
    let sections: Vec<Vec<HelpLine>> = sections(app).into_iter().map(lines).collect();
    let total: usize = sections.iter().map(Vec::len).sum();
    let mut columns = vec![Vec::new()];
    for section in sections {
        let is_first = columns.len() == 1;
        let filled = columns.last().map_or(0, Vec::len);
        if width >= TWO_FROM && is_first && filled > 0 && filled + section.len() > total.div_ceil(2) + 2 {
            columns.push(Vec::new());
        }
        if let Some(column) = columns.last_mut() {
            column.extend(section);
        }
    }
    columns
}

/// What helps on the screen below.
fn sections(app: &App) -> Vec<HelpSection> {
    let screen = app.screen();
    let mut contexts = screen.state().contexts();
    if contexts.contains(&Context::Panes) && !contexts.contains(&Context::Details) {
        contexts.push(Context::Details);
    }
    contexts.push(Context::Everywhere);
    let mut sections = help_sections(&app.prefs.keymap, &contexts);
    let signs = screens::of(screen).signs().iter().map(|(sign, help)| ((*sign).to_owned(), *help));
    sections.push(("Signs in the list", signs.collect()));
    sections.extend(super::filter_help::sections(&contexts));
    sections.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
}

fn lines((heading, keys): HelpSection) -> Vec<HelpLine> {
    let keys = keys.into_iter().map(|(key, help)| HelpLine::Key(key, help));
    std::iter::once(HelpLine::Heading(heading)).chain(keys).chain([HelpLine::Blank]).collect()
}
