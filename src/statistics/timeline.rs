//! Messages over time, in intervals that widen as the trace grows, so that there are never many of them.
//!
//! Must not know: what is counted, how wide a screen is beyond a number of columns.

use std::collections::BTreeMap;

/// Microseconds of a millisecond, a second, a day.
const MS: i64 = 1_000;
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// The widths of the intervals that are kept; each is a multiple of the one before.
const WIDTHS: [i64; 9] =
    [MS, 10 * MS, 100 * MS, SECOND, 10 * SECOND, 60 * SECOND, 600 * SECOND, 3_600 * SECOND, DAY];
/// Intervals that are kept at most; when there are more, they are widened. A coarser width leaves at least a few hundred.
const MOST: usize = 8_192;

/// The widths of the intervals that are shown, in milliseconds: those that people count in.
const SHOWN_MS: [i64; 31] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    1_200_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
    604_800_000,
    2_592_000_000,
    31_536_000_000,
];

/// What is counted in an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bucket {
    /// Messages.
    pub messages: u32,
    /// How many of them are failures.
    pub failures: u32,
}

impl Bucket {
    fn add(&mut self, other: Self) {
        self.messages = self.messages.saturating_add(other.messages);
        self.failures = self.failures.saturating_add(other.failures);
    }
}

/// The intervals while they are counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Timeline {
    /// The number of the width.
    width: usize,
    buckets: BTreeMap<i64, Bucket>,
    /// The interval of the last message, which most of the next ones are in, too.
    open: Option<(i64, Bucket)>,
    times: Option<(i64, i64)>,
}

impl Timeline {
    /// Counts a message at a time in microseconds.
    pub(super) fn add(&mut self, time: i64, is_failure: bool) {
        let (first, last) = self.times.unwrap_or((time, time));
        self.times = Some((first.min(time), last.max(time)));
        let one = Bucket { messages: 1, failures: u32::from(is_failure) };
        let key = time.div_euclid(WIDTHS[self.width]);
        match &mut self.open {
            Some((open, bucket)) if *open == key => bucket.add(one),
            _ => {
                self.close();
                self.open = Some((time.div_euclid(WIDTHS[self.width]), one));
            }
        }
    }

    fn close(&mut self) {
        let Some((key, bucket)) = self.open.take() else { return };
        self.buckets.entry(key).or_default().add(bucket);
        while self.buckets.len() > MOST && self.width + 1 < WIDTHS.len() {
            let factor = WIDTHS[self.width + 1] / WIDTHS[self.width];
            self.width += 1;
            for (key, bucket) in std::mem::take(&mut self.buckets) {
                self.buckets.entry(key.div_euclid(factor)).or_default().add(bucket);
            }
        }
    }

    /// What was counted so far.
    pub(super) fn series(&mut self) -> Series {
        self.close();
        let width = WIDTHS[self.width];
        let buckets = self.buckets.iter().map(|(key, bucket)| (key * width, *bucket)).collect();
        Series { width, buckets, times: self.times }
    }
}

/// Counts over time: intervals with at least one message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series {
    /// How wide the intervals are, in microseconds.
    width: i64,
    /// The start of each interval and its counts, ascending.
    buckets: Vec<(i64, Bucket)>,
    /// The time of the first and of the last message, in microseconds.
    pub times: Option<(i64, i64)>,
}

/// Equal intervals from the first message to the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scale {
    /// When the first interval begins, in microseconds.
    pub first: i64,
    /// How wide each one is, in microseconds; 0 without a message.
    pub step: i64,
    /// Their number.
    pub count: usize,
}

impl Scale {
    /// The interval that contains a time, or the nearest one.
    pub fn at(&self, time: i64) -> usize {
        let at = (time - self.first).checked_div(self.step).unwrap_or_default();
        usize::try_from(at).unwrap_or_default().min(self.count.saturating_sub(1))
    }

    /// When an interval begins.
    pub fn start(&self, interval: usize) -> i64 {
        self.first + self.step * interval as i64
    }
}

