//! The details pane: tabs, the tree of parts, the lines.
//!
//! The tabs are not ratatui's `Tabs`: that one does not say where it drew each tab, which clicks need, and dims none.
//!
//! Must not know: how lines are made, which message is selected.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::details::search::in_line;
use crate::app::details::{Link, Matches, PageSearch, Wrap};
use crate::app::parts::{Panes, TextExtent};
use crate::app::privacy::Privacy;
use crate::app::styled_text::Line;
use crate::app::{App, Details, Focus, Tab, Target};
use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::base::{Direction, time_of_day};
use crate::filter::{Filter, PlainText};
use crate::ladder::address_of;
use crate::style::Role;

use super::layout::{Split, take_bottom, take_top};
use super::part_tree;
use super::parts::cell_writer::{CellWriter, fit, width};
use super::parts::line_view::LineView;
use super::parts::wrap::{self, Wrapped};
use super::parts::{Surface, mask};

/// In fewer rows the text needs the room of the line that names the message.
const LEAST_FOR_HEAD: u16 = 3;

/// What the pane is drawn from: the state, the panes of the screen, the filter whose matches are highlighted.
type Source<'a> = (&'a App, Panes, &'a Filter);

/// Draws the pane and the border between it and the list.
pub(super) fn draw(source: Source<'_>, split: &Split, surface: &mut Surface<'_>) {
    let mut area = split.details;
    if area.is_empty() {
        return;
    }
    surface.target(Target::Border, split.border);
    if split.border.height > 1 {
        border(source.1, split.border, surface);
    }
    let is_open = source.1.zoomed && source.1.focus == Focus::Details;
    if is_open && area.height >= LEAST_FOR_HEAD {
        draw_head(source.0, take_top(&mut area, 1), surface);
    }
    let tabs = take_top(&mut area, 1);
    // A blank before the text separates it from the border.
    let mut text = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    surface.target(Target::Details, text);
    let details = &source.0.session.details;
    if let Some((message, role)) = instead(details) {
        draw_tabs(source, tabs, None, surface);
        surface.row(text, 0).put(&message, role);
        return;
    }
    note_line(source.0, &mut text, surface);
    if details.tab == Tab::Parts && details.parts.len() > 1 {
        part_tree::draw(details, source.1.focus, &mut text, surface);
    }
    search_line(details, &mut text, surface);
    let pane = Pane::of(source.0, text);
    let shown = pane.draw(source.2, text, surface);
    let (columns, last_left) = (pane.width, pane.last_left(shown));
    surface.targets.details = TextExtent { shown, last_top: pane.last_top, columns, last_left };
    let position =
        [within(details), pane.position(shown)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    draw_tabs(source, tabs, Some(position.as_str()).filter(|p| !p.is_empty()), surface);
    if source.1.focus == Focus::Details {
        surface.cursor(text.x, text.y + pane.row_of_field());
    }
}

/// Which message is shown full screen: its number, time, direction and peer.
fn draw_head(app: &App, area: Rect, surface: &mut Surface<'_>) {
    let wanted = app.session.details.wanted;
    let Some(message) = wanted.and_then(|index| app.session.snapshot.row(index)) else { return };
    let way = if message.row.direction() == Direction::Sent { "sent to" } else { "received from" };
    let time = time_of_day(message.row.time);
    let mut row = surface.row(area, 0);
    row.put(&format!(" message {}", grouped(u64::from(message.index) + 1)), Role::Strong);
    row.put(&format!("  {time}  {way} "), Role::Plain);
    row.put(&address_of(&message), Role::Host);
    row.put(&format!("  {}", escape(message.what())), Role::Plain);
}

/// What the user wrote on the message, above its text.
fn note_line(app: &App, text: &mut Rect, surface: &mut Surface<'_>) {
    let note = app.session.details.wanted.and_then(|message| app.session.notes.get(message));
    if let Some(note) = note.filter(|_| text.height > 1) {
        let line = take_top(text, 1);
        surface.row(line, 0).put(&format!("✎ {}", escape(note.as_bytes())), Role::Done);
    }
}

/// What is searched for, on the last row, with the caret while it is typed.
fn search_line(details: &Details, text: &mut Rect, surface: &mut Surface<'_>) {
    let Some(search) = details.search.as_ref().filter(|search| search.editing || text.height > 1) else {
        return;
    };
    let area = take_bottom(text);
    let mut row = surface.row(area, 0);
    row.put("/ ", if search.editing { Role::Accent } else { Role::Dim });
    let none = search.matches.as_ref().is_some_and(Matches::is_empty);
    row.put_at_end(&search.position(), 2, if none { Role::Error } else { Role::Accent });
    let view = LineView::of(&search.edit, row.room());
    let start = row.x;
    row.put(&view.text, if search.editing { Role::Strong } else { Role::Plain });
    if search.editing {
        surface.cursor((start + view.cursor).min(area.right().saturating_sub(1)), area.y);
    }
}

/// Where the shown message is, if it is one within another.
fn within(details: &Details) -> Option<String> {
    details.within_part().map(|part| format!("in part {part}, Esc back"))
}

/// What the pane says if there is no text to show.
fn instead(details: &Details) -> Option<(String, Role)> {
    if let Some(error) = &details.error {
        return Some((escape(error.as_bytes()).into_owned(), Role::Error));
    }
    if details.wanted.is_none() {
        return Some((String::new(), Role::Dim));
    }
    if details.current_text().is_none() {
        return Some(("…".to_owned(), Role::Dim));
    }
    let what = match details.tab {
        Tab::Body | Tab::Parts => "this message has no body",
        _ => "nothing",
    };
    details.lines.is_empty().then(|| (what.to_owned(), Role::Dim))
}

/// The vertical line beside the list.
fn border(panes: Panes, area: Rect, surface: &mut Surface<'_>) {
    for y in 0..area.height {
        surface.row(area, y).put(if y == 0 { "┬" } else { "│" }, border_role(panes));
    }
}

fn border_role(panes: Panes) -> Role {
    if panes.focus == Focus::Details { Role::Accent } else { Role::Dim }
}

/// The row of tabs, and how far the text is scrolled.
fn draw_tabs((app, panes, _): Source<'_>, area: Rect, position: Option<&str>, surface: &mut Surface<'_>) {
    let border = border_role(panes);
    let details = &app.session.details;
    surface.row(area, 0).fill("─", border);
    let mut row = surface.row(area, 0);
    let needed: usize = Tab::ALL.iter().map(|t| width(&title(details, *t)) + 3).sum();
    if let Some(position) = position.filter(|p| row.room() > needed + width(p) + 4) {
        row.put_at_end("─", 0, border);
        row.put_at_end(&format!(" {position} "), 0, Role::Plain);
    }
    let mut places = Vec::with_capacity(Tab::ALL.len());
    for tab in Tab::ALL {
        row.put("─", border);
        let start = row.x;
        let room = row.room();
        row.put_styled(&format!(" {} ", title(details, tab)), room, tab_style(details, tab, panes, &row));
        places.push((tab, Rect { x: start, width: row.x - start, height: 1, ..area }));
    }
    for (tab, area) in places {
        surface.target(Target::Tab(tab), area);
    }
}

/// The chosen tab stands out, a tab with nothing to show is dim.
fn tab_style(details: &Details, tab: Tab, panes: Panes, row: &CellWriter<'_>) -> Style {
    let style = match (tab == details.tab, panes.focus) {
        (true, Focus::Details) => row.style(Role::Selected),
        (true, Focus::List) => row.style(Role::Strong).add_modifier(Modifier::UNDERLINED),
        (false, _) if details.is_empty(tab) => row.style(Role::Dim),
        (false, _) => Style::new(),
    };
    // The cells have the style of the border.
    Style::reset().patch(style)
}

/// What is written on a tab: its name, and what it holds if that is known.
fn title(details: &Details, tab: Tab) -> String {
    match tab {
        Tab::Body if !details.body_kind.is_empty() => {
            format!("{} ({})", tab.title(), fit(&escape(details.body_kind.as_bytes()), 20))
        }
        Tab::Parts if details.parts.len() > 1 => {
            format!("{} ({})", tab.title(), grouped(details.parts.len() as u64))
        }
        _ => tab.title().to_owned(),
    }
}

/// The lines, broken to the width of their area.
struct Pane<'a> {
    lines: &'a [Line],
    privacy: &'a Privacy,
    links: &'a [Link],
    search: Option<&'a PageSearch>,
    style: wrap::Style,
    width: usize,
    height: usize,
    top: usize,
    /// The first visible cell where lines are not broken.
    left: Option<usize>,
    /// The last line that may be at the top: from there the text fills the pane to its end.
    last_top: usize,
    /// The line that is selected for the filter.
    field: Option<usize>,
}

