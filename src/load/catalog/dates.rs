//! Infers the day of a file's first timestamp from the file's modification time.
//!
//! A dump without `dump started at` and without dates contains only times of day. The file's modification time is the
//! time of its last timestamp; the days are counted back from there.
//!
//! Must not know: sets, other sources of a date.

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
/// Upper limit of the difference between a timestamp and the file's time of the same write: sofia-sip buffers up to 4
/// KB of frames.
const BUFFERED: i64 = 5 * MINUTE;
/// The offsets from UTC that are in use and not whole hours, in minutes (tz database 2026a, with daylight saving time).
const BROKEN_OFFSETS: [i64; 13] = [-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825];
/// Bytes that are searched for a timestamp.
const PEEK: u64 = 32 * 1024;
/// Bytes at the end of a file that are searched for its last timestamp.
const TAIL: u64 = 1 << 20;
/// The number of positions in a file at which the time of day is read.
const PEEKS: u64 = 24;

/// The modification time of a file in this machine's local time: microseconds since 1970.
pub(in crate::load) fn last_write(meta: &Metadata) -> i64 {
    meta.mtime() * SECOND + offset(meta) + meta.mtime_nsec() / 1000
}

/// This machine's offset from UTC at the modification time of a file, in microseconds.
fn offset(meta: &Metadata) -> i64 {
    let time = Instant::from_second(meta.mtime());
    time.map_or(0, |time| i64::from(TimeZone::system().to_offset(time).seconds())) * SECOND
}

/// The day, in days since 1970, of the first timestamp of a plain file. `None` if it has no timestamps.
pub(in crate::load) fn first_day(file: &File, meta: &Metadata) -> Option<i64> {
    let len = meta.len();
    let last = last_stamp(file, len)?;
    let last_day = with_date(last_write(meta), offset(meta), last).div_euclid(DAY);
    Some(last_day - midnights(&peeks(file, len, last)))
}

/// The day of the first of a text's times of day, if its file was last modified at the time in `meta`.
pub(in crate::load) fn first_day_of_text(times: &[i64], meta: &Metadata) -> Option<i64> {
    let last_day = with_date(last_write(meta), offset(meta), *times.last()?).div_euclid(DAY);
    Some(last_day - midnights(times))
}

/// The time of the last timestamp of a plain file whose first one is at `first`.
pub(in crate::load) fn last_after(file: &File, len: u64, first: i64) -> Option<i64> {
    let last = last_stamp(file, len)?;
    let days = first.div_euclid(DAY) + midnights(&peeks(file, len, last));
    Some(days * DAY + last)
}

/// Times of day at positions all over a file, the last one at its end.
fn peeks(file: &File, len: u64, last: i64) -> Vec<i64> {
    let paths = (0..PEEKS).map(|nth| len / PEEKS * nth);
    paths.filter_map(|from| peek(file, from)).chain([last]).collect()
}

/// The day of a file's first timestamp, from only that timestamp and the modification time: the file is assumed to
/// cover less than a day.
pub(in crate::load) fn first_day_of_short(first: Timestamp, last_write: i64) -> i64 {
    (last_write + 2 * MINUTE - first.micros_of_day() as i64).div_euclid(DAY)
}

/// The last timestamp of a plain file: microseconds since midnight.
fn last_stamp(file: &File, len: u64) -> Option<i64> {
    let mut bytes = Vec::new();
    [PEEK, TAIL].into_iter().find_map(|most| {
        read_at_most(file, len.saturating_sub(most), most, &mut bytes).ok()?;
        stamps(&bytes).last().map(|stamp| stamp.micros_of_day() as i64)
    })
}

/// The first timestamp after a position of the file.
fn peek(file: &File, from: u64) -> Option<i64> {
    let mut bytes = Vec::new();
    read_at_most(file, from, PEEK, &mut bytes).ok()?;
    stamps(&bytes).next().map(|stamp| stamp.micros_of_day() as i64)
}

/// The number of midnights between these times of day; two neighbours are assumed to be less than a day apart.
fn midnights(seen: &[i64]) -> i64 {
    let count =
        |wanted: fn(i64) -> bool| seen.windows(2).filter(|pair| wanted(pair[1] - pair[0])).count() as i64;
    count(|step| step < -STEP) - count(|step| step > DAY - STEP)
}

/// The time of the last timestamp, with its date: that of the last write, by the clock of the machine that wrote the
/// file. That machine may be in another time zone than this one, whose offset from UTC is `here`; and a file that was
/// copied later has a later modification time.
fn with_date(last_write: i64, here: i64, last: i64) -> i64 {
    let ago = |shift: i64| (last_write + shift - last).rem_euclid(DAY);
    let is_here = ago(0) <= BUFFERED || ago(0) >= DAY - MINUTE;
    let elsewhere = || {
        let shifts = offsets().map(|offset| offset - here).filter(|shift| ago(*shift) <= 2 * MINUTE);
        shifts.min_by_key(|shift| shift.abs())
    };
    let local = last_write + if is_here { 0 } else { elsewhere().unwrap_or(0) };
    // The last timestamp may be slightly later than the modification time.
    (local + MINUTE - last).div_euclid(DAY) * DAY + last
}

/// The offsets from UTC that are in use, in microseconds.
fn offsets() -> impl Iterator<Item = i64> {
    (-12..=14).map(|hours| hours * HOUR).chain(BROKEN_OFFSETS.map(|minutes| minutes * MINUTE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        let stamp = Timestamp::parse(text.as_bytes()).unwrap();
        stamp.days().unwrap_or(0) * DAY + stamp.micros_of_day() as i64
    }

    #[test]
    fn the_last_timestamp_is_dated_by_the_last_write_also_in_another_zone() {
        for (last_write, last, want) in [
            ("2026-11-23 23:59:59.500000", "23:59:59.400000", "2026-11-23"),
            ("2026-11-24 00:00:00.000000", "23:59:59.900000", "2026-11-23"),
            ("2026-11-23 23:59:59.990000", "00:00:00.010000", "2026-11-24"),
            // Written six hours further west.
            ("2026-11-24 05:59:59.500000", "23:59:59.400000", "2026-11-23"),
            // Written 5 h 45 min further east.
            ("2026-11-23 22:00:01.000000", "03:45:00.000000", "2026-11-24"),
            // No zone is 11 h 15 min further east: copied later.
            ("2026-11-27 13:18:35.000000", "00:33:31.000000", "2026-11-27"),
            // Copied later: the last such time of day before that.
            ("2026-11-25 12:07:00.000000", "11:59:30.000000", "2026-11-25"),
            ("2026-11-25 12:07:00.000000", "12:19:30.000000", "2026-11-24"),
        ] {
            let date = Timestamp::parse(last.as_bytes()).unwrap();
            let day = with_date(at(last_write), 0, at(last)).div_euclid(DAY);
            assert_eq!(date.on_day(day).unwrap().to_string()[..10], *want, "{last_write} {last}");
        }
    }

    #[test]
    fn midnights_are_counted_between_positions() {
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
        // Three days, one frame of 4 KB per quarter of an hour.
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
        // The file was written just now, at any time of day: the last timestamp is of today or of yesterday.
        let today = last_write(&meta).div_euclid(DAY);
        let first = first_day(&file, &meta).unwrap();
        assert!((today - 4..=today - 3).contains(&first), "{first} {today}");
    }
}
