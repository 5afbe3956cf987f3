//! Numbers as people read them: grouped thousands, sizes, times of day, durations.
//!
//! Must not know: what is counted, where it is shown.

use crate::base::Timestamp;
use crate::base::number::grouped;

/// Microseconds of a second, a day.
const SECOND: u64 = 1_000_000;
const DAY: u64 = 86_400 * SECOND;

/// `1 message`, `406,828 messages`.
pub(in crate::view) fn counted(number: u64, one: &str) -> String {
    format!("{} {one}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// The time of day of `micros`, with `decimals` digits of the second.
pub(in crate::view) fn time_of_day(micros: i64, decimals: usize) -> String {
    let of_day = micros.rem_euclid(DAY as i64).unsigned_abs();
    let secs = of_day / SECOND;
    let (hour, min, sec) = (secs / 3600, secs / 60 % 60, secs % 60);
    format!("{hour:02}:{min:02}:{sec:02}{}", fraction(of_day % SECOND, decimals))
}

/// The day of `micros`, in days since 1970.
pub(in crate::view) fn day(micros: i64) -> i64 {
    micros.div_euclid(DAY as i64)
}

/// The date of `micros`: `2026-11-23`.
pub(in crate::view) fn date(micros: i64) -> String {
    let midnight = Timestamp::TimeOnly { hour: 0, min: 0, sec: 0, usec: 0 };
    let mut date = midnight.on_day(day(micros)).map(|stamp| stamp.to_string()).unwrap_or_default();
    date.truncate("2026-11-23".len());
    date
}

/// A duration with its sign: `+0.003095`, `-0.004`, `+1:02.500`, `+1:00:00.000`.
pub(in crate::view) fn duration(micros: i64, decimals: usize) -> String {
    let sign = if micros < 0 { '-' } else { '+' };
    let micros = micros.unsigned_abs();
    let (secs, fraction) = (micros / SECOND, fraction(micros % SECOND, decimals));
    let (hour, min, sec) = (secs / 3600, secs / 60 % 60, secs % 60);
    match (hour, min) {
        (0, 0) => format!("{sign}{sec}{fraction}"),
        (0, _) => format!("{sign}{min}:{sec:02}{fraction}"),
        _ => format!("{sign}{hour}:{min:02}:{sec:02}{fraction}"),
    }
}

/// `.003095`, cut (never rounded up, so that a time is never in the future) to `decimals` digits.
fn fraction(micros: u64, decimals: usize) -> String {
    if decimals == 0 {
        return String::new();
    }
    let mut out = format!(".{micros:06}");
    out.truncate(1 + decimals.min(6));
    out
}

/// `312 B`, `1.5 MB`: one decimal from a thousand on.
pub(in crate::view) fn bytes(number: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if number < 1000 {
        return format!("{number} B");
    }
    let (mut tenths, mut unit) = (number / 100, 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        assert_eq!(
            (counted(1, "message"), counted(1000, "message")),
            ("1 message".into(), "1,000 messages".into())
        );
    }

    #[test]
    fn times_have_the_requested_number_of_digits() {
        let micros = 21_600_019_608;
        assert_eq!(time_of_day(micros, 6), "06:00:00.019608");
        assert_eq!(time_of_day(micros + 5 * DAY as i64, 3), "06:00:00.019");
        assert_eq!(time_of_day(-1, 3), "23:59:59.999");
        for (micros, decimals, text) in [
            (3095, 6, "+0.003095"),
            (3095, 3, "+0.003"),
            (-4000, 3, "-0.004"),
            (62_500_000, 3, "+1:02.500"),
            (3_600_000_000, 0, "+1:00:00"),
            (i64::MIN, 0, "-2562047788:00:54"),
        ] {
            assert_eq!(duration(micros, decimals), text);
        }
    }

    #[test]
    fn sizes_are_short() {
        for (number, text) in
            [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_515_629, "1.5 MB"), (999_999, "999.9 kB")]
        {
            assert_eq!(bytes(number), text);
        }
    }
}
