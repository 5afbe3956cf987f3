//! Where a dump was opened again while its traffic went on: FreeSWITCH, or the profile, was restarted.
//!
//! In a file of several profiles a marker can wait until its profile's first frame, so that it is older than what precedes it:
//! such a marker says nothing about the legs that it is older than.
//!
//! Must not know: legs, texts of messages.

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
    /// By source: how many markers came before its newest message; `None` before its first message.
    seen: Vec<Option<u64>>,
}

impl Markers {
    /// Takes the marker before the next message; gives the restart that lies between it and the message before it.
    pub(super) fn take(&mut self, row: &Row, index: MessageIdx, marker: &Marker) -> Option<Restart> {
        let source = usize::from(row.source);
        if self.seen.len() <= source {
            self.seen.resize(source + 1, None);
        }
        let before = self.seen[source].replace(marker.number)?;
        if marker.number <= before {
            return None;
        }
        let micros = |time: crate::base::Timestamp| Some(time.days()? * DAY + time.micros_of_day() as i64);
        let time = marker.time.and_then(micros).unwrap_or(row.time);
        Some(Restart { message: index, time, source: row.source })
    }
}

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
