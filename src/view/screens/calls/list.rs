//! The list of the calls: one row per call, with its legs below it where they are shown.
//!
//! Must not know: the order of the rows, details.

use ratatui::layout::Rect;

use crate::app::columns::{Align, CallColumn, ColumnSpec, ColumnValue};
use crate::app::command::Command;
use crate::app::keymap;
use crate::app::screens::calls::{
    Entry, Order, leg_letter, outcome_role, round_trip, time_of_day, verdict_role,
};
use crate::app::{App, CallsScreen, Focus, Notes};
use crate::base::escape::escape;
use crate::calls::{CallRef, Calls, DialogRef, LegFlags, LegRef};
use crate::store::Snapshot;
use crate::style::Role;
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::{CellWriter, fit, head};
use crate::view::parts::table::{Rows, Table};
use crate::view::screens::messages::label::{self, NOTED};

/// The signs in the list, and what they mean.
pub(super) const SIGNS: [(&str, &str); 9] = [
    NUMBER,
    ("▸▾", "an incident: Enter shows or hides what belongs to it"),
    (CUT, "after the state: the trace holds only a part of the call"),
    WRONG,
    LOST,
    (NOTED, "a note on one of its messages; the details show it"),
    (NONE, "this did not happen"),
    ("▲", "sorted by this column"),
    ("▼", "sorted by this column, the greatest first"),
];
/// The first column: a number that joining more legs does not change.
const NUMBER: (&str, &str) = ("#", "the number of the call's first leg; its other legs have numbers too");
const CUT: &str = "…";
const WRONG: (&str, &str) = ("!", "after the state: something is wrong with the call; the details name it");
const LOST: (&str, &str) =
    ("~", "after the state: not all of an emergency call was passed on; the details name it");
/// What the identifiers of incidents and of calls begin with (NENA-STA-010).
const INCIDENT: &[u8] = b"urn:emergency:uid:incidentid:";
pub(super) const CALL: &[u8] = b"urn:emergency:uid:callid:";
const NONE: &str = "–";

/// Draws the list.
pub(super) fn draw(screen: &CallsScreen, app: &App, area: Rect, surface: &mut Surface<'_>) {
    let snapshot = &*app.session.snapshot;
    let table = table(screen, snapshot, area.width);
    let role = if screen.panes.focus == Focus::List { Role::Selected } else { Role::Strong };
    let rows = CallRows { screen, snapshot, calls: Calls::of(snapshot), notes: &app.session.notes };
    table.draw(&rows, (screen.list, screen.len()), role, (area, surface));
    if screen.is_empty() {
        let (what, help) = nothing(screen, app);
        surface.message(area, &what, &help);
    }
}

/// The columns that have room.
fn table<'a>(screen: &'a CallsScreen, snapshot: &Snapshot, width: u16) -> Table<'a> {
    let legs = Calls::of(snapshot).map_or(0, Calls::leg_count);
    let wanted = |column: &ColumnSpec| match column.value {
        ColumnValue::Call(CallColumn::Number) => (legs.max(1).ilog10() as usize + 1).max(2),
        _ => column.widths[2],
    };
    Table::fit(usize::from(width), (2, 1), &screen.columns, wanted)
}

/// `sorted by ring`, if that column is not shown in this width; its heading says it otherwise.
pub(super) fn hidden_order(screen: &CallsScreen, app: &App, width: u16) -> Option<String> {
    let by = ColumnValue::Call(screen.order.column);
    let is_shown = table(screen, &app.session.snapshot, width).width(|column| column.value == by) > 0;
    if is_shown || screen.order == Order::default() {
        return None;
    }
    let (_, _, name) = CallColumn::ALL.iter().find(|(_, column, _)| *column == screen.order.column)?;
    let sign = if screen.order.reversed { "▼" } else { "▲" };
    Some(format!("sorted by {name}{sign}"))
}

struct CallRows<'a> {
    screen: &'a CallsScreen,
    snapshot: &'a Snapshot,
    calls: Option<&'a Calls>,
    notes: &'a Notes,
}

