//! Which day a timestamp belongs to: its own date, or one inferred from its context.
//!
//! Must not know: messages, files, time zones.

use crate::base::Timestamp;
use crate::message::Marker;

/// Microseconds of a day, signed.
pub(crate) const DAY: i64 = 86_400_000_000;
/// A step back of up to this much is not a midnight.
pub(crate) const STEP: i64 = 3 * 3_600_000_000;
/// A machine's clock may be set back a little between the opening of a dump and its first frame.
const SLACK: i64 = 60_000_000;

/// How the date of a time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub enum Dates {
    /// It is not known: times count from the midnight before the first timestamp.
    #[default]
    Unknown,
    /// From the file's modification time or name, and the midnights since.
    OfFile,
    /// From `dump started at` or from a nearby timestamp with a date, and the midnights since.
    Inferred,
    /// The timestamp has a date.
    Stamped,
}

impl Dates {
    /// Whether there is a date that is not in the timestamp itself.
    pub const fn is_inferred(self) -> bool {
        matches!(self, Self::OfFile | Self::Inferred)
    }
}

/// Counts days across midnights for timestamps that have no date.
///
/// A step back by more than three hours is a midnight. A step forward that ends less than three hours before the same
/// time one day later belongs to the previous day: the message began before midnight and ended after it. Smaller steps
/// back have other causes: several profiles in one file, a clock that was set, a change of the time zone.
#[derive(Debug, Clone, Copy, Default)]
pub struct DayClock {
    last: Option<i64>,
    /// Whether the days are known, or count from the first timestamp.
    known: Known,
    /// The number of markers so far.
    markers: u64,
    /// The last marker, if no timestamp came since.
    marker: Option<i64>,
    /// The day of the next timestamp, if a file begins there.
    hint: Option<i64>,
}

/// What the counting of days started from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    #[default]
    Nothing,
    FileTime,
    /// A marker, or a timestamp with a date.
    Text,
}

impl DayClock {
    /// Sets the day of the next timestamp, in days since 1970, according to the file's time. It counts only if nothing
    /// better is known, or if files before it are missing (`after_gap`), because their midnights were not counted.
    pub fn file_begins(&mut self, day: Option<i64>, after_gap: bool) {
        if self.known == Known::Nothing || (after_gap && day.is_some()) {
            self.hint = day;
        }
    }

    /// Takes the last `dump started at` so far, with its number: the next timestamp is at that time or later.
    #[inline]
    pub(crate) fn marker(&mut self, marker: &Marker) {
        if marker.number == self.markers {
            return;
        }
        self.markers = marker.number;
        self.marker = marker.time.and_then(|time| Some(time.days()? * DAY + time.micros_of_day() as i64));
    }

    /// Microseconds since 1970 if the date is known, else since the midnight before the first timestamp; and how the
    /// date is known.
    #[inline]
    pub fn read(&mut self, stamp: Timestamp) -> (i64, Dates) {
        let of_day = stamp.micros_of_day() as i64;
        if let Some(days) = stamp.days() {
            let time = days * DAY + of_day;
            (self.last, self.known) = (Some(time), Known::Text);
            return (time, Dates::Stamped);
        }
        let mut time = self.last.map_or(of_day, |last| count(last, of_day));
        if self.marker.is_some() || self.hint.is_some() {
            time = self.anchor(time, of_day);
        }
        self.last = Some(time);
        let dates = match self.known {
            Known::Nothing => Dates::Unknown,
            Known::FileTime => Dates::OfFile,
            Known::Text => Dates::Inferred,
        };
        (time, dates)
    }

    /// The time of a timestamp, given `time`, which something other than counting says.
    fn anchor(&mut self, time: i64, of_day: i64) -> i64 {
        let hint = self.hint.take();
        if let Some(marker) = self.marker.take() {
            let same_day = marker.div_euclid(DAY) * DAY + of_day;
            let after_marker = if same_day < marker - SLACK { same_day + DAY } else { same_day };
            // If several profiles share a file, a marker may be much older than the next frame.
            let waited = self.known == Known::Text && time >= marker - SLACK;
            self.known = Known::Text;
            return if waited { time } else { after_marker };
        }
        let Some(day) = hint else { return time };
        let by_file = day * DAY + of_day;
        if self.known == Known::Nothing || by_file > time {
            self.known = self.known.max(Known::FileTime);
            return by_file;
        }
        time
    }
}

