//! The message list: one row per message.
//!
//! Must not know: filters, details, how columns get their widths.

use std::borrow::Cow;

use ratatui::layout::Rect;

use crate::app::columns::{ColumnSpec, ColumnValue};
use crate::app::command::Command;
use crate::app::keymap;
use crate::app::{App, Focus, MessagesScreen, Session, TimeFormat};
use crate::base::Direction;
use crate::base::interner::Strings;
use crate::base::number::grouped;
use crate::filter::{Facts, Field};
use crate::sip::user_of;
use crate::store::{CallIdx, Flags, Row, RowRef, Snapshot};
use crate::style::Role;
use crate::view::parts::cell_writer::{self, CellWriter, head, width};
use crate::view::parts::table::{Rows, Table};
use crate::view::parts::{Surface, format};

use super::label::{self, LONG_DATE, Label};

/// Values that are looked at to see how wide a column should be.
const SAMPLE: usize = 64;
/// Up to this width a Call-ID is cut without a sign.
const SHORT_ID: usize = 12;
/// Cells of a time of day with two decimals of the second, with one, and without.
const SHORT_TIMES: [usize; 3] = [11, 10, 8];
/// Texts of a call that a cell shows.
const MOST_TEXTS: usize = 3;
/// Cells of a transport with the blank after it.
const TRANSPORT: usize = 4;

/// A note is shown in the message's cell if it has this many cells there, with its sign.
const LEAST_NOTE: usize = 6;

/// Draws the list.
pub(super) fn draw(screen: &MessagesScreen, app: &App, area: Rect, surface: &mut Surface<'_>) {
    let session = &app.session;
    let len = screen.len(session);
    let peers = wide(session.snapshot.known()[0], |p| peer_width(&session.snapshot, p)).clamp(9, 47);
    let wanted = |column: &ColumnSpec| match screen.cells.widest(column.value) {
        Some(widest) => widest.max(width(column.heading)).clamp(column.widths[0].min(8), column.widths[2]),
        None => wanted(column, session, peers),
    };
    let room = usize::from(area.width);
    let columns = with_profile(room, &app.prefs.columns, wanted);
    let table = Table::fit(room, (2, 1), &columns, wanted);
    let has_dates = table.width(|column| column.value == ColumnValue::Date) > 0;
    let list = MessageRows { screen, session, peers, has_dates, call: selected_call(app) };
    let role = if screen.panes.focus == Focus::List { Role::Selected } else { Role::Strong };
    table.draw(&list, (screen.list, len), role, (area, surface));
    if len == 0 {
        let (what, help) = nothing(screen, app);
        let more = alternatives(screen).unwrap_or_default();
        surface.message_rows(area, &[(&what, Role::Plain), (&help, Role::Dim), (&more, Role::Plain)]);
    }
}

/// The columns; where the profile has no room, the time gives up decimals for it.
fn with_profile(
    room: usize,
    columns: &[ColumnSpec],
    wanted: impl Fn(&ColumnSpec) -> usize,
) -> Cow<'_, [ColumnSpec]> {
    let profile = |column: &ColumnSpec| column.value == ColumnValue::Field(Field::Profile);
    let shows = |columns: &[ColumnSpec]| Table::fit(room, (2, 1), columns, &wanted).width(profile) > 0;
    if !columns.iter().any(|column| profile(column) && wanted(column) > 0) || shows(columns) {
        return Cow::Borrowed(columns);
    }
    let narrowed = SHORT_TIMES.iter().map(|cells| {
        let mut columns = columns.to_vec();
        for column in columns.iter_mut().filter(|c| c.value == ColumnValue::Field(Field::Time)) {
            column.widths[0] = *cells;
        }
        columns
    });
    narrowed.into_iter().find(|columns| shows(columns)).map_or(Cow::Borrowed(columns), Cow::Owned)
}

/// How many cells the values of a column need; none if it is not shown. A small sample decides, so that widths do not jump
/// while the list scrolls.
fn wanted(column: &ColumnSpec, session: &Session, peers: usize) -> usize {
    let snapshot = &session.snapshot;
    let maximum = column.widths[2];
    match column.value {
        ColumnValue::Field(Field::N) => snapshot.len().max(1).ilog10() as usize + 1,
        ColumnValue::Date if covers_days(session) => maximum,
        ColumnValue::Date => 0,
        ColumnValue::Field(Field::Time) => time_heading(session.time).len().max(15),
        ColumnValue::SincePrevious if session.time == TimeFormat::SincePrevious => 0,
        ColumnValue::Field(Field::Profile) if snapshot.sources.len() < 2 => 0,
        ColumnValue::Field(Field::Profile) => {
            let names = snapshot.sources.iter().take(SAMPLE).map(|s| width(s.title(&snapshot.aliases)));
            names.max().unwrap_or(0).max(column.heading.len())
        }
        ColumnValue::Field(Field::Addr) => peers + TRANSPORT,
        ColumnValue::Field(Field::From | Field::To) => {
            wide(snapshot.known()[1], |u| width(&label::text(user_of(u)))).max(4)
        }
        _ => maximum,
    }
}

