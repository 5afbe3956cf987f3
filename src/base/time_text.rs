//! A time of day as dumps and screens write it.
//!
//! Must not know: where it is shown, which day it belongs to.

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// The time of day of `micros`, microseconds since any midnight: `06:00:00.019608`.
pub fn time_of_day(micros: i64) -> String {
    let micros = micros.rem_euclid(DAY);
    let (seconds, rest) = (micros / SECOND, micros % SECOND);
    let mut text = String::with_capacity("06:00:00.019608".len());
    let parts =
        [(seconds / 3600, 2, ":"), (seconds / 60 % 60, 2, ":"), (seconds % 60, 2, "."), (rest, 6, "")];
    for (number, width, separator) in parts {
        push_padded(&mut text, number.unsigned_abs(), width);
        text.push_str(separator);
    }
    text
}

/// Appends the last `width` digits of a number, zeros first. Printing does this for every line.
pub(crate) fn push_padded(text: &mut String, number: u64, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10_u64.pow(place) % 10;
        text.push(char::from(b'0' + digit as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_does_not_change_the_time_of_day() {
        for micros in [0, DAY, -DAY] {
            assert_eq!(time_of_day(micros + 21_600_019_608), "06:00:00.019608");
        }
        assert_eq!(time_of_day(-1), "23:59:59.999999");
    }
}
