//! The timestamp of a frame: `HH:MM:SS.uuuuuu`; patched builds put a date before it.
//!
//! Must not know: time zones, the clock of this machine, how days are counted across midnight.

use std::fmt;

use super::time_text::push_padded;

/// The names of the months, three letters each.
const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// When FreeSWITCH wrote a frame, in its local time.
///
/// Fields are in range for every value that [`Timestamp::parse`] returns. Prints as in the dump.
///
/// ```
/// use sofiatui::Timestamp;
/// let t = Timestamp::parse(b"2026-02-01 06:00:00.019608").unwrap();
/// assert_eq!(t.to_string(), "2026-02-01 06:00:00.019608");
/// assert_eq!(t.micros_of_day(), 21_600_019_608);
/// assert!(Timestamp::parse(b"25:00:00.000000").is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Timestamp {
    /// Stock FreeSWITCH: no date.
    TimeOnly {
        /// Hour, 0 to 23.
        hour: u8,
        /// Minute, 0 to 59.
        min: u8,
        /// Second, 0 to 60 (a leap second).
        sec: u8,
        /// Microsecond, 0 to `999_999`.
        usec: u32,
    },
    /// Patched builds: date and time.
    DateTime {
        /// Year, four digits.
        year: u16,
        /// Month, 1 to 12.
        month: u8,
        /// Day, 1 to the length of that month.
        day: u8,
        /// Hour, 0 to 23.
        hour: u8,
        /// Minute, 0 to 59.
        min: u8,
        /// Second, 0 to 60.
        sec: u8,
        /// Microsecond, 0 to `999_999`.
        usec: u32,
    },
}

impl Timestamp {
    /// Parses a complete timestamp; `None` if anything is missing, out of range or left over.
    pub fn parse(text: &[u8]) -> Option<Self> {
        match text.len() {
            15 => {
                let (hour, min, sec, usec) = time_of_day(text)?;
                Some(Self::TimeOnly { hour, min, sec, usec })
            }
            26 if text[4] == b'-' && text[7] == b'-' && text[10] == b' ' => {
                let (hour, min, sec, usec) = time_of_day(&text[11..])?;
                let year = digits(&text[..4])? as u16;
                let month = digits(&text[5..7])? as u8;
                let day = digits(&text[8..10])? as u8;
                if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
                    return None;
                }
                Some(Self::DateTime { year, month, day, hour, min, sec, usec })
            }
            _ => None,
        }
    }

    /// The time of day that is `micros` microseconds after midnight, modulo 24 hours.
    pub fn of_day_micros(micros: u64) -> Self {
        let secs = micros / 1_000_000;
        Self::TimeOnly {
            hour: (secs / 3600 % 24) as u8,
            min: (secs / 60 % 60) as u8,
            sec: (secs % 60) as u8,
            usec: (micros % 1_000_000) as u32,
        }
    }

    /// Parses the output of C's `ctime` without its line end: `Mon Nov 23 04:09:00 2026`, the day of the month padded
    /// with a space. The name of the weekday is not checked.
    pub fn parse_ctime(text: &[u8]) -> Option<Self> {
        if text.len() != 24 {
            return None;
        }
        let month = MONTHS.as_bytes().chunks(3).position(|name| name == &text[4..7])? as u8 + 1;
        let day = digits(text[8..10].trim_ascii_start())? as u8;
        let year = digits(&text[20..24])? as u16;
        let clock: [&[u8]; 2] = [&text[11..19], b".000000"];
        let (hour, min, sec, usec) = time_of_day(&clock.concat())?;
        let is_date = day > 0 && day <= days_in_month(year, month);
        is_date.then_some(Self::DateTime { year, month, day, hour, min, sec, usec })
    }

    /// The text that `ctime` writes, to the second: `Mon Nov 23 04:09:00 2026`. `None` without a date.
    pub fn ctime(self) -> Option<String> {
        const WEEKDAYS: &str = "ThuFriSatSunMonTueWed";
        let Self::DateTime { year, month, day, hour, min, sec, .. } = self else { return None };
        let name = |names: &'static str, at: usize| names.get(at * 3..at * 3 + 3);
        // 1970 began on a Thursday.
        let weekday = name(WEEKDAYS, self.days()?.rem_euclid(7) as usize)?;
        let month = name(MONTHS, usize::from(month.checked_sub(1)?))?;
        Some(format!("{weekday} {month} {day:2} {hour:02}:{min:02}:{sec:02} {year:04}"))
    }

    /// The same time of day, `days` days after 1970-01-01; `None` for years after 9999.
    pub fn on_day(self, days: i64) -> Option<Self> {
        let (hour, min, sec, usec) = self.clock();
        let (year, month, day) = civil_from_days(days);
        let year = u16::try_from(year).ok().filter(|year| *year <= 9999)?;
        Some(Self::DateTime { year, month, day, hour, min, sec, usec })
    }

    /// Hour, minute, second, microsecond.
    const fn clock(self) -> (u8, u8, u8, u32) {
        match self {
            Self::TimeOnly { hour, min, sec, usec } | Self::DateTime { hour, min, sec, usec, .. } => {
                (hour, min, sec, usec)
            }
        }
    }

    /// Microseconds since that day's midnight.
    pub const fn micros_of_day(self) -> u64 {
        let (hour, min, sec, usec) = self.clock();
        ((hour as u64 * 60 + min as u64) * 60 + sec as u64) * 1_000_000 + usec as u64
    }

    /// Days from 1970-01-01 to the date; `None` without a date (proleptic Gregorian calendar).
    pub const fn days(self) -> Option<i64> {
        match self {
            Self::TimeOnly { .. } => None,
            Self::DateTime { year, month, day, .. } => {
                Some(days_from_civil(year as i64, month as i64, day as i64))
            }
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity("2026-02-01 06:00:00.019608".len());
        if let Self::DateTime { year, month, day, .. } = *self {
            push_padded::<4>(&mut text, u32::from(year));
            for part in [month, day] {
                text.push('-');
                push_padded::<2>(&mut text, u32::from(part));
            }
            text.push(' ');
        }
        let (hour, min, sec, usec) = self.clock();
        for (part, separator) in [(hour, ':'), (min, ':'), (sec, '.')] {
            push_padded::<2>(&mut text, u32::from(part));
            text.push(separator);
        }
        push_padded::<6>(&mut text, usec);
        f.write_str(&text)
    }
}

