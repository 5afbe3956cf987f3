//! The message list: column heads, then a row a message.
//!
//! Must not know: filters, details, how widths are chosen.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::keymap::{self, Action};
use crate::app::{App, Area, Focus, TimeFormat};
use crate::base::Direction;
use crate::store::{CallIdx, Flags, Row, RowRef};

use super::columns::{Column, Columns, EDGE, Wishes};
use super::label::{self, Label};
use super::layout::take_top;
use super::pen::{self, Pen};
use super::{Theme, figures};

/// A list of fewer rows does without column heads.
const LEAST_FOR_HEADS: u16 = 4;
/// Up to this width a Call-ID is cut as a short name is, without a sign that it goes on.
const SHORT_ID: usize = 12;

/// Draws the list; gives back where its rows are.
pub(super) fn draw(app: &App, theme: &Theme, area: Rect, buf: &mut Buffer) -> Area {
    let mut rows = area;
    let columns = Columns::fit(usize::from(area.width), &Wishes::of(app));
    if area.height >= LEAST_FOR_HEADS {
        heads(app, theme, &columns, take_top(&mut rows, 1), buf);
    }
    if app.shown_len() == 0 {
        nothing(app, theme, rows, buf);
    } else {
        Drawing { app, theme, columns, call: selected_call(app) }.rows(rows, buf);
    }
    pen::area(rows)
}

fn heads(app: &App, theme: &Theme, columns: &Columns, area: Rect, buf: &mut Buffer) {
    let mut pen = Pen::new(buf, area, 0);
    pen.skip(EDGE);
    for (column, cells) in columns.shown() {
        pen.skip(1);
        match column {
            Column::Number => pen.column_right(column.head(app.time), cells, theme.dim()),
            Column::Time => {
                let date = only_date(app, columns);
                let head = date.as_deref().unwrap_or(column.head(app.time));
                pen.column(pen::head(head, cells), cells, theme.dim());
            }
            _ => pen.column(pen::head(column.head(app.time), cells), cells, theme.dim()),
        }
    }
}

/// The date that stands above the times of day where all are of one day.
fn only_date(app: &App, columns: &Columns) -> Option<String> {
    let is_asked = app.time == TimeFormat::OfDay && columns.width(Column::Date) == 0;
    let row = app.shown_row(app.list.selected).and_then(|row| app.snapshot.row(row));
    let date = row.filter(|_| is_asked).map(|row| label::date(row.row, label::LONG_DATE));
    date.map(|date| date.trim_start().to_owned()).filter(|date| !date.is_empty())
}

/// The call of the selected message; none where it has no Call-ID.
fn selected_call(app: &App) -> Option<CallIdx> {
    let call = app.snapshot.row(app.selected()?)?.row.call;
    (call != 0).then_some(call)
}

/// What all rows of one drawing share.
struct Drawing<'a> {
    app: &'a App,
    theme: &'a Theme,
    columns: Columns,
    call: Option<CallIdx>,
}

