//! The choice of columns: a window with all of them, the shown ones first.
//!
//! ```text
//! ┌ columns ────────────────────────┐
//! │▸● n            number           │
//! │ ● header.X-Cid header field     │
//! │ ○ cseq         sequence number  │
//! ```
//!
//! Must not know: what keys do, where the choice is saved.

use ratatui::layout::Rect;
use ratatui::widgets::{Block, Widget};

use crate::app::Target;
use crate::app::columns::{CallColumn, ColumnList, ColumnSpec, ColumnValue};
use crate::app::overlays::ColumnChooser;
use crate::base::escape::escape;
use crate::style::Role;
use crate::view::parts::Surface;
use crate::view::parts::line_view::LineView;

/// Columns of the window, its border included.
const WIDTH: u16 = 74;
/// Cells of a name.
const NAME: usize = 22;
/// A lower window has no border.
const LEAST_FOR_BORDER: u16 = 6;

/// Draws the window.
pub(super) fn draw(chooser: &ColumnChooser, area: Rect, surface: &mut Surface<'_>) {
    let width = WIDTH.min(area.width);
    let height = (chooser.rows.len() as u16 + 3).min(area.height);
    let window = Rect { x: area.x, y: area.bottom() - height, width, height };
    surface.clear(window);
    let mut inside = window;
    if window.height >= LEAST_FOR_BORDER {
        let block = Block::bordered().border_style(surface.style(Role::Accent)).title(" columns ");
        inside = block.inner(window);
        block.render(window, surface.buf);
    }
    let line = Rect { height: 1, ..inside };
    let rows = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    typed(chooser, line, surface);
    surface.target(Target::Overlay, rows);
    let list = chooser.list.in_height(usize::from(rows.height), chooser.rows.len());
    for (y, (at, (column, is_shown))) in (0..rows.height).zip(chooser.rows.iter().enumerate().skip(list.top))
    {
        let is_selected = at == chooser.list.selected;
        let mut row = surface.row(rows, y);
        row.put(if is_selected { "▸" } else { " " }, Role::Accent);
        row.put(if *is_shown { "● " } else { "○ " }, Role::Done);
        row.column(&escape(column.name.as_bytes()), NAME, if *is_shown { Role::Strong } else { Role::Plain });
        row.skip(1);
        row.put(help(column), Role::Dim);
        if is_selected {
            let place = Rect { y: rows.y + y, height: 1, ..rows };
            surface.paint(place, Role::Selected);
            if chooser.typed.is_none() {
                surface.cursor(place.x, place.y);
            }
        }
    }
}

/// The line in which a name is typed, or what the keys do.
fn typed(chooser: &ColumnChooser, line: Rect, surface: &mut Surface<'_>) {
    let mut row = surface.row(line, 0);
    let Some(edit) = &chooser.typed else {
        let hint = match chooser.of {
            ColumnList::Messages => " the shown ones in their order; a adds any header field",
            ColumnList::Calls => " the shown ones in their order, after the number",
        };
        return row.put(hint, Role::Dim);
    };
    row.put(" name: ", Role::Accent);
    let view = LineView::of(edit, row.room());
    let start = row.x;
    row.put(&view.text, Role::Strong);
    if let Some(error) = &chooser.error {
        row.put("  ", Role::Plain);
        row.put(&escape(error.as_bytes()), Role::Error);
    }
    surface.cursor((start + view.cursor).min(line.right().saturating_sub(1)), line.y);
}

fn help(column: &ColumnSpec) -> &'static str {
    match column.value {
        ColumnValue::Field(field) => field.help(),
        ColumnValue::Named(..) => "header field, or value of a JSON body",
        ColumnValue::Date => "date, if the messages are of several days",
        ColumnValue::SincePrevious => "time since the previous row",
        ColumnValue::Arrow => "from the peer to us, or from us to the peer",
        ColumnValue::Message => "method, or status code and reason phrase",
        ColumnValue::Call(column) => help_of_calls(column),
        _ => "",
    }
}

const fn help_of_calls(column: CallColumn) -> &'static str {
    match column {
        CallColumn::Number => "number of the first leg",
        CallColumn::Start => "when it began",
        CallColumn::From => "who called",
        CallColumn::To => "who was called",
        CallColumn::State => "how it went",
        CallColumn::Ring => "how long it rang",
        CallColumn::Talk => "how long they talked",
        CallColumn::EndedBy => "who ended it",
        CallColumn::Legs => "number of legs",
        CallColumn::Why => "the verdict",
        CallColumn::End => "when it ended",
        CallColumn::Pdd => "post-dial delay: from the INVITE until it rang",
        CallColumn::Setup => "from the INVITE until the answer",
        CallColumn::Side => "whether the peer or FreeSWITCH began the first leg",
        CallColumn::Profile => "profile of the first leg",
        CallColumn::Peer => "peer of the first leg",
        CallColumn::Codec => "agreed codec of the first leg",
        CallColumn::Messages => "number of messages of all legs",
        CallColumn::Findings => "what is wrong, by name",
        CallColumn::CallId => "Call-ID of the first leg",
    }
}
