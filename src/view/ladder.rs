//! The ladder of a call.
//!
//! ```text
//!        198.51.100.9:5060             internal
//! 06:00:00.019608 ├─── INVITE (SDP PCMU) ───▶│  ! no answer
//!     +0.003 095  │◀────── 100 Trying ───────┤
//!                 ┊          7.5 s           ┊
//! 06:00:07.521004 │◀──────── 200 OK ─────────┤
//! ```
//!
//! Must not know: how the arrows came about, where on a line things stand.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{App, Area, Focus, LadderScreen, TimeFormat};
use crate::ladder::{Arrow, Canvas, Cell, Ink, Layout, Line, Mark, Times};

use super::Theme;

/// Draws the columns' titles and the arrows in sight. Gives back where the lines of the arrows are;
/// which arrow is on which line, [`LadderScreen::window`] tells.
pub(super) fn draw(app: &App, ladder: &LadderScreen, area: Rect, buf: &mut Buffer, theme: &Theme) -> Area {
    let area = area.intersection(buf.area);
    let layout = Layout::of(&ladder.ladder, usize::from(area.width), usize::from(ladder.left));
    if area.height > 0 {
        let mut header = Canvas::new(layout.width());
        layout.header(&ladder.ladder, &mut header);
        let style = |cell: &Cell<'_>| if cell.ink == Ink::OurTitle { theme.accent() } else { theme.strong() };
        blit(&header, Rect { height: 1, ..area }, buf, style);
    }
    let rows = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
    for (y, line) in (rows.y..rows.bottom()).zip(ladder.window(usize::from(rows.height))) {
        let Some(arrow) = ladder.ladder.arrows.get(line.arrow()) else { break };
        let row = Rect { y, height: 1, ..rows };
        match line {
            Line::Gap(_) => draw_gap(&layout, arrow, row, buf, theme),
            Line::Arrow(number) => {
                let times = times(app.time, number == ladder.scroll.selected);
                draw_arrow(&Drawing { app, ladder, layout: &layout, theme, times }, arrow, row, buf);
                if number == ladder.scroll.selected {
                    buf.set_style(row, selected_style(app, theme));
                }
            }
        }
    }
    Area { x: rows.x, y: rows.y, width: rows.width, height: rows.height }
}

/// What every line needs.
struct Drawing<'a> {
    app: &'a App,
    ladder: &'a LadderScreen,
    layout: &'a Layout,
    theme: &'a Theme,
    times: Times,
}

/// The selected arrow tells its time of day where the others tell the time between them.
const fn times(format: TimeFormat, selected: bool) -> Times {
    match format {
        TimeFormat::OfDay if selected => Times::OfDay,
        TimeFormat::OfDay => Times::Mixed,
        TimeFormat::SinceFirst => Times::SinceFirst,
        TimeFormat::SincePrevious | TimeFormat::InCall => Times::SincePrevious,
    }
}

fn selected_style(app: &App, theme: &Theme) -> Style {
    match app.focus {
        Focus::List => theme.selected(),
        Focus::Details => theme.strong(),
    }
}

fn draw_arrow(drawing: &Drawing<'_>, arrow: &Arrow, row: Rect, buf: &mut Buffer) {
    let Drawing { app, ladder, layout, theme, times } = drawing;
    let note = ladder.notes.get(&arrow.row).map(String::as_str);
    let texts = layout.texts(&ladder.ladder, arrow, note, *times);
    let mut canvas = Canvas::new(layout.width());
    layout.arrow(arrow, &texts, &mut canvas);
    let message = message_style(app, arrow, theme);
    blit(&canvas, row, buf, |cell| match cell.ink {
        Ink::Label | Ink::Shaft => message,
        Ink::Remark => theme.error(),
        Ink::OurLifeline => theme.accent(),
        Ink::Time if arrow.gap => Style::new(),
        _ => theme.dim(),
    });
}

fn draw_gap(layout: &Layout, arrow: &Arrow, row: Rect, buf: &mut Buffer, theme: &Theme) {
    let pause = arrow.pause();
    let mut canvas = Canvas::new(layout.width());
    layout.gap(&pause, &mut canvas);
    blit(&canvas, row, buf, |_| theme.dim());
}

/// The colour of the message's method or status; a challenge that was met is no failure.
fn message_style(app: &App, arrow: &Arrow, theme: &Theme) -> Style {
    let Some(message) = app.snapshot.row(arrow.row) else { return Style::new() };
    if arrow.marks.iter().any(|mark| matches!(mark, Mark::NoResponse | Mark::Failed)) {
        theme.error()
    } else if arrow.status == 0 {
        theme.method(message.method())
    } else {
        theme.status(arrow.status)
    }
}

/// Puts the cells of a line on the screen.
fn blit(canvas: &Canvas<'_>, row: Rect, buf: &mut Buffer, style: impl Fn(&Cell<'_>) -> Style) {
    for (x, cell) in (row.x..row.right()).zip(canvas.cells()) {
        if let Some(on_screen) = buf.cell_mut((x, row.y)) {
            // The right half of a wide character belongs to its left half.
            if cell.text.is_empty() {
                on_screen.reset();
            } else {
                on_screen.set_symbol(cell.text);
            }
            if cell.ink != Ink::Blank {
                on_screen.set_style(style(cell));
            }
        }
    }
}
