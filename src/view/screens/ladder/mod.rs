//! The ladder of a Call-ID: what is said above it, arrows, details.
//!
//! ```text
//!        198.51.100.9:5060             internal
//! 06:00:00.019608 ├─── INVITE (SDP PCMU) ───▶│  ! no answer
//!     +0.003 095  │◀────── 100 Trying ───────┤
//!                 ┊          7.5 s           ┊
//! 06:00:07.521004 │◀──────── 200 OK ─────────┤
//! ```
//!
//! Must not know: how the arrows came about, where things are on a line.

mod head;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{App, Focus, LadderScreen, Target, TimeFormat};
use crate::ladder::{Arrow, Canvas, Cell, Ink, Layout, Line, Mark, Times};
use crate::style::Role;
use crate::view::details;
use crate::view::layout::{Split, take_top};
use crate::view::parts::Surface;

use super::ScreenView;

impl ScreenView for LadderScreen {
    fn body(&self, app: &App, area: Rect, surface: &mut Surface<'_>) {
        let mut body = area;
        let head = head::Lines::of(self, app, area);
        let lines = take_top(&mut body, head.height());
        surface.target(Target::Panes, body);
        let split = Split::of(self.panes, app.prefs.split, body);
        head.draw(lines, surface);
        if !split.list.is_empty() {
            draw(self, app, split.list, surface);
        }
        details::draw((app, self.panes, &crate::filter::Filter::all()), &split, surface);
    }

    fn signs(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("!", "finding: what is wrong with the message"),
            ("×3", "sent three times"),
            ("✎", "a note: N changes it"),
        ]
    }
}

/// Draws the headings of the columns and the visible arrows.
fn draw(screen: &LadderScreen, app: &App, area: Rect, surface: &mut Surface<'_>) {
    let mut rows = area.intersection(surface.buf.area);
    let layout = Layout::of(&screen.ladder, usize::from(rows.width), usize::from(screen.left));
    let line = take_top(&mut rows, 1);
    let mut header = Canvas::new(layout.width());
    layout.header(&mut header);
    blit(&header, line, surface, |cell| match cell.ink {
        Ink::OurTitle => Role::Accent,
        Ink::LegName(leg) => Role::LegName(leg),
        _ => Role::Strong,
    });
    surface.target(Target::Rows, rows);
    for (y, line) in (rows.y..rows.bottom()).zip(screen.window(usize::from(rows.height))) {
        let Some(arrow) = screen.ladder.arrows.get(line.arrow()) else { break };
        let row = Rect { y, height: 1, ..rows };
        surface.target(Target::Row(line.arrow()), row);
        match line {
            Line::Gap(number) => draw_gap(&layout, &screen.ladder.pause(number), row, surface),
            Line::Blank(_) => draw_gap(&layout, "", row, surface),
            Line::Arrow(number) => {
                let selected = number == screen.list.selected;
                let times = times(app.session.time, selected);
                draw_arrow(&Drawing { app, screen, layout: &layout, times }, arrow, row, surface);
                if selected {
                    let is_focused = screen.panes.focus == Focus::List;
                    surface.paint(row, if is_focused { Role::Selected } else { Role::Strong });
                    if is_focused {
                        surface.cursor(row.x, row.y);
                    }
                }
            }
        }
    }
}

/// What every line needs.
struct Drawing<'a> {
    app: &'a App,
    screen: &'a LadderScreen,
    layout: &'a Layout,
    times: Times,
}

/// The selected arrow shows its time of day where the others show the time between them.
const fn times(format: TimeFormat, selected: bool) -> Times {
    match format {
        TimeFormat::OfDay if selected => Times::OfDay,
        TimeFormat::OfDay => Times::Mixed,
        TimeFormat::SinceFirst => Times::SinceFirst,
        TimeFormat::SincePrevious | TimeFormat::InCall => Times::SincePrevious,
    }
}

fn draw_arrow(drawing: &Drawing<'_>, arrow: &Arrow, row: Rect, surface: &mut Surface<'_>) {
    let Drawing { app, screen, layout, times } = drawing;
    let note = screen.notes.get(&arrow.row).map(String::as_str);
    let texts = layout.texts(&screen.ladder, arrow, note, *times);
    let mut canvas = Canvas::new(layout.width());
    layout.arrow(arrow, &texts, &mut canvas);
    let message = message_role(app, arrow);
    blit(&canvas, row, surface, |cell| match cell.ink {
        Ink::Label | Ink::Shaft => message,
        Ink::Remark if arrow.marks.is_empty() => Role::Done,
        Ink::Remark => Role::Error,
        Ink::OurLifeline => Role::Accent,
        Ink::LegLifeline(leg) => Role::LegLine(leg),
        Ink::LegName(leg) => Role::LegName(leg),
        Ink::Time if arrow.gap => Role::Plain,
        _ => Role::Dim,
    });
}

fn draw_gap(layout: &Layout, pause: &str, row: Rect, surface: &mut Surface<'_>) {
    let mut canvas = Canvas::new(layout.width());
    layout.gap(pause, &mut canvas);
    blit(&canvas, row, surface, |cell| match cell.ink {
        Ink::OurLifeline => Role::Accent,
        Ink::LegLifeline(leg) => Role::LegLine(leg),
        _ => Role::Dim,
    });
}

/// The role of the message's method or status code.
fn message_role(app: &App, arrow: &Arrow) -> Role {
    let Some(message) = app.session.snapshot.row(arrow.row) else { return Role::Plain };
    if arrow.marks.iter().any(|mark| matches!(mark, Mark::NoResponse | Mark::Failed)) {
        Role::Error
    } else if arrow.status == 0 {
        Role::of_method(message.method())
    } else {
        Role::of_status(arrow.status)
    }
}

/// Puts the cells of a line on the screen.
fn blit(canvas: &Canvas<'_>, row: Rect, surface: &mut Surface<'_>, role: impl Fn(&Cell<'_>) -> Role) {
    for (x, cell) in (row.x..row.right()).zip(canvas.cells()) {
        let style = if cell.ink == Ink::Blank { Style::new() } else { surface.style(role(cell)) };
        if let Some(on_screen) = surface.buf.cell_mut((x, row.y)) {
            // The right half of a wide character belongs to its left half.
            if cell.text.is_empty() {
                on_screen.reset();
            } else {
                on_screen.set_symbol(cell.text);
            }
            on_screen.set_style(style);
        }
    }
}
