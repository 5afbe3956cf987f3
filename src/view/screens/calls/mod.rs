//! The calls: filter line, list, what happened to the selected one.
//!
//! ```text
//!  sofiatui  internal.dump +2                     16 calls, 5 failed, 1 up
//!  / state:failed or state:busy
//!    # from     to            state        start        ring   why
//!  ▸ 7 1013     93025550126   busy         05:53:48.014 1.0 s  busy: 192.0.2.21 answered 486 Busy Here
//!  ─ Call 7 ─────────────────────────────────────────────────────────
//!  busy: 192.0.2.21 answered 486 Busy Here after 1.0 s
//!  A         internal ← 198.51.100.13:5060  busy
//! ```
//!
//! Must not know: how calls are found and judged, what keys do.

mod cells;
mod list;

use ratatui::layout::Rect;

use crate::app::parts::TextExtent;
use crate::app::screens::calls::{Entry, Listing};
use crate::app::styled_text::Line;
use crate::app::{App, CallsScreen, Focus, Target};
use crate::base::number::grouped;
use crate::calls::Calls;
use crate::style::Role;
use crate::view::layout::{Split, take_top};
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::CellWriter;
use crate::view::parts::format::counted;
use crate::view::parts::wrap::{Style, Wrapped};
use crate::view::{details, title};

use super::ScreenView;
use super::messages::filter_line;

/// Shown while there is no filter.
const HINT: &str = "filter:  is:failed  state:busy  talk>60  kind:register";

impl ScreenView for CallsScreen {
    fn title(&self, app: &App, row: &mut CellWriter<'_>) {
        title::draw_counting(app, &counts(self), row);
    }

    fn body(&self, app: &App, area: Rect, surface: &mut Surface<'_>) {
        let mut body = area;
        let line = take_top(&mut body, 1);
        surface.target(Target::Panes, body);
        let count = if self.matches.is_filtered() {
            let searching = if self.matches.searching { "  searching…" } else { "" };
            let shown = grouped((self.listing.counts[0] + self.listing.dialogs) as u64);
            [format!("{shown} shown{searching}"), shown]
        } else {
            Default::default()
        };
        let count = match list::hidden_order(self, app, area.width) {
            Some(order) if count[0].is_empty() => [order.clone(), order],
            Some(order) => count.map(|count| format!("{count}, {order}")),
            None => count,
        };
        filter_line::draw_line(&self.filter, (HINT, count, self.matches.searching), line, surface);
        if self.proof.is_some() {
            let split = Split { details: body, ..Split::default() };
            details::draw((app, self.panes, &self.filter.filter), &split, surface);
            return;
        }
        let split = Split::below(self.panes, app.prefs.split, body);
        if !split.list.is_empty() {
            list::draw(self, app, split.list, surface);
        }
        if !split.details.is_empty() {
            draw_details(self, app, &split, surface);
        }
        filter_line::draw_below(&self.filter, Rect { y: line.bottom(), ..line }, surface);
    }

    fn signs(&self) -> &'static [(&'static str, &'static str)] {
        &list::SIGNS
    }
}

/// `16 calls, 5 failed, 1 up`; with a filter `5 of 16 calls`, `8 other dialogs`.
fn counts(screen: &CallsScreen) -> String {
    let Listing { counts: [calls, failed, up], dialogs, total, .. } = *screen.listing;
    let all = counted(total as u64, "call");
    let mut parts = Vec::new();
    if calls > 0 || dialogs == 0 {
        let is_filtered = screen.matches.is_filtered();
        parts.push(if is_filtered { format!("{} of {all}", grouped(calls as u64)) } else { all });
    }
    let states = [(failed, "failed"), (up, "up")].into_iter().filter(|(number, _)| *number > 0);
    parts.extend(states.map(|(number, what)| format!("{} {what}", grouped(number as u64))));
    if dialogs > 0 {
        parts.push(counted(dialogs as u64, "other dialog"));
    }
    parts.join(", ")
}

/// What happened to the selected call.
fn draw_details(screen: &CallsScreen, app: &App, split: &Split, surface: &mut Surface<'_>) {
    let mut area = split.details;
    surface.target(Target::Border, split.border);
    let head = take_top(&mut area, 1);
    surface.target(Target::Details, area);
    let text = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let lines = screen.details(&app.session);
    let last_top = last_top(&lines, text);
    let top = screen.view.top.min(last_top);
    let (mut y, mut whole) = (0, 0);
    for line in &lines[top.min(lines.len())..] {
        if y >= text.height {
            break;
        }
        y += draw_line(line, (text, y), surface);
        whole += usize::from(y <= text.height);
    }
    surface.targets.details = TextExtent { shown: whole, last_top, ..TextExtent::default() };
    let border = if screen.panes.focus == Focus::Details { Role::Accent } else { Role::Dim };
    surface.row(head, 0).fill("─", border);
    let mut row = surface.row(head, 0);
    row.put("─", border);
    row.put(&format!(" {} ", heading(screen, app)), Role::Strong);
    if whole < lines.len() {
        let position = format!(" lines {}–{} of {} ", top + 1, (top + whole).min(lines.len()), lines.len());
        row.put_at_end(&position, 1, Role::Plain);
    }
    if screen.panes.focus == Focus::Details {
        surface.cursor(text.x, text.y);
    }
}

fn heading(screen: &CallsScreen, app: &App) -> String {
    let number = |entry| screen.listing.leg(entry).map_or(0, |leg| leg + 1);
    match screen.entry() {
        Some(entry @ Entry::Call { .. }) => format!("Call {}", number(entry)),
        Some(entry @ Entry::Leg(_)) => format!("Leg {}", number(entry)),
        Some(Entry::Dialog(_)) => "Dialog".to_owned(),
        Some(Entry::Incident { text, .. }) => {
            let calls = Calls::of(&app.session.snapshot);
            let is_call = calls.is_some_and(|calls| calls.text(text).starts_with(list::CALL));
            if is_call { "Emergency call" } else { "Incident" }.to_owned()
        }
        None => "Call".to_owned(),
    }
}

/// The last line that may be at the top: from there the text fills the area to its end.
fn last_top(lines: &[Line], area: Rect) -> usize {
    let (width, mut room) = (usize::from(area.width), usize::from(area.height));
    for (number, line) in lines.iter().enumerate().rev() {
        let rows = Wrapped::new(line, width, Style::Soft, room + 1).rows.len();
        if rows > room {
            return (number + 1).min(lines.len().saturating_sub(1));
        }
        room -= rows;
    }
    0
}

/// Draws a line from the row `y` on; gives back how many rows it takes.
fn draw_line(line: &Line, (area, y): (Rect, u16), surface: &mut Surface<'_>) -> u16 {
    let wrapped = Wrapped::new(line, usize::from(area.width), Style::Soft, usize::from(area.height - y) + 1);
    for (number, row) in (0_u16..).zip(&wrapped.rows).take(usize::from(area.height - y)) {
        let mut out = surface.row(area, y + number);
        if number > 0 {
            out.skip(wrapped.indent);
        }
        for (role, _, text) in wrapped.pieces(row) {
            out.put(text, role);
        }
    }
    wrapped.rows.len() as u16
}
