//! Times of a trace as the filter takes them.
//!
//! Must not know: filters, screens.

use crate::base::{Timestamp, time_of_day};
use crate::store::{DAY, Flags, Snapshot};

/// Whether all messages are on one day.
pub(in crate::app) fn is_one_day(snapshot: &Snapshot) -> bool {
    let day = |index: usize| snapshot.row(index as u32).map(|row| row.row.time.div_euclid(DAY));
    day(0) == day(snapshot.len().saturating_sub(1))
}

/// A time in microseconds, exact; with its date only where the trace has more than one day.
pub(in crate::app) fn exact(snapshot: &Snapshot, micros: i64) -> String {
    let clock = shortened(&time_of_day(micros)).to_owned();
    if is_one_day(snapshot) {
        return clock;
    }
    match date(micros) {
        Some(date) => format!("{date}T{clock}"),
        None => clock,
    }
}

/// The date of a time: `2026-02-01`.
pub(in crate::app) fn date(micros: i64) -> Option<String> {
    let midnight = Timestamp::TimeOnly { hour: 0, min: 0, sec: 0, usec: 0 };
    let stamp = midnight.on_day(micros.div_euclid(DAY))?.to_string();
    stamp.get(.."2026-02-01".len()).map(str::to_owned)
}

/// Whether the messages are of several days, and the days are known.
pub(in crate::app) fn has_dates(snapshot: &Snapshot) -> bool {
    let last = snapshot.row((snapshot.len() as u32).saturating_sub(1));
    last.is_some_and(|last| last.row.flags.has(Flags::DATED)) && !is_one_day(snapshot)
}

/// A time of day without the zeros at the end of its second: `06:00:00`, `06:00:00.25`.
pub(in crate::app) fn shortened(clock: &str) -> &str {
    if clock.contains('.') { clock.trim_end_matches('0').trim_end_matches('.') } else { clock }
}
