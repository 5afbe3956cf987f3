//! The day of a file's first stamp, as the file's own time tells it.
//!
//! A dump without `dump started at` and without dates says only the time of day. When the file was written to for the last
//! time, the system knows; that was when its last stamp was written. From there days are counted back.
//!
//! Must not know: sets, what else may tell a date.

use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt;

use jiff::Timestamp as Instant;
use jiff::tz::TimeZone;

use crate::base::Timestamp;
use crate::frame::stamps;
use crate::store::{DAY, STEP, read_at_most};

/// Microseconds of a second, a minute and an hour.
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
/// What a stamp and the system's time of the same write may differ by: frames wait in a buffer of 4 KB.
const BUFFERED: i64 = 5 * MINUTE;
/// Zones differ by multiples of this.
const ZONE_STEP: i64 = 15 * MINUTE;
/// So much of a file is looked at for a stamp.
const PEEK: u64 = 32 * 1024;
/// The end of a file is searched so far for its last stamp.
const TAIL: u64 = 1 << 20;
/// Places of a file at which its time of day is looked at.
const PEEKS: u64 = 24;

/// When a file was written to for the last time, in this machine's local time: microseconds since 1970.
pub(in crate::load) fn last_write(meta: &Metadata) -> i64 {
    let utc = meta.mtime();
    let offset = Instant::from_second(utc).map_or(0, |time| TimeZone::system().to_offset(time).seconds());
    (utc + i64::from(offset)) * SECOND + meta.mtime_nsec() / 1000
}

/// The day, in days since 1970, of the first stamp of a plain file. `None` where it has no stamps.
pub(in crate::load) fn first_day(file: &File, meta: &Metadata) -> Option<i64> {
    let len = meta.len();
    let last = last_stamp(file, len)?;
    let last_day = with_date(last_write(meta), last).div_euclid(DAY);
    Some(last_day - midnights(&peeks(file, len, last)))
}

/// The day of the first of a text's times of day, the file that it stands in being written to last when its `meta` says.
pub(in crate::load) fn first_day_of_text(times: &[i64], meta: &Metadata) -> Option<i64> {
    let last_day = with_date(last_write(meta), *times.last()?).div_euclid(DAY);
    Some(last_day - midnights(times))
}

/// The time of the last stamp of a plain file of which the first one is at `first`.
pub(in crate::load) fn last_after(file: &File, len: u64, first: i64) -> Option<i64> {
    let last = last_stamp(file, len)?;
    let days = first.div_euclid(DAY) + midnights(&peeks(file, len, last));
    Some(days * DAY + last)
}

/// Times of day all over a file, the last one at its end.
fn peeks(file: &File, len: u64, last: i64) -> Vec<i64> {
    let paths = (0..PEEKS).map(|nth| len / PEEKS * nth);
    paths.filter_map(|from| peek(file, from)).chain([last]).collect()
}

/// The day of the first stamp of a file of which only that is known, and when it was written last: it is taken to have less
/// than a day in it.
pub(in crate::load) fn first_day_of_short(first: Timestamp, last_write: i64) -> i64 {
    (last_write + 2 * MINUTE - first.micros_of_day() as i64).div_euclid(DAY)
}

/// The last stamp of a plain file: microseconds since midnight.
fn last_stamp(file: &File, len: u64) -> Option<i64> {
    let mut bytes = Vec::new();
    [PEEK, TAIL].into_iter().find_map(|most| {
        read_at_most(file, len.saturating_sub(most), most, &mut bytes).ok()?;
        stamps(&bytes).last().map(|stamp| stamp.micros_of_day() as i64)
    })
}

/// The first stamp from a place of the file on.
fn peek(file: &File, from: u64) -> Option<i64> {
    let mut bytes = Vec::new();
    read_at_most(file, from, PEEK, &mut bytes).ok()?;
    stamps(&bytes).next().map(|stamp| stamp.micros_of_day() as i64)
}

/// How often midnight lies between these times of day. Between two of them there is less than a day.
fn midnights(seen: &[i64]) -> i64 {
    let count =
        |wanted: fn(i64) -> bool| seen.windows(2).filter(|pair| wanted(pair[1] - pair[0])).count() as i64;
    count(|step| step < -STEP) - count(|step| step > DAY - STEP)
}

