//! The times of a dump in UTC: FreeSWITCH writes the time of the day of its machine.
//!
//! Must not know: messages, where the times come from.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Microseconds of a quarter of an hour: all zones change at its multiples.
const QUARTER: i64 = 15 * 60 * 1_000_000;

/// A time zone, with its last offset: messages follow each other.
#[derive(Debug)]
pub(super) struct Zone {
    zone: TimeZone,
    /// A quarter of an hour in local time, and what has to be added to its times.
    last: Option<(i64, i64)>,
}

impl Zone {
    /// The time zone of this machine, or the one that the variable `TZ` names.
    pub(super) fn here() -> Self {
        Self::new(TimeZone::system())
    }

    fn new(zone: TimeZone) -> Self {
        Self { zone, last: None }
    }

    /// Microseconds since 1970 UTC of a local time, given as microseconds since 1970-01-01 local time. Of the two times with
    /// the same name, when summer ends, it is the first one.
    pub(super) fn utc(&mut self, local: i64) -> i64 {
        let quarter = local.div_euclid(QUARTER);
        let added = match self.last {
            Some((last, added)) if last == quarter => added,
            _ => self.added(quarter * QUARTER),
        };
        self.last = Some((quarter, added));
        local + added
    }

    fn added(&self, local: i64) -> i64 {
        let clock = Timestamp::from_microsecond(local).map(|clock| TimeZone::UTC.to_datetime(clock));
        let utc = clock.and_then(|clock: DateTime| self.zone.to_timestamp(clock));
        // A time that no calendar has is left as it is.
        utc.map_or(0, |utc| utc.as_microsecond() - local)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(utc: &str) -> i64 {
        utc.parse::<Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn local_times_become_utc() {
        let mut zone = Zone::new(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap());
        for (local, utc) in [
            ("2026-01-07T06:00:00.000007Z", "2026-01-07T05:00:00.000007Z"),
            ("2026-01-07T06:14:59.999999Z", "2026-01-07T05:14:59.999999Z"),
            ("2026-07-07T06:00:00Z", "2026-07-07T04:00:00Z"),
            // Summer begins: this hour does not exist. Summer ends: this hour is there twice.
            ("2026-03-29T01:59:59.9Z", "2026-03-29T00:59:59.9Z"),
            ("2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"),
            ("2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"),
            ("2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"),
        ] {
            assert_eq!(zone.utc(micros(local)), micros(utc), "{local}");
        }
        assert_eq!(Zone::new(TimeZone::UTC).utc(7), 7);
    }
}