/// Cells of a peer: of its name, if it has one, else of its address.
fn peer_width(snapshot: &Snapshot, peer: &[u8]) -> usize {
    let alias = snapshot.aliases.of_peer(peer);
    alias.map_or_else(|| width(&label::peer(peer)), |name| width(&label::text(name.as_bytes())))
}

/// A width that is enough for most of the values: a few long ones do not widen a column for all.
fn wide(values: &Strings, width: impl Fn(&[u8]) -> usize) -> usize {
    let mut widths: Vec<usize> = (1..values.len().min(SAMPLE) as u32).map(|n| width(values.get(n))).collect();
    widths.sort_unstable();
    widths.get(widths.len() * 9 / 10).copied().unwrap_or(0)
}

/// Whether the messages are of several days, as far as that is known: then a time of day alone is ambiguous.
fn covers_days(session: &Session) -> bool {
    let snapshot = &session.snapshot;
    let last = (snapshot.len() as u32).saturating_sub(1);
    let [Some(first), Some(last)] = [snapshot.row(0), snapshot.row(last)] else { return false };
    session.time == TimeFormat::OfDay
        && last.row.flags.has(Flags::DATED)
        && format::day(first.row.time) != format::day(last.row.time)
}

const fn time_heading(time: TimeFormat) -> &'static str {
    match time {
        TimeFormat::OfDay => "time",
        TimeFormat::SinceFirst => "since first",
        TimeFormat::SincePrevious => "since previous row",
        TimeFormat::InCall => "since previous in call",
    }
}

/// The heading in that many cells: one that has no room is replaced by a shorter one that still tells the formats apart.
fn time_heading_in(time: TimeFormat, cells: usize) -> &'static str {
    match time {
        TimeFormat::SincePrevious if cells < time_heading(time).len() => "Δ row",
        TimeFormat::InCall if cells < time_heading(time).len() => "Δ in call",
        _ => time_heading(time),
    }
}

/// The Call-ID of the selected message; none if it has none.
fn selected_call(app: &App) -> Option<CallIdx> {
    let call = app.session.snapshot.row(app.selected()?)?.row.call;
    (call != 0).then_some(call)
}

/// What all rows of one drawing share.
struct MessageRows<'a> {
    screen: &'a MessagesScreen,
    session: &'a Session,
    /// Cells that the addresses need without the transport.
    peers: usize,
    /// Whether each row has a date.
    has_dates: bool,
    call: Option<CallIdx>,
}

