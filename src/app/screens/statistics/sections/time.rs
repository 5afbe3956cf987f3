//! Messages over time, one row for each interval.
//!
//! Must not know: widths, which row is selected.

use std::borrow::Cow;

use crate::app::moment::{date, has_dates};
use crate::app::styled_text::Role;
use crate::base::time_of_day;
use crate::statistics::{Bucket, Scale};
use crate::store::{DAY, Snapshot};

use super::super::terms;
use super::{Cell, Column, Meaning, Rows, Source, cell, left, number, right, share};

/// The intervals.
pub(super) struct Intervals<'a> {
    snapshot: &'a Snapshot,
    scale: Scale,
    bars: Vec<Bucket>,
    calls: Vec<Bucket>,
}

impl<'a> Intervals<'a> {
    pub(super) fn of(source: Source<'a>) -> Self {
        let Source { statistics, snapshot, scale } = source;
        let bars = statistics.timeline.bars(scale);
        let calls = statistics.calls.as_ref().map(|calls| calls.starts.bars(scale)).unwrap_or_default();
        Self { snapshot, scale, bars, calls }
    }
}

impl Rows for Intervals<'_> {
    fn columns(&self) -> &'static [Column] {
        const COLUMNS: &[Column] = &[
            left("from", 19, 0),
            right("messages", 14, 0),
            right("failed", 12, 1),
            right("share", 8, 2),
            right("calls begun", 12, 3),
            right("calls failed", 12, 4),
        ];
        COLUMNS
    }

    fn count(&self) -> usize {
        self.bars.len()
    }

    fn cells(&self, at: usize) -> Vec<Cell> {
        let bar = self.bars.get(at).copied().unwrap_or_default();
        let calls = self.calls.get(at).copied().unwrap_or_default();
        let (messages, failures) = (u64::from(bar.messages), u64::from(bar.failures));
        vec![
            cell(Role::Plain, stamp(self.snapshot, self.scale.start(at), self.scale.step)),
            number(Role::Plain, messages),
            number(Role::Failure, failures),
            share(Role::Failure, failures, messages),
            number(Role::Plain, calls.messages.into()),
            number(Role::Failure, calls.failures.into()),
        ]
    }

    fn meaning(&self, at: usize) -> Meaning {
        Meaning::of(terms::before(self.snapshot, self.scale.start(at), self.scale.start(at + 1)))
    }

    fn name(&self, at: usize) -> Cow<'_, [u8]> {
        self.scale.start(at).to_string().into_bytes().into()
    }

    fn nothing(&self) -> [&'static str; 2] {
        ["no message matches", "F5 removes the filter"]
    }
}

/// A time as precise as its interval; with its date where the messages are of several days.
pub fn stamp(snapshot: &Snapshot, time: i64, step: i64) -> String {
    let Some(date) = date(time).filter(|_| has_dates(snapshot)) else { return clock(time, step) };
    if step % DAY == 0 {
        return date;
    }
    let mut clock = clock(time, step);
    if step % 60_000_000 == 0 {
        clock.truncate("05:53".len());
    }
    format!("{date} {clock}")
}

fn clock(time: i64, step: i64) -> String {
    let mut clock = time_of_day(time);
    clock.truncate(if step % 1_000_000 == 0 { "05:53:48" } else { "05:53:48.014" }.len());
    clock
}