fn time_of_day(t: &[u8]) -> Option<(u8, u8, u8, u32)> {
    if t[2] != b':' || t[5] != b':' || t[8] != b'.' {
        return None;
    }
    let (hour, min, sec) = (digits(&t[..2])?, digits(&t[3..5])?, digits(&t[6..8])?);
    let usec = digits(&t[9..15])?;
    (hour < 24 && min < 60 && sec <= 60).then_some((hour as u8, min as u8, sec as u8, usec))
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01, after Howard Hinnant's `days_from_civil`.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y - era * 400;
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day that are `days` days after 1970-01-01, after Howard Hinnant's `civil_from_days`.
const fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month as u8, day as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_out_of_range_or_left_over_is_not_a_timestamp() {
        for bad in [
            "24:00:00.000000",
            "23:60:00.000000",
            "23:59:61.000000",
            "06:00:00.00000",
            "06:00:00.0000000",
            "06:00:00,000000",
            "2026-99-01 06:00:00.000000",
            "2026-02-29 06:00:00.000000",
            "2026-02-00 06:00:00.000000",
            "2026-02-01T06:00:00.000000",
            "0x:00:00.000000",
            "",
        ] {
            assert_eq!(Timestamp::parse(bad.as_bytes()), None, "{bad}");
        }
        assert!(Timestamp::parse(b"2024-02-29 00:00:00.000000").is_some());
    }

    #[test]
    fn ctime_text_is_parsed() {
        for (text, want) in [
            ("Mon Nov 23 04:09:00 2026", Some("2026-11-23 04:09:00.000000")),
            ("Sun Feb  1 23:59:60 2026", Some("2026-02-01 23:59:60.000000")),
            ("Mon Nov 31 04:09:00 2026", None),
            ("Mon Nok 23 04:09:00 2026", None),
            ("Mon Nov 23 04:09:00 202", None),
        ] {
            let got = Timestamp::parse_ctime(text.as_bytes()).map(|stamp| stamp.to_string());
            assert_eq!(got.as_deref(), want, "{text}");
        }
    }

    #[test]
    fn ctime_text_survives_parsing_and_writing() {
        for text in [
            "Mon Nov 23 04:09:00 2026",
            "Thu Jan  1 00:00:00 1970",
            "Tue Feb 29 23:59:60 2028",
            "Thu Dec 31 23:59:58 2026",
        ] {
            assert_eq!(Timestamp::parse_ctime(text.as_bytes()).unwrap().ctime().as_deref(), Some(text));
        }
        assert_eq!(Timestamp::parse(b"04:09:00.000000").unwrap().ctime(), None);
    }

    #[test]
    fn a_time_of_day_gets_the_date_of_its_day() {
        for day in [-1, 0, 58, 59, 60, 789, 790, 11_016, 20_780, 20_818, 20_819, 2_932_896] {
            let stamp = Timestamp::parse(b"06:00:00.019608").unwrap().on_day(day).unwrap();
            assert_eq!(Timestamp::parse(stamp.to_string().as_bytes()).unwrap().days(), Some(day), "{stamp}");
        }
        assert_eq!(Timestamp::parse(b"06:00:00.019608").unwrap().on_day(2_932_897), None);
    }

    #[test]
    fn days_count_from_1970() {
        for (text, days) in [("1970-01-01", 0), ("1972-02-29", 789), ("2026-11-23", 20_780)] {
            let stamp = Timestamp::parse(format!("{text} 00:00:00.000000").as_bytes()).unwrap();
            assert_eq!(stamp.days(), Some(days), "{text}");
        }
    }
}
