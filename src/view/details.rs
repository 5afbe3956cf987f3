//! The details pane: tabs, the tree of parts, the prepared lines.
//!
//! Must not know: how lines are made, which message is selected beyond what the state says.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::paper::{Line, Role};
use crate::app::{App, Area, Focus, Geometry, Tab};
use crate::base::escape::escape;
use crate::base::number::grouped;

use super::Theme;
use super::layout::{Layout, take_top};
use super::pen::{self, Pen, width};
use super::wrap::{self, Wrapped};

/// Draws the pane and what stands between it and the list; tells where its pieces are.
pub(super) fn draw(app: &App, theme: &Theme, layout: &Layout, buf: &mut Buffer, geometry: &mut Geometry) {
    let mut area = layout.details;
    if area.is_empty() {
        return;
    }
    geometry.border = pen::area(layout.border);
    if layout.border.height > 1 {
        edge(app, theme, layout.border, buf);
    }
    let tabs = take_top(&mut area, 1);
    // A blank before the text: it stands apart from the border and under the tabs' names.
    let mut text = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    if let Some(message) = instead(app) {
        geometry.details = pen::area(text);
        geometry.tabs = draw_tabs(app, theme, tabs, buf, None);
        Pen::new(buf, text, 0).put(&message.0, if message.1 { theme.error() } else { theme.dim() });
        return;
    }
    if app.details.tab == Tab::Parts && app.details.parts.len() > 1 {
        parts(app, theme, &mut text, buf, geometry);
    }
    let pane = Pane::of(app, text);
    geometry.details = pen::area(text);
    geometry.details_last = pane.last_top;
    geometry.details_shown = pane.draw(app, theme, text, buf);
    let position = pane.position(geometry.details_shown);
    geometry.tabs = draw_tabs(app, theme, tabs, buf, position.as_deref());
}

/// What the pane says where there is no text to show, and whether that is an error.
fn instead(app: &App) -> Option<(String, bool)> {
    let details = &app.details;
    if let Some(error) = &details.error {
        return Some((escape(error.as_bytes()).into_owned(), true));
    }
    let Some(wanted) = details.wanted else { return Some((String::new(), false)) };
    match &details.text {
        Some((row, _)) if *row == wanted => {}
        _ => return Some(("…".to_owned(), false)),
    }
    details.lines.is_empty().then(|| {
        let what = match details.tab {
            Tab::Body | Tab::Parts => "this message has no body",
            _ => "nothing",
        };
        (what.to_owned(), false)
    })
}

/// The vertical line beside the list.
fn edge(app: &App, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let style = border_style(app, theme);
    for y in 0..area.height {
        Pen::new(buf, area, y).put(if y == 0 { "┬" } else { "│" }, style);
    }
}

fn border_style(app: &App, theme: &Theme) -> Style {
    if app.focus == Focus::Details { theme.accent() } else { theme.dim() }
}

/// The row of tabs, and how far the text is scrolled; gives back where each tab is.
fn draw_tabs(
    app: &App,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
    position: Option<&str>,
) -> Vec<(Tab, Area)> {
    let border = border_style(app, theme);
    Pen::new(buf, area, 0).fill("─", border);
    let mut pen = Pen::new(buf, area, 0);
    let needed: usize = Tab::ALL.iter().map(|t| width(&title(app, *t)) + 3).sum();
    if let Some(position) = position.filter(|p| pen.room() > needed + width(p) + 4) {
        pen.put_at_end("─", 0, border);
        pen.put_at_end(&format!(" {position} "), 0, Style::reset().patch(theme.dim()));
    }
    let mut places = Vec::with_capacity(Tab::ALL.len());
    for tab in Tab::ALL {
        pen.put("─", border);
        let start = pen.x;
        let style = match (tab == app.details.tab, app.focus) {
            (true, Focus::Details) => theme.selected(),
            (true, Focus::List) => theme.strong().add_modifier(Modifier::UNDERLINED),
            (false, _) => Style::new(),
        };
        // The cells may carry the border's style: each tab sets its own anew.
        pen.put(&format!(" {} ", title(app, tab)), Style::reset().patch(style));
        places.push((tab, Area { x: start, y: area.y, width: pen.x - start, height: 1 }));
    }
    places
}

/// What is written on a tab: its name, and what it holds where that is known.
fn title(app: &App, tab: Tab) -> String {
    let details = &app.details;
    match tab {
        Tab::Body if !details.body_kind.is_empty() => {
            format!("{} ({})", tab.title(), pen::fit(&escape(details.body_kind.as_bytes()), 20))
        }
        Tab::Parts if details.parts.len() > 1 => {
            format!("{} {}", tab.title(), grouped(details.parts.len() as u64))
        }
        _ => tab.title().to_owned(),
    }
}