impl<'a> MessageRows<'a> {
    fn snapshot(&self) -> &'a Snapshot {
        &self.session.snapshot
    }

    fn row(&self, position: usize) -> Option<RowRef<'a>> {
        self.snapshot().row(self.screen.row(self.session, position)?)
    }

    fn is_same_call(&self, row: &Row) -> bool {
        self.call == Some(row.call)
    }

    fn previous(&self, position: usize) -> Option<&'a Row> {
        self.row(position.checked_sub(1)?).map(|row| row.row)
    }

    /// The date above the times of day if all are of one day.
    fn only_date(&self) -> Option<String> {
        if self.session.time != TimeFormat::OfDay || self.has_dates {
            return None;
        }
        let row = self.row(self.screen.list.selected)?;
        let date = label::date(row.row, LONG_DATE).trim_start().to_owned();
        (!date.is_empty()).then_some(date)
    }

    fn time(&self, position: usize, row: &RowRef<'_>, cells: usize) -> String {
        let earlier = match self.session.time {
            TimeFormat::OfDay => {
                let decimals = match cells {
                    15.. => 6,
                    12..15 => 3,
                    10..12 => cells - "05:53:48.".len(),
                    _ => 0,
                };
                return format::time_of_day(row.row.time, decimals);
            }
            TimeFormat::SinceFirst => self.snapshot().row(0).map(|r| r.row),
            TimeFormat::SincePrevious => self.previous(position),
            TimeFormat::InCall => self.snapshot().row(row.row.prev).map(|r| r.row),
        };
        label::between(earlier, row.row).map(|d| label::duration_in(d, cells)).unwrap_or_default()
    }

    fn field(
        &self,
        (position, field): (usize, Field),
        row: &RowRef<'a>,
        cells: usize,
    ) -> (Cow<'a, str>, Role) {
        let calm = if self.is_same_call(row.row) { Role::Plain } else { Role::Dim };
        match field {
            Field::Time => (self.time(position, row, cells).into(), Role::Plain),
            Field::Addr => (self.peer(row, cells).into(), Role::Plain),
            Field::From => (label::user_in(row.from(), cells), Role::Plain),
            Field::To => (label::user_in(row.to(), cells), Role::Plain),
            Field::N => ((row.index + 1).to_string().into(), calm),
            Field::Profile => {
                let title = row.source().map_or("", |source| source.title(&row.snapshot.aliases));
                (label::text(title.as_bytes()), calm)
            }
            Field::CallId => (cut_id(label::text(row.call_id()), cells), calm),
            Field::Status | Field::Size | Field::Frames | Field::Cseq => (number_of(row, field).into(), calm),
            Field::Method => (label::text(row.method()), Role::of_method(row.method())),
            Field::Reason if row.row.status == 0 => (Cow::Borrowed(""), calm),
            Field::Reason => (label::text(row.what()), calm),
            Field::Dir => (row.row.direction().as_str().into(), calm),
            Field::Transport => (row.row.transport().as_str().into(), calm),
            Field::File => (label::text(row.file_name().as_bytes()), calm),
            field if field.is_of_call() => (of_call(row, field).into(), calm),
            _ => (self.read(row, ColumnValue::Field(field)), calm),
        }
    }

    /// A value that only the text of the message has, once it was read.
    fn read(&self, row: &RowRef<'_>, column: ColumnValue) -> Cow<'a, str> {
        self.screen.cells.get(row.index, column).map_or(Cow::Borrowed(""), label::text)
    }

    /// The peer's address, after its transport if there is room for both.
    fn peer(&self, row: &RowRef<'_>, cells: usize) -> String {
        let alias = row.peer_alias().map(|name| label::text(name.as_bytes()));
        let address = alias.unwrap_or_else(|| label::peer(row.peer()));
        if cells < self.peers + TRANSPORT {
            return cell_writer::fit_tail(&address, cells).into_owned();
        }
        let address = cell_writer::fit_tail(&address, cells - TRANSPORT);
        format!("{:<3} {address}", row.row.transport().as_str())
    }
}

impl Rows for MessageRows<'_> {
    fn heading(&self, column: &ColumnSpec, cells: usize) -> String {
        let text = match column.value {
            ColumnValue::Field(Field::Time) => {
                self.only_date().unwrap_or_else(|| time_heading_in(self.session.time, cells).to_owned())
            }
            _ => column.heading.to_owned(),
        };
        head(&text, cells).to_owned()
    }

    fn margin(&self, position: usize, row: &mut CellWriter<'_>) {
        let message = self.screen.row(self.session, position);
        if message.is_some_and(|row| self.session.marks.contains(&row)) {
            row.put(label::MARKED, Role::Done);
        } else if message.is_some_and(|row| self.session.notes.get(row).is_some()) {
            row.put(label::NOTED, Role::Done);
        } else if self.row(position).is_some_and(|r| self.is_same_call(r.row)) {
            row.put(label::SAME_CALL, Role::Accent);
        }
    }

    fn cell(&self, position: usize, column: &ColumnSpec, cells: usize, out: &mut CellWriter<'_>) {
        let Some(row) = self.row(position) else { return };
        match column.value {
            ColumnValue::Date => {
                out.put_in(&label::date(row.row, cells), cells, Role::Dim);
            }
            ColumnValue::SincePrevious if row.row.flags.has(Flags::AFTER_GAP) => {
                out.put_in(label::GAP, cells, Role::Warning);
            }
            ColumnValue::SincePrevious => {
                let since = label::between(self.previous(position), row.row);
                let since = since.map(|micros| label::duration_in(micros, cells));
                out.put_in(&since.unwrap_or_default(), cells, Role::Dim);
            }
            ColumnValue::Arrow => out.put_in(arrow(row.row.direction()), cells, Role::Plain),
            ColumnValue::Message => {
                let label = Label::of(&row, self.screen.cells.body(row.index));
                message(&label, self.session.notes.get(row.index), cells, out);
            }
            ColumnValue::Named(..) => out.put_in(&self.read(&row, column.value), cells, Role::Plain),
            ColumnValue::Field(field) => {
                let (text, role) = self.field((position, field), &row, cells);
                match column.align {
                    crate::app::columns::Align::Right => out.column_right(&text, cells, role),
                    crate::app::columns::Align::Left => out.put_in(&text, cells, role),
                }
            }
            _ => {}
        }
    }
}

