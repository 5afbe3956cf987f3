//! Time ranges in the cells that there are: dates if they are known, marked if they are inferred.
//!
//! Must not know: whose time ranges they are.

use crate::store::Dates;
use crate::store::catalog::{Entry, EntryRange};

use super::cell_writer::width;
use super::format::{self, time_of_day};

/// The sign before an inferred date.
pub(in crate::view) const INFERRED: &str = "≈";

/// Shown while it is not known.
pub(in crate::view) const UNREAD: &str = "…";

/// How precise a time range is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::view) enum Precision {
    /// Year to second, of both ends.
    Seconds,
    /// Month to minute, of both ends.
    Minutes,
    /// Month to minute of the last end.
    Newest,
}

impl Precision {
    /// The best one for which `room` is enough.
    pub(in crate::view) fn fit(room: usize, entries: &[Entry]) -> Self {
        let needed = |precision| entries.iter().map(|e| width(&span(&e.range, precision))).max().unwrap_or(0);
        let all = [Self::Seconds, Self::Minutes];
        all.into_iter().find(|precision| needed(*precision) <= room).unwrap_or(Self::Newest)
    }
}

/// A time range, after a cell for the sign of inferred dates.
pub(in crate::view) fn span(span: &EntryRange, precision: Precision) -> String {
    let EntryRange::Times { first, last, dates } = *span else { return format!(" {}", missing(span)) };
    let (sign, days) = (sign(dates), format::day(last) - format::day(first));
    let time = |micros| clock(micros, precision);
    let date = |micros| date(micros, precision);
    match dates {
        _ if precision == Precision::Newest => newest(span, precision),
        Dates::Unknown if days > 0 => format!("{sign}{} – {} +{days}d", time(first), time(last)),
        Dates::Unknown => format!("{sign}{} – {}", time(first), time(last)),
        _ if days == 0 => format!("{sign}{} {} – {}", date(first), time(first), time(last)),
        _ => format!("{sign}{} {} – {} {}", date(first), time(first), date(last), time(last)),
    }
}

/// The last time of a range, after a cell for the sign; empty if there is none.
pub(in crate::view) fn newest(span: &EntryRange, precision: Precision) -> String {
    match *span {
        EntryRange::Times { last, dates: Dates::Unknown, .. } => format!(" {}", clock(last, precision)),
        EntryRange::Times { last, dates, .. } => {
            format!("{}{} {}", sign(dates), date(last, precision), clock(last, precision))
        }
        EntryRange::Unread | EntryRange::Nothing => String::new(),
    }
}

/// What precedes dates: whether they are inferred.
const fn sign(dates: Dates) -> &'static str {
    if dates.is_inferred() { INFERRED } else { " " }
}

const fn missing(span: &EntryRange) -> &'static str {
    match span {
        EntryRange::Unread => UNREAD,
        _ => "no message",
    }
}

fn clock(micros: i64, precision: Precision) -> String {
    let mut text = time_of_day(micros, 0);
    if precision != Precision::Seconds {
        text.truncate("00:00".len());
    }
    text
}

/// `2026-11-23`, or `11-23`.
fn date(micros: i64, precision: Precision) -> String {
    let text = format::date(micros);
    match precision {
        Precision::Seconds => text,
        _ => text.get("2026-".len()..).unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    #[test]
    fn a_range_has_the_requested_precision_and_marks_inferred_dates() {
        let day = 20_780 * DAY;
        let (six, seven) = (21_600_019_608, 25_200_000_000);
        let times = |first, last, dates| EntryRange::Times { first, last, dates };
        for (span, seconds, minutes, newest) in [
            (
                times(day + six, day + seven, Dates::Stamped),
                " 2026-11-23 06:00:00 – 07:00:00",
                " 11-23 06:00 – 07:00",
                " 11-23 07:00",
            ),
            (
                times(day - 1, day + seven, Dates::Inferred),
                "≈2026-11-22 23:59:59 – 2026-11-23 07:00:00",
                "≈11-22 23:59 – 11-23 07:00",
                "≈11-23 07:00",
            ),
            (times(six, seven, Dates::Unknown), " 06:00:00 – 07:00:00", " 06:00 – 07:00", " 07:00"),
            (
                times(seven, six + DAY, Dates::Unknown),
                " 07:00:00 – 06:00:00 +1d",
                " 07:00 – 06:00 +1d",
                " 06:00",
            ),
            (EntryRange::Unread, " …", " …", " …"),
            (EntryRange::Nothing, " no message", " no message", " no message"),
        ] {
            let said = |precision| super::span(&span, precision);
            assert_eq!(said(Precision::Seconds), seconds);
            assert_eq!(said(Precision::Minutes), minutes);
            assert_eq!(said(Precision::Newest), newest);
        }
    }
}
