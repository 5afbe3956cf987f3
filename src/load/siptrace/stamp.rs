//! Determines the day of an entry: entries have only the time of day; the log's own lines have the date, too.
//!
//! Must not know: lines, entries, output.

use crate::base::Timestamp;

/// Half a day in microseconds.
const HALF_A_DAY: u64 = 12 * 60 * 60 * 1_000_000;

/// `stamp` with the date that follows from `anchor`, the nearest preceding timestamp in the log with a date: they are
/// less than half a day apart. Unchanged if there is no such timestamp, or if it already has a date.
pub(super) fn dated(stamp: Timestamp, anchor: Option<Timestamp>) -> Timestamp {
    let (Timestamp::TimeOnly { .. }, Some(anchor)) = (stamp, anchor) else { return stamp };
    let Some(day) = anchor.days() else { return stamp };
    let (here, there) = (stamp.micros_of_day(), anchor.micros_of_day());
    let day = if there > here + HALF_A_DAY {
        day + 1
    } else if here > there + HALF_A_DAY {
        day - 1
    } else {
        day
    };
    stamp.on_day(day).unwrap_or(stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_that_of_the_nearest_line_also_across_midnight() {
        for (time, anchor, expected) in [
            ("05:32:29.870740", "2026-11-23 05:32:29.853248", "2026-11-23 05:32:29.870740"),
            ("00:00:00.000001", "2026-11-23 23:59:59.999999", "2026-11-24 00:00:00.000001"),
            ("23:59:59.999999", "2026-11-23 00:00:00.000001", "2026-11-22 23:59:59.999999"),
            ("00:00:01.000000", "2026-12-31 23:59:59.000000", "2027-01-01 00:00:01.000000"),
            ("23:59:59.000000", "2027-01-01 00:00:01.000000", "2026-12-31 23:59:59.000000"),
            ("00:00:01.000000", "2028-02-28 23:59:59.000000", "2028-02-29 00:00:01.000000"),
            ("23:59:59.000000", "2026-03-01 00:00:01.000000", "2026-02-28 23:59:59.000000"),
            ("23:59:59.000000", "2026-05-01 00:00:01.000000", "2026-04-30 23:59:59.000000"),
            ("12:00:00.000000", "2026-05-01 00:00:00.000000", "2026-05-01 12:00:00.000000"),
            ("2026-05-02 12:00:00.000000", "2026-05-01 00:00:00.000000", "2026-05-02 12:00:00.000000"),
            ("12:00:00.000000", "11:00:00.000000", "12:00:00.000000"),
        ] {
            let parse = |text: &str| Timestamp::parse(text.as_bytes()).unwrap();
            assert_eq!(dated(parse(time), Some(parse(anchor))).to_string(), expected, "{time} {anchor}");
            assert_eq!(dated(parse(time), None), parse(time));
        }
    }
}