/// The tree of parts at the top of the text, with a line below it.
fn parts(app: &App, theme: &Theme, text: &mut Rect, buf: &mut Buffer, geometry: &mut Geometry) {
    let details = &app.details;
    let rows = u16::try_from(details.parts.len()).unwrap_or(u16::MAX).min(text.height / 2);
    let area = take_top(text, rows);
    let line = take_top(text, u16::from(text.height > 1));
    Pen::new(buf, line, 0).fill("┄", theme.dim());
    // The selected part is always in sight.
    let first = (details.part + 1).saturating_sub(usize::from(rows));
    geometry.parts = pen::area(area);
    geometry.parts_top = first;
    for (y, (number, part)) in
        details.parts.iter().enumerate().skip(first).take(usize::from(rows)).enumerate()
    {
        let mut pen = Pen::new(buf, area, y as u16);
        let selected = number == details.part;
        pen.put(if selected { "▸" } else { " " }, theme.mark());
        pen.skip(2 * part.depth);
        for span in &part.title {
            pen.put(&span.text, theme.role(span.role));
        }
        if selected {
            let style = if app.focus == Focus::Details { theme.selected() } else { theme.strong() };
            pen::paint(buf, Rect { y: area.y + y as u16, height: 1, ..area }, style);
        }
    }
}

/// The lines, broken to the width of their area.
struct Pane<'a> {
    lines: &'a [Line],
    style: wrap::Style,
    width: usize,
    height: usize,
    top: usize,
    /// The last line that may stand at the top: from there the text fills the pane to its end.
    last_top: usize,
}

impl<'a> Pane<'a> {
    fn of(app: &'a App, area: Rect) -> Self {
        let details = &app.details;
        let style = match details.tab {
            Tab::Raw => wrap::Style::Hard,
            Tab::Body | Tab::Parts if !details.look.pretty => wrap::Style::Hard,
            _ => wrap::Style::Soft,
        };
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let mut pane = Self { lines: &details.lines, style, width, height, top: 0, last_top: 0 };
        pane.last_top = pane.last_top();
        pane.top = details.top.min(pane.last_top);
        pane
    }

    /// Goes back from the end until the pane is full.
    fn last_top(&self) -> usize {
        let mut room = self.height;
        for (number, line) in self.lines.iter().enumerate().rev() {
            let rows = self.wrap(line, room + 1).rows.len();
            if rows > room {
                return (number + 1).min(self.lines.len().saturating_sub(1));
            }
            room -= rows;
        }
        0
    }

    fn wrap(&self, line: &'a Line, most: usize) -> Wrapped<'a> {
        Wrapped::new(line, self.width, self.style_of(line), most)
    }

    /// Headings are ours: among exact text they are still broken as text to be read.
    fn style_of(&self, line: &Line) -> wrap::Style {
        let heading = line.spans.first().is_some_and(|s| s.role == Role::Heading);
        if heading { wrap::Style::Soft } else { self.style }
    }

    /// Draws from the top line on; how many lines are visible, whole.
    fn draw(&self, app: &App, theme: &Theme, area: Rect, buf: &mut Buffer) -> usize {
        let mut y = 0;
        let mut whole = 0;
        for line in &self.lines[self.top.min(self.lines.len())..] {
            if y >= self.height {
                break;
            }
            let wrapped = self.wrap(line, self.height - y + 1);
            let matches = app.filter.filter.highlights(line.text().as_bytes());
            for (number, row) in wrapped.rows.iter().enumerate().take(self.height - y) {
                let mut pen = Pen::new(buf, area, (y + number) as u16);
                if number > 0 && wrapped.indent > 0 {
                    let sign = if self.style_of(line) == wrap::Style::Hard { "↳" } else { "" };
                    pen.column(sign, wrapped.indent, theme.dim());
                }
                for (role, start, text) in wrapped.pieces(row) {
                    highlighted(&mut pen, (start, text), &matches, theme.role(role));
                }
            }
            y += wrapped.rows.len();
            whole += usize::from(y <= self.height);
        }
        whole.max(1)
    }

    /// `21–40 of 57`, where not all is visible.
    fn position(&self, shown: usize) -> Option<String> {
        let len = self.lines.len();
        (shown < len).then(|| {
            let last = (self.top + shown).min(len);
            format!("{}–{} of {}", grouped(self.top as u64 + 1), grouped(last as u64), grouped(len as u64))
        })
    }
}

/// Writes a piece of a line that begins at `start` of the line's text; what the filter matched is
/// underlined and reversed.
fn highlighted(
    pen: &mut Pen<'_>,
    (start, text): (usize, &str),
    matches: &[std::ops::Range<usize>],
    style: Style,
) {
    let mut at = 0;
    for found in matches {
        let from = found.start.saturating_sub(start).clamp(at, text.len());
        let to = found.end.saturating_sub(start).clamp(from, text.len());
        // A regex may match within a character where bytes are searched: then nothing is marked.
        let (Some(before), Some(within)) = (text.get(at..from), text.get(from..to)) else { continue };
        pen.put(before, style);
        pen.put(within, style.add_modifier(Modifier::REVERSED));
        at = to;
    }
    pen.put(text.get(at..).unwrap_or_default(), style);
}
