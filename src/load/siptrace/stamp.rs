//! Which day an entry was written on: entries say the time of day alone, the log's own lines say the date, too.
//!
//! Must not know: lines, entries, output.

use crate::base::Timestamp;

/// Half a day in microseconds.
const HALF_A_DAY: u64 = 12 * 60 * 60 * 1_000_000;

/// `stamp` with the date that it has beside `anchor`, the nearest stamp before it in the log that has a date: they are less
/// than half a day apart. As it is where there is no such stamp, or where it has a date already.
pub(super) fn dated(stamp: Timestamp, anchor: Option<Timestamp>) -> Timestamp {
    let (Timestamp::TimeOnly { hour, min, sec, usec }, Some(anchor)) = (stamp, anchor) else { return stamp };
    let Timestamp::DateTime { year, month, day, .. } = anchor else { return stamp };
    let (here, there) = (stamp.micros_of_day(), anchor.micros_of_day());
    let (year, month, day) = if there > here + HALF_A_DAY {
        day_after(year, month, day)
    } else if here > there + HALF_A_DAY {
        day_before(year, month, day)
    } else {
        (year, month, day)
    };
    Timestamp::DateTime { year, month, day, hour, min, sec, usec }
}

fn day_after(year: u16, month: u8, day: u8) -> (u16, u8, u8) {
    if is_date(year, month, day + 1) {
        (year, month, day + 1)
    } else if month < 12 {
        (year, month + 1, 1)
    } else {
        ((year + 1).min(9999), 1, 1)
    }
}

fn day_before(year: u16, month: u8, day: u8) -> (u16, u8, u8) {
    let last = |year, month| (28..=31).rev().find(|&day| is_date(year, month, day)).unwrap_or(28);
    if day > 1 {
        (year, month, day - 1)
    } else if month > 1 {
        (year, month - 1, last(year, month - 1))
    } else {
        (year.saturating_sub(1), 12, 31)
    }
}

/// Whether the calendar has that day: the stamp's own grammar knows.
fn is_date(year: u16, month: u8, day: u8) -> bool {
    Timestamp::parse(format!("{year:04}-{month:02}-{day:02} 00:00:00.000000").as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_that_of_the_nearest_line_over_midnight_too() {
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