/// The time of a timestamp without a date that follows the time `last`.
#[inline]
fn count(last: i64, of_day: i64) -> i64 {
    let time = last.div_euclid(DAY) * DAY + of_day;
    if time < last - STEP {
        time + DAY
    } else if time > last + DAY - STEP && last >= DAY {
        time - DAY
    } else {
        time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(text: &str) -> Timestamp {
        Timestamp::parse(text.as_bytes()).unwrap()
    }

    fn day(date: &str) -> i64 {
        stamp(&format!("{date} 00:00:00.000000")).days().unwrap()
    }

    #[test]
    fn days_are_counted_across_midnight_and_late_messages_stay_on_their_day() {
        let mut clock = DayClock::default();
        let mut at = |text: &str| clock.read(stamp(text)).0 / 1_000_000;
        assert_eq!(at("23:59:59.000000"), 86_399);
        assert_eq!(at("00:00:01.000000"), 86_401, "midnight");
        assert_eq!(at("23:59:58.000000"), 86_398, "began before midnight, ended after it");
        assert_eq!(at("00:00:02.000000"), 86_402);
        assert_eq!(at("00:00:01.990000"), 86_401, "a small step back is not a day");
    }

    #[test]
    fn a_timestamp_with_a_date_needs_no_inference() {
        let mut clock = DayClock::default();
        let time = clock.read(stamp("1970-01-02 00:00:01.000000"));
        assert_eq!(time, (86_401_000_000, Dates::Stamped));
    }

    /// An input of the clock.
    enum Input {
        Stamp(&'static str, Option<&'static str>),
        Marker(&'static str),
        File(&'static str, bool),
    }

    /// Each timestamp, and the date that it gets.
    fn check(what: &str, all: &[Input]) {
        let (mut clock, mut markers) = (DayClock::default(), 0);
        for one in all {
            match one {
                Input::Marker(text) => {
                    markers += 1;
                    let time = Timestamp::parse_ctime(text.as_bytes());
                    clock.marker(&Marker { number: markers, time });
                }
                Input::File(date, after_gap) => clock.file_begins(Some(day(date)), *after_gap),
                Input::Stamp(text, date) => {
                    let (time, dates) = clock.read(stamp(text));
                    let got = (dates != Dates::Unknown).then(|| time.div_euclid(DAY));
                    assert_eq!(got, date.map(day), "{what}: {text}");
                }
            }
        }
    }

    #[test]
    fn dates_come_from_markers_files_and_midnights() {
        use Input::{File, Marker, Stamp};
        check("nothing", &[Stamp("06:00:00.000000", None), Stamp("01:00:00.000000", None)]);
        check(
            "a marker, across midnight and New Year",
            &[
                Marker("Thu Dec 31 23:59:58 2026"),
                Stamp("23:59:59.000000", Some("2026-12-31")),
                Stamp("00:00:01.000000", Some("2027-01-01")),
                Stamp("23:59:59.900000", Some("2026-12-31")),
                Stamp("00:00:01.000000", Some("2027-01-01")),
            ],
        );
        check(
            "the first frame comes after midnight",
            &[Marker("Mon Feb 28 23:59:58 2028"), Stamp("00:00:03.000000", Some("2028-02-29"))],
        );
        check(
            "a marker that waited two days for its profile's first frame",
            &[
                Marker("Mon Nov 23 04:09:00 2026"),
                Stamp("04:10:00.000000", Some("2026-11-23")),
                Stamp("20:00:00.000000", Some("2026-11-23")),
                Stamp("04:00:00.000000", Some("2026-11-24")),
                Marker("Mon Nov 23 04:09:00 2026"),
                Stamp("04:20:00.000000", Some("2026-11-24")),
            ],
        );
        check(
            "a restart days later",
            &[
                Marker("Mon Nov 23 04:09:00 2026"),
                Stamp("04:10:00.000000", Some("2026-11-23")),
                Marker("Thu Nov 26 04:09:00 2026"),
                Stamp("04:20:00.000000", Some("2026-11-26")),
            ],
        );
        check(
            "the file's time, until a marker is more precise",
            &[
                File("2026-11-23", false),
                Stamp("23:50:00.000000", Some("2026-11-23")),
                Stamp("00:10:00.000000", Some("2026-11-24")),
                File("2026-11-30", false),
                Stamp("00:20:00.000000", Some("2026-11-24")),
                File("2026-11-30", true),
                Stamp("00:30:00.000000", Some("2026-11-30")),
                Marker("Tue Dec  1 00:00:00 2026"),
                Stamp("00:40:00.000000", Some("2026-12-01")),
            ],
        );
        check(
            "timestamps with a date date those without",
            &[
                Stamp("2026-11-23 23:59:59.000000", Some("2026-11-23")),
                Stamp("00:00:01.000000", Some("2026-11-24")),
            ],
        );
    }
}
