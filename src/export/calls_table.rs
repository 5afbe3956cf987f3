//! Calls as a table for people: one row per call, columns as wide as their content.
//!
//! Must not know: filters, how legs are found.

use crate::calls::{CallOf, DialogRef, FailingUser, LegRef, Registrations};
use crate::store::RowRef;
use crate::style::Role;

use super::calls::time_of;
use super::styled_write::Style;

/// A column that the user can select.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name, also in the heading.
    pub name: &'static str,
    cell: fn(&CallOf<'_>, &LegRef<'_>) -> String,
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Column {}

const fn column(name: &'static str, cell: fn(&CallOf<'_>, &LegRef<'_>) -> String) -> Column {
    Column { name, cell }
}

/// All columns; a cell function gets the call and its main leg.
pub const COLUMNS: [Column; 19] = [
    column("start", |_, leg| time_of(leg.snapshot, leg.leg.first).unwrap_or_default()),
    column("from", |_, leg| text(leg.from())),
    column("to", |_, leg| text(leg.to())),
    column("state", |_, leg| leg.outcome() + if leg.is_cut() { " …" } else { "" }),
    column("ring", |_, leg| seconds(leg.rang())),
    column("talk", |_, leg| seconds(leg.talk())),
    column("ended-by", |call, _| call.legs.ended_by().to_owned()),
    column("legs", |call, _| call.legs.legs().len().to_string()),
    column("why", |call, _| call.legs.verdict().text),
    column("end", |_, leg| {
        leg.ended_message().and_then(|end| time_of(leg.snapshot, end)).unwrap_or_default()
    }),
    column("pdd", |_, leg| seconds(leg.post_dial_delay())),
    column("setup", |_, leg| seconds(leg.setup())),
    column("side", |_, leg| leg.leg.side.as_str().to_owned()),
    column("profile", |_, leg| leg.profile().to_owned()),
    column("peer", |_, leg| leg.first().map_or_else(String::new, |row| peer(&row))),
    column("codec", |_, leg| leg.leg.agreed.first().to_owned()),
    column("messages", |call, _| call.legs.messages().to_string()),
    column("findings", |call, _| findings(call)),
    column("call-id", |_, leg| text(leg.call_id())),
];

/// The number of columns that are shown by default.
pub const USUAL: usize = 9;

impl Column {
    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its value for a program: durations in seconds without a unit, addresses as in the dump.
    pub fn value(&self, call: &CallOf<'_>, leg: &LegRef<'_>) -> String {
        let micros = match self.name {
            "ring" => leg.rang(),
            "talk" => leg.talk(),
            "pdd" => leg.post_dial_delay(),
            "setup" => leg.setup(),
            "peer" => return text(leg.peer()),
            _ => return (self.cell)(call, leg),
        };
        micros.map(super::csv::seconds).unwrap_or_default()
    }