impl Rows for CallRows<'_> {
    fn heading(&self, column: &ColumnSpec, cells: usize) -> String {
        let order = self.screen.order;
        let sign = match order.reversed {
            _ if column.value != ColumnValue::Call(order.column) => "",
            false => "▲",
            true => "▼",
        };
        head(&format!("{}{sign}", column.heading), cells).to_owned()
    }

    fn margin(&self, position: usize, row: &mut CellWriter<'_>) {
        if self.notes.texts().is_empty() {
            return;
        }
        let entry = self.screen.listing.entries.get(position).copied();
        if entry.is_some_and(|entry| self.screen.notes_of(entry, self.notes, self.snapshot).next().is_some())
        {
            row.put(NOTED, Role::Done);
        }
    }

    fn cell(&self, position: usize, column: &ColumnSpec, cells: usize, row: &mut CellWriter<'_>) {
        let (Some(entry), Some(known)) = (self.screen.listing.entries.get(position), self.calls) else {
            return;
        };
        let ColumnValue::Call(value) = column.value else { return };
        let (text, role) = match *entry {
            Entry::Dialog(dialog) => {
                let Some(dialog) = known.dialog_ref(self.snapshot, dialog) else { return };
                of_dialog(&dialog, value, cells)
            }
            Entry::Incident { text, shown, .. } => {
                of_incident(known.text(text), if shown { "▾" } else { "▸" }, value)
            }
            entry => {
                let leg = |leg| known.leg_ref(self.snapshot, leg);
                let Some(one) = self.screen.listing.leg(entry).and_then(leg) else { return };
                let legs = self.screen.listing.legs(entry).iter().filter_map(|&index| leg(index));
                match CallRef::of(legs.collect()) {
                    Some(call) => of_call(&call, value, cells),
                    None => of_leg(&one, value, cells),
                }
            }
        };
        match column.align {
            Align::Right => row.column_right(&text, cells, role),
            Align::Left => row.put_in(&fit(&text, cells), cells, role),
        }
    }
}

/// A cell of a call.
fn of_call(call: &CallRef<'_>, column: CallColumn, cells: usize) -> (String, Role) {
    let main = call.main();
    match column {
        CallColumn::Number => ((main.index + 1).to_string(), Role::Dim),
        CallColumn::EndedBy => (call.ended_by().to_owned(), Role::Plain),
        CallColumn::Legs => (call.legs().len().to_string(), Role::Dim),
        CallColumn::State => {
            let (text, role) = of_leg(&main, column, cells);
            (text + &mark(call).map(|mark| format!(" {mark}")).unwrap_or_default(), role)
        }
        CallColumn::Why => (escape(call.verdict().text.as_bytes()).into_owned(), verdict_role(call.state())),
        other => of_leg(&main, other, cells),
    }
}

