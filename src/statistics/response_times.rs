//! How long responses take: counts by duration, precise to 3 %, in memory that does not grow with their number.
//!
//! Must not know: whose responses they are.

use std::collections::BTreeMap;

/// Steps in which each power of two is divided.
const STEPS: u32 = 32;

/// Durations by their size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResponseTimes {
    counts: BTreeMap<u16, u32>,
    count: u64,
}

impl ResponseTimes {
    /// Counts a duration in microseconds.
    pub(super) fn add(&mut self, micros: u64) {
        *self.counts.entry(step_of(micros)).or_default() += 1;
        self.count += 1;
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The shortest duration, in microseconds, that at least `percent` per cent of them do not exceed: 50 gives the median.
    pub fn percentile(&self, percent: u64) -> Option<i64> {
        let rank = (self.count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let step = self.counts.iter().find(|(_, count)| {
            seen += u64::from(**count);
            seen >= rank
        });
        step.map(|(step, _)| middle_of(*step) as i64)
    }
}

/// The number of the step that contains a duration: exact up to [`STEPS`], then 32 steps for each power of two.
fn step_of(micros: u64) -> u16 {
    if micros < u64::from(STEPS) {
        return micros as u16;
    }
    let power = micros.ilog2();
    let shift = power - STEPS.trailing_zeros();
    let within = (micros >> shift) as u32 - STEPS;
    ((shift + 1) * STEPS + within) as u16
}

/// The duration in the middle of a step.
fn middle_of(step: u16) -> u64 {
    let step = u32::from(step);
    if step < STEPS {
        return u64::from(step);
    }
    let (shift, within) = (step / STEPS - 1, step % STEPS);
    let first = u64::from(STEPS + within) << shift;
    first + (1_u64 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_within_three_per_cent() {
        for micros in [0, 1, 31, 32, 33, 100, 12_345, 999_999, 32_000_000, u64::from(u32::MAX) * 9] {
            let middle = middle_of(step_of(micros));
            assert!(middle.abs_diff(micros) * 100 <= micros * 3 + 100, "{micros}: {middle}");
        }
        let mut times = ResponseTimes::default();
        assert_eq!((times.percentile(50), times.count()), (None, 0));
        (1..=100).for_each(|n| times.add(n * 1_000));
        let near = |percent, want: i64| {
            let got = times.percentile(percent).unwrap();
            assert!((got - want).abs() * 100 <= want * 3, "{percent}: {got}");
        };
        near(50, 50_000);
        near(95, 95_000);
        near(100, 100_000);
    }
}