/// The time of the last stamp, with its date: that of the last write, by the clock of the machine that wrote it. That
/// machine may stand in another zone; and a file that was copied since has another time altogether, later than its stamps.
fn with_date(last_write: i64, last: i64) -> i64 {
    let ago = |shift: i64| (last_write + shift - last).rem_euclid(DAY);
    let shifts = (0..).map(|nth| if nth % 2 == 0 { -nth / 2 } else { (nth + 1) / 2 } * ZONE_STEP);
    let here = (ago(0) <= BUFFERED || ago(0) >= DAY - MINUTE).then_some(0);
    let elsewhere =
        || shifts.take_while(|shift| shift.abs() <= 14 * HOUR).find(|shift| ago(*shift) <= 2 * MINUTE);
    let local = last_write + here.or_else(elsewhere).unwrap_or(0);
    // The last stamp may have been written a little after the time that the system keeps.
    (local + MINUTE - last).div_euclid(DAY) * DAY + last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        let stamp = Timestamp::parse(text.as_bytes()).unwrap();
        stamp.days().unwrap_or(0) * DAY + stamp.micros_of_day() as i64
    }

    #[test]
    fn the_last_stamp_is_of_the_last_write_also_in_another_zone() {
        for (last_write, last, want) in [
            ("2026-11-23 23:59:59.500000", "23:59:59.400000", "2026-11-23"),
            ("2026-11-24 00:00:00.000000", "23:59:59.900000", "2026-11-23"),
            ("2026-11-23 23:59:59.990000", "00:00:00.010000", "2026-11-24"),
            // Written six hours to the west.
            ("2026-11-24 05:59:59.500000", "23:59:59.400000", "2026-11-23"),
            // Written five and three quarters of an hour to the east.
            ("2026-11-23 22:00:01.000000", "03:45:00.000000", "2026-11-24"),
            // Copied some time after: the last such time of day before that.
            ("2026-11-25 12:07:00.000000", "11:59:30.000000", "2026-11-25"),
            ("2026-11-25 12:07:00.000000", "12:19:30.000000", "2026-11-24"),
        ] {
            let date = Timestamp::parse(last.as_bytes()).unwrap();
            let day = with_date(at(last_write), at(last)).div_euclid(DAY);
            assert_eq!(date.on_day(day).unwrap().to_string()[..10], *want, "{last_write} {last}");
        }
    }

    #[test]
    fn midnights_are_counted_between_peeks() {
        let hours = |hours: &[i64]| hours.iter().map(|hour| hour * HOUR).collect::<Vec<_>>();
        for (seen, want) in [
            (&[1, 2, 3][..], 0),
            (&[20, 23, 2, 8, 14, 20, 1], 2),
            (&[3, 2, 4], 0),
            (&[23, 0, 23, 1], 1),
            (&[5], 0),
        ] {
            assert_eq!(midnights(&hours(seen)), want, "{seen:?}");
        }
    }

    #[test]
    fn a_file_of_several_days_is_counted_back_from_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.dump");
        let mut text = Vec::new();
        // Three days, a frame a quarter of an hour, each of 4 KB.
        for quarter in 80..80 + 3 * 96 {
            let (hour, minute) = (quarter / 4 % 24, quarter % 4 * 15);
            let stamp = format!("{hour:02}:{minute:02}:00.000000");
            text.extend(format!("recv 4000 bytes from udp/[192.0.2.7]:5060 at {stamp}:\n").bytes());
            text.extend([b'x'; 4000]);
            text.extend(b"\x0b\n");
        }
        std::fs::write(&path, &text).unwrap();
        let file = File::open(&path).unwrap();
        let meta = file.metadata().unwrap();
        // The file was written just now, whatever the time of day is: the last stamp is of today or of yesterday.
        let today = last_write(&meta).div_euclid(DAY);
        let first = first_day(&file, &meta).unwrap();
        assert!((today - 4..=today - 3).contains(&first), "{first} {today}");
    }
}
