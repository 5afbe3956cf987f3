//! Makes a term of the filter from the selected row.
//!
//! Must not know: which rows match, drawing.

use crate::app::row_part::{Keep, RowPart};
use crate::app::session::Session;
use crate::base::{Timestamp, time_of_day};
use crate::calls::{Calls, Handle};
use crate::filter::Filter;
use crate::filter::options::compare;
use crate::filter::{FilterError, Op};
use crate::store::{DAY, RowRef, Snapshot};

use super::super::{Host, Outcome};
use super::MessagesScreen;

/// How far around the row [`RowPart::Times`] reaches, in microseconds.
const AROUND: i64 = 5_000_000;

impl MessagesScreen {
    /// Adds a term to the filter, which keeps or takes away what shares `part` with the selected row.
    pub(super) fn filter_from_row(&mut self, part: RowPart, keep: Keep, host: &mut Host<'_>) -> Outcome {
        let Some(term) = self.term_of_selected(part, host.session) else {
            return Outcome::Failed("this message has nothing of the kind".to_owned());
        };
        let term = if keep == Keep::Others { term.negated() } else { term };
        let edited = self.filter.put(&self.filter.filter.clone().and(term));
        self.edited(edited, host);
        Outcome::Done
    }

    fn term_of_selected(&self, part: RowPart, session: &Session) -> Option<Filter> {
        let row = session.snapshot.row(self.row(session, self.list.selected)?)?;
        term(part, row).and_then(Result::ok)
    }
}

/// The term, if the row has this part.
fn term(part: RowPart, row: RowRef<'_>) -> Option<Result<Filter, FilterError>> {
    let is = |field: &str, value: &[u8]| {
        let value = std::str::from_utf8(value).ok().filter(|value| !value.is_empty())?;
        Some(compare(field, Op::Equals, value))
    };
    match part {
        RowPart::Peer => {
            let (host, _port) = std::str::from_utf8(row.peer()).ok()?.rsplit_once(':')?;
            // Dumps have brackets around IPv4 addresses too; screens and people do not write them.
            let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
            let host = bare.filter(|bare| !bare.contains(':')).unwrap_or(host);
            // The colon: 192.0.2.2 is not 192.0.2.20.
            Some(compare("addr", Op::Has, &format!("{host}:")))
        }
        RowPart::User => is("from", row.from()),
        RowPart::Call if is_leg(row) => is("leg", row.call_id()),
        RowPart::Call => is("call-id", row.call_id()),
        RowPart::Transaction => {
            let call = is("call-id", row.call_id())?;
            let cseq = is("cseq", row.row.cseq.to_string().as_bytes())?;
            Some(call.and_then(|call| Ok(call.and(cseq?))))
        }
        RowPart::Method => is("method", row.method()),
        RowPart::Times => {
            let [from, to] = [row.row.time - AROUND, row.row.time + AROUND].map(|t| moment(row.snapshot, t));
            Some(Filter::parse(&format!("time>={from} time<={to}")))
        }
    }
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
