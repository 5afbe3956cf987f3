//! Pure drawing of the browser's state.
//!
//! ```text
//!  sofiatui  internal.dump +2       406,828 messages ▕██████████▏ 100%  skipped 0 B    title
//!  esinet.dump: permission denied (+1 more)                                            banner
//!  / -method:options from:1583                        1,204 of 406,828  12 ms          filter_line
//!    # time            peer               message       from      to                   list
//! ▸  1 06:00:00.019608 → udp 198.51.100.9:5060 INVITE (SDP) …                            columns: which
//! ▎  2 06:00:00.022703 ← udp 198.51.100.9:5060 100 Trying   …                            label: what they say
//! ─ Headers ─ Body (SDP) ─ Parts 2 ─ Raw ──────────────────────── 1–9 of 17 ─          details
//!  INVITE sip:1688@pbx.example SIP/2.0                                                   wrap: long lines
//!  From      "+15553940441" <sip:+15553940441@203.0.113.5>;tag=79fbe33b24
//!  d ladder  / filter  y copy  Tab panes  z zoom  t time  ? help  q quit               footer
//! ```
//!
//! From 140 columns on the details stand at the right; the ladder takes the list's place, the help
//! that of everything between title and footer. A drawing touches only what is visible, and gives
//! back where it put things. Where profiles are picked, `picker` draws the whole screen.
//!
//! Must not know: the terminal, the loader, how the state came about.

mod columns;
mod details;
mod figures;
mod filter_line;
mod footer;
mod help;
mod label;
mod ladder;
mod layout;
mod list;
mod pen;
mod picker;
mod span;
mod theme;
mod title;
mod wrap;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{App, Geometry, LadderScreen, Screen};

use layout::{Layout, SMALLEST, take_top};
use pen::Pen;

pub use theme::Theme;

/// Draws the state; gives back where things are.
pub fn draw(app: &App, theme: &Theme, frame: &mut Frame<'_>) -> Geometry {
    let screen = frame.area();
    let mut geometry = Geometry { screen: pen::area(screen), ..Geometry::default() };
    if screen.width < SMALLEST.0 || screen.height < SMALLEST.1 {
        ask_for_room(screen, theme, frame.buffer_mut());
        return geometry;
    }
    if let Screen::Picker(picker) = &app.screen {
        picker::draw(app, picker, theme, frame, &mut geometry);
        return geometry;
    }
    let layout = Layout::of(app, screen);
    title::draw(app, theme, layout.title, frame.buffer_mut());
    title::banner(&app.snapshot.progress.errors, theme, layout.banner, frame.buffer_mut());
    footer::draw(app, theme, layout.footer, frame.buffer_mut());
    match (app.help, &app.screen) {
        (Some(top), _) => {
            let between = Rect { height: layout.footer.y - layout.filter.y, ..layout.filter };
            draw_help((app, top), theme, between, frame.buffer_mut(), &mut geometry);
        }
        (None, Screen::Messages | Screen::Picker(_)) => messages(app, theme, &layout, frame, &mut geometry),
        (None, Screen::Ladder(ladder)) => {
            let buf = frame.buffer_mut();
            call_line(app, ladder, theme, layout.filter, buf);
            if !layout.list.is_empty() {
                geometry.ladder = ladder::draw(app, ladder, layout.list, buf, theme);
            }
            details::draw(app, theme, &layout, buf, &mut geometry);
        }
    }
    geometry
}

fn messages(app: &App, theme: &Theme, layout: &Layout, frame: &mut Frame<'_>, geometry: &mut Geometry) {
    geometry.filter = pen::area(layout.filter);
    let buf = frame.buffer_mut();
    let cursor = filter_line::draw(app, theme, layout.filter, buf);
    if !layout.list.is_empty() {
        geometry.list = list::draw(app, theme, layout.list, buf);
    }
    details::draw(app, theme, layout, buf, geometry);
    let below = Rect { y: layout.filter.bottom(), height: 1, ..layout.filter };
    filter_line::draw_below(app, theme, below, buf);
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

/// On the ladder the filter is not in force: its line tells whose ladder it is.
fn call_line(app: &App, ladder: &LadderScreen, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut pen = Pen::new(buf, area, 0);
    let count = app.snapshot.call(ladder.call).map_or(0, |call| u64::from(call.count));
    let counted = figures::counted(count, "message");
    pen.skip(1);
    pen.put_at_end(&format!("{counted} "), 2, theme.dim());
    pen.put("Call-ID ", theme.role(crate::app::paper::Role::Label));
    pen.put(&label::text(app.snapshot.call_id(ladder.call)), theme.strong());
}

/// Draws the help from one of its lines on.
fn draw_help(
    (app, top): (&App, usize),
    theme: &Theme,
    mut area: Rect,
    buf: &mut Buffer,
    geometry: &mut Geometry,
) {
    let mut pen = Pen::new(buf, take_top(&mut area, 1), 0);
    pen.put("─ Help ", theme.accent());
    pen.fill("─", theme.accent());
    geometry.help = pen::area(area);
    geometry.help_lines = help::draw(app, theme, top, area, buf);
}

fn ask_for_room(screen: Rect, theme: &Theme, buf: &mut Buffer) {
    let (width, height) = SMALLEST;
    Pen::new(buf, screen, 0).put("more room, please:", theme.strong());
    Pen::new(buf, screen, 1).put(&format!("{width}x{height} at least"), theme.dim());
}
