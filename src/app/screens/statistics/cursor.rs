//! The selected time of the histogram, or a range of times: times, not columns, so that they stay while the trace grows.
//!
//! Must not know: what is counted, drawing.

use crate::statistics::Scale;

/// A selected interval, or all intervals from it to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeCursor {
    /// A time in the selected interval, in microseconds; the first interval until one was chosen.
    time: Option<i64>,
    /// A time in the interval at which the range began.
    begin: Option<i64>,
}

impl TimeCursor {
    /// The selected interval.
    pub fn interval(&self, scale: Scale) -> usize {
        self.time.map_or(0, |time| scale.at(time))
    }

    /// The first and the last selected interval.
    pub fn intervals(&self, scale: Scale) -> (usize, usize) {
        let (one, other) = (self.interval(scale), self.begin.map(|time| scale.at(time)));
        let other = other.unwrap_or(one);
        (one.min(other), one.max(other))
    }

    /// Whether a range is selected.
    pub const fn has_range(&self) -> bool {
        self.begin.is_some()
    }

    /// When the range begins and where it ends, if one is selected.
    pub fn range(&self, scale: Scale) -> Option<(i64, i64)> {
        self.begin?;
        let (first, last) = self.intervals(scale);
        Some((scale.start(first), scale.start(last + 1)))
    }

    /// Selects an interval.
    pub(super) fn go_to(&mut self, interval: usize, scale: Scale) {
        self.time = Some(scale.start(interval));
    }

    /// Begins a range at the selected interval, unless there is one.
    pub(super) fn begin_range(&mut self, scale: Scale) {
        self.begin.get_or_insert(scale.start(self.interval(scale)));
    }

    /// Begins a range, or drops it.
    pub(super) fn toggle_range(&mut self, scale: Scale) {
        if !self.drop_range() {
            self.begin_range(scale);
        }
    }

    /// Drops the range; whether there was one.
    pub(super) fn drop_range(&mut self) -> bool {
        self.begin.take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_covers_both_of_its_ends_in_either_direction() {
        let scale = Scale { first: 1_000, step: 10, count: 50 };
        let mut cursor = TimeCursor::default();
        assert_eq!((cursor.interval(scale), cursor.range(scale)), (0, None));
        cursor.go_to(5, scale);
        cursor.begin_range(scale);
        for (to, want) in [(7, (1_050, 1_080)), (5, (1_050, 1_060)), (2, (1_020, 1_060))] {
            cursor.go_to(to, scale);
            assert_eq!(cursor.range(scale), Some(want));
        }
        let wider = Scale { first: 1_000, step: 20, count: 25 };
        assert_eq!(cursor.range(wider), Some((1_020, 1_060)));
        assert!(cursor.drop_range() && !cursor.drop_range());
    }
}