    /// The column with this name.
    pub fn named(name: &str) -> Option<Self> {
        COLUMNS.into_iter().find(|column| column.name == name)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The peer's address, or the name that the user gave to it.
fn peer(row: &RowRef<'_>) -> String {
    row.peer_alias().map_or_else(|| text(row.peer()), str::to_owned)
}

fn seconds(micros: Option<i64>) -> String {
    micros.map_or_else(|| "-".to_owned(), crate::calls::seconds)
}

/// Appends the table of the calls, and below it the table of the dialogs, if there are any.
pub fn table(
    out: &mut Vec<u8>,
    style: Style,
    columns: &[Column],
    calls: &[CallOf<'_>],
    dialogs: &[DialogRef<'_>],
) {
    if !calls.is_empty() {
        let heading: Vec<String> = columns.iter().map(|column| column.name.replace('-', " ")).collect();
        let rows = calls.iter().map(|call| {
            let leg = call.legs.main();
            let ink = call.legs.is_failed().then_some(Role::Failure);
            (ink, columns.iter().map(|column| (column.cell)(call, &leg)).collect())
        });
        lay_out(out, style, &heading, &rows.collect::<Vec<_>>());
    }
    if !dialogs.is_empty() {
        let rows: Vec<(Option<Role>, Vec<String>)> = dialogs.iter().map(dialog_row).collect();
        lay_out(out, style, &DIALOG_COLUMNS.map(str::to_owned), &rows);
    }
    failing_users(out, style, dialogs);
}

/// Appends the tables of the users whose registrations among these dialogs fail, or failed at first, if there are any.
fn failing_users(out: &mut Vec<u8>, style: Style, dialogs: &[DialogRef<'_>]) {
    let Registrations { failing, recovered, .. } = Registrations::of(dialogs.iter().copied());
    let lists = [("failing user", failing, Some(Role::Failure)), ("registered in the end", recovered, None)];
    for (heading, users, ink) in lists.into_iter().filter(|(_, users, _)| !users.is_empty()) {
        let row = |user: &FailingUser| {
            let counts = [user.failures.to_string(), user.call_ids.to_string()];
            (ink, [text(&user.user)].into_iter().chain(counts).chain([user.finding.1.clone()]).collect())
        };
        let heading = [heading, "failures", "call ids", "last problem"].map(str::to_owned);
        out.push(b'\n');
        lay_out(out, style, &heading, &users.iter().map(row).collect::<Vec<_>>());
    }
}

/// The rules of what was found on any leg, each once.
fn findings(call: &CallOf<'_>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for finding in call.legs.legs().iter().flat_map(LegRef::findings) {
        if !names.contains(&finding.rule.name) {
            names.push(finding.rule.name);
        }
    }
    names.join(" ")
}

/// The headings of registrations, subscriptions and other dialogs.
pub(super) const DIALOG_COLUMNS: [&str; 6] = ["start", "kind", "user", "peer", "state", "details"];

/// The cells of a dialog, for these headings, and their colour.
pub(super) fn dialog_row(dialog: &DialogRef<'_>) -> (Option<Role>, Vec<String>) {
    let first = dialog.first();
    let findings = dialog.findings();
    let mut details: Vec<String> = Vec::new();
    details.extend(dialog.lasting());
    details.extend(dialog.round_trip().map(|micros| format!("{}.{} ms", micros / 1000, micros % 1000 / 100)));
    details.extend(findings.iter().map(|finding| finding.text.clone()));
    let of = |read: fn(&crate::store::RowRef<'_>) -> String| first.as_ref().map(read).unwrap_or_default();
    let cells = vec![
        time_of(dialog.snapshot, dialog.dialog.first).unwrap_or_default(),
        dialog.dialog.kind().as_str().to_owned(),
        of(|row| text(row.to())),
        of(peer),
        dialog.state().to_owned(),
        details.join("; "),
    ];
    ((!findings.is_empty()).then_some(Role::Failure), cells)
}

fn blanks(text: &mut String, mut count: usize) {
    const BLANKS: &str = "                                ";
    while count > 0 {
        let now = count.min(BLANKS.len());
        text.push_str(&BLANKS[..now]);
        count -= now;
    }
}

/// How many characters a cell has.
fn width(cell: &str) -> usize {
    if cell.is_ascii() { cell.len() } else { cell.chars().count() }
}

/// Appends rows with aligned columns; the last column is not padded.
fn lay_out(out: &mut Vec<u8>, style: Style, heading: &[String], rows: &[(Option<Role>, Vec<String>)]) {
    let width_of = |at: usize| {
        let cells = rows.iter().filter_map(|(_, cells)| cells.get(at)).chain(heading.get(at));
        cells.map(|cell| width(cell)).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..heading.len()).map(width_of).collect();
    let mut text = String::new();
    let mut line = |out: &mut Vec<u8>, cells: &[String]| {
        text.clear();
        for (cell, most) in cells.iter().zip(&widths) {
            text.push_str(cell);
            blanks(&mut text, most - width(cell) + 2);
        }
        style.inline(out, style.signs(text.trim_end()).as_bytes());
    };
    style.styled(out, Role::Strong, |out| line(out, heading));
    out.push(b'\n');
    for (ink, cells) in rows {
        match ink {
            Some(ink) => style.styled(out, *ink, |out| line(out, cells)),
            None => line(out, cells),
        }
        out.push(b'\n');
    }
}
