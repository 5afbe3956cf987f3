//! The dump's own clock: how much time has passed according to timestamps that may have no date.
//!
//! Must not know: frames, streams.

use crate::base::Timestamp;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// Profiles that share a file write a few milliseconds out of order; the clock ignores that.
const JITTER: i64 = 60 * SECOND;
/// A step back of up to this much is a change of the time zone; a larger one is the next day.
const ZONE_STEP: i64 = 3 * 3600 * SECOND;

/// Counts the microseconds that passed in a dump, from 0 at its first timestamp. Never goes back.
#[derive(Debug, Default)]
pub(super) struct Clock {
    last: Option<Timestamp>,
    micros: u64,
}

impl Clock {
    /// Takes the next timestamp of the dump and returns the time since the first one.
    #[inline]
    pub(super) fn tick(&mut self, stamp: Timestamp) -> u64 {
        let step = self.last.map_or(0, |last| step(last, stamp));
        if !(-JITTER..0).contains(&step) {
            self.last = Some(stamp);
        }
        self.micros += step.max(0) as u64;
        self.micros
    }
}

/// Microseconds from one timestamp to the next: negative for a step back.
#[inline]
fn step(last: Timestamp, stamp: Timestamp) -> i64 {
    let of_day = stamp.micros_of_day() as i64 - last.micros_of_day() as i64;
    if let (Some(from), Some(to)) = (last.days(), stamp.days()) {
        return (to - from).saturating_mul(DAY).saturating_add(of_day);
    }
    if of_day < -ZONE_STEP {
        of_day + DAY
    } else if of_day > DAY - JITTER {
        // Out of order around midnight.
        of_day - DAY
    } else {
        of_day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds passed at the last timestamp.
    fn passed(stamps: &[&str]) -> u64 {
        let mut clock = Clock::default();
        let ticks = stamps.iter().map(|s| clock.tick(Timestamp::parse(s.as_bytes()).unwrap()));
        ticks.last().unwrap() / SECOND as u64
    }

    #[test]
    fn time_continues_across_midnight_zone_changes_and_a_change_of_format() {
        for (stamps, secs) in [
            (&["23:59:00.000000", "00:01:00.000000"][..], 120),
            (&["23:59:59.999000", "00:00:00.001000", "23:59:59.999500", "00:00:01.001000"], 1),
            (&["03:00:00.000000", "02:00:01.000000", "02:00:11.000000"], 10),
            (&["06:00:00.000000", "05:59:59.997000", "06:00:00.000000", "06:00:01.000000"], 1),
            (&["2026-02-28 23:00:00.000000", "2026-03-02 01:00:00.000000"], 26 * 3600),
            (&["2026-02-28 23:00:00.000000", "01:00:00.000000", "2026-03-01 02:00:00.000000"], 3 * 3600),
            (&["2026-03-02 01:00:00.000000", "2026-03-01 01:00:00.000000", "2026-03-01 01:00:05.000000"], 5),
            (&["20:00:00.000000", "08:00:00.000000"], 12 * 3600),
        ] {
            assert_eq!(passed(stamps), secs, "{stamps:?}");
        }
    }
}
