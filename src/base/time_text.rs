//! A time of day as dumps and screens write it.
//!
//! Must not know: where it is shown, which day it belongs to.

#[cfg(feature = "cli")]
const SECOND: i64 = 1_000_000;
#[cfg(feature = "cli")]
const DAY: i64 = 86_400 * SECOND;

/// The time of day of `micros`, microseconds since any midnight: `06:00:00.019608`.
#[cfg(feature = "cli")]
pub fn time_of_day(micros: i64) -> String {
    let micros = micros.rem_euclid(DAY);
    let (seconds, rest) = (micros / SECOND, micros % SECOND);
    let mut text = String::with_capacity("06:00:00.019608".len());
    for (number, separator) in [(seconds / 3600, ':'), (seconds / 60 % 60, ':'), (seconds % 60, '.')] {
        push_padded::<2>(&mut text, number as u32);
        text.push(separator);
    }
    push_padded::<6>(&mut text, rest as u32);
    text
}

/// Appends the last `WIDTH` digits of a number, zeros first. Printing does this for every line.
pub(crate) fn push_padded<const WIDTH: usize>(text: &mut String, number: u32) {
    let mut digits = [b'0'; WIDTH];
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    // Digits are always text.
    text.push_str(std::str::from_utf8(&digits).unwrap_or_default());
}

#[cfg(all(test, feature = "cli"))]
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
