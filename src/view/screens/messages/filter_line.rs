//! The filter line, and the line below it while it is edited: the error, or what Tab offers.
//!
//! Must not know: how expressions are parsed, which rows match.

use ratatui::layout::Rect;

use crate::app::screens::messages::FilterLine;
use crate::app::{MessagesScreen, Session, Target};
use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::style::Role;
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::{CellWriter, width};
use crate::view::parts::line_view::LineView;

const PROMPT: &str = " / ";
/// Shown while there is no filter, where messages are listed.
const HINT: &str = "filter:  method:invite  status:4xx  is:failed  -is:retransmission";

/// Draws the line of the message list.
pub(super) fn draw(screen: &MessagesScreen, session: &Session, area: Rect, surface: &mut Surface<'_>) {
    let count = count(screen, session);
    draw_line(&screen.filter, (HINT, count, screen.shown.searching), area, surface);
}

/// Draws the line, with the cursor while it is edited. The hint is shown while there is no filter; `count` is what is shown at
/// its end, and shorter; it stands out while a search goes on.
pub(in crate::view) fn draw_line(
    line: &FilterLine,
    (hint, count, searching): (&str, [String; 2], bool),
    area: Rect,
    surface: &mut Surface<'_>,
) {
    surface.target(Target::Line, area);
    let mut row = surface.row(area, 0);
    row.put(PROMPT, if line.editing { Role::Accent } else { Role::Dim });
    // What is typed comes first: the count has the room that is left, but not less than half.
    let role = if searching { Role::Accent } else { Role::Dim };
    let typed = width(line.edit.text()).min(usize::from(area.width) / 2) + 2;
    let [long, short] = count;
    let count = if width(&long) + 1 + typed <= row.room() { long } else { short };
    row.put_at_end(&format!("{count} "), 1, role);
    if !line.editing && line.edit.text().is_empty() {
        if width(hint) < row.room() {
            row.put(hint, Role::Dim);
        }
        return;
    }
    let view = LineView::of(&line.edit, row.room());
    let start = row.x;
    row.put(&view.text, if line.editing { Role::Strong } else { Role::Plain });
    if !line.editing {
        return;
    }
    if let Some(cell) = line.error.as_ref().and_then(|error| view.cell_of(error.column)) {
        surface.paint(Rect { x: start + cell, width: 1, ..area }, Role::ErrorPosition);
    }
    surface.cursor((start + view.cursor).min(area.right().saturating_sub(1)), area.y);
}

/// Draws what is below the line while it is edited: a caret under the error and what was expected there, or what Tab offers.
pub(in crate::view) fn draw_below(line: &FilterLine, area: Rect, surface: &mut Surface<'_>) {
    if !line.editing || (line.error.is_none() && line.offers.is_empty()) {
        return;
    }
    surface.clear(area);
    let mut row = surface.row(area, 0);
    if line.offers.is_empty() {
        error(line, area, &mut row);
    } else {
        offers(line, &mut row);
    }
}

fn error(line: &FilterLine, area: Rect, row: &mut CellWriter<'_>) {
    let Some(error) = &line.error else { return };
    let view = LineView::of(&line.edit, usize::from(area.width).saturating_sub(PROMPT.len()));
    let caret = usize::from(view.cell_of(error.column).unwrap_or(view.cursor)) + PROMPT.len();
    let text = escape(error.to_string().as_bytes()).into_owned();
    if caret + 2 + width(&text) <= usize::from(area.width) {
        row.skip(caret);
        row.put("^ ", Role::Error);
        row.put(&text, Role::Error);
    } else if width(&text) + 1 < caret {
        // The text precedes its caret if it has no room after it.
        row.skip(caret - width(&text) - 1);
        row.put(&text, Role::Error);
        row.put(" ^", Role::Error);
    } else {
        row.skip(1);
        row.put(&text, Role::Error);
    }
}

fn offers(line: &FilterLine, row: &mut CellWriter<'_>) {
    row.skip(PROMPT.len());
    let offers = &line.offers;
    for (at, offer) in offers.iter().enumerate() {
        let text = escape(offer.text.as_bytes());
        let more = format!("+{}", offers.len() - at);
        let last = at + 1 == offers.len();
        let count = line.counts.get(at).map_or(0, |count| grouped(*count).len() + 1);
        if width(&text) + count + if last { 0 } else { more.len() + 2 } > row.room() {
            row.put(&more, Role::Dim);
            return;
        }
        row.put(&text, Role::Accent);
        if let Some(count) = line.counts.get(at) {
            row.skip(1);
            row.put(&grouped(*count), Role::Dim);
        }
        row.skip(2);
    }
}

/// How many of how many, and shorter; empty without a filter.
fn count(screen: &MessagesScreen, session: &Session) -> [String; 2] {
    if !screen.shown.is_filtered() {
        return Default::default();
    }
    let shown = grouped(screen.len(session) as u64);
    let all = grouped(session.snapshot.len() as u64);
    let searching = if screen.shown.searching { "  searching…" } else { "" };
    let gone = match screen.shown.unreadable {
        0 => String::new(),
        gone => format!("  {} not searched: text gone", grouped(gone)),
    };
    [format!("{shown} of {all}{gone}{searching}"), shown + &gone]
}
