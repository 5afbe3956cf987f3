//! The time column: when an arrow was sent, or how long after another one.
//!
//! Must not know: its position on a line.

use crate::base::{push_padded, time_of_day};

use super::{Arrow, Ladder};

/// Microseconds of a second and of a day.
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// What the time column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Times {
    /// The time of day for the first arrow and after gaps; for the others the time since the previous arrow.
    #[default]
    Mixed,
    /// The time of day of every arrow.
    OfDay,
    /// The time since the first arrow.
    SinceFirst,
    /// The time since the previous arrow.
    SincePrevious,
}

impl Ladder {
    /// The text of the time column for an arrow: at most 15 cells.
    pub fn time_text(&self, arrow: &Arrow, times: Times) -> String {
        let first = self.arrows.first();
        let is_first = first.is_some_and(|first| first.row == arrow.row);
        match times {
            Times::Mixed if is_first || arrow.gap => time_of_day(arrow.time),
            Times::OfDay => time_of_day(arrow.time),
            Times::SinceFirst => step(arrow.time - first.map_or(arrow.time, |first| first.time)),
            Times::SincePrevious if is_first => String::new(),
            Times::Mixed | Times::SincePrevious => step(arrow.since_previous),
        }
    }
}

/// `+0.003095`: seconds with microseconds; from one day on `+2d 03:04:05`.
pub(super) fn step(micros: i64) -> String {
    let sign = if micros < 0 { '-' } else { '+' };
    let micros = micros.unsigned_abs();
    let (second, day) = (SECOND.unsigned_abs(), DAY.unsigned_abs());
    let seconds = micros / second;
    if micros >= day {
        let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
        return format!("{sign}{}d {hours:02}:{minutes:02}:{:02}", micros / day, seconds % 60);
    }
    let mut text = String::with_capacity("+0.000000".len());
    text.push(sign);
    match u8::try_from(seconds) {
        Ok(digit @ 0..10) => text.push(char::from(b'0' + digit)),
        _ => text.push_str(&seconds.to_string()),
    }
    text.push('.');
    push_padded::<6>(&mut text, (micros % second) as u32);
    text
}

/// A pause as text: `7.5 s`, `1 min 05 s`, `2 h 03 min`, `4 d 01 h`.
pub(super) fn pause(micros: i64) -> String {
    let tenths = micros.max(0) / (SECOND / 10);
    let seconds = tenths / 10;
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match seconds {
        0..60 => format!("{seconds}.{} s", tenths % 10),
        60..3600 => format!("{minutes} min {:02} s", seconds % 60),
        3600..86_400 => format!("{hours} h {:02} min", minutes % 60),
        _ => format!("{} d {:02} h", hours / 24, hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_for_people() {
        assert_eq!(time_of_day(DAY + 21_600 * SECOND + 19_608), "06:00:00.019608");
        assert_eq!(time_of_day(-1), "23:59:59.999999");
        for (micros, text) in [
            (0, "+0.000000"),
            (3_095, "+0.003095"),
            (61_000_001, "+61.000001"),
            (-2_500, "-0.002500"),
            (2 * DAY + 11_045 * SECOND, "+2d 03:04:05"),
            (i64::MIN, "-106751991d 04:00:54"),
        ] {
            assert_eq!(step(micros), text);
        }
    }

    #[test]
    fn pauses_are_written_in_words() {
        for (micros, text) in [
            (999_999, "0.9 s"),
            (7_540_000, "7.5 s"),
            (65 * SECOND, "1 min 05 s"),
            (7_380 * SECOND, "2 h 03 min"),
            (4 * DAY + 3_600 * SECOND, "4 d 01 h"),
        ] {
            assert_eq!(pause(micros), text);
        }
    }
}