impl<'a> Pane<'a> {
    fn of(app: &'a App, area: Rect) -> Self {
        let details = &app.session.details;
        let style = match details.tab {
            Tab::Raw => wrap::Style::Hard,
            Tab::Body | Tab::Parts if !details.look.pretty => wrap::Style::Hard,
            _ => wrap::Style::Soft,
        };
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let mut pane = Self {
            lines: &details.lines,
            privacy: &app.session.privacy,
            links: &details.links,
            search: details.search.as_ref().filter(|search| !search.edit.text().is_empty()),
            style,
            width,
            height,
            top: 0,
            left: (details.wrap == Wrap::Sideways).then_some(details.view.left),
            last_top: 0,
            field: details.field(),
        };
        pane.last_top = pane.last_top();
        pane.top = details.view.top.min(pane.last_top);
        pane
    }

    /// Goes back from the end until the pane is full.
    fn last_top(&self) -> usize {
        if self.left.is_some() {
            return self.lines.len().saturating_sub(self.height);
        }
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

    /// How far the visible lines can be scrolled to the right.
    fn last_left(&self, shown: usize) -> usize {
        if self.left.is_none() {
            return 0;
        }
        let visible = self.lines.iter().skip(self.top).take(shown);
        visible.map(|line| width(&line.whole())).max().unwrap_or(0).saturating_sub(self.width)
    }

    fn wrap<'l>(&self, line: &'l Line, most: usize) -> Wrapped<'l> {
        if let Some(left) = self.left {
            return Wrapped::cut(line, left, self.width).0;
        }
        Wrapped::new(line, self.width, self.style_of(line), most)
    }

    /// Headings are not a part of the exact text around them.
    fn style_of(&self, line: &Line) -> wrap::Style {
        let heading = line.spans.first().is_some_and(|s| s.role == Role::Heading);
        if heading { wrap::Style::Soft } else { self.style }
    }

    /// Draws from the top line on; how many lines are completely visible.
    fn draw(&self, filter: &Filter, area: Rect, surface: &mut Surface<'_>) -> usize {
        let mut y = 0;
        let mut whole = 0;
        let searched = self.search.map(|search| (search.text(), search.selected()));
        for (at, line) in self.lines.iter().enumerate().skip(self.top) {
            if y >= self.height {
                break;
            }
            let line = &*mask::line(line, self.privacy);
            let wrapped = self.wrap(line, self.height - y + 1);
            let mut matches = filter.highlights(line.text().as_bytes());
            let mut selected = None;
            if let Some((text, place)) = &searched {
                (matches, selected) = self.searched_in(at, text, *place);
            }
            for (number, row) in wrapped.rows.iter().enumerate().take(self.height - y) {
                let mut out = surface.row(area, (y + number) as u16);
                if number > 0 && wrapped.indent > 0 {
                    let sign = if self.style_of(line) == wrap::Style::Hard { "↳" } else { "" };
                    out.column(sign, wrapped.indent, Role::Dim);
                }
                for (role, start, text) in wrapped.pieces(row) {
                    highlighted(&mut out, (start, text), (&matches, selected), role);
                }
            }
            if let Some(left) = self.left {
                more_signs(Wrapped::cut(line, left, self.width).1, surface.row(area, y as u16));
            }
            if let Some(link) = self.link(at) {
                let rows = wrapped.rows.len().min(self.height - y) as u16;
                surface.target(Target::Link(link.part), Rect { y: area.y + y as u16, height: rows, ..area });
            }
            if self.field == Some(at) {
                let rows = wrapped.rows.len().min(self.height - y) as u16;
                surface.paint(Rect { y: area.y + y as u16, height: rows, ..area }, Role::Selected);
            }
            y += wrapped.rows.len();
            whole += usize::from(y <= self.height);
        }
        whole.max(1)
    }

    /// Where a line contains what is searched for, and which of these matches is selected.
    fn searched_in(
        &self,
        line: usize,
        text: &PlainText,
        place: Option<(usize, usize)>,
    ) -> (Vec<Range<usize>>, Option<usize>) {
        let (matches, begins_before) = in_line(self.lines, line, text);
        let selected = place.filter(|(selected, _)| *selected == line);
        (matches, selected.map(|(_, number)| number + usize::from(begins_before)))
    }

    /// The row of the selected line, from the top of the pane; else 0.
    fn row_of_field(&self) -> u16 {
        let Some(field) = self.field.filter(|field| *field >= self.top) else { return 0 };
        let before = self.lines.iter().take(field).skip(self.top).take(self.height);
        let rows: usize = before.map(|line| self.wrap(line, self.height).rows.len()).sum();
        if rows < self.height { rows as u16 } else { 0 }
    }

    /// The first reference of a line. They are in the order of their lines.
    fn link(&self, line: usize) -> Option<&Link> {
        let first = self.links.partition_point(|link| link.line < line);
        self.links.get(first).filter(|link| link.line == line)
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

/// Signs at the edges of a row that something is before and after it.
fn more_signs([before, after]: [bool; 2], mut row: CellWriter<'_>) {
    if before {
        row.put("‹", Role::Accent);
    }
    if after {
        row.skip(row.room().saturating_sub(1));
        row.put("›", Role::Accent);
    }
}

/// Writes a part of a line that begins at `start` of the line's text; what the filter or the search matched is
/// reversed, the selected match in the style of a selected row.
fn highlighted(
    out: &mut CellWriter<'_>,
    (start, text): (usize, &str),
    (matches, selected): (&[Range<usize>], Option<usize>),
    role: Role,
) {
    let mut at = 0;
    for (number, found) in matches.iter().enumerate() {
        let from = found.start.saturating_sub(start).clamp(at, text.len());
        let to = found.end.saturating_sub(start).clamp(from, text.len());
        // A regex may match within a character where bytes are searched: then nothing is marked.
        let (Some(before), Some(within)) = (text.get(at..from), text.get(from..to)) else { continue };
        out.put(before, role);
        let room = out.room();
        let style = match selected {
            Some(selected) if selected == number => {
                out.style(Role::Selected).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
            }
            _ => out.style(role).add_modifier(Modifier::REVERSED),
        };
        out.put_styled(within, room, style);
        at = to;
    }
    out.put(text.get(at..).unwrap_or_default(), role);
}