/// What follows the state: that something is wrong, where the state itself does not say so.
fn mark(call: &CallRef<'_>) -> Option<&'static str> {
    let lost =
        || call.is(LegFlags::EMERGENCY) && call.legs().iter().any(|leg| leg.lost_of_emergency().is_some());
    if !call.is_failed() && call.is_problem() { Some(WRONG.0) } else { lost().then_some(LOST.0) }
}

/// A cell of a leg.
fn of_leg(leg: &LegRef<'_>, column: CallColumn, cells: usize) -> (String, Role) {
    match column {
        CallColumn::Number => (format!(" {}", leg_letter(leg)), Role::Dim),
        CallColumn::Start => (time_of_day(leg.start()), Role::Plain),
        CallColumn::From => (label::user_in(leg.from(), cells).into_owned(), Role::Plain),
        CallColumn::To => (label::user_in(leg.to(), cells).into_owned(), Role::Plain),
        CallColumn::State => {
            let cut = if leg.is_cut() { format!(" {CUT}") } else { String::new() };
            (leg.outcome() + &cut, outcome_role(leg.state()))
        }
        CallColumn::Ring => (seconds(leg.rang()), Role::Plain),
        CallColumn::Talk => (seconds(leg.talk()), Role::Plain),
        CallColumn::EndedBy => (leg.ended_by().to_owned(), Role::Plain),
        CallColumn::Legs => (String::new(), Role::Dim),
        CallColumn::Why => (escape(leg.verdict().text.as_bytes()).into_owned(), verdict_role(leg.state())),
    }
}

/// A cell of the heading of an incident.
fn of_incident(identifier: &[u8], sign: &str, column: CallColumn) -> (String, Role) {
    let text = match column {
        CallColumn::Start if identifier.is_empty() => format!("{sign} other"),
        CallColumn::Start if identifier.starts_with(INCIDENT) => format!("{sign} incident"),
        CallColumn::Start => format!("{sign} callid"),
        CallColumn::Why if identifier.is_empty() => "no incident is named".to_owned(),
        // What all identifiers begin with has no room; the details have it.
        CallColumn::Why => {
            let own = [INCIDENT, CALL].iter().find_map(|prefix| identifier.strip_prefix(*prefix));
            escape(own.unwrap_or(identifier)).into_owned()
        }
        _ => String::new(),
    };
    (text, Role::Strong)
}

fn of_dialog(dialog: &DialogRef<'_>, column: CallColumn, cells: usize) -> (String, Role) {
    let first = dialog.first();
    let role = if dialog.is_failed() { Role::Failure } else { Role::Plain };
    match (column, first) {
        (CallColumn::Start, Some(first)) => (time_of_day(first.row.time), Role::Plain),
        (CallColumn::From, Some(first)) => (label::user_in(first.from(), cells).into_owned(), Role::Plain),
        (CallColumn::To, Some(first)) => (label::user_in(first.to(), cells).into_owned(), Role::Plain),
        (CallColumn::State, _) => (dialog.state().to_owned(), role),
        (CallColumn::Why, _) => {
            let mut facts = vec![dialog.dialog.kind().as_str().to_owned()];
            let failures = dialog.failures();
            let plural = if failures == 1 { "" } else { "s" };
            facts.extend((failures > 0).then(|| format!("{failures} failure{plural}")));
            facts.extend(dialog.lasting());
            facts.extend(dialog.round_trip().map(|micros| format!("round trip {}", round_trip(micros))));
            facts.extend(dialog.findings().into_iter().map(|finding| finding.text));
            (escape(facts.join(", ").as_bytes()).into_owned(), role)
        }
        _ => (String::new(), Role::Plain),
    }
}

/// A duration with one decimal, so that numbers below each other can be compared.
fn seconds(micros: Option<i64>) -> String {
    micros.map_or_else(|| NONE.to_owned(), crate::calls::seconds)
}

/// Why there is no row, and what helps.
fn nothing(screen: &CallsScreen, app: &App) -> (String, String) {
    let snapshot = &app.session.snapshot;
    let key = |command| app.prefs.keymap.key_of(command).map(keymap::key_name).unwrap_or_default();
    if screen.matches.searching || !screen.matches.is_listed {
        return ("searching…".to_owned(), String::new());
    }
    if screen.matches.is_filtered() && !snapshot.is_empty() {
        let filter = label::text(screen.filter.filter.text().as_bytes());
        let kinds: Vec<_> =
            screen.listing.others.iter().map(|kind| format!("kind:{}", kind.as_str())).collect();
        let help = if kinds.is_empty() {
            format!("{} removes the filter, / changes it", key(Command::ClearFilter))
        } else {
            format!("other dialogs match: / {} shows them", kinds.join(" or "))
        };
        return (format!("no call matches  {filter}"), help);
    }
    if !(snapshot.progress.done || snapshot.progress.caught_up) {
        return ("loading…".to_owned(), String::new());
    }
    let help = "c shows the messages, / kind:register the registrations".to_owned();
    ("no call in this input: it has no INVITE".to_owned(), help)
}