impl Series {
    /// Intervals of a round width that fill up to `columns` columns.
    pub fn scale(&self, columns: usize) -> Scale {
        let Some((first, last)) = self.times else { return Scale::default() };
        let of = |step: i64| {
            let (from, to) = (first.div_euclid(step), last.div_euclid(step));
            Scale { first: from * step, step, count: (to - from + 1) as usize }
        };
        let steps = SHOWN_MS.iter().map(|ms| ms * MS).filter(|step| step % self.width.max(MS) == 0);
        let fitting = steps.map(of).find(|scale| scale.count <= columns.max(1));
        fitting.unwrap_or_else(|| of(((last - first) / columns.max(1) as i64 / DAY + 1) * DAY * 2))
    }

    /// What was counted in each interval of a scale.
    pub fn bars(&self, scale: Scale) -> Vec<Bucket> {
        let mut bars = vec![Bucket::default(); scale.count];
        for (start, bucket) in &self.buckets {
            if let Some(bar) = bars.get_mut(scale.at(*start)) {
                bar.add(*bucket);
            }
        }
        bars
    }

    /// What was counted from a time on and before another one; exact where both begin an interval.
    pub fn between(&self, from: i64, to: i64) -> Bucket {
        let first = self.buckets.partition_point(|(start, _)| *start < from);
        let inside = self.buckets[first..].iter().take_while(|(start, _)| *start < to);
        inside.fold(Bucket::default(), |mut sum, (_, bucket)| {
            sum.add(*bucket);
            sum
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(times: impl IntoIterator<Item = i64>) -> Series {
        let mut timeline = Timeline::default();
        times.into_iter().for_each(|time| timeline.add(time, time % 2 == 1));
        timeline.series()
    }

    #[test]
    fn a_scale_has_round_intervals_and_fits() {
        let at = |secs: i64| 21_600 * SECOND + secs * SECOND;
        for (last, columns, step, count) in [
            (at(0), 70, MS, 1),
            (at(60), 70, SECOND, 61),
            (at(60), 20, 5 * SECOND, 13),
            (at(3_600), 70, 60 * SECOND, 61),
            (at(86_400), 30, 3_600 * SECOND, 25),
        ] {
            let scale = series([at(0), last]).scale(columns);
            assert_eq!((scale.step, scale.count), (step, count), "{last} {columns}");
            assert_eq!((scale.at(at(0)), scale.at(last)), (0, count - 1));
        }
        assert_eq!(Series::default().scale(70), Scale::default());
    }

    #[test]
    fn nothing_is_lost_when_intervals_widen() {
        let times: Vec<i64> = (0..200_000).map(|n| n * 37 * MS + n % 2).collect();
        let series = series(times.iter().copied());
        assert!(series.buckets.len() <= MOST && series.width > MS);
        for columns in [1, 20, 76, 200] {
            let scale = series.scale(columns);
            let bars = series.bars(scale);
            assert!(bars.len() <= columns);
            assert_eq!(bars.iter().map(|bar| bar.messages).sum::<u32>(), 200_000);
            assert_eq!(bars.iter().map(|bar| bar.failures).sum::<u32>(), 100_000);
        }
        let (half, end) = (3_700 * SECOND, i64::MAX);
        let (before, after) = (series.between(0, half), series.between(half, end));
        assert_eq!((before.messages, after.messages), (100_000, 100_000));
    }

    #[test]
    fn messages_out_of_order_and_years_apart_are_counted() {
        let bars = |times: &[i64], columns| {
            let series = series(times.iter().copied());
            series.bars(series.scale(columns)).iter().map(|bar| bar.messages).collect::<Vec<_>>()
        };
        assert_eq!(bars(&[5 * MS, 2 * MS, 4 * MS, 2 * MS], 10), [2, 0, 1, 1]);
        let years = bars(&[0, 40_000 * DAY], 10);
        assert_eq!((years.iter().sum::<u32>(), years.len() <= 10), (2, true));
    }
}
