//! Where a dump was opened again while its traffic went on: FreeSWITCH, or the profile, was restarted.
//!
//! In a file of several profiles a marker can wait until its profile's first frame, so that it is older than what precedes it:
//! such a marker says nothing about the legs that it is older than.
//!
//! Must not know: legs, texts of messages.

use crate::base::Timestamp;
use crate::base::segments::Segments;
use crate::message::Marker;
use crate::store::{DAY, MessageIdx, Row};

/// A dump that was opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restart {
    /// The first message after it.
    pub message: MessageIdx,
    /// When: the marker's time, which is in whole seconds; the time of that message where the marker has none.
    pub time: i64,
    /// The source whose dump it is.
    pub(super) source: u16,
}

/// The markers that were seen so far.
#[derive(Debug, Default)]
pub(super) struct Markers {
    /// By source: its newest message; `None` before its first one.
    seen: Vec<Option<Seen>>,
}

/// What was seen of a source so far.
#[derive(Debug, Clone, Copy)]
struct Seen {
    markers: u64,
    time: i64,
}

impl Markers {
    /// Takes the marker before the next message; gives the restart that lies between it and the message before it.
    pub(super) fn take(&mut self, row: &Row, index: MessageIdx, marker: &Marker) -> Option<Restart> {
        let source = usize::from(row.source);
        if self.seen.len() <= source {
            self.seen.resize(source + 1, None);
        }
        let before = self.seen[source].replace(Seen { markers: marker.number, time: row.time })?;
        if marker.number <= before.markers {
            return None;
        }
        let micros = |time: Timestamp| Some(time.days()? * DAY + time.micros_of_day() as i64);
        let time = marker.time.and_then(micros).unwrap_or(row.time);
        Some(Restart { message: index, time: as_dated_before(time, before.time), source: row.source })
    }
}

/// The marker may be the first to tell the date: what precedes it was then dated by less. Gives the marker's time of day on the
/// day that those messages have, which is nearest to the last of them.
fn as_dated_before(marker: i64, last: i64) -> i64 {
    let is_undated = last < YEAR;
    if marker > last - DAY && !is_undated {
        return marker;
    }
    marker + (last - marker + DAY / 2).div_euclid(DAY) * DAY
}

/// Times below it count from the day of the first message.
const YEAR: i64 = 365 * DAY;

/// The times of markers have no fraction.
const SECOND: i64 = 1_000_000;

/// The first restart of a source after its message `last`, which passed at `time`.
pub(super) fn after(
    restarts: &Segments<Restart>,
    source: u16,
    last: MessageIdx,
    time: i64,
) -> Option<Restart> {
    let of_source = restarts.iter().filter(|restart| restart.source == source && restart.message > last);
    let mut possible = of_source.filter(|restart| restart.time > time - SECOND);
    possible.next().map(|restart| Restart { time: restart.time.max(time), ..*restart })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_that_tells_another_date_is_told_in_the_days_before_it() {
        const HOUR: i64 = 3600 * SECOND;
        let monday = 20_780 * DAY;
        for (marker, last, wanted) in [
            (monday + 5 * HOUR, monday + 4 * HOUR, monday + 5 * HOUR),
            (monday + 3 * DAY, monday, monday + 3 * DAY),
            (monday + 4 * HOUR, monday + 5 * HOUR, monday + 4 * HOUR),
            (monday + 5 * HOUR, monday + 4 * DAY + 4 * HOUR, monday + 4 * DAY + 5 * HOUR),
            (monday + 5 * HOUR, 4 * HOUR, 5 * HOUR),
            (monday + HOUR, 23 * HOUR, 25 * HOUR),
        ] {
            assert_eq!(as_dated_before(marker, last), wanted, "{marker} {last}");
        }
    }
}