fn number_of(row: &RowRef<'_>, field: Field) -> String {
    match field {
        Field::Status => row.status().map(|status| status.to_string()).unwrap_or_default(),
        Field::Size => row.size().to_string(),
        Field::Frames => row.frames().to_string(),
        _ => row.cseq_number().to_string(),
    }
}

/// What is known of the call of a message: a number, or texts.
fn of_call(row: &RowRef<'_>, field: Field) -> String {
    if let Some(number) = row.call_number(field) {
        return match field {
            Field::Pdd | Field::Setup | Field::Talk => format::duration(number as i64, 3),
            Field::Pair => format!("{}.{:02}", number / 1_000_000, number % 1_000_000 / 10_000),
            _ => number.to_string(),
        };
    }
    let mut texts: Vec<String> = Vec::new();
    row.call_text(field, &mut |text| {
        texts.push(label::text(text).into_owned());
        texts.len() >= MOST_TEXTS
    });
    texts.join(", ")
}

fn cut_id(id: Cow<'_, str>, cells: usize) -> Cow<'_, str> {
    if cells <= SHORT_ID { Cow::Owned(head(&id, cells).to_owned()) } else { id }
}

/// What a message is, in the pieces that have room.
fn message(label: &Label<'_>, note: Option<&str>, cells: usize, out: &mut CellWriter<'_>) {
    let end = usize::from(out.x) + cells;
    let room = |out: &CellWriter<'_>| end.saturating_sub(usize::from(out.x));
    if let Some((sign, role)) = label.mark {
        out.put_in(sign, room(out), role);
        out.skip(1);
    }
    out.put_in(&label.what, room(out), label.role);
    // The method that a response answers is shown only if all of it has room.
    let notes =
        [&*label.body, label.short_body].into_iter().find(|text| width(text) < room(out)).unwrap_or("");
    for (text, role) in [(notes, label.role), (&*label.answers, Role::Dim)] {
        if !text.is_empty() && width(text) < room(out) {
            out.skip(1);
            out.put(text, role);
        }
    }
    if let Some(note) = note.filter(|_| room(out) >= LEAST_NOTE) {
        out.skip(1);
        out.put_in(&format!("{} {}", label::NOTED, label::text(note.as_bytes())), room(out), Role::Done);
    }
}

const fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Recv => "→",
        Direction::Sent => "←",
    }
}

/// What each term matches alone: `to:1012 54 · status:486 3 · together 0`.
fn term_counts(screen: &MessagesScreen) -> Option<String> {
    let counts = screen.shown.counts.as_ref().filter(|counts| !counts.alone.is_empty())?;
    let more = if counts.is_complete { "" } else { "+" };
    let one =
        |(text, count): &(String, u64)| format!("{} {}{more}", label::text(text.as_bytes()), grouped(*count));
    Some(format!("{} · together 0", counts.alone.iter().map(one).collect::<Vec<_>>().join(" · ")))
}

/// What matches without one of the terms.
fn alternatives(screen: &MessagesScreen) -> Option<String> {
    let counts = screen.shown.counts.as_ref().filter(|counts| !counts.without.is_empty())?;
    let one = |(text, count): &(String, u64)| {
        let messages = if *count == 1 { "message" } else { "messages" };
        format!("without {} {} {messages}", label::text(text.as_bytes()), grouped(*count))
    };
    Some(counts.without.iter().map(one).collect::<Vec<_>>().join(" · "))
}

/// Why there is no row, and what helps.
fn nothing(screen: &MessagesScreen, app: &App) -> (String, String) {
    let snapshot = &app.session.snapshot;
    let progress = &snapshot.progress;
    if screen.shown.is_filtered() && !snapshot.is_empty() {
        if screen.shown.searching || !(progress.done || progress.caught_up) {
            return ("searching…".to_owned(), String::new());
        }
        let key = app.prefs.keymap.key_of(Command::ClearFilter).map(keymap::key_name).unwrap_or_default();
        let filter = label::text(screen.filter.filter.text().as_bytes());
        let help = format!("{key} removes the filter, / changes it");
        return (format!("no message matches  {filter}"), term_counts(screen).unwrap_or(help));
    }
    if progress.done {
        let read = format::bytes(progress.bytes_read);
        return (
            "this input has no messages".to_owned(),
            format!("{read} were read; is it a mod_sofia dump?"),
        );
    }
    let what = if progress.caught_up { "no messages yet" } else { "loading…" };
    (what.to_owned(), String::new())
}
