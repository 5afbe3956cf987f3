//! Spans of time in as many cells as there are: dates where they are known, and how sure they are.
//!
//! Must not know: whose spans they are, where they stand.

use crate::base::Timestamp;
use crate::store::Dates;
use crate::store::catalog::Span;

use super::figures::time_of_day;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// Stands before what was worked out, not read.
pub(super) const ABOUT: &str = "~";
/// Stands in the place of what is not known yet.
pub(super) const UNREAD: &str = "…";

/// How much is said of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precision {
    /// Year to second, of both ends.
    Seconds,
    /// Month to minute, of both ends.
    Minutes,
    /// Month to minute of the last end.
    Newest,
}

/// A span; what stands in its place where there is none.
pub(super) fn span(span: &Span, precision: Precision) -> String {
    let Span::Times { first, last, dates } = *span else { return missing(span).to_owned() };
    let about = about(dates);
    let time = |micros| clock(micros, precision);
    let date = |micros| date(micros, precision);
    let days = last.div_euclid(DAY) - first.div_euclid(DAY);
    match dates {
        _ if precision == Precision::Newest => newest(span, precision),
        Dates::Unknown if days > 0 => format!("{} – {} +{days}d", time(first), time(last)),
        Dates::Unknown => format!("{} – {}", time(first), time(last)),
        _ if days == 0 => format!("{about}{} {} – {}", date(first), time(first), time(last)),
        _ => format!("{about}{} {} – {} {}", date(first), time(first), date(last), time(last)),
    }
}

/// The last time of a span; nothing where there is none.
pub(super) fn newest(span: &Span, precision: Precision) -> String {
    match *span {
        Span::Times { last, dates: Dates::Unknown, .. } => clock(last, precision),
        Span::Times { last, dates, .. } => {
            let about = about(dates);
            format!("{about}{} {}", date(last, precision), clock(last, precision))
        }
        Span::Unread | Span::Nothing => String::new(),
    }
}

/// What stands before dates that do not stand in the stamps.
const fn about(dates: Dates) -> &'static str {
    if dates.is_inferred() { ABOUT } else { "" }
}

const fn missing(span: &Span) -> &'static str {
    match span {
        Span::Unread => UNREAD,
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
    let midnight = Timestamp::TimeOnly { hour: 0, min: 0, sec: 0, usec: 0 };
    let stamp = midnight.on_day(micros.div_euclid(DAY)).map(|stamp| stamp.to_string());
    let text = stamp.as_deref().and_then(|text| text.split(' ').next()).unwrap_or("?");
    match precision {
        Precision::Seconds => text.to_owned(),
        _ => text.split_once('-').map_or(text, |(_, day)| day).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_as_long_as_its_room_and_never_surer_than_its_dates() {
        let day = 20_780 * DAY;
        let (six, seven) = (21_600_019_608, 25_200_000_000);
        let times = |first, last, dates| Span::Times { first, last, dates };
        for (span, seconds, minutes, newest) in [
            (
                times(day + six, day + seven, Dates::Stamped),
                "2026-11-23 06:00:00 – 07:00:00",
                "11-23 06:00 – 07:00",
                "11-23 07:00",
            ),
            (
                times(day - 1, day + seven, Dates::Inferred),
                "~2026-11-22 23:59:59 – 2026-11-23 07:00:00",
                "~11-22 23:59 – 11-23 07:00",
                "~11-23 07:00",
            ),
            (times(six, seven, Dates::Unknown), "06:00:00 – 07:00:00", "06:00 – 07:00", "07:00"),
            (
                times(seven, six + DAY, Dates::Unknown),
                "07:00:00 – 06:00:00 +1d",
                "07:00 – 06:00 +1d",
                "06:00",
            ),
            (Span::Unread, "…", "…", "…"),
            (Span::Nothing, "no message", "no message", "no message"),
        ] {
            let said = |precision| super::span(&span, precision);
            assert_eq!(said(Precision::Seconds), seconds);
            assert_eq!(said(Precision::Minutes), minutes);
            assert_eq!(said(Precision::Newest), newest);
        }
    }
}
