//! Makes a term of the filter from the selected row.
//!
//! Must not know: which rows match, drawing.

use crate::app::Notice;
use crate::app::columns::ColumnValue;
use crate::app::row_part::{Keep, RowPart, row_keys};
use crate::app::session::Session;
use crate::base::{Timestamp, time_of_day};
use crate::calls::{Calls, Handle};
use crate::filter::options::compare;
use crate::filter::{Facts, Field, Filter, Op};
use crate::store::{DAY, RowRef, Snapshot};

use super::super::{Host, Outcome};
use super::MessagesScreen;
use super::cells::field_of;

/// How far around the row [`RowPart::Times`] reaches, in microseconds.
const AROUND: i64 = 5_000_000;

impl MessagesScreen {
    /// Adds a term to the filter, which keeps or takes away what shares `part` with the selected row.
    pub(super) fn filter_from_row(&mut self, part: RowPart, keep: Keep, host: &mut Host<'_>) -> Outcome {
        let Some(term) = self.term_of_selected(part, host) else {
            let keys = row_keys(&host.prefs.columns);
            let name = keys.iter().find(|(_, known, _)| *known == part).map_or("", |(.., name)| name);
            return Outcome::Failed(format!("this message has no {name}"));
        };
        let term = if keep == Keep::Others { term.negated() } else { term };
        let edited = self.filter.put(&self.filter.filter.clone().and(term), &mut host.session.filters);
        self.edited(edited, host);
        Outcome::Done
    }

    /// Adds the selected line of the details to the filter.
    pub(super) fn filter_from_details(&mut self, keep: Keep, host: &mut Host<'_>) -> Outcome {
        let Some(filter) = narrowed(&self.filter.filter, keep, host) else { return Outcome::Ignored };
        let edited = self.filter.put(&filter, &mut host.session.filters);
        self.edited(edited, host);
        Outcome::Done
    }

    fn term_of_selected(&self, part: RowPart, host: &Host<'_>) -> Option<Filter> {
        let session: &Session = host.session;
        let row = session.snapshot.row(self.row(session, self.list.selected)?)?;
        let RowPart::Column(column) = part else { return term(part, row) };
        let column = host.prefs.columns.get(column)?;
        match column.value {
            ColumnValue::Field(field) if field_of(column.value).is_none() => of_field(field, &row),
            value => is(column.name, self.cells.get(row.index, value)?),
        }
    }
}

/// A filter with the selected line of the details as a further term, which is no longer selected. Says what was added.
pub(in crate::app::screens) fn narrowed(filter: &Filter, keep: Keep, host: &mut Host<'_>) -> Option<Filter> {
    let term = host.session.details.term()?;
    host.session.details.drop_field();
    let says = match keep {
        Keep::These => format!("added to the filter: {}", term.text()),
        Keep::Others => format!("excluded by the filter: {}", term.text()),
    };
    *host.notice = Some(Notice::Done(says));
    let term = if keep == Keep::Others { term.negated() } else { term };
    Some(filter.clone().and(term))
}

/// `field=value`, if there is a value.
fn is(field: &str, value: &[u8]) -> Option<Filter> {
    let value = std::str::from_utf8(value).ok().filter(|value| !value.is_empty())?;
    compare(field, Op::Equals, value).ok()
}

/// The term for a field that the index knows, if the row has it.
fn of_field(field: Field, row: &RowRef<'_>) -> Option<Filter> {
    let number = match field {
        Field::Status => row.status().map(u64::from),
        Field::Size => Some(row.size()),
        Field::Frames => Some(u64::from(row.frames())),
        Field::Cseq => Some(u64::from(row.cseq_number())),
        field => row.call_number(field),
    };
    if let Some(number) = number {
        // Times of calls are microseconds, which the language does not compare exactly.
        let is_time = matches!(field, Field::Pdd | Field::Setup | Field::Talk | Field::Pair);
        return if is_time { None } else { is(field.name(), number.to_string().as_bytes()) };
    }
    let text = match field {
        Field::To => row.to(),
        Field::Reason if row.row.status > 0 => row.what(),
        Field::Dir => row.row.direction().as_str().as_bytes(),
        Field::Transport => row.row.transport().as_str().as_bytes(),
        Field::CallId => row.call_id(),
        Field::Profile => Facts::profile(row).bytes,
        Field::File => Facts::file(row).bytes,
        field => {
            let mut term = None;
            row.call_text(field, &mut |text| {
                term = is(field.name(), text);
                term.is_some()
            });
            return term;
        }
    };
    is(field.name(), text)
}

/// The term, if the row has this part.
fn term(part: RowPart, row: RowRef<'_>) -> Option<Filter> {
    match part {
        RowPart::Peer => {
            let (host, _port) = std::str::from_utf8(row.peer()).ok()?.rsplit_once(':')?;
            // Dumps have brackets around IPv4 addresses too; screens and people do not write them.
            let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
            let host = bare.filter(|bare| !bare.contains(':')).unwrap_or(host);
            // The colon: 192.0.2.2 is not 192.0.2.20.
            compare("addr", Op::Has, &format!("{host}:")).ok()
        }
        RowPart::User => is("from", row.from()),
        RowPart::Call if is_leg(row) => is("leg", row.call_id()),
        RowPart::Call => is("call-id", row.call_id()),
        RowPart::Transaction => {
            let cseq = is("cseq", row.row.cseq.to_string().as_bytes())?;
            Some(is("call-id", row.call_id())?.and(cseq))
        }
        RowPart::Method => is("method", row.method()),
        RowPart::Times => {
            let [from, to] = around(row.row.time).map(|time| moment(row.snapshot, time));
            Filter::parse(&format!("time>={from} time<={to}")).ok()
        }
        RowPart::Column(_) => None,
    }
}

/// [`AROUND`] before and after a time, on its day: without dates, a range across midnight would be empty.
fn around(time: i64) -> [i64; 2] {
    let midnight = time.div_euclid(DAY) * DAY;
    [(time - AROUND).max(midnight), (time + AROUND).min(midnight + DAY - 1)]
}

/// Whether the message belongs to a call, which may have more legs.
fn is_leg(row: RowRef<'_>) -> bool {
    let leg = Calls::of(row.snapshot).and_then(|calls| calls.of_row(row.row));
    matches!(leg, Some(Handle::Leg(_)))
}

/// A time as the filter takes it; with its date only where the trace has more than one day.
fn moment(snapshot: &Snapshot, micros: i64) -> String {
    let clock = time_of_day(micros);
    let clock = clock.get(.."06:00:00.019".len()).unwrap_or(&clock);
    let days = |index: usize| snapshot.row(index as u32).map(|row| row.row.time.div_euclid(DAY));
    if days(0) == days(snapshot.len().saturating_sub(1)) {
        return clock.to_owned();
    }
    let midnight = Timestamp::TimeOnly { hour: 0, min: 0, sec: 0, usec: 0 };
    match midnight.on_day(micros.div_euclid(DAY)).map(|stamp| stamp.to_string()) {
        Some(date) => format!("{}T{clock}", date.get(.."2026-02-01".len()).unwrap_or_default()),
        None => clock.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_around_a_message_stay_on_its_day() {
        let (noon, late) = (DAY / 2, DAY - 1_000_000);
        assert_eq!(around(noon), [noon - AROUND, noon + AROUND]);
        assert_eq!(around(1_000_000), [0, 6_000_000]);
        assert_eq!(around(late), [late - AROUND, DAY - 1]);
    }
}