impl Drawing<'_> {
    fn rows(&self, area: Rect, buf: &mut Buffer) {
        let app = self.app;
        let (len, height) = (app.shown_len(), usize::from(area.height));
        // The state may not know the new height yet: the selection is in sight all the same.
        let mut scroll = app.list;
        scroll.keep_in_sight(len, height);
        let mut before = scroll.top.checked_sub(1).and_then(|p| self.row_at(p));
        for (y, position) in (scroll.top..len).take(height).enumerate() {
            let Some(row) = self.row_at(position) else { break };
            let selected = position == scroll.selected;
            self.row(&row, before.map(|b| b.row), selected, Pen::new(buf, area, y as u16));
            if selected {
                let line = Rect { y: area.y + y as u16, height: 1, ..area };
                pen::paint(buf, line, self.selected_style());
            }
            before = Some(row);
        }
    }

    fn row_at(&self, position: usize) -> Option<RowRef<'_>> {
        self.app.snapshot.row(self.app.shown_row(position)?)
    }

    fn selected_style(&self) -> Style {
        match self.app.focus {
            Focus::List => self.theme.selected(),
            Focus::Details => self.theme.strong(),
        }
    }

    fn row(&self, row: &RowRef<'_>, before: Option<&Row>, selected: bool, mut pen: Pen<'_>) {
        let same_call = self.call == Some(row.row.call);
        let edge = if selected {
            "▸"
        } else if same_call {
            label::SAME_CALL
        } else {
            " "
        };
        pen.column(edge, EDGE, self.theme.mark());
        let calm = if same_call { Style::new() } else { self.theme.dim() };
        for (column, cells) in self.columns.shown() {
            pen.skip(1);
            match column {
                Column::Number => pen.column_right(&(row.index + 1).to_string(), cells, calm),
                Column::Date => pen.column(&label::date(row.row, cells), cells, calm),
                Column::Time => pen.column(&self.time(row, before, cells), cells, Style::new()),
                Column::Delta if row.row.flags.has(Flags::AFTER_GAP) => {
                    pen.column(label::GAP, cells, self.theme.warning());
                }
                Column::Delta => {
                    let delta = label::between(before, row.row).map(|d| label::span_in(d, cells));
                    pen.column(&delta.unwrap_or_default(), cells, self.theme.dim());
                }
                Column::Profile => {
                    let profile =
                        row.source().map_or(Cow::Borrowed(""), |s| label::text(s.profile.as_bytes()));
                    pen.column(pen::head(&profile, cells), cells, calm);
                }
                Column::Arrow => pen.column(arrow(row.row.direction()), cells, Style::new()),
                Column::Transport => pen.column(row.row.transport().as_str(), cells, self.theme.dim()),
                Column::Peer => {
                    pen.column(&pen::fit_tail(&label::peer(row.peer()), cells), cells, Style::new());
                }
                Column::Message => self.message(row, cells, &mut pen),
                Column::From => pen.column(&label::user_in(row.from(), cells), cells, Style::new()),
                Column::To => pen.column(&label::user_in(row.to(), cells), cells, Style::new()),
                Column::CallId => call_id(row, cells, calm, &mut pen),
            }
        }
    }

    fn time(&self, row: &RowRef<'_>, before: Option<&Row>, cells: usize) -> String {
        let snapshot = &self.app.snapshot;
        let earlier = match self.app.time {
            TimeFormat::OfDay => {
                return figures::time_of_day(row.row.time, if cells < 15 { 3 } else { 6 });
            }
            TimeFormat::SinceFirst => snapshot.row(0).map(|r| r.row),
            TimeFormat::SincePrevious => before,
            TimeFormat::InCall => snapshot.row(row.row.prev).map(|r| r.row),
        };
        label::between(earlier, row.row).map(|d| label::span_in(d, cells)).unwrap_or_default()
    }

    fn message(&self, row: &RowRef<'_>, cells: usize, pen: &mut Pen<'_>) {
        let label = Label::of(row, self.theme);
        let end = usize::from(pen.x) + cells;
        let room = |pen: &Pen<'_>| end.saturating_sub(usize::from(pen.x));
        if let Some((sign, style)) = label.mark {
            pen.put_in(sign, room(pen), style);
            pen.skip(1);
        }
        pen.put_in(&label.what, room(pen), label.style);
        let (long, short) = label.body;
        let body = if pen::width(long) < room(pen) { long } else { short };
        if !body.is_empty() && pen::width(body) < room(pen) {
            pen.skip(1);
            pen.put(body, label.style);
        }
        // The method that a response answers only where all of it has room.
        if !label.answers.is_empty() && pen::width(&label.answers) < room(pen) {
            pen.skip(1);
            pen.put_in(&label.answers, room(pen), self.theme.dim());
        }
        pen.skip(room(pen));
    }
}

fn call_id(row: &RowRef<'_>, cells: usize, style: Style, pen: &mut Pen<'_>) {
    let id = label::text(row.call_id());
    if cells <= SHORT_ID {
        pen.column(pen::head(&id, cells), cells, style);
    } else {
        pen.column(&id, cells, style);
    }
}

const fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Recv => "→",
        Direction::Sent => "←",
    }
}

/// Says why there is no row, and what helps.
fn nothing(app: &App, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let progress = &app.snapshot.progress;
    let (what, help) = if app.shown.is_filtered() && !app.snapshot.is_empty() {
        if app.shown.searching || !(progress.done || progress.caught_up) {
            ("searching…".to_owned(), String::new())
        } else {
            let key = keymap::BINDINGS.iter().find(|b| b.action == Action::ClearFilter);
            let key = key.and_then(|b| b.keys.first()).map(|k| keymap::key_name(*k)).unwrap_or_default();
            let filter = label::text(app.filter.filter.text().as_bytes());
            (format!("no message matches  {filter}"), format!("{key} removes the filter, / changes it"))
        }
    } else if progress.done {
        let read = figures::bytes(progress.bytes_read);
        ("there is no message in this input".to_owned(), format!("{read} were read; is it a mod_sofia dump?"))
    } else if progress.caught_up {
        ("there is no message yet".to_owned(), String::new())
    } else {
        ("loading…".to_owned(), String::new())
    };
    let y = area.height / 3;
    for (line, text, style) in [(y, what, Style::new()), (y + 1, help, theme.dim())] {
        let mut pen = Pen::new(buf, area, line);
        pen.skip(usize::from(area.width).saturating_sub(pen::width(&text)) / 2);
        pen.put(&text, style);
    }
}
